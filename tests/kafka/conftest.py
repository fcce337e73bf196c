"""The broker that the tests marked `kafka` share."""

from collections.abc import Iterator

import pytest

from tests.kafka.broker import bootstrap
from tests.kafka.install import Missing


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """The address of a running Apache Kafka."""
    try:
        with bootstrap() as address:
            yield address
    except Missing as missing:
        pytest.skip(str(missing))
