"""Budgets as people meet them: a call over a limit is stopped, asked about, or noted; the day can
be seen at any time; and a thousand calls at once never cost more than the limit.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from agents.contract import Agent, Done, Outcome, Retry, Uncertain
from agents.models.budget import Budgets, LedgerPurse, Refused, Reserved
from agents.paying import Paying
from agents.runner import Runner
from api.budgets import of_day
from streams.batch import Answer, Verdict
from streams.clock import Clock, new_salt, wall_clock
from streams.domain.budget import (
    Account,
    BudgetMode,
    day_of,
    in_dollars,
    is_ledger,
    ledger_id,
    micros,
)
from streams.domain.commands import Command, CommandKind
from streams.domain.events import BudgetRefused, BudgetReserved, BudgetSettled
from streams.domain.inputs import (
    CancelTask,
    DispatchCommand,
    Input,
    RequestEffect,
    ReserveBudget,
    SettleBudget,
)
from streams.domain.ledger import Ledger, Sums
from streams.domain.state import Life, TaskState
from streams.domain.values import DecisionOutcome, ExecutionPhase
from streams.embedded import Embedded
from streams.envelope import read_event
from streams.log import EVENTS
from streams.memory import MemoryLog
from streams.verification import verify_log
from tests.api.serving import Served, serving
from tests.api.terminal import Terminal
from tests.histories.files import states_of
from tests.models.priced import BUY, World, agents
from tests.streams.waiting import until

ESTIMATE = 0.01
QUEUE = "/api/commands/"
DAY_MS = 86_400_000


@asynccontextmanager
async def shop(
    tmp_path: Path, world: World | None = None, *, free: bool = False, **settings: Any
) -> AsyncIterator[Served]:
    """A server whose tasks buy something for at most a cent."""
    made = agents(world or World(ESTIMATE), has_alternative=free)
    async with serving(tmp_path, made, **settings) as served:
        yield served


@asynccontextmanager
async def elsewhere(
    tmp_path: Path, world: World | None = None, **settings: Any
) -> AsyncIterator[Served]:
    """A server whose shop is an agent elsewhere."""
    made = [each for each in agents(world or World(ESTIMATE)) if each.agent_type != "shop"]
    async with serving(tmp_path, made, external_agents="shop", **settings) as served:
        yield served


async def submitted(served: Served) -> str:
    """A task whose step waits for somebody of the shop."""
    answer = await served.http.post("/api/orchestrator/process", json={"request": "buy"})
    task_id: str = answer.json()["task_id"]
    await until(lambda: _is_offered(served, task_id))
    return task_id


def _is_offered(served: Served, task_id: str) -> bool:
    state = served.parts.core.state(task_id)
    commands = state.commands.values() if state else ()
    return any(command.issued.agent_type == "shop" for command in commands)


async def claimed(served: Served) -> list[Any]:
    body = {"agent": "p", "agent_types": ["shop"], "limit": 1}
    answer = await served.http.post(f"{QUEUE}claim", json=body, headers={"Prefer": "wait=0"})
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


async def day(served: Served, **query: str) -> Any:
    response = await served.http.get("/api/orchestrator/budgets", params=query)
    assert response.status_code == 200, response.text
    return response.json()


async def answer(served: Served, task_id: str, said: str) -> Any:
    (question,) = (await served.status(task_id))["questions"]
    body = {"question_id": question["question_id"], "answer": said}
    response = await served.http.post(f"/api/orchestrator/tasks/{task_id}/answer", json=body)
    assert response.status_code < 300, response.text
    return question


class TestSeeing:
    """What was spent can be seen at any time."""

    async def test_a_day_without_spending_is_empty(self, tmp_path: Path) -> None:
        async with shop(tmp_path, budget_day=5) as served:
            found = await day(served)

        assert (found["spent"], found["reserved"], found["left"]) == (0, 0, 5)
        assert found["limits"] == {"task": None, "principal": None, "day": 5, "ask_above": None}
        assert found["tasks"] == found["stopped"] == found["under_way"] == []

    async def test_the_day_the_task_and_the_world_agree_on_what_was_paid(
        self, tmp_path: Path
    ) -> None:
        world = World(ESTIMATE)
        async with shop(tmp_path, world, budget=0.5, budget_principal=1) as served:
            ids = [await served.submit() for _ in range(3)]
            found = await day(served)
            told = [await served.status(task_id) for task_id in ids]

        paid = in_dollars(sum(world.paid))
        assert found["spent"] == pytest.approx(paid)
        assert sum(one["cost"] for one in told) == pytest.approx(paid)
        assert [one["budget"]["spent"] for one in told] == [in_dollars(p) for p in world.paid]
        assert all(one["budget"]["limit"] == 0.5 for one in told)
        (principal,) = found["principals"]
        assert principal["left"] == pytest.approx(1 - paid)
        assert {row["task_id"] for row in found["tasks"]} == set(ids)

    async def test_a_task_without_priced_calls_needs_no_ledger(self, tmp_path: Path) -> None:
        async with serving(tmp_path, budget=1) as served:
            told = await served.status(await served.submit())
            found = await day(served)

        assert told["budget"] == {
            "limit": 1, "spent": 0, "reserved": 0, "left": 1, "calls": 0, "refused": 0
        }  # fmt: skip
        assert found["calls"] == 0

    async def test_a_ledger_is_no_task(self, tmp_path: Path) -> None:
        async with shop(tmp_path) as served:
            await served.submit()
            name = ledger_id("default", day_of(wall_clock()))
            listed = (await served.http.get("/api/orchestrator/history")).json()
            counts = (await served.http.get("/api/orchestrator/counts")).json()
            shown = await served.http.get(f"/api/orchestrator/status/{name}")
            taken = await served.http.post(
                "/api/orchestrator/process", json={"request": "x", "task_id": name}
            )
            report = await verify_log(served.parts.log)

        assert len(listed["items"]) == 1
        assert sum(counts.values()) == 1
        assert shown.status_code == 404
        assert "orchestrator budgets" in shown.text
        assert 400 <= taken.status_code < 500
        assert report.findings == []

    async def test_a_day_that_is_none_is_told_so(self, tmp_path: Path) -> None:
        async with shop(tmp_path) as served:
            response = await served.http.get("/api/orchestrator/budgets", params={"day": "today"})
            before = await day(served, day="2020-01-31")

        assert response.status_code in (400, 422)
        assert "YYYY-MM-DD" in response.text
        assert before["spent"] == 0

    async def test_another_tenants_money_is_not_shown(self, tmp_path: Path) -> None:
        async with shop(tmp_path) as served:
            await served.submit()
            found = await of_day(served.parts.orchestrator, "acme")

        assert (found["tenant"], found["calls"]) == ("acme", 0)


class TestStopping:
    """Mode stop: a call that would pass a limit is not made."""

    @pytest.mark.parametrize(
        ("limit", "whose"),
        [
            ({"budget_day": 0.005}, "the tenant 'default' may spend $0.005 on"),
            ({"budget_principal": 0.005}, "'local' may spend $0.005 on"),
        ],
    )
    async def test_the_task_fails_and_says_whose_limit_it_was(
        self, tmp_path: Path, limit: Any, whose: str
    ) -> None:
        world = World(ESTIMATE)
        async with shop(tmp_path, world, **limit) as served:
            told = await served.status(await served.submit())
            found = await day(served)

        assert world.paid == []
        assert told["status"] == "failed"
        assert whose in told["error"]
        assert "leaves $0.005; this call may cost $0.01" in told["error"]
        (stopped,) = found["stopped"]
        assert stopped["task_id"] == told["task_id"]
        assert (stopped["action"], stopped["left"]) == ("stop", 0.005)
        assert told["budget"]["refused"] == 1

    async def test_it_goes_on_with_a_free_tool_where_the_plan_has_one(self, tmp_path: Path) -> None:
        world = World(ESTIMATE)
        async with shop(tmp_path, world, free=True, budget_day=0.005) as served:
            told = await served.status(await served.submit())

        assert told["status"] == "approved"
        assert told["cost"] == 0
        assert world.paid == []

    async def test_the_limit_of_the_task_itself_comes_from_its_preferences(
        self, tmp_path: Path
    ) -> None:
        async with shop(tmp_path, budget=1) as served:
            told = await served.status(await served.submit(preferences={"budget": 0.001}))

        assert told["status"] == "failed"
        assert "over the budget of $0.0010" in told["error"]  # the plan's own check comes first


class TestAsking:
    """Mode ask: a human may allow it."""

    async def test_with_a_yes_it_is_paid_and_the_day_shows_it(self, tmp_path: Path) -> None:
        world = World(ESTIMATE)
        async with shop(tmp_path, world, budget_day=0.005, budget_mode="ask") as served:
            task_id = await served.submit()
            waiting = await served.status(task_id)
            question = await answer(served, task_id, "allow")
            told = await served.status(task_id)
            found = await day(served)

        assert waiting["status"] == "waiting_for_answer"
        assert question["question"].startswith("May the step 'step-1' cost about $0.01 more?")
        assert told["status"] == "approved"
        assert len(world.paid) == 1
        assert found["spent"] == in_dollars(world.paid[0])
        assert found["stopped"][0]["action"] == "ask"

    async def test_with_a_no_nothing_is_called(self, tmp_path: Path) -> None:
        world = World(ESTIMATE)
        async with shop(tmp_path, world, budget_ask_above=0.005) as served:
            task_id = await served.submit()
            await answer(served, task_id, "deny")
            told = await served.status(task_id)

        assert told["status"] == "failed"
        assert "local did not allow its cost of about $0.01" in told["error"]
        assert world.paid == []

    async def test_its_command_shows_that_it_waits_for_a_human(self, tmp_path: Path) -> None:
        async with shop(tmp_path, budget_day=0.005, budget_mode="ask") as served:
            task_id = await served.submit()
            listed = (await served.http.get(QUEUE, params={"task_id": task_id})).json()
            (row,) = [each for each in listed["items"] if each["agent_type"] == "shop"]
            shown = (await served.http.get(QUEUE + row["command_id"])).json()

        assert (row["status"], shown["status"]) == ("pending", "pending")
        assert shown["waits_for"]["question_id"] == f"cost-{row['command_id']}-1"
        assert shown["attempts"][0]["outcome"] == "asked"

    async def test_what_was_not_paid_says_nothing_of_its_tool(self, tmp_path: Path) -> None:
        async with shop(tmp_path, budget_day=0.005) as served:
            task_id = await served.submit()
            figures = await served.parts.read_models.tool_figures("default")
            listed = (await served.http.get(QUEUE, params={"task_id": task_id})).json()

        assert BUY not in figures
        assert [row["status"] for row in listed["items"] if row["agent_type"] == "shop"] == [
            "failed"
        ]

    async def test_a_call_below_the_threshold_asks_nobody(self, tmp_path: Path) -> None:
        async with shop(tmp_path, budget_ask_above=ESTIMATE) as served:
            told = await served.status(await served.submit())

        assert told["status"] == "approved"


async def test_mode_audit_lets_it_through_and_notes_it(tmp_path: Path) -> None:
    async with shop(tmp_path, budget_day=0.0, budget_mode="audit") as served:
        told = await served.status(await served.submit())
        events = [e for e in await history(served.parts.log) if isinstance(e, BudgetReserved)]

    assert told["status"] == "approved"
    assert [each.over for each in events] == [("tenant",)]


class TestWhatIsNotKnown:
    """Money that may be gone counts as gone; money that was told of counts as told."""

    async def test_a_call_that_falls_silent_counts_in_full(self) -> None:
        async def silent(command: Command) -> Outcome:
            await asyncio.Event().wait()
            raise AssertionError

        state, book = await bought(silent, timeout=20, max_attempts=1)

        assert state.outcome is DecisionOutcome.FAILED
        assert (state.cost, book.total.spent) == (ESTIMATE, micros(ESTIMATE))

    async def test_so_does_a_call_that_breaks(self) -> None:
        async def broken(command: Command) -> Outcome:
            raise RuntimeError("oops")

        state, book = await bought(broken, max_attempts=1)

        assert (state.cost, book.total.spent) == (ESTIMATE, micros(ESTIMATE))

    async def test_a_failed_call_costs_what_it_says(self) -> None:
        async def failing(command: Command) -> Outcome:
            return Retry("later", cost=0.002)

        state, book = await bought(failing, max_attempts=1)

        assert (state.cost, book.total.spent) == (0.002, 2_000)

    async def test_a_bill_above_the_estimate_is_taken_up(self) -> None:
        async def dear(command: Command) -> Outcome:
            return Done({}, 0.03)

        state, book = await bought(dear)

        assert (state.cost, book.total.spent, book.excess) == (0.03, 30_000, 20_000)

    @pytest.mark.parametrize(
        "budgets",
        [
            Budgets(tenant_day=0.001),
            Budgets(mode=BudgetMode.ASK, tenant_day=0.001, ask_above=0.001),
            Budgets(mode=BudgetMode.AUDIT, ask_above=0.001),
        ],
    )
    async def test_a_bill_of_a_tool_without_a_price_is_recorded_even_above_the_limit(
        self, budgets: Budgets
    ) -> None:
        async def surprising(command: Command) -> Outcome:
            return Done({}, 0.03)

        _, book = await bought(surprising, price=0.0, budgets=budgets)

        assert book.total.spent == 30_000
        assert book.total.refused == 0

    async def test_what_calls_of_an_agent_have_settled_is_not_counted_twice(self) -> None:
        purses: list[LedgerPurse] = []

        async def calling(command: Command) -> Outcome:
            held = await purses[0].reserve(command, 0.02)
            assert isinstance(held, Reserved)
            await purses[0].settle(held.reservation_id, 0.015)
            await purses[0].settle(held.reservation_id, 0.015)
            return Done({}, 0.016)

        _, book = await bought(calling, pays_itself=True, purses=purses)

        assert book.total.spent == 16_000
        assert book.total.reserved == 0

    async def test_an_agent_that_gets_no_money_in_the_middle_says_so(self) -> None:
        purses: list[LedgerPurse] = []

        async def calling(command: Command) -> Outcome:
            held = await purses[0].reserve(command, 0.02)
            assert isinstance(held, Refused)
            assert (held.mode, held.scope, held.limit) == ("stop", "tenant", 0.01)
            assert (held.spent, held.reserved) == (0, 0)
            return held.outcome(cost=0.0)

        budgets = Budgets(tenant_day=0.01)
        state, _ = await bought(calling, pays_itself=True, purses=purses, budgets=budgets)

        assert "this call may cost $0.02" in (state.error or "")

    async def test_of_an_effect_in_doubt_all_of_it_may_be_gone(self) -> None:
        async def doubtful(command: Command) -> Outcome:
            return Uncertain("no answer", cost=0.001)

        agent = Agent("shop", effects={BUY: doubtful})
        async with ledger_core(agent=agent, price=ESTIMATE) as (core, _):
            await core.send(wanted("t", is_repeatable=False))
            await until(lambda: _has_questions(core, "t"))
            kept = core.state(ledger_id("default", day_of(wall_clock())))

        assert kept is not None
        assert kept.ledger is not None
        assert kept.ledger.total == Sums(spent=micros(ESTIMATE), calls=1)

    async def test_who_is_not_let_through_the_door_gives_the_money_back(self) -> None:
        told: list[Input] = []

        async def send(given: Input) -> Answer:
            told.append(given)
            shut = isinstance(given, RequestEffect)
            return Answer(Verdict.REFUSED if shut else Verdict.ACCEPTED, given.task_id, 1)

        shop = World(ESTIMATE).shop()
        runner = Runner([shop], send, paying=Paying(LedgerPurse(send, Budgets(), name="p")))
        runner.begin(command(is_repeatable=False, grant_time=1_000))
        await until(lambda: not runner.working)

        assert [type(each) for each in told] == [ReserveBudget, RequestEffect, SettleBudget]
        assert told[-1].actual == 0

    async def test_what_is_torn_down_is_left_to_the_clock(self) -> None:
        world, log = World(ESTIMATE, most=0), MemoryLog()
        async with ledger_core(log, world) as (core, _):
            await core.send(wanted("t"))
            await until(lambda: world.is_busy)
            await core.send(cancelled("t"))
            await until(lambda: not world.is_busy)
            held = core.state(ledger_id("default", day_of(wall_clock())))
        later = wall_clock() + 600_000
        async with ledger_core(log, world, clock=lambda: later) as (core, _):
            book = await all_told(core)

        assert held is not None
        assert held.ledger is not None
        assert held.ledger.total.reserved == micros(ESTIMATE)
        assert book.tasks["t"].spent == micros(ESTIMATE)

    async def test_a_free_call_never_asks(self) -> None:
        told: list[Input] = []

        async def send(given: Input) -> Answer:
            told.append(given)
            return Answer(Verdict.ACCEPTED, given.task_id, 1)

        purse = LedgerPurse(send, Budgets(tenant_day=0), name="p")
        held = await purse.reserve(command(), 0.0)
        assert isinstance(held, Reserved)
        await purse.settle(held.reservation_id, 0.0)

        assert told == []

    async def test_when_nobody_answers_the_call_is_tried_again_later(self) -> None:
        async def send(given: Input) -> Answer:
            return Answer(Verdict.REPEATED, given.task_id, 0)

        held = await LedgerPurse(send, Budgets(), name="p").reserve(command(), 1.0)

        assert isinstance(held, Refused)
        assert isinstance(held.outcome(), Retry)
        assert held.scope is None

    async def test_a_price_that_is_no_number_counts_in_full(self) -> None:
        async with ledger_core() as (core, _):
            purse = LedgerPurse(core.send, Budgets(), name="p")
            held = await purse.reserve(command(), 1.0)
            assert isinstance(held, Reserved)
            await purse.settle(held.reservation_id, float("nan"))
            state = core.state(ledger_id("default", day_of(wall_clock())))

        assert state is not None
        assert state.ledger is not None
        assert state.ledger.total.spent == 1_000_000


async def test_a_task_that_lives_longer_than_its_day_keeps_its_own_limit() -> None:
    now = [wall_clock()]
    began = now[0]
    account = Account(principal="ann", budget=1_000_000, submitted_at=began)
    async with ledger_core(clock=lambda: now[0]) as (core, _):
        purse = LedgerPurse(core.send, Budgets(tenant_day=0.9), name="p", clock=lambda: now[0])
        asked = command(account=account)
        first = await purse.reserve(asked, 0.7)
        assert isinstance(first, Reserved)
        await purse.settle(first.reservation_id, 0.7)
        now[0] += DAY_MS

        by_task = await purse.reserve(asked, 0.4)
        by_day = await purse.reserve(command(account=Account(submitted_at=began)), 0.95)
        fitting = await purse.reserve(asked, 0.3)
        ledgers = [core.state(ledger_id("default", day_of(at))) for at in (began, now[0])]

    assert isinstance(by_task, Refused)
    assert by_task.scope == "task"
    assert isinstance(by_day, Refused)
    assert by_day.scope == "tenant"
    assert isinstance(fitting, Reserved)
    first_day, second_day = (state.ledger for state in ledgers if state and state.ledger)
    assert first_day.total.spent == 700_000
    assert first_day.of_task("t").reserved == 300_000
    assert second_day.total.reserved == 300_000


class TestElsewhere:
    """Agents that claim over HTTP are paid by the same ledger."""

    async def test_a_claim_reserves_and_a_report_settles(self, tmp_path: Path) -> None:
        async with elsewhere(tmp_path, budget_day=1) as served:
            task_id = await submitted(served)
            (item,) = await claimed(served)
            held = await day(served)
            body = {"agent": "p", "attempt": 1, "output": {"echo": "x"}, "cost": 0.004}
            told = await served.http.patch(f"{QUEUE}{item['command_id']}/result", json=body)
            again = await served.http.patch(f"{QUEUE}{item['command_id']}/result", json=body)
            status = await served.status(task_id)
            settled = await day(served)

        assert (told.status_code, again.status_code) == (200, 200)
        assert (held["reserved"], held["spent"]) == (ESTIMATE, 0)
        assert held["under_way"][0]["command_id"] == item["command_id"]
        assert (settled["reserved"], settled["spent"]) == (0, 0.004)
        assert status["cost"] == status["budget"]["spent"] == 0.004

    async def test_what_cannot_be_paid_is_not_handed_out(self, tmp_path: Path) -> None:
        async with elsewhere(tmp_path, budget_day=0.001) as served:
            task_id = await submitted(served)
            items = await claimed(served)
            status = await served.status(task_id)

        assert items == []
        assert status["status"] == "failed"
        assert "the tenant 'default' may spend $0.001" in status["error"]

    async def test_a_human_can_allow_it(self, tmp_path: Path) -> None:
        async with elsewhere(tmp_path, budget_day=0.001, budget_mode="ask") as served:
            task_id = await submitted(served)
            none = await claimed(served)
            still_none = await claimed(served)
            await answer(served, task_id, "allow")
            items = await claimed(served)

        assert none == still_none == []
        assert items[0]["task_id"] == task_id

    async def test_of_an_effect_in_doubt_all_of_it_may_be_gone(self, tmp_path: Path) -> None:
        async with elsewhere(tmp_path) as served:
            await submitted(served)
            (item,) = await claimed(served)
            body = {"agent": "p", "attempt": 1, "error": "lost", "is_uncertain": True}
            await served.http.patch(f"{QUEUE}{item['command_id']}/error", json=body)
            found = await day(served)

        assert found["spent"] == ESTIMATE

    async def test_a_bill_for_what_had_no_price_is_recorded(self, tmp_path: Path) -> None:
        async with elsewhere(tmp_path, World(0.0)) as served:
            await submitted(served)
            (item,) = await claimed(served)
            body = {"agent": "p", "output": {"echo": "x"}, "cost": 0.004}
            await served.http.patch(f"{QUEUE}{item['command_id']}/result", json=body)
            found = await day(served)

        assert found["spent"] == 0.004


class TestWaiting:
    """Money that is only held for others may come back: whoever would fit then waits a while."""

    async def test_a_call_waits_for_another_that_costs_less_than_was_held(self) -> None:
        async with ledger_core(budgets=Budgets(tenant_day=1), waits=20) as (_, purse):
            first = await purse.reserve(command(), 0.6)
            waiting = [asyncio.create_task(purse.reserve(command(), 0.4)) for _ in range(3)]
            await asyncio.sleep(0)
            assert isinstance(first, Reserved)
            assert isinstance(await waiting[0], Reserved)
            assert not waiting[1].done()

            await purse.settle(first.reservation_id, 0.1)
            got = await waiting[1]
            waiting[2].cancel()

        assert isinstance(got, Reserved)

    async def test_those_that_wait_are_told_as_soon_as_it_is_in_vain(self) -> None:
        async with ledger_core(budgets=Budgets(tenant_day=1), waits=20) as (_, purse):
            first = await purse.reserve(command(), 0.7)
            waiting = [asyncio.create_task(purse.reserve(command(), 0.4)) for _ in range(5)]
            assert isinstance(first, Reserved)

            await purse.settle(first.reservation_id, 0.7)
            got = await asyncio.gather(*waiting)

        assert [each.spent for each in got if isinstance(each, Refused)] == [0.7] * 5

    @pytest.mark.parametrize("mode", [BudgetMode.STOP, BudgetMode.ASK])
    async def test_nobody_waits_longer_than_the_patience(self, mode: BudgetMode) -> None:
        budgets = Budgets(mode=mode, tenant_day=1)
        async with ledger_core(budgets=budgets, waits=0.05) as (core, purse):
            await purse.reserve(command(), 0.7)
            got = await asyncio.gather(*(purse.reserve(command(), 0.4) for _ in range(3)))
            state = core.state(ledger_id("default", day_of(wall_clock())))

        assert [each.mode for each in got if isinstance(each, Refused)] == [mode] * 3
        assert state is not None
        assert state.ledger is not None
        assert state.ledger.total.refused == 3

    async def test_a_call_that_can_never_fit_does_not_wait(self) -> None:
        async with ledger_core(budgets=Budgets(tenant_day=1), waits=20) as (_, purse):
            await purse.reserve(command(), 0.7)

            got = await purse.reserve(command(), 1.1)

        assert isinstance(got, Refused)
        assert got.limit == 1

    async def test_who_is_over_a_limit_of_his_own_holds_up_nobody_else(self) -> None:
        async with ledger_core(budgets=Budgets(principal_day=1), waits=20) as (_, purse):
            ann, ben = (command(account=Account(principal=who)) for who in ("ann", "ben"))
            await purse.reserve(ann, 0.7)
            waiting = asyncio.create_task(purse.reserve(ann, 0.4))
            await until(lambda: purse.is_waited_for)

            got = await purse.reserve(ben, 0.4)
            is_done = waiting.done()
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)

        assert isinstance(got, Reserved)
        assert not is_done
        assert not purse.is_waited_for


class TestManyAtOnce:
    """A thousand tasks against a budget of half their cost."""

    async def test_never_a_millionth_over_with_a_restart_in_between(self) -> None:
        tasks, limit = 1_000, 5.0
        world = World(ESTIMATE, seconds=0.1, most=tasks // 10)
        log = MemoryLog()
        budgets = Budgets(tenant_day=limit)
        async with ledger_core(log, world, budgets, patience=0.0) as (core, _):
            await asyncio.gather(*(core.send(wanted(f"t{n}")) for n in range(tasks)))
            await until(lambda: len(world.paid) >= tasks // 10)
        before, closed, world.most = len(world.paid), len(ended(core)), None
        async with ledger_core(log, world, budgets) as (core, _):
            await until_some_have_ended(core, tasks - closed)
        later = wall_clock() + 600_000
        async with ledger_core(log, world, budgets, clock=lambda: later) as (core, _):
            book = await all_told(core)

        events = await history(log)
        known = states_of(await log.read(EVENTS, 0, 0, 1_000_000))
        states = [state for name, state in known.items() if not is_ledger(name)]
        assert len(states) == tasks
        assert 0 < before < len(world.paid)
        assert most_at_any_time(events) <= micros(limit)
        assert sum(world.paid) <= book.total.spent == outstanding(events)
        assert book.total.reserved == 0
        stopped = [state for state in states if state.outcome is DecisionOutcome.FAILED]
        refused = [event for event in events if _has_stopped(event)]
        assert 0 < len(stopped) < tasks
        assert {state.task_id for state in stopped} <= {event.for_task for event in refused}
        assert all("the tenant 'default' may spend $5.00" in (s.error or "") for s in stopped)
        assert book.total.refused == len(refused)
        told = sum(micros(state.cost) for state in states)
        assert told <= sum(world.paid)  # what was in flight at the restart is paid again
        assert (await verify_log(log)).findings == []


class TestTerminal:
    """`orchestrator budgets`."""

    async def test_it_shows_the_day(self, orchestrator: Terminal) -> None:
        async with shop(orchestrator.directory, budget_day=0.015) as served:
            for _ in range(3):
                await served.submit()

        shown = await asyncio.to_thread(
            orchestrator, "budgets", "--data", "data", env={"ORCHESTRATOR_BUDGET_DAY": "0.015"}
        )
        found = await asyncio.to_thread(orchestrator, "budgets", "--data", "data", "--json")

        assert shown.code == found.code == 0
        assert "left of $0.015" in shown.out
        assert "principal local" in shown.out
        assert "stopped" in shown.out
        assert "the tenant 'default' may spend $0.015" in shown.out
        assert found.json["refused"] >= 1

    def test_a_wrong_day_is_wrong_usage(self, orchestrator: Terminal) -> None:
        typed = orchestrator("budgets", "--data", "data", "--day", "yesterday")

        assert typed.code == 2
        assert "YYYY-MM-DD" in typed.err


def wanted(task_id: str, **fields: Any) -> DispatchCommand:
    """A single command that buys."""
    return DispatchCommand(
        input_id=f"in-{task_id}",
        task_id=task_id,
        at=wall_clock(),
        salt=new_salt(),
        agent_type="shop",
        action="buy",
        tool_id=BUY,
        **fields,
    )


def _has_questions(core: Embedded, task_id: str) -> bool:
    state = core.state(task_id)
    return state is not None and bool(state.questions)


def cancelled(task_id: str) -> CancelTask:
    return CancelTask(
        input_id=f"cancel-{task_id}", task_id=task_id, at=wall_clock(), salt=new_salt()
    )


def command(**fields: Any) -> Command:
    known: dict[str, Any] = {
        "command_id": "t.1",
        "task_id": "t",
        "kind": CommandKind.RUN_STEP,
        "phase": ExecutionPhase.EXECUTION,
        "agent_type": "shop",
        "tool_id": BUY,
        "timeout": 1_000,
        "issued_at": 0,
    }
    return Command(**(known | fields))


@asynccontextmanager
async def ledger_core(
    log: MemoryLog | None = None,
    world: World | None = None,
    budgets: Budgets | None = None,
    *,
    agent: Agent | None = None,
    clock: Clock = wall_clock,
    patience: float = 5.0,
    waits: float = 0.2,
    price: float = 0.0,
) -> AsyncIterator[tuple[Embedded, LedgerPurse]]:
    """The core and a runner that pays."""
    core: Embedded
    limits = budgets or Budgets()
    purse = LedgerPurse(lambda i: core.send(i), limits, name="purse", clock=clock, patience=waits)
    hands, paying = agent or (world or World()).shop(), Paying(purse, lambda _: price)
    runner = Runner([hands], lambda i: core.send(i), clock=clock, paying=paying)
    core = Embedded(log or MemoryLog(), runner, clock=clock)
    await core.start()
    try:
        yield core, purse
    finally:
        await runner.stop(patience)
        await core.stop()


async def bought(
    effect: Any,
    *,
    price: float = ESTIMATE,
    pays_itself: bool = False,
    budgets: Budgets | None = None,
    purses: list[LedgerPurse] | None = None,
    **fields: Any,
) -> tuple[TaskState, Any]:
    """What becomes of one command, and of the day's money."""
    tool = World(price).tool
    agent = Agent("shop", effects={BUY: effect}, tools=(tool,), pays_itself=pays_itself)
    async with ledger_core(agent=agent, budgets=budgets) as (core, purse):
        if purses is not None:
            purses.append(purse)
        await core.send(wanted("t", **fields))
        (state,) = await until_some_have_ended(core, 1)
        kept = core.state(ledger_id("default", day_of(wall_clock())))
    assert kept is not None
    assert kept.ledger is not None
    return state, kept.ledger


