"""Runs ten requests for each of the five agents, and writes what came of them into
`docs/agents_gallery.md`, with their charts beside it.

python -m tests.e2e.agents_gallery
"""

import asyncio
import json
import re
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api import documents
from api.bootstrap import Parts, running
from api.intake import read_request, submission
from api.orchestrator import needs_somebody
from api.settings import Settings
from streams.clock import new_salt
from streams.domain.inputs import DispatchCommand
from streams.domain.state import ONE_STEP, Life, TaskState
from streams.domain.values import Json
from tests.e2e.gallery import NOW, PATIENCE, ROOT, end_of

EXAMPLES = ROOT / "examples" / "agents"
PAGE = ROOT / "docs" / "agents_gallery.md"
IMAGES = ROOT / "docs" / "images"
AGENTS = ("content", "financial", "market_insight", "compliance", "co_founder")
MOST_INPUT = 700  # characters of an input that the page shows
PIXELS = 1.0  # for each unit of a chart, so that the pictures stay small
HEAD = """# What each agent does

Ten requests for each of the five built-in agents, made by `make gallery`: offline, by rules and
from the figures given, without a model, as if it were 15 January 2026. Nothing here is edited by
hand. The inputs are in `examples/agents/`.
"""
FIELDS = ("business_metrics", "preferences", "context")


@dataclass(frozen=True, slots=True)
class Shown:
    """One request for an agent, and where it ended."""

    agent: str
    number: int
    entry: Json
    state: TaskState

    @property
    def title(self) -> str:
        return str(self.entry.get("title") or self.entry.get("name"))

    @property
    def output(self) -> Json:
        """What the agent answered where it was called alone."""
        work = self.state.works.get(ONE_STEP)
        return dict(work.accepted or {}) if work else {}

    @property
    def chart(self) -> str:
        """The chart as SVG text; empty for none."""
        shown = self.state.deliverable
        details = dict(shown.details) if shown else self.output
        chart = details.get("chart")
        return chart if isinstance(chart, str) and chart.startswith("<svg") else ""

    @property
    def image(self) -> Path:
        return IMAGES / f"{self.agent}-{self.number}.png"


def load() -> dict[str, list[Json]]:
    """The requests by agent; an agent without a file has none."""
    files = {agent: EXAMPLES / f"{agent}.json" for agent in AGENTS}
    return {a: json.loads(f.read_text("utf-8")) for a, f in files.items() if f.exists()}


@asynccontextmanager
async def _orchestrator() -> AsyncIterator[Parts]:
    with tempfile.TemporaryDirectory() as directory:
        async with running(Settings(data=Path(directory)), clock=lambda: NOW) as parts:
            yield parts


async def shown_by(requests: dict[str, list[Json]]) -> list[Shown]:
    """All requests through one orchestrator, in their order."""
    async with _orchestrator() as parts:
        return [
            await _run(parts, agent, number, entry)
            for agent, entries in requests.items()
            for number, entry in enumerate(entries, 1)
        ]


async def _run(parts: Parts, agent: str, number: int, entry: Json) -> Shown:
    task_id = f"{agent.replace('_', '-')}-{number}"
    if "command" in entry:
        await parts.orchestrator.tell(_dispatched(agent, task_id, entry["command"]))
    else:
        asked = {k: entry[k] for k in ("request", *FIELDS) if k in entry}
        body = read_request(asked | {"task_id": task_id})
        await parts.orchestrator.tell(submission(body, parts.settings, at=NOW))
    seen = await parts.orchestrator.wait_for(task_id, needs_somebody, PATIENCE)
    if seen.state.questions and "answer" in entry:
        await parts.orchestrator.answer(task_id, entry["answer"])
        seen = await parts.orchestrator.wait_for(task_id, needs_somebody, PATIENCE)
    return Shown(agent, number, entry, seen.state)


def _dispatched(agent: str, task_id: str, command: Json) -> DispatchCommand:
    return DispatchCommand(
        task_id=task_id,
        input_id=f"dispatch-{task_id}",
        salt=new_salt(),
        at=NOW,
        principal="local",
        agent_type=command.get("agent_type", agent),
        action=command.get("action", ""),
        tool_id=command.get("tool_id"),
        payload=command.get("payload", {}),
    )


# ------------------------------------------------------------------------------------- the page


def page(shown: Sequence[Shown]) -> str:
    """The whole page."""
    parts = [HEAD, *_contents(shown)]
    for agent in dict.fromkeys(one.agent for one in shown):
        parts.append(f"## {_name(agent)}")
        parts += [section(one) for one in shown if one.agent == agent]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _contents(shown: Sequence[Shown]) -> Iterator[str]:
    for agent in dict.fromkeys(one.agent for one in shown):
        titles = [f"[{o.title}](#{_anchor(_heading(o))})" for o in shown if o.agent == agent]
        yield f"**{_name(agent)}**: " + " · ".join(titles)


def _name(agent: str) -> str:
    return f"The {agent.replace('_', ' ')} agent"


def _heading(one: Shown) -> str:
    return f"{_name(one.agent)[4:-6]} {one.number}: {one.title}"


def _anchor(heading: str) -> str:
    kept = (c for c in heading.lower() if c.isalnum() or c in " -")
    return "".join(kept).replace(" ", "-")


def section(one: Shown) -> str:
    """One request with what came of it."""
    lines = [f"### {_heading(one)}", "", *_asked(one.entry), ""]
    return "\n".join([*lines, *_answered(one)])


