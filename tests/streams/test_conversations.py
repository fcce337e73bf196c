"""Events of conversations: they come back as they were, their chain shows every change, and a fold
never fails."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.conversations.codec import (
    ChatHead,
    Saying,
    Written,
    after,
    follows,
    read,
    write,
)
from streams.conversations.events import (
    AnswerBegun,
    AnswerEnded,
    AnswerPart,
    ConversationDeleted,
    ConversationOpened,
    Ending,
    MessageAsked,
    Mode,
    Way,
)
from streams.conversations.fold import Conversation, evolve
from streams.domain.errors import Undecodable
from streams.domain.values import Json
from streams.log import Record

texts = st.text(max_size=30)
sayings = st.lists(
    st.one_of(
        st.builds(
            lambda name: Saying(
                ConversationOpened(tenant="t", principal="p"), {"conversation_id": name}
            ),
            texts,
        ),
        st.builds(
            lambda n, text: Saying(MessageAsked(message_id=n, mode=Mode.LEARNING), {"text": text}),
            st.sampled_from("abc"),
            texts,
        ),
        st.builds(
            lambda n: Saying(AnswerBegun(message_id=n, way=Way.MODEL), {"reason": "r"}),
            st.sampled_from("abc"),
        ),
        st.builds(
            lambda n, text, anew: Saying(
                AnswerPart(message_id=n, begins_anew=anew), {"text": text}
            ),
            st.sampled_from("abc"),
            texts,
            st.booleans(),
        ),
        st.builds(
            lambda n, text: Saying(
                AnswerEnded(message_id=n, ending=Ending.COMPLETE, way=Way.MODEL), {"text": text}
            ),
            st.sampled_from("abc"),
            texts,
        ),
        st.just(Saying(ConversationDeleted(principal="p"))),
    ),
    max_size=12,
)


def seal(place: bytes, secret: Json) -> bytes:
    """No secret at all, but bound to its place."""
    return place + b"|" + json.dumps(secret).encode()


def written_of(
    found: list[Saying], head: ChatHead | None = None
) -> tuple[ChatHead, list[Record], list[Written]]:
    """Records of some sayings."""
    return write(head or ChatHead(), found, stream_id="s", at=5, salt="x", partitions=3, seal=seal)


@given(sayings)
def test_records_say_what_was_written_and_follow_each_other(found: list[Saying]) -> None:
    head, records, written = written_of(found)

    known = ChatHead()
    for record, wanted in zip(records, written, strict=True):
        assert read(record) == wanted
        assert follows(known, wanted)
        known = after(wanted)
    assert known == head


@given(sayings, st.booleans())
def test_a_fold_takes_any_events_in_any_order_with_and_without_their_key(
    found: list[Saying], has_key: bool
) -> None:
    head, _, written = written_of(found)

    known = Conversation("s")
    for each, saying in zip(written, found, strict=True):
        known = evolve(known, each, saying.secret if has_key else None)

    assert known.head == head
    if not has_key:
        assert all(not one.question and not one.answer for one in known.exchanges)


def test_an_answer_is_what_its_parts_say_until_its_end_says_all() -> None:
    asked = Saying(MessageAsked(message_id="a", mode=Mode.CONVERSATION), {"text": "hi"})
    parts = [
        Saying(AnswerPart(message_id="a"), {"text": "One "}),
        Saying(AnswerPart(message_id="a", begins_anew=True), {"text": "Two "}),
        Saying(AnswerPart(message_id="a"), {"text": "three"}),
    ]
    _, _, written = written_of([asked, *parts])

    known = Conversation("s")
    for each, saying in zip(written, [asked, *parts], strict=True):
        known = evolve(known, each, saying.secret)

    assert known.exchanges[0].answer == "Two three"
    assert known.under_way == known.exchanges[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda r: replace(r, value=r.value.replace(b"learning", b"conversation")),
        lambda r: replace(r, key="other"),
        lambda r: replace(r, headers={**r.headers, "sequence": "2"}),
        lambda r: replace(r, headers={**r.headers, "time": "6"}),
        lambda r: replace(r, headers={**r.headers, "previous": "00" * 31 + "01"}),
        lambda r: replace(r, headers={k: v for k, v in r.headers.items() if k != "salt"}),
        lambda r: replace(r, value=b"nonsense"),
    ],
)
def test_a_record_that_was_changed_is_not_read(change: object) -> None:
    asked = Saying(MessageAsked(message_id="a", mode=Mode.LEARNING), {"text": "hi"})
    _, (record,), _ = written_of([asked])

    with pytest.raises(Undecodable):
        read(change(record))  # type: ignore[operator]


def test_of_two_writers_the_first_counts_and_nothing_of_the_other() -> None:
    first = Saying(AnswerPart(message_id="a"), {"text": "mine"})
    head, _, _ = written_of([first])
    _, _, ours = written_of([first], head)
    _, _, theirs = written_of([first, first], replace(head, at=9))

    known = after(ours[0])

    assert follows(head, ours[0])
    assert not any(follows(known, each) for each in theirs)
