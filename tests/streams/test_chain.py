"""The chain finds any changed byte, and stays whole when a body is erased with its salt."""

from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.chain import GENESIS, Head, body_digest, canonical, link
from streams.domain.errors import Undecodable
from streams.domain.events import FeedbackRecorded
from streams.domain.inputs import CancelTask
from streams.envelope import read_event, seal
from streams.log import Record
from tests.streams.driving import START, told

HASHED = ("sequence", "type", "time", "causationid", "correlationid", "inputoffset")


def history(length: int = 4) -> list[Record]:
    """Some remarks, each caused by an input of its own."""
    head, records = Head(), []
    for number in range(length):
        said = FeedbackRecorded(feedback_id=f"f{number}", by="ann", text="Schön")
        cause = told(CancelTask, "a", f"in-{number}")
        head, sealed = seal(
            head, [said], task_id="a", at=START, given=cause, input_offset=number, partition=0
        )
        records += sealed
    return records


HISTORY = history()


def first_break(records: list[Record]) -> int | None:
    """The place of the first record that is unreadable or does not follow the one before it."""
    previous = GENESIS
    for place, record in enumerate(records):
        try:
            stored = read_event(record)
        except Undecodable:
            return place
        if stored.header.sequence != place + 1:
            return place
        if link(previous, stored.header.canonical(), stored.digest) != stored.hash:
            return place
        previous = stored.hash
    return None


def altered(place: int, **changes: object) -> list[Record]:
    """The history with one record changed."""
    return [
        replace(r, **changes) if n == place else r  # type: ignore[arg-type]
        for n, r in enumerate(HISTORY)
    ]


def with_header(place: int, name: str, value: str) -> list[Record]:
    return altered(place, headers={**HISTORY[place].headers, name: value})


def test_a_whole_history_has_no_break() -> None:
    assert first_break(HISTORY) is None


def test_the_hash_is_made_of_the_one_before_the_header_and_the_digest_of_the_body() -> None:
    first, second = HISTORY[:2]
    salt = bytes.fromhex(second.headers["salt"])
    header = f'["a",2,"feedback_recorded.v1",{START},"in-1","a",1]'.encode()

    digest = sha256(salt + second.value).digest()
    expected = sha256(bytes.fromhex(first.headers["hash"]) + header + digest)

    assert second.headers["hash"] == expected.hexdigest()
    assert body_digest(salt, second.value) == digest


def test_the_first_link_hangs_on_zeros() -> None:
    stored = read_event(HISTORY[0])

    assert link(bytes(32), stored.header.canonical(), stored.digest) == stored.hash


@settings(max_examples=60, deadline=None)
@given(data=st.data(), place=st.integers(0, 3), bit=st.integers(0, 7))
def test_any_flipped_bit_of_a_body_is_found(data: st.DataObject, place: int, bit: int) -> None:
    body = bytearray(HISTORY[place].value)
    body[data.draw(st.integers(0, len(body) - 1))] ^= 1 << bit

    assert first_break(altered(place, value=bytes(body))) == place


@settings(max_examples=60, deadline=None)
@given(data=st.data(), place=st.integers(0, 3), name=st.sampled_from((*HASHED, "hash", "salt")))
def test_any_changed_character_of_a_header_is_found(
    data: st.DataObject, place: int, name: str
) -> None:
    value = HISTORY[place].headers[name]
    at = data.draw(st.integers(0, len(value) - 1))
    letter = data.draw(st.sampled_from("0123456789abcdefxyz").filter(lambda c: c != value[at]))

    changed = value[:at] + letter + value[at + 1 :]

    assert first_break(with_header(place, name, changed)) == place


def test_another_task_cannot_take_the_history_over() -> None:
    assert first_break([replace(record, key="b") for record in HISTORY]) == 0


def test_a_missing_a_doubled_and_a_swapped_event_are_found() -> None:
    one, two, three, four = HISTORY

    assert first_break([one, three, four]) == 1
    assert first_break([one, two, two, three, four]) == 2
    assert first_break([one, three, two, four]) == 1


def test_a_later_hash_cannot_be_kept_when_an_earlier_event_is_written_anew() -> None:
    said = FeedbackRecorded(feedback_id="f0", by="ann", text="Forged")
    _, forged = seal(
        Head(), [said], task_id="a", at=START, given=told(CancelTask, "a", "in-0"),
        input_offset=0, partition=0,
    )  # fmt: skip

    assert first_break(forged) is None
    assert first_break(forged + HISTORY[1:]) == 1


def erased(record: Record) -> Record:
    """The record without its body and salt; the digest stays."""
    headers = {k: v for k, v in record.headers.items() if k != "salt"}
    return replace(record, value=b"", headers=headers | {"digest": read_event(record).digest.hex()})


@pytest.mark.parametrize("place", range(4))
def test_an_erased_body_leaves_the_chain_whole(place: int) -> None:
    records = altered(place)
    records[place] = erased(HISTORY[place])

    stored = read_event(records[place])

    assert first_break(records) is None
    assert stored.event is None
    assert stored.header == read_event(HISTORY[place]).header


def test_an_erased_body_cannot_be_replaced_by_another_digest() -> None:
    gone = erased(HISTORY[1])
    other = replace(gone, headers={**gone.headers, "digest": "00" * 32})

    assert first_break([HISTORY[0], other, *HISTORY[2:]]) == 1


def test_the_digest_alone_does_not_tell_which_body_it_was() -> None:
    same = [
        seal(
            Head(), [FeedbackRecorded(feedback_id="f", by="ann")], task_id="a", at=START,
            given=told(CancelTask, "a", name), input_offset=0, partition=0,
        )[1][0]
        for name in ("one", "two")
    ]  # fmt: skip

    assert same[0].value == same[1].value
    assert read_event(same[0]).digest != read_event(same[1]).digest


@given(fields=st.lists(st.integers() | st.text(st.characters(exclude_categories=["Cs"]))))
@settings(max_examples=30, deadline=None)
def test_the_canonical_header_has_no_two_meanings(fields: list[int | str]) -> None:
    split = [part for field in fields for part in (field, "")]

    assert canonical(*fields) != canonical(*split) or not fields
    assert canonical(*fields).startswith(b"[")
