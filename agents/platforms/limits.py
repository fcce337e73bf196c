"""What each platform takes, and what is wrong with a variant by its rules."""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from types import MappingProxyType

from agents.platforms.counting import hashtags, links, utf16_units, weight
from agents.quality import codes
from streams.domain.deliverable import ChannelVariant
from streams.domain.quality import Evidence, QualityIssue
from streams.domain.values import Channel

LIMITS: Mapping[Channel, int | None] = MappingProxyType(
    {Channel.LINKEDIN: 3_000, Channel.TWITTER: 280, Channel.EMAIL: None}
)
FOLD = 210  # characters of a LinkedIn post that are shown before "…see more", about
SUBJECT_LIMIT = 78  # RFC 5322, 2.1.1: a line should have at most 78 characters
SUBJECT_RECOMMENDED = 60  # what common inboxes show of a subject
MOST_HASHTAGS: Mapping[Channel, int] = MappingProxyType(
    {Channel.LINKEDIN: 5, Channel.TWITTER: 2, Channel.EMAIL: 0}
)
NAMES: Mapping[Channel, str] = MappingProxyType(
    {Channel.LINKEDIN: "LinkedIn", Channel.TWITTER: "X", Channel.EMAIL: "e-mail"}
)
UNSAFE_HTML = "unsafe_html"  # the HTML would load or run something
HTML_MISMATCH = "html_mismatch"  # the HTML and the plain text say different things

