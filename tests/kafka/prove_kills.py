"""Proves that nothing is lost or doubled while workers are killed, come and go, and the broker
restarts: `python -m tests.kafka.prove_kills`.

An outside Kafka client produces requests all the while. At the end every task must have ended once,
every effect must have happened once, every history must verify, and the inbox must be read.
"""

import argparse
import asyncio
import json
import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aiokafka import AIOKafkaProducer

from streams.clock import new_salt, wall_clock
from streams.domain.inputs import DispatchCommand
from streams.envelope import input_record
from streams.kafka.connection import KafkaSettings
from streams.kafka.log import KafkaLog
from streams.log import DEAD_LETTERS, EVENTS, INPUTS, REQUESTS
from streams.topics import partition_of
from streams.verification import verify_log
from tests.kafka.broker import Cluster, cluster
from tests.kafka.child import POSTER

PARTITIONS = 4
_PATIENCE = 300.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything."""

    kind: str = "plain"
    tasks: int = 1_000
    effects: int = 50
    poison: int = 50
    kills: int = 5
    is_broker_restarted: bool = True
    are_agents_killed: bool = True  # then some effects are uncertain, and that takes a minute
    rate: float = 150.0  # requests a second


@dataclass
class Outcome:
    """What came of it."""

    ended: int = 0
    doubled: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    uncertain: list[str] = field(default_factory=list)
    effects_twice: list[str] = field(default_factory=list)
    buried: int = 0
    findings: list[str] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def is_clean(self, plan: Plan) -> bool:
        """Whether all is as it must be."""
        is_whole = self.ended + len(self.uncertain) == plan.tasks + plan.effects
        is_once = not (self.doubled or self.lost or self.effects_twice or self.findings)
        return is_whole and is_once and self.buried == plan.poison


class Proof:
    """One run."""

    def __init__(self, plan: Plan, broker: Cluster, folder: Path) -> None:
        self.plan = plan
        self.outcome = Outcome()
        self._broker = broker
        self._effects = folder / "effects"
        self._effects.touch()
        self._settings = KafkaSettings(
            broker.bootstrap, f"prove{os.getpid()}-{plan.kind}.", PARTITIONS
        )
        self._children: dict[asyncio.subprocess.Process, str] = {}  # with their roles
        self._tasks = [f"task-{n}" for n in range(plan.tasks)]
        self._posts = [f"post-{n}" for n in range(plan.effects)]
        self._closed: Counter[str] = Counter()
        self._uncertain: set[str] = set()
        self._moved_at = time.monotonic()
        self._random = random.Random(7)

    async def run(self) -> Outcome:
        """From the first request to the last look."""
        started = time.monotonic()
        log = await KafkaLog.open(self._settings)
        for role in (self.plan.kind, self.plan.kind, "agents"):
            await self._start(role)
        watches = [asyncio.create_task(self._watch(log, n)) for n in range(PARTITIONS)]
        try:
            await asyncio.gather(self._produce(log), self._disturb())
            await self._until_all_have_ended(watches)
            self.outcome.seconds = time.monotonic() - started
            await self._examine(log)
        finally:
            for watch in watches:
                watch.cancel()
            await asyncio.gather(*watches, return_exceptions=True)
            await asyncio.gather(*(self._end(child) for child in list(self._children)))
            await log.close()
        return self.outcome

    async def _start(self, role: str) -> asyncio.subprocess.Process:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.kafka.child", role),
            *(self._broker.bootstrap, self._settings.prefix, str(self._effects)),
            stdout=asyncio.subprocess.PIPE,
        )
        self._children[child] = role
        return child

    async def _end(self, child: asyncio.subprocess.Process, *, kill: bool = True) -> None:
        del self._children[child]
        if child.returncode is None:
            if kill:
                child.kill()
            else:
                child.terminate()
        await child.wait()

    async def _produce(self, log: KafkaLog) -> None:
        """Bare JSON with poison among it, from a client that knows nothing of us."""
        bodies = [json.dumps({"request": "echo", "task_id": t}).encode() for t in self._tasks]
        bodies += [b"\xff{poison %d" % n for n in range(self.plan.poison)]
        posts = iter(self._posts)
        self._random.shuffle(bodies)
        producer = AIOKafkaProducer(
            bootstrap_servers=self._broker.bootstrap, acks="all", enable_idempotence=True
        )
        await producer.start()
        try:
            for number, body in enumerate(bodies):
                await producer.send(self._settings.named(REQUESTS), body)
                if number % max(1, len(bodies) // max(1, self.plan.effects)) == 0:
                    await self._post(log, next(posts, None))
                await asyncio.sleep(1 / self.plan.rate)
            for post in posts:
                await self._post(log, post)
            await producer.flush()
        finally:
            await producer.stop()

    async def _post(self, log: KafkaLog, task_id: str | None) -> None:
        if task_id is None:
            return
        given = DispatchCommand(
            input_id=f"in-{task_id}",
            task_id=task_id,
            at=wall_clock(),
            salt=new_salt(),
            agent_type=POSTER,
            action="post",
            is_repeatable=False,
        )
        await log.append([input_record(given, partition_of(task_id, PARTITIONS))])

    async def _disturb(self) -> None:
        """Kill workers and start others; another comes and goes; the broker restarts once."""
        length = self.plan.tasks / self.plan.rate
        for number in range(self.plan.kills):
            await asyncio.sleep(length / (self.plan.kills + 1))
            victim, role = self._random.choice(self._victims())
            killed_at = time.monotonic()
            await self._end(victim)
            await self._start(role)
            if number == 0:
                guest = await self._start(self.plan.kind)
                await asyncio.sleep(length / 10)
                await self._end(guest, kill=False)
            if number == self.plan.kills // 2 and self.plan.is_broker_restarted:
                await asyncio.to_thread(self._broker.restart)
            self.outcome.gaps.append(await self._until_moving(killed_at))

    def _victims(self) -> list[tuple[asyncio.subprocess.Process, str]]:
        is_safe = {"agents": not self.plan.are_agents_killed}
        return [(c, role) for c, role in self._children.items() if not is_safe.get(role)]

    async def _until_moving(self, since: float) -> float:
        """Seconds until tasks end again; 0 where nothing was left to end."""
        begun = self._moved_at
        for _ in range(200):
            if self._moved_at > max(begun, since):
                return self._moved_at - since
            await asyncio.sleep(0.05)
        return 0.0

    async def _watch(self, log: KafkaLog, partition: int) -> None:
        offset = 0
        while True:
            page = await log.follow(EVENTS, partition, offset, 5_000, 0.5)
            offset = page.following
            for record in page.records:
                kind = record.headers["type"]
                if kind == "task_closed.v1":
                    self._closed[record.key] += 1
                    self._moved_at = time.monotonic()
                elif kind == "effect_uncertain.v1":
                    self._uncertain.add(record.key)

    async def _until_all_have_ended(self, watches: Sequence[asyncio.Task[None]]) -> None:
        wanted = {*self._tasks, *self._posts}
        async with asyncio.timeout(_PATIENCE):
            while wanted - self._closed.keys() - self._uncertain:
                for watch in watches:
                    if watch.done():
                        watch.result()
                await asyncio.sleep(0.1)

    async def _examine(self, log: KafkaLog) -> None:
        out = self.outcome
        wanted = {*self._tasks, *self._posts}
        out.ended = len(wanted & self._closed.keys())
        out.uncertain = sorted(self._uncertain - self._closed.keys())
        out.lost = sorted(wanted - self._closed.keys() - self._uncertain)
        out.doubled = [task for task, times in self._closed.items() if times != 1]
        acted = Counter(self._effects.read_text("utf-8").split())
        out.effects_twice = [task for task, times in acted.items() if times > 1]
        report = await verify_log(log)
        out.findings = [f"{f.task_id} {f.sequence}: {f.what}" for f in report.findings]
        for partition in range(PARTITIONS):
            out.buried += len(await log.read(DEAD_LETTERS, partition, 0, 100_000))
            inputs = await log.read(INPUTS, partition, 0, 1_000_000)
            begun = Counter(r.key for r in inputs if r.headers["type"] == "submit_request.v1")
            out.doubled += [f"{task} was handed in twice" for task, n in begun.items() if n > 1]


async def prove(plan: Plan) -> Outcome:
    """Run the plan on a Kafka of its own."""
    with tempfile.TemporaryDirectory() as folder, cluster() as broker:
        return await Proof(plan, broker, Path(folder)).run()


def main() -> int:
    """Run a plan and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=["plain", "faust"], default="plain")
    for name in ("tasks", "effects", "poison", "kills"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Plan(), name))
    parser.add_argument("--rate", type=float, default=Plan().rate)
    chosen = parser.parse_args()
    plan = Plan(**vars(chosen))
    # It is the broker that goes away here: what clients say about it is no news.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    outcome = asyncio.run(prove(plan))
    print(f"{outcome.ended} of {plan.tasks + plan.effects} tasks ended in {outcome.seconds:.1f} s")
    print(f"lost {len(outcome.lost)}, doubled {len(outcome.doubled)}")
    print(f"effects twice {len(outcome.effects_twice)}, uncertain {len(outcome.uncertain)}")
    print(f"poison kept {outcome.buried} of {plan.poison}; findings {len(outcome.findings)}")
    gaps = ", ".join(f"{gap:.1f}" for gap in outcome.gaps)
    print(f"seconds from each death until tasks ended again: {gaps}")
    for finding in [*outcome.lost, *outcome.doubled, *outcome.findings][:20]:
        print(f"  {finding}")
    return 0 if outcome.is_clean(plan) else 1


if __name__ == "__main__":
    sys.exit(main())
