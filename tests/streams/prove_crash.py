"""Kill -9 at random moments of a run with retries, refinements, cancellations and effects; then
count.

python -m tests.streams.prove_crash --kills 60 --tasks 300

Every acknowledged task must end; no durable event may be lost, changed or doubled; no result may be
accepted twice; no effect may start twice; every chain must verify. A publication whose fate a crash
left open is a question: the prover answers it as a human would, by looking at the world.
"""

import argparse
import asyncio
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from streams.chain import GENESIS, link
from streams.domain.events import CommandCompleted, EffectGranted
from streams.domain.values import Json
from streams.envelope import read_event
from streams.log import EVENTS, INPUTS
from streams.sqlite import SqliteLog
from streams.verification import verify_log
from tests.streams.crash_child import portion

STALL = 60.0  # seconds without any news after which something is stranded


@dataclass
class Client:
    """What the outside world knows: what it asked for, and what was acknowledged or shown to it."""

    wanted: list[str]
    acknowledged: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    closed: dict[str, str] = field(default_factory=dict)
    seen: dict[tuple[str, int], str] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)
    questions: int = 0

    def hear(self, told: Json) -> None:
        """Take in one line from the process."""
        for task_id, sequence, digest in told.get("events", ()):
            known = self.seen.setdefault((task_id, sequence), digest)
            if known != digest:
                self.conflicts.append(f"{task_id}/{sequence} was shown with two hashes")
        if "ack" in told:
            order = told["ack"]
            {"submit": self.acknowledged, "cancel": self.cancelled}.get(order["do"], set()).add(
                order["task"]
            )
        if "closed" in told:
            self.closed[told["closed"]] = told["outcome"]
        if "error" in told:
            self.errors.append(told["error"])

    @property
    def is_done(self) -> bool:
        return all(task in self.acknowledged and task in self.closed for task in self.wanted)


async def live(
    directory: Path, client: Client, lifetime: float | None, in_flight: int = 40
) -> None:
    """One life of the process: feed it, listen, and kill it after so many seconds (None: let it
    finish)."""
    started = time.monotonic()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.streams.crash_child", str(directory),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 24,
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    asked: set[str] = set()
    answered: set[str] = set()
    deadline: float | None = None

    def order(**what: object) -> None:
        child.stdin.write(json.dumps(what).encode() + b"\n")

    def feed() -> None:
        under_way = sum(t not in client.closed for t in asked)
        for task in client.wanted:
            if under_way >= in_flight:
                break
            if task not in asked and task not in client.closed:
                asked.add(task)
                under_way += 1
                order(do="submit", task=task)

    try:
        while not client.is_done:
            patience = STALL if deadline is None else max(0.0, deadline - time.monotonic())
            try:
                line = await asyncio.wait_for(child.stdout.readline(), patience)
            except TimeoutError:
                if deadline is None:
                    raise RuntimeError(f"no news for {STALL:g} s: {_unfinished(client)}") from None
                return
            if not line:
                raise RuntimeError("the process ended by itself")
            told = json.loads(line)
            client.hear(told)
            if told.get("ready"):
                client.recoveries.append(time.monotonic() - started)
                deadline = None if lifetime is None else time.monotonic() + lifetime
            if "ack" in told and told["ack"]["do"] == "submit":
                task = told["ack"]["task"]
                if portion(task, 9) == 0 and task not in client.cancelled:
                    order(do="cancel", task=task)
            if "question" in told and told["question"] not in answered:
                answered.add(told["question"])
                client.questions += 1
                is_done = any(line.split()[0] == told["command"] for line in _world(directory))
                order(
                    do="answer",
                    task=told["task"],
                    question=told["question"],
                    answer="done" if is_done else "not done",
                )
            feed()
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


def _unfinished(client: Client) -> list[str]:
    return [t for t in client.wanted if t not in client.closed][:10]


def _world(directory: Path) -> list[str]:
    path = directory / "world.txt"
    return path.read_text().splitlines() if path.exists() else []


