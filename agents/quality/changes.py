"""Changes told without a number, such as "revenue grew": do the facts bear them out?"""

import re
from collections.abc import Iterator, Sequence

from agents.figures.facts import Fact
from agents.figures.numbers import Mention
from agents.quality import codes
from agents.quality.draft import Examined
from agents.quality.findings import evidence, issue
from agents.quality.metric_words import concepts_of, is_alike, is_change, named_in
from agents.quality.prose import small
from streams.domain.quality import QualityIssue

_UP = (
    r"grew|rose|increased|climbed|jumped|surged|soared|(?:has|have|had) (?:grown|risen|increased)|"
    r"(?:is|are|was|were) (?:up|growing|rising|increasing)|keeps? (?:growing|rising)|went up|"
    r"stieg(?:en)?|wuchs(?:en)?|(?:ist|sind) (?:\w+ ){0,2}(?:gestiegen|gewachsen)|"
    r"legten? (?:\w+ ){0,2}zu|wächst|wachsen|steigt|steigen"
)
_DOWN = (
    r"fell|declined|decreased|dropped|shrank|slid|(?:has|have|had) (?:fallen|declined|dropped)|"
    r"(?:is|are|was|were) (?:down|falling|declining|shrinking)|went down|"
    r"sank(?:en)?|fiel(?:en)?|(?:ist|sind) (?:\w+ ){0,2}(?:gesunken|gefallen)|sinkt|sinken"
)
_ADVERBS = (
    r"(?:\s(?:in|for|this|the|quarter|year|month|Q[1-4]|(?:19|20)\d\d|also|again|steadily|"
    r"strongly|sharply|clearly|rate|base|count|im|Quartal|auch|erneut|deutlich|stark))"
)
_AFTER_NAME = re.compile(rf"{_ADVERBS}{{0,4}}\s(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b", re.I)
_OVERALL = re.compile(  # in small letters
    r"\b(?P<up>we(?:['\u2019]ve| have)? (?:grew|grown)|we(?:['\u2019]re| are) growing|"
    r"(?:strong|record|rapid|steady|solid|impressive|remarkable|explosive|double-digit) growth|"
    r"wir sind gewachsen|wir wachsen|"
    r"(?:starkes|stetiges|solides|beeindruckendes|rasantes) wachstum)\b"
)
_OVERALL_HINTS = ("grow", "wachs", "wächs")
_CHANGE_IN_REQUEST = re.compile(rf"(?P<up>{_UP})|(?P<down>{_DOWN})", re.IGNORECASE)


def unsupported_changes(examined: Examined) -> Iterator[QualityIssue]:
    """Rises and falls that the facts contradict, or that nothing says."""
    text = examined.draft.text
    changes = [fact for fact in examined.facts if is_change(fact) and fact.value]
    for _, end, concept in examined.names:
        match = _AFTER_NAME.match(text, end)
        if match is None or _is_told_by_number(match.end(), examined.numbers):
            continue
        about = [f for f in changes if is_alike(concept, concepts_of(f))]
        about = about or [f for f in changes if not concepts_of(f)]
        start, is_up = match.end() - len(match["up"] or match["down"]), bool(match["up"])
        if not _is_said(examined, concept, is_up):
            yield from _compare(text, start, match.end(), is_up, about, concept)
    lowered = small(text)
    if any(hint in lowered for hint in _OVERALL_HINTS):
        for match in _OVERALL.finditer(lowered):
            if match.group() not in examined.asked.request.lower():
                yield from _compare(text, match.start(), match.end(), True, changes, "anything")


def _is_told_by_number(end: int, numbers: Sequence[Mention]) -> bool:
    """Whether a number with a direction follows at once: then that number is judged."""
    return any(0 <= number.start - end <= 4 and number.direction for number in numbers)


def _is_said(examined: Examined, concept: str, is_up: bool) -> bool:
    """Whether the user says so, of the same metric and in the same direction."""
    said = f"{examined.asked.request}\n{examined.asked.stated}"
    if not any(name == concept for _, _, name in named_in(said)):
        return False
    return any(bool(match["up"]) is is_up for match in _CHANGE_IN_REQUEST.finditer(said))


def _compare(
    text: str, start: int, end: int, is_up: bool, about: Sequence[Fact], concept: str
) -> Iterator[QualityIssue]:
    if any((fact.value > 0) is is_up for fact in about):
        return
    at = evidence(text, start, end, about[0].source if about else "")
    what = concept.replace("_", " ")
    if about:
        yield issue(
            codes.WRONG_DIRECTION,
            f"{text[start:end]!r}, but {about[0].label} is {about[0].text}",
            "error",
            suggestion=f"say it as it is: {about[0].label} {about[0].text}",
            at=at,
        )
    else:
        yield issue(
            codes.UNSUPPORTED_CHANGE,
            f"{text[start:end]!r}: no fact says that {what} changed",
            "error",
            suggestion="tell the level as a level, without a change",
            at=at,
        )
