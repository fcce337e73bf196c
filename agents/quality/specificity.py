"""Specificity: how much of a text is particular to this request, sentence by sentence."""

from collections.abc import Iterator, Sequence

from agents.figures.numbers import matches
from agents.quality import codes
from agents.quality.draft import Examined
from agents.quality.findings import dimension, evidence, issue
from agents.quality.statements import Kind, Statement, statements
from agents.quality.substance import counted, depth, substance, wanted
from streams.domain.quality import DimensionScore, Evidence, QualityIssue

NAME = "specificity"
WEIGHT = 3.5

ENOUGH = 0.92  # of the words: some sentences may lead over from one thing to the next
PARTICULAR = 0.65  # a score from which common sentences are only hinted at
FEWEST_TELLING = 2  # without so many, the topic has to stay, however it is said
GENERIC = 0.3  # a sentence below this says nothing of its own
THIN = 0.6  # of what such a text should say
OF_AMOUNT = 0.4  # of the score: how much is said in all,
OF_DEPTH = 0.2  # and how much of it goes beyond figures: causes, consequences, people, things

_HINTS = {
    Kind.REMARK: "leave it out: the reader wants the matter, not the method of the text",
    Kind.ECHO: "say what is new about it instead of naming the topic",
    Kind.COMMON: "say what it means here, with a figure, a cause or an example, or leave it out",
    Kind.REPEATED: "leave it out, or say what the figure means",
}


def specificity(examined: Examined) -> DimensionScore:
    """Words in particular sentences against all; less where little is said, or figures alone."""
    said = counted(statements(examined))
    words = sum(one.sentence.words for one in said)
    share = sum(one.sentence.words * one.share for one in said) / words if words else 0.0
    amount = substance(said) / wanted(examined)
    lacking = OF_AMOUNT * (1 - min(1.0, amount))
    lacking += OF_DEPTH * (1 - min(1.0, depth(said, examined)))
    score = min(1.0, share / ENOUGH) * (1 - lacking)
    return dimension(
        NAME,
        score,
        WEIGHT,
        issues=[*_thin(examined, said, amount), *_generic(examined, said, score)],
        evidence=[Evidence(note=_note(said)), *_figures(examined, said)],
    )


def _note(said: Sequence[Statement]) -> str:
    kinds = [one.kind for one in said]
    told = [f"{kinds.count(kind)} {kind.value}" for kind in Kind if kind in kinds]
    return f"{len(said)} sentences: {', '.join(told)}" if told else "no sentence to judge"


def _figures(examined: Examined, said: Sequence[Statement]) -> Iterator[Evidence]:
    for one in said:
        if one.kind is Kind.FIGURE:
            at = one.sentence
            yield evidence(examined.draft.text, at.start, at.end, note=one.kind.value)


def _generic(
    examined: Examined, said: Sequence[Statement], score: float
) -> Iterator[QualityIssue]:  # fmt: skip
    """A common sentence or two do no harm in a text that is particular by the rest."""
    telling = sum(one.share >= GENERIC for one in said)
    for one in said:
        is_only_news = one.kind is Kind.ECHO and telling < FEWEST_TELLING
        if one.share < GENERIC and not is_only_news:
            at = one.sentence
            is_light = one.kind is Kind.COMMON and score >= PARTICULAR
            yield issue(
                codes.GENERIC_SENTENCE,
                f"this sentence is {one.kind.value}",
                "info" if is_light else "warning",
                suggestion=_HINTS.get(one.kind, "leave it out"),
                at=evidence(examined.draft.text, at.start, at.end),
            )


def _thin(
    examined: Examined, said: Sequence[Statement], amount: float
) -> Iterator[QualityIssue]:  # fmt: skip
    """The text as a whole says too little; the span is all of it."""
    if amount >= THIN:
        return
    telling = sum(one.share >= GENERIC for one in said)
    who = {0: "no sentence says", 1: "one sentence says"}.get(telling, f"{telling} sentences say")
    yield issue(
        codes.THIN,
        f"{who} something that belongs to this request",
        suggestion=_untold(examined),
        at=evidence(examined.draft.text, 0, len(examined.draft.text)),
    )


def _untold(examined: Examined) -> str:
    """The facts that the text could tell and does not."""
    if examined.allows("no_numbers"):
        free = (
            fact
            for fact in examined.facts
            if not any(matches(number, fact) for number in examined.numbers)
        )
        told = [f"{fact.label} {fact.text}" for fact in free][:3]
        if told:
            return f"tell more of the facts: {'; '.join(told)}"
    return "say who, what, where or why: what only this text can tell"
