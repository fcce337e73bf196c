"""Twenty different requests each end in something that a careful person would accept."""

import asyncio

import pytest

from agents.figures.facts import Fact
from agents.figures.numbers import find_numbers, matches
from streams.domain.values import Json
from tests.e2e.gallery import PAGE, Exhibit, end_of, exhibits, load, page


@pytest.fixture(scope="module")
def shown() -> list[Exhibit]:
    return asyncio.run(exhibits(load()))


def test_there_are_twenty_different_requests() -> None:
    entries = load()

    assert len(entries) == 20
    assert len({entry["request"] for entry in entries}) == 20


def test_each_request_ends_as_a_careful_person_would_want(shown: list[Exhibit]) -> None:
    ends = {exhibit.entry["name"]: exhibit.end for exhibit in shown}

    assert ends == {entry["name"]: entry["ends"] for entry in load()}
    assert {end_of(e.last) for e in shown} <= {"deliverable", "refusal"}


def test_every_number_in_every_text_is_a_given_or_derived_fact(
    shown: list[Exhibit],
) -> None:
    loose = {e.entry["name"]: _loose_numbers(e) for e in shown if e.last.deliverable is not None}

    # The text to be checked or edited is the user's own: its numbers are quoted, not claimed.
    own = {"A compliance check", "An edit"}
    assert {name: found for name, found in loose.items() if found and name not in own} == {}


def test_the_page_in_the_docs_is_what_the_command_writes(shown: list[Exhibit]) -> None:
    assert PAGE.read_text("utf-8") == page(shown), "run `make gallery` and look at what changed"


def _loose_numbers(exhibit: Exhibit) -> list[str]:
    state = exhibit.last
    assert state.deliverable is not None
    facts = [
        Fact.model_validate(fact) for work in state.works.values() for fact in _facts(work.accepted)
    ]
    language = state.intent.language if state.intent else "en"
    texts = [state.deliverable.content, *(v.content for v in state.deliverable.variants)]
    # A remark says how something was computed ("over the 12 values given"): it claims nothing.
    for note in state.deliverable.notes:
        texts = [text.replace(note, "") for text in texts]
    return [
        mention.quote
        for text in texts
        for mention in find_numbers(text, language)
        if not any(matches(mention, fact) for fact in facts)
    ]


def _facts(output: Json) -> list[Json]:
    facts = output.get("facts")
    return facts if isinstance(facts, list) else []
