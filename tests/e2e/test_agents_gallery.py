"""Ten requests for each of the five agents end in something, and the page shows what."""

import asyncio
import re

import pytest

from agents.figures.facts import Fact
from agents.figures.numbers import find_numbers, matches
from streams.domain.values import Json
from tests.e2e.agents_gallery import AGENTS, IMAGES, PAGE, Shown, load, page, pictures, shown_by
from tests.e2e.gallery import end_of


@pytest.fixture(scope="module")
def shown() -> list[Shown]:
    return asyncio.run(shown_by(load()))


def test_there_are_ten_requests_for_each_of_the_five_agents() -> None:
    assert {agent: len(entries) for agent, entries in load().items()} == dict.fromkeys(AGENTS, 10)


def test_each_request_ends_in_an_answer_a_question_or_a_reason(shown: list[Shown]) -> None:
    ends = {f"{one.agent} {one.number}": _end(one) for one in shown}

    unexplained = {"failure: None", "failure: "}
    assert {name: end for name, end in ends.items() if end in unexplained} == {}
    assert len(ends) == sum(map(len, load().values()))


def test_every_number_that_the_financial_agent_states_is_a_fact(shown: list[Shown]) -> None:
    loose = {one.title: _loose(one) for one in shown if one.agent == "financial"}

    assert {title: found for title, found in loose.items() if found} == {}


def test_a_chart_says_in_words_what_it_shows_and_lies_beside_the_page(shown: list[Shown]) -> None:
    drawn = [one for one in shown if one.chart]

    assert len(drawn) >= 5
    assert {file.name for file in pictures(drawn[:1])} == {drawn[0].image.name}
    for one in drawn:
        assert re.search(r"<desc[^>]*>[^<]+</desc>", one.chart)
        assert (IMAGES / one.image.name).read_bytes().startswith(b"\x89PNG")


def test_the_page_in_the_docs_is_what_the_command_writes(shown: list[Shown]) -> None:
    assert PAGE.read_text("utf-8") == page(shown), "run `make gallery` and look at what changed"


def _end(one: Shown) -> str:
    return "answer" if one.output else end_of(one.state)


def _loose(one: Shown) -> list[str]:
    """The numbers of what was told that are no fact of any step; remarks claim nothing."""
    outputs = [work.accepted for work in one.state.works.values()]
    facts = [Fact.model_validate(fact) for output in outputs for fact in _facts(output)]
    told = [text for output in outputs for text in output.get("insights") or ()]
    language = one.state.intent.language if one.state.intent else "de"
    return [
        mention.quote
        for text in told
        for mention in find_numbers(text, language)
        if not any(matches(mention, fact) for fact in facts)
    ]


def _facts(output: Json) -> list[Json]:
    facts = output.get("facts")
    return facts if isinstance(facts, list) else []
