"""What cannot be read is kept byte for byte, and holds up nothing of what can.

An outside client sends poison of five kinds among good requests: broken JSON, wrong types, foreign
envelopes, 5 MB, and UTF-8 that ends in the middle of a letter. `tests.kafka.prove_kafka` runs it.
"""

import asyncio
import os
import time
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from streams.kafka.connection import KafkaSettings
from streams.kafka.log import KafkaLog
from streams.verification import verify_log
from tests.kafka.prove_client import messages, task_id
from tests.kafka.prove_crew import Crew, send_from_outside
from tests.kafka.prove_kills import PARTITIONS, Say
from tests.kafka.prove_look import Watch, buried, until_read

_PATIENCE = 60.0  # seconds without any progress


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything."""

    kind: str = "faust"
    tasks: int = 5_000
    poison: int = 500
    rate: float = 200.0  # messages a second


@dataclass
class Outcome:
    """What came of it."""

    acknowledged: int
    ended: int
    more: list[str]  # tasks that nobody has asked for, or that have ended twice
    kept: int  # messages of poison that lie among the dead letters with the same bytes
    changed: int  # dead letters with bytes that nobody has sent
    findings: list[str]
    unread: int
    ended_by_themselves: list[str]
    seconds: float

    def is_clean(self, plan: Plan) -> bool:
        """Whether all is as it must be."""
        is_whole = self.ended == plan.tasks and self.kept == plan.poison
        wrong = (self.more, self.changed, self.findings, self.unread, self.ended_by_themselves)
        return is_whole and not any(wrong)


async def prove(plan: Plan, bootstrap: str, say: Say = lambda _: None) -> Outcome:
    """Run the plan on a Kafka that is there."""
    settings = KafkaSettings(bootstrap, f"poison{os.getpid()}-{plan.kind}.", PARTITIONS)
    wanted = {task_id(n) for n in range(plan.tasks)}
    log = await KafkaLog.open(settings)
    try:
        async with Crew(settings, Path(os.devnull)) as crew, Watch(log) as watch:
            for _ in range(2):
                await crew.until_ready(await crew.start(plan.kind))
            say(f"two workers are ready; the client sends {plan.tasks + plan.poison:,} messages")
            started = time.monotonic()
            sent = await send_from_outside(settings, plan.tasks, plan.poison, plan.rate)
            say(f"{sent:,} messages are acknowledged; {len(watch.closed):,} tasks have ended")
            await watch.until(wanted, _PATIENCE)
            say(f"{len(watch.closed):,} tasks have ended; waiting until all is read")
            unread = await until_read(log, plan.kind, _PATIENCE)
            seconds = time.monotonic() - started
        say("all is read; comparing what was kept with what was sent")
        expected, found = await asyncio.to_thread(_poison, plan), await buried(log)
        report = await verify_log(log)
    finally:
        await log.close()
    return Outcome(
        acknowledged=sent,
        ended=len(wanted & watch.closed.keys()),
        more=[t for t, times in watch.closed.items() if times != 1 or t not in wanted],
        kept=(expected & found).total(),
        changed=(found - expected).total(),
        findings=[f"{f.task_id} {f.sequence}: {f.what}" for f in report.findings],
        unread=unread,
        ended_by_themselves=crew.counts.ended_by_themselves,
        seconds=seconds,
    )


def _poison(plan: Plan) -> Counter[bytes]:
    """The poison that was sent, by its sha256."""
    sent = messages(plan.tasks, plan.poison)
    return Counter(sha256(each.value).digest() for each in sent if each.is_poison)
