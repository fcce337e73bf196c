"""Chances of tiers, learned from judged prompts and kept only where they foretell something."""

from random import Random

import pytest

from agents.models.price_table import price_table
from agents.models.prompt_chances import Judged, PromptChances, learn_chances
from agents.models.router import choose
from agents.models.tiers import Tier
from tests.agents.models.asks import ask

EASY, HARD = "greet the new customer number {}", "derive the forecast of cohort {}"


def judged(count: int, tier: Tier, noise: float = 0.1, seed: int = 1) -> list[Judged]:
    """Easy prompts mostly pass and hard ones mostly fail; with noise .5 nothing can be learned."""
    chance = Random(seed)
    rows = []
    for _ in range(count):
        is_easy = chance.random() < 0.5
        text = (EASY if is_easy else HARD).format(chance.randint(1, 99))
        rows.append(Judged(text, tier, is_easy is (chance.random() > noise)))
    return rows


@pytest.fixture(name="learned", scope="module")
def _learned() -> PromptChances:
    return learn_chances(judged(600, Tier.FREE) + judged(40, Tier.BUDGET), least=200)


def test_a_tier_is_foretold_from_prompts_of_its_kind(learned: PromptChances) -> None:
    easy, hard = learned.of(EASY.format(7)), learned.of(HARD.format(7))

    assert easy[Tier.FREE] > 0.8 > 0.3 > hard[Tier.FREE]
    assert learned.verdicts[Tier.FREE].error < learned.verdicts[Tier.FREE].blind


def test_a_tier_with_too_few_judged_prompts_is_not_learned(learned: PromptChances) -> None:
    assert set(learned.tiers) == set(learned.verdicts) == {Tier.FREE}


def test_where_nothing_can_be_learned_nothing_is_kept() -> None:
    found = learn_chances(judged(300, Tier.FREE, noise=0.5), least=200)

    assert found.tiers == {}
    assert not found.verdicts[Tier.FREE].is_kept
    assert found.of("anything") == {}


def test_what_was_learned_can_be_recorded_and_read_back(learned: PromptChances) -> None:
    again = PromptChances.model_validate_json(learned.model_dump_json())

    assert again == learned
    assert again.of(EASY) == learned.of(EASY)


def test_the_router_takes_the_free_tier_for_what_it_does_well_and_not_for_the_rest(
    learned: PromptChances,
) -> None:
    easy, hard = (
        choose(ask(learned=learned.of(text)), price_table()).tier
        for text in (EASY.format(7), HARD.format(7))
    )

    assert easy is Tier.FREE
    assert hard is not Tier.FREE
