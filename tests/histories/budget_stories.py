"""What happens to money, as recorded histories; the docstring of a story is what its file says
about it."""

from typing import Any

from streams.domain import inputs as i
from streams.domain.budget import day_of, ledger_id
from streams.domain.commands import CommandKind
from tests.histories import answers
from tests.histories.tale import TASK, Tale
from tests.streams.driving import START

DAY = day_of(START)
LEDGER = ledger_id("default", DAY)
NEED = {"scope": "task", "limit": 20_000, "spent": 12_000, "reserved": 0, "estimate": 10_000}


def reserved(tale: Tale, name: str, amount: int, **fields: Any) -> None:
    """A call asks for money."""
    asked = {
        "day": DAY,
        "reservation_id": name,
        "command_id": f"{TASK}.4",
        "for_task": TASK,
        "for_principal": "local",
        "amount": amount,
        "holds_for": 120_000,
        "limits": {"task": 20_000, "tenant": 1_000_000},
    }
    tale.say(i.ReserveBudget, LEDGER, **(asked | fields))


def day_of_money(tale: Tale) -> None:
    """Calls are reserved and settled, one above its estimate; one is refused, one allowed by a
    human, one forgotten and told late; then the day is over."""
    reserved(tale, "first", 8_000)
    reserved(tale, "first", 8_000)
    tale.say(i.SettleBudget, LEDGER, reservation_id="first", actual=11_000)
    tale.say(i.SettleBudget, LEDGER, reservation_id="first", actual=11_000)
    reserved(tale, "second", 10_000)
    reserved(tale, "third", 10_000, mode="ask")
    reserved(tale, "fourth", 10_000, mode="ask", approved=10_000)
    reserved(tale, "fifth", 5_000, mode="audit", for_task="another", command_id="another.1")
    tale.ring(LEDGER)
    tale.ring(LEDGER)
    tale.say(i.SettleBudget, LEDGER, reservation_id="fifth", actual=4_000)
    tale.ring(LEDGER)
    reserved(tale, "sixth", 1_000, part="task")
    tale.say(i.SettleBudget, LEDGER, reservation_id="sixth", actual=0)


def cost_allowed(tale: Tale) -> None:
    """A step may cost more than is left: a human is asked and says yes, and it runs."""
    _asked(tale)
    question = next(iter(tale.state().questions))
    tale.say(i.AnswerQuestion, principal="ann", question_id=question, answer="perhaps")
    tale.say(i.AnswerQuestion, principal="ann", question_id=question, answer="allow")
    tale.work()
    tale.decide(True, channels=())
    tale.work()


def cost_denied(tale: Tale) -> None:
    """A human says no to what a step may cost: it goes on with another tool."""
    _asked(tale)
    question = next(iter(tale.state().questions))
    tale.say(i.AnswerQuestion, principal="ann", question_id=question, answer="deny")
    tale.work()
    tale.decide(True, channels=())
    tale.work()


def _asked(tale: Tale) -> None:
    figures, *others = answers.plan()["steps"]
    free = [{"tool_id": "trend_reader", "agent_type": "market"}]
    made = answers.plan(steps=[figures | {"alternatives": free}, *others])
    tale.answers[CommandKind.PLAN_WORKFLOW] = lambda command: made
    tale.submit(settings={"budget": 0.02})
    tale.work(until=CommandKind.RUN_STEP)
    tale.fail(tale.take(), "over the budget", is_retryable=False, budget=NEED | {"action": "ask"})


BUDGET_STORIES = (day_of_money, cost_allowed, cost_denied)
