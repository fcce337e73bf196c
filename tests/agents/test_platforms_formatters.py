"""The three formatters, as steps call them."""

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.contract import Done, GiveUp
from agents.platforms.counting import hashtags, weight
from agents.platforms.email_html import email_html
from agents.platforms.formatters import FORMATTERS
from agents.platforms.limits import (
    HTML_MISMATCH,
    LIMITS,
    SUBJECT_RECOMMENDED,
    UNSAFE_HTML,
    problems,
)
from streams.domain.commands import Command, CommandKind
from streams.domain.deliverable import ChannelVariant
from streams.domain.values import Channel, ExecutionPhase, Json

HOOK = "Our Q4 growth rate: 35%."
BODY = [
    "Monthly revenue is $150,000, or $1.8 million at an annual rate. Of 250,000 monthly visits, "
    "4.5% convert, which makes 11,250 conversions a month.",
    "With 320 customers, monthly revenue per customer is $468.75. That is the number to watch.",
]
ACTION = "Which metric do you watch most closely? Tell us in the comments."
TAGS = ["#Growth", "#Q4Results", "#Revenue"]
DRAFT: Json = {
    "kind": "post",
    "title": "Q4 2024: revenue at $150,000 a month",
    "hook": HOOK,
    "body": BODY,
    "content": "\n\n".join([HOOK, *BODY, ACTION, " ".join(TAGS)]),
    "call_to_action": ACTION,
    "hashtags": TAGS,
    "alternatives": ["$150,000 a month: Q4 in one number.", "250,000 visits in Q4."],
    "is_offline": True,
}


def run(
    channel: str,
    draft: Any = DRAFT,
    intent: Json | None = None,
    task: Json | None = None,
    **constraints: Any,
) -> Any:
    command = Command(
        command_id="c1",
        task_id="t1",
        kind=CommandKind.RUN_STEP,
        phase=ExecutionPhase.EXECUTION,
        agent_type="publisher",
        tool_id=f"{channel}_formatter",
        timeout=1000,
        issued_at=0,
        payload={
            "inputs": {"draft": draft, "constraints": constraints, "channel": channel},
            "intent": intent or {},
            **(task or {}),
        },
    )
    return FORMATTERS[f"{channel}_formatter"](command)


def variant(channel: str, draft: Any = DRAFT, **more: Any) -> ChannelVariant:
    outcome = run(channel, draft, **more)
    assert isinstance(outcome, Done)
    return ChannelVariant.model_validate(outcome.output)


def without(name: str) -> Json:
    return {key: value for key, value in DRAFT.items() if key != name}


def test_a_linkedin_post_has_its_hook_its_air_its_call_and_its_hashtags_at_the_end() -> None:
    made = variant("linkedin")

    assert made.content.split("\n\n") == [HOOK, *BODY, ACTION, " ".join(TAGS)]
    assert made.hashtags == tuple(TAGS)
    assert (made.characters, made.limit) == (len(made.content), 3_000)
    assert made.alternatives == tuple(DRAFT["alternatives"])
    assert made.notes == ()
    assert made.is_within_limits


def test_a_hook_in_a_longer_paragraph_gets_a_line_of_its_own() -> None:
    made = variant("linkedin", {"content": f"{HOOK} {BODY[0]} {ACTION}", "call_to_action": ACTION})

    assert made.content.split("\n\n") == [HOOK, BODY[0], ACTION]


def test_a_wall_of_text_gets_air_between_its_sentences() -> None:
    wall = " ".join(f"This is sentence number {n} of one long paragraph." for n in range(20))

    pieces = variant("linkedin", {"content": f"{HOOK}\n\n{wall}"}).content.split("\n\n")

    assert " ".join(pieces) == f"{HOOK} {wall}"
    assert all(len(piece) <= 480 for piece in pieces)


def test_a_hook_longer_than_the_platform_takes_is_cut_between_words_and_hashtags_go() -> None:
    made = variant("linkedin", {"content": "word " * 700, "hashtags": ["#Growth"]})

    assert made.content.endswith("word…")
    assert made.characters <= 3_000
    assert made.hashtags == ()
    assert any("cut within one" in note for note in made.notes)


@pytest.mark.parametrize(
    "text",
    ["The same again. " * 400, "a." * 4_000, "\u200d" * 5_000, "[" * 4_000, "1," * 4_000,
     "-\n" * 4_000, " " * 9_000 + "a", "." * 9_000, "http://" * 900, "word #a " * 1_500],
)  # fmt: skip
@pytest.mark.parametrize("channel", ["linkedin", "twitter", "email"])
def test_a_hostile_text_keeps_to_the_limits_too(channel: str, text: str) -> None:
    made = variant(channel, {"content": text, "subject": "s"})

    assert made.is_within_limits
    assert all(weight(part) <= 280 for part in made.parts)


