"""Length: what suits the kind of text and the channel, or the limits that were asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

from agents.platforms.limits import measure
from agents.quality import codes
from agents.quality.draft import Examined
from agents.quality.findings import Severity, dimension, issue
from agents.quality.prose import words_in
from streams.domain.quality import DimensionScore, QualityIssue
from streams.domain.values import Channel

NAME = "length"
WEIGHT = 1.5
FACTS_ENOUGH = 3  # given facts that the request is about, from which a full post can be written
SHORT = 0.4  # of what was allowed: less than this makes poor use of the room
PASSING = 0.9


@dataclass(frozen=True, slots=True)
class Band:
    """Characters: fine between `low` and `high`, hopeless at `least` and at `most`."""

    least: int
    low: int
    high: int
    most: int


_BANDS: Mapping[str, Band] = {
    "post": Band(60, 500, 1_400, 3_000),
    "short post": Band(40, 350, 1_300, 3_000),  # where there are few facts to tell
    "post on x": Band(20, 110, 280, 400),
    "thread": Band(60, 320, 2_800, 7_000),
    "email": Band(60, 300, 1_600, 4_000),
    "report": Band(150, 500, 7_000, 20_000),
    "check": Band(60, 200, 7_000, 20_000),
    "answer": Band(1, 20, 5_000, 20_000),
}
_LIMITS = ("max_words", "min_words", "max_characters", "min_characters", "max_sentences")


def length(examined: Examined) -> DimensionScore:
    """How well the length suits; a limit of the request counts more than custom."""
    size = _size(examined)
    if any(examined.asked.constraints.get(name) for name in _LIMITS):
        score, issues = _by_request(examined)
    else:
        band = _BANDS[_kind(examined)]
        score = _in_band(size, band)
        issues = _beyond(size, band, score, examined)
    part_issues = _parts(examined)
    return dimension(NAME, score - 0.15 * len(part_issues), WEIGHT, issues=[*issues, *part_issues])


def _size(examined: Examined) -> int:
    channels = examined.asked.channels
    return measure(channels[0], examined.draft.text) if channels else len(examined.draft.text)


def _kind(examined: Examined) -> str:
    draft = examined.draft
    if draft.kind != "post":
        return draft.kind
    if examined.asked.channels == (Channel.TWITTER,):
        return "post on x"
    given = sum(fact.kind == "given" for fact in examined.facts)
    named = len(examined.asked.metrics) or given
    has_much = min(given, named) >= FACTS_ENOUGH and examined.allows("no_numbers")
    return "post" if has_much else "short post"


def _in_band(size: int, band: Band) -> float:
    if size < band.low:
        return 0.2 + 0.8 * max(0.0, (size - band.least) / (band.low - band.least))
    if size > band.high:
        return 0.2 + 0.8 * max(0.0, (band.most - size) / (band.most - band.high))
    return 1.0


def _beyond(size: int, band: Band, score: float, examined: Examined) -> list[QualityIssue]:
    if score >= PASSING:
        return []
    severity: Severity = "error" if score < 0.5 else "warning"
    if size < band.low:
        message = f"{size:,} characters are little for this kind of text; {band.low:,} are usual"
        hint = "say more of what the facts bear out"
        return [issue(codes.TOO_SHORT, message, severity, suggestion=hint)]
    message = f"{size:,} characters are much for this kind of text; up to {band.high:,} is usual"
    hint = f"shorten it by {size - band.high:,} characters"
    return [issue(codes.TOO_LONG, message, severity, suggestion=hint)]


def _by_request(examined: Examined) -> tuple[float, list[QualityIssue]]:
    """The limits themselves are judged with the other demands; here, how the room is used."""
    asked, text = examined.asked.constraints, examined.draft.text
    used: list[float] = []
    for name, size in (("words", words_in(text)), ("characters", len(text))):
        most, least = asked.get(f"max_{name}"), asked.get(f"min_{name}")
        if isinstance(most, int) and most > 0:
            used.append(size / most)
        if isinstance(least, int) and least > 0 and size < least:
            used.append(-1 + size / least)
    if not used:
        return 1.0, []
    over = max(used)
    if over > 1 or min(used) < 0:
        distance = over - 1 if over > 1 else -min(used)
        return max(0.1, 0.7 - 2 * distance), []
    if over < SHORT and not examined.is_report:
        message = "the text uses little of the room that was allowed"
        return 0.75 + over / 4, [issue(codes.TOO_SHORT, message, "info")]
    return 1.0, []


def _parts(examined: Examined) -> list[QualityIssue]:
    """Parts of a thread that are nearly empty, or so long that their number does not fit."""
    if examined.draft.kind != "thread":
        return []
    found = []
    for number, part in enumerate(examined.draft.parts, 1):
        size = measure(Channel.TWITTER, part)
        if size > 270:
            message = f"part {number} has {size} of 280 characters: no room for its number"
            found.append(issue(codes.TOO_LONG, message, suggestion="keep parts under 260"))
        elif size < 25:
            found.append(issue(codes.TOO_SHORT, f"part {number} says hardly anything"))
    return found
