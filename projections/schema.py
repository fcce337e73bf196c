"""The layout of the read models: their named statements, and the version that follows from them."""

from functools import cache
from hashlib import sha256
from importlib.resources import files

from streams.domain.state import EVOLVE_VERSION

ROWS_VERSION = 1  # raise it when a read model computes other values for the same columns


@cache
def sql(name: str) -> str:
    """A statement by the name of its file."""
    return (files("projections") / "sql" / f"{name}.sql").read_text("utf-8")


@cache
def create_statements() -> tuple[str, ...]:
    """What makes an empty file: all files `create_*.sql`, tables before the views on them."""
    folder = files("projections") / "sql"
    names = sorted(file.name for file in folder.iterdir() if file.name.startswith("create_"))
    texts = [sql(name.removesuffix(".sql")) for name in names]
    return tuple(sorted(texts, key=lambda text: "create view" in text))


@cache
def version() -> str:
    """Another layout, other rows or another fold have another version."""
    parts = [str(EVOLVE_VERSION), str(ROWS_VERSION), *create_statements()]
    return sha256("\n".join(parts).encode()).hexdigest()[:16]
