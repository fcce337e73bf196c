"""Agents that run elsewhere and poll: what they registered as, kept in a file, and the tools by
which they join the catalogue.

A registration says what an agent can do, never what it may do: its tools ask a human before they
run, whoever registered them, until the user's permissions say otherwise. On loopback every local
process is an administrator, so the role of who registered would prove nothing about what the user
wants.
"""

import json
import logging
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field, TypeAdapter, ValidationError

from streams.clock import wall_clock
from streams.domain.plan import ToolSpecification
from streams.domain.values import Id, Milliseconds, Permission, Score, Value

FILE = "agents.json"
VERSION = 1
LOST_AFTER: Milliseconds = 90_000  # without a sign of life an agent counts as lost
LEFT_OUT_AFTER: Milliseconds = 600_000  # then its tools are left out of new plans
DECLARED_AT_MOST: Score = 0.9  # a success rate that nobody has measured is not believed beyond
SOURCE = "agent:"

logger = logging.getLogger(__name__)


class Registration(Value):
    """What an agent said of itself, and when it was last in touch."""

    name: Id
    tenant: str = "default"
    principal: str = "local"
    agent_types: tuple[Id, ...]
    tools: tuple[ToolSpecification, ...] = ()
    concurrency: int = Field(default=1, ge=1)
    registered_at: Milliseconds
    seen_at: Milliseconds

    @property
    def key(self) -> tuple[str, str]:
        """Its name is its own within a tenant."""
        return self.tenant, self.name


class _File(Value):
    version: int = VERSION
    agents: tuple[Registration, ...] = ()


_FILE: TypeAdapter[_File] = TypeAdapter(_File)


def read_registrations(path: Path) -> tuple[Registration, ...]:
    """All registrations of a file; none if it is not there. One that cannot be read counts as
    empty, since agents register again by themselves."""
    try:
        return _FILE.validate_json(path.read_bytes()).agents
    except FileNotFoundError:
        return ()
    except (OSError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        logger.warning("%s cannot be read and counts as empty: %s", path, reason)
        return ()


def write_registrations(path: Path, registrations: Iterable[Registration]) -> None:
    """Put all registrations into the file, whole or not at all."""
    kept = [each.model_dump(mode="json", exclude_defaults=True) for each in registrations]
    body = json.dumps({"version": VERSION, "agents": kept}, indent=1, ensure_ascii=False)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(body + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def as_offered(tool: ToolSpecification) -> ToolSpecification:
    """A tool as it joins the catalogue: what the agent must not say of itself is set here.

    Its source names the type, not the process: any agent of the type may be handed the work, and
    what a user has allowed must not ask again because a process was started anew.
    """
    return tool.model_copy(
        update={
            "source": f"{SOURCE}{tool.agent_type}",
            "permission": Permission.ASK,
            "runs": 0,
            "success_rate": min(tool.success_rate, DECLARED_AT_MOST),
        }
    )


def registered(
    path: Path, *, tenant: str = "default", now: Milliseconds | None = None
) -> tuple[ToolSpecification, ...]:
    """The tools of a tenant's agents, without those of agents that have been lost for long. Several
    agents may offer the same tool; it is there once, from the one last in touch."""
    moment = wall_clock() if now is None else now
    found: dict[str, ToolSpecification] = {}
    for each in sorted(read_registrations(path), key=lambda r: r.seen_at, reverse=True):
        if each.tenant == tenant and moment - each.seen_at < LEFT_OUT_AFTER:
            for tool in each.tools:
                found.setdefault(tool.tool_id, as_offered(tool))
    return tuple(found[tool_id] for tool_id in sorted(found))


def remarks(
    path: Path, *, tenant: str = "default", now: Milliseconds | None = None
) -> tuple[str, ...]:
    """What must be said about a tenant's agents that are lost."""
    moment = wall_clock() if now is None else now
    lost = [
        each
        for each in read_registrations(path)
        if each.tenant == tenant and each.tools and moment - each.seen_at >= LOST_AFTER
    ]
    return tuple(_remark(each, moment) for each in sorted(lost, key=lambda r: r.name))


def _remark(lost: Registration, moment: Milliseconds) -> str:
    minutes = (moment - lost.seen_at) // 60_000
    so = "its tools are left out" if moment - lost.seen_at >= LEFT_OUT_AFTER else "it may be gone"
    return f"agent {lost.name!r} was last in touch {minutes} min ago: {so}"
