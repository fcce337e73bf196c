"""Refinement: findings are repaired, people's remarks carried out, and nothing is made worse."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.content import CONTENT
from agents.contract import GiveUp
from agents.platforms.limits import problems
from agents.quality import codes
from streams.domain.commands import CommandKind
from streams.domain.deliverable import ChannelVariant
from streams.domain.values import Channel, Json
from tests.agents.writing_tasks import (
    MIXED,
    SEED,
    command,
    issue,
    outcome,
    refine,
    ungrounded,
    write,
)

REQUEST = "Create a LinkedIn post about our Q4 growth metrics"
RESULTS = "Create a LinkedIn post about our Q4 results"
GERMAN = "Schreibe einen LinkedIn-Beitrag über unsere Ergebnisse im Q4"


def foreign(content: str, **parts: object) -> Json:
    """A draft that a model or a human wrote, with a question at its end."""
    return {"kind": "post", "content": content, "is_offline": False} | parts


# ---------------------------------------------------------------------------- what people say


@pytest.mark.parametrize(
    ("remark", "request_text"), [("Shorter please", REQUEST), ("Bitte kürzer", GERMAN)]
)
def test_shorter_makes_the_text_shorter_and_keeps_its_first_figure(
    remark: str, request_text: str
) -> None:
    draft = write(request_text, SEED)

    better = refine(draft, request_text, SEED, feedback=(remark,))

    assert len(better["content"]) <= 0.7 * len(draft["content"])
    assert "35" in better["content"]
    assert ungrounded(better, "de" if request_text == GERMAN else "en") == []


def test_each_remark_builds_on_the_one_before() -> None:
    draft = write(REQUEST, SEED)

    once = refine(draft, REQUEST, SEED, feedback=("shorter",))
    twice = refine(once, REQUEST, SEED, feedback=("shorter", "without hashtags"))

    assert "#" in once["content"]
    assert "#" not in twice["content"]
    assert len(twice["content"]) < len(once["content"])


def test_a_remark_is_carried_out_once() -> None:
    draft = write(REQUEST, SEED)

    once = refine(draft, REQUEST, SEED, feedback=("remove the second paragraph",))
    again = refine(once, REQUEST, SEED, feedback=("remove the second paragraph",))

    assert again["content"] == once["content"]


def test_a_more_casual_text_is_written_in_that_tone() -> None:
    draft = write(REQUEST, SEED)

    better = refine(draft, REQUEST, SEED, feedback=("more casual",))

    assert better["content"] == write(REQUEST, SEED, tone="casual")["content"]
    assert better["content"] != draft["content"]


@pytest.mark.parametrize(
    ("remark", "expected", "gone"),
    [
        ("less salesy please", "", "What a number"),
        ('mention "our Berlin team"', "our Berlin team", ""),
        ("Erwähne „unser Team in Köln“", "unser Team in Köln", ""),
        ("ohne Hashtags", "", "#"),
        ("no emojis", "", "📈"),
        ("no numbers", "", "35%"),
        ("please don't mention the conversion rate", "", "conver"),
        ('replace "Our monthly revenue" with "Monthly income"', "Monthly income", ""),
        ('don\'t say "monthly visits"', "", "monthly visits"),
        ("End with the call to action: Join our webinar", "Join our webinar", ""),
    ],
)
def test_what_a_remark_asks_for_is_done(remark: str, expected: str, gone: str) -> None:
    draft = write(REQUEST, SEED, tone="friendly")

    better = refine(draft, REQUEST, SEED, feedback=(remark,), tone="friendly")

    assert expected in better["content"]
    assert not gone or gone not in better["content"]
    assert better["content"] != draft["content"]


def test_too_formal_means_friendlier() -> None:
    draft = write(REQUEST, SEED, tone="formal")

    better = refine(draft, REQUEST, SEED, feedback=("This is too formal",), tone="formal")

    assert better["content"] == write(REQUEST, SEED, tone="friendly")["content"]


def test_mention_of_a_metric_brings_its_figure() -> None:
    request = "Create a LinkedIn post about our revenue"
    draft = write(request, MIXED)

    better = refine(draft, request, MIXED, feedback=("please mention the churn",))

    assert "churn" not in draft["content"]
    assert "3%" in better["content"]
    assert ungrounded(better) == []


def test_the_named_paragraph_is_removed_and_no_other() -> None:
    text = (
        "First thought here.\n\nSecond thought here.\n\nThird thought here.\n\nWhat do you think?"
    )

    better = refine(foreign(text), RESULTS, {}, feedback=("remove the second paragraph",))

    assert better["content"] == text.replace("Second thought here.\n\n", "")


def test_what_is_not_understood_is_said_and_nothing_changed() -> None:
    draft = write(REQUEST, SEED)

    better = refine(draft, REQUEST, SEED, feedback=("Make it sing like the ocean",))

    assert better["content"] == draft["content"]
    assert any("Make it sing like the ocean" in note for note in better["notes"])


def test_praise_is_no_wish() -> None:
    draft = write(REQUEST, SEED)

    better = refine(draft, REQUEST, SEED, feedback=("Great, thanks!",))

    assert better["content"] == draft["content"]
    assert not any("Not understood" in note for note in better["notes"])


def test_a_text_that_a_human_changed_is_edited_and_not_written_anew() -> None:
    draft = write(REQUEST, SEED)
    content = draft["content"].replace(draft["hook"], "My very own first line, by hand.")

    better = refine(draft | {"content": content}, REQUEST, SEED, feedback=("without hashtags",))

    assert better["content"].startswith("My very own first line, by hand.")
    assert "#" not in better["content"]


# -------------------------------------------------------------------------------- findings


def test_an_invented_number_becomes_the_fact_that_it_was_meant_to_be() -> None:
    text = "A word on our quarter.\n\nOur monthly revenue is $200,000 now.\n\nWhat do you think?"

    better = refine(
        foreign(text), REQUEST, SEED, issues=(issue(codes.UNGROUNDED_NUMBER, "$200,000"),)
    )

    assert "$150,000" in better["content"]
    assert "$200,000" not in better["content"]


def test_an_invented_number_without_a_fact_goes_with_its_sentence() -> None:
    text = "A word on our quarter.\n\nWe have 45 offices. We like them.\n\nWhat do you think?"

    better = refine(foreign(text), REQUEST, SEED, issues=(issue(codes.UNGROUNDED_NUMBER, "45"),))

    assert "45" not in better["content"]
    assert "We like them." in better["content"]


def test_a_wrong_number_in_the_first_line_goes_too() -> None:
    text = "We grew 99% this year!\n\nOur monthly revenue is $150,000.\n\nWhat do you think?"

    better = refine(
        foreign(text, hook="We grew 99% this year!"), REQUEST, SEED,
        issues=(issue(codes.UNGROUNDED_NUMBER, "99%"), issue(codes.NO_HOOK)),
    )  # fmt: skip

    assert "99%" not in better["content"]
    assert "35%" in better["hook"]


@pytest.mark.parametrize(
    ("code", "quote", "sentence"),
    [
        (codes.GUARANTEE, "guarantee", "We guarantee better results."),
        (codes.SUPERLATIVE, "the best", "We are the best tool for teams."),
        (codes.FORWARD_LOOKING, "will double", "Our revenue will double next year."),
        (codes.PERSONAL_DATA, "jane@example.com", "Write to jane@example.com today."),
        (codes.URGENCY_PRESSURE, "last chance", "This is your last chance to join."),
        (codes.WRONG_DIRECTION, "fell", "Our revenue fell to $150,000."),
        (codes.TESTIMONIAL, "everyone loves", "It is true that everyone loves us."),
        (codes.PLACEHOLDER, "[Company name]", "We at [Company name] are glad."),
        (codes.CONFIDENTIAL_METRIC, "churn rate", "Our churn rate is secret."),
        (codes.COPIED_REQUEST, "Create a LinkedIn post", "Create a LinkedIn post about this."),
        (codes.CLICHE, "At the end of the day", "At the end of the day, we like our work."),
    ],
)
def test_what_a_finding_objects_to_is_gone_and_the_rest_stays(
    code: str, quote: str, sentence: str
) -> None:
    text = f"A word on our quarter.\n\n{sentence} We serve 320 customers.\n\nWhat do you think?"

    better = refine(foreign(text), REQUEST, SEED, issues=(issue(code, quote),))

    assert quote.lower() not in better["content"].lower()
    assert "We serve 320 customers." in better["content"]


def test_a_guarantee_is_put_in_cautious_words() -> None:
    text = "A word to you.\n\nWe guarantee better results for teams.\n\nWhat do you think?"

    better = refine(foreign(text), REQUEST, {}, issues=(issue(codes.GUARANTEE, "guarantee"),))

    assert "We work towards better results for teams." in better["content"]


@pytest.mark.parametrize(
    ("code", "bad", "good"),
    [
        (codes.MARKDOWN_LEAK, "**Our revenue** is *fine*.", "Our revenue is fine."),
        (codes.TOO_MANY_EXCLAMATIONS, "We did it!!! Great!", "We did it. Great."),
        (codes.UNTIDY_SPACE, "We  did it , too.", "We did it, too."),
        (codes.SHOUTING, "We have AMAZING news.", "We have Amazing news."),
        (codes.FORBIDDEN_EMOJI, "We did it 🎉.", "We did it."),
        (codes.HYPE, "A revolutionary tool for you.", "A new tool for you."),
    ],
)
def test_form_is_repaired_in_place(code: str, bad: str, good: str) -> None:
    text = f"A word on our quarter.\n\n{bad}\n\nWhat do you think?"

    better = refine(foreign(text), REQUEST, {}, issues=(issue(code, bad),))

    assert good in better["content"]


def test_a_missing_metric_and_a_missing_call_are_added() -> None:
    text = "A word on our quarter.\n\nWe recorded a growth rate of 35%."

    better = refine(
        foreign(text), REQUEST, SEED,
        issues=(issue(codes.MISSING_METRIC), issue(codes.NO_CALL_TO_ACTION),
                issue(codes.NO_HASHTAGS), issue(codes.MISSING_PERIOD)),
    )  # fmt: skip

    assert "$150,000" in better["content"]
    assert better["call_to_action"]
    assert better["hashtags"]
    assert "Q4 2024" in better["content"]
    assert ungrounded(better | {"alternatives": []}) == []


def test_too_many_hashtags_become_five() -> None:
    text = "A word on our quarter.\n\nWhat do you think?\n\n#A1 #Bb #Cc #Dd #Ee #Ff #Gg"

    better = refine(foreign(text), REQUEST, {}, issues=(issue(codes.TOO_MANY_HASHTAGS),))

    assert better["hashtags"] == ["#A1", "#Bb", "#Cc", "#Dd", "#Ee"]


def test_a_long_sentence_is_split_at_a_clause() -> None:
    sentence = (
        "We moved into a larger building at the edge of the old town with a view over the river, "
        "and we still have room for everyone who would like to come and work with us this year."
    )
    text = f"A word on our quarter.\n\n{sentence}\n\nWhat do you think?"

    better = refine(foreign(text), REQUEST, {}, issues=(issue(codes.LONG_SENTENCE, sentence),))

    assert "over the river. We still have room" in better["content"]


def test_a_finding_that_rules_cannot_repair_leaves_the_text_with_a_note() -> None:
    text = "A word on our quarter.\n\nWe like it.\n\nWhat do you think?"

    better = refine(foreign(text), REQUEST, {}, issues=(issue("too_poetic", "like"),))

    assert better["content"] == text
    assert any("too_poetic" in note for note in better["notes"])


def test_who_wrote_the_draft_is_not_forgotten() -> None:
    text = "A word on our quarter.\n\n**We** like it.\n\nWhat do you think?"

    better = refine(foreign(text), REQUEST, {}, issues=(issue(codes.MARKDOWN_LEAK, "**We**"),))

    assert better["is_offline"] is False


@pytest.mark.parametrize(
    "draft", [{}, {"content": ""}, {"content": 5}, {"rows": [1, 2]}, {"text": "Only a text."}]
)
def test_a_draft_of_any_shape_is_taken(draft: Json) -> None:
    better = refine(draft, REQUEST, SEED, issues=(issue(codes.NO_HOOK),))

    assert isinstance(better["content"], str)
    assert better["notes"] or better["content"]


def test_a_right_number_elsewhere_stays_when_a_wrong_one_like_it_goes() -> None:
    text = (
        "A word on us.\n\nWe serve 320 customers. Our churn is 320 percent.\n\nWhat do you think?"
    )
    start = text.index("320 percent")
    found = issue(codes.WRONG_METRIC, "320")
    found["evidence"]["start"] = start

    better = refine(foreign(text), REQUEST, SEED, issues=(found,))

    assert "We serve 320 customers." in better["content"]
    assert "churn" not in better["content"]


def test_what_a_repair_changed_is_said() -> None:
    text = "A word on our quarter.\n\n**We** like it.\n\nWhat do you think?"

    better = refine(foreign(text), REQUEST, {}, issues=(issue(codes.MARKDOWN_LEAK, "**We**"),))

    assert any("markdown leak" in note for note in better["notes"])


def test_a_repair_does_not_undo_an_earlier_wish() -> None:
    draft = write(REQUEST, SEED)
    once = refine(draft, REQUEST, SEED, feedback=("without hashtags",))

    again = refine(
        once, REQUEST, SEED, feedback=("without hashtags",), issues=(issue(codes.NO_HASHTAGS),)
    )

    assert "#" not in again["content"]


def test_a_text_that_is_to_be_published_word_by_word_is_not_repaired() -> None:
    text = "We did **it**. Tell everyone about the new office!"
    request = f'Publish this text on LinkedIn as it is: "{text}"'

    better = refine(foreign(text), request, {}, issues=(issue(codes.MARKDOWN_LEAK, "**it**"),))

    assert better["content"] == text
    assert any("word by word" in note for note in better["notes"])


def test_a_thread_stays_a_thread_with_its_parts() -> None:
    request = "Write a thread of 5 tweets about our Q4 growth"
    draft = write(request, SEED, "create_thread")

    better = refine(
        draft | {"content": draft["content"].replace("grew", "grew")}, request, SEED,
        issues=(issue(codes.TOO_MANY_EXCLAMATIONS), issue(codes.MARKDOWN_LEAK)),
    )  # fmt: skip

    assert better["kind"] == "thread"
    assert better["body"] == draft["body"]
    assert better["hook"] == draft["hook"]


def test_an_email_without_a_subject_gets_one() -> None:
    draft = {
        "kind": "email",
        "content": "Dear all,\n\nWe open in May.\n\nPlease join us.",
        "title": "",
    }

    better = refine(
        draft, "Write an e-mail about our opening", {}, issues=(issue(codes.NO_SUBJECT),)
    )

    assert better["subject"] == "We open in May"
    assert better["content"].startswith("Dear all,")


def test_a_report_that_lacks_its_parts_is_written_anew() -> None:
    draft = {"kind": "report", "content": "Numbers are fine.", "title": "Report"}

    better = refine(draft, "Analyse our metrics", SEED, issues=(issue(codes.NO_PROVENANCE),))

    assert "What was given" in better["content"]


# ------------------------------------------------------------------------------ properties

_CODES = sorted(codes.MEANINGS)
_SENTENCES = (
    "Our monthly revenue is $150,000.",
    "We had 77 offices in 2019!",
    "We guarantee **everything**.",
    "The best tool, [your name].",
    "Of 250,000 monthly visits, 4.5% convert.",
    "Growth hit 900% and that is very, very good.",
    "What do you think?",
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=6),
    st.lists(
        st.tuples(
            st.sampled_from(_CODES), st.sampled_from(("77", "900%", "guarantee", "", "best"))
        ),
        max_size=6,
    ),
)
def test_a_refinement_never_brings_in_a_number_that_is_no_fact(
    said: list[str], found: list[tuple[str, str]]
) -> None:
    draft = foreign("\n\n".join(said))
    before = ungrounded(
        draft | {"title": "", "alternatives": [], "details": write(REQUEST, SEED)["details"]}
    )

    better = refine(draft, REQUEST, SEED, issues=tuple(issue(code, q) for code, q in found))

    assert better["content"].strip()
    facts = write(REQUEST, SEED)["details"]
    after = ungrounded(better | {"title": "", "alternatives": [], "details": facts})
    assert {one.split(" in ")[0] for one in after} <= {one.split(" in ")[0] for one in before}


def test_a_repaired_post_has_no_problem_on_its_platform() -> None:
    text = "**Big** news!!!\n\nWe at [Company] did it.\n\nMore to come?"

    better = refine(
        foreign(text), REQUEST, SEED,
        issues=(issue(codes.MARKDOWN_LEAK, "**Big**"), issue(codes.PLACEHOLDER, "[Company]")),
    )  # fmt: skip

    variant = ChannelVariant(channel=Channel.LINKEDIN, content=better["content"])
    assert [p.code for p in problems(variant) if p.code in ("markdown_leak", "placeholder")] == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**6) | st.text(max_size=30)
    | st.sampled_from(["Our revenue is $5. Yes!", "## x\n\n- a\n- b", "#Tag #Other", "…", "[x]"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["content", "facts", "notes", "findings", "hook", "body", "call_to_action",
                         "kind", "topic", "must_include", "must_avoid", "max_words", "language",
                         "tone", "constraints", "date_range", "label", "metrics", "channels",
                         "hashtags", "details", "writer", "wishes", "draft", "insights", "code",
                         "evidence", "quote", "risk_level", "narrative", "comparisons", "subject",
                         "parts", "audience", "claimed_numbers", "no_numbers", "min_words"]),
        inner, max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


_PARTS = (
    "intent", "inputs", "output", "materials", "issues", "feedback", "request",
    "business_metrics", "step",
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(
        ["create_post", "create_thread", "create_email", "create_report", "edit", "refine"]
    ),
    st.fixed_dictionaries({}, optional=dict.fromkeys(_PARTS, _JSON)),
)
def test_whatever_is_handed_over_is_answered(action: str, payload: Json) -> None:
    asked = command(CommandKind.RUN_STEP, payload, "content_generator", action)

    result = outcome(CONTENT, asked)

    assert isinstance(result, GiveUp) or result.output["content"].strip()  # type: ignore[union-attr]


@pytest.mark.parametrize("odd", [5, "text", [1], {"a": 1}, None, True])
@pytest.mark.parametrize(
    "place", ["notes", "insights", "findings", "narrative", "facts", "details", "hashtags", "body"]
)
def test_an_odd_value_in_any_place_is_survived(place: str, odd: object) -> None:
    report = {"facts": [{"fact_id": "x"}], "comparisons": [], place: odd}
    draft = foreign("Our revenue is **fine**.\n\nWhat do you think?", **{place: odd})
    draft["details"] = {"writer": {"wishes": odd}}
    payload = {
        "request": REQUEST,
        "intent": {"constraints": {"topic": "our launch"}},
        "output": draft,
        "materials": {"a": report, "b": report | {"findings": odd}},
        "issues": [issue(codes.MARKDOWN_LEAK, "**fine**")],
        "feedback": ["shorter"],
    }

    better = outcome(CONTENT, command(CommandKind.REFINE, payload))
    post = outcome(
        CONTENT, command(CommandKind.RUN_STEP, payload, "content_generator", "create_post")
    )
    report_text = outcome(
        CONTENT, command(CommandKind.RUN_STEP, payload, "content_generator", "create_report")
    )

    assert "**" not in better.output["content"]  # type: ignore[union-attr]
    assert post.output["content"]  # type: ignore[union-attr]
    assert report_text.output["content"]  # type: ignore[union-attr]
