"""Errors of `streams`; the tree is drawn on top.

StreamsError
├── Undecidable          the pure core cannot decide this input: it becomes a dead letter
│   └── UnknownTask
├── Undecodable          bytes that are no valid input, event or request: a dead letter
└── LogError             the log did not do what was asked
    ├── Fenced           another writer owns the partition now
    ├── Locked           another process holds the data directory
    ├── LogFull          the disk is full; nothing of the commit was kept
    ├── LogCorrupted     what was read is not what was written
    ├── SchemaMismatch   the data directory was written by another version
    └── LogUnavailable   the log could not be reached; trying again may help
"""


class StreamsError(Exception):
    """An error of the streams package."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class Undecidable(StreamsError):
    """The input is valid by itself, but the core cannot decide it."""


class UnknownTask(Undecidable):
    """There is no task of that id: submit it first, or look for the id with `orchestrator list`."""


class Undecodable(StreamsError):
    """The bytes are not a valid message of their topic."""

    def __init__(self, message: str = "", *, pointer: str = "") -> None:
        super().__init__(message)
        self.pointer = pointer


class LogError(StreamsError):
    """The log did not do what was asked."""


class Fenced(LogError):
    """Another writer took this partition over; this one must discard its memory and stop
    writing.
    """


class Locked(LogError):
    """Another process holds the data directory."""

    def __init__(
        self, message: str = "", *, url: str | None = None, pid: int | None = None
    ) -> None:
        super().__init__(message)
        self.url = url
        self.pid = pid


class LogFull(LogError):
    """The disk is full: free some space and try again. Nothing of this commit was kept, nothing
    before it was lost.
    """


class LogCorrupted(LogError):
    """The log's file is damaged: stop, copy the data directory, then run `orchestrator doctor`."""


class SchemaMismatch(LogError):
    """The data directory was written by another version of the orchestrator."""


class LogUnavailable(LogError):
    """The log cannot be reached right now."""
