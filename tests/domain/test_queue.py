"""The command queue: claims, leases, attempts, late reports, and the door before effects."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.decider import outstanding
from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.values import Channel, ExecutionPhase
from streams.domain.waiting import WaitKind
from streams.phases.decision import backoff
from tests.domain.samples import intent
from tests.domain.story import Like, Story

PARSE = CommandKind.PARSE_INTENT
LINKEDIN = Channel.LINKEDIN


def waiting(**settings: object) -> Story:
    return Story().submitted(settings=settings)


def posting() -> Story:
    return Story(channels=("linkedin",)).shown().approved()


class TestClaims:
    """A command is held by one runner for a time."""

    def test_a_runner_holds_a_command_until_its_lease_ends(self) -> None:
        story = waiting().claimed(PARSE, "r1", lease=500)

        story.then(
            e.CommandClaimed(command_id="t.1", attempt=1, runner="r1", lease_until=story.now + 500)
        )

    def test_nobody_else_gets_a_command_that_is_held(self) -> None:
        story = waiting().claimed(PARSE, "r1")

        story.claimed(PARSE, "r2")

        story.then(
            Like(e.InputRefused, reason="the command is held by 'r1'", by="r2", subject="t.1")
        )
        story.claimed(PARSE, "r2").then_nothing()

    def test_the_holder_gets_more_time_but_never_less(self) -> None:
        story = waiting().claimed(PARSE, "r1", lease=500)

        story.claimed(PARSE, "r1", lease=100).then_nothing()
        story.claimed(PARSE, "r1", lease=498).then_nothing()
        story.claimed(PARSE, "r1", lease=900)

        story.then(e.LeaseExtended(command_id="t.1", runner="r1", lease_until=story.now + 900))

    def test_what_is_not_open_cannot_be_claimed(self) -> None:
        story = waiting()

        story.when(i.ClaimCommand, command_id="t.9", runner="r1", lease=100)

        story.then(Like(e.InputRefused, reason="the command is not waiting for a runner"))

    @pytest.mark.parametrize("kind", [WaitKind.RETRY, WaitKind.QUESTION])
    def test_neither_a_pause_nor_a_doubt_can_be_claimed(self, kind: WaitKind) -> None:
        story = posting().let_through(LINKEDIN)
        story.failed(LINKEDIN, is_uncertain=kind is WaitKind.QUESTION)

        story.claimed(LINKEDIN, "r2")

        story.then(Like(e.InputRefused, code="conflict"))

    def test_whoever_was_let_through_needs_no_longer_lease(self) -> None:
        story = posting().claimed(LINKEDIN, "r1").let_through(LINKEDIN)

        story.claimed(LINKEDIN, "r1", lease=900_000).then_nothing()
        story.claimed(LINKEDIN, "r2").then_types("input_refused")

    def test_a_command_without_a_taker_fails_its_attempt(self) -> None:
        story = waiting(queue_timeout=300)

        story.timer(WaitKind.CLAIM)

        story.then(
            Like(
                e.CommandFailed,
                attempt=1,
                runner="clock",
                reason="nobody of agents.planner took it in time",
            )
        )

    def test_a_lease_that_ends_without_a_result_fails_its_attempt(self) -> None:
        story = waiting().claimed(PARSE, "r1", lease=300)

        story.timer(WaitKind.LEASE)

        story.then(
            Like(e.CommandFailed, reason="the lease of 'r1' ended without a result", attempt=1)
        )
        assert story.state.commands["t.1"].runner is None

    def test_a_timer_of_a_lease_that_was_extended_ends_nothing(self) -> None:
        story = waiting().claimed(PARSE, "r1", lease=300)
        ended = f"lease:t.1:1:{story.now + 300}"
        story.claimed(PARSE, "r1", lease=900)

        story.when(i.TimerFired, timer_id=ended, after=400).then_nothing()


class TestAttempts:
    """A command that failed is tried again after a pause, so many times."""

    def test_the_next_attempt_comes_after_a_pause(self) -> None:
        story = waiting(retry_base=1_000).failed(PARSE, "overloaded", cost=0.5)
        pause = backoff(1_000, 60_000, "t.1", 1)

        story.then(
            e.CommandFailed(
                command_id="t.1",
                attempt=1,
                reason="overloaded",
                retry_at=story.now + pause,
                cost=0.5,
            )
        )
        story.timer()
        story.then(
            Like(
                e.CommandIssued,
                command_id="t.1",
                attempt=2,
                issued_at=story.now,
                expires_at=story.now + 3_600_000,
            )
        )
        assert story.state.cost == 0.5

    def test_an_agent_may_say_how_long_to_wait(self) -> None:
        story = waiting().failed(PARSE, retry_after=7_000)

        story.then(Like(e.CommandFailed, retry_at=story.now + 7_000))

    def test_after_the_last_attempt_it_has_failed(self) -> None:
        story = waiting(max_attempts=2).failed(PARSE).timer()

        story.failed(PARSE, "broken again")

        story.then_types("command_failed", "task_failed", "phase_started", "command_issued")
        assert story.state.error == "broken again"

    def test_what_cannot_succeed_is_not_tried_again(self) -> None:
        story = waiting().gave_up(PARSE, "no such model")

        story.then(
            Like(e.CommandFailed, retry_at=None),
            Like(e.TaskFailed),
            Like(e.PhaseStarted),
            Like(e.CommandIssued),
        )

    @given(st.integers(0, 10_000), st.integers(0, 100_000), st.text(max_size=9), st.integers(1, 20))
    @settings(max_examples=40, deadline=None, database=None)
    def test_pauses_double_up_to_a_cap_and_keep_at_least_half(
        self, base: int, cap: int, command_id: str, attempt: int
    ) -> None:
        pause = backoff(base, cap, command_id, attempt)

        full = min(cap, base * 2 ** (attempt - 1))
        assert full // 2 <= pause <= full
        assert pause == backoff(base, cap, command_id, attempt)


class TestReports:
    """A result counts once; what comes too late is told so."""

    def test_a_result_of_a_lost_lease_is_refused_and_remembered(self) -> None:
        story = waiting().claimed(PARSE, "r1").timer(WaitKind.LEASE).timer(WaitKind.RETRY)
        story.claimed(PARSE, "r2")

        story.done(PARSE, runner="r1", attempt=1)

        story.then(
            e.InputRefused(
                input_type="report_result.v1",
                by="r1",
                code="lost_lease",
                reason="the lease was lost: 'r2' holds attempt 2",
                subject="t.1 attempt 1",
            )
        )
        story.done(PARSE, runner="r1", attempt=1).then_nothing()

    def test_a_late_result_still_counts_while_nobody_else_holds_the_command(self) -> None:
        story = waiting().claimed(PARSE, "r1").timer(WaitKind.LEASE)

        story.when(i.ReportResult, command_id="t.1", attempt=1, runner="r1", output=intent())

        assert story.state.phase is ExecutionPhase.TOOL_DISCOVERY

    def test_a_late_failure_is_known_already(self) -> None:
        story = waiting().claimed(PARSE, "r1").timer(WaitKind.LEASE)

        story.failed(PARSE, runner="r1", attempt=1).then_nothing()
        story.timer(WaitKind.RETRY).failed(PARSE, runner="r1", attempt=1).then_nothing()

    def test_a_late_result_counts_for_the_next_attempt_if_nobody_holds_it_yet(self) -> None:
        story = waiting().claimed(PARSE, "r1").timer(WaitKind.LEASE).timer(WaitKind.RETRY)

        story.done(PARSE, runner="r1", attempt=1)

        story.then_types("command_completed", "intent_parsed", "phase_started", "command_issued")

    @pytest.mark.parametrize(("runner", "attempt"), [("r1", 1), ("r2", 2), ("r2", None)])
    def test_only_the_holder_of_the_current_attempt_is_heard(
        self, runner: str, attempt: int | None
    ) -> None:
        story = waiting().claimed(PARSE, "r1").timer(WaitKind.LEASE).timer(WaitKind.RETRY)
        story.claimed(PARSE, "r1")

        story.done(PARSE, runner=runner, attempt=attempt)

        story.then(
            Like(e.InputRefused, reason="the lease was lost: 'r1' holds attempt 2", by=runner)
        )

    def test_an_unreadable_result_is_counted_as_one_failed_attempt_only(self) -> None:
        story = waiting().claimed(PARSE, "r1")
        broken = {"output": {"broken": 1}, "attempt": 1, "runner": "r1", "cost": 0.5}
        story.when(i.ReportResult, command_id="t.1", **broken).then_types("command_failed")

        story.when(i.ReportResult, command_id="t.1", **broken).then_nothing()
        story.timer(WaitKind.RETRY)
        story.when(i.ReportResult, command_id="t.1", **broken).then_nothing()

        assert story.state.cost == 0.5
        assert story.open(PARSE).issued.attempt == 2

    def test_an_attempt_that_was_never_made_has_no_result(self) -> None:
        story = waiting().done(PARSE, attempt=2)

        story.then(Like(e.InputRefused, reason="attempt 1 is the current one"))

    def test_a_repeated_result_changes_nothing(self) -> None:
        story = waiting().claimed(PARSE, "r1").done(PARSE)

        story.when(i.ReportResult, command_id="t.1", runner="r1", output={}).then_nothing()
        story.when(
            i.ReportResult, command_id="t.1", runner="r1", attempt=1, output={}
        ).then_nothing()

    def test_a_result_of_an_attempt_that_was_never_accepted_is_no_repeat(self) -> None:
        story = waiting().claimed(PARSE, "r1").done(PARSE)

        story.when(i.ReportResult, command_id="t.1", runner="r1", attempt=2, output={})

        story.then(Like(e.InputRefused, reason="there is no such open command"))

    def test_a_second_result_by_somebody_else_is_refused(self) -> None:
        story = waiting().claimed(PARSE, "r1").done(PARSE)

        story.when(i.ReportResult, command_id="t.1", runner="r2", output={})

        story.then(Like(e.InputRefused, reason="there is no such open command", by="r2"))

    def test_a_failure_after_the_result_is_refused(self) -> None:
        story = waiting().claimed(PARSE, "r1").done(PARSE)

        story.when(i.ReportFailure, command_id="t.1", runner="r2", reason="late")

        story.then(Like(e.InputRefused, code="lost_lease"))

    def test_what_an_attempt_cost_is_added_up(self) -> None:
        story = waiting().failed(PARSE, cost=0.25).timer().done(PARSE, cost=0.5)

        assert story.state.cost == 0.75


class TestDoor:
    """Before an effect that cannot be taken back, a runner asks."""

    def test_a_runner_is_let_through_once_in_an_attempt(self) -> None:
        story = posting().let_through(LINKEDIN, "r1")

        story.let_through(LINKEDIN, "r1").then_nothing()
        story.let_through(LINKEDIN, "r2")

        story.then(
            Like(
                e.InputRefused,
                reason="'r1' was let through",
                by="r2",
                subject="t.8 attempt 1",
            )
        )

    def test_the_runner_that_holds_the_command_goes_first(self) -> None:
        story = posting().claimed(LINKEDIN, "r1")

        story.let_through(LINKEDIN, "r2")

        story.then(Like(e.InputRefused, reason="the command is held by 'r1'"))
        story.let_through(LINKEDIN).then_types("effect_granted")

    def test_only_the_current_attempt_is_let_through(self) -> None:
        story = posting()

        story.let_through(LINKEDIN, attempt=2)

        story.then(Like(e.InputRefused, reason="attempt 1 is the current one"))

    def test_nothing_is_let_through_during_a_pause(self) -> None:
        story = posting().failed(LINKEDIN)

        story.let_through(LINKEDIN)

        story.then(Like(e.InputRefused, reason="the command is not open"))

    def test_nothing_is_let_through_while_it_is_in_doubt(self) -> None:
        story = posting().let_through(LINKEDIN).failed(LINKEDIN, is_uncertain=True)

        story.let_through(LINKEDIN)

        story.then(Like(e.InputRefused, reason="the command is not open"))

    def test_what_is_not_open_is_not_let_through(self) -> None:
        story = posting()

        story.when(i.RequestEffect, command_id="t.99", attempt=1, runner="r1")

        story.then(Like(e.InputRefused, reason="the command is not open"))

    def test_what_may_be_repeated_needs_no_door(self) -> None:
        story = waiting().let_through(PARSE)

        story.then(
            Like(
                e.InputRefused,
                reason="the command may be repeated: it can be done without asking",
            )
        )

    def test_a_receipt_without_having_asked_is_refused(self) -> None:
        story = posting()

        story.when(i.ReportResult, command_id="t.8", output={"reference": "1"})

        story.then(
            Like(
                e.InputRefused,
                reason="nobody was let through the door: ask with RequestEffect before acting",
            )
        )

    def test_a_grant_ends_only_at_its_time(self) -> None:
        story = posting().let_through(LINKEDIN)

        story.when(i.TimerFired, timer_id="grant:t.8:1").then_nothing()


def test_a_new_owner_hands_out_what_nobody_holds() -> None:
    story = Story(channels=("linkedin", "twitter", "email")).shown().approved()
    assert [c.channel for c in outstanding(story.state)] == ["linkedin", "twitter", "email"]

    story.claimed(LINKEDIN).failed(Channel.TWITTER)
    assert [c.channel for c in outstanding(story.state)] == ["email"]

    story.let_through(Channel.EMAIL).failed(Channel.EMAIL, is_uncertain=True)
    assert outstanding(story.state) == []
