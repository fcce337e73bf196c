"""Format: what the platform would refuse or show badly, and a text in the wrong language."""

import re
from collections.abc import Iterator

from agents.figures.metric_names import word_set
from agents.platforms.limits import problems
from agents.quality import codes
from agents.quality.draft import Examined
from agents.quality.findings import Severity, dimension, evidence, issue, penalised
from agents.quality.prose import small
from agents.quality.topical_tags import tags_of
from streams.domain.deliverable import ChannelVariant
from streams.domain.quality import DimensionScore, Evidence, QualityIssue
from streams.domain.values import Channel

NAME = "format"
WEIGHT = 1.0

_COST = {
    codes.EMPTY: 1.0, codes.TOO_LONG: 0.5, codes.MARKDOWN_LEAK: 0.35, codes.PLACEHOLDER: 0.5,
    codes.BROKEN_LINK: 0.4, codes.TOO_MANY_HASHTAGS: 0.2, codes.NO_SUBJECT: 0.4,
    codes.SUBJECT_TOO_LONG: 0.25, codes.CONTROL_CHARACTER: 0.4, codes.BROKEN_TEXT: 0.5,
    codes.UNTIDY_SPACE: 0.12, codes.WRONG_LANGUAGE: 0.7, codes.BAD_HASHTAG: 0.15,
    codes.OFF_TOPIC_HASHTAG: 0.1,
}  # fmt: skip
_OTHER_COST = 0.3
_GAP = re.compile(
    r"\[[^\]\n]{0,40}(?:here|hier|X{1,3}|\.\.\.|\u2026|_+)\]|\[X\]|(?-i:\bX{1,3}\s?%)|_{3,}"
    r"|\((?:insert|einfügen|tbd)[^)\n]*\)|<<[^<>\n]{1,40}>>|(?-i:\bXY{1,2}Z?\b)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^#{1,6}\s|^\s*[-*_]{3,}\s*$", re.MULTILINE)
_UNTIDY = re.compile(
    r"(?<=\S)[ \u00a0]{2,}(?=\S)|\n{4,}|[ ](?=[,;:!?](?:\s|$))|,,|(?<!\.)\.\.(?!\.)"
    r"|\b(?P<word>[^\W\d_]{2,})\s(?P=word)\b(?<!\bthat that)(?<!\bhad had)"
    r"(?<!\bdie die)(?<!\bder der)(?<!\bdas das)(?<!\bsie sie)"
    r"(?<!\bihr ihr)(?<!\bihnen ihnen)"
)
_BAD_TAG = re.compile(r"(?<![\w&/#])#(?:\d+(?!\w)|[^\W_]*[-&+/]\w+)")
_ENGLISH = word_set("the and of to is are our with for this that from we in what your a has have")
_GERMAN = word_set(
    "der die das und ist sind wir mit für von den im ein eine auf nicht zu unser was"
)
_FEWEST_WORDS = 12  # a shorter text does not tell its language


def shape(examined: Examined) -> DimensionScore:
    """A gate for what the platform would refuse; the rules are those of each channel asked for."""
    issues = _distinct([*_platforms(examined), *_own(examined)])
    known = penalised(issues, _COST)
    unknown = sum(_OTHER_COST for one in issues if one.code not in _COST)
    has_passed = all(one.severity in ("info", "warning") for one in issues)
    return dimension(
        NAME, known - unknown, WEIGHT, issues=issues, is_gate=True, has_passed=has_passed
    )


def _distinct(issues: list[QualityIssue]) -> list[QualityIssue]:
    """Two channels often say the same of one place."""
    seen: dict[tuple[str, int | None], QualityIssue] = {}
    for one in issues:
        seen.setdefault((one.code, one.evidence.start if one.evidence else None), one)
    return list(seen.values())


def _platforms(examined: Examined) -> Iterator[QualityIssue]:
    for variant in _variants(examined):
        for one in problems(variant):
            is_other = variant.channel is Channel.EMAIL and examined.draft.kind != "email"
            if is_other and one.code in (codes.TOO_MANY_HASHTAGS, codes.SUBJECT_TOO_LONG):
                continue  # the e-mail is made from the draft: it leaves out what only posts have
            yield one