def test_demands_that_cannot_be_met_are_said() -> None:
    made = variant("linkedin", max_words=4, must_include=["$468.75", "$1.8 million"])

    assert any("does not fit 3,000 characters, 4 words" in note for note in made.notes)


def test_a_text_that_is_too_long_loses_sentences_from_its_body_and_says_so() -> None:
    body = [f"This is sentence number {n} of the body." for n in range(120)]
    draft = {**DRAFT, "content": "\n\n".join([HOOK, *body, ACTION, " ".join(TAGS)])}

    made = variant("linkedin", draft)

    assert made.content.startswith(f"{HOOK}\n\n{body[0]}\n\n{body[1]}")
    assert made.content.endswith(f"{ACTION}\n\n{' '.join(TAGS)}")
    assert 2_900 < made.characters <= 3_000
    assert any("Shortened for LinkedIn" in note for note in made.notes)


def test_x_gets_one_post_with_the_number_and_the_call_and_the_thread_beside_it() -> None:
    made = variant("twitter")

    assert made.parts == ()
    assert made.content.startswith(HOOK)
    assert "35%" in made.content
    assert ACTION in made.content
    assert made.hashtags == ("#Growth", "#Q4Results")
    assert weight(made.content) == made.characters <= 280
    assert made.alternatives[0].startswith("1/2 ")
    assert any("ready as a thread" in note for note in made.notes)


def test_a_hook_without_a_number_is_joined_by_the_strongest_statement() -> None:
    filler = ["Some words that say little about it, again and again and again, at length."] * 3
    draft = {"content": "\n\n".join(["A good quarter.", *filler, BODY[0], *filler])}

    made = variant("twitter", draft)

    assert made.content.startswith("A good quarter.")
    assert "$1.8 million" in made.content


def test_a_sentence_that_leans_on_another_does_not_stand_alone_on_x() -> None:
    long = "And no, the annual rate is not a forecast " + "of anything at all " * 12 + "here."

    made = variant("twitter", {"content": f"{HOOK}\n\n{long} It is arithmetic."})

    assert made.content == HOOK


def test_an_emoji_after_the_hook_stays_with_it_and_hard_spaces_stay() -> None:
    hook = "Umsatz plus 25\u00a0% im Q4 2024. \U0001f4c8"

    made = variant("linkedin", {"content": f"{hook}\n\nMehr dazu.", "hook": hook})

    assert made.content == f"{hook}\n\nMehr dazu."


@pytest.mark.parametrize(
    ("draft", "constraints"),
    [
        ({**DRAFT, "kind": "thread"}, {}),
        (DRAFT, {"format": "thread"}),
        (DRAFT, {"parts": 4}),
    ],
)
def test_a_thread_that_was_asked_for_is_a_numbered_thread(draft: Json, constraints: Json) -> None:
    made = variant("twitter", draft, **constraints)

    count = len(made.parts)
    assert [part.split()[0] for part in made.parts] == [f"{n}/{count}" for n in range(1, count + 1)]
    assert made.content == "\n\n".join(made.parts)
    assert made.alternatives[0].startswith(HOOK)
    assert count == constraints.get("parts", count)


def test_a_thread_that_cannot_have_as_many_parts_says_so() -> None:
    made = variant("twitter", {"content": f"{HOOK} {BODY[0]}"}, parts=9)

    assert any("9 parts were asked for" in note for note in made.notes)


def test_a_statement_too_long_for_one_post_becomes_a_thread() -> None:
    long = "We measured " + ", ".join(f"metric {n} at {n}.5%" for n in range(1, 25)) + "."

    made = variant("twitter", {"content": long})

    assert len(made.parts) > 1
    assert all(weight(part) <= 280 for part in made.parts)


def test_an_email_has_subject_greeting_text_and_html_that_say_the_same() -> None:
    signer = {"company": {"name": "Acme"}}
    made = variant("email", intent={"tone": "professional"}, task={"context": signer})

    assert made.subject == DRAFT["title"]
    assert made.content.startswith("Hello,\n\nOur Q4 growth rate: 35%.")
    assert made.content.endswith("Tell us in a reply.\n\nKind regards,\nAcme")
    assert "#" not in made.content
    assert made.html is not None
    assert 'name="viewport"' in made.html
    assert problems(made) == []
    assert any("Greeting and closing were added" in note for note in made.notes)


