"""The issues of a fact that is told wrongly: of another metric, period or frequency."""

from agents.figures.facts import Fact
from agents.figures.numbers import Mention
from agents.quality import codes
from agents.quality.attachment import Attached
from agents.quality.findings import evidence, issue
from streams.domain.quality import QualityIssue


def wrong_metric(
    text: str, mention: Mention, owner: Attached, fact: Fact, right: Fact | None
) -> QualityIssue:
    """The number is this fact, and the text tells it as one of another metric, as `right` is."""
    named = " per ".join(sorted(owner.concepts)).replace("_", " ")
    hint = f"use {right.text} ({right.label}), or " if right else ""
    return issue(
        codes.WRONG_METRIC,
        f"{mention.quote!r} is told as {named}, but it is the {fact.label}",
        "error",
        suggestion=f"{hint}name the metric: {fact.label}",
        at=evidence(text, mention.start, mention.end, fact.source),
    )


def unclear_metric(text: str, mention: Mention, fact: Fact) -> QualityIssue:
    """A growth rate that does not say of what, told as the growth of one metric."""
    return issue(
        codes.UNCLEAR_METRIC,
        f"{fact.label} ({fact.text}) was given without saying what grew",
        "warning",
        suggestion=f"call it the {fact.label}, as it was given",
        at=evidence(text, mention.start, mention.end, fact.source),
    )


def wrong_frequency(text: str, mention: Mention, fact: Fact, said: str) -> QualityIssue:
    """A monthly figure told as an annual one, or the other way round."""
    return issue(
        codes.WRONG_PERIOD,
        f"{mention.quote!r} is told as {said}, but it is the {fact.label}",
        "error",
        suggestion=f"say that it is the {fact.label}",
        at=evidence(text, mention.start, mention.end, fact.source),
    )


def turned_round(text: str, mention: Mention, fact: Fact) -> QualityIssue:
    """A fall told as a rise, or a rise as a fall."""
    return issue(
        codes.WRONG_DIRECTION,
        f"{mention.quote!r}: {fact.label} is {fact.text}, the text turns it round",
        "error",
        suggestion=f"say it as it is: {fact.label} {fact.text}",
        at=evidence(text, mention.start, mention.end, fact.source),
    )


def outdated(text: str, mention: Mention, fact: Fact) -> QualityIssue:
    """The value of the period before, told as the present one."""
    return issue(
        codes.WRONG_PERIOD,
        f"{mention.quote!r} is the {fact.label}, and the text tells it as the present one",
        "error",
        suggestion="use the present value, or say that it is the earlier one",
        at=evidence(text, mention.start, mention.end, fact.source),
    )


def wrong_period(text: str, start: int, end: int) -> QualityIssue:
    """A quarter or a year that nothing in the task is about."""
    return issue(
        codes.WRONG_PERIOD,
        f"{text[start:end]!r} is no period of the request or of the facts",
        "error",
        suggestion="name the period of the request, or none",
        at=evidence(text, start, end),
    )