def _asked(entry: Json) -> Iterator[str]:
    if "command" in entry:
        command = entry["command"]
        yield f"Command `{command.get('tool_id') or command.get('action')}` with"
        yield ""
        yield f"`{_clipped(command.get('payload'))}`"
        return
    yield from (f"> {line}".rstrip() for line in entry["request"].splitlines())
    for field in FIELDS:
        if entry.get(field):
            yield ""
            yield f"`{field}`: `{_clipped(entry[field])}`"
    if "answer" in entry:
        yield ""
        yield f"Asked back, it was answered: {entry['answer']}"


def _clipped(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False).replace("`", "'")
    return text if len(text) <= MOST_INPUT else f"{text[:MOST_INPUT]} … ({len(text):,} characters)"


def _answered(one: Shown) -> Iterator[str]:
    state = one.state
    if one.output:
        yield from _alone(one)
    elif state.deliverable is not None:
        yield from _deliverable(one)
    elif state.questions:
        asked = next(iter(state.questions.values())).question
        options = f" ({' / '.join(asked.options)})" if asked.options else ""
        yield f"**It asks:** {asked.text}{options}"
    elif state.life is Life.CLOSED and state.failed_phase is None:
        yield f"**It declines:** {state.error}"
    else:
        yield f"**{end_of(state)}**"


def _alone(one: Shown) -> Iterator[str]:
    """What an agent answers that is called by itself: its text, or its sentences."""
    output = one.output
    label = " (offline)" if output.get("is_offline") else ""
    yield f"**Answered by {one.agent}{label}**"
    yield ""
    told = output.get("content") or "\n".join(_texts(output.get("insights")))
    told = told or "\n".join(_texts(output.get("findings")))
    shape = json.dumps(output, ensure_ascii=False, indent=1)
    yield from _fenced(told or _shortened(shape))
    details = output.get("details")
    inbox = details if isinstance(details, dict) else {}
    for name in ("subjects", "preview_text"):
        if inbox.get(name):
            yield ""
            yield f"{name}: {' / '.join(_texts(inbox[name]))}"
    if not set(_texts(output.get("alternatives"))) <= set(told.split("\n\n")):
        yield from _alternatives(output.get("alternatives"))
    yield from _picture(one)
    yield from _notes(_texts(output.get("notes")))


def _shortened(text: str) -> str:
    return text if len(text) <= 2_000 else f"{text[:2_000]}\n…"


def _deliverable(one: Shown) -> Iterator[str]:
    document = documents.approval(one.state, "http://localhost:8000", NOW)
    content, quality = document["main_content"], document["quality"]
    label = ", offline" if one.state.deliverable and one.state.deliverable.is_offline else ""
    yield f"**{content['title']}** ({content['kind']}{label})"
    yield ""
    yield from _fenced(content["content"])
    variants = document["channel_variants"]
    for channel in one.entry.get("preferences", {}).get("channels", ()):
        variant = variants.get(channel)
        if variant and variant["content"] != content["content"]:
            yield from _variant(channel, variant)
    if any("\n" in text for text in _texts(content["alternatives"])):
        yield from _alternatives(content["alternatives"])
    yield from _picture(one)
    if quality is not None:
        word = "passes" if quality["passed"] else "goes to a human as it is"
        yield ""
        yield f"Quality {quality['overall']:.3f} of {quality['threshold']:.2f}, {word}."
    yield from _notes(document["supporting_materials"]["notes"])


def _alternatives(value: Any) -> Iterator[str]:
    for number, text in enumerate(_texts(value), 1):
        yield ""
        yield f"Alternative {number}:"
        yield ""
        yield from _fenced(text)


def _variant(channel: str, variant: Json) -> Iterator[str]:
    yield ""
    yield f"<details><summary>{channel}: {variant['characters']:,} characters</summary>"
    yield ""
    subject = f"Subject: {variant['subject']}\n\n" if variant["subject"] else ""
    yield from _fenced(subject + "\n\n".join(variant["parts"] or [variant["content"]]))
    yield ""
    yield "</details>"


def _picture(one: Shown) -> Iterator[str]:
    if one.chart:
        words = re.search(r"<desc[^>]*>(.*?)</desc>", one.chart, re.S)
        title = re.search(r"<title[^>]*>(.*?)</title>", one.chart, re.S)
        alt = ". ".join(m[1] for m in (title, words) if m).replace("]", ")").replace("[", "(")
        yield ""
        yield f"![{alt}](images/{one.image.name})"


def _notes(notes: Sequence[str]) -> Iterator[str]:
    if notes:
        yield ""
        yield from (f"- Note: {note}" for note in notes)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _fenced(text: str) -> Iterator[str]:
    yield "```text"
    yield text.strip().replace("```", "'''")
    yield "```"


def pictures(shown: Sequence[Shown]) -> dict[Path, bytes]:
    """The charts as PNG, by file."""
    from agents.figures.raster import png_of

    return {one.image: png_of(one.chart, PIXELS) for one in shown if one.chart}


def main() -> None:
    """Write the page and its pictures."""
    shown = asyncio.run(shown_by(load()))
    PAGE.write_text(page(shown), "utf-8")
    IMAGES.mkdir(exist_ok=True)
    made = pictures(shown)
    for old in IMAGES.glob("*.png"):
        if old.stem.rsplit("-", 1)[0] in AGENTS and old not in made:
            old.unlink()
    for file, picture in made.items():
        file.write_bytes(picture)
    for one in shown:
        print(f"{one.agent:<15} {one.title:<60.60} {_end(one)}")
    print(f"written: {PAGE.relative_to(ROOT)} and {len(made)} pictures")


def _end(one: Shown) -> str:
    return "answer" if one.output else end_of(one.state)


if __name__ == "__main__":
    main()
