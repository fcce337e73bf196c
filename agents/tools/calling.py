"""One step done by a tool of others: its arguments chosen and checked, its time kept, its answer
made into an outcome.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from agents.contract import GiveUp, Outcome, Retry, Uncertain
from agents.tools.cleaning import one_line
from agents.tools.errors import ServerTrouble
from agents.tools.limits import Limits
from agents.tools.link import Link
from agents.tools.results import outcome_of
from agents.tools.schemas import misfit, property_names
from streams.clock import Clock
from streams.domain.commands import Command
from streams.domain.fingerprint import AGREED, fingerprint
from streams.domain.plan import ToolSpecification
from streams.domain.values import Json

MARKS = ("source", "is_untrusted", "is_cut", "resources", "notes")
SHARE = 0.88  # of a command's time, so that this speaks before the runner cuts it off
MESSAGE_LENGTH = 300
CHANGED = (
    "{tool_id!r} has another description or schema than the one that was planned with; nothing was "
    "sent: look at it with `orchestrator tools show {tool_id}`, then submit the request anew"
)


async def call(link: Link, command: Command, clock: Clock, limits: Limits) -> Outcome:
    """Do the step. Nothing is sent before the arguments fit; what was perhaps sent and cannot be
    repeated is uncertain when no answer comes.
    """
    if link.specified is None:
        await link.decided()  # right after a start, the steps of before come before the servers
    specified = link.specified
    tool = specified.tools.get(command.tool_id or "") if specified else None
    if specified is None or tool is None:
        return _missing(link, command)
    if _has_changed(link, tool, command):
        return GiveUp(CHANGED.format(tool_id=tool.tool_id))
    arguments = chosen(tool.input_schema, command.payload.get("inputs"))
    wrong = misfit(tool.input_schema, arguments, limits.argument_checks)
    if wrong is not None:
        return GiveUp(
            f"the arguments do not fit {tool.tool_id!r} at {wrong.pointer or '/'!r}: "
            f"{one_line(wrong.message, MESSAGE_LENGTH)}; nothing was sent"
        )
    return await _in_time(
        link, tool, specified.names[tool.tool_id], arguments, command, clock, limits
    )


async def _in_time(
    link: Link,
    tool: ToolSpecification,
    name: str,
    arguments: Json,
    command: Command,
    clock: Clock,
    limits: Limits,
) -> Outcome:
    own = link.server.own.timeout
    seconds = min(command.timeout * SHARE, own or command.timeout) / 1000
    was_sent = False
    try:
        async with asyncio.timeout(seconds), link.connection() as connection:
            if _has_changed(link, tool, command):
                return GiveUp(CHANGED.format(tool_id=tool.tool_id))
            last = getattr(command, "act_before", None)
            if last is not None and clock() >= last:
                return Retry(f"it is too late to begin with {tool.tool_id!r}; nothing was sent")
            was_sent = True
            answer = await connection.call(name, arguments)
    except TimeoutError:
        reason = f"{tool.tool_id!r} gave no answer within {seconds:g} s"
        if was_sent:
            link.suspect()
        return Uncertain(reason) if was_sent and not command.is_repeatable else Retry(reason)
    except ServerTrouble as trouble:
        return _unreached(link, tool.tool_id, str(trouble))
    return await asyncio.to_thread(
        outcome_of, answer, link.server, tool, limits, is_repeatable=command.is_repeatable
    )


def _has_changed(link: Link, tool: ToolSpecification, command: Command) -> bool:
    """Whether the tool is another one than its plan was made of, or than it was a moment ago: the
    server may have been connected to anew."""
    now = link.specified.tools.get(tool.tool_id) if link.specified else None
    agreed = command.payload.get(AGREED) or fingerprint(tool)
    return now is None or fingerprint(now) != agreed


def chosen(schema: Json, inputs: object) -> Json:
    """Of the inputs of a step what the schema names, and never more. An output of another step is
    opened where the tool wants a part of it.
    """
    if not isinstance(inputs, Mapping):
        return {}
    properties = schema.get("properties")
    known = properties if isinstance(properties, dict) else {}
    names = property_names(schema)
    return {name: _opened(name, inputs[name], known[name]) for name in names if name in inputs}


def _opened(name: str, value: Any, wanted: object) -> Any:
    if not isinstance(value, dict):
        return value
    is_foreign = value.get("is_untrusted") is True
    kinds = wanted.get("type", "object") if isinstance(wanted, dict) else "object"
    if kinds == "object" or "object" in kinds:
        inner = value.get(name) if is_foreign else None
        return inner if isinstance(inner, dict) else _unmarked(value) if is_foreign else value
    if name in value:
        return value[name]
    text = value.get("text") or value.get("content")
    return text if isinstance(text, str) else value


def _unmarked(value: Json) -> Json:
    return {key: each for key, each in value.items() if key not in MARKS}


def _missing(link: Link, command: Command) -> Outcome:
    if link.state == "ready":
        return GiveUp(f"the server {link.server.name!r} has no tool {command.tool_id!r}")
    return _unreached(link, command.tool_id or "", link.reason or "is not connected")


def _unreached(link: Link, tool_id: str, reason: str) -> Outcome:
    said = f"{tool_id!r} cannot be called: the server {link.server.name!r} {reason}"
    return GiveUp(said) if link.is_left_alone() else Retry(said)
