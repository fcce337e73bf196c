"""The core as a faust-streaming worker: Faust assigns partitions and brings the inputs, the desk
has them decided.

What Faust does not do well is left to others: no tables, no sends, no transactions, no exceptions
or long waits inside an agent, and no topics of its own making. This is the only module that knows
Faust; importing it starts nothing.
"""

import asyncio
import os
import ssl
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from streams.clock import Clock, wall_clock
from streams.decider import Core
from streams.desk import Desk
from streams.embedded import Hands
from streams.kafka.connection import PREFIX, KafkaSettings
from streams.kafka.log import KafkaLog
from streams.kafka.wire import decode
from streams.log import INPUTS, Record
from streams.owner import Owner

GROUP = "faust-workers"  # Faust's members speak another protocol than those of the plain loop
TAKEN = 500  # inputs taken from the stream at once
WITHIN = 0.005  # seconds that the stream collects; Faust looks again each time, also when idle
_FETCH_WAIT = 100  # milliseconds; Faust's own 1,500 are a delay with some brokers
_SESSION = 10.0
_LOOK = 0.5  # seconds between looks at Faust's health
_FAREWELL = 20.0  # seconds that Faust may take to stop


class Handling(Protocol):
    """What Faust needs of a desk."""

    async def assigned(self, partitions: Iterable[int]) -> None:
        """From now on exactly these are ours."""

    async def handle(self, partition: int, records: Sequence[Record]) -> None:
        """Decide and commit; see `Desk.handle`."""


def make_app(settings: KafkaSettings, desk: Handling, *, session: float = _SESSION) -> Any:
    """A Faust application that feeds the desk.

    Args:
        session: seconds of silence after which the group gives this worker's partitions away.
    """
    import faust

    app = faust.App(settings.named(GROUP), **_options(settings, session))
    app.transport = _transport(app)
    topic = app.topic(
        settings.named(INPUTS), key_serializer="raw", value_serializer="raw", allow_empty=True
    )

    async def decide(stream: Any) -> None:
        async for events in stream.take_events(TAKEN, within=WITHIN):
            by_partition = _by_partition((event.message for event in events), settings.prefix)
            await asyncio.gather(*(desk.handle(n, found) for n, found in by_partition.items()))

    app.agent(topic, name="decide")(decide)

    async def on_assigned(app: Any, assigned: Iterable[Any], **_: Any) -> None:
        await desk.assigned(place.partition for place in assigned)

    signal: Any = app.on_partitions_assigned
    signal.connect(on_assigned, weak=False)
    return app


