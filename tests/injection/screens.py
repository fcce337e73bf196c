"""What people are shown: the terminal, the page, the picture and the HTML of an e-mail, each looked
at for what an attacker could have put there."""

import io
import re
import unicodedata
from collections import Counter
from contextlib import redirect_stdout
from html.parser import HTMLParser
from xml.etree import ElementTree

from agents.platforms.preview import preview_svg
from api.verbs.progress import show_result
from api.verbs.tasks import show_status
from streams.domain.deliverable import Deliverable
from streams.domain.values import Json

BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
RUNS = frozenset({"script", "iframe", "object", "embed", "form", "input", "link", "base", "svg"})
_LINK = re.compile(r"^(https?://|mailto:|#|/|$)")


class Tags(HTMLParser):
    """The tags of a page, with the names of their attributes, and where they lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.targets: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag, tuple(sorted(name for name, _ in attrs))] += 1
        self.targets += [value or "" for name, value in attrs if name in ("href", "src", "action")]

    @property
    def names(self) -> set[str]:
        """The names of all tags."""
        return {tag for tag, _ in self.tags}


def terminal(status: Json, approval: Json) -> str:
    """What `orchestrator status` prints."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        show_status(status)
        show_result(approval if approval["main_content"] else None)
    return printed.getvalue()


def unprintable(text: str) -> list[str]:
    """Characters that a terminal obeys instead of showing them, or that turn a line around."""
    return [
        f"U+{ord(c):04X}"
        for c in text
        if (unicodedata.category(c) == "Cc" and c != "\n") or c in BIDI
    ]


def faults_of_html(page: str, usual: Tags) -> list[str]:
    """What a page of an e-mail has that it must not have, or that the usual one has not."""
    found = Tags(page)
    wrong = [f"<{tag}>" for tag in found.names & RUNS]
    wrong += [f"<{tag}> is new" for tag in found.names - usual.names - {"a", "p", "br"}]
    wrong += [f"leads to {target}" for target in found.targets if not _LINK.match(target)]
    handlers = {name for _, names in found.tags for name in names if name.startswith("on")}
    return wrong + sorted(handlers)


def faults_of_pictures(shown: Deliverable) -> list[str]:
    """What the pictures of the variants have that could run or call home."""
    wrong: list[str] = []
    for variant in shown.variants:
        picture = ElementTree.fromstring(  # noqa: S314 - made by ourselves
            preview_svg(variant, title=shown.title, author="You")
        )
        for element in picture.iter():
            tag = element.tag.rpartition("}")[2]
            if tag in ("script", "foreignObject", "image", "a", "use", "animate", "set"):
                wrong.append(f"<{tag}> in the picture for {variant.channel.value}")
            wrong += [
                f"{name} in the picture for {variant.channel.value}"
                for name in element.attrib
                if name.startswith("on") or name.endswith("href")
            ]
    return wrong
