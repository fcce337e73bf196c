"""Errors of the ways in; the message is for the user and says what to do.

ApiError
├── UsageError        what was typed or configured does not fit          exit 2
├── Forbidden         the role does not allow this                       exit 2
├── NotFound          there is no such thing                             exit 3
├── Unreachable       the server or the log cannot be reached            exit 4
├── Conflict          it does not fit what is there now                  exit 1
├── WorkFailed        it was tried, and it failed                        exit 1
└── Interrupted       the user stopped looking; the task is kept         exit 130
"""

from collections.abc import Mapping
from types import MappingProxyType


class ApiError(Exception):
    """An error that a user sees."""

    exit_code = 1
    status = 500
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, message: str, *, pointer: str = "", code: str = "") -> None:
        super().__init__(message)
        self.pointer = pointer
        self.code = code


class UsageError(ApiError):
    """What was typed, sent or configured does not fit."""

    exit_code = 2
    status = 422


class Forbidden(ApiError):
    """The token's role does not allow this."""

    exit_code = 2
    status = 403


class NotFound(ApiError):
    """There is no such thing."""

    exit_code = 3
    status = 404


class Unreachable(ApiError):
    """The server or the log cannot be reached."""

    exit_code = 4
    status = 503


class Conflict(ApiError):
    """It does not fit what is there now."""

    status = 409


class WorkFailed(ApiError):
    """It was tried, and it failed."""


class Interrupted(ApiError):
    """The user stopped looking; the task is kept."""

    exit_code = 130


def said(pointer: str, detail: str) -> str:
    """A problem as part of a sentence; without a pointer it is about the whole."""
    return f"{pointer}: {detail}" if pointer else f"the body {detail}"