async def until_some_have_ended(core: Embedded, number: int) -> list[TaskState]:
    """The states of those that have, as soon as there are so many."""
    changed = asyncio.Event()
    stop = core.listen(lambda records, states: changed.set())
    try:
        async with asyncio.timeout(20):
            while len(closed := ended(core)) < number:
                await changed.wait()
                changed.clear()
            return closed
    finally:
        stop()


async def all_told(core: Embedded) -> Ledger:
    """The day's ledger, as soon as nothing is held."""
    name = ledger_id("default", day_of(wall_clock()))
    changed = asyncio.Event()
    core.listen(lambda records, states: changed.set())
    async with asyncio.timeout(20):
        while (state := core.state(name)) is None or not state.ledger or state.ledger.held:
            await changed.wait()
            changed.clear()
    return state.ledger


def ended(core: Embedded) -> list[TaskState]:
    return [s for s in core.states().values() if s.life is Life.CLOSED and s.ledger is None]


async def history(log: Any) -> list[Any]:
    """All events of a log, oldest first."""
    records = await log.read(EVENTS, 0, 0, 1_000_000)
    return [read_event(record).event for record in records]


def outstanding(events: list[Any]) -> int:
    """Spent or held after all events."""
    return _levels(events)[-1]


def most_at_any_time(events: list[Any]) -> int:
    """The most that was ever spent or held together."""
    return max(_levels(events))


def _has_stopped(event: Any) -> bool:
    return isinstance(event, BudgetRefused) and event.need.action == "stop"


def _levels(events: list[Any]) -> list[int]:
    amounts: dict[str, int] = {}
    level, levels = 0, [0]
    for event in events:
        match event:
            case BudgetReserved(reservation_id=name, amount=amount):
                amounts[name] = amount
                level += amount
            case BudgetSettled(reservation_id=name, actual=actual):
                level += actual - amounts[name]
            case _:
                continue
        levels.append(level)
    return levels
