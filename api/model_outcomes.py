"""What quality checks said of the words of each tier, in memory: it follows commits, so that the
router's choices rest on outcomes."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic_core import from_json

from agents.models.posterior import Cell, Tally
from agents.models.tiers import TaskType, Tier
from streams.clock import Clock
from streams.domain.quality import Verdict
from streams.domain.state import DELIVERABLE, TaskState
from streams.domain.values import Json, Milliseconds
from streams.log import EVENTS, Log, Record

MOST_TASKS = 10_000  # the newest, since a closed one may be taken up again
MOST_TEXTS = 20_000  # that are known to be counted
MOST_EVENTS = 20_000  # of each partition that are read at the start, the newest
_PAGE = 2_000
_DAY = 86_400_000
_SIGNED = b'"writer"'
NOTHING = Tally()


class _Task(NamedTuple):
    """Who wrote the words that were not assessed yet, by their subject."""

    deliverable_step: str
    writers: dict[str, Json]


class ModelOutcomes:
    """Counts the first verdict on each text, O(1) for each event, in bounded memory.

    A text counts once, for the tier that wrote it: passed when the check passed it, else failed;
    words that were dropped before anybody saw them failed. What a tier once did counts less with
    the days.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tallies: dict[Cell, tuple[Tally, Milliseconds]] = {}
        self._tasks: OrderedDict[str, _Task] = OrderedDict()
        self._counted: OrderedDict[str, None] = OrderedDict()

    def tallies(self) -> Mapping[Cell, Tally]:
        """What is known now, by the kind of work and the tier."""
        now = self._clock()
        return {cell: tally.aged((now - at) / _DAY) for cell, (tally, at) in self._tallies.items()}

    async def read(self, log: Log) -> None:
        """The newest events that a log holds; before anything more is committed to it."""
        for partition in range(log.partitions):
            end = await log.end(EVENTS, partition)
            offset = max(0, end - MOST_EVENTS)
            while records := await log.read(EVENTS, partition, offset, _PAGE):
                self.told(records, {})
                offset = records[-1].offset + 1

    def told(self, records: Sequence[Record], states: Mapping[str, TaskState]) -> None:
        """What was committed; to be given to `Deciding.listen`."""
        for record in records:
            handler = _HANDLERS.get(record.headers.get("type", ""))
            if handler is not None and record.topic == EVENTS and "digest" not in record.headers:
                handler(self, record)

    def _planned(self, record: Record) -> None:
        plan = from_json(record.value)["plan"]
        self._tasks[record.key] = _Task(plan["deliverable_step"], {})
        self._tasks.move_to_end(record.key)
        if len(self._tasks) > MOST_TASKS:
            self._tasks.popitem(last=False)

    def _written(self, record: Record) -> None:
        task = self._tasks.get(record.key)
        if task is None or _SIGNED not in record.value:
            return
        body = from_json(record.value)
        writer = _signature(body["output"])
        dropped = writer.get("dropped")
        if isinstance(dropped, dict):
            self._count(dropped, False, int(record.headers["time"]))
        task.writers[body.get("subject") or body["step_id"]] = writer

    def _assessed(self, record: Record) -> None:
        task = self._tasks.get(record.key)
        if task is None or not task.writers:
            return
        body = from_json(record.value)
        subject = body["subject"]
        writer = task.writers.pop(subject, None)
        if writer is None and subject == DELIVERABLE:
            writer = task.writers.pop(task.deliverable_step, None)
        if writer is not None:
            has_passed = body["verdict"] == Verdict.PASS
            self._count(writer, has_passed, int(record.headers["time"]))

    def _count(self, writer: Json, has_passed: bool, at: Milliseconds) -> None:
        cell, text = _cell_of(writer), writer.get("command_id")
        if cell is None or not isinstance(text, str) or text in self._counted:
            return
        self._counted[text] = None
        if len(self._counted) > MOST_TEXTS:
            self._counted.popitem(last=False)
        before, then = self._tallies.get(cell, (NOTHING, at))
        newest = max(then, at)
        tally = before.aged((newest - then) / _DAY).with_outcome(has_passed)
        self._tallies[cell] = (tally, newest)


def _signature(output: Any) -> Json:
    details = output.get("details") if isinstance(output, dict) else None
    writer = details.get("writer") if isinstance(details, dict) else None
    return writer if isinstance(writer, dict) else {}


def _cell_of(writer: Json) -> Cell | None:
    """Under which an outcome is kept; None for words that nobody chose a tier for."""
    kind, tier = writer.get("task_type"), writer.get("tier")
    if kind not in _KINDS or tier not in Tier.__members__:
        return None
    return Cell(str(kind), Tier(str(tier)))


_KINDS = frozenset(kind.value for kind in TaskType)
_HANDLERS: Mapping[str, Callable[[ModelOutcomes, Record], None]] = {
    "plan_drafted.v1": ModelOutcomes._planned,
    "step_completed.v1": ModelOutcomes._written,
    "output_refined.v1": ModelOutcomes._written,
    "quality_assessed.v1": ModelOutcomes._assessed,
}
