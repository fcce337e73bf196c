"""What every log promises; subclass `LogContract` for a log and tell how to open and reopen it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams.domain.errors import Fenced, LogError
from streams.log import (
    DEAD_LETTERS,
    EVENTS,
    INPUTS,
    REQUESTS,
    Commit,
    Lease,
    Log,
    Record,
    Recovery,
)
from tests.streams.log_model import (
    PARTITIONS,
    STEP,
    Model,
    Step,
    an_input,
    are_placed,
    by_task,
    event,
    snapshot,
)

ALL_BYTES = bytes(range(256))
STRANGE = "naïve ✓ 日本 🜚 \"quoted\" \\ \x00 \x1f \u2028 'end'"


class LogContract:
    """The tests; a subclass says how its log is opened, and whether it leaves gaps between the
    offsets of its records, as a broker does after a transaction."""

    has_gaps = False
    has_lasting_leases = True  # False: a lease ends with the process that took it

    async def open(self, directory: Path) -> Log:
        """A new log with `PARTITIONS` partitions."""
        raise NotImplementedError

    async def reopen(self, log: Log, directory: Path) -> Log:
        """The log as the next process finds it."""
        raise NotImplementedError

    async def settle(self, log: Log) -> None:
        """Wait until the positions of earlier commits are visible."""

    @pytest.fixture
    async def log(self, tmp_path: Path) -> AsyncIterator[Log]:
        log = await self.open(tmp_path)
        yield log
        await log.close()

    # Offsets and records

    async def test_a_new_log_is_empty(self, log: Log) -> None:
        assert log.log_id
        assert log.partitions == PARTITIONS
        assert await log.end(EVENTS, 0) == 0
        assert await log.read(EVENTS, 0, 0, 10) == []
        assert await log.history(0, "task-1") == []
        assert await log.recover(0) == Recovery(0, 0, [])
        assert await log.snapshots(0, ["task-1"]) == {}

    async def test_the_offsets_of_each_topic_and_partition_count_from_zero(self, log: Log) -> None:
        first = await log.append([an_input(), an_input(), an_input(partition=1)])
        second = await log.append([Record(REQUESTS, 0, "", b"x"), an_input(), an_input()])

        assert first == [0, 1, 0]
        assert second == [0, 2, 3]
        assert await log.end(INPUTS, 0) == 4
        assert await log.end(INPUTS, 1) == 1
        assert await log.end(REQUESTS, 0) == 1

    async def test_a_commit_answers_with_the_next_offset_of_each_topic(self, log: Log) -> None:
        lease = await log.acquire(1, "me")
        records = [event(partition=1), event(partition=1), Record("commands.content", 1, "c", b"")]

        assert await log.commit(lease, Commit(records)) == {EVENTS: 2, "commands.content": 1}
        end = await log.end(EVENTS, 1)
        assert end >= 2 if self.has_gaps else end == 2
        assert await log.commit(lease, Commit(records[:1])) == {EVENTS: end + 1}
        assert await log.commit(lease, Commit()) == {}

    async def test_what_is_read_is_what_was_written_byte_for_byte(self, log: Log) -> None:
        records = [
            Record(INPUTS, 0, STRANGE, ALL_BYTES, {STRANGE: STRANGE, "type": "x", "": ""}),
            Record(INPUTS, 0, "", b""),
            Record(INPUTS, 0, "big", ALL_BYTES * 4096, {"n": "1"}),
        ]

        await log.append(records)

        kept = [replace(record, offset=offset) for offset, record in enumerate(records)]
        assert await log.read(INPUTS, 0, 0, 10) == kept

    async def test_a_commit_keeps_binary_values_beside_each_other(self, log: Log) -> None:
        lease = await log.acquire(0, "me")
        records = [event(f"task-{n}", bytes([n]) * n) for n in range(1, 200)]
        states = [snapshot(f"task-{n}", n, bytes([n]) * (200 - n)) for n in range(1, 200)]

        await log.commit(lease, Commit(records, states))

        values = [record.value for record in await log.read(EVENTS, 0, 0, 500)]
        assert values == [record.value for record in records]
        assert by_task(await log.recover(0)) == {state.task_id: state for state in states}

    async def test_a_read_starts_at_its_offset_and_stops_at_its_limit(self, log: Log) -> None:
        await log.append([an_input(f"task-{n}") for n in range(700)])

        assert [r.offset for r in await log.read(INPUTS, 0, 5, 3)] == [5, 6, 7]
        assert [r.offset for r in await log.read(INPUTS, 0, 0, 600)] == list(range(600))
        assert [r.offset for r in await log.read(INPUTS, 0, 90, 9999)] == list(range(90, 700))
        assert await log.read(INPUTS, 0, 700, 10) == []
        assert await log.read(INPUTS, 0, 0, 0) == []
        assert await log.read(INPUTS, 1, 0, 10) == []

    async def test_another_reader_sees_what_was_appended(self, log: Log) -> None:
        await log.append([an_input(value=b"one")])
        seen = await log.read(INPUTS, 0, 0, 10)
        await log.append([an_input(value=b"two")])

        new = await log.read(INPUTS, 0, seen[-1].offset + 1, 10)
        assert [record.value for record in new] == [b"two"]

    async def test_a_topic_of_commands_begins_with_its_first_record(self, log: Log) -> None:
        lease = await log.acquire(0, "me")
        await log.commit(lease, Commit([Record("commands.new-agent", 0, "c-1", b"work")]))

        assert [r.key for r in await log.read("commands.new-agent", 0, 0, 10)] == ["c-1"]
        assert await log.read("commands.other", 0, 0, 10) == []

    async def test_a_record_that_states_the_next_offset_is_written(self, log: Log) -> None:
        lease = await log.acquire(0, "me")

        await log.commit(lease, Commit([replace(event(), offset=0), event()]))
        end = await log.end(EVENTS, 0)
        await log.commit(lease, Commit([replace(event(), offset=end)]))

        records = await log.read(EVENTS, 0, 0, 10)
        assert [record.offset for record in records] == [0, 1, end]
        assert self.has_gaps or end == 2

    @pytest.mark.parametrize("distance", [-1, 1, 98])
    async def test_a_record_that_states_another_offset_is_refused(
        self, log: Log, distance: int
    ) -> None:
        lease = await log.acquire(0, "me")
        await log.commit(lease, Commit([event()]))
        before, end = await log.read(EVENTS, 0, 0, 10), await log.end(EVENTS, 0)
        wrong = replace(event(), offset=end + distance)

        with pytest.raises(LogError, match=f"next offset of .*events/0 is {end}"):
            await log.commit(lease, Commit([an_input(), wrong], [snapshot()], position=5))

        assert await log.read(EVENTS, 0, 0, 10) == before
        assert await log.read(INPUTS, 0, 0, 10) == []
        assert await log.recover(0) == Recovery(0, 0, [])
        after = await log.end(EVENTS, 0)
        assert self.has_gaps or after == end == 1
        right = replace(event(), offset=after)
        assert await log.commit(lease, Commit([right])) == {EVENTS: after + 1}

    async def test_a_partition_that_there_is_not_is_refused(self, log: Log) -> None:
        with pytest.raises(LogError, match="There is no"):
            await log.acquire(PARTITIONS, "me")
        with pytest.raises(LogError, match="There is no"):
            await log.append([an_input(partition=PARTITIONS)])

    # The lease

    async def test_events_are_written_only_with_the_lease_of_their_partition(
        self, log: Log
    ) -> None:
        lease = await log.acquire(0, "me")

        with pytest.raises(LogError, match="lease"):
            await log.append([an_input(), event()])
        with pytest.raises(LogError, match="lease"):
            await log.commit(lease, Commit([an_input(), event(partition=1)]))

        assert await log.end(INPUTS, 0) == 0
        assert await log.end(EVENTS, 0) == await log.end(EVENTS, 1) == 0

    async def test_a_later_lease_has_a_higher_epoch(self, log: Log) -> None:
        first = await log.acquire(0, "me")
        second = await log.acquire(0, "me")

        assert (first.partition, first.owner) == (0, "me")
        assert second.epoch > first.epoch

    async def test_a_former_owner_is_fenced_and_nothing_of_its_commit_is_kept(
        self, log: Log
    ) -> None:
        former = await log.acquire(0, "former")
        await log.commit(former, Commit([event()], position=1, watermark=1))
        owner = await log.acquire(0, "owner")
        late = Commit([event(), an_input()], [snapshot()], position=9, watermark=9)

        before, end = await log.read(EVENTS, 0, 0, 10), await log.end(EVENTS, 0)

        with pytest.raises(Fenced):
            await log.commit(former, late)

        assert await log.read(EVENTS, 0, 0, 10) == before
        assert await log.read(INPUTS, 0, 0, 10) == []
        assert len(before) == 1
        assert self.has_gaps or await log.end(EVENTS, 0) == end == 1
        recovery = await log.recover(0)
        assert (recovery.watermark, recovery.snapshots) == (1, [])
        assert recovery.position <= 1
        assert await log.commit(owner, Commit([event()])) == {EVENTS: end + 1}

    async def test_a_lease_that_was_never_given_is_fenced(self, log: Log) -> None:
        with pytest.raises(Fenced):
            await log.commit(Lease(0, "nobody", 1), Commit([event()]))

        assert await log.end(EVENTS, 0) == 0

    async def test_the_leases_of_two_partitions_do_not_touch(self, log: Log) -> None:
        zero = await log.acquire(0, "me")
        one = await log.acquire(1, "you")
        await log.acquire(1, "they")

        await log.commit(zero, Commit([event()]))
        with pytest.raises(Fenced):
            await log.commit(one, Commit([event(partition=1)]))

    # Recovery

    async def test_all_of_a_commit_becomes_visible(self, log: Log) -> None:
        lease = await log.acquire(0, "me")
        records = [event(), Record("commands.content", 0, "c", b"work"), an_input()]

        await log.commit(lease, Commit(records, [snapshot()], position=4, watermark=2))
        await self.settle(log)

        assert await log.recover(0) == Recovery(4, 2, [snapshot()])
        for record in records:
            assert await log.read(record.topic, 0, 0, 10) == [replace(record, offset=0)]

    async def test_a_commit_without_position_and_watermark_leaves_both(self, log: Log) -> None:
        lease = await log.acquire(0, "me")
        await log.commit(lease, Commit(position=4, watermark=2))
        await log.commit(lease, Commit([event()]))
        await self.settle(log)

        recovery = await log.recover(0)
        assert (recovery.position, recovery.watermark) == (4, 2)

    async def test_the_highest_watermark_stays(self, log: Log) -> None:
        lease = await log.acquire(0, "me")
        for watermark in (3, 8, 5):
            await log.commit(lease, Commit(watermark=watermark))

        assert (await log.recover(0)).watermark == 8

    async def test_recovery_returns_the_newest_snapshots_of_open_tasks_only(self, log: Log) -> None:
        lease = await log.acquire(0, "me")
        begun = [snapshot(f"task-{n:03}", 1, b"old") for n in range(600)]
        await log.commit(lease, Commit(snapshots=begun))
        going_on = [snapshot(f"task-{n:03}", 5, b"new") for n in range(0, 600, 2)]
        closed = [snapshot(f"task-{n:03}", 9, None) for n in range(0, 600, 3)]
        await log.commit(lease, Commit(snapshots=going_on))
        await log.commit(lease, Commit(snapshots=closed))

        expected = {s.task_id: s for s in [*begun, *going_on, *closed]}
        assert by_task(await log.recover(0)) == {k: s for k, s in expected.items() if s.is_open}
        assert await log.snapshots(0, expected) == expected

    async def test_of_two_snapshots_of_a_task_in_one_commit_the_last_stays(self, log: Log) -> None:
        lease = await log.acquire(0, "me")

        await log.commit(lease, Commit(snapshots=[snapshot(sequence=1), snapshot(sequence=2)]))

        assert await log.snapshots(0, ["task-1"]) == {"task-1": snapshot(sequence=2)}

    async def test_a_task_that_is_opened_again_is_recovered(self, log: Log) -> None:
        lease = await log.acquire(0, "me")
        await log.commit(lease, Commit(snapshots=[snapshot(sequence=1, state=None)]))
        await log.commit(lease, Commit(snapshots=[snapshot(sequence=2, state=b"")]))

        assert (await log.recover(0)).snapshots == [snapshot(sequence=2, state=b"")]

    async def test_snapshots_are_looked_up_by_task_and_partition(self, log: Log) -> None:
        lease = await log.acquire(0, "me")
        stub = snapshot("closed", 4, None)
        await log.commit(lease, Commit(snapshots=[stub, snapshot("open")]))

        found = await log.snapshots(0, iter(["closed", "unknown", "open"]))
        assert found == {"closed": stub, "open": snapshot("open")}
        assert await log.snapshots(1, ["closed"]) == {}
        assert await log.snapshots(0, []) == {}

    async def test_a_history_is_the_events_of_one_task_in_order(self, log: Log) -> None:
        lease = await log.acquire(0, "me")
        other = await log.acquire(1, "me")
        for n in range(3):
            mixed = [event(f"task-{t}", f"{n}/{t}".encode()) for t in (1, 2, 3)]
            await log.commit(lease, Commit([*mixed, an_input("task-2", b"not an event")]))
        await log.commit(other, Commit([event("task-2", b"elsewhere", partition=1)]))

        history = await log.history(0, "task-2")
        assert [record.value for record in history] == [b"0/2", b"1/2", b"2/2"]
        assert are_placed([record.offset for record in history], [1, 4, 7], self.has_gaps)
        assert await log.history(0, "task") == []

    async def test_a_long_history_is_complete(self, log: Log) -> None:
        lease = await log.acquire(0, "me")
        await log.commit(lease, Commit([event(value=str(n).encode()) for n in range(1030)]))

        history = await log.history(0, "task-1")
        assert [int(record.value) for record in history] == list(range(1030))

    # Consumers

    async def test_a_consumer_goes_on_where_it_has_saved(self, log: Log) -> None:
        assert await log.position("projector", EVENTS, 0) == 0

        await log.save_position("projector", EVENTS, 0, 5)
        await log.save_position("projector", EVENTS, 0, 3)
        await log.save_position("projector", EVENTS, 1, 8)
        await log.save_position("archive", EVENTS, 0, 9)

        assert await log.position("projector", EVENTS, 0) == 3
        assert await log.position("projector", EVENTS, 1) == 8
        assert await log.position("projector", INPUTS, 0) == 0
        assert await log.position("archive", EVENTS, 0) == 9

    # The next process

    async def test_everything_is_there_after_reopening(self, log: Log, tmp_path: Path) -> None:
        former = await log.acquire(0, "me")
        await log.append([an_input(), Record(DEAD_LETTERS, 0, "k", ALL_BYTES)])
        commit = Commit([event(value=ALL_BYTES)], [snapshot()], position=1, watermark=1)
        await log.commit(former, commit)
        await log.save_position("projector", EVENTS, 0, 1)
        await self.settle(log)

        again = await self.reopen(log, tmp_path)

        assert (again.log_id, again.partitions) == (log.log_id, PARTITIONS)
        assert await again.recover(0) == Recovery(1, 1, [snapshot()])
        assert await again.history(0, "task-1") == [replace(event(value=ALL_BYTES), offset=0)]
        assert await again.position("projector", EVENTS, 0) == 1
        assert await again.append([an_input(), Record(DEAD_LETTERS, 0, "k", b"")]) == [1, 1]
        await again.close()

    async def test_a_former_owner_is_fenced_after_reopening_too(
        self, log: Log, tmp_path: Path
    ) -> None:
        former = await log.acquire(0, "former")

        again = await self.reopen(log, tmp_path)
        owner = await again.acquire(0, "owner")

        assert owner.epoch > former.epoch
        with pytest.raises(Fenced):
            await again.commit(former, Commit([event()]))
        assert await again.end(EVENTS, 0) == 0
        await again.close()

    async def test_many_writers_at_once_leave_no_gap(self, log: Log) -> None:
        lease = await log.acquire(0, "me")
        appends = [log.append([an_input(f"task-{n}")] * 3) for n in range(20)]
        commits = [log.commit(lease, Commit([event(f"task-{n}")] * 3)) for n in range(20)]

        await asyncio.gather(*appends, *commits)

        for topic in (INPUTS, EVENTS):
            records = await log.read(topic, 0, 0, 100)
            offsets = [record.offset for record in records]
            assert are_placed(offsets, list(range(60)), self.has_gaps)
            keys = [record.key for record in records]
            assert all(len({*keys[n : n + 3]}) == 1 for n in range(0, 60, 3))

    @settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.differing_executors]
    )
    @given(steps=st.lists(STEP, max_size=12))
    async def test_any_sequence_of_writes_is_as_in_a_plain_dict(self, steps: list[Step]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            log, model = await self.open(Path(folder)), Model()
            for step in steps:
                if step is None:
                    log = await self.reopen(log, Path(folder))
                    if not self.has_lasting_leases:
                        model.leases.clear()
                else:
                    await step.run(log, model)
            await self.settle(log)
            await model.check(log, self.has_gaps)
            await log.close()
