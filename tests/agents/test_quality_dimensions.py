"""The other dimensions: tone, format, length, readability, engagement, demands and the rest."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.figures.numbers import find_numbers
from agents.quality import codes
from agents.quality.claims import claimed_numbers
from agents.quality.completeness import completeness
from agents.quality.demands import demands
from agents.quality.draft import Examined, examine
from agents.quality.engagement import engagement
from agents.quality.length import length
from agents.quality.originality import originality
from agents.quality.prose import read_prose, syllables_in_english, syllables_in_german, words_in
from agents.quality.readability import readability, reading_ease
from agents.quality.shape import shape
from agents.quality.transparency import transparency
from streams.domain.quality import DimensionScore


def examined(text: str, **more: Any) -> Examined:
    draft = {"kind": "post", "content": text, **more.pop("draft", {})}
    intent = {
        "language": "en",
        "tone": "neutral",
        "channels": ["linkedin"],
        **more.pop("intent", {}),
    }
    payload = {"output": draft, "intent": intent, "business_metrics": {}, "materials": {}, **more}
    return examine(payload)


def codes_of(score: DimensionScore | None) -> list[str]:
    assert score is not None
    return [issue.code for issue in score.issues]


# ------------------------------------------------------------------------- format and length


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Some **bold** words.", codes.MARKDOWN_LEAK),
        ("# Heading\n\nText", codes.MARKDOWN_LEAK),
        ("Dear [Name], hello.", codes.PLACEHOLDER),
        ("Revenue grew XX% this year.", codes.PLACEHOLDER),
        ("Read more (insert link)", codes.PLACEHOLDER),
        ("See https:// for more.", codes.BROKEN_LINK),
        ("The the result is here.", codes.UNTIDY_SPACE),
        ("Two  spaces here.", codes.UNTIDY_SPACE),
        ("A post #a1 #b2 #c3 #d4 #e5 #f6", codes.TOO_MANY_HASHTAGS),
        ("A post about #2024", codes.BAD_HASHTAG),
        ("Wir haben im letzten Quartal viel gelernt und das ist für uns nicht neu.",
         codes.WRONG_LANGUAGE),
    ],
)  # fmt: skip
def test_format_finds_what_a_platform_shows_badly(text: str, code: str) -> None:
    assert code in codes_of(shape(examined(text)))


@pytest.mark.parametrize(
    "text",
    ["A [sic] note.", "She said that that was fine.", "Write to us at https://example.com/a_b_c",
     "Wir hoffen, dass Sie sie mögen.", "It is 5 * 3.", "Growth: the results. #Growth #Results"],
)  # fmt: skip
def test_format_leaves_alone_what_is_fine(text: str) -> None:
    assert codes_of(shape(examined(text))) == []


def test_a_post_for_x_alone_must_fit_but_a_thread_is_measured_by_its_parts() -> None:
    text = "word " * 80
    parts = ["word " * 40, "word " * 40]

    post = shape(examined(text, intent={"channels": ["twitter"]}))
    thread = shape(
        examined(text, draft={"kind": "thread", "body": parts}, intent={"channels": ["twitter"]})
    )

    assert codes.TOO_LONG in codes_of(post)
    assert not post.has_passed
    assert thread.has_passed


def test_a_long_post_for_several_channels_is_cut_by_the_formatter() -> None:
    score = shape(examined("word " * 80, intent={"channels": ["linkedin", "twitter"]}))

    assert score.has_passed


@pytest.mark.parametrize(("words", "low", "high"), [(5, 0.0, 0.5), (120, 0.95, 1.0), (700, 0, 0.5)])
def test_length_is_best_in_the_middle(words: int, low: float, high: float) -> None:
    score = length(examined("letter " * words))

    assert low <= score.score <= high


def test_a_limit_of_the_request_counts_more_than_custom() -> None:
    text = "letter " * 12

    assert length(examined(text)).score < 0.95
    assert length(examined(text, intent={"constraints": {"max_words": 15}})).score == 1.0


# ---------------------------------------------------------------- readability and its measures


@pytest.mark.parametrize(
    ("word", "count"),
    [("cat", 1), ("revenue", 3), ("customer", 3), ("made", 1), ("table", 2), ("increased", 2),
     ("idea", 2)],
)  # fmt: skip
def test_english_syllables_are_counted_by_groups_of_vowels(word: str, count: int) -> None:
    assert syllables_in_english(word) == count


@pytest.mark.parametrize(
    ("word", "count"), [("umsatz", 2), ("kunden", 2), ("bäume", 2), ("reise", 2), ("quartal", 3)]
)
def test_german_syllables_are_counted_by_vowels_and_diphthongs(word: str, count: int) -> None:
    assert syllables_in_german(word) == count


def test_reading_ease_follows_flesch_and_amstad() -> None:
    text = "The cat sat on the mat."

    english = reading_ease(read_prose(text, "en"), "en")
    german = reading_ease(read_prose("Der Hund lief.", "de"), "de")

    assert english == pytest.approx(206.835 - 1.015 * 6 - 84.6)
    assert german == pytest.approx(180 - 3 - 58.5)


def test_long_words_and_sentences_cost() -> None:
    easy = readability(examined("We sell tea. It is good tea. You can buy it here."))
    hard = readability(
        examined(
            "Organisational internationalisation necessitates comprehensive infrastructural "
            "diversification methodologies facilitating interdisciplinary communication."
        )
    )

    assert easy.score == 1.0
    assert hard.score < 0.5
    assert codes.HARD_TO_READ in codes_of(hard)


@given(st.text(max_size=400))
def test_sentences_and_paragraphs_are_where_they_say(text: str) -> None:
    prose = read_prose(text, "en")

    for part in (*prose.paragraphs, *prose.sentences, *prose.hashtags):
        assert text[part.start : part.end] == part.text


PHRASES = st.sampled_from(
    ["revenue", "doubled", "25%", "$3 million", "one in five", "half of", "two thirds", "twice the",
     "zwölf Kunden", "ein Drittel", "verdreifacht", "eine halbe Million", "fünfzig Prozent", "up",
     "thirty-five percent", "Q4 2024", "\n", ".", "a third", "eine Million", "neunzig Kunden",
     "einundzwanzig Kunden", "ten-fold", "twenty customers", "einer von fünf", "die Hälfte"]
)  # fmt: skip


@given(words=st.lists(PHRASES, max_size=12), language=st.sampled_from(["en", "de"]))
def test_numbers_are_found_line_by_line_as_in_the_whole(words: list[str], language: str) -> None:
    text = " ".join(words)
    lines = [n.quote for line in text.split("\n") for n in find_numbers(line, language)]

    found = claimed_numbers(text, language)

    assert [n.quote for n in found] == lines
    assert all(text[n.start : n.end] == n.quote for n in found)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two. Three.", 3),
        ("It grew, e.g. by 4.5%. Good.", 2),
        ("Wir sehen z. B. Wachstum. Gut.", 2),
        ("No stop here", 1),
        ("Really? Yes! #Tag", 3),
        ("#One #Two", 0),
    ],
)
def test_sentences_are_told_apart(text: str, count: int) -> None:
    assert len(read_prose(text, "en").sentences) == count


def test_words_are_counted_with_numbers_and_without_hashtags() -> None:
    assert words_in("Revenue grew 25% to $150,000. #Growth") == 5


# --------------------------------------------------------------------- engagement, completeness


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("We are excited to announce our new product today.", codes.WEAK_HOOK),
        ("Our product is good.", codes.WEAK_HOOK),
        ("word " * 50, codes.WEAK_HOOK),
        ("Hi.", codes.NO_HOOK),
    ],
)
def test_a_weak_first_line_is_named(line: str, code: str) -> None:
    score = engagement(examined(f"{line}\n\nThis is the rest of it.\n\nWhat do you think? #A"))

    assert code in codes_of(score)


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("What do you think?", "en"),
        ("Tell us in the comments.", "en"),
        ("If you want to know more, read the report.", "en"),
        ("Let's talk.", "en"),
        ("Schreiben Sie uns.", "de"),
        ("Schreib uns, was du denkst.", "de"),
        ("Wie sehen Sie das?", "de"),
    ],
)
def test_a_call_to_action_is_recognised(line: str, language: str) -> None:
    score = engagement(examined(f"A line.\n\n{line}", intent={"language": language}))

    assert codes.NO_CALL_TO_ACTION not in codes_of(score)


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("We will continue to work hard.", "en"),
        ("These were our results.", "en"),
        ("Thank you.", "en"),
        ("Das waren unsere Ergebnisse.", "de"),
        ("Wir bedanken uns bei allen.", "de"),
    ],
)
def test_a_statement_is_no_call_to_action(line: str, language: str) -> None:
    score = engagement(examined(f"A line.\n\n{line}", intent={"language": language}))

    assert codes.NO_CALL_TO_ACTION in codes_of(score)


def test_engagement_says_that_it_is_a_checklist() -> None:
    score = engagement(examined("What do you think?"))

    assert "not calibrated" in score.evidence[0].note
    assert not score.is_calibrated


def test_a_call_to_action_that_was_asked_for_must_be_there() -> None:
    asked = {"name": "create_social_content", "constraints": {"call_to_action": "book a demo"}}

    with_it = completeness(examined("Please book your demo today.", intent=asked))
    without = completeness(examined("What do you think?", intent=asked))

    assert with_it.score == 1.0
    assert codes_of(without) == [codes.UNFIT_CALL_TO_ACTION]


def test_requirements_in_other_words_are_looked_for() -> None:
    asked = {"requirements": ["Explain the warranty conditions", "Write in a formal tone"]}

    score = completeness(examined("We opened a shop.", intent=asked))

    assert codes.MISSING_REQUIREMENT in codes_of(score)


# ---------------------------------------------------------------------------------- constraints


@pytest.mark.parametrize(
    ("text", "constraints", "code"),
    [
        ("Our churn is low.", {"must_avoid": ["churn"]}, codes.FORBIDDEN_PHRASE),
        ("A post. #Churn", {"must_avoid": ["churn"]}, codes.FORBIDDEN_PHRASE),
        ("We grew 5%.", {"no_numbers": True}, codes.FORBIDDEN_NUMBER),
        ("We doubled it.", {"no_numbers": True}, codes.FORBIDDEN_NUMBER),
        ("A post. #Tag", {"no_hashtags": True}, codes.FORBIDDEN_HASHTAG),
        ("A post \U0001f600", {"no_emojis": True}, codes.FORBIDDEN_EMOJI),
        ("one two three four", {"max_words": 3}, codes.TOO_LONG),
        ("one two", {"min_words": 3}, codes.TOO_SHORT),
        ("One. Two. Three.", {"max_sentences": 2}, codes.TOO_LONG),
        ("abc", {"max_characters": 2}, codes.TOO_LONG),
        ("#a #b", {"max_hashtags": 1}, codes.TOO_MANY_HASHTAGS),
        ("A post.", {"must_include": ["Acme"]}, codes.MISSING_PHRASE),
        ("Another text.", {"verbatim": True, "source_text": "A text."}, codes.CHANGED_TEXT),
    ],
)
def test_demands_are_measured_exactly(text: str, constraints: dict[str, Any], code: str) -> None:
    score = demands(examined(text, intent={"constraints": constraints}))

    assert code in codes_of(score)
    assert score is not None
    assert score.score < 1


@pytest.mark.parametrize(
    ("text", "constraints"),
    [
        ("The churning sea.", {"must_avoid": ["churn"]}),
        ("one two three #four", {"max_words": 3}),
        ("Meet ACME  today.", {"must_include": ["Acme today"]}),
        ("A text.", {"verbatim": True, "source_text": "A  text."}),
        ("In Q4 2024 we grew.", {"no_numbers": True}),
    ],
)
def test_demands_that_are_met_give_no_issue(text: str, constraints: dict[str, Any]) -> None:
    score = demands(examined(text, intent={"constraints": constraints}))

    assert score is not None
    assert score.score == 1.0
    assert score.has_passed


def test_without_demands_there_is_nothing_to_judge() -> None:
    assert demands(examined("A text.", intent={"constraints": {"topic": "tea"}})) is None


def test_a_forbidden_phrase_is_found_in_the_subject_as_well() -> None:
    draft = {"kind": "email", "subject": "About our churn"}

    score = demands(
        examined("A text.", draft=draft, intent={"constraints": {"must_avoid": ["churn"]}})
    )

    assert codes_of(score) == [codes.FORBIDDEN_PHRASE]


# ------------------------------------------------------------------- originality, transparency


def test_the_wording_of_the_request_is_no_text() -> None:
    request = "Write a post that says how happy we are about the new shop in town"

    copied = originality(examined("It says how happy we are about the new shop.", request=request))
    own = originality(examined("The new shop opens on Monday.", request=request))

    assert codes_of(copied) == [codes.COPIED_REQUEST]
    assert own.score == 1.0


def test_a_given_text_that_is_to_be_edited_is_no_copied_request() -> None:
    source = "The new shop in town opens its doors on Monday at nine."
    request = f"Shorten this text: {source}"

    score = originality(
        examined(source, request=request, intent={"constraints": {"source_text": source}})
    )

    assert score.score == 1.0


def test_a_report_must_name_what_the_analysis_remarked() -> None:
    materials = {"analyze": {"facts": [], "notes": ["No previous period was given for churn."]}}
    text = "Revenue is as high as it was. Nothing else can be said about it today."

    silent = transparency(examined(text, draft={"kind": "report"}, materials=materials))
    open_ = transparency(
        examined(
            f"{text} No previous period was given for churn.",
            draft={"kind": "report"},
            materials=materials,
        )
    )

    assert codes.MISSING_NOTE in codes_of(silent)
    assert open_.score == 1.0


def test_a_forecast_needs_an_interval() -> None:
    bare = transparency(
        examined("Our forecast of revenue is $160,000 next month.", draft={"kind": "report"})
    )
    honest = transparency(
        examined(
            "Our forecast of revenue is between $150,000 and $170,000.", draft={"kind": "report"}
        )
    )

    assert codes.NO_PROVENANCE in codes_of(bare)
    assert codes.NO_PROVENANCE not in codes_of(honest)
