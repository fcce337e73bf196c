"""Tools as a server offers them, made into specifications; what cannot be used is left out with a
note. All that a server says is data: of one that is not trusted, nothing it says widens anything.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from agents.tools.cleaning import cleaned, is_clean, one_line
from agents.tools.limits import Limits
from agents.tools.schemas import flaw, presentable, property_names
from agents.tools.servers import Server
from agents.tools.settings import ToolSettings
from streams.domain.fingerprint import DIGEST_LENGTH
from streams.domain.plan import ToolSpecification
from streams.domain.values import Json, Permission

AGENT_TYPE = "mcp"
CATEGORY = "external"
SUCCESS_RATE = 0.9  # declared, until there is a history
LONGEST_ID = 128  # characters; an id may be longer, but people have to read it
LONGEST_TITLE = 100
MOST_PRODUCTS = 40
_NO_ID = re.compile(r"[^A-Za-z0-9._:@-]+")
_SUFFIX_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Offered:
    """A tool in the words of its server."""

    name: str
    title: str = ""
    description: str = ""
    input_schema: Json = field(default_factory=dict)
    output_schema: Json | None = None
    hints: Json = field(default_factory=dict)  # the annotations, by their names in the protocol


@dataclass(frozen=True, slots=True)
class Specified:
    """What became of an offer: the specifications with the names that the server knows them by,
    and notes on what was left out.
    """

    tools: dict[str, ToolSpecification]
    names: dict[str, str]  # by tool_id
    notes: tuple[str, ...]
    digest: str


def specify(
    server: Server,
    offers: Iterable[Offered],
    limits: Limits,
    *,
    is_late: Callable[[], bool] = lambda: False,
) -> Specified:
    """The specifications of a server's tools, in its order. `is_late` says when to stop."""
    tools: dict[str, ToolSpecification] = {}
    names: dict[str, str] = {}
    notes = _Notes(server.name, limits.notes)
    size = 0
    for offer in offers:
        if is_late():
            notes.add("took too long to read; the rest of its tools is left out")
            break
        problem = _refusal(offer, limits)
        tool = None if problem else _tool(server, offer, limits, notes)
        if tool is None or tool.tool_id in tools:
            problem = problem or "is offered a second time"
            notes.add(f"the tool {_called(offer.name)!r} {problem}; it is left out")
            continue
        size += len(json.dumps(tool.as_json))
        if size > limits.catalogue:
            notes.add(f"its tools take more than {limits.catalogue:,} bytes; the rest is left out")
            break
        tools[tool.tool_id] = tool
        names[tool.tool_id] = offer.name
    return Specified(tools, names, tuple(notes), digest(tools.values()))


def digest(tools: Iterable[ToolSpecification]) -> str:
    """The same for the same tools, in whatever order."""
    ordered = sorted((tool.as_json for tool in tools), key=lambda tool: str(tool["tool_id"]))
    canonical = json.dumps(ordered, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(canonical.encode()).hexdigest()[:DIGEST_LENGTH]


class _Notes:
    """Notes on one server: not more than so many, and the last says how many more there were."""

    def __init__(self, server: str, most: int) -> None:
        self._server, self._most = server, most
        self._notes: list[str] = []
        self._more = 0

    def add(self, note: str) -> None:
        if len(self._notes) < self._most:
            self._notes.append(f"{self._server}: {note}")
        else:
            self._more += 1

    def __iter__(self) -> Iterator[str]:
        yield from self._notes
        if self._more:
            yield f"{self._server}: {self._more:,} more notes are left out"


def _refusal(offer: Offered, limits: Limits) -> str:
    if not offer.name.strip() or not is_clean(offer.name):
        return "has a name with control or invisible characters, or none"
    if problem := flaw(offer.input_schema, limits):
        return f"has an input schema that {problem}"
    if offer.output_schema is not None and (problem := flaw(offer.output_schema, limits)):
        return f"has an output schema that {problem}"
    return ""


def _tool(server: Server, offer: Offered, limits: Limits, notes: _Notes) -> ToolSpecification:
    said = server.own.tools.get(offer.name, ToolSettings())
    is_read_only = offer.hints.get("readOnlyHint") is True
    is_safe = is_read_only or offer.hints.get("idempotentHint") is True
    tool_id = tool_id_of(server.name, offer.name)
    if tool_id != f"{server.name}.{offer.name}":
        notes.add(f"the tool {_called(offer.name)!r} is called {tool_id!r} here")
    return ToolSpecification(
        tool_id=tool_id,
        name=one_line(server.hide(cleaned(offer.title)), LONGEST_TITLE) or _called(offer.name),
        description=one_line(server.hide(cleaned(offer.description)), limits.description),
        category=CATEGORY,
        agent_type=AGENT_TYPE,
        input_schema=presentable(offer.input_schema),
        output_schema=presentable(offer.output_schema or {}),
        consumes=said.consumes,
        produces=said.produces if said.produces is not None else _products(offer),
        estimated_cost=said.cost or 0.0,
        estimated_duration=1.0 if said.duration is None else said.duration,
        success_rate=SUCCESS_RATE,
        is_repeatable=server.own.is_trusted and is_safe,
        is_destructive=not is_read_only and offer.hints.get("destructiveHint") is not False,
        permission=Permission.ASK,
        source=f"mcp:{server.name}",
    )


def tool_id_of(server: str, name: str) -> str:
    """The id of a tool: its own name behind the server's, where that is an id; otherwise what is
    left of it with a mark that keeps two such names apart.
    """
    whole = f"{server}.{name}"
    if len(whole) <= LONGEST_ID and _NO_ID.search(name) is None:
        return whole
    mark = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_SUFFIX_LENGTH]
    room = LONGEST_ID - len(server) - len(mark) - 2
    return f"{server}.{_NO_ID.sub('-', name)[:room].strip('-')}-{mark}".replace(".-", ".")


def _products(offer: Offered) -> tuple[str, ...]:
    """The properties of what it gives, else its own name."""
    given = property_names(offer.output_schema or {})[:MOST_PRODUCTS]
    return given or (_called(offer.name),)


def _called(name: str) -> str:
    return one_line(name, LONGEST_TITLE)
