"""A thousand tasks that buy something, against a budget of half their cost, with kill -9 again and
again; then count.

python -m tests.models.prove_budget --tasks 1000 --kills 20

The world keeps a book of its own of what was really paid. At no event of the whole history may more
be spent and held than the limit; what the world was paid must all be in the ledger; each task must
end, and each that was stopped must say why; a task with a free tool in reserve must not be stopped;
every history must verify.
"""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from streams.domain import events as e
from streams.domain.budget import is_ledger, micros, shown
from streams.domain.ledger import Ledger
from streams.domain.state import TaskState
from streams.domain.values import DecisionOutcome
from streams.envelope import read_event
from streams.log import EVENTS, Record
from streams.sqlite import SqliteLog
from streams.verification import verify_log
from tests.histories.files import states_of
from tests.models.budget_child import ESTIMATE

AHEAD = 600_000  # milliseconds: in the last life all reservations of killed ones have ended
STALL = 120.0  # seconds


@dataclass
class Counted:
    """What the log and the world say."""

    states: dict[str, TaskState]
    ledgers: dict[str, Ledger]
    paid: list[tuple[str, int]]
    events: list[tuple[str, e.Event]]
    highest: dict[str, int] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)

    def check(self, condition: bool, what: str) -> None:
        """Remember what does not hold."""
        if not condition:
            self.findings.append(what)


async def life(directory: Path, tasks: int, limit: float, lifetime: float | None) -> str:
    """One process, killed after so many seconds of work; None lets it finish, by a clock that is
    ahead."""
    ahead = AHEAD if lifetime is None else 0
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.models.budget_child",
        str(directory), str(tasks), str(limit), str(ahead),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout is not None
    try:
        first = await asyncio.wait_for(child.stdout.readline(), STALL)
        if first.strip() != b"ready":
            raise RuntimeError("the process did not begin")
        patience = STALL if lifetime is None else lifetime
        try:
            last = await asyncio.wait_for(child.stdout.readline(), patience)
        except TimeoutError:
            if lifetime is None:
                raise RuntimeError(f"not done within {STALL:g} s") from None
            return "killed"
        return last.decode().strip()
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def read(directory: Path) -> Counted:
    """All that is on disk."""
    log = await SqliteLog.open(directory / "data")
    try:
        records: list[Record] = []
        while page := await log.read(EVENTS, 0, len(records), 10_000):
            records += page
        report = await verify_log(log)
    finally:
        await log.close()
    known = states_of(records)
    lines = (directory / "world.txt").read_text().split("\n")
    counted = Counted(
        {name: state for name, state in known.items() if not is_ledger(name)},
        {name: s.ledger for name, s in known.items() if is_ledger(name) and s.ledger},
        [(line.split()[0], int(line.split()[1])) for line in lines if line],
        [(record.key, event) for record in records if (event := read_event(record).event)],
    )
    counted.check(not report.findings, f"{len(report.findings)} histories do not verify")
    return counted


def judge(found: Counted, tasks: int, limit: int) -> None:
    """All that must hold."""
    found.check(len(found.states) == tasks, "not every task is there")
    found.check(all(s.outcome for s in found.states.values()), "not every task has ended")
    _levels(found)
    found.check(max(found.highest.values()) <= limit, "more than the limit was spent and held")
    spent = sum(ledger.total.spent for ledger in found.ledgers.values())
    paid = sum(price for _, price in found.paid)
    found.check(paid <= spent <= limit, "the world was paid more than the ledger knows")
    found.check(not any(ledger.held for ledger in found.ledgers.values()), "money is still held")
    for ledger in found.ledgers.values():
        for sums in (ledger.principals, ledger.tasks):
            whole = sum(one.spent for one in sums.values())
            found.check(whole == ledger.total.spent, "the parts are not the whole")
    refused = {e_.for_task for _, e_ in found.events if isinstance(e_, e.BudgetRefused)}
    for name, state in found.states.items():
        if state.outcome is DecisionOutcome.FAILED:
            why = state.error or ""
            found.check("the tenant 'default' may spend" in why, f"{name} does not say why: {why}")
            found.check(name in refused, f"{name} was stopped without a refusal")
            found.check(not state.business_metrics, f"{name} had a free tool and was stopped")
    reserved = {e_.command_id for _, e_ in found.events if isinstance(e_, e.BudgetReserved)}
    found.check({c for c, _ in found.paid} <= reserved, "something was paid without asking")


def _levels(found: Counted) -> None:
    """The most that was spent and held after any event, by ledger."""
    amounts: dict[str, int] = {}
    level: dict[str, int] = defaultdict(int)
    for name, event in found.events:
        match event:
            case e.BudgetReserved(reservation_id=held, amount=amount):
                amounts[held] = amount
                level[name] += amount
            case e.BudgetSettled(reservation_id=held, actual=actual):
                level[name] += actual - amounts[held]
        found.highest[name] = max(found.highest.get(name, 0), level[name])


def told(found: Counted, kinds: Iterable[type[object]]) -> str:
    """How many events of these types there are."""
    counts = {k.__name__: sum(isinstance(one, k) for _, one in found.events) for k in kinds}
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


def show(found: Counted, limit: int) -> None:
    """What was counted."""
    outcomes: dict[str, int] = defaultdict(int)
    for state in found.states.values():
        outcomes[state.outcome.value if state.outcome else "open"] += 1
    spent = sum(ledger.total.spent for ledger in found.ledgers.values())
    reported = sum(micros(state.cost) for state in found.states.values())
    expired = sum(e_.amount for _, e_ in found.events if isinstance(e_, e.BudgetExpired))
    stopped = [s for s in found.states.values() if s.outcome is DecisionOutcome.FAILED]
    print(f"tasks: {dict(outcomes)}")
    print(f"limit {shown(limit)}; most ever spent and held {shown(max(found.highest.values()))}")
    print(f"ledger: spent {shown(spent)}, of which counted in full, untold: {shown(expired)}")
    print(f"world:  paid {shown(sum(p for _, p in found.paid))} in {len(found.paid):,} calls")
    print(f"tasks:  told {shown(reported)}")
    kinds = (e.BudgetReserved, e.BudgetSettled, e.BudgetExpired, e.BudgetRefused)
    print(f"events: {told(found, kinds)}")
    print(f"stopped: {len(stopped)}, each says why; for instance {stopped[0].task_id}:")
    print(f"  {stopped[0].error}")


async def prove(tasks: int, kills: int, seed: int) -> bool:
    """All lives of one system, and what is left of them."""
    chance = random.Random(seed)
    directory = Path(tempfile.mkdtemp(prefix="prove-budget-"))
    limit = tasks * ESTIMATE / 2
    started = time.monotonic()
    try:
        killed = 0
        for _ in range(kills):
            killed += await life(directory, tasks, limit, chance.uniform(0.2, 3.0)) == "killed"
        await life(directory, tasks, limit, None)
        found = await read(directory)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    judge(found, tasks, micros(limit))
    print(f"{tasks:,} tasks, {killed} kill -9, {time.monotonic() - started:.0f} s")
    show(found, micros(limit))
    for what in found.findings[:20]:
        print(f"FAILED: {what}")
    print("never a millionth over" if not found.findings else f"{len(found.findings)} findings")
    return not found.findings


def main() -> int:
    """The exit code says whether it held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=1_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    return 0 if asyncio.run(prove(given.tasks, given.kills, given.seed)) else 1


if __name__ == "__main__":
    sys.exit(main())
