"""Whatever comes in whatever order: no task is stranded, nothing counts twice, folds agree."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain import events as e
from streams.domain.commands import CommandKind
from streams.domain.evolve import fold
from streams.domain.state import Life, TaskState
from streams.domain.status import CLOSED
from tests.domain.pool import published
from tests.domain.samples import TOOLS
from tests.domain.simulation import World
from tests.domain.story import Story

STARTS = st.integers(0, 59)
CHOICES = st.binary(max_size=80)
FAST = settings(max_examples=25, deadline=None, database=None)


@given(STARTS, CHOICES, st.integers(0, 200))
@FAST
def test_a_history_folds_to_the_same_state_from_any_place_in_it(
    start: int, choices: bytes, cut: int
) -> None:
    world = World(start).live(choices)

    early = fold(world.history[:cut], TaskState(task_id="t"))

    assert fold(world.history[cut:], early) == world.refolded() == world.state


@given(STARTS, CHOICES)
@FAST
def test_time_alone_ends_every_task(start: int, choices: bytes) -> None:
    world = World(start).live(choices)

    world.only_timers()

    assert world.state.life is Life.CLOSED
    assert world.status in CLOSED
    assert not world.state.commands
    assert not world.state.questions


@given(STARTS, CHOICES)
@FAST
def test_no_result_is_accepted_twice_and_no_attempt_fails_twice(start: int, choices: bytes) -> None:
    world = World(start).live(choices)

    completed = Counter(event.command_id for event in world.all(e.CommandCompleted))
    ended = [(event.command_id, event.attempt) for event in world.all(e.CommandFailed)]
    assert all(times == 1 for times in completed.values())
    assert len(ended) == len(set(ended))


@given(STARTS, CHOICES)
@FAST
def test_no_effect_is_let_through_again_unless_it_is_known_to_have_failed(
    start: int, choices: bytes
) -> None:
    world = World(start).live(choices)
    doubtful: dict[str, e.EffectGranted] = {}
    granted = Counter((g.command_id, g.attempt) for g in world.all(e.EffectGranted))

    assert all(times == 1 for times in granted.values())
    for _, event in world.history:
        match event:
            case e.EffectGranted(command_id=command_id):
                before = doubtful.get(command_id)
                assert before is None or before.is_key_enforced
                doubtful[command_id] = event
            case e.CommandFailed(command_id=command_id):
                doubtful.pop(command_id, None)
            case e.QuestionAnswered(question_id=question_id, answer="not done"):
                doubtful.pop(question_id.removeprefix("effect-").rpartition("-")[0], None)
            case _:
                pass


@given(STARTS, CHOICES)
@FAST
def test_an_input_that_comes_again_at_once_changes_nothing(start: int, choices: bytes) -> None:
    world = World(start).live(choices)
    before = replace(world.state, refused=frozenset())

    world.hear(world.inputs[-1])
    refused = world.events
    world.hear(world.inputs[-1])

    assert all(isinstance(event, e.InputRefused) for event in refused)
    assert world.events == []
    assert replace(world.state, refused=frozenset()) == before


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=12))
@settings(FAST, max_examples=15)
def test_inputs_that_come_again_at_any_time_change_no_outcome(again: list[tuple[int, int]]) -> None:
    plain = published()
    repeats = [(at % len(plain.inputs), which) for at, which in again]
    disturbed = Story(plain.state.task_id)

    for place, given_input in enumerate(plain.inputs):
        disturbed.now = given_input.at
        disturbed.hear(given_input)
        for at, which in repeats:
            if at == place:
                disturbed.hear(plain.inputs[which % (place + 1)])

    assert replace(disturbed.state, refused=frozenset()) == plain.state


@given(STARTS, CHOICES)
@FAST
def test_no_tool_that_asks_first_is_called_before_a_person_has_said_yes(
    start: int, choices: bytes
) -> None:
    world = World(start).live(choices)
    asking = {spec.tool_id for spec in TOOLS if spec.asks_first}
    asked: dict[str, str] = {}
    allowed: set[str] = set()

    for _, event in world.history:
        match event:
            case e.QuestionAsked(question_id=question_id, question=question) if question.tool_id:
                asked[question_id] = question.tool_id
            case e.QuestionAnswered(question_id=question_id, answer="allow", by=by):
                assert by == "ann"
                allowed.add(asked.get(question_id, ""))  # or the answer to another question
            case e.CommandIssued(kind=CommandKind.RUN_STEP, tool_id=tool_id):
                assert tool_id not in asking - allowed
            case _:
                pass


def test_the_simulation_does_ask_and_allow() -> None:
    world = World(52)

    assert {event.answer for event in world.all(e.QuestionAnswered)} == {"allow"}
    assert world.state.life is Life.OPEN
    assert {command.issued.tool_id for command in world.state.commands.values()} == {"crm.find"}
