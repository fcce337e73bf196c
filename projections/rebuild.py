"""Making all read models anew from position 0, beside those in use, and exchanging them at once."""

from projections.projector import Progress, Projector
from projections.store import Store
from streams.log import EVENTS, Log


async def rebuild(store: Store, log: Log, progress: Progress | None = None) -> int:
    """Project all events of all partitions into a fresh file, then put it in place of the old one.

    The old rows are answered from until then, and stay when this is cancelled or fails.

    Args:
        store: the read models; their projectors may go on meanwhile.
        log: where the events are.
        progress: told (done, total) in events after each batch.

    Returns:
        The number of events that were projected.
    """
    ends = [await log.end(EVENTS, partition) for partition in range(log.partitions)]
    total, done = sum(ends), 0

    def told(of_partition: int) -> None:
        if progress is not None:
            progress(min(done + of_partition, total), total)

    with store.beside() as fresh:
        for partition in range(log.partitions):
            done += await Projector(fresh, log, partition).catch_up(told)
    return done
