"""One catalogue of our tools and those of others, with the user's permissions and with what has
been measured: what DiscoverTools answers, and what people are shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from agents.catalog import OFFLINE_NOTE, builtin_tools, catalogue_version
from agents.contract import Done, Outcome
from agents.planning.foreign import fields_of, fit, made_by
from agents.tools.estimates import Figures, edition, estimated
from agents.tools.found import Found, ServerReport
from agents.tools.permissions import (
    Judged,
    PermissionFile,
    PermissionsError,
    Rules,
    judge,
)
from agents.tools.selection import Offer, offers, select
from streams.domain.commands import Command
from streams.domain.intent import Intent
from streams.domain.plan import PUBLISHERS, ToolSpecification
from streams.domain.values import Json, Permission
from streams.phases.results import Catalogue

PATIENCE = 3.0  # seconds that a task waits for servers that are still connecting
LONG_PATIENCE = 10.0  # seconds before a person is asked for what such a server may bring
MOST_NOTES = 12  # about servers and tools of others, in one task
MOST_TENANTS = 64  # whose catalogues are kept
DEFAULT_TENANT = "default"
_USUAL: Json = {  # what nearly every request says, to tell which tools can be used at all
    "topic": "the growth of our company",
    "query": "the growth of our company",
    "language": "en",
    "tone": "professional",
    "channel": "linkedin",
    "channels": ["linkedin"],
    "metrics": ["revenue_monthly"],
    "date_range": {"label": "Q4 2024", "start": "2024-10-01", "end": "2024-12-31"},
}
_AGENT_OF = {"mcp": "mcp"}  # whose sources have one agent that runs all their tools

Registered = Callable[[str], tuple[Sequence[ToolSpecification], Sequence[str]]]
Measured = Callable[[], Mapping[str, Figures]]


class Servers(Protocol):
    """The tools of servers of others; `agents.tools.toolbox.Toolbox` is one."""

    def found(self) -> Found:
        """What is known now."""

    async def settled(self, seconds: float) -> None:
        """Wait until each server is ready or has failed, at most so long."""

    async def refresh(self, name: str | None = None) -> None:
        """Look at the lists again, now."""


@dataclass(frozen=True)
class Known:
    """Everything that is known of all tools at one moment, the built-in ones first."""

    tools: tuple[ToolSpecification, ...]
    judged: Mapping[str, Judged]
    declared: Mapping[str, ToolSpecification]
    servers: tuple[ServerReport, ...] = ()
    notes: tuple[str, ...] = ()  # what a task should know
    remarks: tuple[str, ...] = ()  # what only concerns whoever looks after the servers

    @cached_property
    def version(self) -> str:
        """The version of the whole catalogue, whatever part of it a task is shown."""
        return catalogue_version(self.tools)

    @cached_property
    def builtin(self) -> tuple[ToolSpecification, ...]:
        """The tools that come with the package."""
        return tuple(tool for tool in self.tools if tool.source == "builtin")

    @cached_property
    def foreign(self) -> tuple[ToolSpecification, ...]:
        """The tools of others."""
        return tuple(tool for tool in self.tools if tool.source != "builtin")

    @cached_property
    def own_offers(self) -> tuple[Offer, ...]:
        """The tools that come with the package, to select from."""
        return offers(self.builtin)

    @cached_property
    def foreign_offers(self) -> tuple[Offer, ...]:
        """The tools of others, to select from."""
        return offers(self.foreign)

    @cached_property
    def supplied(self) -> tuple[str, ...]:
        """The artifacts that tools of others may bring for a usual request."""
        tools = [tool for tool in self.foreign if tool.permission is not Permission.DENY]
        made = {artifact for tool in self.tools for artifact in made_by(tool)}
        parts = {artifact for tool in tools for artifact in fields_of(tool)}
        able = (tool for tool in tools if not fit(tool, _USUAL, made, parts).missing)
        return tuple(sorted({artifact for tool in able for artifact in made_by(tool)}))


@dataclass(slots=True)
class _Kept:
    """An answer, and what it was made from: it holds until one of those is another."""

    key: tuple[object, ...]
    known: Known
    whole: Catalogue | None = None


class Joining:
    """Joins what several places say about tools; asked for each task, so it keeps its answers until
    one of those places says something else.

    Args:
        permissions: what the user has said.
        servers: the MCP servers, if any are named.
        registered: the tools that agents of a tenant registered, and remarks on those agents.
        measured: what has been seen of each tool so far.
    """

    def __init__(
        self,
        permissions: PermissionFile,
        *,
        servers: Servers | None = None,
        registered: Registered | None = None,
        measured: Measured | None = None,
    ) -> None:
        self.permissions = permissions
        self.servers = servers
        self._registered = registered
        self._measured = measured
        self._kept: dict[str, _Kept] = {}

    def known(self, tenant: str = DEFAULT_TENANT) -> Known:
        """All tools of a tenant as they are known now."""
        return self._look(tenant).known

    def catalogue(self, intent: Intent | None = None, tenant: str = DEFAULT_TENANT) -> Catalogue:
        """What a task is shown: our tools, and those of others that fit its intent best."""
        kept = self._look(tenant)
        if kept.whole is not None:
            return kept.whole
        known = kept.known
        chosen = select(known.foreign_offers, known.own_offers, intent)
        notes = (OFFLINE_NOTE, *known.notes, *_left_out(chosen.left_out))
        tools = (*known.builtin, *chosen.tools)
        found = Catalogue(version=known.version, tools=tools, notes=notes)
        kept.whole = None if known.foreign else found
        return found

    def supplied(self, tenant: str = DEFAULT_TENANT) -> tuple[str, ...]:
        """The artifacts that tools of others may supply, whether or not a person must be asked."""
        return self.known(tenant).supplied

    def tool(self, tool_id: str, tenant: str = DEFAULT_TENANT) -> ToolSpecification | None:
        """A tool by its id, with the permission that holds for it now."""
        tools = self.known(tenant).tools
        return next((tool for tool in tools if tool.tool_id == tool_id), None)

    def refusal(self, tool_id: str, tenant: str = DEFAULT_TENANT) -> str:
        """Why a tool must not run now, whatever was planned or approved before; "" if it may, or
        is not known."""
        tool = self.tool(tool_id, tenant)
        rules, problem = self.permissions.now()
        if tool is None:
            return ""
        is_barred = tool.permission is Permission.DENY
        if rules.is_closed and (is_barred or tool_id in PUBLISHERS):
            return f"{tool_id!r} may be denied, which nobody can tell: mend {problem}"
        return f"{tool_id!r} is denied in {self.permissions.path}" if is_barred else ""

    def discover(self, command: Command) -> Outcome:
        """The handler of DiscoverTools where no server has to be waited for."""
        said, tenant = command.payload.get("intent"), command.payload.get("tenant")
        intent = Intent.model_validate(said) if said else None
        return Done(self.catalogue(intent, str(tenant or DEFAULT_TENANT)).as_json)

    async def discover_settled(self, command: Command) -> Outcome:
        """The handler of DiscoverTools where servers may still be connecting."""
        if self.servers is not None:
            await self.servers.settled(PATIENCE)
        return self.discover(command)

    def _look(self, tenant: str) -> _Kept:
        found = self.servers.found() if self.servers else Found()
        registered, remarks = self._registered(tenant) if self._registered else ((), ())
        figures = self._measured() if self._measured else {}
        rules, problem = self.permissions.now()
        key = (found, tuple(registered), tuple(remarks), edition(figures), problem, rules)
        kept = self._kept.pop(tenant, None)
        if kept is None or kept.key != key:
            known = self._join(found, registered, figures, problem, remarks)
            kept = _Kept((*key[:-1], self.permissions.rules()), known)
        self._kept[tenant] = kept  # the one used longest ago comes first
        if len(self._kept) > MOST_TENANTS:
            del self._kept[next(iter(self._kept))]
        return kept

    def _join(
        self,
        found: Found,
        registered: Sequence[ToolSpecification],
        figures: Mapping[str, Figures],
        problem: str,
        remarks: Sequence[str],
    ) -> Known:
        own, foreign, notes = _together(found, registered)
        with suppress(PermissionsError):  # it is said where permissions are changed
            self.permissions.keep(foreign)
        declared = {tool.tool_id: tool for tool in (*own, *foreign)}
        rules = self.permissions.rules()
        judged = {name: _judged(rules, tool) for name, tool in declared.items()}
        tools = tuple(
            estimated(_permitted(tool, judged[name]), figures.get(name))
            for name, tool in declared.items()
        )
        changed = sorted(name for name, one in judged.items() if one.has_changed)
        before = [*_problem_notes(problem, rules), *_changed_notes(changed)]
        notes = list(dict.fromkeys([*before, *_server_notes(found), *notes, *remarks]))[:MOST_NOTES]
        return Known(tools, judged, declared, found.servers, tuple(notes), found.notes)


def _judged(rules: Rules, tool: ToolSpecification) -> Judged:
    """A tool that an agent registered has the permission of its registration until a rule names
    it."""
    judged = judge(rules, tool)
    is_registered = tool.source.startswith("agent:") and not rules.is_closed
    return Judged(tool.permission) if is_registered and not judged.rule else judged


def _together(
    found: Found, registered: Sequence[ToolSpecification]
) -> tuple[list[ToolSpecification], list[ToolSpecification], list[str]]:
    """Our tools, those of others, and which were left out: none of others may stand for one of
    ours, nor say that it comes from elsewhere than it does."""
    own = list(builtin_tools())
    taken = {tool.tool_id for tool in own}
    foreign, notes = [], []
    pairs = [("mcp", tool) for tool in found.tools] + [("agent", tool) for tool in registered]
    for kind, tool in pairs:
        if tool.tool_id in taken:
            notes.append(f"a second tool with the id {tool.tool_id!r} was left out")
        elif not _is_honest(kind, tool):
            notes.append(f"the tool {tool.tool_id!r} was left out: its id or source is not its own")
        else:
            taken.add(tool.tool_id)
            foreign.append(tool)
    return own, foreign, notes


def _is_honest(kind: str, tool: ToolSpecification) -> bool:
    source, _, name = tool.source.partition(":")
    if source != kind or not name:
        return False
    is_its_own = kind != "mcp" or tool.tool_id.startswith(f"{name}.")
    return is_its_own and tool.agent_type == _AGENT_OF.get(kind, tool.agent_type)


def _permitted(tool: ToolSpecification, judged: Judged) -> ToolSpecification:
    if tool.permission is judged.permission:
        return tool
    return tool.model_copy(update={"permission": judged.permission})


def _problem_notes(problem: str, rules: Rules) -> list[str]:
    if not problem:
        return []
    closed = "no tool of others runs and nothing is published"
    so = closed if rules.is_closed else "what it said before holds"
    return [f"{problem}; until it is mended {so}"]


def _changed_notes(changed: Sequence[str]) -> list[str]:
    return [f"{name!r} is not the tool that was allowed any more, so it asks" for name in changed]


def _server_notes(found: Found) -> Iterable[str]:
    """The servers whose tools are missing; of the others nothing has to be said."""
    for server in found.servers:
        if server.state != "ready":
            why = f": {server.reason}" if server.reason else ""
            yield f"the server {server.name!r} is {server.state}{why}"


def _left_out(number: int) -> list[str]:
    if number == 0:
        return []
    are = "tool of others was" if number == 1 else "tools of others were"
    return [f"{number:,} {are} left out, which fit the request less"]
