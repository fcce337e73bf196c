"""What a result of others becomes on its way into a plan: data with its source.

Where our agents go on to read a result, only numbers under plain names are taken out of it, as
facts that say where they come from. Its texts are kept beside them and are never read.
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from agents.contract import Done, Outcome
from agents.figures.facts import Fact, derived_facts, given_facts
from agents.figures.metric_notes import Phrase, say
from agents.planning.foreign import READ_ANYHOW
from streams.domain.commands import Command
from streams.domain.values import Json

MOST_NUMBERS = 200
MOST_TEXTS, LONGEST_TEXT = 20, 2_000  # kept to be shown; characters
BESIDE = frozenset({"text", "source", "is_untrusted", "resources", "notes", "is_cut"})
_PLAIN_NAME = re.compile(r"[^\W\d_][\w /-]{0,39}")
_ARTIFACTS: Mapping[str, str] = {
    # action of the step: the artifact that it stands for
    "fetch_market": "market_data",
    "fetch": "metrics_data",
    "research": "research",
}
_TOLD: Phrase = ("{label}: {text} (from {source}).", "{label}: {text} (aus {source}).")
_NO_NUMBERS: Phrase = (
    "{source} gave no figures that can be read.",
    "{source} lieferte keine lesbaren Zahlen.",
)
_UNCHECKED: Phrase = (
    "These figures come from {source}; none was checked.",
    "Diese Zahlen stammen von {source}; keine wurde geprüft.",
)

Call = Callable[[Command], Awaitable[Outcome]]


def shaping(call: Call) -> Call:
    """The same call, whose results have the form that the next step reads."""

    async def shaped(command: Command) -> Outcome:
        outcome = await call(command)
        if not isinstance(outcome, Done):
            return outcome
        intent = command.payload.get("intent")
        language = str(intent.get("language") or "en") if isinstance(intent, dict) else "en"
        output = shape(command.action, command.tool_id or "", outcome.output, language)
        return Done(output, outcome.cost, outcome.usage)

    return shaped


def shape(action: str, tool_id: str, output: Json, language: str = "en") -> Json:
    """A result in the form of what its step makes.

    Args:
        action: of the step; it tells which artifact is wanted.
        output: what the server answered, as `agents.tools.toolbox` hands it on.
    """
    artifact = _ARTIFACTS.get(action)
    if artifact not in READ_ANYHOW:
        return _unwrapped(output)
    inner = _inner(output, artifact or "")
    source = f"{output.get('source') or 'mcp'} ({tool_id})"
    if artifact == "market_data":
        return inner | {"source": source, "is_untrusted": True}
    facts = facts_of(inner, source, language)
    remark = say(language, _UNCHECKED if facts else _NO_NUMBERS, source=source)
    shaped: Json = {
        "facts": [fact.as_json for fact in facts],
        "notes": [remark],
        "is_offline": True,
        "is_untrusted": True,
        "source": source,
        "texts": [{"source": source, "text": text} for text in texts_of(output)],
    }
    if artifact == "research":
        told = [say(language, _TOLD, label=f.label, text=f.text, source=source) for f in facts]
        return shaped | {"findings": told}
    return shaped | {"insights": [], "narrative": "", "period": None, "comparisons": []}


def facts_of(result: Json, source: str, language: str = "en") -> list[Fact]:
    """The numbers of a result as facts that name their source, and what follows from them."""
    numbers = dict(_numbers(result))
    found = [
        fact.model_copy(update={"source": fact.source.replace("business_metrics", source, 1)})
        for fact in given_facts(numbers, language=language)[:MOST_NUMBERS]
    ]
    return [*found, *derived_facts(found, language)]


def texts_of(output: Json) -> list[str]:
    """The texts of a result, cut to what can be shown."""
    found = (text[:LONGEST_TEXT] for text in _texts(output) if text.strip())
    return [text for _, text in zip(range(MOST_TEXTS), found, strict=False)]


def _inner(output: Json, artifact: str) -> Json:
    """The object that is meant: under the artifact's name, or the whole."""
    rest = {name: value for name, value in output.items() if name not in BESIDE}
    for name in (artifact, "data", "result"):
        inner = rest.get(name)
        if isinstance(inner, dict):
            return inner
        if isinstance(inner, list):
            return {"rows": inner}
    return rest


def _unwrapped(output: Json) -> Json:
    """A text or a variant that lies under its own name, taken out; anything else as it is."""
    for name in ("draft", "report", "check", "insights", "variant"):
        inner = output.get(name)
        if isinstance(inner, dict):
            return inner | {"source": output.get("source"), "is_untrusted": True}
    return output


def _numbers(result: Json, depth: int = 3) -> Iterator[tuple[str, Any]]:
    """Numbers, lists of them and numbers by name, under names that can be shown as such."""
    for name, value in result.items():
        if name in BESIDE or not _PLAIN_NAME.fullmatch(name):
            continue
        if isinstance(value, bool):
            continue
        if isinstance(value, int | float) or (isinstance(value, list) and _are_numbers(value)):
            yield name, value
        elif isinstance(value, dict):
            parts = {k: v for k, v in value.items() if _is_plain(k, v)}
            if name == "previous" or (parts and len(parts) == len(value)):
                yield name, parts
            elif depth:
                yield from _numbers(value, depth - 1)


def _is_plain(name: str, value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and len(name) <= 40


def _are_numbers(values: list[Any]) -> bool:
    return bool(values) and all(
        isinstance(v, int | float) and not isinstance(v, bool) for v in values
    )


def _texts(value: Any, depth: int = 6) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, dict):
        for name, part in value.items():
            if name not in ("source", "is_untrusted"):
                yield from _texts(part, depth - 1)
    elif depth and isinstance(value, list):
        for part in value:
            yield from _texts(part, depth - 1)
