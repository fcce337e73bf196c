"""Texts of others on a terminal: what a terminal would obey, or a reader could not see, is shown by
its number, so that nobody approves something else than what is published."""

import re
from typing import Any

# Control characters but for tab and line feed, direction marks and overrides, characters without
# width (the joiners that scripts and emoji need stay), line separators, tags.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def plain(value: Any) -> Any:
    """A document with all its texts as a terminal can show them."""
    match value:
        case str():
            return _UNSEEN.sub(_number, value.replace("\r\n", "\n"))
        case dict():
            return {plain(name): plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case _:
            return value


def plain_json(text: str) -> str:
    """JSON that says the same, with such characters written as escapes."""
    return _UNSEEN.sub(_escape, text)


def _number(found: re.Match[str]) -> str:
    return f"⟨U+{ord(found.group()):04X}⟩"


def _escape(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
