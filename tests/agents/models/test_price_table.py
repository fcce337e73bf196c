"""The dated table of models, the names that lead to them, and bringing it up to date."""

import json

import pytest

from agents.models.errors import CatalogueError
from agents.models.price_table import Model, PriceTable, as_text, price_table, read_table
from agents.models.refresh import PREFIX, installed_map, refreshed
from agents.models.tiers import Tier
from tests.agents.models.asks import DAY

SEED_NAMES = (
    "ollama", "gpt-3.5-turbo", "claude-instant", "claude-haiku", "claude-opus", "gpt-4-turbo",
    "gpt-4",
)  # fmt: skip


@pytest.fixture(name="table")
def _table() -> PriceTable:
    return price_table()


def changed(table: PriceTable, **body: object) -> str:
    return json.dumps(json.loads(as_text(table.data)) | body)


def test_every_tier_has_a_model_that_answers_today(table: PriceTable) -> None:
    current = list(table.current(DAY))

    assert {model.tier for model in current} == set(Tier)
    assert len(current) >= 7
    assert all(not model.is_retired(DAY) for model in current)


def test_a_higher_tier_of_paid_models_is_never_cheaper_than_the_one_below(
    table: PriceTable,
) -> None:
    costs: dict[Tier, list[float]] = {tier: [] for tier in Tier}
    for model in table.current(DAY):
        if model.retires is None:
            costs[model.tier].append(model.cost(1_500, 500))

    for low, high in zip(list(Tier), list(Tier)[1:], strict=False):
        assert max(costs[low]) <= min(costs[high])


@pytest.mark.parametrize("name", SEED_NAMES)
def test_a_name_of_earlier_days_leads_to_a_model_that_answers_and_is_not_dearer(
    table: PriceTable, name: str
) -> None:
    then = table.named(name, "2024-01-01")
    now = table.named(name, DAY)

    assert then is not None
    assert now is not None
    assert not now.model.is_retired(DAY)
    assert now.model.cost(1_500, 500) <= then.model.cost(1_500, 500)
    assert bool(now.note) == (then.model is not now.model)


def test_a_successor_is_told_with_the_day_of_the_change(table: PriceTable) -> None:
    named = table.named(" Claude-Opus ", DAY)

    assert named is not None
    assert named.model.model_id == "claude-opus-5-5"
    assert "2026-01-05" in named.note


def test_a_model_answers_until_the_day_before_it_is_switched_off(table: PriceTable) -> None:
    model = table.by_id["gpt-4-turbo"]

    assert not model.is_retired("2026-10-22")
    assert model.is_retired("2026-10-23")


def test_an_unknown_name_leads_nowhere(table: PriceTable) -> None:
    assert table.named("gpt-99", DAY) is None


def test_a_long_prompt_is_priced_as_a_long_prompt(table: PriceTable) -> None:
    luna = table.by_id["gpt-6-luna"]

    assert luna.cost(272_000, 0) == pytest.approx(0.0272)
    assert luna.cost(272_001, 0) == pytest.approx(0.0544, rel=1e-4)


def test_the_savings_of_the_seed_are_reckoned_anew_from_prices(table: PriceTable) -> None:
    found = {
        (pair.cheap, pair.dear): (pair.claimed, table.saving(pair.cheap, pair.dear, 1_500, 500))
        for pair in table.data.seed_savings
    }

    assert found["ollama/llama3.1", "gpt-4"] == (1.0, 1.0)
    assert found["gpt-3.5-turbo", "gpt-4"] == (0.95, pytest.approx(0.98))
    assert found["claude-instant-1.2", "claude-3-opus-20240229"] == (0.96, pytest.approx(0.96))
    assert table.saving("gpt-6-luna", "builtin", 1_500, 500) is None


def test_refreshing_from_the_installed_map_changes_no_figure_of_the_shipped_table(
    table: PriceTable,
) -> None:
    prices, source = installed_map()
    if source not in table.data.source:
        pytest.skip(f"the table was read from {table.data.source}, {source} is installed")

    again, changes = refreshed(table.data, prices, source, table.data.read_on)

    assert changes == ()
    assert as_text(again) == as_text(table.data)


def test_a_changed_price_is_taken_over_and_reported(table: PriceTable) -> None:
    priced = [model for model in table.data.models if model.source.startswith(PREFIX)]
    prices = {
        model.source.removeprefix(PREFIX): {
            "input_cost_per_token": 7e-6,
            "output_cost_per_token": 8e-6,
            "input_cost_per_token_above_200k_tokens": 9e-6,
            "output_cost_per_token_above_200k_tokens": 10e-6,
            "max_input_tokens": 1_000,
            "max_output_tokens": 100,
            "deprecation_date": "2027-02-03",
        }
        for model in priced[:1]
    }

    new, changes = refreshed(table.data, prices, "a map", "2027-01-01")
    first = next(model for model in new.models if model.model_id == priced[0].model_id)

    assert (first.price_in, first.price_out, first.context, first.output) == (7, 8, 1_000, 100)
    assert first.long_price is not None
    assert first.long_price.tokens == 200_000
    assert (first.retires, first.read_on) == ("2027-02-03", "2027-01-01")
    assert {change.field for change in changes if change.model_id == first.model_id} == {
        "price_in", "price_out", "long_price", "context", "output", "retires",
    }  # fmt: skip
    assert (new.read_on, new.source) == ("2027-01-01", "a map")


def test_what_the_map_no_longer_holds_keeps_its_figures_and_their_day(table: PriceTable) -> None:
    new, changes = refreshed(table.data, {}, "an empty map", "2027-01-01")

    assert new.models == table.data.models
    assert {change.field for change in changes} == {"source"}


def test_a_retirement_date_from_elsewhere_outlives_a_refresh(table: PriceTable) -> None:
    instant = table.by_id["claude-instant-1.2"]
    prices = {
        instant.source.removeprefix(PREFIX): {
            "input_cost_per_token": 0.8e-6,
            "output_cost_per_token": 2.4e-6,
            "max_tokens": 8_191,
            "deprecation_date": "2030-01-01",
        }
    }

    new, _ = refreshed(table.data, prices, "a map", DAY)

    assert {m.model_id: m for m in new.models}[instant.model_id].retires == "2024-11-06"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"format": 2}, "format 2"),
        ({"aliases": {"best": "nowhere"}}, "'best' leads to 'nowhere'"),
        ({"models": [{"model_id": "x"}]}, "no price table"),
        ({"seed_savings": [{"cheap": "a", "dear": "b", "claimed": 1}]}, "'a'"),
    ],
)
def test_a_wrong_table_says_what_is_wrong_and_what_to_do(
    table: PriceTable, body: dict[str, object], told: str
) -> None:
    with pytest.raises(CatalogueError, match="refresh it anew") as caught:
        read_table(changed(table, **body))

    assert told in str(caught.value)


def test_a_model_named_twice_is_refused(table: PriceTable) -> None:
    doubled: list[Model] = [*table.data.models, table.data.models[0]]

    with pytest.raises(CatalogueError, match="named twice"):
        read_table(as_text(table.data.model_copy(update={"models": tuple(doubled)})))


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(CatalogueError, match=r"'prices\.json'"):
        read_table("{", "prices.json")


def test_the_text_of_a_table_reads_back_the_same(table: PriceTable) -> None:
    assert read_table(as_text(table.data)).data == table.data
