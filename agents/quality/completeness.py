"""Completeness: the metrics, the topic, the period and the call that the request asks for."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agents.figures.metric_names import word_set
from agents.quality import codes
from agents.quality.common_words import is_common, stem
from agents.quality.coverage import coverage
from agents.quality.draft import Examined
from agents.quality.findings import dimension, issue
from agents.quality.invitation import invitation
from agents.quality.metric_words import named_in
from agents.quality.periods import named_periods
from agents.quality.prose import content_words
from streams.domain.quality import DimensionScore, QualityIssue

NAME = "completeness"
WEIGHT = 2.5
WEIGHT_OF_METRICS = 4.0
ENOUGH_TOPIC = 0.5  # share of the topic's words
FEWEST_BESIDE_METRICS = 3  # words of a topic beside its metrics, to be worth looking for
ENOUGH_REQUIREMENT = 0.4

_STOP = word_set(
    "a an the our my your their its of for to in on at about with and or by from as is are was be "
    "this that these those we us i you it how what why linkedin twitter post tweet thread email "
    "mail e create write make draft metrics metric numbers figures data results story content "
    "der die das den dem des ein eine einen einem einer unser unsere unseren unserem für über von "
    "mit und oder im am zu zum zur bei wie was warum wir uns ich sie kennzahlen zahlen beitrag "
    "ergebnisse schreibe erstelle last this next new growth wachstum quarter month year week "
    "monthly quartal jahr quartals letzten count rate number q1 q2 q3 q4"
)
# Requirements in these words are judged by other dimensions, or by the checks below.
_KNOWN = re.compile(
    r"^(?:Analyze the metrics|Check the given text|Sum up what|Edit the given|Keep the given|"
    r"Write in an? |Fit the format|Tell the story|Call to action|Length:|Use no numbers|"
    r"Mention |Do not mention )"
)
_METRIC_COMPOUND = re.compile(  # in small letters: "umsatzwachstum"
    r"\b(?:monats|jahres|quartals)?(?:umsatz|kunden|besucher|kosten|gewinn|konversions|nutzer)-?"
    r"(?:wachstum|entwicklung|zahl(?:en)?|steigerung|rückgang|anstieg|rate|zuwachs)s?\b"
)
_WORDS_OF_TIME = re.compile(
    r"\b(?:quarter|month|year|week|quartal|monat|jahr|woche|today|heute)\w*\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked for: how much it counts, how much of it is there."""

    weight: float
    share: float
    issues: tuple[QualityIssue, ...] = ()


def completeness(examined: Examined) -> DimensionScore:
    """The weighted share of what was asked for that is there."""
    if not examined.draft.text.strip():
        empty = issue(codes.EMPTY, "there is no text", "critical", suggestion="write a text")
        return dimension(NAME, 0.0, WEIGHT, issues=[empty])
    checks = [found for look in _LOOKS if (found := look(examined)) is not None]
    total = sum(check.weight for check in checks)
    score = sum(c.weight * c.share for c in checks) / total if total else 1.0
    return dimension(NAME, score, WEIGHT, issues=[one for c in checks for one in c.issues])


def _metrics(examined: Examined) -> Check | None:
    found = None if examined.draft.kind == "check" else coverage(examined)
    return None if found is None else Check(WEIGHT_OF_METRICS, found.share, found.issues)


def _topic(examined: Examined) -> Check | None:
    topic = str(examined.asked.constraints.get("topic") or "")
    names, rest = named_in(topic), topic
    for start, end, _ in reversed(names):  # metrics are looked for by themselves
        rest = f"{rest[:start]} {rest[end:]}"
    rest = _METRIC_COMPOUND.sub(" ", rest.lower())
    words = [w for w in content_words(rest) if _is_telling(w, examined.asked.language)]
    if len(words) < (FEWEST_BESIDE_METRICS if names else 1) or examined.draft.kind == "check":
        return None  # a topic of metrics and common words is covered by the metrics
    text = examined.draft.text.lower()
    share = sum(stem(word) in text for word in words) / len(words)
    if share >= ENOUGH_TOPIC:
        return Check(1.5, 1.0)
    off = issue(
        codes.MISSING_REQUIREMENT,
        f"the text hardly speaks of the topic: {topic[:120]}",
        "error" if share == 0 else "warning",
        suggestion=f"say something about {', '.join(words[:4])}",
    )
    return Check(1.5, share, (off,))


def _is_telling(word: str, language: str) -> bool:
    return word.isalpha() and len(word) > 1 and word not in _STOP and not is_common(word, language)


def _period(examined: Examined) -> Check | None:
    label = str(examined.asked.periods[0].get("label") or "") if examined.asked.periods else ""
    if not label or not examined.allows("no_numbers") or examined.draft.kind == "check":
        return None
    text = f"{examined.draft.title}\n{examined.draft.subject or ''}\n{examined.draft.text}"
    is_there = label.lower() in text.lower() or any(named_periods(text))
    if is_there or _WORDS_OF_TIME.search(text):
        return Check(1.0, 1.0 if is_there else 0.7)
    missing = issue(
        codes.MISSING_PERIOD,
        f"the text does not say that it is about {label}",
        suggestion=f"name the period: {label}",
    )
    return Check(1.0, 0.0, (missing,))


def _call(examined: Examined) -> Check | None:
    """The call asked for; without one, that there is any. How good it is, engagement judges."""
    wants = examined.asked.name.startswith("create") or examined.draft.kind in ("post", "email")
    if not wants or examined.is_report:
        return None
    found = invitation(examined)
    if examined.asked.constraints.get("call_to_action"):
        return Check(1.5, found.share, (found.issue,) if found.issue else ())
    if found.share > 0 or found.issue is None:
        return Check(1.0, 1.0)
    return Check(1.0, 0.0, (found.issue,))


def _requirements(examined: Examined) -> Check | None:
    """Requirements that somebody else has put in words of their own."""
    own = [text for text in examined.asked.requirements if not _KNOWN.match(text)]
    if not own:
        return None
    missing = tuple(_unmet(own, examined.draft.text.lower()))
    return Check(1.0, 1 - len(missing) / len(own), missing)


def _unmet(requirements: list[str], text: str) -> Iterator[QualityIssue]:
    for requirement in requirements:
        words = [w for w in content_words(requirement) if w not in _STOP]
        if words and sum(stem(w) in text for w in words) < ENOUGH_REQUIREMENT * len(words):
            yield issue(
                codes.MISSING_REQUIREMENT,
                f"not found in the text: {requirement[:160]}",
                suggestion="say it, or say why it cannot be said",
            )


_LOOKS: tuple[Callable[[Examined], Check | None], ...] = (
    _metrics, _topic, _period, _call, _requirements,
)  # fmt: skip
