"""The public inbox of the embedded log: bare JSON on the topic `requests` becomes tasks, and what
does not fit is kept in the dead letters."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import uuid5

from api.errors import ApiError, Conflict, Forbidden, said
from api.intake import NAMESPACE, InvalidRequest, read_json, read_request, same_request, submission
from api.orchestrator import Orchestrator
from api.settings import Settings
from streams.batch import Verdict
from streams.domain.inputs import SubmitRequest
from streams.domain.values import Json, Milliseconds
from streams.envelope import dead_letter
from streams.log import DEAD_LETTERS, REQUESTS, Log, Record

CONSUMER = "inbox"
PARTITION = 0
BATCH = 500  # requests that are sent to the core at once
APPROVERS = ("", "approver", "admin")  # "": whoever may write to the log itself


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message: a task, or a dead letter with its problems."""

    offset: int
    task_id: str | None = None
    is_repeat: bool = False
    problems: Sequence[Json] = ()

    @property
    def as_json(self) -> Json:
        """The outcome as HTTP answers it."""
        return {
            "offset": self.offset,
            "task_id": self.task_id,
            "is_repeat": self.is_repeat,
            "errors": list(self.problems),
        }


class Requests(Protocol):
    """The public inbox, as HTTP offers it."""

    async def take(
        self, bodies: Sequence[bytes], headers: Mapping[str, str] | None = None
    ) -> list[Outcome]:
        """Append messages; the answer says what becomes of each."""

    async def dead_letters(self, after: int, limit: int) -> list[Record]:
        """Dead letters of all topics, from the one after an offset on."""


class Inbox:
    """Reads the topic in order. Only the owner of the log writes to it, so whoever appends also
    has it read; what a crash left is read by `drain`."""

    def __init__(self, log: Log, here: Orchestrator) -> None:
        self._log = log
        self._here = here
        self._turn = asyncio.Lock()

    async def take(
        self, bodies: Sequence[bytes], headers: Mapping[str, str] | None = None
    ) -> list[Outcome]:
        """Append messages and turn them into tasks; all of it is on disk when this returns."""
        time = {"time": str(self._here.now())}
        records = [
            Record(REQUESTS, PARTITION, "", body, {**time, **(headers or {})}) for body in bodies
        ]
        async with self._turn:
            found = await self._read_on() if records else []
            offsets = await self._log.append(records)
            found += await self._read_on() if records else []
        wanted = set(offsets)
        return [outcome for outcome in found if outcome.offset in wanted]

    async def drain(self) -> int:
        """Read what is there and was not read; the answer is the number of messages."""
        async with self._turn:
            return len(await self._read_on())

    async def dead_letters(self, after: int, limit: int) -> list[Record]:
        """Dead letters of all topics, oldest first, from the one after an offset on."""
        return await self._log.read(DEAD_LETTERS, PARTITION, after + 1, limit)

    async def _read_on(self) -> list[Outcome]:
        outcomes: list[Outcome] = []
        position = await self._log.position(CONSUMER, REQUESTS, PARTITION)
        while records := await self._log.read(REQUESTS, PARTITION, position, BATCH):
            outcomes += await self._handle(records)
            position = records[-1].offset + 1
            await self._log.save_position(CONSUMER, REQUESTS, PARTITION, position)
        return outcomes

    async def _handle(self, records: Sequence[Record]) -> list[Outcome]:
        """Some messages; handling them again after a crash makes no second task or dead letter."""
        outcomes = await asyncio.gather(*(self._submit(record) for record in records))
        refused = {o.offset: o for o in outcomes if o.problems}
        if refused:
            refused = {
                k: v for k, v in refused.items() if k not in await self._buried(min(refused))
            }
        letters = [
            _letter(r, refused[r.offset], self._here.now()) for r in records if r.offset in refused
        ]
        if letters:
            await self._log.append(letters)
        return list(outcomes)

    async def _buried(self, first: int) -> set[int]:
        """The offsets, from `first` on, whose messages are in the dead letters already."""
        end = await self._log.end(DEAD_LETTERS, PARTITION)
        letters = await self._log.read(DEAD_LETTERS, PARTITION, max(0, end - 2 * BATCH), 2 * BATCH)
        origins = (
            int(letter.headers["originoffset"])
            for letter in letters
            if letter.headers["origintopic"] == REQUESTS
        )
        return {offset for offset in origins if offset >= first}

    async def _submit(self, record: Record) -> Outcome:
        try:
            place = f"{self._log.log_id}\n{record.topic}\n{record.partition}\n{record.offset}"
            otherwise = str(uuid5(NAMESPACE, place))
            given = read_message(record, otherwise, self._here.settings, self._here.now())
            answer = await self._here.tell(given)
            is_repeat = answer.verdict is Verdict.REPEATED
            if is_repeat:
                same_request((await self._here.look(given.task_id)).state, given)
        except (InvalidRequest, Conflict, Forbidden) as error:
            return Outcome(record.offset, problems=problems_of(error))
        return Outcome(record.offset, given.task_id, is_repeat)


def read_message(
    record: Record, otherwise: str, settings: Settings, at: Milliseconds
) -> SubmitRequest:
    """A message of the topic as an input; a request without an id gets the id `otherwise`.

    Raises:
        InvalidRequest: it does not fit.
        Forbidden: it asks for more than its sender may.
    """
    headers = record.headers
    body = read_request(read_json(record.value, limit=settings.max_body))
    if body.preferences.auto_approve and headers.get("role", "") not in APPROVERS:
        raise Forbidden("needs the role 'approver'", pointer="/preferences/auto_approve")
    return submission(
        body,
        settings,
        at=at,
        principal=headers.get("principal", "topic"),
        tenant=headers.get("tenant", "default"),
        idempotency_key=headers.get("idempotency-key"),
        otherwise=otherwise,
    )


def problems_of(error: ApiError) -> list[Json]:
    """What is wrong with a message, with pointers."""
    if isinstance(error, InvalidRequest):
        return error.problems
    return [{"pointer": error.pointer, "detail": str(error)}]


def _letter(record: Record, outcome: Outcome, now: int) -> Record:
    reason = "; ".join(said(p["pointer"], p["detail"]) for p in outcome.problems)
    return dead_letter(record, reason, pointer=outcome.problems[0]["pointer"], at=now)
