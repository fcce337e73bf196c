"""Nothing is lost or doubled while workers are killed, come and go, and brokers restart or die.

An outside Kafka client produces requests all the while, and other tasks ask for effects that cannot
be taken back. At the end every task must have ended once, every effect must have happened once,
every history must verify, and everything must have been read. `tests.kafka.prove_kafka` runs it.
"""

import asyncio
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from streams.clock import new_salt, wall_clock
from streams.domain.inputs import DispatchCommand
from streams.envelope import input_record
from streams.kafka.connection import KafkaSettings
from streams.kafka.log import KafkaLog
from streams.topics import partition_of
from streams.verification import verify_log
from tests.kafka.broker import Cluster, cluster
from tests.kafka.child import POSTER
from tests.kafka.prove_client import task_id
from tests.kafka.prove_crew import AGENTS, Counts, Crew, send_from_outside
from tests.kafka.prove_look import Watch, buried, handed_in_twice, until_read

PARTITIONS = 4
_PATIENCE = 120.0  # seconds without any progress
_LOOK = 0.1
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything. `kills` are those of workers."""

    kind: str = "faust"
    brokers: int = 1
    tasks: int = 10_000
    effects: int = 50
    poison: int = 0
    kills: int = 5
    agent_kills: int = 1  # each may leave effects of which nobody knows: these take a minute
    has_guest: bool = True
    is_broker_restarted: bool = True
    is_broker_killed: bool = False
    rate: float = 80.0  # requests a second

    @property
    def task_ids(self) -> set[str]:
        """The tasks that the outside client asks for."""
        return {task_id(n) for n in range(self.tasks)}

    @property
    def post_ids(self) -> set[str]:
        """The tasks with an effect."""
        return {f"post-{n}" for n in range(self.effects)}


@dataclass
class Outcome:
    """What came of it."""

    counts: Counts
    acknowledged: int = 0
    ended: int = 0
    doubled: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    uncertain: list[str] = field(default_factory=list)
    effects_twice: list[str] = field(default_factory=list)
    effects_missing: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    verified: int = 0
    buried: int = 0
    unread: int = 0
    silences: dict[str, float] = field(default_factory=dict)  # seconds, by what was done
    seconds: float = 0.0

    def is_clean(self, plan: Plan) -> bool:
        """Whether all is as it must be."""
        wrong = (self.doubled, self.lost, self.effects_twice, self.effects_missing, self.findings)
        tasks = plan.tasks + plan.effects
        is_whole = self.ended + len(self.uncertain) == tasks == self.verified
        is_read = self.unread == 0 and self.buried == plan.poison
        return is_whole and is_read and not any(wrong)


class Proof:
    """One run on a broker of its own."""

    def __init__(self, plan: Plan, broker: Cluster, folder: Path, say: Say) -> None:
        self._plan = plan
        self._broker = broker
        self._say = say
        self._effects = folder / "effects"
        self._effects.touch()
        self._settings = KafkaSettings(
            broker.bootstrap,
            f"prove{os.getpid()}-{plan.kind}.",
            PARTITIONS,
            replication=min(3, plan.brokers),
        )
        self._random = random.Random(7)
        self._disturbed: list[tuple[str, float]] = []  # what was done, and when

    async def run(self) -> Outcome:
        """From the first request to the last look."""
        log = await KafkaLog.open(self._settings)
        try:
            async with Crew(self._settings, self._effects) as crew, Watch(log) as watch:
                outcome = Outcome(crew.counts)
                await self._work(log, crew, watch, outcome)
                outcome.unread = await until_read(log, self._plan.kind, _PATIENCE)
                self._compare(watch, outcome)
            await self._verify(log, outcome)
        finally:
            await log.close()
        return outcome

    async def _work(self, log: KafkaLog, crew: Crew, watch: Watch, outcome: Outcome) -> None:
        plan = self._plan
        for role in (plan.kind, plan.kind, AGENTS):
            await crew.until_ready(await crew.start(role))
        started = time.monotonic()
        outcome.acknowledged, *_ = await asyncio.gather(
            send_from_outside(self._settings, plan.tasks, plan.poison, plan.rate),
            self._ask_for_effects(log, watch),
            self._disturb(crew, watch),
        )
        await watch.until(plan.task_ids | plan.post_ids, _PATIENCE)
        now = time.monotonic()
        outcome.seconds = now - started
        ends = [at for _, at in self._disturbed[1:]] + [now]
        for (what, at), end in zip(self._disturbed, ends, strict=True):
            outcome.silences[what] = watch.silence(at, end)

    async def _ask_for_effects(self, log: KafkaLog, watch: Watch) -> None:
        """Spread over the whole run."""
        for number, post in enumerate(sorted(self._plan.post_ids)):
            await self._until_done(watch, number / (self._plan.effects + 1))
            given = DispatchCommand(
                input_id=f"in-{post}",
                task_id=post,
                at=wall_clock(),
                salt=new_salt(),
                agent_type=POSTER,
                action="post",
                is_repeatable=False,
            )
            await log.append([input_record(given, partition_of(post, PARTITIONS))])

    async def _disturb(self, crew: Crew, watch: Watch) -> None:
        """One thing after the other, each at its share of the work."""
        steps = self._steps(crew)
        for number, (what, step) in enumerate(steps, 1):
            await self._until_done(watch, number / (len(steps) + 1))
            begun, ended = watch.begun, watch.closed.total()
            self._say(f"{begun:,} tasks have begun and {ended:,} ended; {what}")
            self._disturbed.append((what, time.monotonic()))
            await step()

    def _steps(self, crew: Crew) -> list[tuple[str, Callable[[], object]]]:
        plan = self._plan

        async def kill(role: str) -> None:
            await crew.kill(crew.one_of({role}, self._random))
            await crew.until_ready(await crew.start(role))

        async def invite() -> None:
            guest = await crew.start(plan.kind)
            await crew.until_ready(guest)
            await crew.let_go(guest)

        steps: list[tuple[str, Callable[[], object]]] = [
            (f"worker {n} is killed", lambda: kill(plan.kind)) for n in range(1, plan.kills + 1)
        ]
        middle = len(steps) // 2
        if plan.is_broker_killed:
            lost = ("a broker is killed", lambda: asyncio.to_thread(self._broker.kill, 1))
            steps.insert(middle, lost)
        if plan.is_broker_restarted:
            again = ("the broker restarts", lambda: asyncio.to_thread(self._broker.restart))
            steps.insert(middle, again)
        steps += [("the agents are killed", lambda: kill(AGENTS))] * plan.agent_kills
        if plan.has_guest:
            steps.insert(1, ("a worker joins and leaves", invite))
        return steps

    async def _until_done(self, watch: Watch, share: float) -> None:
        """Wait until this share of the tasks has begun and ended.

        Raises:
            TimeoutError: nothing moves any more.
        """
        last, since = -1, time.monotonic()
        while watch.progress < share * 2 * self._plan.tasks:
            if watch.progress != last:
                last, since = watch.progress, time.monotonic()
            if time.monotonic() - since > _PATIENCE:
                ended = len(watch.closed)
                raise TimeoutError(f"{ended} tasks have ended, and no more for {_PATIENCE:g} s")
            await asyncio.sleep(_LOOK)

    def _compare(self, watch: Watch, out: Outcome) -> None:
        wanted = self._plan.task_ids | self._plan.post_ids
        out.ended = len(wanted & watch.closed.keys())
        out.uncertain = sorted(watch.uncertain - watch.closed.keys())
        out.lost = sorted(wanted - watch.closed.keys() - watch.uncertain)
        out.doubled = [task for task, times in watch.closed.items() if times != 1]
        out.doubled += sorted(watch.closed.keys() - wanted)
        acted = Counter(self._effects.read_text("utf-8").split())
        out.effects_twice = [task for task, times in acted.items() if times > 1]
        due = (self._plan.post_ids & watch.closed.keys()) - watch.uncertain
        out.effects_missing = sorted(due - acted.keys())

    async def _verify(self, log: KafkaLog, out: Outcome) -> None:
        self._say("all is read; verifying every history")
        report = await verify_log(log)
        out.verified = report.tasks
        out.findings = [f"{f.task_id} {f.sequence}: {f.what}" for f in report.findings]
        out.doubled += [f"{task} was handed in twice" for task in await handed_in_twice(log)]
        out.buried = sum((await buried(log)).values())


async def prove(plan: Plan, say: Say = lambda _: None) -> Outcome:
    """Run the plan on a Kafka of its own."""
    with tempfile.TemporaryDirectory() as folder, cluster(plan.brokers) as broker:
        return await Proof(plan, broker, Path(folder), say).run()