@pytest.mark.parametrize(
    ("given", "closing"),
    [
        ({}, "Tell us in a reply."),
        ({"context": {"company": "  "}}, "Tell us in a reply."),
        ({"context": {"company": "Acme"}}, "Kind regards,\nAcme"),
        ({"context": {"brand": "Acme", "sender": "Ann"}}, "Kind regards,\nAnn"),
        ({"preferences": {"brand": "Acme"}}, "Kind regards,\nAcme"),
        ({"context": {"sender": "Ann\n\n@x [go](http://evil.example)"}}, "Kind regards,\nAnn"),
    ],
)
def test_an_email_is_signed_by_who_is_named_and_by_nobody_else(given: Json, closing: str) -> None:
    made = variant("email", intent={"tone": "professional"}, task=given)

    last = made.content.split("\n\n")[-1]
    assert last.startswith(closing) or last.endswith(closing)
    assert "http" not in last
    assert ("no closing" in " ".join(made.notes)) is ("regards" not in closing)


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("![x](https://e.com/a.png) [click](javascript:alert('a b')) now.", "x click now."),
        ("Write to [Ann](mailto:ann@e.com?subject=x).", "Write to Ann (ann@e.com)."),
        ('See [it](https://e.com/a "Title").', "See it (https://e.com/a)."),
    ],
)
def test_a_link_keeps_its_address_if_readers_can_follow_it(marked: str, plain: str) -> None:
    assert variant("linkedin", {"content": marked}).content == plain


def test_a_written_email_keeps_its_own_greeting_and_closing() -> None:
    text = "Dear partners,\n\nRevenue is $150,000.\n\nReply today.\n\nBest regards,\nAda"
    draft = {"kind": "email", "content": text, "subject": "Revenue in Q4"}

    made = variant("email", draft)

    assert made.content == text
    assert made.subject == "Revenue in Q4"


def test_greeting_and_closing_of_an_email_do_not_reach_a_post() -> None:
    text = "Dear partners,\n\nRevenue is $150,000.\n\nBest regards,\nAda"

    made = variant("linkedin", {"kind": "email", "content": text})

    assert made.content == "Revenue is $150,000."


def test_german_emails_are_framed_in_german_by_tone() -> None:
    draft = {"content": "Der Umsatz liegt bei 150.000 $. Schreiben Sie es in die Kommentare."}

    signer = {"context": {"company": "Acme"}}
    formal = variant("email", draft, intent={"language": "de", "tone": "formal"}, task=signer)
    casual = variant("email", draft, intent={"language": "de", "tone": "casual"}, task=signer)

    assert formal.content.startswith("Guten Tag,")
    assert formal.content.endswith("Mit freundlichen Grüßen\nAcme")
    assert casual.content.startswith("Hallo,")
    assert "in einer Antwort auf diese E-Mail" in formal.content
    assert 'lang="de"' in (formal.html or "")


def test_a_language_without_wordings_falls_back_to_english_and_says_so() -> None:
    made = variant("email", intent={"language": "fr"})

    assert made.content.startswith("Hello,")
    assert any("'fr'" in note for note in made.notes)


def test_a_long_subject_is_shortened_between_words_and_numbers_stay_whole() -> None:
    subject = "Our monthly revenue has now reached a very remarkable level of $1.8 million a year"

    made = variant("email", {"content": HOOK, "subject": subject})

    assert made.subject is not None
    assert len(made.subject) <= SUBJECT_RECOMMENDED
    assert subject.startswith(made.subject.rstrip("…"))
    assert "$1…" not in made.subject


@pytest.mark.parametrize("channel", ["linkedin", "twitter", "email"])
def test_what_the_request_forbids_is_not_in_the_result(channel: str) -> None:
    text = f"\U0001f680 {HOOK}\n\n{BODY[0]} We love #data.\n\n{ACTION}"
    draft = {**DRAFT, "content": text}

    made = variant(channel, draft, no_hashtags=True, no_emojis=True)

    assert hashtags(made.content) == []
    assert made.hashtags == ()
    assert "\U0001f680" not in made.content
    assert "We love data." in made.content or channel == "twitter"
    assert "Emojis were removed." in made.notes


@pytest.mark.parametrize("channel", ["linkedin", "twitter", "email"])
@pytest.mark.parametrize(
    "constraints", [{"max_characters": 150}, {"max_words": 25}, {"max_sentences": 3}]
)
def test_limits_of_the_request_hold_in_every_channel(channel: str, constraints: Json) -> None:
    made = variant(channel, **constraints)

    assert len(made.content) <= constraints.get("max_characters", 10_000)
    spoken = [word for word in made.content.split() if not word.startswith("#")]
    assert len(spoken) <= constraints.get("max_words", 10_000)
    assert made.content.removeprefix("Hello,\n\n").startswith(HOOK)


