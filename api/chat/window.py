"""What a model is shown: who it is, and as much of the conversation as there is room for.

The oldest messages are left out first, and how many is told with the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.models.calls import Message
from agents.models.tokens import count_tokens
from streams.conversations.events import ChatAgent
from streams.conversations.fold import Exchange

ROLE = 5  # tokens around a message
_VIEWS = {
    ChatAgent.CONTENT: "You help with writing: posts, threads, e-mails, and how they sound.",
    ChatAgent.FINANCIAL: "You help with figures: what they mean, what follows, what is missing.",
    ChatAgent.MARKET_INSIGHT: "You help with markets: competitors, trends, and what is known.",
    ChatAgent.COMPLIANCE: "You help to see legal risks in texts; you give no legal advice.",
    ChatAgent.CO_FOUNDER: "You help like a co-founder: what to do first, and why.",
}
_SYSTEM = (
    "You are the chat of Intelligent Orchestrator, which turns business requests into checked and "
    "approved deliverables. Answer in the language of the message, briefly and honestly. Never "
    "invent a figure: name only numbers that the user gave. You cannot act yourself; when the user "
    "wants a result made, say that they can send it with mode orchestration. {view}"
)


@dataclass(frozen=True, slots=True)
class Window:
    """The messages to a model, and what had to be left out."""

    messages: tuple[Message, ...]
    kept: int
    left_out: int
    tokens: int


def window(
    exchanges: Sequence[Exchange], question: str, agent: ChatAgent | None, room: int
) -> Window:
    """The messages that fit into so many tokens. The question itself is always there."""
    system = _SYSTEM.format(view=_VIEWS[agent] if agent else "").strip()
    used = _size(system) + _size(question)
    earlier = [message for one in exchanges for message in _said(one)]
    kept: list[Message] = []
    for message in reversed(earlier):
        size = _size(message.content)
        if used + size > room:
            break
        used += size
        kept.append(message)
    if kept and kept[-1].role == "assistant":  # an answer without its question says nothing
        used -= _size(kept.pop().content)
    messages = (
        Message(role="system", content=system),
        *reversed(kept),
        Message(role="user", content=question),
    )
    return Window(messages, len(kept), len(earlier) - len(kept), used)


def _said(one: Exchange) -> list[Message]:
    question = Message(role="user", content=one.question)
    return [question, Message(role="assistant", content=one.answer)] if one.answer else [question]


def _size(text: str) -> int:
    return count_tokens(text) + ROLE
