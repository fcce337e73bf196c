"""Refining by findings that say how good a text is: common sentences, repeats, calls, hashtags."""

from agents.quality import codes
from streams.domain.values import Json
from tests.agents.writing_tasks import issue, refine, ungrounded, write

REQUEST = "Write a LinkedIn post about our customer growth"
FACTS: Json = {"customer_count": 410, "previous": {"customer_count": 380}}
COMMON = "This is an exciting time for all of us."


def with_body(*lines: str) -> Json:
    """The draft of the writer with these lines in front of its body."""
    draft = write(REQUEST, FACTS)
    body = [*lines, *draft["body"]]
    tags = " ".join(draft["hashtags"])
    parts = (draft["hook"], *body, draft["call_to_action"], tags)
    return draft | {"body": body, "content": "\n\n".join(parts)}


def found(draft: Json, code: str, quote: str) -> Json:
    start = draft["content"].index(quote)
    evidence = {"quote": quote, "start": start, "end": start + len(quote), "source": "", "note": ""}
    return issue(code) | {"evidence": evidence}


def test_a_common_sentence_is_left_out() -> None:
    draft = with_body(COMMON)

    better = refine(draft, REQUEST, FACTS, issues=(found(draft, codes.GENERIC_SENTENCE, COMMON),))

    assert COMMON not in better["content"]
    assert "410" in better["content"]


def test_the_answer_to_a_question_stays_with_it() -> None:
    draft = with_body(f"What does that mean? {COMMON}")

    better = refine(draft, REQUEST, FACTS, issues=(found(draft, codes.GENERIC_SENTENCE, COMMON),))

    assert f"What does that mean? {COMMON}" in better["content"]


def test_a_figure_that_was_told_before_goes_with_its_sentence() -> None:
    again = "We have 410 customers."
    draft = with_body(again)

    better = refine(draft, REQUEST, FACTS, issues=(found(draft, codes.REPEATED_FACT, "410"),))
    repeated = found(draft, codes.REPEATED_FACT, again) | {}
    repeated["evidence"]["quote"] = "410"
    best = refine(draft, REQUEST, FACTS, issues=(repeated,))

    assert "410" in better["content"]
    assert again not in best["content"]


def test_an_unfit_call_gives_way_to_one_about_the_subject() -> None:
    draft = write(REQUEST, FACTS)
    call = "Let that be a lesson, get in touch."
    unfit = draft | {
        "call_to_action": call,
        "content": draft["content"].replace(draft["call_to_action"], call),
    }

    better = refine(unfit, REQUEST, FACTS, issues=(found(unfit, codes.UNFIT_CALL_TO_ACTION, call),))

    assert call not in better["content"]
    assert "customers" in better["call_to_action"]


def test_a_hashtag_off_the_topic_is_taken_away_and_the_others_stay() -> None:
    draft = write(REQUEST, FACTS)
    tags = [*draft["hashtags"], "#Monday"]
    off = draft | {"hashtags": tags, "content": f"{draft['content']} #Monday"}

    better = refine(off, REQUEST, FACTS, issues=(found(off, codes.OFF_TOPIC_HASHTAG, "#Monday"),))

    assert better["hashtags"] == draft["hashtags"]
    assert "#Monday" not in better["content"]


def test_a_thin_text_gets_what_the_facts_still_have_to_say() -> None:
    facts = {"revenue_monthly": 150_000, "customer_count": 320}
    request = "Write a LinkedIn post about our revenue and customers"
    thin = {"kind": "post", "content": "Our monthly revenue is $150,000.\n\nWhat do you think?"}

    better = refine(thin, request, facts, issues=(issue(codes.THIN),))

    assert len(better["content"]) > len(thin["content"])
    assert "$468.75" in better["content"]
    assert ungrounded(better) == []
