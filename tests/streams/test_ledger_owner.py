"""A ledger on a log: who takes its partition over goes on counting, and ends what is held."""

from streams.conductor import Conductor
from streams.domain import inputs as i
from streams.domain.budget import day_of, ledger_id
from streams.domain.state import Life
from streams.envelope import input_record
from streams.log import INPUTS, Record
from streams.memory import MemoryLog
from streams.owner import Owner
from tests.streams.driving import START, told
from tests.streams.waiting import until

DAY = day_of(START)
LEDGER = ledger_id("default", DAY)
HOUR = 3_600_000


def reserved(name: str = "a", at: int = START) -> Record:
    """A call that asks for money."""
    asked = {
        "day": DAY,
        "reservation_id": name,
        "command_id": f"{name}.1",
        "for_task": name,
        "for_principal": "ann",
        "amount": 60,
        "holds_for": 1_000,
    }
    return input_record(told(i.ReserveBudget, LEDGER, f"in-{name}", at, **asked), 0)


async def given(log: MemoryLog, owner: Owner, *records: Record) -> None:
    """Inputs on the log, and decided."""
    start = await log.end(INPUTS, 0)
    await log.append(records)
    await owner.handle(await log.read(INPUTS, 0, start, 100))


async def test_the_next_owner_ends_what_nobody_has_settled() -> None:
    log = MemoryLog()
    first = Owner(log, 0, clock=lambda: START)
    await first.take_over()
    await given(log, first, reserved())
    await first.let_go()

    second = Owner(log, 0, clock=lambda: START + HOUR)
    await second.take_over()
    await until(lambda: len(log.records[INPUTS, 0]) == 2)
    await second.handle(await log.read(INPUTS, 0, 1, 100))

    ledger = second.states()[LEDGER].ledger
    assert ledger is not None
    assert (ledger.total.spent, ledger.total.reserved) == (60, 0)
    await second.let_go()


async def test_a_ledger_whose_day_is_long_over_leaves_memory_and_is_found_again() -> None:
    log, now = MemoryLog(), [START]
    owner = Owner(log, 0, clock=lambda: now[0])
    await owner.take_over()
    settled = told(i.SettleBudget, LEDGER, "in-s", START, reservation_id="a", actual=10)
    await given(log, owner, reserved(), input_record(settled, 0))
    assert LEDGER in owner.states()

    late = START + 72 * HOUR
    over = told(i.TimerFired, LEDGER, "in-t", late, timer_id=f"day:{DAY}")
    await given(log, owner, input_record(over, 0))
    assert LEDGER not in owner.states()
    await owner.let_go()

    conductor = await Conductor.take_over(log, 0, "next")
    assert LEDGER not in conductor.states()
    again = Owner(log, 0, clock=lambda: late)
    await again.take_over()
    await given(log, again, reserved("b", late))
    state = again.states()[LEDGER]
    assert state.life is Life.ABSENT
    assert state.ledger is not None
    assert (state.ledger.total.spent, state.ledger.total.reserved) == (10, 60)
    await again.let_go()
