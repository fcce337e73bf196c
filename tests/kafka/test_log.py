"""The log over a real Apache Kafka keeps what every log promises."""

import os
from pathlib import Path

import pytest

from streams.kafka.connection import KafkaSettings
from streams.kafka.log import KafkaLog
from streams.log import Log
from tests.streams.log_contract import LogContract
from tests.streams.log_model import PARTITIONS

pytestmark = pytest.mark.kafka


class TestKafkaLog(LogContract):
    """The contract; each directory of a test stands for a prefix of its own on the broker."""

    has_gaps = True
    has_lasting_leases = False

    @pytest.fixture(autouse=True)
    def _broker(self, kafka: str) -> None:
        self.bootstrap = kafka

    async def open(self, directory: Path) -> Log:
        prefix = f"t{os.getpid()}-{directory.name}."
        return await KafkaLog.open(KafkaSettings(self.bootstrap, prefix, PARTITIONS))

    async def reopen(self, log: Log, directory: Path) -> Log:
        await log.close()
        return await self.open(directory)
