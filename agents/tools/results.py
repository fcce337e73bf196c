"""The answer of a tool of others made into an outcome: data with its source, harmless and of a
bounded size.
"""

import json
import math
from collections.abc import Callable, Iterable
from typing import Any

from agents.artifacts import MARK
from agents.contract import Done, GiveUp, Outcome, Retry, Uncertain
from agents.tools.answers import Answer, Answered, Broken, Refused, Senseless
from agents.tools.cleaning import cleaned, one_line
from agents.tools.limits import Limits
from agents.tools.schemas import deeper_than, misfit
from agents.tools.servers import Server
from streams.domain.plan import ToolSpecification
from streams.domain.values import Json

REASON_LENGTH = 400  # characters
NAME_LENGTH = 200
MOST_RESOURCES = 50
COST = "orchestrator/cost"  # under `_meta`: US dollars, believed of a trusted server
INVALID_PARAMS, METHOD_NOT_FOUND = -32602, -32601
_OURS = ("source", "is_untrusted", "text", "resources", "notes", "is_cut")
_FINAL_CODES = frozenset({INVALID_PARAMS, METHOD_NOT_FOUND, -32600})


def outcome_of(
    answer: Answer, server: Server, tool: ToolSpecification, limits: Limits, *, is_repeatable: bool
) -> Outcome:
    """What the answer means for the step. Where an effect may have happened and the command is not
    repeatable, it is uncertain.
    """
    who = f"{tool.tool_id!r}"
    match answer:
        case Answered(is_error=True, content=content):
            return _failed(f"{who} failed: {_words(content, server)}", is_repeatable)
        case Answered():
            return _done(answer, server, tool, limits, is_repeatable)
        case Refused(code=code, reason=reason):
            said = f"{who} was refused: {_shown(reason, server)}"
            if code in _FINAL_CODES:
                return GiveUp(said)
            return Retry(said) if is_repeatable else Uncertain(said)
        case Broken(reason=reason, was_sent=was_sent):
            said = f"{who} gave no answer: {_shown(reason, server)}"
            return Uncertain(said) if was_sent and not is_repeatable else Retry(said)
        case Senseless(reason=reason):
            return _lied(f"{who}: the server {reason}", is_repeatable)


def _done(
    answer: Answered, server: Server, tool: ToolSpecification, limits: Limits, is_repeatable: bool
) -> Outcome:
    if problem := _unkept(tool, answer.structured, limits):
        return _lied(
            _shown(f"{tool.tool_id!r} does not keep its own schema: {problem}", server),
            is_repeatable,
        )
    return Done(_output(answer, server, limits), _cost(answer.meta, server, tool))


def _failed(reason: str, is_repeatable: bool) -> Outcome:
    # The tool says itself that it failed; again only where that can do no harm.
    return Retry(reason) if is_repeatable else GiveUp(reason)


def _lied(reason: str, is_repeatable: bool) -> Outcome:
    # The effect has happened, whatever the answer looks like.
    return GiveUp(reason) if is_repeatable else Uncertain(reason)


def _unkept(tool: ToolSpecification, structured: Any, limits: Limits) -> str:
    if structured is None:
        return "it gave no structured content" if tool.output_schema else ""
    if deeper_than(structured, limits.depth):
        return f"its content is nested deeper than {limits.depth} levels"
    size = len(json.dumps(structured))
    if size > limits.structured:
        return f"its content has {size:,} bytes, more than {limits.structured:,}"
    if not tool.output_schema:
        return ""
    wrong = misfit(tool.output_schema, structured, limits.result_checks)
    return "" if wrong is None else f"at {wrong.pointer or '/'!r}: {wrong.message}"


def _output(answer: Answered, server: Server, limits: Limits) -> Json:
    """The structured content on top, the texts under "text", and where it all comes from."""
    made = _harmless(answer.structured, server.hide)
    output: Json = {}
    if isinstance(made, dict):
        # A server may not pass for us: what has a name of ours keeps it with a mark.
        output = {f"{name}_said" if name in _OURS else name: v for name, v in made.items()}
    elif made is not None:
        output = {"result": made}
    text, is_cut = _text(answer.content, server, limits)
    resources = [_resource(block, server) for block in answer.content if _is_other(block)]
    notes = ["the text was longer and has been cut"] if is_cut else []
    if len(resources) > MOST_RESOURCES:
        notes.append(f"of {len(resources)} resources the first {MOST_RESOURCES} are named")
    return output | {
        "text": text,
        "source": f"mcp:{server.name}",
        "is_untrusted": True,
        "resources": resources[:MOST_RESOURCES],
        "is_cut": is_cut,
        "notes": notes,
    }


def _text(content: Iterable[Json], server: Server, limits: Limits) -> tuple[str, bool]:
    parts = (block["text"] for block in content if _is_text(block))
    whole = "\n".join(parts)
    # Cleaning takes a time that grows with the text: what is dropped anyway is not cleaned.
    kept = server.hide(cleaned(whole[: 2 * limits.text]))[: limits.text]
    return kept, len(whole) > len(kept) and len(whole) > limits.text


def _is_text(block: Json) -> bool:
    return block.get("type") == "text" and isinstance(block.get("text"), str)


def _is_other(block: Json) -> bool:
    return not _is_text(block)


def _resource(block: Json, server: Server) -> Json:
    """An image, a sound or a resource: its kind and size, never its content."""
    inner = block.get("resource")
    body = inner if isinstance(inner, dict) else block
    data = body.get("data") or body.get("blob") or body.get("text")
    size = body.get("size")
    if isinstance(data, str):
        is_binary = "text" not in body
        size = len(data) * 3 // 4 - data[-2:].count("=") if is_binary else len(data.encode())
    found = {
        "type": block.get("type"),
        "media_type": body.get("mimeType"),
        "name": body.get("title") or body.get("name"),
        "uri": body.get("uri"),
    }
    shown = {k: _shown(v, server, NAME_LENGTH) for k, v in found.items() if isinstance(v, str)}
    return shown | ({"bytes": size} if isinstance(size, int) else {})


def _harmless(value: Any, hide: Callable[[str], str]) -> Any:
    """JSON of others without escapes and secrets in its texts, and without marks of ours."""
    if isinstance(value, str):
        return hide(cleaned(value))
    if isinstance(value, list):
        return [_harmless(each, hide) for each in value]
    if isinstance(value, dict):
        return {
            hide(cleaned(name)): _harmless(each, hide)
            for name, each in value.items()
            if name != MARK
        }
    return value


def _words(content: Iterable[Json], server: Server) -> str:
    texts = (block["text"] for block in content if _is_text(block))
    return _shown(" ".join(texts), server) or "it did not say why"


def _shown(text: str, server: Server, limit: int = REASON_LENGTH) -> str:
    return one_line(server.hide(one_line(text, limit * 16)), limit)


def _cost(meta: Json, server: Server, tool: ToolSpecification) -> float:
    told = meta.get(COST) if server.own.is_trusted else None
    is_number = isinstance(told, int | float) and not isinstance(told, bool)
    if is_number and math.isfinite(float(told or 0)) and float(told or 0) >= 0:
        return float(told or 0)
    return tool.estimated_cost
