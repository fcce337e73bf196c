"""A command that is asked for by itself: may it be, can it be done, and is it a repeat?"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import uuid4, uuid5

from agents.tools.joining import Joining
from api.errors import Conflict, Forbidden, UsageError
from api.intake import NAMESPACE, task_settings
from api.orchestrator import Orchestrator, Seen
from api.security import Principal
from api.tool_values import check_inputs
from streams.batch import Answer, Verdict
from streams.clock import new_salt
from streams.domain.commands import Command, CommandKind
from streams.domain.inputs import DispatchCommand
from streams.domain.plan import ToolSpecification
from streams.domain.values import ExecutionPhase, Json, Milliseconds, Permission


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A command that somebody asks for by itself. `timeout` is milliseconds."""

    agent_type: str
    action: str
    payload: Json
    tool_id: str | None = None
    priority: int = 0
    max_attempts: int | None = None
    timeout: Milliseconds | None = None
    is_repeatable: bool | None = None
    task_id: str | None = None


class Dispatching:
    """Makes one-step tasks of commands.

    Args:
        own: the agent types that have an agent in this process.
        tools: all that there are, with the permissions that hold.
    """

    def __init__(self, here: Orchestrator, own: Collection[str], tools: Joining) -> None:
        self._here = here
        self._own = own
        self._tools = tools

    async def dispatch(
        self, wanted: Dispatch, who: Principal, key: str | None = None
    ) -> tuple[Answer, bool]:
        """Make a one-step task of a command; True if it is a repeat.

        Raises:
            Forbidden: the tool may not be used, or not by this principal.
            UsageError: nobody can do it.
            Conflict: the task exists with something else in it.
        """
        tool = self._may_use(wanted, who)
        self._is_known(wanted)
        given = self._dispatched(wanted, who, key, tool)
        answer = await self._here.tell(given)
        if answer.verdict is not Verdict.REPEATED:
            return answer, False
        _check_same(await self._here.look(given.task_id), given, is_by_key=wanted.task_id is None)
        return answer, True

    def _may_use(self, wanted: Dispatch, who: Principal) -> ToolSpecification | None:
        """The tool that is meant, if this principal may use it. Built-in agents find a handler by
        the action where no tool is named, so the action counts as well."""
        tool = self._tools.tool(wanted.tool_id or wanted.action, who.tenant)
        if tool is None:
            if wanted.tool_id is not None:
                self._may_be_unknown(wanted.tool_id, wanted.agent_type)
                _needs_approver(who, f"the tool {wanted.tool_id!r} is not in the catalogue")
            return None
        if tool.agent_type != wanted.agent_type:
            raise UsageError(
                f"the tool {tool.tool_id!r} belongs to agents of type {tool.agent_type!r}",
                pointer="/agent_type",
            )
        refusal = self._tools.refusal(tool.tool_id, who.tenant)
        if refusal:
            raise Forbidden(f"the tool {refusal}", pointer="/tool_id")
        if tool.permission is Permission.ASK or tool.requires_approval:
            _needs_approver(who, f"the tool {tool.tool_id!r} asks a human first")
        check_inputs(tool, wanted.payload)
        return tool

    def _may_be_unknown(self, tool_id: str, agent_type: str) -> None:
        """A tool that is not known just now may be denied all the same."""
        unknown = ToolSpecification(
            tool_id=tool_id, name=tool_id, agent_type=agent_type, source="unknown"
        )
        if self._tools.permissions.judge(unknown).permission is Permission.DENY:
            raise Forbidden(f"the tool {tool_id!r} is denied", pointer="/tool_id")

    def _is_known(self, wanted: Dispatch) -> None:
        """An agent in this process must have a handler for it; what others can do, they know."""
        if wanted.agent_type not in self._own:
            return
        probe = Command(
            command_id="probe",
            task_id="probe",
            kind=CommandKind.RUN_STEP,
            phase=ExecutionPhase.EXECUTION,
            agent_type=wanted.agent_type,
            action=wanted.action,
            tool_id=wanted.tool_id,
            timeout=1,
            issued_at=0,
        )
        if not self._here.runner.knows(probe):
            what = f"the tool {wanted.tool_id!r}" if wanted.tool_id else f"{wanted.action!r}"
            raise UsageError(
                f"the agent {wanted.agent_type!r} here cannot do {what}: `orchestrator tools` "
                f"lists what it can; ORCHESTRATOR_EXTERNAL_AGENTS={wanted.agent_type} leaves its "
                "commands to agents of yours",
                pointer="/tool_id" if wanted.tool_id else "/action",
            )

    def _dispatched(
        self, wanted: Dispatch, who: Principal, key: str | None, tool: ToolSpecification | None
    ) -> DispatchCommand:
        task_id = wanted.task_id or str(
            uuid5(NAMESPACE, f"{who.tenant}\n{key}") if key else uuid4()
        )
        # What is not known to be harmless goes through the door; a command of no tool is what its
        # sender says it is.
        is_harmless = tool.is_repeatable if tool else wanted.tool_id is None
        asked = wanted.is_repeatable
        is_repeatable = is_harmless if asked is None else asked and (tool is None or is_harmless)
        return DispatchCommand(
            input_id=f"dispatch:{uuid4()}",
            task_id=task_id,
            at=self._here.now(),
            salt=new_salt(),
            principal=who.name,
            tenant=who.tenant,
            agent_type=wanted.agent_type,
            action=wanted.action,
            tool_id=wanted.tool_id,
            payload=wanted.payload,
            is_repeatable=is_repeatable,
            priority=wanted.priority,
            max_attempts=wanted.max_attempts,
            timeout=wanted.timeout,
            settings=task_settings(self._here.settings, {}),
        )


def _needs_approver(who: Principal, why: str) -> None:
    if not who.may("approver"):
        raise Forbidden(f"{why}: this needs the role 'approver'", pointer="/tool_id")


def _check_same(seen: Seen, given: DispatchCommand, *, is_by_key: bool) -> None:
    """A repeat must be of the same command, and of the same tenant."""
    known, pointer = seen.state.dispatched, "" if is_by_key else "/task_id"
    if seen.state.tenant != given.tenant:
        raise Conflict(f"the task_id {given.task_id!r} is taken", pointer=pointer)
    names = ("agent_type", "action", "tool_id", "payload", "channel", "is_repeatable", "priority")
    if known is None or any(getattr(known, name) != getattr(given, name) for name in names):
        name = "the Idempotency-Key was used for something else" if is_by_key else "it is taken"
        raise Conflict(
            f"task {given.task_id!r} exists with another content: {name}",
            pointer=pointer,
            code="duplicate",
        )
