"""What the tests of the read models share."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.store import Store
from streams.memory import MemoryLog
from tests.projections.histories import memory_histories


@pytest.fixture(scope="session")
def lived() -> MemoryLog:
    """A log with histories of every kind; clone it before writing."""
    return asyncio.run(memory_histories())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path)
    yield opened
    opened.close()
