"""The seam to the library that speaks with providers: what it is asked, gives, and how it fails."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Protocol

from agents.models.calls import Fault, ModelCall
from agents.models.errors import ModelError
from agents.models.providers import Target
from streams.domain.values import Money


@dataclass(frozen=True, slots=True)
class Chunk:
    """One part of a stream. Usage is what the provider claims, whatever it is."""

    text: str = ""
    finish: str | None = None  # "stop", "length", …: why it ended
    usage: tuple[Any, Any] | None = None  # tokens read, tokens written


class WireFault(ModelError):
    """One attempt failed. `after` is how many seconds the provider asked to be left alone."""

    def __init__(self, fault: Fault, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.fault = fault
        self.reason = reason
        self.after = after


class Wire(Protocol):
    """Sends one call to one provider, once; it never tries again by itself."""

    def stream(
        self, target: Target, call: ModelCall, seconds: float
    ) -> AsyncGenerator[Chunk, None]:
        """What comes back. Closing it closes the connection. Raises WireFault."""

    def count(self, target: Target, text: str) -> int:
        """Tokens of a text, by the tokenizer of the model or one like it."""

    def price(self, target: Target, tokens_in: int, tokens_out: int) -> Money | None:
        """Dollars for a model that is not in our table; None if nobody knows."""