async def count(directory: Path, client: Client) -> Json:
    """Look at the log from outside, and compare it with what the client was told."""
    log = await SqliteLog.open(directory, read_only=True)
    offset, stored = 0, []
    while records := await log.read(EVENTS, 0, offset, 2_000):
        stored += [read_event(r) for r in records]
        offset = records[-1].offset + 1
    heads: dict[str, tuple[int, bytes]] = {}
    found: dict[tuple[str, int], str] = {}
    doubled = broken = 0
    completed: Counter[str] = Counter()
    grants: Counter[tuple[str, int]] = Counter()
    for event in stored:
        header = event.header
        sequence, digest = heads.get(header.task_id, (0, GENESIS))
        doubled += (header.task_id, header.sequence) in found
        is_next = header.sequence == sequence + 1
        broken += not is_next or link(digest, header.canonical(), event.digest) != event.hash
        heads[header.task_id] = (header.sequence, event.hash)
        found[header.task_id, header.sequence] = event.hash.hex()
        if isinstance(event.event, CommandCompleted):
            completed[event.event.command_id] += 1
        if isinstance(event.event, EffectGranted):
            grants[event.event.command_id, event.event.attempt] += 1
    recovery = await log.recover(0)
    inputs = await log.end(INPUTS, 0)
    integrity = await log.check()
    verified = await verify_log(log)
    await log.close()
    effects = Counter(line.split()[0] for line in _world(directory))
    return {
        "events": len(stored),
        "inputs": inputs,
        "tasks acknowledged": len(client.acknowledged),
        "tasks that did not end": sum(t not in client.closed for t in client.acknowledged),
        "events lost": sum(found.get(key) != digest for key, digest in client.seen.items()),
        "events doubled": doubled,
        "shown with two hashes": len(client.conflicts),
        "results accepted twice": sum(n > 1 for n in completed.values()),
        "grants given twice": sum(n > 1 for n in grants.values()),
        "effects started twice": sum(n > 1 for n in effects.values()),
        "links broken": broken,
        "inputs not decided": inputs - recovery.position,
        "findings of the file check": integrity,
        "findings of verify": verified.as_json()["findings"],
        "errors": client.errors,
    }


MUST_BE_NOTHING = (
    "tasks that did not end", "events lost", "events doubled", "shown with two hashes",
    "results accepted twice", "grants given twice", "effects started twice", "links broken",
    "inputs not decided", "findings of the file check", "findings of verify", "errors",
)  # fmt: skip


async def prove(directory: Path, *, kills: int, tasks: int, seed: int) -> tuple[Json, Client]:
    """The whole run; the answer is what was counted."""
    chance = random.Random(seed)
    client = Client([f"task-{n}" for n in range(tasks)])
    # Tasks come in portions, so that there is work under way at each kill.
    everything, client.wanted = client.wanted, []
    for kill in range(kills):
        client.wanted = everything[: max(1, tasks * (kill + 1) // kills)]
        if client.is_done:
            client.wanted = everything[: len(client.wanted) + 1]
        await live(directory, client, chance.uniform(0.0, 0.35))
    client.wanted = everything
    await live(directory, client, None)
    return await count(directory, client), client


def main() -> None:
    """Run it and print the counts; the exit code is 1 if anything is not nothing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--tasks", type=int, default=300)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix=".crash-", dir=Path.cwd()))
    started = time.monotonic()
    try:
        counted, client = asyncio.run(
            prove(directory, kills=chosen.kills, tasks=chosen.tasks, seed=chosen.seed)
        )
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    for name, value in counted.items():
        print(f"{name:<28} {value}")
    outcomes = Counter(client.closed.values())
    print(f"outcomes {dict(outcomes)}, {client.questions} publications asked about")
    recoveries = sorted(client.recoveries)
    middle = recoveries[len(recoveries) // 2]
    print(
        f"start to ready: median {middle:.2f} s, longest {recoveries[-1]:.2f} s "
        "(interpreter included)"
    )
    print(
        f"{chosen.kills} kills, {chosen.tasks} tasks, seed {chosen.seed}, "
        f"{time.monotonic() - started:.0f} s"
    )
    if any(counted[name] for name in MUST_BE_NOTHING):
        sys.exit("something was lost or done twice")


if __name__ == "__main__":
    main()
