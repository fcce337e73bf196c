"""A task in a world where anything may come at any time: chosen by bytes, so that hypothesis can
search for a history that breaks a rule, and shorten it.
"""

from collections.abc import Callable

from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.state import OpenCommand
from streams.domain.values import Channel, ExecutionPhase, Json
from streams.domain.waiting import next_timer, waits
from tests.domain.samples import TOOLS, intent, plan, scores, step
from tests.domain.story import Story

RUNNERS = ("r1", "r2", "")
PLANS = (
    plan(step("facts", "analyze"), step("post", "write", "facts")),
    plan(
        step("facts", "analyze", quality_threshold=0.8),
        step("news", "research", is_optional=True, is_repeatable=False),
        step(
            "post",
            "write",
            "facts",
            "news",
            is_repeatable=False,
            alternatives=[{"tool_id": "write_plainly", "agent_type": "content"}],
        ),
    ),
    plan(
        step("found", "crm.find", is_optional=True),
        step(
            "post",
            "crm.note",
            "found",
            alternatives=[{"tool_id": "crm.find", "agent_type": "mcp"}],
        ),
    ),
    plan(step("post", "nothing_known")),
)
PLANS_THAT_RUN = 3
SETTINGS: tuple[Json, ...] = (
    {"max_attempts": 2},
    {"max_attempts": 1, "is_auto_approved": True},
    {"max_questions": 1, "max_retries": 1},
    {"deadline": 1_790_000_400_000},
)


