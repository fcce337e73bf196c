"""The first line: does it make one read on? And the item of the checklist that says so."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from agents.quality import codes
from agents.quality.common_words import is_common
from agents.quality.draft import Examined
from agents.quality.findings import evidence, issue
from agents.quality.prose import Span, content_words
from agents.quality.statements import particular_words
from streams.domain.quality import QualityIssue

WEIGHT = 0.3
GOOD = 0.65  # from this share on there is nothing to mend
SHORTEST = 8  # characters
EARLY = 60  # characters in which the first number should stand
QUICK = 100  # characters that are read without deciding to
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
_LEAD_IN = re.compile(r"[^.:!?\d\n]{8,70}:(?=\s)")
_STOCK = re.compile(
    r"^\W*(?:(?:our|the|a|one|some|this) (?:\w+ )?(?:headline|key|main|latest|quick|short|new) "
    r"(?:figures?|numbers?|metrics?|update|summary|news)\b|"
    r"(?:an|a short|a quick|some) (?:update|news|word)\b|here (?:it comes|we go|it is|they are)\b|"
    r"so,? how did it go|we put (?:our|the) numbers?\b|we report\b|this is a (?:short )?summary|"
    r"(?:big |great |good )?news\b[:!]|guess what|did you know|let(?:['\u2019]s| us) talk about|"
    r"progress is made of|every (?:journey|number) |numbers (?:speak|tell|don)|"
    r"unsere? (?:kennzahl|zahl|wichtigste|neuigkeit)|"
    r"eine? (?:kurze )?(?:neuigkeit|nachricht|update|zusammenfassung)|"
    r"es gibt neuigkeiten|heute geht es um|hier (?:ist|sind|kommt)|"
    r"(?:und,? )?wie (?:lief|war) es|wir (?:berichten|melden)|neues von uns|kurz berichtet)",
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
    r"aber|ohne|statt|nicht|nie|warum|wie|was|nur|bis|trotz|obwohl|dennoch)\b|[\u2013\u2014?]",
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
    """How strong the first line is: what it has that makes one read on, less what weakens it."""
    line = opening(examined)
    if line is None or len(line.text) < SHORTEST:
        missing = issue(codes.NO_HOOK, "no first line", "error", suggestion="begin with the point")
        return Item("hook", WEIGHT, 0.0, missing)
    gained = sum(worth for test, worth in _STRENGTHS if test(line, examined))
    faults = [(cost, why, what) for test, cost, why, what in _WEAKNESSES if test(line, examined)]
    share = min(1.0, gained) - sum(cost for cost, _, _ in faults)
    if share >= GOOD and not faults:
        return Item("hook", WEIGHT, min(1.0, share))
    why, what = faults[0][1:] if faults else _LACKING
    at = evidence(examined.draft.text, line.start, line.end)
    weak = issue(codes.WEAK_HOOK, f"the first line {why}", suggestion=what, at=at)
    return Item("hook", WEIGHT, max(0.0, share), weak)


def opening(examined: Examined) -> Span | None:
    """The first paragraph, in an e-mail the first after the greeting."""
    for paragraph in examined.prose.paragraphs:
        if not (examined.draft.kind == "email" and _GREETING.match(paragraph.text)):
            return paragraph
    return None


def _is_post(examined: Examined) -> bool:
    return examined.draft.kind != "email"  # an e-mail is opened by its subject


def _has_number(line: Span, examined: Examined) -> bool:
    return any(line.start <= n.start < line.start + HOOK_LENGTH for n in examined.numbers)


def _has_early_number(line: Span, examined: Examined) -> bool:
    return any(line.start <= n.start < line.start + EARLY for n in examined.numbers)


def _has_tension(line: Span, examined: Examined) -> bool:
    return bool(_TENSION.search(line.text[:HOOK_LENGTH]))


def _has_change(line: Span, examined: Examined) -> bool:
    return bool(_CHANGE.search(line.text[:HOOK_LENGTH]))


def _words(line: Span, examined: Examined) -> list[str]:
    first = next((s for s in examined.prose.sentences if s.start == line.start), None)
    return list(particular_words(examined, first)) if first else []


def _is_particular(line: Span, examined: Examined) -> bool:
    return len(_words(line, examined)) > 1


def _asks_with_substance(line: Span, examined: Examined) -> bool:
    has_words = bool(_words(line, examined)) or _has_number(line, examined)
    return "?" in line.text and has_words


def _is_dull(line: Span, examined: Examined) -> bool:
    is_telling = not examined.allows("no_numbers") and _CHANGE.search(line.text)
    is_said = is_telling or _TENSION.search(line.text) or _is_particular(line, examined)
    return not (_has_number(line, examined) or is_said)


def _is_stock(line: Span, examined: Examined) -> bool:
    return bool(_STOCK.match(line.text)) or _is_led_in(line, examined)


def _is_led_in(line: Span, examined: Examined) -> bool:
    """Whether common words and a colon come before the matter: "A quick look at our numbers:"."""
    lead = _LEAD_IN.match(line.text)
    if lead is None:
        return False
    inside = range(line.start, line.start + lead.end())
    if any(start in inside for start, _, _ in examined.names):
        return False
    words = [w for w in content_words(lead.group()) if len(w) > 2]
    return sum(not is_common(w, examined.asked.language) for w in words) <= 1


def _announces(line: Span, examined: Examined) -> bool:
    return bool(_ANNOUNCEMENT.match(line.text))


_Test = Callable[[Span, Examined], bool]
_LACKING = (
    "has no contrast, no question and little that is concrete",
    "set the strongest fact against what one would expect",
)
_STRENGTHS: tuple[tuple[_Test, float], ...] = (
    (lambda line, examined: True, 0.28),
    (_has_number, 0.2),
    (_has_early_number, 0.1),
    (_has_change, 0.1),
    (_has_tension, 0.25),
    (lambda line, examined: not examined.allows("no_numbers") and _has_change(line, examined), 0.2),
    (_asks_with_substance, 0.2),
    (_is_particular, 0.25),
    (lambda line, examined: len(line.text) <= QUICK, 0.07),
)
_WEAKNESSES: tuple[tuple[_Test, float, str, str], ...] = (
    (
        lambda line, examined: _is_post(examined) and _announces(line, examined),
        0.6,
        "announces instead of saying something",
        "begin with the strongest fact",
    ),
    (
        lambda line, examined: not _is_post(examined) and _announces(line, examined),
        0.35,
        "announces instead of saying something",
        "begin with what matters to the reader",
    ),
    (
        _is_stock,
        0.3,
        "opens with a phrase that fits any text",
        "leave the phrase out and begin with the fact itself",
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
        0.25,
        "has no number, no question and no contrast",
        "begin with the strongest fact, a question or a contrast",
    ),
)
