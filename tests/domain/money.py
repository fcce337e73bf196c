"""A ledger, and calls that ask it for money."""

from typing import Any

from streams.domain import inputs as i
from streams.domain.budget import BudgetNeed, day_of, ledger_id
from streams.domain.ledger import Ledger
from tests.domain.samples import NOW
from tests.domain.story import Story

DAY = day_of(NOW)
LEDGER = ledger_id("default", DAY)
HELD = 1_000  # milliseconds until a reservation ends by itself
NEED = BudgetNeed(action="ask", scope="task", limit=100, spent=60, reserved=0, estimate=50)


def reserve(story: Story, name: str, amount: int, **fields: Any) -> Story:
    """A call asks for money."""
    asked = {
        "day": DAY,
        "reservation_id": name,
        "command_id": f"{name}.1",
        "for_task": "t",
        "for_principal": "ann",
        "amount": amount,
        "holds_for": HELD,
    }
    return story.when(i.ReserveBudget, **(asked | fields))


def settle(story: Story, name: str, actual: int) -> Story:
    """A call tells what it has cost."""
    return story.when(i.SettleBudget, reservation_id=name, actual=actual)


def book(story: Story) -> Ledger:
    """The sums."""
    assert story.state.ledger is not None
    return story.state.ledger