class World(Story):
    """A story that begins as its number says, and goes on as bytes choose."""

    def __init__(self, start: int) -> None:
        super().__init__(channels=("linkedin", "twitter"))
        settings = SETTINGS[start % len(SETTINGS)]
        self.answers[CommandKind.PLAN_WORKFLOW] = PLANS[start // 20 % PLANS_THAT_RUN].as_json
        self._of_step: dict[str, object] = {"agent_type": "content", "action": "write"}
        match start // 4 % 5:
            case 0:
                self.when(i.DispatchCommand, settings=settings, **self._of_step)
            case 1:
                channel = {"channel": Channel.LINKEDIN}
                self.when(i.DispatchCommand, settings=settings, **self._of_step, **channel)
            case 2:
                self.agreed(ExecutionPhase.APPROVAL, **settings)
                if self.state.approval.decision is None:
                    self.approved()
            case 3:
                self.agreed(ExecutionPhase.EXECUTION, **settings)
            case _:
                self.submitted(settings=settings)

    def agreed(self, phase: ExecutionPhase, **settings: object) -> None:
        """All went well until this phase, and people said yes to every tool that asked first."""
        self.reached(ExecutionPhase.DELEGATION, **settings).done(CommandKind.PLAN_WORKFLOW)
        for question_id in list(self.state.questions):
            self.when(i.AnswerQuestion, question_id=question_id, answer="allow")
        self.reached(phase)

    def live(self, choices: bytes) -> "World":
        """Let things happen: of two bytes, one chooses what, the other which."""
        for what, which in zip(choices[::2], choices[1::2], strict=False):
            ACTIONS[what % len(ACTIONS)](self, which)
        return self

    def pick(self, which: int) -> OpenCommand | None:
        """One of the open commands."""
        found = list(self.state.commands.values())
        return found[which % len(found)] if found else None


def _good(world: World, which: int) -> None:
    command = world.pick(which)
    if command is not None:
        world.done(command)


def _unheld(world: World, which: int) -> None:
    """A result by anybody, for any attempt, of any shape."""
    command = world.pick(which)
    if command is None:
        return
    outputs = (world.answers[command.issued.kind], {"broken": 1}, _other(command, which))
    world.when(
        i.ReportResult,
        command_id=command.issued.command_id,
        attempt=(None, command.issued.attempt, 1)[which % 3],
        runner=RUNNERS[which // 3 % 3],
        output=outputs[which // 9 % 3],
    )


def _other(command: OpenCommand, which: int) -> Json:
    match command.issued.kind:
        case CommandKind.PARSE_INTENT:
            says = ({"question": {"text": "Which quarter?"}}, {"refusal": "no"})[which % 2]
            return intent("linkedin", **says)
        case CommandKind.PLAN_WORKFLOW:
            return PLANS[which % len(PLANS)].as_json
        case CommandKind.ASSESS_QUALITY:
            return scores((0.3, 0.6, 0.95)[which % 3], *["accuracy"] * (which // 3 % 2)).as_json
        case CommandKind.DISCOVER_TOOLS:
            return {"version": "2", "tools": [TOOLS[0].as_json]}
        case _:
            return {"broken": 1}


def _failure(world: World, which: int) -> None:
    command = world.pick(which)
    if command is not None:
        attempt = (None, command.issued.attempt, 1)[which // 5 % 3]
        retry, doubt = bool(which % 3), bool(which % 2)
        world.failed(
            command,
            runner=command.runner or RUNNERS[which // 15 % 3],
            attempt=attempt,
            is_retryable=retry,
            is_uncertain=doubt,
            progress={"parts": which} if which % 7 == 0 else {},
        )


def _claim(world: World, which: int) -> None:
    command = world.pick(which)
    if command is not None:
        world.claimed(command, RUNNERS[which % 2])


def _door(world: World, which: int) -> None:
    command = world.pick(which)
    if command is not None:
        world.let_through(command, RUNNERS[which % 2], is_key_enforced=not which % 4)


def _decide(world: World, which: int) -> None:
    number = world.state.approval.round if world.state.approval else which
    channels = (None, (), (Channel.LINKEDIN,), (Channel.EMAIL,))[which // 2 % 4]
    world.when(i.DecideApproval, round=number, is_approved=which % 5 != 0, channels=channels)


def _revise(world: World, which: int) -> None:
    world.when(i.ReviseRequest, feedback=f"shorter {which % 3}")


def _answer(world: World, which: int) -> None:
    question_id = next(iter(world.state.questions), "question-1")
    said = ("done", "not done", "Q4", "allow", "deny", "allow")[which % 6]
    world.when(i.AnswerQuestion, question_id=question_id, answer=said)


def _timer(world: World, which: int) -> None:
    if next_timer(world.state) is not None:
        found = waits(world.state)
        world.timer(found[which % len(found)].kind)


def _again(world: World, which: int) -> None:
    world.now += 1
    world.hear(world.inputs[which % len(world.inputs)])


def _late(world: World, which: int) -> None:
    """A report about a command that is over."""
    over = list(world.state.finished)
    if over:
        command_id, runner = over[which % len(over)], RUNNERS[which % 3]
        world.when(i.ReportResult, command_id=command_id, runner=runner, attempt=1, output={})


def _people(world: World, which: int) -> None:
    match which % 8:
        case 6 | 7:
            _operate(world, which)
        case 0:
            world.when(i.CancelTask)
        case 1 | 2:
            world.when(i.RetryTask)
        case 3:
            world.when(i.RecordFeedback, feedback_id=f"f{which % 4}")
        case 4:
            world.when(i.RecordEngagement, engagement_id=f"e{which % 4}", metrics={"views": 1})
        case _:
            values = ({"max_retries": 1}, {"max_retries": -1}, {"is_auto_approved": True})
            world.when(i.ChangeSettings, values=values[which % 3])


def _operate(world: World, which: int) -> None:
    """An operator, about a command that is open or over."""
    names = [*world.state.commands, *world.state.finished]
    if names:
        kind = (i.CancelCommand, i.RetryCommand)[which // 8 % 2]
        world.when(kind, command_id=names[which // 16 % len(names)])


ACTIONS: tuple[Callable[[World, int], None], ...] = (
    _good,
    _unheld,
    _good,
    _failure,
    _good,
    _claim,
    _good,
    _door,
    _decide,
    _good,
    _revise,
    _answer,
    _timer,
    _again,
    _late,
    _people,
)