def _variants(examined: Examined) -> Iterator[ChannelVariant]:
    """The draft as each channel would get it."""
    draft, channels = examined.draft, examined.asked.channels
    for channel in channels or (Channel.EMAIL,):
        if channel is Channel.TWITTER and draft.kind != "thread" and _is_cut_later(examined):
            continue
        is_thread = channel is Channel.TWITTER and draft.kind == "thread"
        subject = draft.subject or ("" if draft.kind == "email" else "as given")
        yield ChannelVariant(
            channel=channel,
            content=draft.text,
            parts=draft.parts if is_thread else (),
            subject=subject if channel is Channel.EMAIL else None,
        )


def _is_cut_later(examined: Examined) -> bool:
    """Whether it was cut for X already, or will be, since the draft is for others too."""
    if len(examined.asked.channels) > 1 or examined.draft.kind in ("report", "check", "email"):
        return True
    made = [v for v in examined.variants if v.get("channel") == Channel.TWITTER.value]
    return any(v.get("is_within_limits") is True for v in made)


_LEAKS: tuple[tuple[re.Pattern[str], tuple[str, ...], str, Severity, str, str], ...] = (
    # pattern, signs without which it is not tried, code, severity, message, suggestion
    (
        _GAP,
        ("[", "(", "<<", "__", "X"),
        codes.PLACEHOLDER,
        "error",
        "a gap was left to be filled in",
        "fill it in or leave the sentence out",
    ),
    (
        _HEADING,
        ("#", "---", "***", "___"),
        codes.MARKDOWN_LEAK,
        "error",
        "markdown is shown as it is typed",
        "write it without the marks",
    ),
    (
        _UNTIDY,
        (" ",),
        codes.UNTIDY_SPACE,
        "warning",
        "doubled words, spaces or punctuation",
        "leave the second one out",
    ),
)


def _own(examined: Examined) -> Iterator[QualityIssue]:
    text = examined.draft.text
    for pattern, signs, code, severity, message, hint in _LEAKS:
        if any(sign in text for sign in signs):
            for match in pattern.finditer(small(text) if pattern is _UNTIDY else text):
                at = evidence(text, match.start(), match.end())
                yield issue(code, message, severity, suggestion=hint, at=at)
    if any(channel is not Channel.EMAIL for channel in examined.asked.channels):
        yield from _tags(text)
        yield from _off_topic(examined)
    yield from _language(examined)


def _tags(text: str) -> Iterator[QualityIssue]:
    for match in _BAD_TAG.finditer(text) if "#" in text else ():
        yield issue(
            codes.BAD_HASHTAG,
            f"{match.group()!r} would not be linked",
            suggestion="letters, digits and _ only, not digits alone",
            at=evidence(text, match.start(), match.end()),
        )


def _off_topic(examined: Examined) -> Iterator[QualityIssue]:
    for tag in tags_of(examined):
        if tag.is_good:
            continue
        why = "is of no subject" if tag.is_general else "is not what the text speaks of"
        end = None if tag.start is None else tag.start + len(tag.text)
        yield issue(
            codes.OFF_TOPIC_HASHTAG,
            f"{tag.text!r} {'says another one again' if tag.is_repeated else why}",
            "warning" if tag.is_general else "info",
            suggestion="leave it out, or use a word of the text that people search for",
            at=Evidence(quote=tag.text, start=tag.start, end=end),
        )


def _language(examined: Examined) -> Iterator[QualityIssue]:
    words = examined.prose.words
    if len(words) < _FEWEST_WORDS:
        return
    english = sum(word in _ENGLISH for word in words)
    german = sum(word in _GERMAN for word in words)
    ours, other = (german, english) if examined.asked.language == "de" else (english, german)
    if other > 2 * ours + 2:
        name = {"de": "German", "en": "English"}[examined.asked.language]
        yield issue(
            codes.WRONG_LANGUAGE,
            f"the text does not seem to be {name}",
            "error",
            suggestion=f"write it in {name}",
        )
