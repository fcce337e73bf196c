"""The scores tell excellent, plain and generic texts apart, and say where and why."""

from dataclasses import replace
from functools import cache
from statistics import fmean

import pytest

from agents.quality import codes
from agents.quality.assessment import assess, judged_afresh
from agents.quality.prose import read_prose, words_in
from agents.writing.prose import without_hashtags, words
from streams.domain.quality import DimensionScore, QualityAssessment, QualityIssue
from tests.agents.quality_drafts import GROWN, Sample, payload_of
from tests.agents.quality_posts import EXCELLENT, GENERIC, PLAIN

BY_NAME = {sample.name: sample for sample in (*EXCELLENT, *PLAIN, *GENERIC)}
GROWTH, HEADLINE = BY_NAME["plain growth"], BY_NAME["headline figure"]


@cache
def judged(name: str) -> QualityAssessment:
    return assess(payload_of(BY_NAME[name]))


def issues(sample: Sample, code: str) -> list[QualityIssue]:
    return [issue for issue in assess(payload_of(sample)).issues if issue.code == code]


def quotes(sample: Sample, code: str) -> list[str]:
    return [issue.evidence.quote for issue in issues(sample, code) if issue.evidence]


def dimension(sample: Sample, name: str) -> DimensionScore:
    found = assess(payload_of(sample)).dimensions
    return next(one for one in found if one.name == name)


# ------------------------------------------------------------------------------------ grades


@pytest.mark.parametrize("sample", EXCELLENT, ids=lambda s: s.name)
def test_an_excellent_text_scores_at_least_ninety_three(sample: Sample) -> None:
    assessment = judged(sample.name)

    assert assessment.overall >= 0.93, assessment.issues
    assert not assessment.failed_gates, assessment.issues


@pytest.mark.parametrize("sample", PLAIN, ids=lambda s: s.name)
def test_a_plain_text_passes_without_shining(sample: Sample) -> None:
    assessment = judged(sample.name)

    assert 0.85 <= assessment.overall < 0.94
    assert not assessment.failed_gates


@pytest.mark.parametrize("sample", GENERIC, ids=lambda s: s.name)
def test_a_generic_text_misses_the_final_threshold(sample: Sample) -> None:
    assessment = judged(sample.name)

    assert 0.7 <= assessment.overall < 0.85
    assert not assessment.failed_gates  # it is poor, and nothing in it is wrong


def test_the_grades_lie_apart() -> None:
    means = [fmean(judged(s.name).overall for s in g) for g in (EXCELLENT, PLAIN, GENERIC)]

    assert means[0] - means[1] > 0.03
    assert means[1] - means[2] > 0.1


@pytest.mark.parametrize(
    "sample", [s for s in GENERIC if s.kind == "post" and "Q4" in s.request], ids=lambda s: s.name
)  # fmt: skip
def test_a_better_version_scores_higher_by_more_than_noise(sample: Sample) -> None:
    generic = judged(sample.name)
    better = assess(payload_of(replace(sample, text=GROWTH.text, metrics=GROWN)))

    assert better.is_better_than(generic)


# -------------------------------------------------------------------- what a refiner is told


def test_sentences_that_could_stand_in_any_text_are_named_with_their_spans() -> None:
    found = quotes(BY_NAME["levels and phrases"], codes.GENERIC_SENTENCE)

    assert "The total shows the size of the business." in found
    assert "They are the base for the next comparison." in found
    assert not any("$150,000" in quote for quote in found)


@pytest.mark.parametrize(
    "sentence",
    [
        "The comparison is with the previous period, on the same metrics.",
        "The annual rate is a multiplication, not a forecast.",
        "We compare with the period before, like for like.",
        "These figures describe where we stand.",
        "Progress is what counts for us.",
    ],
)
def test_remarks_and_truisms_are_generic(sentence: str) -> None:
    sample = replace(GROWTH, text=f"{GROWTH.text.split('What do')[0]}{sentence}\n\n#Revenue")

    assert sentence in quotes(sample, codes.GENERIC_SENTENCE)


