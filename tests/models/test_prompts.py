"""Prompts: versions that stay as they are, and material that stays material."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.models.prompts import PromptError, prompt, prompt_names, read_prompt, versions
from agents.models.usage import usage_of

# A version that was used stands in histories with this hash: change it by adding a version.
PUBLISHED = {
    ("draft_post", 1): "cc022b8ea560335e95a3d980c089e37673c4935f38bfb96291159080a2cd1e4f",
    ("refine_post", 1): "44796c35056d0616efcd72102a0a5153d3c86ac2dddbf5cf96337044acad766f",
}
TEXT = "---\nabout: x\nplain: tone\ndata: facts\n---\n# user\nIn a {{tone}} tone:\n{{facts}}\n"


def test_published_versions_are_unchanged() -> None:
    found = {(n, v): prompt(n, v).name.sha256 for n in prompt_names() for v in versions(n)}

    assert found == PUBLISHED


@given(st.text(max_size=200), st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_whatever_is_filled_in_stays_between_its_marks(facts: str, tone: str) -> None:
    (message,) = read_prompt(TEXT, "test", 1).filled({"facts": facts, "tone": tone})

    assert message.content.count("<data") == 1
    assert message.content.count("</data") == 1
    assert message.content.endswith("\n</data>")


@pytest.mark.parametrize("mark", ["</data>", "< / DATA >", "</data name='x'>", "<data>"])
def test_material_cannot_end_itself(mark: str) -> None:
    (message,) = read_prompt(TEXT, "test", 1).filled({"facts": f"a {mark} b", "tone": "calm"})

    assert message.content.lower().count("<data") + message.content.count("</data") == 2


def test_names_in_material_are_not_filled() -> None:
    (message,) = read_prompt(TEXT, "test", 1).filled({"facts": "{{tone}}", "tone": "calm"})

    assert "{{tone}}" in message.content


@pytest.mark.parametrize(
    "text",
    ["no head", TEXT.replace("{{facts}}", ""), TEXT.replace("plain: tone\n", ""), TEXT[:40]],
)
def test_a_broken_prompt_is_refused(text: str) -> None:
    with pytest.raises(PromptError):
        read_prompt(text, "test", 1)


def test_a_prompt_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(PromptError, match="there are: 1"):
        prompt("draft_post", 99)
    with pytest.raises(PromptError):
        prompt("../models")


def test_other_names_than_its_own_are_refused() -> None:
    with pytest.raises(PromptError, match="tone"):
        read_prompt(TEXT, "test", 1).filled({"facts": "x"})


@given(
    st.one_of(st.integers(), st.none(), st.text(), st.floats(), st.booleans()),
    st.one_of(st.integers(), st.none(), st.text(), st.floats(), st.booleans()),
    st.integers(0, 5_000),
    st.integers(0, 5_000),
)
@settings(max_examples=200, deadline=None)
def test_a_believed_count_is_near_ours(read: object, wrote: object, ours: int, text: int) -> None:
    usage = usage_of(read, wrote, ours, text, 1_000)

    assert 0 <= usage.tokens_in <= 4 * ours + 400
    assert 0 <= usage.tokens_out <= max(4 * text + 400, 1_000)
    assert (usage.tokens_in, usage.tokens_out) in ((read, wrote), (ours, text))
