"""How much a server of others may cost: time, bytes and number."""

from dataclasses import dataclass

from streams.domain.values import Milliseconds

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds that hold for each server by itself."""

    connect: Milliseconds = 10_000  # from the start to a finished handshake
    listing: Milliseconds = 10_000  # all pages of the list
    refresh: Milliseconds = 300_000  # between two looks at the list
    first_pause: Milliseconds = 1_000  # before the second try to connect; it doubles
    last_pause: Milliseconds = 60_000
    close: Milliseconds = 6_000  # stdin closed, terminated, killed
    starts: int = 5  # tries in a row that failed, before a server is left alone until a refresh
    calm: Milliseconds = 1_000  # between two looks at it, however often it says it changed
    steady: Milliseconds = 60_000  # a connection that held so long starts the count anew
    message: int = 8 * MIB  # bytes of one message
    junk: int = 1 * MIB  # bytes on stdout that are no message
    notes: int = 20  # remarks on one server
    stderr: int = 2 * KIB  # bytes kept of the end of it
    text: int = 256 * KIB  # characters kept of one result
    structured: int = 256 * KIB  # bytes of structured content
    tools: int = 2_000
    pages: int = 200
    description: int = 1_000  # characters
    schema: int = 32 * KIB  # bytes
    catalogue: int = 2 * MIB  # bytes of all specifications of one server
    depth: int = 32  # levels of a schema or of structured content
    argument_checks: int = 10_000  # keyword evaluations of one validation
    result_checks: int = 200_000
