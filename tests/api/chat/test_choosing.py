"""What is talk and what is work, by the words of a message."""

import pytest

from agents.models.tokens import count_tokens
from api.chat.choosing import judge
from api.chat.window import ROLE, window
from streams.conversations.events import Mode
from streams.conversations.fold import Exchange


@pytest.mark.parametrize(
    "message",
    [
        "Create a LinkedIn post about our Q4 growth metrics",
        "Analyze our monthly metrics vs last month",
        "Please draft an investor update with risks and a forecast",
        "Can you write an email to our customers?",
        "Erstelle einen LinkedIn-Beitrag über unser Q4-Wachstum",
        "Kannst du bitte einen Newsletter über 320 Kunden schreiben?",
    ],
)
def test_what_asks_for_a_result_becomes_a_task(message: str) -> None:
    judged = judge(message)

    assert judged.is_task
    assert judged.reason


@pytest.mark.parametrize(
    "message",
    [
        "hello",
        "thanks!",
        "What can you do?",
        "How do I write a good LinkedIn post?",
        "What is CAC?",
        "Which tasks are waiting?",
        "Was ist eine Conversion-Rate?",
    ],
)
def test_questions_and_pleasantries_stay_talk(message: str) -> None:
    assert not judge(message).is_task


def test_a_window_never_passes_its_room_and_begins_with_a_question() -> None:
    said = [
        Exchange(str(n), Mode.CONVERSATION, None, "", f"question {n} " * n, 0, answer=f"yes {n}")
        for n in range(1, 30)
    ]

    for room in range(200, 2_000, 97):
        shown = window(said, "and now?", None, room)
        size = sum(count_tokens(message.content) + ROLE for message in shown.messages)
        assert size == shown.tokens <= room
        assert shown.kept + shown.left_out == 58
        assert [message.role for message in shown.messages[1::2]].count("assistant") == 0
