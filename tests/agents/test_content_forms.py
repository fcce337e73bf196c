"""Other forms of a text: versions to test, threads and e-mails of a given text, first lines, the
other language; and words of the user that nobody may change."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.content import CONTENT
from agents.contract import Done, GiveUp
from agents.figures.numbers import find_numbers
from agents.platforms.counting import weight
from agents.understanding.mentions import given_text
from agents.writing.edits import keeping_quotes, without_fillers
from agents.writing.manner import casual, formal, without_cliches
from agents.writing.versions import ALIKE, likeness
from streams.domain.commands import CommandKind
from streams.domain.values import Json
from tests.agents.writing_tasks import command, outcome, understood, ungrounded

METRICS: Json = {
    "customer_count": 412, "churn_rate": 0.021,
    "previous": {"customer_count": 371, "churn_rate": 0.027},
}  # fmt: skip
TEXT = (
    "We opened our second warehouse in Leipzig on 3 March. It cuts delivery times from 4 days to "
    '2. "We could not have done it without our logistics team," says Anna Vogt. The site has '
    "4,200 square metres and 38 people work there. Orders placed before 2 pm now leave the same "
    "day. Rents are 22% lower than in Berlin. The next step is a third site near Cologne, planned "
    "for 2027. If your order is late, write to us and we will find out why."
)
POST: Json = {
    "request": "Write a LinkedIn post about our customer growth",
    "business_metrics": METRICS,
    "intent": {"language": "en", "tone": "professional", "metrics": ["customer_count"],
               "channels": ["linkedin"], "constraints": {}},
}  # fmt: skip


def done(action: str, payload: Json) -> Json:
    result = outcome(CONTENT, command(CommandKind.RUN_STEP, payload, action=action))
    assert isinstance(result, Done), result
    return result.output


def told(request: str, action: str) -> Json:
    return done(action, understood(request, {}) | {"inputs": {"action": action}})


# --------------------------------------------------------------------------------- versions


@pytest.mark.parametrize(
    ("wish", "count"),
    [("in three versions", 3), ("as two alternatives", 2), ("for an A/B test", 2), ("", 1)],
)
def test_as_many_versions_as_asked_for_really_differ(wish: str, count: int) -> None:
    draft = done("create_post", POST | {"request": f"{POST['request']} {wish}"})

    texts = [draft["content"], *(a for a in draft["alternatives"] if "\n" in a)]
    assert len(texts) == count
    assert all(likeness(one, other) <= ALIKE for n, one in enumerate(texts) for other in texts[:n])
    assert [ungrounded(draft | {"content": text}) for text in texts] == [[]] * count


def test_versions_in_german_are_asked_for_in_german() -> None:
    german = POST["intent"] | {"language": "de"}
    payload = POST | {"request": "Schreibe einen Beitrag in zwei Varianten", "intent": german}

    draft = done("create_post", payload)

    assert sum("\n" in text for text in draft["alternatives"]) == 1
    assert "zwei von zwei" in str(draft["notes"])


# ------------------------------------------------------------------------------ other forms


def test_a_thread_of_a_given_text_keeps_its_words_figures_and_quotation() -> None:
    draft = told(f'Turn this text into a Twitter thread: "{TEXT}"', "create_thread")

    assert draft["kind"] == "thread"
    assert " ".join(draft["body"]) == TEXT
    assert all(weight(part) <= 260 for part in draft["body"])
    assert any("words are those of the given text" in note for note in draft["notes"])


def test_a_thread_has_the_number_of_parts_that_was_asked_for() -> None:
    draft = told(f'Turn this text into a thread of 5 tweets: "{TEXT}"', "create_thread")

    assert len(draft["body"]) == 5
    assert " ".join(draft["body"]) == TEXT


def test_an_email_of_a_given_text_has_greeting_subject_and_all_sentences() -> None:
    draft = told(f'Rewrite this as an email to our customers: "{TEXT}"', "create_email")

    assert draft["subject"] == "We opened our second warehouse in Leipzig on 3 March"
    assert all(sentence in draft["content"] for sentence in ("22% lower", "38 people", "2027"))
    assert draft["content"].split("\n")[0].endswith(",")


def test_a_text_that_comes_with_the_step_is_recast_as_well() -> None:
    payload = {"request": "A post", "inputs": {"draft": {"kind": "answer", "content": TEXT}}}

    draft = done("create_post", payload)

    assert draft["hook"] == "We opened our second warehouse in Leipzig on 3 March."
    assert "4,200 square metres" in draft["content"]


def test_an_email_offers_other_subjects_and_its_preview_text() -> None:
    draft = done("create_email", POST | {"request": "Write an e-mail about our customers"})

    subjects = draft["details"]["subjects"]
    assert subjects[0] == draft["subject"]
    assert len(subjects) == len(set(subjects)) >= 2
    assert all(0 < len(subject) <= 60 for subject in subjects)
    assert draft["details"]["preview_text"].rstrip("…") in " ".join(draft["content"].split())


def test_first_lines_to_choose_from_differ_and_state_facts() -> None:
    draft = done("create_hooks", POST)

    lines = draft["content"].split("\n\n")
    assert 3 <= len(lines) == len(set(lines)) <= 5
    assert ungrounded(draft) == []


def test_first_lines_of_a_given_text_are_its_own_sentences() -> None:
    payload = {"request": "Hooks", "inputs": {"draft": {"kind": "answer", "content": TEXT}}}

    lines = done("hooks", payload)["content"].split("\n\n")

    assert all(line in TEXT for line in lines)
    assert any('"' in line for line in lines)


# -------------------------------------------------------------------------- other language


@pytest.mark.parametrize(("source", "target"), [("en", "de"), ("de", "en")])
def test_a_text_composed_from_figures_is_told_in_the_other_language(
    source: str, target: str
) -> None:
    intent = POST["intent"] | {"language": source}
    draft = done("create_post", POST | {"intent": intent})

    inputs = {"language": target, "draft": {"kind": "post", "content": draft["content"]}}
    other = done("translate", POST | {"intent": intent, "inputs": inputs})

    assert ("Kunden" in other["content"]) == (target == "de")
    assert ungrounded(other, target) == []
    assert {m.value for m in find_numbers(draft["content"], source)} & {412, 0.111}


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"language": "de", "draft": {"kind": "post", "content": "We moved."}}, "without a model"),
        ({"language": "fr", "draft": {"kind": "post", "content": "We moved."}}, "not in 'fr'"),
        ({"language": "de"}, "without a model"),
    ],
)
def test_what_it_cannot_translate_it_says(inputs: Json, reason: str) -> None:
    asked = command(CommandKind.RUN_STEP, POST | {"inputs": inputs}, action="translate")

    result = outcome(CONTENT, asked)

    assert isinstance(result, GiveUp)
    assert reason in result.reason


# --------------------------------------------------------------------- the words of others


def test_a_quotation_within_a_text_does_not_end_the_text() -> None:
    text, frame = given_text(f'Shorten this: "{TEXT}"', {}, is_expected=True)

    assert text == TEXT
    assert "Leipzig" not in frame


@pytest.mark.parametrize(
    "quote", ['"it is really very simple"', "“it's really cool”", "„das ist echt super“"]
)
def test_what_is_quoted_is_never_reworded(quote: str) -> None:
    text = f"It is really cool, as she says: {quote}. We really like it."

    changed = keeping_quotes(lambda t: formal(without_fillers(t)))(text)

    assert quote in changed
    assert "really like" not in changed


words = st.sampled_from(
    ["really", "very", "cool", "super", "we", "sell", "4,200", "22%", "$49", "units", "in", "3",
     "days", "the", "team", "echt", "für", "und", "wir"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=5, max_size=30), st.sampled_from(["formal", "friendlier"]))
def test_an_edit_of_tone_keeps_every_number(text: list[str], tone: str) -> None:
    given_ = f"{' '.join(text).capitalize()}."
    request = f"Make this more {tone}: {given_}"
    payload = understood(request, {}) | {
        "inputs": {"action": "edit", "draft": {"kind": "answer", "content": given_}}
    }

    draft = done("edit", payload)

    kept, was = (set(re.findall(r"\d[\d,.]*\d|\d", of)) for of in (draft["content"], given_))
    assert kept == was


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("We've got a super cool feature.", "We have a good feature."),
        ("Das ist echt super für uns.", "Das ist gut für uns."),
        ("Hey, wir haben ne tolle Idee für euch.", "Wir haben eine tolle Idee für euch."),
        ("Can't wait for you to try it!", "We invite you to try it."),
    ],
)
def test_a_formal_sentence_stays_in_its_language(text: str, better: str) -> None:
    assert formal(text) == better


def test_english_swaps_leave_german_alone() -> None:
    assert casual("Wir regarding es ist für uns") == "Wir regarding es ist für uns"


def test_a_german_sentence_without_its_cliche_has_its_order_again() -> None:
    assert without_cliches("In der heutigen schnelllebigen Zeit ist das wichtig.") == (
        "Das ist wichtig."
    )


def test_refining_the_users_own_words_adds_and_removes_no_sentence() -> None:
    draft = told(f'Proofread this text: "{TEXT}"', "edit")
    codes = ("no_call_to_action", "testimonial", "no_hashtags", "too_short")
    issues = [{"code": c, "severity": "warning", "message": "", "suggestion": ""} for c in codes]

    refined = done("refine", {"request": "Proofread", "output": draft, "issues": issues})

    assert draft["content"] == refined["content"] == TEXT
    assert refined["details"]["writer"]["is_given"] is True


def test_a_livelier_tone_is_heard_without_new_claims() -> None:
    draft = told(
        'Make this more enthusiastic: "We have added dark mode. 61% asked for it."', "edit"
    )

    assert draft["content"] == "We have added dark mode! 61% asked for it."


def test_shortening_keeps_the_words_of_others_before_ones_own() -> None:
    text = (
        "It took us, all in all, something like nine months of very hard work. “Never again "
        "without tests”, says our CTO. The result is live now and it is 40% faster than before."
    )

    draft = told(f'Make this shorter: "{text}"', "edit")

    assert "“Never again without tests”" in draft["content"]
    assert "40% faster" in draft["content"]


def test_a_german_text_is_shortened_to_a_limit() -> None:
    text = "Unser Lager ist seit März offen. Die Lieferzeit sinkt von 4 auf 2 Tage. Wir sind froh."

    draft = told(f'Verkürze diesen Text auf 75 Zeichen: "{text}"', "edit")

    assert len(draft["content"]) <= 75
    assert "von 4 auf 2 Tage" in draft["content"]


def test_other_subjects_are_named_where_they_are_asked_for() -> None:
    request = "Write an e-mail about our customers with three subject lines"

    notes = done("create_email", POST | {"request": request})["notes"]

    assert any(note.startswith("Other subjects that would do:") for note in notes)
