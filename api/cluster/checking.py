"""What `doctor` can tell of a broker: is it there, are its topics as they must be, does somebody
decide?"""

from api.cluster.broker import SHORT, broker_of
from api.settings import Settings
from streams.domain.errors import LogError
from streams.kafka.admin import administering
from streams.kafka.connection import KafkaSettings
from streams.kafka.inbox import GROUP
from streams.kafka.log import KafkaLog
from streams.log import INPUTS, REQUESTS
from streams.topics import TOPICS

Check = tuple[str, bool, str]
MOST = 1_000  # records counted; more are "at least so many"


async def examine_broker(settings: Settings) -> list[Check]:
    """What was looked at, whether it is in order, and what was found."""
    broker = broker_of(settings, SHORT)
    try:
        found = await _examine_topics(broker)
        if all(is_ok for _, is_ok, _ in found):
            found += await _examine_lag(broker)
    except LogError as error:
        return [("broker", False, str(error))]
    return [("broker", True, f"Kafka at {broker.bootstrap}"), *found]


async def _examine_topics(broker: KafkaSettings) -> list[Check]:
    async with administering(broker) as admin:
        there = await admin.partitions()
        missing = [broker.named(row.name) for row in TOPICS if row.name not in there]
        if missing:
            return [
                ("topics", False, f"{', '.join(missing)} missing: `orchestrator topics create`")
            ]
        wrong = await admin.differences(row.name for row in TOPICS)
    found: list[Check] = [("topics", True, f"{there[INPUTS]} partitions")]
    return [*found, *(("topics", False, text) for text in wrong)]


async def _examine_lag(broker: KafkaSettings) -> list[Check]:
    log = await KafkaLog.open(broker)
    try:
        inputs = [
            len(await log.read(INPUTS, number, await log.decided(number), MOST))
            for number in range(log.partitions)
        ]
        requests = [
            len(await log.read(REQUESTS, n, await log.position(GROUP, REQUESTS, n), MOST))
            for n in range(await log.count(REQUESTS))
        ]
    finally:
        await log.close()
    return [_waiting("inputs", inputs), _waiting("requests", requests)]


def _waiting(what: str, counts: list[int]) -> Check:
    """Some may be on their way at any time; a whole lot tells that nobody works."""
    waiting = sum(counts)
    hint = ": is `orchestrator work` running?" if waiting else ""
    return f"{what} that wait", waiting < MOST, f"{waiting:,}{hint}"
