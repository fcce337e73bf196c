"""An outside client for the proofs, which knows nothing of the product but names of topics:
`python -m tests.kafka.prove_client BOOTSTRAP PREFIX TASKS POISON RATE`.

It produces bare JSON with poison evenly among it, and prints how many messages were acknowledged.
What it sends depends on the numbers alone, so that others can tell what must have come.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from aiokafka import AIOKafkaProducer

LARGE = 5_000_000  # bytes of the largest poison
_REQUESTS, _INPUTS = "requests", "inputs"
_AT_ONCE = 50  # messages between looks at the clock
_MOST = 16 << 20  # bytes of one request to the broker


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, and whether a task should come of it."""

    topic: str
    value: bytes
    headers: list[tuple[str, bytes]] = field(default_factory=list)
    is_poison: bool = False


def task_id(number: int) -> str:
    """The id that the client gives to its request of a number."""
    return f"task-{number}"


def messages(tasks: int, poison: int) -> Iterator[Message]:
    """All that is sent, in order."""
    sent = 0
    for number in range(max(tasks, poison)):
        if number < tasks:
            body = {"request": f"echo number {number}", "task_id": task_id(number)}
            yield Message(_REQUESTS, json.dumps(body).encode())
        due = poison if number + 1 >= tasks else poison * (number + 1) // tasks
        for each in range(sent, due):
            yield _POISON[each % len(_POISON)](each)
        sent = max(sent, due)


def _bad_json(number: int) -> Message:
    return Message(_REQUESTS, b'{"request": "number %d", ' % number, is_poison=True)


def _wrong_type(number: int) -> Message:
    wrong = [number, None, ["a", "list"], {"text": "x"}][number % 4]
    body = {"request": wrong, "task_id": f"wrong-{number}", "n": number}
    return Message(_REQUESTS, json.dumps(body).encode(), is_poison=True)


def _wrong_envelope(number: int) -> Message:
    """A CloudEvent in JSON, what a schema registry's client frames, or no envelope at all where
    the workers read."""
    request = {"request": f"number {number}"}
    match number % 3:
        case 0:
            event = {"specversion": "1.0", "id": str(number), "type": "ask", "source": "/other"}
            body = json.dumps({**event, "data": request}).encode()
            return Message(_REQUESTS, body, is_poison=True)
        case 1:
            framed = b"\x00" + number.to_bytes(4, "big") + json.dumps(request).encode()
            return Message(_REQUESTS, framed, is_poison=True)
        case _:
            headers = [("ce_specversion", b"9.9"), ("ce_type", b"unheard_of.v1")]
            return Message(_INPUTS, json.dumps(request).encode(), headers, is_poison=True)


def _too_large(number: int) -> Message:
    text = f"{number} " + "x" * LARGE
    return Message(_REQUESTS, json.dumps({"request": text}).encode(), is_poison=True)


def _truncated_utf8(number: int) -> Message:
    # The last letter is two bytes long, and the second of them is cut off.
    text = f'{{"request": "number {number} für Köln: Grüße aus Zürich, ü'.encode()
    return Message(_REQUESTS, text[:-1], is_poison=True)


_POISON: tuple[Callable[[int], Message], ...] = (
    _bad_json,
    _wrong_type,
    _wrong_envelope,
    _too_large,
    _truncated_utf8,
)


async def produce(bootstrap: str, prefix: str, tasks: int, poison: int, rate: float) -> int:
    """Send everything at so many messages a second; the answer is how many were acknowledged."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap.split(","),
        acks="all",
        enable_idempotence=True,
        max_request_size=_MOST,
        request_timeout_ms=60_000,
    )
    await producer.start()
    acknowledged = 0
    waiting: list[asyncio.Future[object]] = []
    started = asyncio.get_running_loop().time()
    try:
        for number, each in enumerate(messages(tasks, poison), 1):
            future = await producer.send(prefix + each.topic, each.value, headers=each.headers)
            waiting.append(future)
            if number % _AT_ONCE == 0:
                acknowledged += len(await asyncio.gather(*waiting))
                waiting.clear()
                ahead = started + number / rate - asyncio.get_running_loop().time()
                await asyncio.sleep(max(0.0, ahead))
        acknowledged += len(await asyncio.gather(*waiting))
    finally:
        await producer.stop()
    return acknowledged


def main() -> None:
    """Send what the arguments say."""
    bootstrap, prefix, tasks, poison, rate = sys.argv[1:]
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    done = asyncio.run(produce(bootstrap, prefix, int(tasks), int(poison), float(rate)))
    print(done, flush=True)


if __name__ == "__main__":
    main()
