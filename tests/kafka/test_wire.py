"""Records come back from the wire as they were written, and lie there as CloudEvents."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.connection import KafkaSettings
from streams.kafka.wire import decode, encode, milliseconds, moment
from streams.log import EVENTS, INPUTS, Record

PREFIX = "orchestrator."
NAMES = st.sampled_from(
    [
        "id",
        "type",
        "time",
        "ce_id",
        "ce_time",
        "ce_specversion",
        "ce_source",
        "content-type",
        "raw_x",
        "raw_raw_ce_id",
        "traceparent",
        "original-time",
        "",
    ]
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = TEXTS | st.sampled_from(["0", "007", "1760000000123", "9" * 15, "-5", "1.0"])
HEADERS = st.dictionaries(NAMES | TEXTS, VALUES, max_size=8)


def there_and_back(record: Record) -> Record:
    key, value, headers = encode(record, PREFIX)
    return decode(record.topic, record.partition, record.offset, (key, value, headers), PREFIX)


@given(TEXTS, st.binary(max_size=20), HEADERS)
def test_every_record_comes_back(key: str, value: bytes, headers: dict[str, str]) -> None:
    record = Record(EVENTS, 3, key, value, headers, 7)

    assert there_and_back(record) == record


@given(TEXTS, HEADERS)
def test_no_two_headers_share_a_name_on_the_wire(key: str, headers: dict[str, str]) -> None:
    _, _, wire = encode(Record(INPUTS, 0, key, b"", headers), PREFIX)

    names = [name for name, _ in wire]
    assert len(names) == len(set(names))


@given(st.integers(0, 253_402_300_799_999))
def test_every_moment_has_one_text(at: int) -> None:
    assert milliseconds(moment(at)) == at


def test_an_event_lies_there_as_a_cloud_event() -> None:
    headers = {
        "id": "task-1/2",
        "type": "plan_drafted.v1",
        "time": "1760000000123",
        "sequence": "2",
        "causationid": "in-1",
        "correlationid": "task-1",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }

    key, value, wire = encode(Record(EVENTS, 0, "task-1", b"{}", headers), PREFIX)

    assert (key, value) == (b"task-1", b"{}")
    assert dict(wire) == {
        "ce_specversion": b"1.0",
        "ce_id": b"task-1/2",
        "ce_type": b"plan_drafted.v1",
        "ce_source": b"/orchestrator/events",
        "ce_time": b"2025-10-09T08:53:20.123Z",
        "ce_sequence": b"2",
        "ce_causationid": b"in-1",
        "ce_correlationid": b"task-1",
        "content-type": b"application/json",
        "traceparent": b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }


def test_what_others_send_is_read_as_far_as_it_is_text() -> None:
    found = [("Idempotency-Key", b"k"), ("odd", b"\xff"), ("empty", None), ("ce_time", b"noon")]

    record = decode("requests", 1, 9, (b"\xfe", None, found), PREFIX)

    assert record.key == "\\xfe"
    assert record.value == b""
    assert record.headers == {
        "Idempotency-Key": "k",
        "odd": "\\xff",
        "empty": "",
        "ce_time": "noon",
    }


def test_a_time_of_another_zone_is_the_same_moment() -> None:
    found = [("ce_time", b"2025-10-09T10:53:20.123+02:00"), ("ce_specversion", b"1.0")]

    record = decode("requests", 0, 0, (None, b"{}", found), PREFIX)

    assert record.headers["time"] == "1760000000123"


@pytest.mark.parametrize("text", ["", "noon", "2025-10-09", "2025-10-09T08:53:20"])
def test_a_time_without_a_zone_is_none(text: str) -> None:
    assert milliseconds(text) is None


def test_a_source_that_is_not_ours_is_kept() -> None:
    found = [("ce_specversion", b"1.0"), ("ce_source", b"/shop"), ("ce_id", b"1")]

    record = decode("requests", 0, 0, (None, b"{}", found), PREFIX)

    assert record.headers == {"ce_source": "/shop", "id": "1"}
    assert there_and_back(record) == replace(record, key="")


@given(st.text("ab:@_345f.-", max_size=20))
def test_every_name_becomes_a_legal_one_of_its_own(name: str) -> None:
    settings = KafkaSettings("nowhere:1", PREFIX)

    full = settings.named(name)

    assert re.fullmatch(r"orchestrator\.[A-Za-z0-9._-]*", full)
    assert settings.own_name(full) == name


def test_ordinary_names_stay_as_they_are() -> None:
    assert KafkaSettings("nowhere:1").named("commands.market_insight") == (
        "orchestrator.commands.market_insight"
    )


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(KafkaSettings("nowhere:1", username="me", password="secret"))
