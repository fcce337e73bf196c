"""The same fact told twice: a figure that an earlier sentence has told."""

from collections.abc import Iterator

from agents.figures.numbers import Mention, matches
from agents.quality import codes
from agents.quality.draft import Examined
from agents.quality.findings import evidence, issue
from agents.quality.metric_words import concepts_of
from agents.quality.statements import figures_in
from streams.domain.quality import QualityIssue


def repeated_facts(examined: Examined) -> Iterator[QualityIssue]:
    """The later mentions; a report bears out its summary below, so it is left alone."""
    if examined.is_report:
        return
    seen: dict[tuple[float, bool], Mention] = {}
    for sentence in examined.prose.sentences:
        for one in figures_in(examined, sentence):
            first = seen.setdefault(_key(one), one)
            if first.start < sentence.start and not _is_of_two(examined, one):
                yield issue(
                    codes.REPEATED_FACT,
                    f"{one.quote!r} was told before, as {first.quote!r}",
                    suggestion="leave it out, or say what it means",
                    at=evidence(examined.draft.text, one.start, one.end),
                )


def _is_of_two(examined: Examined, one: Mention) -> bool:
    """Whether two metrics happen to have this value."""
    fitting = [concepts_of(fact) or {fact.fact_id} for fact in examined.facts if matches(one, fact)]
    return any(fitting[0].isdisjoint(other) for other in fitting[1:])


def _key(one: Mention) -> tuple[float, bool]:
    return (round(abs(one.value), 6), one.unit == "percent")
