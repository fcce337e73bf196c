"""What is known of the tools of others at one moment, as values."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from streams.domain.plan import ToolSpecification
from streams.domain.values import Milliseconds

Transport = Literal["stdio", "http"]
Status = Literal["connecting", "ready", "failed", "stopped"]
DIGEST_LENGTH = 16  # hexadecimal digits


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


def fingerprint(spec: ToolSpecification) -> str:
    """What a person agreed to when allowing a tool: its words, its schemas and what it says of
    itself. Another fingerprint is another tool under the same name, so one has to ask again.
    """
    agreed = [
        spec.tool_id,
        spec.source,
        spec.description,
        spec.input_schema,
        spec.output_schema,
        spec.is_destructive,
        spec.is_repeatable,
    ]
    canonical = json.dumps(agreed, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(canonical.encode()).hexdigest()[:DIGEST_LENGTH]
