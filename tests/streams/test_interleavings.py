"""Two workers that both believe they own a partition, in every order, with two versions of the
core."""

from dataclasses import replace

import pytest

from agents.echo import echo_agents
from agents.runner import Runner
from streams.batch import Answer, Arrival
from streams.conductor import Conductor
from streams.decider import Core, decide
from streams.domain.events import FeedbackRecorded
from streams.domain.inputs import CancelTask, Input, RecordFeedback, ReportResult, SubmitRequest
from streams.domain.state import TaskState
from streams.domain.values import Milliseconds
from streams.envelope import input_record
from streams.memory import MemoryLog
from streams.phases.decision import Decision
from tests.streams.interleavings import (
    Model,
    Violation,
    WithoutFence,
    WithoutStubs,
    WithStaleMemory,
    now,
)

SALT = "0" * 32


def submit(task_id: str, input_id: str) -> SubmitRequest:
    return SubmitRequest(input_id=input_id, task_id=task_id, at=1, salt=SALT, request="echo")


def decide_with_a_remark(given: Input, state: TaskState, at: Milliseconds) -> Decision:
    """Another version of the core: it says one thing more."""
    decision = decide(given, state, at)
    if decision.events:
        decision.emit(FeedbackRecorded(feedback_id=given.input_id, by="newer core"))
    return decision


OLD, NEW = Core(), Core(decide=decide_with_a_remark)


async def nobody(given: Input) -> Answer:
    raise AssertionError("nothing is sent")


def run_one_to_its_end(log: MemoryLog) -> None:
    """A task named "closed" that has been through all nine phases."""
    conductor = now(Conductor.take_over(log, 0, "before", OLD))
    hands = Runner(echo_agents(), nobody)
    box: list[Input] = [submit("closed", "first")]
    while box:
        records = [input_record(given, 0) for given in box]
        offsets = now(log.append(records))
        arrivals = [
            Arrival(replace(r, offset=o), g) for r, o, g in zip(records, offsets, box, strict=True)
        ]
        now(conductor.load(log, arrivals))
        handled = conductor.handle(arrivals)
        conductor.committed(handled, now(log.commit(conductor.lease, handled.commit)))
        box = [report for c in handled.commands if (report := hands.compute(c)) is not None]
    log.flush_positions()


def three_inputs() -> list[Input]:
    """A request that comes twice, the result of its first command, its cancellation; and a
    repeat to a closed task."""
    intent = {"name": "echo", "action": "echo", "domain": "test"}
    result = ReportResult(
        input_id="result",
        task_id="open",
        at=2,
        salt=SALT,
        command_id="open.1",
        attempt=1,
        output=intent,
    )
    return [
        submit("open", "request"),
        submit("open", "request-again"),
        submit("closed", "repeat"),
        result,
        CancelTask(input_id="cancel", task_id="open", at=3, salt=SALT),
    ]


def test_no_order_of_actions_loses_doubles_or_forks_a_history() -> None:
    worlds = Model((OLD, NEW), batch=1).explore(run_one_to_its_end, three_inputs())

    assert worlds > 1_000


@pytest.mark.parametrize("broken", [WithoutFence, WithStaleMemory, WithoutStubs])
def test_the_model_catches_a_planted_bug(broken: type[Model]) -> None:
    model = broken((OLD, NEW), takeovers=2, batch=1)

    with pytest.raises(Violation):
        model.explore(run_one_to_its_end, three_inputs())


def test_feedback_reaches_a_closed_task_once_in_every_order() -> None:
    remark = RecordFeedback(input_id="remark", task_id="other", at=4, salt=SALT, feedback_id="f1")

    worlds = Model((OLD, NEW), takeovers=2).explore(
        run_one_to_its_end, [submit("other", "request"), remark]
    )

    assert worlds > 100
