"""A tool that is offered over MCP: its name, what it takes and answers, and what it does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from streams.domain.values import Json

# How far a call has come: done, of how much, in words.
Report = Callable[[float, float, str], Awaitable[None]]
# What a tool does with its arguments; an `ApiError` is told to whoever called.
Call = Callable[[Json, Report | None], Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Hints:
    """What a tool says of itself, so that an assistant knows when to ask its user first."""

    is_read_only: bool = False
    is_destructive: bool = False
    is_idempotent: bool = False
    is_open_world: bool = False


READS = Hints(is_read_only=True, is_idempotent=True)


@dataclass(frozen=True, slots=True)
class Offer:
    """One tool. The schemas are JSON Schema with an object at the root."""

    name: str
    title: str
    description: str
    input_schema: Json
    output_schema: Json
    hints: Hints
    call: Call
