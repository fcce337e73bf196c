"""What can come back from a call of a tool, whatever the transport."""

from dataclasses import dataclass, field
from typing import Any

from streams.domain.values import Json


@dataclass(frozen=True, slots=True)
class Answered:
    """The tool has answered. `structured` is None where there is none."""

    content: tuple[Json, ...] = ()
    structured: Any = None
    is_error: bool = False
    meta: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """The server has answered with an error of the protocol."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Broken:
    """No answer came. `was_sent`: the request may have reached the server."""

    reason: str
    was_sent: bool


@dataclass(frozen=True, slots=True)
class Senseless:
    """An answer came that the protocol does not allow."""

    reason: str


Answer = Answered | Refused | Broken | Senseless
