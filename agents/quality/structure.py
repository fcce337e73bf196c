"""Structure of a report: the result first, the lines that matter, and what follows from them."""

import re
from collections.abc import Iterator, Sequence

from agents.quality import codes
from agents.quality.draft import Examined
from agents.quality.findings import dimension, evidence, issue
from agents.quality.prose import Span
from agents.quality.statements import Kind, statements
from streams.domain.quality import DimensionScore, Evidence, QualityIssue

NAME = "structure"
WEIGHT = 3.0

LINES_READ = 14  # of a list, that a reader takes in
LINES_LOST = 44  # at which nobody finds what matters
SUMMARY = 420  # characters of a summary that is still one
MOST_IN_SUMMARY = 8  # numbers

_ITEM = re.compile(r"^\s*(?:[-\u2022*\u2013]|\d+[.)])\s")
_HEADING_LENGTH = 60
_FEWEST_HEADINGS = 3
_LONG = 600
_OF_LINES, _OF_SUMMARY, _OF_SECTIONS, _OF_CONCLUSION = 0.4, 0.25, 0.15, 0.2


def structure(examined: Examined) -> DimensionScore:
    """Weighted: the number of lines, the summary, the sections, and a conclusion."""
    lines = [p for p in examined.prose.paragraphs if _ITEM.match(p.text)]
    issues = [*_many(examined, lines), *_summary(examined), *_conclusion(examined)]
    found = {one.code for one in issues}
    score = _OF_LINES * _readable(len(lines))
    score += _OF_SUMMARY * (0.4 if codes.NO_SUMMARY in found else 1.0)
    score += _OF_SECTIONS * _sections(examined)
    score += _OF_CONCLUSION * (0.0 if codes.NO_CONCLUSION in found else 1.0)
    note = f"{len(lines)} lines in lists; {LINES_READ} are read"
    return dimension(NAME, score, WEIGHT, issues=issues, evidence=[Evidence(note=note)])


def _readable(lines: int) -> float:
    return 1 - min(1.0, max(0, lines - LINES_READ) / (LINES_LOST - LINES_READ))


def _many(examined: Examined, lines: Sequence[Span]) -> Iterator[QualityIssue]:
    if len(lines) > LINES_READ:
        yield issue(
            codes.TOO_MANY_LINES,
            f"{len(lines)} lines in lists: the ones that matter are lost",
            suggestion=f"keep the {LINES_READ} that answer the request",
            at=evidence(examined.draft.text, lines[0].start, lines[-1].end),
        )


def _summary(examined: Examined) -> Iterator[QualityIssue]:
    first = next(iter(examined.prose.paragraphs), None)
    if first is None or _ITEM.match(first.text):
        return  # that there is none at all, transparency says
    numbers = sum(first.start <= n.start < first.end for n in examined.numbers)
    if len(first.text) > SUMMARY or numbers > MOST_IN_SUMMARY:
        yield issue(
            codes.NO_SUMMARY,
            f"the summary has {len(first.text)} characters and {numbers} numbers",
            suggestion="say the result in two sentences, the rest below",
            at=evidence(examined.draft.text, first.start, first.end),
        )


def _sections(examined: Examined) -> float:
    if len(examined.draft.text) < _LONG:
        return 1.0
    headings = [
        p
        for p in examined.prose.paragraphs
        if len(p.text) < _HEADING_LENGTH and p.text[-1] not in ".!?:;" and not _ITEM.match(p.text)
    ]
    return min(1.0, len(headings) / _FEWEST_HEADINGS)


def _conclusion(examined: Examined) -> Iterator[QualityIssue]:
    kinds = {one.kind for one in statements(examined) if _is_said(one.sentence.text)}
    if len(examined.numbers) > MOST_IN_SUMMARY and Kind.CONCLUSION not in kinds:
        yield issue(
            codes.NO_CONCLUSION,
            "figures are listed, and nothing follows from them",
            suggestion="say what comparing two of them shows",
        )


def _is_said(text: str) -> bool:
    return len(text) > _HEADING_LENGTH / 2 and not text.startswith("(")
