"""The first line: does it make one read on? And the item of the checklist that says so."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from agents.quality import codes
from agents.quality.draft import Examined
from agents.quality.findings import evidence, issue
from agents.quality.prose import Span
from streams.domain.quality import QualityIssue

HOOK_LENGTH = 140  # characters that are read in one look
FOLD = 210  # characters before "…see more"

_ANNOUNCEMENT = re.compile(
    r"^\W*(?:(?:we(?:['\u2019]re| are)|i(?:['\u2019]m| am))\s(?:so\s|very\s|really\s)?"
    r"(?:excited|thrilled|pleased|proud|happy|delighted|honou?red|humbled)|"
    r"in today['\u2019]s|this (?:post|article|e-?mail) is about|here (?:is|are) (?:our|the|some)|"
    r"we would like to (?:inform|share|announce|present|tell|take)|please find|"
    r"(?:our )?update[:.]|wir freuen uns|wir sind stolz|hiermit|"
    r"in der heutigen|in diesem (?:beitrag|artikel)|gerne (?:teilen|möchten))",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^(?:hi|hello|dear|hey|good (?:morning|day)|hallo|liebe[rs]?|sehr geehrte[rs]?|guten tag|"
    r"moin)\b[^.!?\n]{0,60}[,!.]?$",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:grew|grown|rose|risen|fell|fallen|up|down|more|fewer|less|higher|lower|improved|better|"
    r"worse|stieg\w*|gestiegen|sank|sanken|gesunken|wuchs\w*|gewachsen|mehr|weniger|besser)\b",
    re.IGNORECASE,
)
_TENSION = re.compile(
    r"\b(?:but|yet|without|instead|not|never|why|how|what|only|until|still|despite|while|"
    r"aber|ohne|statt|nicht|nie|warum|wie|was|nur|bis|trotz|obwohl|dennoch)\b|[:\u2013\u2014?]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the checklist; `share` is its part of the score that the text has earned."""

    name: str
    weight: float
    share: float
    issue: QualityIssue | None = None


def hook(examined: Examined) -> Item:
    """How good the first line is, by what weakens it."""
    line = opening(examined)
    if line is None or len(line.text) < 8:
        missing = issue(codes.NO_HOOK, "no first line", "error", suggestion="begin with the point")
        return Item("hook", 0.25, 0.0, missing)
    at = evidence(examined.draft.text, line.start, line.end)
    reasons = [(cost, why, what) for test, cost, why, what in _HOOK_TESTS if test(line, examined)]
    if not reasons:
        return Item("hook", 0.25, 1.0)
    share = max(0.0, 1 - sum(cost for cost, _, _ in reasons))
    why, what = reasons[0][1:]
    weak = issue(codes.WEAK_HOOK, f"the first line {why}", suggestion=what, at=at)
    return Item("hook", 0.25, share, weak)


def opening(examined: Examined) -> Span | None:
    """The first paragraph, in an e-mail the first after the greeting."""
    for paragraph in examined.prose.paragraphs:
        if not (examined.draft.kind == "email" and _GREETING.match(paragraph.text)):
            return paragraph
    return None


def _has_number(line: Span, examined: Examined) -> bool:
    return any(line.start <= n.start < line.end for n in examined.numbers)


def _is_dull(line: Span, examined: Examined) -> bool:
    is_telling = not examined.allows("no_numbers") and _CHANGE.search(line.text)
    return not (_has_number(line, examined) or is_telling or _TENSION.search(line.text))


def _is_post(examined: Examined) -> bool:
    return examined.draft.kind != "email"  # an e-mail is opened by its subject


_Test = Callable[[Span, Examined], bool]
_HOOK_TESTS: tuple[tuple[_Test, float, str, str], ...] = (
    (
        lambda line, examined: _is_post(examined) and bool(_ANNOUNCEMENT.match(line.text)),
        0.7,
        "announces instead of saying something",
        "begin with the strongest fact",
    ),
    (
        lambda line, examined: not _is_post(examined) and bool(_ANNOUNCEMENT.match(line.text)),
        0.4,
        "announces instead of saying something",
        "begin with what matters to the reader",
    ),
    (
        lambda line, examined: _is_post(examined) and len(line.text) > FOLD,
        0.4,
        "is cut off before its end",
        f"keep it under {HOOK_LENGTH} characters",
    ),
    (
        lambda line, examined: _is_post(examined) and HOOK_LENGTH < len(line.text) <= FOLD,
        0.15,
        "is too long for one look",
        f"keep it under {HOOK_LENGTH} characters",
    ),
    (
        _is_dull,
        0.45,
        "has no number, no question and no contrast",
        "begin with the strongest fact, a question or a contrast",
    ),
)
