"""The rules that a process checks by: those of the package and those of the company."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from agents.compliance_rules.identifiers import DETECTORS
from agents.compliance_rules.packs import Rule, builtin_rules, rules_of, schema
from streams.domain.values import Json

LARGEST_PACK = 1_000_000  # bytes
MOST_PACKS = 50
MOST_PROBLEMS = 10  # of one pack: who mends these reads the rest then
NAMED_DETECTORS = (*DETECTORS, "confidential")


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """Rules in their order. `problems` says which packs could not be used, and why: until they are
    mended, nothing passes the check without a person."""

    rules: tuple[Rule, ...]
    version: str = "builtin"
    problems: tuple[str, ...] = ()


@cache
def builtin() -> Rulebook:
    """The rules that come with the package."""
    return Rulebook(tuple(builtin_rules()))


def read_rulebook(folder: Path) -> Rulebook:
    """The built-in rules and the packs of a folder, in the order of their names.

    A rule of the company replaces the built-in rule of its name. A pack with an error adds nothing
    and is told among the problems, with a JSON pointer to each place.
    """
    paths = sorted(folder.glob("*.json"))[:MOST_PACKS] if folder.is_dir() else []
    if not paths:
        return builtin()
    rules = {rule.rule: rule for rule in builtin().rules}
    problems: list[str] = []
    digest = sha256()
    for path in paths:
        body = _body(path)
        digest.update(body)
        found, wrong = _read(path.name, body)
        rules |= {rule.rule: rule for rule in found}
        problems += wrong
    return Rulebook(tuple(rules.values()), digest.hexdigest()[:16], tuple(problems))


def company_rulebook(folder: Path) -> Rulebook | None:
    """The rules with the packs of a company; None where it has none, so that nothing is read before
    it is needed."""
    return read_rulebook(folder) if folder.is_dir() else None


def _body(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_PACK + 1)
    except OSError as error:
        return f"!{error.strerror}".encode()


def _read(name: str, body: bytes) -> tuple[Sequence[Rule], list[str]]:
    if len(body) > LARGEST_PACK:
        return (), [f"{name}: is larger than {LARGEST_PACK} bytes"]
    try:
        pack = json.loads(body)
    except ValueError as error:
        return (), [f"{name}: is no JSON: {error}"]
    problems = [f"{name}{problem}" for problem in _problems(pack)]
    if problems:
        return (), problems
    return list(rules_of(pack)), []


def _problems(pack: Json) -> list[str]:
    """What is wrong with a pack, each with its JSON pointer."""
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # published so

    errors = sorted(Draft202012Validator(schema()).iter_errors(pack), key=lambda e: list(e.path))
    found = [
        f"#/{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in errors[:MOST_PROBLEMS]
    ]
    return found or [*_wrong_patterns(pack)][:MOST_PROBLEMS]


def _wrong_patterns(pack: Json) -> Iterator[str]:
    for i, row in enumerate(pack["rules"]):
        named = [(f"patterns/{n}", text) for n, text in enumerate(row.get("patterns", ()))]
        named += [(n, row[n]) for n in ("unless_in_sentence", "unless_in_text") if n in row]
        for place, text in named:
            try:
                re.compile(text)
            except re.error as error:
                yield f"#/rules/{i}/{place}: is no regular expression: {error}"
        if row.get("detector", NAMED_DETECTORS[0]) not in NAMED_DETECTORS:
            known = ", ".join(NAMED_DETECTORS)
            yield f"#/rules/{i}/detector: is not one of: {known}"
