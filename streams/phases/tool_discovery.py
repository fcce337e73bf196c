"""TOOL_DISCOVERY: which tools are there?"""

from streams.domain import events as e
from streams.domain.commands import CommandKind
from streams.domain.state import OpenCommand, TaskState
from streams.domain.values import ExecutionPhase, Json
from streams.phases.decision import Decision
from streams.phases.results import Catalogue

PHASE = ExecutionPhase.TOOL_DISCOVERY


def enter(d: Decision) -> ExecutionPhase | None:
    d.emit(e.PhaseStarted(phase=PHASE))
    d.issue(CommandKind.DISCOVER_TOOLS, PHASE)
    return None


def completed(d: Decision, command: OpenCommand, catalogue: Catalogue) -> ExecutionPhase | None:
    d.emit(
        e.ToolsDiscovered(
            catalogue_version=catalogue.version, tools=catalogue.tools, notes=catalogue.notes
        )
    )
    return ExecutionPhase.DELEGATION


def failed(d: Decision, command: OpenCommand, reason: str) -> ExecutionPhase | None:
    return d.fail(PHASE, reason)


def payload(state: TaskState, issued: e.CommandIssued) -> Json:
    return {"intent": state.intent.as_json if state.intent else {}, "tenant": state.tenant}