@pytest.mark.parametrize(
    "sentence",
    [
        "We hired a second person for onboarding.",
        "Most of it came from the bakery on Elm Street.",
        "Revenue grew faster than the customer base.",
    ],
)
def test_causes_people_and_conclusions_are_not_generic(sentence: str) -> None:
    sample = replace(GROWTH, text=f"{GROWTH.text.split('What do')[0]}{sentence}\n\n#Revenue")

    assert sentence not in quotes(sample, codes.GENERIC_SENTENCE)


def test_naming_the_topic_in_the_words_of_the_request_says_nothing() -> None:
    echo = "Here it comes: our new office in Lisbon!"
    request = "Write a LinkedIn post about our new office in Lisbon"
    bare = Sample("", request, f"{echo}\n\nCurious? Ask us anything.\n\n#Lisbon")
    full = bare.with_text("Curious?", "The lease runs for a decade. Marta moves in first. Curious?")

    assert issues(bare, codes.THIN)
    assert assess(payload_of(bare)).overall < 0.8
    assert echo in quotes(full, codes.GENERIC_SENTENCE)
    assert echo not in quotes(bare, codes.GENERIC_SENTENCE)  # nothing else is there to be kept


def test_a_thin_text_is_told_which_facts_it_could_tell() -> None:
    sample = replace(GROWTH, text="Our monthly revenue grew 25%.\n\nWhat do you think?\n\n#Revenue")

    (thin,) = issues(sample, codes.THIN)

    assert "customers" in thin.suggestion
    assert thin.evidence
    assert thin.evidence.quote.startswith("Our monthly revenue")


def test_a_short_text_that_was_asked_for_short_is_not_thin() -> None:
    text = "Revenue grew 25% because 20 more customers joined. Which moved first for you?"
    sample = replace(GROWTH, text=text, constraints={"max_words": 15})

    assert not issues(sample, codes.THIN)


@pytest.mark.parametrize(
    ("line", "is_weak"),
    [
        ("Our headline figure: monthly revenue up 25%.", True),
        ("An update from us: monthly revenue up 25%.", True),
        ("A quick look at our numbers: monthly revenue up 25%.", True),
        ("We are happy to share our results for revenue.", True),
        ("Revenue grew 25%, but we won only 20 customers.", False),
        ("Why did revenue grow 25% without a new sales team?", False),
        ("Our monthly revenue grew 25% in Q4 2024.", False),
    ],
)
def test_a_first_line_is_strong_by_what_it_says(line: str, is_weak: bool) -> None:
    sample = GROWTH.with_text("Our monthly revenue grew 25% in Q4 2024.", line)

    assert (quotes(sample, codes.WEAK_HOOK) == [line]) is is_weak


def test_a_contrast_makes_a_better_first_line_than_a_bare_figure() -> None:
    bare = GROWTH
    contrast = GROWTH.with_text("grew 25% in Q4 2024.", "grew 25%, but not by new customers.")

    name = "engagement_potential"

    assert dimension(contrast, name).score > dimension(bare, name).score


def test_the_second_mention_of_a_figure_is_named() -> None:
    sample = GROWTH.with_text("We are happy with this result", "Revenue is now $150,000")

    found = issues(sample, codes.REPEATED_FACT)

    assert [i.evidence.quote for i in found if i.evidence] == ["$150,000"]
    assert found[0].evidence
    assert found[0].evidence.start == sample.text.rindex("$150,000")


@pytest.mark.parametrize("tag", ["#LinkedIn", "#BusinessMetrics", "#Update", "#Bananas"])
def test_a_hashtag_of_another_subject_is_named(tag: str) -> None:
    sample = GROWTH.with_text("#Growth", tag)

    assert quotes(sample, codes.OFF_TOPIC_HASHTAG) == [tag]


