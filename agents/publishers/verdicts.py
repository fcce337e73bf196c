"""What the end of a call means for a post: surely not there, never going to be there, or unknown.

None of the platforms takes a key that would make a second request harmless. So a post may be tried
again by itself only where the first try was surely not accepted.

Sources: RFC 9110, sections 15.5 and 15.6 (a 4xx refuses the request; 408 says that the request did
not arrive whole; a 5xx says that the server failed, not when). "Error Handling" (Microsoft Learn,
LinkedIn) and "Response codes and errors" (developer.x.com) use the same classes. RFC 5321, sections
4.2.1 and 6.1 (4yz: try again; 5yz: do not; after the final dot only the reply says who is
responsible).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import assert_never

from agents.contract import GiveUp, Retry, Uncertain
from streams.domain.values import Json, Milliseconds


class Meaning(StrEnum):
    """What may be done after a call that did not succeed."""

    TRY_AGAIN = "try_again"  # it was surely not accepted, and may be later
    GIVE_UP = "give_up"  # it was refused, and would be again
    UNSURE = "unsure"  # it may have been accepted: a human looks


class Broken(StrEnum):
    """How a call ended without an answer."""

    UNREACHABLE = "unreachable"  # no connection: nobody listens, no such name, no route, too slow
    UNTRUSTED = "untrusted"  # the other side could not prove who it is
    TOO_LATE = "too_late"  # the time in which it might begin was over before it was sent
    LOST = "lost"  # the connection broke after the request had gone out
    SILENT = "silent"  # no answer in time after the request had gone out


OF_BREAK: Mapping[Broken, Meaning] = MappingProxyType(
    {
        Broken.UNREACHABLE: Meaning.TRY_AGAIN,
        Broken.UNTRUSTED: Meaning.GIVE_UP,
        Broken.TOO_LATE: Meaning.TRY_AGAIN,
        Broken.LOST: Meaning.UNSURE,
        Broken.SILENT: Meaning.UNSURE,
    }
)
SAID: Mapping[Broken, str] = MappingProxyType(
    {
        Broken.UNREACHABLE: "could not be reached; nothing was sent",
        Broken.UNTRUSTED: "could not prove who it is (its certificate is not trusted); nothing "
        "was sent",
        Broken.TOO_LATE: "was not asked: the time in which it might begin was over",
        Broken.LOST: "broke the connection off after the request had been sent",
        Broken.SILENT: "did not answer in time after the request had been sent",
    }
)
OF_STATUS: Mapping[int, Meaning] = MappingProxyType(
    {408: Meaning.TRY_AGAIN, 425: Meaning.TRY_AGAIN, 429: Meaning.TRY_AGAIN}
)
OF_CLASS: Mapping[int, Meaning] = MappingProxyType(
    {
        1: Meaning.UNSURE,
        2: Meaning.UNSURE,  # accepted, but without what would prove it
        3: Meaning.GIVE_UP,  # sent elsewhere, which is not followed with a token in hand
        4: Meaning.GIVE_UP,
        5: Meaning.UNSURE,
    }
)
OTHERWISE: Mapping[int, str] = MappingProxyType(  # said of a status without words of its own
    {
        3: "it sent us elsewhere, which is not followed with a token; nothing was published",
        5: "it failed, and it is not known whether before or after it took the post",
    }
)
OF_REPLY: Mapping[int, Meaning] = MappingProxyType(
    {4: Meaning.TRY_AGAIN, 5: Meaning.GIVE_UP}
)  # SMTP


def of_status(status: int) -> Meaning:
    """What an HTTP status means for a post that was asked for."""
    return OF_STATUS.get(status) or OF_CLASS.get(status // 100, Meaning.UNSURE)


def of_reply(code: int) -> Meaning:
    """What an SMTP reply means for a message that was handed over."""
    return OF_REPLY.get(code // 100, Meaning.UNSURE)


def outcome(
    meaning: Meaning,
    reason: str,
    *,
    after: Milliseconds | None = None,
    progress: Json | None = None,
) -> Retry | GiveUp | Uncertain:
    """The outcome for a meaning; `progress` is what surely happened before."""
    match meaning:
        case Meaning.TRY_AGAIN:
            return Retry(reason, after=after, progress=progress or {})
        case Meaning.GIVE_UP:
            return GiveUp(reason)
        case Meaning.UNSURE:
            return Uncertain(reason, progress=progress or {})
        case _:
            assert_never(meaning)
