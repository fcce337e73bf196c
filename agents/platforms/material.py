"""What a deliverable passes on of earlier steps: facts, findings, research, chart, remarks."""

from collections.abc import Iterator, Mapping
from typing import Any

from agents.platforms.draft import Draft
from streams.domain.values import Json

MOST_FACTS = 60
_FACT_FIELDS = ("fact_id", "label", "text", "unit", "period", "source")
_RESEARCH_FIELDS = ("insights", "narrative", "sources", "is_offline")


def details(draft: Draft, materials: Json) -> Json:
    """What pages and reviewers need beside the text. What the draft says itself goes first."""
    found: Json = {}
    for output in _objects(materials):
        for name, value in _parts(output):
            found.setdefault(name, value)
    return {**found, **draft.details}


def narrative(materials: Json) -> str:
    """The story that the analysis told."""
    stories = (
        _texts(output.get("narrative")) for output in _objects(materials) if _is_report(output)
    )
    return next((story[0] for story in stories if story), "")


def notes(materials: Json) -> list[str]:
    """The remarks of analysis, research and checks; formatters' are with their variants."""
    return [
        note
        for output in _objects(materials)
        if "channel" not in output and "kind" not in output
        for note in _texts(output.get("notes"))
    ]


def _parts(output: Json) -> Iterator[tuple[str, Any]]:
    if _is_report(output):
        yield "facts", _facts(output["facts"])
        yield from _given(output, ("comparisons", "period", "chart"))
        yield from _given({"analysis": output.get("details")}, ("analysis",))
    elif "findings" in output:
        yield from _given(output, ("risk_level", "findings"))
    elif "sources" in output:
        yield "research", dict(_given(output, _RESEARCH_FIELDS))


def _facts(facts: Any) -> list[Json]:
    """The facts in short: what each is, how it is written, and where it comes from."""
    known = [fact for fact in facts if isinstance(fact, dict)] if isinstance(facts, list) else []
    return [
        {name: fact[name] for name in _FACT_FIELDS if fact.get(name)} for fact in known[:MOST_FACTS]
    ]


def _given(output: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    return ((name, output[name]) for name in names if output.get(name) not in (None, "", [], {}))


def _is_report(output: Json) -> bool:
    return isinstance(output.get("facts"), list)


def _objects(materials: Json) -> list[Json]:
    return [output for output in materials.values() if isinstance(output, dict)]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        value = [value]
    return (
        [text for text in value if isinstance(text, str) and text.strip()]
        if isinstance(value, list | tuple)
        else []
    )