@pytest.mark.parametrize("tag", ["#CustomerGrowth", "#Q4Results", "#MonthlyRevenue", "#Umsatz"])
def test_a_hashtag_about_the_subject_is_fine(tag: str) -> None:
    sample = GROWTH.with_text("#Growth", tag)

    assert not quotes(sample, codes.OFF_TOPIC_HASHTAG)


def test_a_second_hashtag_for_the_same_is_one_too_many() -> None:
    assert quotes(GROWTH.with_text("#Growth", "#Customer"), codes.OFF_TOPIC_HASHTAG) == [
        "#Customer"
    ]


def test_a_call_that_could_end_any_text_is_worth_less_than_one_about_it() -> None:
    own = GROWTH.with_text("What do you think?", "Which customers brought your revenue?")

    assert issues(GROWTH, codes.UNFIT_CALL_TO_ACTION)
    assert not issues(own, codes.UNFIT_CALL_TO_ACTION)
    assert assess(payload_of(own)).overall > assess(payload_of(GROWTH)).overall


def test_the_call_that_was_asked_for_is_wanted_and_no_other() -> None:
    asked = replace(GROWTH, constraints={"call_to_action": "reply with questions before Friday"})
    kept = asked.with_text("What do you think? Let us know in the comments.",
                           "Please reply with your questions before Friday.")  # fmt: skip

    unfit = issues(asked, codes.UNFIT_CALL_TO_ACTION)

    assert unfit
    assert "before Friday" in unfit[0].suggestion
    assert not issues(kept, codes.UNFIT_CALL_TO_ACTION)
    assert dimension(kept, "completeness").score - dimension(asked, "completeness").score > 0.1


# --------------------------------------------------------------------------------- coverage


def test_every_metric_that_the_request_names_must_be_told() -> None:
    sample = Sample(
        "", "Write a LinkedIn post about how our March went: sign-ups and revenue",
        "Monthly revenue rose 20% to $84,000.\n\nThe background: sign-ups and revenue.\n\n#Revenue",
        metrics={"signups": 2400, "revenue_monthly": 84_000,
                 "previous": {"signups": 1600, "revenue_monthly": 70_000}},
    )  # fmt: skip
    both = sample.with_text("The background: sign-ups and revenue.", "2,400 sign-ups came first.")

    (missing,) = issues(sample, codes.MISSING_METRIC)

    assert "2,400" in missing.suggestion
    assert not issues(both, codes.MISSING_METRIC)
    assert dimension(both, "completeness").score - dimension(sample, "completeness").score >= 0.15


def test_metrics_that_are_meant_but_not_named_need_not_all_be_told() -> None:
    sample = replace(GROWTH, request="Write a LinkedIn post about our Q4 growth metrics")

    assert not issues(sample, codes.MISSING_METRIC)


def test_the_readers_of_a_text_are_no_metric() -> None:
    text = "Our revenue grew 25%. Which part of it surprises you?"
    sample = replace(GROWTH, request="Write a post about revenue for our customers", text=text)

    assert not issues(sample, codes.MISSING_METRIC)


@pytest.mark.parametrize(
    "request_text",
    [
        "Create a LinkedIn post about our Q4 growth metrics",
        "Write a LinkedIn post about how our revenue did in Q4 2024",
        "Write a LinkedIn post about the development of revenue and customers this quarter",
    ],
)
def test_a_topic_of_metrics_and_common_words_is_covered_by_the_metrics(request_text: str) -> None:
    sample = replace(GROWTH, request=request_text)

    assert not issues(sample, codes.MISSING_REQUIREMENT)


# ------------------------------------------------------------------------ rhythm and reports


def test_sentences_with_one_beginning_after_the_other_are_monotone() -> None:
    text = "Our revenue grew. Our team grew fast too. Our market is growing now. Our plan is set."

    assert issues(replace(GROWTH, text=text), codes.MONOTONE)
    assert not issues(BY_NAME["an honest decline"], codes.MONOTONE)


def test_a_figure_that_is_of_nothing_by_its_sentence_is_told_less_accurately() -> None:
    clear = HEADLINE.with_text("the figure was 300", "we had 300 customers")

    assert dimension(HEADLINE, "accuracy").score < dimension(clear, "accuracy").score == 1.0
    assert dimension(HEADLINE, "accuracy").has_passed


