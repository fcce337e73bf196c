"""Texts of others on a terminal: nothing in them is obeyed, and nothing is hidden."""

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from api.verbs.plain import plain, plain_json
from tests.api.terminal import Terminal

TEXTS = st.text(st.characters(exclude_categories=("Cs",)))
HARMFUL = "\x1b[2J\x9b31m \u202eevorppa\u202c a\u200bb \u2028 \U000e0041"


def obeyed(text: str) -> set[str]:
    """Characters that a terminal would obey, or that would turn a line around."""
    bidi = {c for c in text if unicodedata.bidirectional(c) in ("LRO", "RLO", "LRE", "RLE", "PDF")}
    return bidi | {c for c in text if unicodedata.category(c) == "Cc" and c not in "\n\t"}


def test_what_a_terminal_would_obey_is_shown_by_its_number() -> None:
    shown = plain({"title": [HARMFUL, 1, None]})

    assert shown == {
        "title": [
            "⟨U+001B⟩[2J⟨U+009B⟩31m ⟨U+202E⟩evorppa⟨U+202C⟩ a⟨U+200B⟩b ⟨U+2028⟩ ⟨U+E0041⟩",
            1,
            None,
        ]
    }


@given(TEXTS)
def test_no_text_is_obeyed(text: str) -> None:
    assert obeyed(plain(text)) == set()


@given(st.text("aäß中 \n\t€👩\u200d\u200c💻()[]{}<>&#", max_size=50))
def test_usual_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@given(st.dictionaries(TEXTS, TEXTS | st.integers() | st.none()))
def test_json_says_the_same_without_them(document: dict[str, object]) -> None:
    written = plain_json(json.dumps(document, ensure_ascii=False))

    assert json.loads(written) == document
    assert obeyed(written) == set()


def test_a_request_cannot_write_into_the_terminal_that_lists_it(orchestrator: Terminal) -> None:
    orchestrator("submit", f"Create a post {HARMFUL.replace(chr(27), '')}")

    listed = orchestrator("list")
    as_json = orchestrator("list", "--json")

    assert "⟨U+202E⟩evorppa" in listed.out
    assert obeyed(listed.out) == obeyed(as_json.out) == set()
    assert "\u202eevorppa" in as_json.json["items"][0]["request"]
