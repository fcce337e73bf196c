"""Constraints: what the request says must or must not be in the text, measured exactly."""

import re
from collections.abc import Callable, Iterator

from agents.quality import codes
from agents.quality.draft import Examined
from agents.quality.findings import dimension, evidence, issue, penalised
from agents.quality.prose import EMOJI, words_in
from streams.domain.quality import DimensionScore, QualityIssue

NAME = "constraints"
WEIGHT = 1.5
MEASURED = (
    "must_avoid", "must_include", "no_numbers", "no_hashtags", "no_emojis", "max_words",
    "min_words", "max_characters", "min_characters", "max_sentences", "max_hashtags", "parts",
    "verbatim",
)  # fmt: skip

_COST = {
    codes.FORBIDDEN_PHRASE: 0.7, codes.FORBIDDEN_NUMBER: 0.5, codes.FORBIDDEN_HASHTAG: 0.4,
    codes.FORBIDDEN_EMOJI: 0.4, codes.TOO_LONG: 0.5, codes.TOO_SHORT: 0.4,
    codes.MISSING_PHRASE: 0.4, codes.TOO_MANY_HASHTAGS: 0.3, codes.WRONG_PART_COUNT: 0.4,
    codes.CHANGED_TEXT: 0.6,
}  # fmt: skip


def demands(examined: Examined) -> DimensionScore | None:
    """A gate for what was forbidden and for limits; None if the request demands nothing of this."""
    if not any(examined.asked.constraints.get(name) for name in MEASURED):
        return None
    issues = [one for check in _CHECKS for one in check(examined)]
    has_passed = all(one.severity in ("info", "warning") for one in issues)
    return dimension(
        NAME,
        penalised(issues, _COST),
        WEIGHT,
        issues=issues,
        is_gate=True,
        has_passed=has_passed,
    )


def _phrases(examined: Examined, name: str) -> list[str]:
    value = examined.asked.constraints.get(name)
    return [v for v in value if isinstance(v, str) and v.strip()] if isinstance(value, list) else []


def _limit(examined: Examined, name: str) -> int | None:
    value = examined.asked.constraints.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _avoided(examined: Examined) -> Iterator[QualityIssue]:
    text = examined.draft.text
    beside = f"{examined.draft.title}\n{examined.draft.subject or ''}"
    tags = " ".join(examined.draft.hashtags)
    for phrase in _phrases(examined, "must_avoid"):
        pattern = _word_pattern(phrase)
        places = list(pattern.finditer(text))
        for match in places:
            yield issue(
                codes.FORBIDDEN_PHRASE,
                f"{phrase!r} must not be mentioned",
                "error",
                suggestion="leave the sentence out or say it in other words",
                at=evidence(text, match.start(), match.end(), "constraints.must_avoid"),
            )
        joined = re.sub(r"\W", "", phrase).lower()
        if not places and (pattern.search(beside) or joined in tags.lower().replace("#", " ")):
            yield issue(
                codes.FORBIDDEN_PHRASE,
                f"{phrase!r} must not be mentioned, not in a title, subject or hashtag either",
                "error",
                suggestion="take it out there",
            )


def _word_pattern(phrase: str) -> re.Pattern[str]:
    """The phrase as words, in singular or plural."""
    words = r"\s+".join(map(re.escape, phrase.split()))
    return re.compile(rf"(?<!\w)#?{words}(?:s|es|n|en)?(?!\w)", re.IGNORECASE)


def _included(examined: Examined) -> Iterator[QualityIssue]:
    text = re.sub(r"\s+", " ", f"{examined.draft.subject or ''}\n{examined.draft.text}").lower()
    for phrase in _phrases(examined, "must_include"):
        if re.sub(r"\s+", " ", phrase).lower() not in text:
            yield issue(
                codes.MISSING_PHRASE,
                f"{phrase!r} must be included",
                "warning",
                suggestion=f"say {phrase!r}",
            )


def _numbers(examined: Examined) -> Iterator[QualityIssue]:
    if examined.allows("no_numbers"):
        return
    text = examined.draft.text
    for mention in examined.numbers:
        yield issue(
            codes.FORBIDDEN_NUMBER,
            f"{mention.quote!r}: no numbers were asked for",
            "error",
            suggestion="say it in words, without the amount",
            at=evidence(text, mention.start, mention.end, "constraints.no_numbers"),
        )


def _signs(examined: Examined) -> Iterator[QualityIssue]:
    text = examined.draft.text
    if not examined.allows("no_hashtags"):
        for tag in examined.prose.hashtags:
            at = evidence(text, tag.start, tag.end, "constraints.no_hashtags")
            yield issue(codes.FORBIDDEN_HASHTAG, "no hashtags were asked for", "error", at=at)
    if not examined.allows("no_emojis"):
        for match in EMOJI.finditer(text):
            at = evidence(text, match.start(), match.end(), "constraints.no_emojis")
            yield issue(codes.FORBIDDEN_EMOJI, "no emojis were asked for", "error", at=at)
    most = _limit(examined, "max_hashtags")
    count = len({tag.text.lower() for tag in examined.prose.hashtags})
    if most is not None and count > most:
        message = f"{count} hashtags, at most {most} were asked for"
        yield issue(codes.TOO_MANY_HASHTAGS, message, "error", suggestion=f"keep {most}")


def _sizes(examined: Examined) -> Iterator[QualityIssue]:
    text = examined.draft.text
    sizes = {
        "words": words_in(text),
        "characters": len(text),
        "sentences": len(examined.prose.sentences),
    }
    for unit, size in sizes.items():
        most, least = _limit(examined, f"max_{unit}"), _limit(examined, f"min_{unit}")
        if most is not None and size > most:
            message = f"{size:,} {unit}, at most {most:,} were asked for"
            hint = f"shorten it by {size - most:,} {unit}"
            yield issue(codes.TOO_LONG, message, "error", suggestion=hint)
        if least is not None and size < least:
            message = f"{size:,} {unit}, at least {least:,} were asked for"
            hint = f"add {least - size:,} {unit} of what the facts bear out"
            yield issue(codes.TOO_SHORT, message, "warning", suggestion=hint)


def _part_count(examined: Examined) -> Iterator[QualityIssue]:
    wanted = _limit(examined, "parts")
    if wanted and wanted > 1 and examined.draft.kind == "thread":
        count = len(examined.draft.parts)
        if count != wanted:
            message = f"{count} parts, {wanted} were asked for"
            yield issue(codes.WRONG_PART_COUNT, message, suggestion=f"make {wanted} of it")


def _verbatim(examined: Examined) -> Iterator[QualityIssue]:
    asked = examined.asked
    is_wanted = asked.constraints.get("verbatim") or asked.name == "publish_content"
    source = str(asked.constraints.get("source_text") or "").split() if is_wanted else []
    if " ".join(source) not in " ".join(examined.draft.text.split()):
        yield issue(
            codes.CHANGED_TEXT,
            "the given text was to be kept as it is",
            "error",
            suggestion="put the given text back",
        )


_CHECKS: tuple[Callable[[Examined], Iterator[QualityIssue]], ...] = (
    _avoided, _included, _numbers, _signs, _sizes, _part_count, _verbatim,
)  # fmt: skip