def test_a_demanded_phrase_survives_shortening() -> None:
    made = variant("linkedin", max_characters=260, must_include=["$468.75"])

    assert "$468.75" in made.content
    assert made.content.startswith(HOOK)
    assert len(made.content) <= 260


def test_hashtags_hold_what_was_asked_for() -> None:
    assert variant("linkedin", max_hashtags=1).hashtags == ("#Growth",)
    assert variant("linkedin", must_avoid=["growth"]).hashtags == ("#Q4Results", "#Revenue")
    many = {**DRAFT, "hashtags": ["#" + letter for letter in "abcdefgh"], "content": HOOK}
    assert len(variant("linkedin", many).hashtags) == 5


def test_a_text_to_be_published_as_it_is_is_not_changed() -> None:
    text = "Dear all. We did it! Tell us in the comments. #one\n\n#two #three #four #five #six"

    mail = variant("email", {"content": "Dear all. #one", "subject": "s"}, verbatim=True)
    post = variant("linkedin", {"content": text}, verbatim=True)

    assert mail.content == "Dear all. #one"
    assert post.content == text


def test_marks_of_a_model_are_taken_out_and_links_stay() -> None:
    text = "## Results\n\n**Revenue** is *up*, see [the report](https://example.com/a_b_c)\n* one\n"

    made = variant("linkedin", {"content": text})

    assert made.content == (
        "Results\n\nRevenue is up, see the report (https://example.com/a_b_c)\n• one"
    )
    assert any("marks" in note for note in made.notes)


@pytest.mark.parametrize("draft", [None, "", {}, [], 5, {"content": "  "}, {"hashtags": ["#a"]}])
def test_a_draft_without_text_is_given_up_with_a_reason(draft: Any) -> None:
    outcome = run("linkedin", draft)

    if draft == {"hashtags": ["#a"]}:
        assert outcome == run("linkedin", draft)
    else:
        assert isinstance(outcome, GiveUp)
        assert "content" in outcome.reason


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.shown: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.shown.append(data)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_html_shows_any_text_and_lets_none_become_markup(text: str) -> None:
    reader = _Reader()

    reader.feed(email_html(text, subject=text, preview=text, language='"><script>'))

    allowed = {"html", "head", "meta", "title", "body", "div", "table", "tr", "td", "p", "h2",
               "br", "a"}  # fmt: skip
    assert set(reader.tags) <= allowed
    shown = "".join("".join(reader.shown).split())
    assert all(word in shown for word in text.split())


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["one = 1", "<script>alert(1)</script>", "url(x)", "https://example.com/a_(b)?c=d&e",
             "javascript:alert(1)", "a & b", "\n\n", "\n", "• x", "Title", "üß", "1.8 million",
             " onload=x", "'\"", "&lt;", "\U0001f680", "[x](https://example.com)", "**b**", "#Tag"]
        ),
        min_size=1,
        max_size=12,
    )
)  # fmt: skip
def test_the_html_of_any_text_is_safe_and_says_what_the_text_says(pieces: list[str]) -> None:
    outcome = run("email", {"content": " ".join(pieces), "subject": "A subject"})

    if isinstance(outcome, Done):
        found = {issue.code for issue in problems(ChannelVariant.model_validate(outcome.output))}
        assert not found & {HTML_MISMATCH, UNSAFE_HTML}


drafts = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["content", "text", "body", "hook", "hashtags", "call_to_action", "draft", "title",
             "subject", "kind", "notes", "result", "other"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(drafts, st.sampled_from(list(Channel)), st.dictionaries(st.sampled_from(
    ["max_characters", "max_words", "parts", "must_include", "must_avoid", "no_emojis",
     "no_hashtags", "verbatim", "max_hashtags"]), drafts, max_size=4))  # fmt: skip
def test_any_answer_of_a_foreign_tool_gives_a_variant_or_a_reason(
    draft: Any, channel: Channel, constraints: Json
) -> None:
    outcome = run(channel.value, draft, **constraints)

    if isinstance(outcome, Done):
        made = ChannelVariant.model_validate(outcome.output)
        limit = LIMITS[channel]
        assert made.content.strip()
        assert limit is None or (made.characters <= limit) == made.is_within_limits
        assert run(channel.value, draft, **constraints) == outcome
    else:
        assert isinstance(outcome, GiveUp)
