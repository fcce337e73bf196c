"""Reads an accepted draft, whoever wrote it and in whatever shape, as paragraphs and hashtags."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from agents.platforms.counting import HASHTAG, hashtags
from agents.platforms.sentences import paragraphs, sentences
from agents.platforms.tidy import one_line, spaced, without_control, without_marks
from streams.domain.values import Json

KINDS = ("post", "thread", "email", "report", "check", "answer")
_TEXT_NAMES = ("content", "text", "markdown", "body", "post", "message", "answer", "summary")
_NESTED_NAMES = ("draft", "output", "result", "data", "report", "response")
MOST_LEAVES = 60  # lines of an unknown document that are shown
MOST_DEPTH = 6
LONGEST_HOOK = 300  # a first paragraph longer than this is opened by its first sentence
_TAG_LINE = re.compile(r"[\s,·]*(?:[#\uff03]\w+[\s,·]*)+")
_GREETING = re.compile(
    r"(?:hi|hello|dear|hey|good (?:morning|day|afternoon)|hallo|liebe[rs]?|sehr geehrte[rs]?|"
    r"guten (?:tag|morgen)|moin)\b[^.?\n]{0,60}[,!:]?$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:best(?: regards| wishes)?|kind regards|warm(?:est)? regards|regards|sincerely|yours|"
    r"cheers|thank you|thanks|all the best|talk soon|mit (?:freundlichen|besten|herzlichen)|"
    r"(?:viele|beste|herzliche|freundliche|liebe|schöne) gr(?:ü|ue)(?:ß|ss)e|bis bald)\b",
    re.IGNORECASE,
)
LONGEST_CLOSING = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """A text to be formatted. `paragraphs` begin with the hook and hold the call to action if there
    is one, but no line of hashtags; `greeting` and `closing` are an e-mail's own.
    """

    paragraphs: tuple[str, ...]
    kind: str = ""  # one of KINDS, or nothing if the tool did not say
    title: str = ""
    hook: str = ""
    call_to_action: str = ""
    hashtags: tuple[str, ...] = ()
    subject: str = ""
    greeting: str = ""
    closing: str = ""
    alternatives: tuple[str, ...] = ()
    metrics_referenced: Json = field(default_factory=dict)
    narrative: str = ""
    details: Json = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    is_offline: bool | None = None  # None: the tool did not say
    had_marks: bool = False
    had_control: bool = False
    is_odd: bool = False  # read from a shape that is no draft

    @property
    def text(self) -> str:
        """The paragraphs as one text."""
        return "\n\n".join(self.paragraphs)


def read_draft(value: Any) -> Draft | None:
    """The draft in an answer; None if there is nothing to read in it."""
    if isinstance(value, str):
        value = {"content": value}
    if not isinstance(value, dict):
        return None
    document, raw, is_odd = _find_text(value)
    if not raw.strip():
        return None
    shown = without_control(raw)
    text = without_marks(shown)
    pieces, tags = _without_tag_lines(paragraphs(text))
    greeting, pieces, closing = _frame(pieces)
    if not pieces:
        return None
    stated = _stated(document)
    return replace(
        stated,
        paragraphs=tuple(pieces),
        hook=_hook(pieces, stated.hook),
        hashtags=tuple(_tags([*stated.hashtags, *tags])),
        greeting=greeting,
        closing=closing,
        had_marks=_letters(text) != _letters(spaced(shown)),
        had_control=len(shown) < len(raw.replace("\r\n", "\n")),
        is_odd=is_odd,
    )


def _stated(document: Json) -> Draft:
    """What the answer says beside its text."""
    kind, is_offline = str(document.get("kind")), document.get("is_offline")
    return Draft(
        paragraphs=(),
        kind=kind if kind in KINDS else "",
        title=_one(document.get("title")),
        hook=_one(document.get("hook")),
        call_to_action=_one(document.get("call_to_action")),
        hashtags=tuple(_texts(document.get("hashtags"))),
        subject=_one(document.get("subject")),
        alternatives=tuple(_texts(document.get("alternatives"))),
        metrics_referenced=_object(document.get("metrics_referenced")),
        narrative=_one(document.get("narrative")),
        details=_object(document.get("details")),
        notes=tuple(_texts(document.get("notes"))),
        is_offline=is_offline if isinstance(is_offline, bool) else None,
    )


def _find_text(document: Json, depth: int = 0) -> tuple[Json, str, bool]:
    """The object that holds the text, the text, and whether it had to be put together."""
    for name in _TEXT_NAMES:
        text = _composed(document) if name == "body" else _joined(document.get(name))
        if text.strip():
            return document, text, False
    for name in _NESTED_NAMES:
        inner = document.get(name)
        if isinstance(inner, str) and inner.strip():
            return document, inner, False
        if isinstance(inner, dict) and depth < MOST_DEPTH:
            found = _find_text(inner, depth + 1)
            if found[1].strip():
                return found
    return document, "" if depth else "\n".join(_leaves(document)), True


def _composed(document: Json) -> str:
    """The text from its parts, where it is not given as a whole."""
    body = _joined(document.get("body"))
    hook, action = _joined(document.get("hook")), _joined(document.get("call_to_action"))
    before = [hook] if hook and not body.startswith(hook) else []
    after = [action] if action and action not in body else []
    return "\n\n".join([*before, body, *after]) if body else "\n\n".join([*before, *after])


def _joined(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "\n\n".join(_texts(value))


def _leaves(value: Any, name: str = "", depth: int = 0) -> list[str]:
    """An unknown document as lines of "name: value"."""
    if isinstance(value, dict):
        inner = [(str(key).replace("_", " "), part) for key, part in value.items()]
    elif isinstance(value, list | tuple):
        inner = [(name, part) for part in value]
    elif value is None or not str(value).strip():
        return []
    else:
        return [f"{name}: {value}" if name else str(value)]
    if depth >= MOST_DEPTH:
        return []
    lines = [line for key, part in inner for line in _leaves(part, key, depth + 1)]
    return lines[:MOST_LEAVES]


def _without_tag_lines(pieces: Iterable[str]) -> tuple[list[str], list[str]]:
    kept, tags = [], []
    for piece in pieces:
        lines = piece.split("\n")
        text = "\n".join(line for line in lines if not _TAG_LINE.fullmatch(line))
        tags += [tag for line in lines if _TAG_LINE.fullmatch(line) for tag in hashtags(line)]
        if text.strip():
            kept.append(text.strip())
    return kept, tags


def _frame(pieces: list[str]) -> tuple[str, list[str], str]:
    """The greeting and the closing of an e-mail, if it has them, and what is between."""
    greeting = closing = ""
    if len(pieces) > 1 and len(pieces[0]) < LONGEST_CLOSING and _GREETING.match(pieces[0]):
        greeting, *pieces = pieces
    if len(pieces) > 1 and _is_closing(pieces[-1]):
        *pieces, closing = pieces
    return greeting, pieces, closing


def _is_closing(piece: str) -> bool:
    is_short = len(piece) < LONGEST_CLOSING and not piece.endswith(("?", ":"))
    return is_short and bool(_CLOSING.match(piece))


def _hook(pieces: list[str], stated: str) -> str:
    first = pieces[0]
    if stated and first.startswith(stated):
        return stated
    if len(first) <= LONGEST_HOOK and "\n" not in first and len(sentences(first)) == 1:
        return first
    return sentences(first)[0]


def _tags(found: Iterable[str]) -> list[str]:
    """Hashtags as the platforms link them, each once."""
    tags: dict[str, str] = {}
    for raw in found:
        tag = "#" + re.sub(r"\W+", "", raw.strip().lstrip("#\uff03"))
        if HASHTAG.fullmatch(tag):
            tags.setdefault(tag.casefold(), tag)
    return list(tags.values())


def _one(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return one_line(without_marks(without_control(value)))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        return []
    return [spaced(without_control(one)) for one in value if isinstance(one, str) and one.strip()]


def _object(value: Any) -> Json:
    return dict(value) if isinstance(value, dict) else {}


def _letters(text: str) -> str:
    return "".join(text.split())
