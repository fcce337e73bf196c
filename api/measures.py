"""What tools have shown so far, in memory: it follows commits, so that planning need not ask a
database."""

from collections import OrderedDict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from agents.tools.estimates import Figures
from streams.domain.state import TaskState
from streams.log import EVENTS, Record

MOST_OPEN = 50_000  # attempts that have not ended yet
MOST_RECENT = 10_000  # ended runs that are kept until the read models have been read
CLOCK = "clock"  # who reports for a runner that did not come back: that says nothing of the tool
NO_TOOL = b'"tool_id":null'


@dataclass(frozen=True, slots=True)
class _Run:
    """One ended attempt."""

    attempt: tuple[str, int]
    tool_id: str
    told: Mapping[str, Any]


class Measures:
    """Counts the ended runs of each tool, O(1) for each event, in bounded memory.

    It begins with what it hears. Once the read models are there, `begin_with` puts the whole
    history before that.
    """

    def __init__(self) -> None:
        self._figures: dict[str, Figures] = {}
        self._open: OrderedDict[tuple[str, int], str] = OrderedDict()
        self._recent: deque[_Run] | None = deque(maxlen=MOST_RECENT)

    def figures(self) -> Mapping[str, Figures]:
        """What is known now, by the id of the tool."""
        return self._figures

    def remember(self, states: Iterable[TaskState]) -> None:
        """Attempts that were open before it began to listen."""
        for state in states:
            for command in state.commands.values():
                issued = command.issued
                if issued.tool_id is not None:
                    self._opened(issued.command_id, issued.attempt, issued.tool_id)

    def told(self, records: Sequence[Record], states: Mapping[str, TaskState]) -> None:
        """What was committed; to be given to `Deciding.listen`."""
        for record in records:
            handler = _HANDLERS.get(record.headers.get("type", ""))
            if handler is not None and record.topic == EVENTS and "digest" not in record.headers:
                handler(self, record)

    def heard(self) -> list[tuple[str, int]]:
        """The attempts of which an end was heard so far, as command and number; may be asked from
        another thread."""
        return [run.attempt for run in list(self._recent or ())]

    def begin_with(
        self, figures: Mapping[str, Figures], ended: Collection[tuple[str, int]]
    ) -> None:
        """Put what the read models know in place of what was heard, and add what they do not have
        yet.

        Args:
            ended: the attempts among those that were heard that are in the figures.
        """
        recent, self._recent = self._recent or (), None
        self._figures = dict(figures)
        for run in recent:
            if run.attempt not in ended:
                self._count(run)

    def _issued(self, record: Record) -> None:
        if NO_TOOL in record.value:
            return
        body = from_json(record.value)
        if body.get("tool_id"):
            self._opened(body["command_id"], body.get("attempt", 1), body["tool_id"])

    def _opened(self, command_id: str, attempt: int, tool_id: str) -> None:
        self._open[command_id, attempt] = tool_id
        if len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)

    def _ended(self, record: Record) -> None:
        body = from_json(record.value)
        attempt = (body["command_id"], body["attempt"])
        tool_id = self._open.pop(attempt, None)
        if tool_id is None or body.get("runner") == CLOCK or body.get("is_unpaid"):
            return  # of the tool it says nothing
        is_success = record.headers["type"] == "command_completed.v1"
        told = {
            "is_success": is_success,
            "duration": body.get("duration", 0),
            "cost": body.get("cost", 0.0),
            "at": int(record.headers["time"]),
            "error": body.get("reason", ""),
        }
        run = _Run(attempt, tool_id, told)
        if self._recent is not None:
            self._recent.append(run)
        self._count(run)

    def _count(self, run: _Run) -> None:
        self._figures[run.tool_id] = self._figures.get(run.tool_id, Figures()).plus(**run.told)


_HANDLERS = {
    "command_issued.v1": Measures._issued,
    "command_completed.v1": Measures._ended,
    "command_failed.v1": Measures._ended,
}
