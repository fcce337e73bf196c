"""Editing a given text: real changes by rules, with its meaning and its numbers kept."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.figures.numbers import find_numbers
from agents.writing.edits import cleaned, in_shorter, without_markdown
from agents.writing.manner import casual, formal, less_promotional
from agents.writing.prose import sentences, words
from agents.writing.voice import contracted, spelt_out
from tests.agents.writing_tasks import write

TEXT = (
    "Hey guys, we are very very excited to announce that our new dashboard is awesome!! It'll help "
    "you track revenue, and it also shows you which of your customers are the most likely to buy "
    "from you again in the coming weeks, and we think that's a huge win for everyone.   It costs "
    "$49 a month. **Try it** today!"
)


def edit(wish: str, text: str, **inputs: object) -> dict[str, object]:
    given = {"draft": {"kind": "answer", "content": text}} | inputs
    return write(f'{wish}: "{text}"', {}, "edit", inputs=given)


def test_shorter_and_more_formal_keeps_the_price() -> None:
    draft = edit("Make this shorter and more formal", TEXT)

    content = str(draft["content"])
    assert len(content) <= 0.7 * len(TEXT)
    assert "$49" in content
    assert not any(word in content for word in ("Hey guys", "'ll", "awesome", "!", "**"))
    assert str(draft["notes"]).count("What was changed") == 1


def test_proofreading_touches_slips_and_nothing_else() -> None:
    draft = edit("Proofread", "We  we did it , and the the team likes it. Really.")

    assert draft["content"] == "We did it, and the team likes it. Really."


def test_improving_removes_what_says_nothing() -> None:
    draft = edit("Improve this text", TEXT)

    content = str(draft["content"])
    assert " very " not in content
    assert "excited to announce" not in content
    assert max(len(words(sentence)) for sentence in sentences(content)) < 40


def test_forbidden_words_leave_with_their_sentence() -> None:
    text = "Our tool is quick. The churn is low. Everyone can use it."

    draft = edit("Edit this text, don't mention churn", text)

    assert draft["content"] == "Our tool is quick. Everyone can use it."


def test_a_word_limit_holds_and_lost_figures_are_named() -> None:
    draft = edit("Shorten to at most 12 words", TEXT)

    assert len(words(str(draft["content"]))) <= 12
    notes = str(draft["notes"])
    assert "$49" in str(draft["content"]) or "$49" in notes


def test_what_is_to_be_included_is_added() -> None:
    draft = edit('Edit this and include "free trial"', "Our tool is quick. Everyone can use it.")

    assert "free trial" in str(draft["content"])


def test_a_text_to_be_published_as_it_is_stays_as_it_is() -> None:
    text = "We  did **it**!!!  very very good\n\n#Yes"

    draft = edit("Publish this", text, constraints={"verbatim": True})

    assert draft["content"] == text
    assert "word by word" in str(draft["notes"])


def test_a_text_without_faults_stays_with_a_note() -> None:
    text = "Our tool is quick. Everyone can use it."

    draft = edit("Proofread", text)

    assert draft["content"] == text
    assert "Nothing was changed" in str(draft["notes"])


def test_german_texts_are_edited_in_german() -> None:
    text = "Wir sind sehr sehr froh über das das Ergebnis. Es kostet 49 Euro im Monat."

    draft = edit("Kürze diesen Text bitte", text)

    assert "sehr" not in str(draft["content"])
    assert "Was geändert wurde" in str(draft["notes"])


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("## A heading\nText", "A heading\nText"),
        ("**bold** and *slanted* and `code`", "bold and slanted and code"),
        ("[our page](https://example.com/a)", "our page (https://example.com/a)"),
        ("* one\n* two", "- one\n- two"),
        ("> quoted", "quoted"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("![x](url) [click](javascript:alert(1)) here", "x click here"),
    ],
)
def test_markdown_becomes_plain_text(marked: str, plain: str) -> None:
    assert without_markdown(marked) == plain


def test_a_long_sentence_without_a_clause_stays_whole() -> None:
    sentence = " ".join(["word"] * 40) + "."

    assert in_shorter(sentence) == [sentence]


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (formal, "Hey folks, it's a huge thing!", "It is a considerable thing."),
        (casual, "However, we are here in order to assist.", "But, we're here to help."),
        (less_promotional, "Our revolutionary tool!!!", "Our new tool."),
        (contracted, "It is what we do not do.", "It's what we don't do."),
        (spelt_out, "We\u2019re sure it'll work.", "We are sure it will work."),
    ],
)
def test_the_manner_of_a_sentence_changes(change: object, before: str, after: str) -> None:
    assert change(before) == after  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It is $1.8 million. Yes.", 2),
        ("In Q4, e.g. in May, we grew. Dr. Miller agrees!", 2),
        ("Im 4. Quartal ging es gut. Danke!", 2),
        ("One line\nanother line", 2),
        ("Really?! Yes… maybe.", 2),
        ("", 0),
    ],
)
def test_sentences_are_found(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Our revenue is $49.",
                "We are very happy, and it's 12% more!",
                "**Try** it in 3 weeks.",
                "Hey guys, this is awesome.",
                "It costs 1,200 dollars in total.",
            ]
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["Proofread", "Improve this", "Make this more formal", "Make it casual"]),
)
def test_editing_keeps_every_number_and_adds_none(said: list[str], wish: str) -> None:
    text = " ".join(said)

    draft = edit(wish, text)

    before = {mention.quote for mention in find_numbers(text)}
    assert {mention.quote for mention in find_numbers(str(draft["content"]))} == before


@given(st.text(alphabet="ab .,!\n*_#", max_size=80))
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)
