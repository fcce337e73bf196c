"""How a broker is reached: addresses, prefix, encryption and identity in one value, and what its
errors mean here."""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    InvalidGroupIdError,
    InvalidProducerEpoch,
    InvalidProducerIdMapping,
    InvalidTopicError,
    InvalidTxnState,
    KafkaConnectionError,
    KafkaError,
    MessageSizeTooLargeError,
    ProducerClosed,
    ProducerFenced,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
    UnsupportedVersionError,
)

from streams.domain.errors import Fenced, LogError, LogUnavailable

PREFIX = "orchestrator."
# Names of agents may have letters that a topic's name may not.
_ILLEGAL = re.compile(r"[:@]|_(?=3a|40|5f)")
_ESCAPED = re.compile(r"_(3a|40|5f)")
_PAUSE = 0.25  # seconds before a broker that is not there is looked for again
PATIENCE = 30.0  # seconds a broker is tried before the log counts as unavailable

# What a producer is told when another one has taken its transactional id over, or when it took so
# long that the coordinator has given its transaction up.
_FENCED = (ProducerFenced, InvalidProducerEpoch, InvalidProducerIdMapping, InvalidTxnState)


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """Where the broker is and how to talk to it. Secrets are not part of its text.

    Args:
        bootstrap: `host:port`, several with commas.
        prefix: of all topics, groups and transactional ids, so that several systems share a broker.
        partitions: of a new log; None takes what there is, or 4 for a new one.
        replication: copies of each partition of a new log; 3 where it matters.
        security: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL, as everywhere in Kafka.
        mechanism: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512; used with the two SASL kinds.
        ca_file: certificates to trust instead of the system's.
        certificate_file: the client's own certificate, with `key_file` (None: in the same file).
        compression: gzip or none; others need a package of their own.
    """

    bootstrap: str
    prefix: str = PREFIX
    partitions: int | None = None
    replication: int = 1
    security: str = "PLAINTEXT"
    mechanism: str = "PLAIN"
    username: str | None = None
    password: str | None = None
    ca_file: str | None = None
    certificate_file: str | None = None
    key_file: str | None = None
    key_password: str | None = None
    compression: str | None = None
    patience: float = PATIENCE

    def __repr__(self) -> str:
        return f"KafkaSettings({self.bootstrap!r}, prefix={self.prefix!r})"

    @property
    def in_sync(self) -> int:
        """How many copies must have a record before it counts as written."""
        return max(1, self.replication - 1)

    def named(self, name: str) -> str:
        """The full name of a topic, a group or a transactional id, in letters that Kafka takes."""
        return self.prefix + _ILLEGAL.sub(lambda found: f"_{ord(found[0]):02x}", name)

    def own_name(self, full: str) -> str:
        """The name of which `named` has made the full one."""
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), full.removeprefix(self.prefix))

    def arguments(self) -> dict[str, Any]:
        """What every client of aiokafka takes."""
        given: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap.split(","),
            "security_protocol": self.security,
            "request_timeout_ms": int(self.patience * 1000),
            "retry_backoff_ms": 50,
        }
        if self.security.endswith("SSL"):
            given["ssl_context"] = self._encryption()
        if self.security.startswith("SASL"):
            given["sasl_mechanism"] = self.mechanism
            given["sasl_plain_username"] = self.username
            given["sasl_plain_password"] = self.password
        return given

    def _encryption(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.ca_file)
        if self.certificate_file:
            context.load_cert_chain(self.certificate_file, self.key_file, self.key_password)
        return context


# What no second try makes better.
PERMANENT = (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    InvalidGroupIdError,
    InvalidTopicError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
    UnsupportedVersionError,
)


@contextmanager
def errors_of(settings: KafkaSettings, doing: str) -> Iterator[None]:
    """Tell what a client's error means for the log.

    Raises:
        Fenced: another owner has taken over.
        LogUnavailable: the broker cannot be reached, or did not do it in time.
        LogError: the broker refused.
    """
    where = f"Kafka at {settings.bootstrap}"
    try:
        yield
    except _FENCED as error:
        raise Fenced from error
    except PERMANENT as error:
        raise LogError(f"{where} refuses {doing}: {error}") from error
    except MessageSizeTooLargeError as error:
        raise LogError(f"{where} takes no message of that size: {error}") from error
    except ProducerClosed as error:
        raise LogUnavailable(f"{where}: the connection is closed already") from error
    except TimeoutError as error:
        raise LogUnavailable(
            f"{where} did not answer within {settings.patience:g} s {doing}: is it running?"
        ) from error
    except (KafkaError, OSError) as error:
        # Whatever else a client says may pass: a leader moves, a node restarts.
        raise LogUnavailable(f"{where} cannot be reached {doing}: {error}") from error


async def reached(
    settings: KafkaSettings, doing: str, connect: Callable[[], Awaitable[object]]
) -> None:
    """Connect, again and again while the broker is not there: it may be about to start.

    Raises:
        LogUnavailable: it was not there within the patience.
    """
    with errors_of(settings, doing):
        async with asyncio.timeout(settings.patience):
            while True:
                try:
                    await connect()
                    return
                except KafkaConnectionError:
                    await asyncio.sleep(_PAUSE)