_MARKDOWN = re.compile(
    r"\*\*[^*\n]+\*\*|(?<!\w)__[^_\n]+__(?!\w)|^#{1,6}\s\S.*$|```|`[^`\n]+`"
    r"|!?\[[^\[\]\n]+\]\([^()\s]+\)|^\s{0,3}>\s\S.*$|^\s*[*]\s+\S.*$|^\s*-{3,}\s*$|^\|.+\|\s*$",
    re.MULTILINE,
)
_PLACEHOLDER = re.compile(
    r"\[(?:your |insert |add |company|name|link|date|product|url|ihr(?:e[nrm]?)? |firma|"
    r"datum|hier )[^\]\n]{0,60}\]"
    r"|\{\{[^{}\n]{1,60}\}\}|\$\{[^{}\n]{1,60}\}|<(?:your|insert|name|company)[^<>\n]{0,60}>"
    r"|\blorem ipsum\b|(?-i:\b(?:TODO|TBD|XXX|FIXME)\b|\[[A-Z][A-Z _]{2,40}\])|\{[a-z_]{2,40}\}",
    re.IGNORECASE,
)
_BROKEN_LINK = re.compile(
    r"https?:/{0,2}(?=\s|$)|https?:/(?!/)\S*|\bhttps?//\S*|https?://\s\S*|\bhttp[s]?:\S*\.\.\S*"
    r"|\bwww\.(?=\s|$)|https?://(?![^\s/]*\.)(?!\[)[^\s]*",
    re.IGNORECASE,
)
# Tab and new line are text; U+FEFF, U+FFFE and U+FFFF are what twitter-text calls invalid.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_TAG = re.compile(r"<[^>]*>")
_REMOTE = re.compile(  # in a tag
    r"<\s*(?:script|iframe|object|embed|form|link|img|video|audio|base)\b|\son\w+\s*="
    r"|(?:href|src)\s*=\s*[\"']?\s*javascript:|style\s*=\s*\"[^\"]*url\(",
    re.IGNORECASE,
)
_REMOTE_STYLE = re.compile(r"<style[^>]*>[^<]*(?:@import|url\()", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def measure(channel: Channel, text: str) -> int:
    """How long a text is as the platform counts.

    LinkedIn: UTF-16 code units, as its composer counts; the page "Posts API" (Microsoft Learn,
    LinkedIn marketing) speaks of characters alone, so this is the stricter reading. X: the weighted
    count of "Counting characters when composing Tweets". E-mail: characters.
    """
    match channel:
        case Channel.LINKEDIN:
            return utf16_units(text)
        case Channel.TWITTER:
            return weight(text)
        case Channel.EMAIL:
            return len(text)


def problems(variant: ChannelVariant) -> list[QualityIssue]:
    """Everything that the platform would refuse or show badly, the worst first.

    An "error" or "critical" one is refused or broken; a "warning" is only unwise. Spans count
    in `content`.
    """
    checks = (_missing, _sizes, _leaks, _tags, _subject, _html)
    found = [issue for check in checks for issue in check(variant)]
    order = ("critical", "error", "warning", "info")
    return sorted(found, key=lambda issue: order.index(issue.severity))


def _missing(variant: ChannelVariant) -> Iterator[QualityIssue]:
    if not variant.content.strip():
        yield _error(codes.EMPTY, "there is no text", "write a text")
    elif any(not part.strip() for part in variant.parts):
        yield _error(codes.EMPTY, "a part of the thread is empty", "leave the empty part out")


def _sizes(variant: ChannelVariant) -> Iterator[QualityIssue]:
    limit, name = LIMITS[variant.channel], NAMES[variant.channel]
    if limit is None:
        return
    is_thread = variant.channel is Channel.TWITTER and bool(variant.parts)
    for number, part in enumerate(variant.parts if is_thread else (variant.content,), 1):
        size = measure(variant.channel, part)
        if size > limit:
            what = f"part {number}" if is_thread else "the text"
            message = f"{what} has {size:,} characters by {name}'s count; {limit:,} are allowed"
            hint = f"shorten it by {size - limit:,} characters"
            quote = part[:80]
            start = variant.content.find(quote) if is_thread else 0
            yield _error(codes.TOO_LONG, message, hint, quote, start if start >= 0 else None)


def _leaks(variant: ChannelVariant) -> Iterator[QualityIssue]:
    text = variant.content
    for code, pattern, message, hint in _LEAKS:
        for match in pattern.finditer(text):
            if code == codes.MARKDOWN_LEAK and _is_in_link(text, match.start()):
                continue
            yield _error(code, message, hint, match.group(), match.start())
    for code, pattern, message, hint in _BYTES:
        others = (variant.subject or "", variant.html or "", *variant.parts)
        match_ = pattern.search(text)
        if match_ is not None:
            yield _error(code, message, hint, repr(match_.group())[1:-1], match_.start())
        elif any(pattern.search(other) for other in others):
            yield _error(code, message, hint)


_LEAKS = (
    (
        codes.MARKDOWN_LEAK,
        _MARKDOWN,
        "markdown is shown as it is typed",
        "write it without the marks",
    ),
    (
        codes.PLACEHOLDER,
        _PLACEHOLDER,
        "a placeholder was left over",
        "fill it in or leave the sentence out",
    ),
    (codes.BROKEN_LINK, _BROKEN_LINK, "this is no whole link", "give the whole address"),
)
_BYTES = (
    (
        codes.CONTROL_CHARACTER,
        _CONTROL,
        "a control character is in the text",
        "take the character out",
    ),
    (
        codes.CONTROL_CHARACTER,
        _SURROGATE,
        "half of a character is in the text (a lone surrogate)",
        "write the whole character or none",
    ),
)


def _is_in_link(text: str, position: int) -> bool:
    return any(start <= position < end for start, end in links(text))


def _tags(variant: ChannelVariant) -> Iterator[QualityIssue]:
    most = MOST_HASHTAGS[variant.channel]
    posts = (
        variant.parts
        if variant.channel is Channel.TWITTER and variant.parts
        else (variant.content,)
    )
    count = max(len(hashtags(post)) for post in posts)
    if count > most:
        message = f"{count} hashtags; {NAMES[variant.channel]} works best with {most or 'none'}"
        yield QualityIssue(
            code=codes.TOO_MANY_HASHTAGS, message=message, suggestion=f"keep the best {most or 0}"
        )


def _subject(variant: ChannelVariant) -> Iterator[QualityIssue]:
    if variant.channel is not Channel.EMAIL:
        return
    subject = (variant.subject or "").strip()
    if not subject:
        yield _error(
            codes.NO_SUBJECT, "the e-mail has no subject", "say in a few words what it is about"
        )
    elif "\n" in subject or "\r" in subject:
        yield _error(
            codes.CONTROL_CHARACTER, "the subject has more than one line", "write it in one line"
        )
    elif len(subject) > SUBJECT_LIMIT:
        message = f"the subject has {len(subject)} characters; a header line takes {SUBJECT_LIMIT}"
        yield _error(codes.SUBJECT_TOO_LONG, message, f"use at most {SUBJECT_RECOMMENDED}")
    elif len(subject) > SUBJECT_RECOMMENDED:
        message = f"the subject has {len(subject)} characters; inboxes cut it at about "
        message += str(SUBJECT_RECOMMENDED)
        hint = f"use at most {SUBJECT_RECOMMENDED}"
        yield QualityIssue(code=codes.SUBJECT_TOO_LONG, message=message, suggestion=hint)


def _html(variant: ChannelVariant) -> Iterator[QualityIssue]:
    if not variant.html:
        return
    tags = "".join(_TAG.findall(variant.html))
    unsafe = _REMOTE.search(tags) or _REMOTE_STYLE.search(variant.html)
    if unsafe is not None:
        message = f"the HTML loads or runs something: {unsafe.group().strip()[:60]!r}"
        yield _error(UNSAFE_HTML, message, "use text and inline styles alone")
    shown, said = _words_of_html(variant.html), set(_words(variant.content))
    missing = [word for word in _words(variant.content) if word not in shown]
    added = [word for word in shown if word not in said and word not in _words(_extra(variant))]
    if missing or added:
        words = ", ".join(dict.fromkeys([*missing, *added][:5]))
        message = f"the HTML and the text do not say the same: {words}"
        yield _error(HTML_MISMATCH, message, "make the HTML from the text again")


def _extra(variant: ChannelVariant) -> str:
    return variant.subject or ""


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _words_of_html(html: str) -> dict[str, None]:
    reader = _Text()
    reader.feed(html)
    return dict.fromkeys(_words(" ".join(reader.pieces)))


class _Text(HTMLParser):
    """Collects what an HTML document shows; its head is not shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._depth += tag in ("head", "style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag in ("head", "style", "title")

    def handle_data(self, data: str) -> None:
        if not self._depth:
            self.pieces.append(data)


def _error(
    code: str, message: str, suggestion: str, quote: str = "", start: int | None = None
) -> QualityIssue:
    evidence = (
        Evidence(quote=quote[:200], start=start, end=None if start is None else start + len(quote))
        if quote
        else None
    )
    return QualityIssue(
        code=code, message=message, severity="error", suggestion=suggestion, evidence=evidence
    )
