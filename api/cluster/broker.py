"""Which broker is meant: the settings of a process as the log on Kafka takes them."""

from api.errors import UsageError
from api.settings import Settings
from streams.kafka.connection import PATIENCE, KafkaSettings

SHORT = 8.0  # seconds that somebody at a terminal waits for a broker


def broker_of(settings: Settings, patience: float = PATIENCE) -> KafkaSettings:
    """The broker that the settings name, and how many seconds it is tried.

    Raises:
        UsageError: they name none, or something of its identity is missing.
    """
    if settings.kafka is None:
        raise UsageError("say which broker: --kafka localhost:9092, or set ORCHESTRATOR_KAFKA")
    if settings.kafka_security.startswith("SASL") and not settings.kafka_username:
        raise UsageError(
            f"{settings.kafka_security} needs ORCHESTRATOR_KAFKA_USERNAME and "
            "ORCHESTRATOR_KAFKA_PASSWORD"
        )
    return KafkaSettings(
        bootstrap=settings.kafka,
        prefix=settings.kafka_prefix,
        partitions=settings.kafka_partitions,
        replication=settings.kafka_replication,
        security=settings.kafka_security,
        mechanism=settings.kafka_mechanism,
        username=settings.kafka_username,
        password=settings.kafka_password,
        ca_file=_path(settings.kafka_ca_file),
        certificate_file=_path(settings.kafka_certificate_file),
        key_file=_path(settings.kafka_key_file),
        key_password=settings.kafka_key_password,
        compression=settings.kafka_compression,
        patience=patience,
    )


def _path(path: object) -> str | None:
    return None if path is None else str(path)
