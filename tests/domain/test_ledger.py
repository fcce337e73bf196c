"""The ledger: never more than a limit, whatever comes in whatever order, and each cent told."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from streams.decider import decide
from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.budget import (
    BudgetNeed,
    BudgetScope,
    day_of,
    end_of,
    in_dollars,
    is_ledger,
    ledger_id,
    micros,
    shown,
)
from streams.domain.errors import Undecidable, UnknownTask
from streams.domain.ledger import REMEMBERED, Ledger, Sums
from streams.domain.state import STATE, Life, TaskState
from streams.domain.status import status_of
from streams.domain.waiting import WaitKind, waits
from streams.envelope import read_body
from tests.domain.money import DAY, HELD, LEDGER, book, reserve, settle
from tests.domain.samples import NOW
from tests.domain.story import Like, Story

LIMITED = {"limits": {"tenant": 100}}


def ledger() -> Story:
    return Story(LEDGER)


class TestReserving:
    """The money is held before a call, or the call is refused."""

    def test_a_call_within_all_limits_gets_its_money(self) -> None:
        story = reserve(ledger(), "a", 60, limits={"task": 60, "principal": 60, "tenant": 60})

        story.then(Like(e.BudgetReserved, amount=60, over=(), is_approved=False))
        assert book(story).total == Sums(reserved=60, calls=1)
        assert book(story).tasks == {"t": Sums(reserved=60, calls=1)}
        assert book(story).principals == {"ann": Sums(reserved=60, calls=1)}

    @pytest.mark.parametrize("scope", ["task", "principal", "tenant"])
    def test_a_call_that_would_pass_a_limit_is_refused_and_told_why(self, scope: str) -> None:
        story = settle(reserve(ledger(), "a", 60), "a", 40)
        reserve(story, "b", 30)

        reserve(story, "c", 31, limits={scope: 100})

        need = {"scope": scope, "limit": 100, "spent": 40, "reserved": 30, "estimate": 31}
        story.then(Like(e.BudgetRefused, need=BudgetNeed(action="stop", **need)))
        (refused,) = story.events
        assert "$0.00004 is spent and $0.00003 held" in refused.reason
        assert "leaves $0.00003; this call may cost $0.000031" in refused.reason
        assert book(story).total == Sums(40, 30, calls=2, refused=1)
        assert [(one.for_task, one.need.scope) for one in book(story).stopped] == [("t", scope)]

    def test_the_last_bit_can_be_spent(self) -> None:
        story = reserve(ledger(), "a", 60, **LIMITED)

        reserve(story, "b", 40, **LIMITED).then(Like(e.BudgetReserved, amount=40))
        reserve(story, "c", 1, **LIMITED).then(Like(e.BudgetRefused))

    def test_what_costs_nothing_is_never_refused(self) -> None:
        story = settle(reserve(ledger(), "a", 60, **LIMITED), "a", 150)

        reserve(story, "b", 0, **LIMITED).then(Like(e.BudgetReserved, amount=0, over=()))

    def test_others_have_limits_of_their_own(self) -> None:
        limits = {"task": 100, "principal": 100}
        story = reserve(ledger(), "a", 100, limits=limits)

        reserve(story, "b", 100, limits=limits, for_task="u").then(Like(e.BudgetRefused))
        ben = {"for_task": "u", "for_principal": "ben"}
        reserve(story, "c", 100, limits=limits, **ben).then(Like(e.BudgetReserved))

    def test_the_same_call_asks_again_without_a_second_reservation(self) -> None:
        story = reserve(ledger(), "a", 60, **LIMITED)

        reserve(story, "a", 60, **LIMITED).then_nothing()
        reserve(settle(story, "a", 10), "a", 60, **LIMITED).then_nothing()
        reserve(story, "b", 91, **LIMITED).then(Like(e.BudgetRefused))
        reserve(story, "b", 10, **LIMITED).then_nothing()

    def test_audit_only_notes_that_a_limit_is_passed(self) -> None:
        story = reserve(ledger(), "a", 101, mode="audit", **LIMITED)

        story.then(Like(e.BudgetReserved, over=(BudgetScope.TENANT,), is_approved=False))


class TestAsking:
    """A human can allow what passes a limit, as much as was shown and no more."""

    def test_a_refusal_says_that_a_human_may_allow_it(self) -> None:
        story = reserve(ledger(), "a", 101, mode="ask", **LIMITED)

        (refused,) = story.events
        assert (refused.need.action, refused.need.left) == ("ask", 100)

    def test_what_was_allowed_passes_once(self) -> None:
        story = ledger()
        yes = {"mode": "ask", "command_id": "t.4", "approved": 101, **LIMITED}

        first = reserve(story, "a", 101, **yes).events
        second = reserve(story, "b", 101, **yes).events

        assert first[0].is_approved
        assert second[0].need.action == "ask"

    def test_what_an_allowed_call_did_not_need_can_be_used_by_its_next_attempt(self) -> None:
        story = ledger()
        yes = {"mode": "ask", "command_id": "t.4", "approved": 101, **LIMITED}
        settle(reserve(story, "a", 101, **yes), "a", 0)

        reserve(story, "b", 101, **yes).then(Like(e.BudgetReserved, is_approved=True))

    def test_nobody_can_allow_what_is_to_be_stopped(self) -> None:
        reserve(ledger(), "a", 101, approved=101, **LIMITED).then(
            Like(e.BudgetRefused, reservation_id="a")
        )

    @pytest.mark.parametrize("mode", ["audit", "ask", "stop"])
    def test_a_dear_call_needs_a_yes_in_every_mode(self, mode: str) -> None:
        dear = {"mode": mode, "limits": {"call": 50}}
        story = reserve(ledger(), "a", 51, **dear)

        assert (story.events[0].need.action, story.events[0].need.scope) == ("ask", "call")
        assert "a human must allow" in story.events[0].reason
        reserve(story, "b", 50, **dear).then(Like(e.BudgetReserved, over=()))
        reserve(story, "c", 51, approved=51, **dear).then(
            Like(e.BudgetReserved, over=(BudgetScope.CALL,), is_approved=True)
        )


class TestWaiting:
    """Where only money that is held for others is in the way, a call may ask again."""

    def test_it_is_told_to_wait_and_nobody_counts_that(self) -> None:
        story = settle(reserve(ledger(), "a", 60), "a", 20)
        reserve(story, "b", 60)

        reserve(story, "c", 30, can_wait=True, **LIMITED)

        assert story.events[0].need.action == "wait"
        assert (book(story).total.refused, book(story).stopped) == (0, ())
        settle(story, "b", 10)
        reserve(story, "c", 30, can_wait=True, **LIMITED).then(Like(e.BudgetReserved))

    @pytest.mark.parametrize(("mode", "action"), [("stop", "stop"), ("ask", "ask")])
    def test_it_is_told_at_once_where_waiting_is_in_vain(self, mode: str, action: str) -> None:
        story = settle(reserve(ledger(), "a", 80), "a", 80)

        reserve(story, "b", 30, can_wait=True, mode=mode, **LIMITED)

        assert story.events[0].need.action == action

    def test_in_mode_audit_nothing_waits(self) -> None:
        story = reserve(ledger(), "a", 80)

        reserve(story, "b", 30, can_wait=True, mode="audit", **LIMITED).then(Like(e.BudgetReserved))


class TestSettling:
    """What was really spent takes the place of what was held."""

    def test_what_was_not_needed_is_free_again(self) -> None:
        story = settle(reserve(ledger(), "a", 60, **LIMITED), "a", 10)

        story.then(e.BudgetSettled(reservation_id="a", actual=10))
        assert book(story).total == Sums(spent=10, calls=1)
        reserve(story, "b", 90, **LIMITED).then(Like(e.BudgetReserved))

    def test_what_was_spent_above_the_estimate_is_told_and_blocks_what_comes(self) -> None:
        story = settle(reserve(ledger(), "a", 60, **LIMITED), "a", 130)

        story.then(e.BudgetSettled(reservation_id="a", actual=130, excess=70))
        assert (book(story).total.spent, book(story).excess) == (130, 70)
        reserve(story, "b", 1, **LIMITED).then(Like(e.BudgetRefused))

    def test_only_the_first_word_counts(self) -> None:
        story = settle(reserve(ledger(), "a", 60), "a", 10)

        settle(story, "a", 50).then_nothing()
        settle(story, "never-reserved", 50).then_nothing()
        settle(ledger(), "a", 1).then_nothing()

    def test_money_of_which_nobody_tells_counts_as_spent_in_full(self) -> None:
        story = reserve(ledger(), "a", 60, **LIMITED).timer(WaitKind.LEDGER)

        story.then(e.BudgetExpired(reservation_id="a", amount=60))
        assert book(story).total == Sums(spent=60, calls=1)
        reserve(story, "b", 41, **LIMITED).then(Like(e.BudgetRefused))

    @pytest.mark.parametrize(("actual", "excess"), [(10, 0), (60, 0), (75, 15)])
    def test_a_late_word_corrects_that(self, actual: int, excess: int) -> None:
        story = reserve(ledger(), "a", 60, **LIMITED).timer(WaitKind.LEDGER)

        settle(story, "a", actual).then(
            e.BudgetSettled(reservation_id="a", actual=actual, excess=excess, is_late=True)
        )
        assert book(story).total == Sums(spent=actual, calls=1)
        settle(story, "a", actual).then_nothing()

    def test_reservations_end_each_in_its_time(self) -> None:
        story = reserve(ledger(), "a", 60, holds_for=9_000)
        reserve(story, "b", 10)

        story.timer().then(e.BudgetExpired(reservation_id="b", amount=10))
        assert list(book(story).held) == ["a"]

    def test_a_fold_survives_what_no_core_decides(self) -> None:
        unknown = (
            e.BudgetSettled(reservation_id="x", actual=1),
            e.BudgetExpired(reservation_id="x", amount=1),
        )

        assert ledger().given(*unknown).state.ledger is None
        assert book(reserve(ledger(), "a", 5).given(*unknown)).total == Sums(reserved=5, calls=1)


class TestDays:
    """A task that lives longer than its day pays in two ledgers."""

    def test_its_own_limit_is_kept_where_it_began(self) -> None:
        story = settle(reserve(ledger(), "a", 60), "a", 60)
        limits = {"task": 100, "tenant": 60}

        reserve(story, "b", 40, part="task", limits=limits).then(Like(e.BudgetReserved, over=()))

        assert book(story).of_task("t") == Sums(60, 40, calls=2)
        assert book(story).total == Sums(60, calls=1)
        reserve(story, "c", 1, part="task", limits=limits).then(Like(e.BudgetRefused))

    def test_the_days_limits_are_kept_on_the_day(self) -> None:
        limits = {"task": 1, "call": 1, "principal": 60}

        story = reserve(ledger(), "a", 60, part="day", limits=limits)

        story.then(Like(e.BudgetReserved, over=()))
        reserve(story, "b", 1, part="day", limits=limits).then(Like(e.BudgetRefused))

    def test_when_its_day_is_long_over_the_ledger_leaves_memory_and_can_go_on(self) -> None:
        story = settle(reserve(ledger(), "a", 60), "a", 50)
        assert story.state.life is Life.ABSENT

        story.timer().then(e.LedgerClosed())

        assert day_of(story.now) > DAY
        assert story.state.life is Life.CLOSED
        assert waits(story.state) == []
        reserve(story, "b", 7, part="task")
        assert story.state.life is Life.ABSENT
        assert book(story).of_task("t").reserved == 7
        story.only_timers()
        assert book(story).of_task("t").spent == 57

    def test_an_early_timer_changes_nothing(self) -> None:
        story = reserve(ledger(), "a", 60)
        name = waits(story.state)[0].timer_id

        story.when(i.TimerFired, timer_id=name).then_nothing()

    def test_a_reservation_that_ends_after_the_day_closes_it_only_afterwards(self) -> None:
        story = reserve(ledger(), "a", 60, holds_for=5 * 86_400_000).timer()

        story.then(e.BudgetExpired(reservation_id="a", amount=60))
        story.timer().then(e.LedgerClosed())


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-32", "today", "", "20260101"])
def test_a_day_that_is_none_is_no_input(day: str) -> None:
    with pytest.raises(ValidationError):
        reserve(ledger(), "a", 1, day=day)


class TestApart:
    """A ledger is no task, and no task is a ledger."""

    @pytest.mark.parametrize(
        ("kind", "fields"),
        [
            (i.SubmitRequest, {"request": "x"}),
            (i.ChangeSettings, {"values": {}}),
            (i.CancelTask, {}),
        ],
    )
    def test_what_is_for_tasks_does_not_reach_a_ledger(self, kind: Any, fields: Any) -> None:
        with pytest.raises(Undecidable, match="is that of a ledger"):
            ledger().when(kind, **fields)

    def test_money_is_not_asked_of_a_task(self) -> None:
        with pytest.raises(Undecidable, match="is no ledger's"):
            reserve(Story("t"), "a", 1)

    def test_a_timer_of_a_ledger_that_does_not_exist_is_unknown(self) -> None:
        with pytest.raises(UnknownTask):
            ledger().when(i.TimerFired, timer_id="day:x")

    def test_its_state_comes_back_from_its_json(self) -> None:
        story = reserve(settle(reserve(ledger(), "a", 60), "a", 50), "b", 5)

        assert STATE.validate_json(STATE.dump_json(story.state)) == story.state
        assert status_of(story.state) == "processing"


class TestAmounts:
    """Millionths of a dollar, exact."""

    @given(st.integers(0, 10**13))
    @settings(max_examples=200, deadline=None, database=None)
    def test_an_amount_comes_back_from_dollars(self, amount: int) -> None:
        assert micros(in_dollars(amount)) == amount

    @pytest.mark.parametrize(
        ("dollars", "amount"),
        [(0.1 + 0.2, 300_000), (0.0000001, 1), (0.0, 0), (-1.0, 0), (1.5, 1_500_000)],
    )
    def test_what_is_smaller_than_the_unit_counts_as_one(self, dollars: float, amount: int) -> None:
        assert micros(dollars) == amount

    @pytest.mark.parametrize(
        ("amount", "text"),
        [
            (0, "$0.00"),
            (1, "$0.000001"),
            (1_500_000, "$1.50"),
            (4_567_890_000, "$4,567.89"),
        ],
    )
    def test_people_see_dollars(self, amount: int, text: str) -> None:
        assert shown(amount) == text

    def test_any_tenants_name_makes_an_id(self) -> None:
        assert ledger_id("acme", DAY) == f"ledger.acme.{DAY}"
        odd = [ledger_id(name, DAY) for name in ("Größe & Söhne", "x" * 500, "", "a b")]
        assert len(set(odd)) == 4
        assert all(is_ledger(each) and len(each) < 192 for each in odd)
        assert not is_ledger("growth-post")


AMOUNT = st.integers(0, 60)
STEP = st.one_of(
    st.tuples(
        st.just("reserve"),
        st.integers(0, 8),  # few names, so that calls are repeated
        AMOUNT,
        st.sampled_from(["whole", "task", "day"]),
        st.integers(0, 2),
    ),
    st.tuples(st.just("settle"), st.integers(0, 8), st.integers(0, 100)),
    st.tuples(st.just("tick"), st.integers(1, 3 * HELD)),
    st.tuples(st.just("repeat"), st.integers(0, 10)),
)


class _Book:
    """Sums kept in the simplest way, from the events alone."""

    def __init__(self, events: list[Any]) -> None:
        self.asked: dict[str, Any] = {}
        self.cost: dict[str, int] = {}
        for event in events:
            match event:
                case e.BudgetReserved(reservation_id=name, amount=amount):
                    assert name not in self.asked
                    self.asked[name], self.cost[name] = event, amount
                case e.BudgetSettled(reservation_id=name, actual=actual):
                    self.cost[name] = actual

    def total(self, **wanted: Any) -> int:
        """What is spent or held by all reservations with these fields, all of it."""
        return sum(
            self.cost[name]
            for name, asked in self.asked.items()
            if all(getattr(asked, field) in value for field, value in wanted.items())
        )


@given(st.lists(STEP, max_size=40))
@settings(max_examples=150, deadline=None, database=None)
def test_no_interleaving_passes_a_limit_and_the_sums_are_those_of_the_events(steps: Any) -> None:
    story = ledger()
    limits = {"task": 90, "principal": 120, "tenant": 150}
    for kind, *said in steps:
        match kind:
            case "reserve":
                number, amount, part, who = said
                owner = {"for_task": f"t{who}", "for_principal": f"p{who // 2}"}
                reserve(story, f"r{number}", amount, part=part, limits=limits, **owner)
            case "settle":
                settle(story, f"r{said[0]}", min(said[1], _amount(story, f"r{said[0]}")))
            case "tick":
                _pass_time(story, said[0])
            case _ if story.inputs:
                again = story.inputs[said[0] % len(story.inputs)]
                if isinstance(again, i.ReserveBudget | i.SettleBudget):
                    story.hear(again.model_copy(update={"at": story.now}))
        _check(story, limits)
    assert story.refolded() == story.state


def _amount(story: Story, name: str) -> int:
    known = story.state.ledger or Ledger()
    held = known.held.get(name) or known.expired.get(name)
    return held.amount if held else 0


def _pass_time(story: Story, milliseconds: int) -> None:
    until = story.now + milliseconds
    while (wait := next(iter(waits(story.state)), None)) and wait.until <= until:
        story.timer()
    story.now = until


def _check(story: Story, limits: dict[str, int]) -> None:
    known = story.state.ledger or Ledger()
    told = _Book([event for _, event in story.history])
    today = ("whole", "day")
    assert known.total.spent + known.total.reserved == told.total(part=today)
    assert known.total.spent + known.total.reserved <= limits["tenant"]
    for who, sums in known.principals.items():
        assert sums.spent + sums.reserved == told.total(part=today, for_principal=(who,))
        assert sums.spent + sums.reserved <= limits["principal"]
    for task in {*known.tasks, *known.later}:
        sums = known.of_task(task)
        own = told.total(for_task=(task,), part=("whole", "task"))
        day = told.total(for_task=(task,), part=("day",))
        assert sums.spent + sums.reserved == own + day
        assert own <= limits["task"]
    assert known.total.reserved == sum(h.amount for h in known.held.values() if h.part != "task")
    assert len(set(known.ended)) == len(known.ended)


def test_the_state_stays_small_however_many_calls_there_are() -> None:
    story = ledger()
    for number in range(3 * REMEMBERED):
        name = f"r{number}"
        reserve(story, name, 1, limits={"tenant": 2 * REMEMBERED}, for_task=f"t{number % 5}")
        if number % 2:
            settle(story, name, 1)
        else:
            _pass_time(story, HELD + 1)

    known = book(story)
    assert len(known.ended) == REMEMBERED
    assert len(known.expired) <= REMEMBERED
    assert len(known.stopped) <= REMEMBERED
    assert known.total.spent == 2 * REMEMBERED
    assert known.total.refused == REMEMBERED
    assert len(known.tasks) == 5


def test_the_same_input_decides_the_same() -> None:
    story = reserve(ledger(), "a", 60, **LIMITED)

    again = decide(story.inputs[0], TaskState(task_id=LEDGER), NOW + 1)

    assert again.events == story.events
    assert (
        read_body(again.events[0].type, again.events[0].model_dump_json().encode())
        == (again.events[0])
    )


@pytest.mark.parametrize("day", ["2026-01-31", "2028-02-29", "2026-12-31"])
def test_a_day_ends_where_the_next_one_begins(day: str) -> None:
    assert day_of(end_of(day) - 1) == day
    assert day_of(end_of(day)) != day
