"""The choice of a model: what holds for every question, and one rule at a time."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.models.choice import Ask, Basis, Candidate, Choice, Pin, Reason
from agents.models.posterior import Cell, Tally
from agents.models.price_table import price_table
from agents.models.router import choose, escalated
from agents.models.tiers import Complexity, TaskType, Tier
from agents.models.tokens import Tokens
from tests.agents.models.asks import DAY, PROVIDERS, TOKENS, ask

TABLE = price_table()
IDS = [model.model_id for model in TABLE.data.models]
OPEN = {Reason.CHOSEN, Reason.BELOW_BAR, Reason.DEARER, Reason.EXPLORED}

chances = st.floats(0, 1)
pins = st.builds(
    Pin,
    model=st.none() | st.sampled_from([*IDS, *TABLE.data.aliases, "unheard-of"]),
    tier=st.none() | st.sampled_from(Tier),
    provider=st.none() | st.sampled_from(sorted(PROVIDERS)),
)
tallies = st.builds(Tally, passed=st.floats(0, 200), failed=st.floats(0, 200))
asks = st.builds(
    Ask,
    task_type=st.sampled_from(TaskType),
    complexity=st.sampled_from(Complexity),
    priority=st.sampled_from(("low", "medium", "high")),
    tokens=st.builds(
        Tokens,
        input=st.integers(1, 2_000_000),
        output=st.integers(1, 5_000),
        most_output=st.integers(5_000, 200_000),
    ),
    day=st.dates().map(str) | st.just(DAY),
    available=st.frozensets(st.sampled_from(sorted(PROVIDERS))),
    cooling=st.frozensets(st.sampled_from(IDS), max_size=5),
    budget=st.none() | st.floats(0, 0.5),
    outcomes=st.dictionaries(
        st.builds(Cell, st.sampled_from([one.value for one in TaskType]), st.sampled_from(Tier)),
        tallies,
    ),
    learned=st.dictionaries(st.sampled_from(Tier), chances),
    pin=st.just(Pin()) | pins,
    failed=st.just(()),
    failed_rank=st.integers(-1, 4),
    exploration=st.just(0.0) | chances,
    draw=st.floats(0, 1, exclude_max=True),
    is_control=st.booleans(),
)


def chosen(choice: Choice) -> Candidate | None:
    taken = [one for one in choice.candidates if one.reason is Reason.CHOSEN]
    assert len(taken) == (choice.model_id is not None)
    return taken[0] if taken else None


def reason_of(choice: Choice, model_id: str) -> Reason:
    return next(one.reason for one in choice.candidates if one.model_id == model_id)


@given(asks)
@settings(max_examples=250, deadline=None)
def test_a_choice_keeps_to_budget_dates_providers_and_limits(asked: Ask) -> None:
    choice = choose(asked, TABLE)

    for model_id in filter(None, (choice.model_id, *choice.fallbacks)):
        model = TABLE.by_id[model_id]
        most = model.cost(asked.tokens.input, min(asked.tokens.most_output, model.output))
        assert asked.budget is None or most <= asked.budget
        assert not model.is_retired(asked.day)
        assert model.provider in asked.available
        assert model_id not in asked.cooling
        assert asked.tokens.input + asked.tokens.output <= model.context
        assert not model.task_types or asked.task_type in model.task_types
        assert model.tier.rank > asked.failed_rank


@given(asks)
@settings(max_examples=250, deadline=None)
def test_nothing_better_by_its_own_estimates_was_left(asked: Ask) -> None:
    choice = choose(asked, TABLE)
    taken = chosen(choice)

    if taken is None or choice.basis is Basis.EXPLORATION:
        return
    rivals = [one for one in choice.candidates if one.reason in OPEN]
    if taken.chance >= choice.bar:
        good = [one for one in rivals if one.chance >= choice.bar]
        assert taken.estimated_cost == min(one.estimated_cost for one in good)
    else:
        assert taken.chance == max(one.chance for one in rivals)


@given(asks)
@settings(max_examples=150, deadline=None)
def test_a_choice_accounts_for_every_model_and_for_all_of_the_chance(asked: Ask) -> None:
    choice = choose(asked, TABLE)

    assert [one.model_id for one in choice.candidates] == IDS
    total = sum(one.propensity for one in choice.candidates)
    assert total == pytest.approx(1 if choice.model_id else 0)
    assert choice.model_id is None or choice.propensity > 0
    assert choice.model_id not in choice.fallbacks
    assert len(set(choice.fallbacks)) == len(choice.fallbacks)
    assert choice.model_id or choice.note


@given(asks)
@settings(max_examples=100, deadline=None)
def test_a_choice_is_the_same_each_time_and_survives_as_an_event(asked: Ask) -> None:
    choice = choose(asked, TABLE)

    assert choose(asked, TABLE) == choice
    assert Choice.model_validate(json.loads(choice.model_dump_json())) == choice


@given(asks, st.floats(0, 0.5), st.floats(0, 0.5))
@settings(max_examples=100, deadline=None)
def test_more_money_never_makes_the_choice_less_likely_to_pass_the_bar(
    asked: Ask, one: float, other: float
) -> None:
    calm = replace(asked, draw=0.999999)
    less, more = (choose(replace(calm, budget=most), TABLE) for most in sorted((one, other)))

    if less.basis is not Basis.EXPLORATION and more.basis is not Basis.EXPLORATION:
        assert min(less.chance, less.bar) <= min(more.chance, more.bar) + 1e-12


def test_an_easy_thing_is_done_for_nothing_and_a_dear_one_by_the_best() -> None:
    easy = choose(ask(complexity=Complexity.SIMPLE), TABLE)
    dear = choose(ask(complexity=Complexity.CRITICAL, priority="high"), TABLE)

    assert (easy.tier, easy.estimated_cost) == (Tier.FREE, 0)
    assert dear.tier is Tier.FLAGSHIP


def test_harder_work_and_higher_priorities_never_lower_the_tier() -> None:
    def tier(complexity: Complexity, priority: str) -> int:
        found = choose(ask(complexity=complexity, priority=priority), TABLE).tier
        assert found is not None
        return found.rank

    grid = [[tier(one, level) for level in ("low", "medium", "high")] for one in Complexity]

    assert all(row == sorted(row) for row in grid)
    assert all(list(column) == sorted(column) for column in zip(*grid, strict=True))


def test_outcomes_move_the_choice_away_from_a_tier_that_fails() -> None:
    cell = Cell(TaskType.DRAFT.value, Tier.BUDGET)
    before = choose(ask(), TABLE)

    after = choose(ask(outcomes={cell: Tally(passed=2, failed=18)}), TABLE)

    assert before.tier is Tier.BUDGET
    assert after.tier is Tier.STANDARD
    assert reason_of(after, before.model_id or "") is Reason.BELOW_BAR


def test_outcomes_of_a_cluster_count_for_that_cluster_only() -> None:
    outcomes = {Cell("growth posts", Tier.FREE): Tally(passed=60)}

    near = choose(ask(outcomes=outcomes, cluster="growth posts"), TABLE)
    far = choose(ask(outcomes=outcomes), TABLE)

    assert (near.tier, far.tier) == (Tier.FREE, Tier.BUDGET)


def test_a_control_task_ignores_all_that_was_learned() -> None:
    outcomes = {Cell(TaskType.DRAFT.value, Tier.BUDGET): Tally(failed=50)}
    told = ask(outcomes=outcomes, learned={Tier.BUDGET: 0.0}, is_control=True)

    choice = choose(told, TABLE)

    assert choice.model_id == choose(ask(), TABLE).model_id
    assert choice.is_control


def test_a_prediction_for_this_prompt_replaces_the_declared_prior() -> None:
    choice = choose(ask(learned={Tier.FREE: 0.95}), TABLE)

    assert choice.tier is Tier.FREE
    assert choice.chance == pytest.approx(0.95)


def test_a_failed_check_climbs_one_good_tier_at_a_time_and_ends_with_a_person() -> None:
    asked, tiers = ask(), []
    while (choice := choose(asked, TABLE)).tier is not None:
        tiers.append((choice.tier, choice.basis))
        asked = escalated(asked, choice, TABLE)

    assert [tier for tier, _ in tiers] == [Tier.BUDGET, Tier.STANDARD, Tier.PREMIUM, Tier.FLAGSHIP]
    assert {basis for _, basis in tiers[1:]} == {Basis.ESCALATED}
    assert "let a person decide" in choice.note
    assert escalated(asked, choice, TABLE) is asked


def test_a_pin_wins_and_says_what_it_costs() -> None:
    choice = choose(ask(pin=Pin(model="claude-opus")), TABLE)

    assert (choice.model_id, choice.basis) == ("claude-opus-5-5", Basis.PINNED)
    assert "switched off on 2026-01-05" in choice.note
    assert "more than Claude Haiku 5.5" in choice.note
    assert {TABLE.by_id[one].tier for one in choice.fallbacks} == {Tier.PREMIUM}


def test_a_pinned_tier_or_provider_leaves_the_choice_within_it() -> None:
    tier = choose(ask(pin=Pin(tier=Tier.FLAGSHIP)), TABLE)
    provider = choose(ask(pin=Pin(provider="mistral"), complexity=Complexity.COMPLEX), TABLE)

    assert tier.tier is Tier.FLAGSHIP
    assert provider.model_id == "mistral/mistral-large-4"


def test_a_pin_on_what_the_router_would_take_anyway_says_nothing() -> None:
    free = choose(ask(), TABLE)

    assert choose(ask(pin=Pin(model=free.model_id)), TABLE).note == ""


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"pin": Pin(model="claude-opus"), "budget": 0.001}, "raise the budget (up to $0.04600"),
        ({"pin": Pin(model="unheard-of")}, "No model is known as 'unheard-of'"),
        ({"pin": Pin(provider="acme")}, "No model of this kind is in the table"),
        ({"available": frozenset[str]()}, "give its key, or wait"),
        ({"tokens": TOKENS.model_copy(update={"input": 5_000_000})}, "shorten the material"),
        ({"pin": Pin(model="gpt-4"), "available": frozenset({"anthropic"})}, "GPT-6.1 Sol"),
    ],
)
def test_without_a_model_the_note_says_what_to_do(wanted: dict[str, object], told: str) -> None:
    choice = choose(ask(**wanted), TABLE)

    assert (choice.model_id, choice.basis) == (None, Basis.NONE)
    assert told in choice.note


def test_other_providers_stand_in_first_when_one_fails() -> None:
    choice = choose(ask(), TABLE)
    own = TABLE.by_id[choice.model_id or ""].provider
    rivals = [one for one in choice.candidates if one.reason is Reason.DEARER]
    firsts = [TABLE.by_id[one].provider for one in choice.fallbacks[:3]]

    assert own not in firsts
    assert {one.model_id for one in rivals} == set(choice.fallbacks[: len(rivals)])


def test_a_dearer_model_of_another_provider_stands_in_before_a_cheap_one_of_the_same() -> None:
    choice = choose(ask(available=frozenset({"openai", "mistral"})), TABLE)

    assert choice.model_id == "gpt-6-luna"
    assert choice.fallbacks[0] == "mistral/mistral-small-latest"
    assert "gpt-4o-mini" in choice.fallbacks[1:]


def test_a_model_that_cools_down_is_left_and_the_next_taken() -> None:
    first = choose(ask(), TABLE).model_id or ""

    choice = choose(ask(cooling=frozenset({first})), TABLE)

    assert choice.model_id != first
    assert reason_of(choice, first) is Reason.UNAVAILABLE


def test_exploration_tries_the_neighbouring_tiers_as_often_as_it_says() -> None:
    draws = [choose(ask(exploration=0.2, draw=n / 1000), TABLE) for n in range(1000)]
    explored = [one for one in draws if one.basis is Basis.EXPLORATION]

    assert len(explored) == 200
    assert {one.tier for one in explored} == {Tier.FREE, Tier.STANDARD}
    assert {one.propensity for one in explored} == {0.1}
    assert {one.propensity for one in draws} == {0.1, 0.8}
    left = draws[-1].model_id or ""
    assert reason_of(explored[0], left) is Reason.EXPLORED


@pytest.mark.parametrize(
    "bound",
    [
        {"complexity": Complexity.CRITICAL},
        {"priority": "high"},
        {"pin": Pin(tier=Tier.BUDGET)},
        {"failed": ("gpt-6-luna",), "failed_rank": 1},
    ],
)
def test_nothing_is_tried_out_where_it_could_hurt(bound: dict[str, object]) -> None:
    choice = choose(ask(exploration=0.9, draw=0.0, **bound), TABLE)

    assert choice.propensity == 1
    assert choice.basis is not Basis.EXPLORATION


def test_the_smallest_local_model_is_not_trusted_as_its_tier_is() -> None:
    choice = choose(ask(complexity=Complexity.SIMPLE), TABLE)
    small = next(one for one in choice.candidates if one.model_id == "local/smollm2-135m")

    assert small.chance == pytest.approx(0.35)
    assert small.reason is Reason.BELOW_BAR
