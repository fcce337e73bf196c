"""Reads messages of the public inbox as the product does."""

from api.intake import InvalidRequest, read_json, read_request, submission
from api.settings import Settings
from streams.clock import wall_clock
from streams.domain.errors import Undecodable
from streams.domain.inputs import Input
from streams.log import Record


def read(record: Record, otherwise: str) -> Input:
    """A message as the product reads it."""
    settings = Settings()
    try:
        body = read_request(read_json(record.value, limit=1_000_000))
    except InvalidRequest as error:
        raise Undecodable(str(error), pointer=error.pointer) from None
    key = record.headers.get("idempotency-key")
    return submission(body, settings, at=wall_clock(), idempotency_key=key, otherwise=otherwise)
