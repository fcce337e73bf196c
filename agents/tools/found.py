"""What is known of the tools of others at one moment, as values."""

from dataclasses import dataclass
from typing import Literal

from streams.domain.plan import ToolSpecification
from streams.domain.values import Milliseconds

Transport = Literal["stdio", "http"]
Status = Literal["connecting", "ready", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class ServerReport:
    """How one server is doing. `latency` is the time from the start of the connection to its list;
    `since` is when it came to this status.
    """

    name: str
    transport: Transport
    state: Status
    tools: int
    reason: str = ""
    latency: Milliseconds | None = None
    since: Milliseconds = 0
    version: str = ""  # a digest of its list; another one says that the list has changed


@dataclass(frozen=True, slots=True)
class Found:
    """All tools of all servers, how the servers are doing, and what a person should know."""

    tools: tuple[ToolSpecification, ...] = ()
    servers: tuple[ServerReport, ...] = ()
    notes: tuple[str, ...] = ()
