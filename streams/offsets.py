"""Which offsets new records get: dense in each partition of a topic, and as they state."""

from collections.abc import Callable, Sequence

from streams.domain.errors import LogError
from streams.log import EVENTS, INPUTS, Lease, Record

TopicPartition = tuple[str, int]
Ends = dict[TopicPartition, int]


def assign(
    records: Sequence[Record], end: Callable[[TopicPartition], int]
) -> tuple[list[int], Ends]:
    """The offset of each record, and the new ends of what they are written to.

    Raises:
        LogError: a record states an offset that is not the next one.
    """
    ends: Ends = {}
    offsets = []
    for record in records:
        place = (record.topic, record.partition)
        offset = ends.get(place, -1)
        if offset < 0:
            offset = end(place)
        if record.offset not in (-1, offset):
            topic = f"{record.topic}/{record.partition}"
            raise LogError(f"The next offset of {topic} is {offset}, not {record.offset}.")
        offsets.append(offset)
        ends[place] = offset + 1
    return offsets, ends


def check_places(records: Sequence[Record], partitions: int, lease: Lease | None) -> None:
    """Refuse records of a partition that there is not, and events outside the lease that they need.

    Raises:
        LogError: the first record that is out of place.
    """
    for record in records:
        topic, partition = record.topic, record.partition
        if partition < 0 or (partition >= partitions and topic in (INPUTS, EVENTS)):
            raise LogError(f"There is no {topic}/{partition}: the log has {partitions} partitions.")
        if topic == EVENTS and (lease is None or lease.partition != partition):
            raise LogError(f"{topic}/{partition} is written only with a lease of that partition.")


def check_partition(partition: int, partitions: int) -> None:
    """Refuse a lease of a partition that there is not.

    Raises:
        LogError: the log has fewer partitions.
    """
    if not 0 <= partition < partitions:
        raise LogError(f"There is no partition {partition}: the log has {partitions}.")
