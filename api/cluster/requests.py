"""The public inbox of a cluster, as HTTP and the command line offer it: messages go onto the topic
`requests`, which some worker reads.

What becomes of a message is known here as well, since reading one is a pure function of its bytes
and its place. Dead letters lie in several partitions; the number by which people call one is its
offset plus a million million times its partition.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import uuid4

from api.cluster.core import DECIDED_WITHIN
from api.errors import Conflict, Forbidden, NotFound
from api.inbox import Outcome, problems_of, read_message
from api.intake import InvalidRequest, same_request
from api.orchestrator import Orchestrator
from api.settings import Settings
from streams.clock import Clock
from streams.domain.errors import Undecodable
from streams.domain.inputs import Input, SubmitRequest
from streams.kafka.inbox import GROUP, Read, task_id_of
from streams.kafka.log import KafkaLog
from streams.log import DEAD_LETTERS, INPUTS, REQUESTS, Record
from streams.topics import partition_of

STRIDE = 1_000_000_000_000
_PAUSE = 0.05  # seconds between looks at how far others are


def reading(settings: Settings, clock: Clock) -> Read:
    """Reads messages of `requests` for the inbox of a worker."""

    def read(record: Record, otherwise: str) -> Input:
        try:
            return _read(record, otherwise, settings, clock)
        except (InvalidRequest, Forbidden) as error:
            raise Undecodable(str(error), pointer=error.pointer) from None

    return read


def _read(record: Record, otherwise: str, settings: Settings, clock: Clock) -> SubmitRequest:
    """A message as an input, whose id is the same whenever it is read again.

    Whoever has a Kafka client writes headers as he likes, in letters as he likes: none of them
    makes him an approver.
    """
    headers = {name.lower(): text for name, text in record.headers.items()}
    headers["role"] = "producer"
    given = read_message(replace(record, headers=headers), otherwise, settings, clock())
    return given.model_copy(update={"input_id": f"submit:{otherwise}"})


class ClusterInbox:
    """Appends to `requests`, and looks into the dead letters."""

    def __init__(
        self,
        log: KafkaLog,
        settings: Settings,
        clock: Clock,
        here: Orchestrator | None = None,
        *,
        patience: float = DECIDED_WITHIN,
    ) -> None:
        """With `here` the answers tell repeats from new tasks, for which decisions are waited
        for; without it, messages are only appended."""
        self._log = log
        self._settings = settings
        self._clock = clock
        self._here = here
        self._patience = patience

    async def take(
        self, bodies: Sequence[bytes], headers: Mapping[str, str] | None = None
    ) -> list[Outcome]:
        """Append messages; durable when it returns."""
        count = await self._log.count(REQUESTS)
        sent = {"time": str(self._clock()), **(headers or {})}
        made = [self._message(body, sent, count) for body in bodies]
        offsets = await self._log.append(made)
        placed = [replace(r, offset=offset) for r, offset in zip(made, offsets, strict=True)]
        return list(await asyncio.gather(*map(self._outcome, placed)))

    async def dead_letters(self, after: int, limit: int) -> list[Record]:
        """Dead letters of all topics, by partition, each partition oldest first."""
        partition, offset = divmod(after + 1, STRIDE)
        found: list[Record] = []
        for number in range(partition, await self._log.count(DEAD_LETTERS)):
            letters = await self._log.read(DEAD_LETTERS, number, offset, limit - len(found))
            found += [_numbered(letter) for letter in letters]
            offset = 0
            if len(found) >= limit:
                break
        return found

    def _message(self, body: bytes, headers: Mapping[str, str], count: int) -> Record:
        """A message in some partition: the ids of its task may not be known before it is read."""
        key = headers.get("idempotency-key") or str(uuid4())
        return Record(REQUESTS, partition_of(key, count), key, body, headers)

    async def _outcome(self, record: Record) -> Outcome:
        otherwise = task_id_of(self._log.log_id, record)
        try:
            given = _read(record, otherwise, self._settings, self._clock)
            is_repeat = given.task_id != otherwise and await self._is_repeat(given, record)
        except (InvalidRequest, Conflict, Forbidden) as error:
            return Outcome(record.offset, problems=problems_of(error))
        return Outcome(record.offset, given.task_id, is_repeat)

    async def _is_repeat(self, given: SubmitRequest, place: Record) -> bool:
        """Whether the task was there before; if nobody decides in time, it counts as new."""
        here = self._here
        if here is None:
            return False
        try:
            async with asyncio.timeout(self._patience):
                await self._until_decided(given.task_id, place)
                first = (await here.events(given.task_id))[0]
        except (TimeoutError, NotFound):
            return False
        if first.header.causation_id == given.input_id:
            return False
        same_request((await here.look(given.task_id)).state, given)
        return True

    async def _until_decided(self, task_id: str, place: Record) -> None:
        """Wait until a worker has read the message, and the owner of its task has decided."""
        while True:
            if await self._log.position(GROUP, REQUESTS, place.partition) > place.offset:
                break
            await asyncio.sleep(_PAUSE)
        partition = partition_of(task_id, self._log.partitions)
        end = await self._log.end(INPUTS, partition)
        while True:
            following = await self._log.decided(partition)
            # The last offsets may be marks of transactions, which nobody ever decides.
            left = await self._log.read(INPUTS, partition, following, 1)
            if not left or left[0].offset >= end:
                return
            await asyncio.sleep(_PAUSE)


def _numbered(letter: Record) -> Record:
    return replace(letter, offset=letter.offset + STRIDE * letter.partition)
