"""A real Apache Kafka for tests and developers: one broker, or a quorum of three, on this machine.

As a command it runs until it is interrupted: `python -m tests.kafka.broker --port 9092`.
"""

import argparse
import asyncio
import base64
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from tests.kafka.install import Missing, libraries
from tests.kafka.node import Node

GIVEN = "ORCHESTRATOR_TEST_KAFKA"
PATIENCE = 60.0  # seconds a cluster may take to answer
PAUSE = 0.1  # seconds between looks


class Cluster:
    """Some nodes that form one Kafka."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes

    @property
    def bootstrap(self) -> str:
        """The addresses for clients."""
        return ",".join(node.address for node in self.nodes)

    def start(self, number: int = 0) -> None:
        """Start a node that was stopped or killed, and wait until it is back."""
        self.nodes[number].start()
        self.wait_until_ready()

    def stop(self, number: int = 0) -> None:
        """Shut a node down in order."""
        self.nodes[number].stop()

    def kill(self, number: int = 0) -> None:
        """End a node as a power cut would."""
        self.nodes[number].kill()

    def restart(self, number: int = 0) -> None:
        """Stop a node in order and start it again."""
        self.stop(number)
        self.start(number)

    def wait_until_ready(self) -> None:
        """Wait until every running node answers and belongs to the cluster."""
        running = [node for node in self.nodes if node.is_running]
        deadline = time.monotonic() + PATIENCE
        while not _knows(running, len(running)):
            dead = [node for node in running if not node.is_running]
            if dead or time.monotonic() > deadline:
                node = (dead or running)[0]
                raise RuntimeError(f"the broker at {node.address} said: {node.last_words()}")
            time.sleep(PAUSE)


@contextmanager
def cluster(brokers: int = 1, port: int | None = None) -> Iterator[Cluster]:
    """Run a Kafka of so many brokers, with its data in a folder that goes with it.

    Raises:
        Missing: Java or Maven is not there.
    """
    jars = libraries()
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="orchestrator-kafka-"))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        ports = _free_ports(2 * brokers)
        first = [port] if port else []
        outside = [*first, *ports[len(first) : brokers]]
        inside = ports[brokers:]
        nodes = [Node(n, home / str(n), jars, outside[n - 1]) for n in range(1, brokers + 1)]
        voters = ",".join(f"{n}@127.0.0.1:{inside[n - 1]}" for n in range(1, brokers + 1))
        name = _cluster_id()
        for node in nodes:
            node.prepare(name, inside[node.number - 1], voters, copies=min(brokers, 3))
            stack.callback(node.kill)
        for node in nodes:
            node.start()
        running = Cluster(nodes)
        running.wait_until_ready()
        yield running


@contextmanager
def bootstrap() -> Iterator[str]:
    """The address of the broker that was given, or of one started here.

    Raises:
        Missing: none was given and none can be started.
    """
    given = os.environ.get(GIVEN, "")
    if given:
        yield given
        return
    with cluster() as started:
        yield started.bootstrap


def _cluster_id() -> str:
    """A random id in Kafka's form; one that begins with a dash would be taken for an option."""
    first, *others = uuid.uuid4().bytes
    return base64.urlsafe_b64encode(bytes([first & 0x7F, *others])).decode().rstrip("=")


def _knows(nodes: list[Node], brokers: int) -> bool:
    """Whether each of these nodes answers that there are so many brokers."""
    found: list[bool] = []
    # A thread of its own, since the caller may be inside an event loop.
    asker = threading.Thread(target=lambda: found.append(asyncio.run(_ask(nodes, brokers))))
    asker.start()
    asker.join()
    return found == [True]


async def _ask(nodes: list[Node], brokers: int) -> bool:
    if not all(_listens(node.port) for node in nodes):
        return False
    for node in nodes:
        client = AIOKafkaAdminClient(bootstrap_servers=node.address, request_timeout_ms=5000)
        try:
            await client.start()
            described = await client.describe_cluster()
        except (KafkaError, OSError):
            return False
        finally:
            await client.close()
        if len(described["brokers"]) != brokers:
            return False
    return True


def _listens(port: int) -> bool:
    """Whether anybody is there; the client would complain about it in its log."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def main() -> int:
    """Run a Kafka until it is interrupted, and print where it is."""
    parser = argparse.ArgumentParser(prog="python -m tests.kafka.broker", description=__doc__)
    parser.add_argument("--port", type=int, default=9092, help="of the first broker")
    parser.add_argument("--brokers", type=int, choices=(1, 3), default=1)
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with cluster(chosen.brokers, chosen.port) as running:
            print(running.bootstrap, flush=True)
            signal.pause()
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
