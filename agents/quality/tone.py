"""Tone: measured features of the text against what the tone asked for bears."""

import re
from collections.abc import Callable, Iterator, Mapping

from agents.quality import codes
from agents.quality.draft import Examined
from agents.quality.findings import dimension, evidence, issue, penalised
from agents.quality.prose import EMOJI, HASHTAG, small
from agents.quality.tones import CASUAL, CUES, HEDGES, HYPE, TONES, Tone
from streams.domain.quality import DimensionScore, QualityIssue

NAME = "tone"
WEIGHT = 1.0

_COST: Mapping[str, float] = {
    codes.HYPE: 0.3, codes.TOO_MANY_EXCLAMATIONS: 0.2, codes.SHOUTING: 0.3,
    codes.WRONG_ADDRESS: 0.3, codes.TONE_MISMATCH: 0.22,
}  # fmt: skip
_FIT = 0.12  # what a missing cue costs
_HYPE = re.compile(rf"\b(?:{HYPE})\b")
_CASUAL = re.compile(rf"\b(?:{CASUAL})\b")
_HEDGES = re.compile(rf"\b(?:{HEDGES})\b")
_CUES = {name: re.compile(pattern, re.IGNORECASE) for name, (pattern, _) in CUES.items()}
_CONTRACTION = re.compile(
    r"\b(?:\w+n['\u2019]t|(?:i|you|we|they|it|that|he|she|there|here|what|who|let)"
    r"['\u2019](?:s|re|ve|ll|d|m))\b"
)
_SHOUTED = re.compile(r"\b[A-ZÄÖÜ]{5,}\b|\b[A-ZÄÖÜ]{2,}(?:\s[A-ZÄÖÜ]{2,}){2,}\b")
_ACRONYMS = frozenset(("EBITDA", "NASDAQ", "HIPAA", "GAAP", "COVID", "FINRA", "DSGVO", "UNICEF"))
_DU = re.compile(r"\b(?:[Dd]u|[Dd]ich|[Dd]ir|[Dd]ein(?:e[nrms]?)?|[Ee]uch|[Ee]ure[nrms]?)\b")
_SIE = re.compile(r"(?<![.!?:\n] )(?<!\n)(?<!^)\b(?:Sie|Ihnen|Ihre?[nrms]?)\b")


def tone(examined: Examined) -> DimensionScore:
    """1 if nothing in the text speaks against the tone, and what it wants is there."""
    wanted = TONES[examined.asked.tone]
    issues = [one for check in _CHECKS for one in check(examined, wanted)]
    missing = list(_missing_cue(examined, wanted))
    score = penalised(issues, _COST) - _FIT * len(missing)
    return dimension(NAME, score, WEIGHT, issues=[*issues, *missing])


def _found(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    return [m for m in pattern.finditer(text) if text[max(0, m.start() - 1) : m.start()] != "#"]


def _excess(
    examined: Examined, pattern: re.Pattern[str], most: int, code: str, what: str, hint: str
) -> Iterator[QualityIssue]:
    text = examined.draft.text
    for match in _found(pattern, small(text))[most : most + 4]:
        yield issue(
            code,
            f"{text[match.start() : match.end()]!r}: {what} for a {examined.asked.tone} tone",
            suggestion=hint,
            at=evidence(text, match.start(), match.end()),
        )


def _hype(examined: Examined, wanted: Tone) -> Iterator[QualityIssue]:
    hint = "say what it is instead, with a fact"
    return _excess(examined, _HYPE, wanted.hype, codes.HYPE, "too promotional", hint)


def _casual(examined: Examined, wanted: Tone) -> Iterator[QualityIssue]:
    hint = "use a plain word"
    return _excess(examined, _CASUAL, wanted.casual, codes.TONE_MISMATCH, "too informal", hint)


def _hedges(examined: Examined, wanted: Tone) -> Iterator[QualityIssue]:
    hint = "say it, or leave it out"
    return _excess(examined, _HEDGES, wanted.hedges, codes.TONE_MISMATCH, "too hesitant", hint)


def _contractions(examined: Examined, wanted: Tone) -> Iterator[QualityIssue]:
    has_any = "'" in examined.draft.text or "\u2019" in examined.draft.text
    if has_any and examined.asked.language == "en":
        most, hint = wanted.contractions, "write it out"
        code, what = codes.TONE_MISMATCH, "too informal"
        yield from _excess(examined, _CONTRACTION, most, code, what, hint)


def _emojis(examined: Examined, wanted: Tone) -> Iterator[QualityIssue]:
    hint = "leave it out"
    return _excess(examined, EMOJI, wanted.emojis, codes.TONE_MISMATCH, "an emoji too many", hint)


_MARKS = re.compile(r"!+")


def _exclamations(examined: Examined, wanted: Tone) -> Iterator[QualityIssue]:
    text = examined.draft.text
    runs = _found(_MARKS, text)
    count = text.count("!")
    doubled = next((m for m in runs if len(m.group()) > 1), None)
    if count > wanted.exclamations or doubled is not None:
        match = doubled or runs[wanted.exclamations]
        yield issue(
            codes.TOO_MANY_EXCLAMATIONS,
            f"{count} exclamation marks; a {examined.asked.tone} tone bears {wanted.exclamations}",
            suggestion="end the sentence with a full stop",
            at=evidence(text, match.start(), match.end()),
        )


def _shouting(examined: Examined, wanted: Tone) -> Iterator[QualityIssue]:
    text = examined.draft.text
    for match in _found(_SHOUTED, text)[:4]:
        if match.group() not in _ACRONYMS:
            yield issue(
                codes.SHOUTING,
                f"{match.group()[:40]!r} is written in capitals",
                suggestion="write it in small letters",
                at=evidence(text, match.start(), match.end()),
            )


def _rhythm(examined: Examined, wanted: Tone) -> Iterator[QualityIssue]:
    sentences = examined.prose.sentences
    most = wanted.sentence + (8 if examined.is_report else 0)
    average = sum(s.words for s in sentences) / len(sentences) if sentences else 0.0
    if average > most:
        yield issue(
            codes.TONE_MISMATCH,
            f"{average:.0f} words a sentence; a {examined.asked.tone} tone bears {most}",
            suggestion="shorter sentences",
        )


def _address(examined: Examined, wanted: Tone) -> Iterator[QualityIssue]:
    """German only: Sie or du, and never both."""
    if examined.asked.language != "de" or not wanted.german or examined.is_report:
        return
    text = HASHTAG.sub(lambda m: " " * len(m.group()), examined.draft.text)
    wrong = _DU if wanted.german == "Sie" else _SIE
    match = wrong.search(text)
    if match is not None:
        yield issue(
            codes.WRONG_ADDRESS,
            f"{match.group()!r}: a {examined.asked.tone} tone asks for {wanted.german!r}",
            suggestion=f"use {wanted.german!r} throughout",
            at=evidence(text, match.start(), match.end()),
        )


def _missing_cue(examined: Examined, wanted: Tone) -> Iterator[QualityIssue]:
    if examined.is_report:
        return
    for cue in wanted.wants:
        if not _CUES[cue].search(examined.draft.text):
            yield issue(
                codes.TONE_MISMATCH,
                f"nothing in the text sounds {examined.asked.tone}",
                "info",
                suggestion=CUES[cue][1],
            )


_CHECKS: tuple[Callable[[Examined, Tone], Iterator[QualityIssue]], ...] = (
    _hype, _casual, _hedges, _contractions, _emojis, _exclamations, _shouting, _rhythm, _address,
)  # fmt: skip
