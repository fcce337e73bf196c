"""What can be asked of the orchestrator, whoever asks: submit, look, decide, change. HTTP and
the CLI both use this."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from agents.runner import Runner
from api.deciding import Deciding
from api.errors import Conflict, NotFound
from api.settings import Settings
from streams.batch import Answer, Verdict
from streams.chain import Head
from streams.clock import Clock, new_salt
from streams.domain.budget import is_ledger
from streams.domain.deliverable import Deliverable
from streams.domain.evolve import evolve
from streams.domain.inputs import (
    AnswerQuestion,
    CancelTask,
    DecideApproval,
    Input,
    RecordEngagement,
    RecordFeedback,
    RetryTask,
    ReviseRequest,
)
from streams.domain.state import Life, TaskState
from streams.domain.values import Channel, Json
from streams.domain.waiting import WaitKind, waits
from streams.envelope import StoredEvent, read_event
from streams.log import Log
from streams.topics import partition_of
from streams.watchdog import Finding, examine


@dataclass(frozen=True, slots=True)
class Seen:
    """A task as it is on disk."""

    state: TaskState
    sequence: int


class Orchestrator:
    """Everything that it answers is durable, whoever decides: this process or a cluster."""

    def __init__(
        self, settings: Settings, log: Log, core: Deciding, runner: Runner, clock: Clock
    ) -> None:
        self.settings = settings
        self.log = log
        self.core = core
        self.runner = runner
        self.now = clock

    async def tell(self, given: Input) -> Answer:
        """Give an input to its task; on disk when it returns.

        Raises:
            Conflict: it was refused.
        """
        return self._accepted(await self.core.send(given))

    async def look(self, task_id: str) -> Seen:
        """A task as it is on disk.

        Raises:
            NotFound: there is no task of that id.
        """
        state = self.core.state(task_id)
        if is_ledger(task_id):
            raise NotFound(f"{task_id!r} is no task: `orchestrator budgets` shows what it holds")
        if state is None or state.life is Life.ABSENT:
            state, head = self.fold(await self.events(task_id), task_id)
            return Seen(state, head.sequence)
        return Seen(state, self.core.sequence(task_id))

    async def events(self, task_id: str) -> list[StoredEvent]:
        """The history of a task.

        Raises:
            NotFound: there is no task of that id.
        """
        partition = partition_of(task_id, self.log.partitions)
        records = await self.log.history(partition, task_id)
        if not records:
            raise NotFound(
                f"there is no task {task_id!r}: `orchestrator list` shows those that there are"
            )
        return [read_event(record) for record in records]

    @staticmethod
    def fold(
        history: list[StoredEvent], task_id: str, at: int | None = None
    ) -> tuple[TaskState, Head]:
        """The state after the event `at` (the newest unless stated), and where the history stood
        then."""
        state, head = TaskState(task_id=task_id), Head()
        for stored in history:
            header = stored.header
            if at is not None and header.sequence > at:
                break
            if stored.event is not None:
                state = evolve(state, stored.event, header.at)
            head = Head(header.sequence, stored.hash, header.at, header.input_offset)
        return state, head

    async def decide(
        self,
        task_id: str,
        *,
        is_approved: bool,
        principal: str = "local",
        round: int | None = None,
        channels: tuple[Channel, ...] | None = None,
        feedback: str = "",
        edits: Deliverable | None = None,
    ) -> Answer:
        """Approve or reject what was shown; without `round`, what is shown now."""
        seen = await self.look(task_id)
        shown = seen.state.approval.round if seen.state.approval else 0
        return await self.tell(
            DecideApproval(
                **self._header(task_id, "decide", principal),
                round=shown if round is None else round,
                is_approved=is_approved,
                channels=channels,
                feedback=feedback,
                edits=edits,
            )
        )

    async def revise(
        self, task_id: str, feedback: str, *, principal: str = "local", round: int | None = None
    ) -> Answer:
        """Ask for another version."""
        await self.look(task_id)
        header = self._header(task_id, "revise", principal)
        return await self.tell(ReviseRequest(**header, feedback=feedback, round=round))

    async def answer(
        self, task_id: str, answer: str, *, question_id: str | None = None, principal: str = "local"
    ) -> Answer:
        """Answer an open question; without `question_id`, the only one."""
        seen = await self.look(task_id)
        open_ids = list(seen.state.questions)
        if question_id is None:
            if len(open_ids) != 1:
                raise Conflict(
                    f"{len(open_ids)} questions are open: name one of {open_ids}"
                    if open_ids
                    else "no question is open"
                )
            question_id = open_ids[0]
        header = self._header(task_id, "answer", principal)
        return await self.tell(AnswerQuestion(**header, question_id=question_id, answer=answer))

    async def cancel(self, task_id: str, *, reason: str = "", principal: str = "local") -> Answer:
        """Stop a task."""
        await self.look(task_id)
        return await self.tell(
            CancelTask(**self._header(task_id, "cancel", principal), reason=reason)
        )

    async def retry(self, task_id: str, *, principal: str = "local") -> Answer:
        """Try a failed task again."""
        await self.look(task_id)
        return await self.tell(RetryTask(**self._header(task_id, "retry", principal)))

    async def record_engagement(
        self,
        task_id: str,
        engagement_id: str,
        metrics: Json,
        channel: Channel | None,
        *,
        principal: str = "local",
    ) -> Answer:
        """What the world did with a publication."""
        await self.look(task_id)
        header = self._header(task_id, "engagement", principal)
        return await self.tell(
            RecordEngagement(
                **header, engagement_id=engagement_id, channel=channel, metrics=metrics
            )
        )

    async def record_feedback(
        self, task_id: str, text: str, rating: int | None, *, principal: str = "local"
    ) -> Answer:
        """A remark about a task."""
        await self.look(task_id)
        header = self._header(task_id, "feedback", principal)
        return await self.tell(
            RecordFeedback(**header, feedback_id=header["input_id"], rating=rating, text=text)
        )

    def health(self) -> list[Finding]:
        """What the watchdog can prove about each open task."""
        return examine(self.core.states().values(), self.now(), self.runner.working)

    async def wait_for(
        self, task_id: str, is_there: Callable[[TaskState], bool], seconds: float
    ) -> Seen:
        """Wait until a task's durable state is as wanted, or the time is over; the answer is the
        state then."""
        changed = asyncio.Event()

        def told(_: object, states: object) -> None:
            if isinstance(states, dict) and task_id in states:
                changed.set()

        stop = self.core.listen(told)
        try:
            async with asyncio.timeout(seconds):
                while not is_there((seen := await self.look(task_id)).state):
                    await changed.wait()
                    changed.clear()
                return seen
        except TimeoutError:
            return await self.look(task_id)
        finally:
            stop()

    def _header(self, task_id: str, kind: str, principal: str) -> Json:
        return {
            "input_id": f"{kind}:{uuid4()}",
            "task_id": task_id,
            "at": self.now(),
            "salt": new_salt(),
            "principal": principal,
        }

    @staticmethod
    def _accepted(answer: Answer) -> Answer:
        if answer.verdict is Verdict.REFUSED:
            raise Conflict(answer.reason, code=answer.code)
        if answer.verdict is Verdict.DEAD_LETTERED:
            raise Conflict(
                f"it could not be decided and is kept in the dead letters: {answer.reason}"
            )
        return answer


def needs_somebody(state: TaskState) -> bool:
    """Whether a task has ended, or only a human can move it."""
    if state.life is Life.CLOSED:
        return True
    kinds = {wait.kind for wait in waits(state)}
    return bool(kinds) and kinds <= {WaitKind.APPROVAL, WaitKind.QUESTION, WaitKind.DEADLINE}