class FaustWorker:
    """A worker as the plain `streams.shell.Shell` is one, with Faust in front."""

    def __init__(
        self,
        log: KafkaLog,
        *,
        hands: Hands | None = None,
        core: Core | None = None,
        clock: Clock = wall_clock,
        name: str = "worker",
        session: float = _SESSION,
    ) -> None:
        def begin(number: int) -> Owner:
            return Owner(
                log, number, hands=hands, core=core, clock=clock, name=name, release=log.release
            )

        self._log = log
        self._session = session
        self._desk = Desk(log, begin, log.settings.patience)
        self._app: Any = None
        self._watch: asyncio.Task[None] | None = None
        self.failure: BaseException | None = None

    @property
    def owners(self) -> Mapping[int, Owner]:
        """The owners of the partitions that are ours."""
        return self._desk.owners

    @property
    def is_ready(self) -> bool:
        """Whether all its partitions have been taken over."""
        return self._desk.is_ready and self.failure is None

    async def start(self) -> None:
        """Join the group; partitions come a moment later."""
        self._app = make_app(self._log.settings, self._desk, session=self._session)
        await self._app.start()
        self._watch = asyncio.create_task(self._look(), name="health of Faust")

    async def stop(self) -> None:
        """Finish what was begun, and leave."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        try:
            # With an input that is never done Faust would wait for ever.
            async with asyncio.timeout(_FAREWELL):
                await self._app.stop()
        except TimeoutError:
            self.failure = self.failure or TimeoutError("Faust did not stop")
        await self._desk.close()

    async def wait(self) -> BaseException | None:
        """Wait until it cannot go on; the answer says why. The process must end then."""
        if self._watch is not None:
            await asyncio.wait([self._watch])
        return self.failure

    async def lag(self) -> dict[int, int]:
        """How far behind the end of its inputs each partition is, in offsets."""
        behind: dict[int, int] = {}
        for number, owner in self.owners.items():
            # The last offsets may be markers of transactions, which nobody ever decides.
            is_behind = await self._log.read(INPUTS, number, owner.position, 1)
            end = await self._log.end(INPUTS, number) if is_behind else owner.position
            behind[number] = max(0, end - owner.position)
        return behind

    async def _look(self) -> None:
        """A Faust whose consumer has died stays up and does nothing: see that it ends."""
        while self.failure is None:
            await asyncio.sleep(_LOOK)
            await self._desk.mend()
            if self._desk.failure is not None:
                self.failure = self._desk.failure
            elif self._app.crashed or self._app.should_stop:
                reason = self._app.crash_reason
                self.failure = reason or RuntimeError("Faust has stopped by itself")


def _by_partition(messages: Iterable[Any], prefix: str) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = {}
    for message in messages:
        headers = message.headers
        pairs = headers.items() if isinstance(headers, dict) else headers or ()
        content = (message.key, message.value, pairs)
        record = decode(INPUTS, message.partition, message.offset, content, prefix)
        found.setdefault(message.partition, []).append(record)
    return found


def _options(settings: KafkaSettings, session: float) -> dict[str, Any]:
    """The settings of Faust with which it only assigns, reads and commits offsets."""
    return {
        "broker": [f"kafka://{address}" for address in settings.bootstrap.split(",")],
        "broker_credentials": _credentials(settings),
        "autodiscover": False,
        "web_enabled": False,
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "store": "memory://",
        # Faust makes a folder at the start, although it has nothing to keep in it.
        "datadir": Path(tempfile.gettempdir()) / settings.named(GROUP),
        "table_standby_replicas": 0,
        "broker_commit_interval": 0.5,
        "broker_session_timeout": session,
        "broker_heartbeat_interval": session * 0.3,
        "broker_rebalance_timeout": max(session, 20.0),
        "broker_max_poll_interval": 600.0,
        "consumer_auto_offset_reset": "earliest",
        "processing_guarantee": "at_least_once",
        "worker_redirect_stdouts": False,
    }


def _transport(app: Any) -> Any:
    """Faust's own way to Kafka with two settings that it has no names for, only what is committed
    is read, and a request for more is answered soon; and with gaps in the offsets, which each
    transaction leaves, counted right."""
    from faust.transport.drivers import aiokafka as driver

    class Thread(driver.AIOKafkaConsumerThread):
        def _create_worker_consumer(self, transport: Any) -> Any:
            consumer: Any = super()._create_worker_consumer(transport)
            consumer._isolation_level = "read_committed"
            consumer._fetch_max_wait_ms = _FETCH_WAIT
            return consumer

    class Consumer(driver.Consumer):
        def _new_consumer_thread(self) -> Any:
            return Thread(self, loop=self.loop, beacon=self.beacon)

        async def _add_gap(self, tp: Any, offset_from: int, offset_to: int) -> None:
            # Faust takes the message behind a gap for a part of it. It then finds that message
            # twice, stops there, and commits one gap each time: lag grows as long as it works.
            await super()._add_gap(tp, offset_from, offset_to - 1)

    transport: Any = driver.Transport(app.conf.broker_consumer, app)
    transport.Consumer = Consumer
    return transport


def _credentials(settings: KafkaSettings) -> Any:
    import faust

    given = settings.arguments()
    context: ssl.SSLContext | None = given.get("ssl_context")
    if settings.security.startswith("SASL"):
        return faust.SASLCredentials(
            username=settings.username,
            password=settings.password,
            mechanism=settings.mechanism,
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context is not None else None


class _LateDesk:
    """A desk whose log is opened when Faust's own loop runs."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._log: KafkaLog | None = None
        self._desk: Desk | None = None

    @property
    def failure(self) -> BaseException | None:
        return self._desk.failure if self._desk is not None else None

    async def assigned(self, partitions: Iterable[int]) -> None:
        if self._desk is None:
            log = self._log = await KafkaLog.open(self._settings)

            def begin(number: int) -> Owner:
                return Owner(log, number, name=GROUP, release=log.release)

            self._desk = Desk(log, begin, self._settings.patience)
        await self._desk.assigned(partitions)

    async def handle(self, partition: int, records: Sequence[Record]) -> None:
        if self._desk is not None:
            await self._desk.handle(partition, records)

    async def close(self) -> None:
        if self._desk is not None and self._log is not None:
            await self._desk.close()
            await self._log.close()


def standalone(settings: KafkaSettings) -> Any:
    """An application for Faust's own command line: it decides, and leaves all commands to agents
    elsewhere."""
    desk = _LateDesk(settings)
    app = make_app(settings, desk)

    async def watch() -> None:
        while desk.failure is None:
            await app.sleep(_LOOK)
            if app.should_stop:
                return
        await app.crash(desk.failure)

    async def close(app: Any, **_: Any) -> None:
        await desk.close()

    app.task(watch)
    signal: Any = app.on_before_shutdown
    signal.connect(close, weak=False)
    return app


def __getattr__(name: str) -> Any:
    """`faust -A streams.worker:app worker`: the application is made when it is asked for, from the
    variables ORCHESTRATOR_KAFKA (host:port) and ORCHESTRATOR_KAFKA_PREFIX."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    prefix = os.environ.get("ORCHESTRATOR_KAFKA_PREFIX", PREFIX)
    bootstrap = os.environ.get("ORCHESTRATOR_KAFKA", "localhost:9092")
    return standalone(KafkaSettings(bootstrap, prefix))
