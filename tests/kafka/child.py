"""One process of a cluster, for tests that kill it: a worker with an inbox, or agents that act.

`python -m tests.kafka.child ROLE BOOTSTRAP PREFIX [EFFECTS [SESSION]]`, where ROLE is plain, faust
or agents, and SESSION the seconds until it counts as gone when it is silent. It says `ready` when
it works, drains and ends on SIGTERM, and ends with 1 when it cannot go on.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from agents.contract import Agent, Done, Outcome
from agents.echo import echo_agents
from agents.runner import Runner
from streams.domain.commands import Command
from streams.kafka.connection import KafkaSettings
from streams.kafka.inbox import Inbox
from streams.kafka.log import KafkaLog
from streams.kafka.queues import Queues
from streams.kafka.sender import Sender
from streams.shell import Shell
from streams.worker import FaustWorker
from tests.kafka.cluster import SESSION, nobody
from tests.kafka.reading import read
from tests.streams.waiting import until

POSTER = "poster"
KINDS: dict[str, type[Shell | FaustWorker]] = {"plain": Shell, "faust": FaustWorker}
Part = Shell | FaustWorker | Inbox | Queues


def poster(effects: Path) -> Agent:
    """An agent whose effect cannot be taken back: a line in a file."""

    async def post(command: Command) -> Outcome:
        with effects.open("a", encoding="utf-8") as file:
            file.write(f"{command.task_id}\n")
            file.flush()
            os.fsync(file.fileno())
        return Done({"said": "posted"})

    return Agent(POSTER, effects={"post": post})


@asynccontextmanager
async def parts(
    role: str, log: KafkaLog, effects: Path, session: float
) -> AsyncIterator[list[Part]]:
    """Start what this process does; stop it in order at the end."""
    if role == "agents":
        sender = Sender(log)
        runner = Runner([poster(effects)], sender.send)
        queues = Queues(log, [POSTER], runner, sender, session=session)
        await queues.start()
        print("ready", flush=True)
        yield [queues]
        await queues.stop()
        await runner.stop(1.0)
        await sender.close()
        return
    worker = KINDS[role](log, hands=Runner(echo_agents(), nobody), session=session)
    inbox = Inbox(log, read, session=session)
    await worker.start()
    await inbox.start()
    announcing = asyncio.create_task(_announce(worker))
    yield [worker, inbox]
    announcing.cancel()
    await inbox.stop()
    await worker.stop()


async def _announce(worker: Shell | FaustWorker) -> None:
    """Say so as soon as all partitions of this worker are taken over."""
    await until(lambda: worker.is_ready, patience=3600.0)
    print("ready", flush=True)


async def run(role: str, settings: KafkaSettings, effects: Path, session: float) -> int:
    """Until it is told to stop, or cannot go on."""
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    log = await KafkaLog.open(settings)
    failed: list[BaseException] = []
    async with parts(role, log, effects, session) as running:

        def has_ended() -> bool:
            failed.extend(part.failure for part in running if part.failure is not None)
            return stopping.is_set() or bool(failed)

        await until(has_ended, patience=3600.0)
    await log.close()
    for error in failed:
        print(f"cannot go on: {error!r}", file=sys.stderr, flush=True)
    return 1 if failed else 0


def main() -> None:
    """Run the role that the arguments name."""
    role, bootstrap, prefix, *more = sys.argv[1:]
    logging.basicConfig(level=logging.ERROR)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    # Queues are made by whoever needs them first, with as many copies as the others have.
    copies = min(3, len(bootstrap.split(",")))
    settings = KafkaSettings(bootstrap, prefix, replication=copies)
    effects = Path(more[0]) if more else Path(os.devnull)
    session = float(more[1]) if len(more) > 1 else SESSION
    sys.exit(asyncio.run(run(role, settings, effects, session)))


if __name__ == "__main__":
    main()
