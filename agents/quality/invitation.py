"""How well the call to action fits: the one asked for, else one about this text, in its channel."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from agents.quality import codes
from agents.quality.calls import calls_in, find_call
from agents.quality.common_words import is_common, stem
from agents.quality.draft import Examined
from agents.quality.findings import evidence, issue
from agents.quality.prose import Sentence, content_words
from agents.quality.statements import particular_words
from streams.domain.quality import QualityIssue
from streams.domain.values import Channel

ENOUGH = 0.6  # share of the words of the call asked for, by which it is there
GENERIC = 0.4  # what a call is worth that could end any text
ELSEWHERE = 0.6  # what it is worth if it sends the reader to a place the channel does not have

_COMMENTS = re.compile(r"\b(?:comments?|below|kommentar\w*)\b", re.IGNORECASE)
_BY_MAIL = re.compile(
    r"\b(?:reply to|answer|antwort\w*(?: Sie)? auf) (?:this|diese) e-?mail\b", re.IGNORECASE
)
_NOT_THERE: Mapping[Channel, re.Pattern[str]] = {
    Channel.EMAIL: _COMMENTS,
    Channel.LINKEDIN: _BY_MAIL,
    Channel.TWITTER: _BY_MAIL,
}
OF_USER = frozenset({"edit_content"})  # whose words are edited need not ask for anything


@dataclass(frozen=True, slots=True)
class Invitation:
    """How much of what a call should be is there, and what is wrong with it."""

    share: float
    issue: QualityIssue | None = None


@lru_cache(maxsize=4)
def invitation(examined: Examined) -> Invitation:
    """The text's call to action, judged."""
    call = find_call(examined)
    asked_for = str(examined.asked.constraints.get("call_to_action") or "")
    if asked_for:
        return _as_asked(examined, asked_for, call)
    if call is None and (examined.draft.is_of_user or examined.asked.name in OF_USER):
        return Invitation(1.0)
    if call is None:
        missing = issue(
            codes.NO_CALL_TO_ACTION,
            "the reader is not asked to do anything",
            suggestion="end with a question or an invitation",
        )
        return Invitation(0.0, missing)
    pattern = _NOT_THERE.get(_channel(examined))
    if pattern is not None and pattern.search(call.text):
        message = f"an {_channel(examined).value} text has no such place to answer"
        return Invitation(ELSEWHERE, _unfit(examined, call, message, "name the way to answer here"))
    if _is_of_this_text(examined):
        return Invitation(1.0)
    hint = "ask about the subject of the text"
    generic = _unfit(examined, call, "the call could end any text", hint)
    return Invitation(GENERIC, generic.model_copy(update={"severity": "info"}))


def words_asked(examined: Examined) -> float:
    """How much of the call asked for is in the text; 1.0 where none was asked for."""
    asked_for = str(examined.asked.constraints.get("call_to_action") or "")
    language = examined.asked.language
    words = [w for w in content_words(asked_for) if len(w) > 2]
    words = [w for w in words if not is_common(w, language)] or words
    text = examined.draft.text.lower()
    return sum(stem(word) in text for word in words) / len(words) if words else 1.0


def _as_asked(examined: Examined, asked_for: str, call: Sentence | None) -> Invitation:
    share = words_asked(examined)
    if share >= ENOUGH:
        return Invitation(1.0)
    hint = f"end with it: {asked_for}"
    if call is None:
        message = f"the call to action asked for is not there: {asked_for}"
        missing = issue(codes.NO_CALL_TO_ACTION, message, "error", suggestion=hint)
        return Invitation(share / 2, missing)
    message = f"another call to action was asked for: {asked_for}"
    unfit = _unfit(examined, call, message, hint)
    return Invitation(share / 2, unfit.model_copy(update={"severity": "error"}))


def _unfit(examined: Examined, call: Sentence, message: str, hint: str) -> QualityIssue:
    at = evidence(examined.draft.text, call.start, call.end)
    return issue(codes.UNFIT_CALL_TO_ACTION, message, suggestion=hint, at=at)


def _is_of_this_text(examined: Examined) -> bool:
    """Whether one of the calls names a metric, a figure or something particular."""
    for call in calls_in(examined):
        inside = range(call.start, call.end)
        if any(a in inside for a, _, _ in examined.names):
            return True
        if any(n.start in inside for n in examined.numbers):
            return True
        if any(True for _ in particular_words(examined, call)):
            return True
    return False


def _channel(examined: Examined) -> Channel:
    if examined.draft.kind == "email":
        return Channel.EMAIL
    return next(iter(examined.asked.channels), Channel.LINKEDIN)
