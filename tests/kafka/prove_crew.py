"""The processes of a proof: workers, agents and the outside client, started, killed and let go.

Whoever ends by itself is started again, as a supervisor does, and counted.
"""

import asyncio
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from streams.kafka.connection import KafkaSettings

AGENTS = "agents"
_LOOK = 0.2  # seconds between looks at the processes
_READY_WITHIN = 60.0  # seconds


@dataclass(eq=False)
class Member:
    """One process, with its role."""

    role: str
    process: asyncio.subprocess.Process
    started_at: float
    is_ready: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Counts:
    """What happened to the processes."""

    starts: list[float] = field(default_factory=list)  # seconds until each was ready
    ended_by_themselves: list[str] = field(default_factory=list)
    left: list[int] = field(default_factory=list)  # codes of those who were asked to leave


class Crew:
    """Processes of `tests.kafka.child` on one log."""

    def __init__(self, settings: KafkaSettings, effects: Path) -> None:
        self.counts = Counts()
        self._settings = settings
        self._effects = effects
        self._members: list[Member] = []
        self._readings: set[asyncio.Task[None]] = set()
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Crew":
        self._watch = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._watch is not None
        self._watch.cancel()
        await asyncio.gather(self._watch, return_exceptions=True)
        await asyncio.gather(*(self.kill(member) for member in list(self._members)))
        await asyncio.gather(*self._readings)

    async def start(self, role: str) -> Member:
        """Start one; it is ready some seconds later."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.kafka.child", role),
            *(self._settings.bootstrap, self._settings.prefix, str(self._effects)),
            stdout=asyncio.subprocess.PIPE,
        )
        member = Member(role, process, time.monotonic())
        self._members.append(member)
        reading = asyncio.create_task(self._read(member))
        self._readings.add(reading)
        reading.add_done_callback(self._readings.discard)
        return member

    async def until_ready(self, member: Member) -> None:
        """Wait until it works on its partitions."""
        async with asyncio.timeout(_READY_WITHIN):
            await member.is_ready.wait()

    async def kill(self, member: Member) -> None:
        """End it as a power cut would."""
        self._members.remove(member)
        if member.process.returncode is None:
            member.process.kill()
        await member.process.wait()

    async def let_go(self, member: Member) -> None:
        """Ask it to end, and wait until it has."""
        self._members.remove(member)
        member.process.terminate()
        self.counts.left.append(await member.process.wait())

    def one_of(self, roles: set[str], chance: random.Random) -> Member:
        """Somebody of these roles who is at work."""
        known = [member for member in self._members if member.role in roles]
        return chance.choice([m for m in known if m.is_ready.is_set()] or known)

    async def _read(self, member: Member) -> None:
        assert member.process.stdout is not None
        async for line in member.process.stdout:
            if line.strip() == b"ready":
                self.counts.starts.append(time.monotonic() - member.started_at)
                member.is_ready.set()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            for member in [m for m in self._members if m.process.returncode is not None]:
                self._members.remove(member)
                self.counts.ended_by_themselves.append(member.role)
                await self.start(member.role)


async def send_from_outside(settings: KafkaSettings, tasks: int, poison: int, rate: float) -> int:
    """Run the outside client; the answer is how many messages were acknowledged to it.

    Raises:
        RuntimeError: it has failed.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.kafka.prove_client", settings.bootstrap, settings.prefix),
        *(str(tasks), str(poison), str(rate)),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise RuntimeError(f"the outside client ended with {process.returncode}")
    return int(said)
