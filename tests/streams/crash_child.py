"""The process that `prove_crash` kills: the embedded core with agents that fail, refine and act on
the world.

It reads orders as JSON lines from its input, and prints what is durable: acknowledgements, and each
event's hash.
"""

import asyncio
import json
import os
import sys
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from agents.contract import Agent, Done, Effect, Outcome, Retry
from agents.echo import echo_agents
from agents.runner import Runner
from streams.clock import new_salt, wall_clock
from streams.domain.commands import Command
from streams.domain.errors import LogError
from streams.domain.inputs import AnswerQuestion, CancelTask, Input, SubmitRequest
from streams.domain.state import Life, TaskState
from streams.domain.values import Json
from streams.embedded import Embedded
from streams.log import EVENTS, Record
from streams.sqlite import SqliteLog

SETTINGS: Json = {
    "is_auto_approved": True,
    "retry_base": 20,
    "retry_cap": 100,
    "grant_time": 1_500,
    "command_timeout": 5_000,
}


def portion(text: str, of: int) -> int:
    """A number below `of` that belongs to a text."""
    return zlib.crc32(text.encode()) % of


def agents(world: Path) -> tuple[Agent, ...]:
    """Echo agents with a channel to publish to, failing steps, poor first drafts, slow steps and
    a real effect."""
    planner, evaluator, content, echo = echo_agents(300)

    def parse(command: Command) -> Outcome:
        return Done({"name": "echo", "action": "echo", "domain": "test", "channels": ["linkedin"]})

    def assess(command: Command) -> Outcome:
        good = evaluator.computes["AssessQuality"](command)
        is_poor = command.payload["refinements"] == 0 and portion(command.task_id, 4) == 0
        if not is_poor or not isinstance(good, Done):
            return good
        dimensions = [d | {"score": 0.6} for d in good.output["dimensions"]]
        return Done(good.output | {"dimensions": dimensions})

    def shape(command: Command) -> Outcome:
        variant = {"channel": "linkedin", "content": "echo"}
        return Done({"title": "Echo", "content": "echo", "variants": [variant]})

    def fail_at_first(command: Command) -> Outcome:
        if command.attempt == 1 and portion(command.command_id, 3) == 0:
            return Retry("the first attempt fails")
        return echo.computes["echo_1"](command)

    async def slow(command: Command) -> Outcome:
        await asyncio.sleep(portion(command.command_id, 20) / 1000)
        return echo.computes["echo_2"](command)

    return (
        Agent("planner", computes={**planner.computes, "ParseIntent": parse}),
        Agent("evaluator", computes={**evaluator.computes, "AssessQuality": assess}),
        Agent("content", computes={**content.computes, "Format": shape}),
        Agent(
            "echo",
            computes={"echo_1": fail_at_first, "Refine": content.computes["Refine"]},
            effects={"echo_2": slow, "echo_3": slow},
            concurrency=64,
        ),
        Agent("publisher", effects={"linkedin_publisher": publish_to(world)}),
    )


def publish_to(world: Path) -> Effect:
    """An effect that cannot be taken back: a line in a file that outlives the process."""

    async def publish(command: Command) -> Outcome:
        handle = os.open(world, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(handle, f"{command.command_id} {command.attempt}\n".encode())
        os.close(handle)
        await asyncio.sleep(portion(command.command_id, 8) / 1000)
        return Done({"reference": command.command_id})

    return publish


def say(**what: object) -> None:
    """Tell the parent; one line is written whole or not at all."""
    os.write(1, json.dumps(what).encode() + b"\n")


def told(records: Sequence[Record], states: Mapping[str, TaskState]) -> None:
    """Everything that has become durable."""
    events = [
        (r.key, int(r.headers["sequence"]), r.headers["hash"]) for r in records if r.topic == EVENTS
    ]
    for first in range(0, len(events), 20):
        say(events=events[first : first + 20])
    for task_id, state in states.items():
        if state.life is Life.CLOSED:
            say(closed=task_id, outcome=state.outcome)
        for question_id, asked in state.questions.items():
            say(question=question_id, task=task_id, command=asked.command_id)


def read(order: Json, number: int) -> Input:
    """The input that an order stands for."""
    common = {
        "input_id": f"{os.getpid()}-{number}",
        "task_id": order["task"],
        "at": wall_clock(),
        "salt": new_salt(),
    }
    match order["do"]:
        case "submit":
            return SubmitRequest(**common, request="echo", settings=SETTINGS)
        case "cancel":
            return CancelTask(**common, reason="changed my mind")
        case _:
            return AnswerQuestion(**common, question_id=order["question"], answer=order["answer"])


async def main(directory: Path) -> None:
    """Run until killed, or until the input ends."""
    log = await SqliteLog.open(directory)
    core: Embedded
    hands = Runner(agents(directory / "world.txt"), lambda given: core.send(given))
    core = Embedded(log, hands)
    core.listen(told)
    await core.start()
    told([], core.states())
    say(ready=True)
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    running: set[asyncio.Task[None]] = set()
    number = 0
    while line := await reader.readline():
        number += 1
        task = asyncio.create_task(obey(core, log, json.loads(line), number))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    await core.stop()
    await hands.stop()
    await log.close()


async def obey(core: Embedded, log: SqliteLog, order: Json, number: int) -> None:
    """Send an input and acknowledge it when it is durable."""
    try:
        answer = await core.send(read(order, number))
    except LogError as error:
        say(error=str(error))
        return
    say(ack=order, verdict=answer.verdict)
    # The process that closed the task may have been killed before it could say so.
    stub = (await log.snapshots(0, [order["task"]])).get(order["task"])
    if stub is not None and not stub.is_open:
        say(closed=order["task"], outcome=stub.outcome)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
