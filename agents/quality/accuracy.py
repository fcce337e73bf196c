"""Accuracy: every number is a fact, of the metric it stands beside, in the right direction."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from agents.figures.facts import Fact
from agents.figures.numbers import Mention, find_numbers, matches
from agents.quality import codes
from agents.quality.attachment import Attached, attached
from agents.quality.changes import unsupported_changes
from agents.quality.draft import Examined
from agents.quality.excuses import excuse
from agents.quality.findings import dimension, evidence, issue
from agents.quality.frequency import frequency_of, frequency_said
from agents.quality.metric_words import concepts_of, is_alike, is_change, named_in
from agents.quality.misreadings import (
    outdated,
    turned_round,
    unclear_metric,
    wrong_frequency,
    wrong_metric,
    wrong_period,
)
from agents.quality.periods import strangers
from agents.quality.reach import uncheckable
from agents.quality.telling import is_of_before, with_later_verb
from streams.domain.quality import DimensionScore, Evidence, QualityIssue

NAME = "accuracy"
WEIGHT = 2.0
AT_BEST_WITH_ERROR = 0.5

LOOSE = 0.25  # of the score, if no number can be checked by a reader
_TO = re.compile(r"\b(?:to|at|of|auf|bei)\s$", re.IGNORECASE)
_POINTS = re.compile(r"point|punkt|\bpp\b", re.IGNORECASE)


def accuracy(examined: Examined) -> DimensionScore:
    """A gate: a number that is no fact, or a fact told wrongly, fails the whole draft."""
    text = examined.draft.text
    numbers = examined.numbers
    grounded: list[Evidence] = []
    issues: list[QualityIssue] = []
    for mention in numbers:
        found = _judge(examined, mention)
        if isinstance(found, Evidence):
            grounded.append(found)
        else:
            issues.append(found)
    issues += _swapped(text, numbers, examined.facts)
    issues += [wrong_period(text, one.start, one.end) for one in strangers(examined)]
    issues += unsupported_changes(examined)
    issues += _beside(examined)
    loose = list(uncheckable(examined))
    has_passed = all(one.severity in ("info", "warning") for one in issues)
    return dimension(
        NAME,
        _score(issues, len(numbers)) - LOOSE * len(loose) / max(1, len(numbers)),
        WEIGHT,
        issues=issues,
        evidence=[*grounded, *loose],
        is_gate=True,
        has_passed=has_passed,
    )


def _score(issues: Sequence[QualityIssue], numbers: int) -> float:
    wrong = sum(one.severity in ("error", "critical") for one in issues)
    doubts = 0.1 * sum(one.severity == "warning" for one in issues)
    hints = 0.03 * sum(one.severity == "info" for one in issues)
    if not wrong:
        return max(0.6, 1 - doubts - hints)
    share = 1 - wrong / max(numbers, wrong)
    return min(AT_BEST_WITH_ERROR, share) - doubts


def _beside(examined: Examined) -> Iterator[QualityIssue]:
    """Wrong numbers in a subject or a title, which the text does not repeat."""
    draft = examined.draft
    for place, text in (("subject", draft.subject or ""), ("title", draft.title)):
        if text in draft.text or not any(map(str.isdigit, text)):
            continue
        own = replace(
            examined,
            draft=replace(draft, text=text),
            numbers=tuple(find_numbers(text, examined.asked.language)),
            names=tuple(named_in(text)),
        )
        for found in (_judge(own, mention) for mention in own.numbers):
            if isinstance(found, QualityIssue):
                yield found.model_copy(update={"evidence": _in_place(found.evidence, place)})


def _in_place(at: Evidence | None, place: str) -> Evidence | None:
    """Evidence outside the text has no offsets."""
    return at and at.model_copy(update={"start": None, "end": None, "note": f"in the {place}"})


def _judge(examined: Examined, mention: Mention) -> Evidence | QualityIssue:
    text = examined.draft.text
    mention = with_later_verb(text, mention)
    fits = [fact for fact in examined.facts if matches(mention, fact)]
    if _POINTS.search(mention.quote) and any(map(is_change, examined.facts)):
        # Points are how far a rate has moved, or how far two rates are apart.
        fits = [fact for fact in fits if is_change(fact) or _POINTS.search(fact.label)]
    owner = attached(text, mention, examined.names, examined.numbers)
    if not fits:
        excused = excuse(examined, mention)
        return excused or _ungrounded(examined, mention, owner)
    turned = _change_turned_round(examined, mention, fits)
    if turned is not None:
        return turned_round(text, mention, turned)
    if owner is not None:
        told_well = [fact for fact in fits if _is_of(owner, fact)]
        if not told_well:
            return wrong_metric(
                text, mention, owner, fits[0], _fact_meant(examined.facts, mention, owner)
            )
        if all(_is_free_growth(fact) for fact in told_well):
            return unclear_metric(text, mention, told_well[0])
        fits = told_well
    if _is_outdated(examined, mention, fits):
        return outdated(text, mention, fits[0])
    said = frequency_said(text, mention.end)
    known = {frequency for fact in fits if (frequency := frequency_of(fact))}
    if said and known and said not in known and len(known) == len({f.fact_id for f in fits}):
        return wrong_frequency(text, mention, fits[0], said)
    best = fits[0]
    return evidence(text, mention.start, mention.end, best.source, f"{best.label}: {best.text}")


def _is_of(owner: Attached, fact: Fact) -> bool:
    known = concepts_of(fact)
    if not known:
        return True
    agreed = [is_alike(concept, known) for concept in owner.concepts]
    return all(agreed) if owner.needs_all else any(agreed)


def _is_free_growth(fact: Fact) -> bool:
    return is_change(fact) and not concepts_of(fact)


def _ungrounded(examined: Examined, mention: Mention, owner: Attached | None) -> QualityIssue:
    text = examined.draft.text
    at = evidence(text, mention.start, mention.end)
    is_moved = bool(_POINTS.search(mention.quote))
    facts = [fact for fact in examined.facts if is_change(fact) or not is_moved]
    turned = next((f for f in facts if any(matches(m, f) for m in _turned(mention))), None)
    if turned is not None:
        return turned_round(text, mention, turned)
    near = _fact_meant(examined.facts, mention, owner)
    if near is None and _is_stated(mention, examined):
        return issue(
            codes.UNVERIFIED_NUMBER,
            f"{mention.quote!r} is stated by the request; no given metric bears it out",
            "info",
            suggestion="check it before it is published",
            at=at.model_copy(update={"source": "request"}),
        )
    hint = f"use {near.text} ({near.label})" if near else "leave the number out or give its source"
    return issue(
        codes.UNGROUNDED_NUMBER,
        f"{mention.quote!r} is no given or derived fact",
        "error",
        suggestion=hint,
        at=at.model_copy(update={"source": near.source if near else ""}),
    )


def _change_turned_round(examined: Examined, mention: Mention, fits: Sequence[Fact]) -> Fact | None:
    """The change that is meant by "fell 100%", where by chance a level has the same value."""
    is_change_told = mention.direction and not _TO.search(
        examined.draft.text, max(0, mention.start - 8), mention.start
    )
    if not is_change_told or any(is_change(fact) for fact in fits):
        return None
    opposite = replace(mention, value=abs(mention.value), direction=-mention.direction)
    changes = (fact for fact in examined.facts if is_change(fact))
    return next((fact for fact in changes if matches(opposite, fact)), None)


def _turned(mention: Mention) -> Iterator[Mention]:
    size = abs(mention.value)
    yield replace(mention, value=size, direction=-1)
    yield replace(mention, value=size, direction=1)
    yield replace(mention, value=size, direction=0)


def _fact_meant(
    facts: Sequence[Fact], mention: Mention, owner: Attached | None
) -> Fact | None:  # fmt: skip
    """The fact that should have stood there: of the metric named, in the unit written."""
    if owner is None:
        return None
    of_it = [f for f in facts if concepts_of(f) and _is_of(owner, f) and f.unit == mention.unit]
    plain = mention.unit == "number"
    of_it = of_it or [f for f in facts if plain and concepts_of(f) and _is_of(owner, f)]
    if mention.unit == "percent" and mention.direction:
        of_it = [f for f in of_it if is_change(f)] or of_it
    return of_it[0] if of_it else None


def _is_stated(mention: Mention, examined: Examined) -> bool:
    asked = examined.asked
    for claim in find_numbers(asked.stated, asked.language) if asked.stated else ():
        slack = mention.tolerance + claim.tolerance + 1e-9
        is_like = claim.unit == mention.unit or "number" in (claim.unit, mention.unit)
        if is_like and abs(abs(claim.value) - abs(mention.value)) <= slack:
            return True
    return False


def _is_outdated(examined: Examined, mention: Mention, fits: Sequence[Fact]) -> bool:
    if examined.is_report or not all(fact.fact_id.endswith("_previous") for fact in fits):
        return False
    return not is_of_before(examined.draft.text, mention)


_FROM_TO = re.compile(r"\s?(?:to|auf|bis)\s(?:about\s|rund\s)?", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|von)\s(?:about\s|rund\s)?$", re.IGNORECASE)


def _swapped(
    text: str, numbers: Sequence[Mention], facts: Sequence[Fact]
) -> Iterator[QualityIssue]:
    """From now to before: both numbers are facts, but in the wrong order."""
    by_id = {fact.fact_id: fact for fact in facts}
    for first, second in pairwise(numbers):
        if not _FROM_TO.fullmatch(text, first.end, second.start):
            continue
        if not _FROM.search(text, max(0, first.start - 16), first.start):
            continue
        pairs = [(b, f) for f in facts if (b := by_id.get(f"{f.fact_id}_previous")) is not None]
        if any(matches(first, before) and matches(second, fact) for before, fact in pairs):
            continue  # right for one metric, whatever it would be for another
        for before, fact in pairs:
            if matches(first, fact) and matches(second, before):
                yield issue(
                    codes.WRONG_DIRECTION,
                    f"{fact.label} went from {before.text} to {fact.text}, not the other way",
                    "error",
                    suggestion=f"from {before.text} to {fact.text}",
                    at=evidence(text, first.start, second.end, fact.source),
                )
