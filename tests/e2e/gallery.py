"""Runs the requests of `examples/gallery.json` through all nine phases, and writes what came of
them into `docs/gallery.md`.

python -m tests.e2e.gallery
"""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from api import documents
from api.bootstrap import Parts, running
from api.intake import read_request, submission
from api.orchestrator import needs_somebody
from api.settings import Settings
from streams.domain.state import Life, TaskState
from streams.domain.values import Json

ROOT = Path(__file__).parents[2]
REQUESTS = ROOT / "examples" / "gallery.json"
PAGE = ROOT / "docs" / "gallery.md"
NOW = 1_768_467_600_000  # Thursday, 15 January 2026, 09:00 UTC: the same words give the same dates
PATIENCE = 30.0  # seconds
ENDS = ("deliverable", "question", "refusal")
HEAD = """# Gallery

Twenty requests and what came of them, made by `make gallery` with the built-in agents: offline,
without a model, as if it were 15 January 2026. Nothing here is edited by hand.
"""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One request, what came of it at first, and after the answer if it asked something."""

    entry: Json
    first: TaskState
    last: TaskState

    @property
    def end(self) -> str:
        """How the request ended at first: a deliverable, a question, or a refusal."""
        return end_of(self.first)


def end_of(state: TaskState) -> str:
    """A deliverable to decide about, a question, a refusal, or what went wrong."""
    if state.questions:
        return "question"
    if state.deliverable is not None:
        return "deliverable"
    is_declined = state.life is Life.CLOSED and state.failed_phase is None
    return "refusal" if is_declined and state.error else f"failure: {state.error}"


@asynccontextmanager
async def _orchestrator() -> AsyncIterator[Parts]:
    with tempfile.TemporaryDirectory() as directory:
        async with running(Settings(data=Path(directory)), clock=lambda: NOW) as parts:
            yield parts


async def exhibits(entries: list[Json]) -> list[Exhibit]:
    """All requests, one after the other."""
    async with _orchestrator() as parts:
        return [await _exhibit(parts, n, entry) for n, entry in enumerate(entries, 1)]


async def _exhibit(parts: Parts, number: int, entry: Json) -> Exhibit:
    asked = {k: v for k, v in entry.items() if k not in ("name", "ends", "answer")}
    task_id = f"gallery-{number}"
    body = read_request(asked | {"task_id": task_id})
    await parts.orchestrator.tell(submission(body, parts.settings, at=NOW))
    first = await parts.orchestrator.wait_for(task_id, needs_somebody, PATIENCE)
    if end_of(first.state) != "question" or "answer" not in entry:
        return Exhibit(entry, first.state, first.state)
    await parts.orchestrator.answer(task_id, entry["answer"])
    last = await parts.orchestrator.wait_for(task_id, needs_somebody, PATIENCE)
    return Exhibit(entry, first.state, last.state)


def page(shown: list[Exhibit]) -> str:
    """The whole page."""
    contents = [f"{n}. [{_title(e)}](#{n}-{_anchor(e)})" for n, e in enumerate(shown, 1)]
    parts = [HEAD, "\n".join(contents)]
    parts += [section(number, exhibit) for number, exhibit in enumerate(shown, 1)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def section(number: int, exhibit: Exhibit) -> str:
    """One request with what came of it."""
    entry = exhibit.entry
    lines = [f"## {number}. {_title(exhibit)}", "", *_quoted(entry["request"]), ""]
    for field in ("business_metrics", "preferences", "context"):
        if entry.get(field):
            value = json.dumps(entry[field], ensure_ascii=False)
            lines += [f"`{field}`: `{value}`", ""]
    if exhibit.end == "question":
        asked = next(iter(exhibit.first.questions.values())).question
        options = f" ({' / '.join(asked.options)})" if asked.options else ""
        lines += [f"**It asks:** {asked.text}{options}", ""]
        if "answer" in entry:
            lines += [f"**Answered:** {entry['answer']}", ""]
    return "\n".join([*lines, *_result(exhibit.last)])


def _result(state: TaskState) -> Iterator[str]:
    match end_of(state):
        case "deliverable":
            yield from _deliverable(state)
        case "question":
            yield "**It waits** for the answer."
        case "refusal":
            yield f"**It declines:** {state.error}"
        case failure:
            yield f"**{failure}**"


def _deliverable(state: TaskState) -> Iterator[str]:
    shown = documents.approval(state, "http://localhost:8000", NOW)
    content = shown["main_content"]
    yield f"**{content['title']}** ({content['kind']})"
    yield ""
    yield from _fenced(content["content"])
    for channel, variant in shown["channel_variants"].items():
        if variant["content"] != content["content"]:
            limit = f" of {variant['limit']:,}" if variant["limit"] else ""
            yield ""
            size = f"{variant['characters']:,}{limit} characters"
            yield f"<details><summary>{channel}: {size}</summary>"
            yield ""
            subject = [f"Subject: {variant['subject']}", ""] if variant["subject"] else []
            yield from _fenced(
                "\n".join([*subject, "\n\n".join(variant["parts"] or [variant["content"]])])
            )
            yield ""
            yield "</details>"
    yield ""
    yield from _scores(shown)
    yield from _numbers(shown)
    if shown["supporting_materials"]["notes"]:
        yield ""
        yield from (f"- Note: {note}" for note in shown["supporting_materials"]["notes"])


def _scores(shown: Json) -> Iterator[str]:
    quality = shown["quality"]
    if quality is None:
        return
    word = "passes" if quality["passed"] else "goes to a human as it is"
    scores = ", ".join(f"{d['name']} {d['score']:.2f}" for d in quality["dimensions"])
    yield f"Quality {quality['overall']:.3f} of {quality['threshold']:.2f}, {word}: {scores}."
    risk = shown["main_content"]["details"].get("risk_level")
    if risk:
        yield f"Compliance risk: {risk}."


def _numbers(shown: Json) -> Iterator[str]:
    facts = shown["supporting_materials"]["metrics_summary"]
    used = shown["main_content"]["metrics_referenced"]
    if used:
        traced = (f"{text} ({_origin(facts.get(name), name)})" for name, text in used.items())
        yield f"Numbers: {'; '.join(traced)}."


def _origin(fact: Json | None, name: str) -> str:
    if fact is None:
        return name
    return f"given as {fact['source']}" if fact["kind"] == "given" else f"= {fact['source']}"


def _title(exhibit: Exhibit) -> str:
    return str(exhibit.entry["name"])


def _anchor(exhibit: Exhibit) -> str:
    kept = (c for c in _title(exhibit).lower() if c.isalnum() or c in " -")
    return "".join(kept).replace(" ", "-")


def _quoted(text: str) -> list[str]:
    return [f"> {line}" for line in text.splitlines()]


def _fenced(text: str) -> Iterator[str]:
    yield "```text"
    yield text.strip()
    yield "```"


def load() -> list[Json]:
    """The requests."""
    entries: list[Json] = json.loads(REQUESTS.read_text("utf-8"))
    return entries


def main() -> None:
    """Write the page."""
    shown = asyncio.run(exhibits(load()))
    PAGE.write_text(page(shown), "utf-8")
    for exhibit in shown:
        end = (
            exhibit.end
            if exhibit.first is exhibit.last
            else f"{exhibit.end}, then {end_of(exhibit.last)}"
        )
        print(f"{_title(exhibit):<50} {end}")
    print(f"written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
