"""Finds the events of one task on a broker, which has no index by key.

The snapshots of a task carry the places of its events: each stretch is one read. What is newer than
the watermark is read to the end. Only a task with more stretches than are noted, or whose beginning
its owner has not seen, or that there is not at all, is looked for in all events of its partition.
"""

from streams.kafka.places import sequence_of, stretches_in
from streams.kafka.snapshots import Kept
from streams.log import EVENTS, Log, Record

_READ = 2_000  # events read at a time where many are looked through
_NEAR = 100  # where the wanted ones are close


async def find(log: Log, kept: Kept, task_id: str) -> list[Record]:
    """All events of a task, oldest first; `kept` must be up to date.

    Every task that was open at the watermark has a snapshot, and every closed one a stub: what
    neither tells lies behind the watermark.
    """
    snapshot = kept.snapshots.get(task_id)
    if snapshot is None:
        found = await _look_for(log, kept.partition, task_id, kept.mark.watermark)
        is_whole = bool(found) and sequence_of(found[0].headers) == 1
        return found if is_whole else await _look_for(log, kept.partition, task_id, 0)
    found = []
    for start, last in stretches_in(kept.places.get(task_id, "")):
        found += await _look_for(log, kept.partition, task_id, start, last)
    if not found or sequence_of(found[-1].headers) != snapshot.sequence:
        return await _look_for(log, kept.partition, task_id, 0)
    newer = await _look_for(log, kept.partition, task_id, kept.mark.watermark)
    return found + [record for record in newer if record.offset > found[-1].offset]


async def _look_for(
    log: Log, partition: int, task_id: str, offset: int, last: int | None = None
) -> list[Record]:
    """The events of a task from an offset on, to the one with the sequence `last`."""
    found: list[Record] = []
    while records := await log.read(EVENTS, partition, offset, _READ if last is None else _NEAR):
        for record in records:
            if record.key == task_id:
                found.append(record)
                if last is not None and sequence_of(record.headers) == last:
                    return found
        offset = records[-1].offset + 1
    return found