def test_a_report_of_many_lines_is_worth_less_than_one_of_those_that_matter() -> None:
    head = "Monthly revenue grew 25%, from $120,000 to $150,000.\n\nFindings\n"
    lines = ["- Customers: 320, after 300", "- Revenue grew faster than customers"]
    short = replace(GROWTH, kind="report", text=head + "\n".join(lines))
    long = replace(short, text=head + "\n".join(lines * 20))

    assert dimension(short, "structure").score - dimension(long, "structure").score > 0.3
    assert issues(long, codes.TOO_MANY_LINES)
    assert not issues(short, codes.TOO_MANY_LINES)


# ----------------------------------------------------------------------------------- memory


def test_the_same_text_with_the_same_facts_is_judged_once() -> None:
    payload = payload_of(GROWTH)
    other_step = payload | {"subject": "write", "refinements": 1, "scores": {"tone": 1.0}}

    assert assess(payload) is assess(other_step)


@pytest.mark.parametrize(
    "change",
    [
        {"output": {"kind": "post", "content": "Another text about revenue."}},
        {"business_metrics": {"revenue_monthly": 1}},
        {"materials": {}},
        {"request": "Write about something else"},
        {"feedback": ["mention 40 dentists"]},
    ],
    ids=["text", "metrics", "facts", "request", "feedback"],
)
def test_whatever_an_assessment_depends_on_makes_it_another(change: dict[str, object]) -> None:
    payload = payload_of(GROWTH)

    assert assess(payload) is not assess(payload | change)


def test_remedies_are_written_for_known_codes() -> None:
    assert codes.REMEDIES.keys() <= codes.MEANINGS.keys()
    wanted = {
        codes.GENERIC_SENTENCE, codes.WEAK_HOOK, codes.REPEATED_FACT, codes.MISSING_METRIC,
        codes.THIN, codes.UNFIT_CALL_TO_ACTION, codes.OFF_TOPIC_HASHTAG,
    }  # fmt: skip

    assert wanted <= codes.REMEDIES.keys()


@pytest.mark.parametrize("sample", [*EXCELLENT[:3], *GENERIC[:2]], ids=lambda s: s.name)
def test_memory_gives_the_answer_that_judging_again_would_give(sample: Sample) -> None:
    payload = payload_of(sample)

    assert assess(payload) == judged_afresh(payload)


# ------------------------------------------------------------------------------------ counting


@pytest.mark.parametrize("sample", [*EXCELLENT, *GENERIC], ids=lambda s: s.name)
def test_words_are_counted_as_the_writer_counts_them(sample: Sample) -> None:
    assert words_in(sample.text) == len(words(without_hashtags(sample.text)))


@pytest.mark.parametrize(
    ("text", "count"),
    [("Q4 grew 25%.", 3), ("In Q4 2024 — at last", 5), ("B2B sign-ups #Growth", 2), ("", 0)],
)
def test_a_name_with_a_digit_is_one_word(text: str, count: int) -> None:
    assert words_in(text) == count


def test_a_number_ends_an_english_sentence_and_is_an_ordinal_in_german() -> None:
    english = read_prose("We won 20. Revenue followed.", "en")
    german = read_prose("Ab dem 3. März gilt das neue Angebot.", "de")

    assert [s.text for s in english.sentences] == ["We won 20.", "Revenue followed."]
    assert len(german.sentences) == 1


def test_two_metrics_that_happen_to_have_one_value_are_no_repetition() -> None:
    text = "Cash is $1,710,000. ARR was $1,710,000 before and is $1,920,000 now."
    metrics = {"cash": 1_710_000, "arr": 1_920_000, "previous": {"arr": 1_710_000}}
    sample = Sample("", "Write a post about our cash and ARR", text, metrics=metrics)

    assert not issues(sample, codes.REPEATED_FACT)
