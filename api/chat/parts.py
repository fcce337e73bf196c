"""What ways to answer yield, whichever they are: pieces of text, phases of a task, and the end."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

from streams.conversations.events import AnswerEnded, Mode, Way
from streams.conversations.fold import Conversation, Exchange
from streams.domain.values import Json


@dataclass(frozen=True, slots=True)
class Text:
    """Some letters more; after a fallback the text begins again."""

    text: str
    begins_anew: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    """Something happened to the task that the message has become."""

    data: Json


@dataclass(frozen=True, slots=True)
class End:
    """The account of the answer, and what is to be said beside it."""

    ended: AnswerEnded
    notes: tuple[str, ...] = ()


Part = Text | Phase | End
Parts = AsyncGenerator[Part, None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What came with a message, beside its text."""

    mode: Mode
    is_mode_chosen: bool
    model: str
    temperature: float
    max_tokens: int
    business_metrics: Json
    preferences: Json
    tenant: str
    principal: str
    language: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How a message will be answered. `stopped` is the account if it is stopped before its end."""

    way: Way
    reason: str
    model: str
    answer: Callable[[], Parts]
    stopped: Callable[[str], AnswerEnded]


@dataclass(frozen=True, slots=True)
class Asked:
    """A message with all that was said before it."""

    conversation: Conversation  # without this message
    exchange: Exchange
    wish: Wish
