"""The content agent: posts, threads, e-mails, reports and checks, from facts and by demands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.catalog import builtin_tools
from agents.content import CONTENT
from agents.contract import GiveUp
from agents.platforms.limits import measure
from agents.writing.prose import sentences, words
from streams.domain.commands import CommandKind
from streams.domain.request import TONES
from streams.domain.values import Channel, Json
from tests.agents.writing_tasks import (
    DECLINE,
    MIXED,
    SEED,
    analysis,
    command,
    outcome,
    output,
    understood,
    ungrounded,
    write,
    writing,
)

GROWTH = "Create a LinkedIn post about our Q4 growth metrics"
RESULTS = "Create a LinkedIn post about our Q4 results"
GERMAN = "Schreibe einen LinkedIn-Beitrag über unsere Ergebnisse im Q4"


def test_the_worked_example_becomes_a_post_from_its_figures() -> None:
    draft = write(GROWTH, SEED)

    assert "35%" in draft["hook"]
    assert "Q4 2024" in draft["hook"]
    assert draft["content"].startswith(draft["hook"])
    assert {"growth_rate_q4", "revenue_monthly", "conversion_rate"} <= set(
        draft["metrics_referenced"]
    )
    assert draft["title"] == "Growth rate of 35% in Q4 2024"
    assert draft["call_to_action"] in draft["content"]
    assert 420 <= len(draft["content"]) <= 1300
    assert 3 <= len(draft["hashtags"]) <= 5
    assert len(draft["alternatives"]) >= 2
    assert draft["is_offline"] is True
    assert ungrounded(draft) == []


def test_a_draft_has_the_fields_that_the_catalogue_promises() -> None:
    tool = next(tool for tool in builtin_tools() if tool.tool_id == "content_generator")

    draft = write(GROWTH, SEED)

    assert set(draft) == set(tool.output_schema["properties"])


def test_every_number_is_referenced_as_it_is_written() -> None:
    draft = write(GROWTH, SEED)

    assert draft["metrics_referenced"]["revenue_monthly"] == "$150,000"
    assert all(text in draft["content"] for text in draft["metrics_referenced"].values())


def test_the_same_request_gives_the_same_text_and_another_may_read_otherwise() -> None:
    requests = [f"{RESULTS}, version for the {n}th team" for n in ("4", "5", "6", "7", "8", "9")]

    texts = {write(request, SEED)["content"] for request in requests}

    assert write(GROWTH, SEED) == write(GROWTH, SEED)
    assert len(texts) > 3


@pytest.mark.parametrize("request_text", [RESULTS, GERMAN])
@pytest.mark.parametrize("tone", TONES)
def test_every_tone_tells_the_facts_in_its_own_way(tone: str, request_text: str) -> None:
    draft = write(request_text, SEED, tone=tone)

    language = "de" if request_text == GERMAN else "en"
    assert ungrounded(draft, language) == []
    assert len(draft["hook"]) <= 140
    assert draft["content"].count("!") <= 1
    has_emoji = any(ord(character) > 0x1F000 for character in draft["content"])
    assert not has_emoji or tone in ("casual", "friendly", "enthusiastic", "witty")


def test_no_two_tones_open_and_close_alike() -> None:
    drafts = [write(RESULTS, MIXED, tone=tone) for tone in TONES]

    frames = {(draft["hook"], draft["call_to_action"]) for draft in drafts}

    assert len(frames) == len(TONES)


def test_formal_english_has_no_contractions_and_casual_english_has() -> None:
    formal = [write(RESULTS, facts, tone="formal")["content"] for facts in (SEED, MIXED)]
    casual = [write(RESULTS, facts, tone="casual")["content"] for facts in (SEED, MIXED, DECLINE)]

    assert not any("'" in text for text in formal)
    assert any("'" in text for text in casual)


def test_formal_german_says_sie_and_friendly_german_du() -> None:
    formal = write(GERMAN, SEED, tone="professional")["call_to_action"]
    friendly = write(GERMAN, SEED, tone="friendly")["call_to_action"]

    assert any(word in formal for word in ("Sie", "Ihr", "Ihnen"))
    assert any(word in friendly for word in ("du", "dich", "dein", "dir"))


def test_a_decline_is_told_as_a_decline_although_growth_was_asked_for() -> None:
    draft = write("Create a LinkedIn post about our Q4 growth", DECLINE)

    assert any(word in draft["hook"] for word in ("fell", "down", "dropped"))
    assert not any(word in draft["content"] for word in ("grew", "rose", "📈"))
    assert any("show a decline" in note for note in draft["notes"])
    assert "#Growth" not in draft["hashtags"]


def test_levels_without_an_earlier_period_are_no_growth() -> None:
    levels = {"revenue_monthly": 150_000, "customer_count": 320}

    draft = write("Create a LinkedIn post about our revenue growth", levels)

    assert not any(word in draft["content"] for word in ("grew", "rose", "growth of"))
    assert "#Growth" not in draft["hashtags"]
    assert any("no figure shows any" in note for note in draft["notes"])


def test_good_and_bad_news_stand_in_the_same_post() -> None:
    draft = write(RESULTS, MIXED)

    assert "25%" in draft["content"]
    assert "0.5 percentage points" in draft["content"]
    assert "churn rate" in draft["content"]


def test_what_follows_by_arithmetic_is_said() -> None:
    draft = write(RESULTS, MIXED)

    assert "Revenue grew faster than the number of customers" in draft["content"]


def test_remarks_of_the_analysis_are_passed_on() -> None:
    draft = write(GROWTH, SEED)

    assert "growth_rate_q4 = 35% was given, not computed." in draft["notes"]


def test_without_figures_the_post_says_what_the_request_says_and_no_more() -> None:
    request = (
        "Announce our new office in Berlin on LinkedIn for our customers. "
        "We open on May 5. The rooms are right next to the main station."
    )

    draft = write(request, {})

    assert "our new office in Berlin" in draft["content"].replace("Our", "our")
    assert "open on May 5" in draft["content"]
    assert "next to the main station" in draft["content"]
    assert "[" not in draft["content"]
    assert "Announce" not in draft["content"]
    assert any("gets better with" in note for note in draft["notes"])


def test_figures_of_competitors_are_never_told_as_our_own() -> None:
    theirs = {
        "fact_id": "Acme.revenue_monthly",
        "label": "monthly revenue (Acme)",
        "value": 900_000.0,
        "unit": "usd",
        "kind": "given",
        "source": "context.competitors[0].revenue_monthly",
        "period": "",
        "text": "$900,000",
    }
    research = {"findings": ["Acme: monthly revenue $900,000."], "facts": [theirs], "notes": []}

    post = write(GROWTH, SEED, inputs={"research": research})
    report = write("Analyse the market", SEED, "create_report", inputs={"research": research})

    assert "900,000" not in post["content"]
    assert "Acme: monthly revenue $900,000." in report["content"]
    assert ungrounded(report) == []


def test_thanks_are_said_and_not_announced() -> None:
    draft = write("Write a LinkedIn post thanking our team for reaching 500 customers", {})

    assert draft["hook"] == "Thank you to our team for reaching 500 customers."
    assert any("500" in note and "check" in note for note in draft["notes"])


def test_a_statement_about_the_form_is_not_part_of_the_text() -> None:
    draft = write("Write a post about our new office. Casual tone, no emojis. We open in May.", {})

    assert "tone" not in draft["content"]
    assert "we open in May" in draft["content"]


def test_what_the_topic_says_beside_the_figures_is_not_lost() -> None:
    metrics = {"churn_rate": 0.02, "previous": {"churn_rate": 0.03}}

    draft = write("Write a LinkedIn post about our churn after the new onboarding", metrics)

    assert "new onboarding" in draft["content"]
    assert "1 percentage point to 2%" in draft["content"]


def test_a_round_number_reached_from_below_is_a_milestone() -> None:
    metrics = {"customer_count": 10_000, "previous": {"customer_count": 8_700}}

    draft = write("Create a LinkedIn post about our customers", metrics)

    assert "ilestone" in draft["hook"]
    assert "10,000 customers" in draft["hook"]
    assert "#Milestone" in draft["hashtags"]


def test_a_change_that_is_neither_good_nor_bad_is_told_without_judgement() -> None:
    metrics = {"employees": 50, "previous": {"employees": 35}}

    draft = write("Create a LinkedIn post about our employees", metrics)

    assert "number of employees grew 42.9% to 50" in draft["content"] or "up 42.9%" in draft["hook"]
    assert "a level, not a trend" not in draft["content"]


def test_parts_of_a_whole_are_told_by_their_share() -> None:
    metrics = {"revenue": {"emea": 500_000, "apac": 200_000, "us": 300_000}}

    draft = write("Post about our revenue by region", metrics)

    assert "EMEA" in draft["hook"]
    assert "50%" in draft["hook"]


def test_a_language_that_is_not_served_becomes_english_with_a_note() -> None:
    draft = write(GROWTH, SEED, language="fr")

    assert "growth" in draft["content"]
    assert any("'fr' became English" in note for note in draft["notes"])


# ---------------------------------------------------------------------------------- demands


def test_a_thread_has_the_parts_that_were_asked_for() -> None:
    draft = write("Write a thread of 5 tweets about our Q4 growth", SEED, "create_thread")

    assert draft["kind"] == "thread"
    assert len(draft["body"]) == 5
    assert draft["body"][0] == draft["hook"]
    assert all(measure(Channel.TWITTER, part) <= 260 for part in draft["body"])
    assert not any(part.startswith(("1/", "1.")) for part in draft["body"])
    assert ungrounded(draft) == []


def test_a_thread_is_not_padded_when_there_is_little_to_say() -> None:
    draft = write("Write a thread of 9 tweets about our NPS", {"nps": 62}, "create_thread")

    assert 1 < len(draft["body"]) < 9
    assert any("not for 9" in note for note in draft["notes"])


def test_an_email_has_subject_greeting_request_and_sign_off() -> None:
    request = "Write an email newsletter to our investors about our Q4 results"

    draft = write(request, MIXED, "create_email")

    assert draft["subject"]
    assert len(draft["subject"]) <= 60
    assert draft["content"].startswith("Dear investors,")
    assert draft["content"].endswith("Kind regards,\nThe team")
    assert 2 <= len(draft["body"]) <= 4
    assert draft["content"].count(draft["call_to_action"]) == 1
    assert "#" not in draft["content"]
    assert ungrounded(draft) == []


def test_a_post_for_x_alone_fits_one_post() -> None:
    draft = write("Tweet about our Q4 results", MIXED, channels=["twitter"])

    assert measure(Channel.TWITTER, draft["content"]) <= 280
    assert len(draft["hashtags"]) <= 2


def test_the_demanded_call_to_action_is_used_word_by_word() -> None:
    draft = write(f"{RESULTS}. End with the call to action: Book a demo today", MIXED)

    assert "Book a demo today" in draft["content"]


def test_phrases_that_must_be_included_are_there_word_by_word() -> None:
    draft = write(f'{RESULTS}. Mention "steady progress".', MIXED)

    assert "steady progress" in draft["content"]


def test_what_is_both_demanded_and_forbidden_stays_out_with_a_note() -> None:
    demands = {"must_include": ["steady progress"], "must_avoid": ["steady"]}
    task = understood(RESULTS, MIXED)
    task["intent"]["constraints"] |= demands

    asked = writing(task, analysis(task), "create_post")
    result = CONTENT.computes["content_generator"](asked)

    draft = result.output  # type: ignore[union-attr]
    assert "steady" not in draft["content"].lower()
    assert any("the request also forbids it" in note for note in draft["notes"])


def test_a_forbidden_metric_is_not_told_in_any_form() -> None:
    draft = write(f"{RESULTS}. Don't mention churn.", MIXED)

    assert "churn" not in draft["content"].lower()
    assert "#Churn" not in draft["hashtags"]
    assert "25%" in draft["content"]


def test_without_numbers_the_story_is_told_in_words() -> None:
    draft = write("Create a post about our Q4 results, no numbers please", MIXED)

    text = " ".join((draft["title"], draft["content"], *draft["hashtags"]))
    assert not any(character.isdigit() for character in text)
    assert "grew" in text or "went up" in text
    assert draft["metrics_referenced"] == {}


def test_hashtags_can_be_forbidden_and_limited() -> None:
    none = write(f"{RESULTS}, no hashtags", MIXED)
    two = write(f"{RESULTS}, at most 2 hashtags", MIXED)

    assert none["hashtags"] == []
    assert "#" not in none["content"]
    assert len(two["hashtags"]) == 2


def test_a_post_that_cannot_be_as_long_as_asked_says_so_instead_of_inventing() -> None:
    draft = write("Create a LinkedIn post about our NPS, at least 300 words", {"nps": 62})

    assert len(words(draft["content"])) < 300
    assert any("300 words" in note for note in draft["notes"])


def test_what_may_not_be_said_at_all_is_given_up_with_a_reason() -> None:
    task = understood("Write a post", {})
    task["intent"]["constraints"] = {"max_characters": 0}

    result = outcome(CONTENT, writing(task, {}, "create_post"))

    assert isinstance(result, GiveUp)
    assert "name a topic" in result.reason


def test_a_command_dispatched_by_itself_writes_from_what_it_carries() -> None:
    task = understood(GROWTH, SEED)
    payload = {"narrative": analysis(task), "tone": "casual", "business_metrics": SEED}

    draft = output(CONTENT, command(CommandKind.RUN_STEP, payload, action="generate_post"))

    assert "35%" in draft["content"]
    assert ungrounded(draft) == []


def test_a_dispatched_command_tells_its_bare_metrics() -> None:
    payload = {"business_metrics": {"revenue_monthly": 150_000}, "language": "de"}

    draft = output(CONTENT, command(CommandKind.RUN_STEP, payload, action="create_post"))

    assert "150.000 $" in draft["content"]


def test_an_unknown_action_is_given_up_with_what_there_is() -> None:
    result = outcome(CONTENT, command(CommandKind.RUN_STEP, {}, "content_generator", "dance"))

    assert isinstance(result, GiveUp)
    assert "create_post" in result.reason


# ------------------------------------------------------------------------- reports and checks


def test_a_report_begins_with_its_result_and_shows_given_and_derived() -> None:
    metrics: Json = {"revenue_monthly": [100, 110, 120, 135, 150], "customer_count": 320}

    draft = write("Analyze our revenue and forecast next quarter", metrics, "create_report")

    assert draft["kind"] == "report"
    assert draft["content"].startswith("If the trend goes on, monthly revenue will be about")
    assert "What was given\n- Monthly revenue" in draft["content"]
    assert "monthly revenue times twelve" in draft["content"]
    assert "with a 95% interval from" in draft["content"]
    assert "the linear trend goes on" in draft["content"]
    assert draft["details"]["chart"].startswith("<svg")
    figures = draft["content"].split("What the data do not allow")[0]
    assert ungrounded(draft | {"content": figures}) == []


def test_everything_that_the_analysis_remarks_is_in_the_report() -> None:
    task = understood("Analyse our metrics", SEED)
    report = analysis(task)

    draft = CONTENT.computes["content_generator"](writing(task, report, "create_report")).output  # type: ignore[union-attr]

    assert report["notes"]
    assert all(note in draft["content"] for note in report["notes"])


def test_a_report_without_any_figures_says_so() -> None:
    draft = write("Analyse our metrics", {}, "create_report")

    assert draft["content"]
    assert "none were given" in draft["content"]


def test_a_check_names_risk_place_rule_and_suggestion_and_is_no_legal_advice() -> None:
    text = "Our tool is great. We guarantee 20% returns."
    finding = {
        "rule": "guarantee-1",
        "title": "Guaranteed returns",
        "severity": "critical",
        "jurisdiction": "US",
        "citation": "FINRA 2210(d)(1)(B)",
        "quote": "guarantee 20% returns",
        "start": 22,
        "end": 43,
        "message": "a result is promised",
        "suggestion": "say what was reached",
    }
    inputs = {
        "kind": "check",
        "draft": {"kind": "answer", "content": text},
        "compliance_report": {"risk_level": "critical", "findings": [finding]},
    }

    draft = write(f"Check for compliance: '{text}'", {}, "create_report", inputs=inputs)

    assert draft["kind"] == "check"
    assert draft["content"].startswith("The risk level is critical: one point")
    assert "Place: in the second sentence" in draft["content"]
    assert "FINRA 2210(d)(1)(B), US" in draft["content"]
    assert "Suggestion: say what was reached." in draft["content"]
    assert "no legal advice" in draft["content"]
    assert draft["details"]["risk_level"] == "critical"


def test_a_check_without_findings_is_no_proof() -> None:
    inputs = {"kind": "check", "compliance_report": {"risk_level": "low", "findings": []}}

    draft = write("Check for compliance: 'Hello there'", {}, "create_report", inputs=inputs)

    assert "no proof" in draft["content"]


# -------------------------------------------------------------------------------- properties

NAMES = (
    "revenue_monthly",
    "customer_count",
    "traffic_monthly",
    "churn_rate",
    "nps",
    "cac",
    "ltv",
    "conversion_rate",
    "active_users",
    "growth_rate_q4",
    "costs_monthly",
)


@st.composite
def metrics(draw: st.DrawFn) -> Json:
    def value(name: str) -> float:
        if "rate" in name:
            return draw(st.floats(0.001, 0.99).map(lambda x: round(x, 4)))
        return draw(st.integers(1, 5_000_000))

    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True))
    found: Json = {name: value(name) for name in names}
    before = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
    return found | ({"previous": {name: value(name) for name in before}} if before else {})


@settings(max_examples=60, deadline=None)
@given(
    metrics(),
    st.sampled_from(TONES),
    st.sampled_from(["en", "de"]),
    st.sampled_from(["create_post", "create_thread", "create_email", "create_report"]),
)
def test_every_number_of_every_text_is_a_fact(
    given_metrics: Json, tone: str, language: str, action: str
) -> None:
    draft = write(RESULTS, given_metrics, action, tone=tone, language=language)

    assert ungrounded(draft, language) == []


@settings(max_examples=60, deadline=None)
@given(
    metrics(),
    st.sampled_from(TONES),
    st.sampled_from(["max_words", "max_characters", "max_sentences"]),
    st.integers(3, 120),
)
def test_limits_always_hold(given_metrics: Json, tone: str, name: str, limit: int) -> None:
    limit = limit * 5 if name == "max_characters" else limit
    task = understood(RESULTS, given_metrics, tone=tone)
    task["intent"]["constraints"] |= {name: limit}

    draft = CONTENT.computes["content_generator"](
        writing(task, analysis(task), "create_post")
    ).output  # type: ignore[union-attr]

    text = draft["content"]
    without_tags = " ".join(word for word in text.split() if not word.startswith("#"))
    length = {
        "max_words": len(words(text)),
        "max_characters": len(text),
        "max_sentences": len(sentences(without_tags)),
    }
    assert text
    assert length[name] <= limit


@settings(max_examples=60, deadline=None)
@given(
    metrics(),
    st.sampled_from(TONES),
    st.lists(
        st.sampled_from(
            [
                "revenue",
                "customers",
                "growth",
                "percent",
                "figures",
                "comments",
                "number",
                "monthly",
                "churn",
                "conversion",
                "numbers",
                "share",
                "metrics",
                "the figure",
                "annual",
                "team",
            ]
        ),
        min_size=1,
        max_size=4,
        unique=True,
    ),
)
def test_what_must_be_avoided_never_occurs(
    given_metrics: Json, tone: str, avoided: list[str]
) -> None:
    task = understood(RESULTS, given_metrics, tone=tone)
    task["intent"]["constraints"] |= {"must_avoid": avoided}

    result = outcome(CONTENT, writing(task, analysis(task), "create_post"))

    draft = getattr(result, "output", {"content": "", "title": "", "alternatives": []})
    text = "\n".join((draft["content"], draft["title"], *draft["alternatives"])).lower()
    assert not [phrase for phrase in avoided if phrase in text]
