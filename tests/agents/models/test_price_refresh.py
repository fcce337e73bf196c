"""Refreshed prices lie in the data directory, are preferred while they are newer, and change
nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from agents.models.errors import CatalogueError
from agents.models.price_table import REFRESHED, price_table, read_in_force
from agents.models.refresh import PREFIX, PriceMap, refresh

TABLE = price_table()
DAY = "2027-01-01"
CHEAP, DEAR = "gpt-6-luna", "claude-opus-5-5"
NEWER = "litellm 9.0.0"


def priced(**more: dict[str, Any]) -> PriceMap:
    """A map that tells what the table tells, but for what is stated by model."""
    found: dict[str, dict[str, Any]] = {}
    for model in TABLE.data.models:
        if model.source.startswith(PREFIX):
            found[model.source.removeprefix(PREFIX)] = {
                "input_cost_per_token": model.price_in / 1e6,
                "output_cost_per_token": model.price_out / 1e6,
                "max_input_tokens": model.context,
                "max_output_tokens": model.output,
                "deprecation_date": model.retires,
            } | more.get(model.model_id, {})
    return found


def test_a_new_price_is_in_force_after_a_refresh_and_for_that_directory_alone(
    tmp_path: Path,
) -> None:
    found = refresh(tmp_path, DAY, priced(**{CHEAP: {"input_cost_per_token": 3e-6}}), NEWER)

    table = read_in_force(tmp_path)
    assert table.by_id[CHEAP].price_in == 3
    assert (table.version, table.is_refreshed) == (f"{DAY} ({NEWER})", True)
    assert (CHEAP, "price_in") in {(one.model_id, one.field) for one in found.changes}
    assert not read_in_force(tmp_path / "other").is_refreshed
    assert read_in_force(None).by_id[CHEAP] == TABLE.by_id[CHEAP]


def test_a_model_that_was_switched_off_since_is_told(tmp_path: Path) -> None:
    found = refresh(tmp_path, DAY, priced(**{DEAR: {"deprecation_date": "2026-12-31"}}), NEWER)

    assert DEAR in {model.model_id for model in found.retired}
    assert read_in_force(tmp_path).by_id[DEAR].is_retired(DAY)


@pytest.mark.parametrize("is_priceless", [True, False])
def test_what_the_map_has_no_price_for_keeps_its_figures_and_is_told(
    tmp_path: Path, is_priceless: bool
) -> None:
    key = TABLE.by_id[CHEAP].source.removeprefix(PREFIX)
    prices = {name: entry for name, entry in priced().items() if name != key}
    more: PriceMap = {key: {"max_tokens": 10}} if is_priceless else {}

    found = refresh(tmp_path, DAY, {**prices, **more}, NEWER)

    assert [model.model_id for model in found.not_found] == [CHEAP]
    assert read_in_force(tmp_path).by_id[CHEAP] == TABLE.by_id[CHEAP]


def test_the_same_map_once_more_writes_nothing(tmp_path: Path) -> None:
    first = refresh(tmp_path, DAY, priced(), NEWER)
    again = refresh(tmp_path, "2027-02-02", priced(), NEWER)

    assert first.place == tmp_path / REFRESHED
    assert again.place is None
    assert read_in_force(tmp_path).data.read_on == DAY


def test_an_older_map_is_refused_and_what_is_in_force_stays(tmp_path: Path) -> None:
    refresh(tmp_path, DAY, priced(), NEWER)

    with pytest.raises(CatalogueError, match=r"litellm 8\.12\.1 is older"):
        refresh(tmp_path, DAY, priced(), "litellm 8.12.1")

    assert NEWER in read_in_force(tmp_path).version


def test_an_impossible_price_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no price table"):
        refresh(tmp_path, DAY, priced(**{CHEAP: {"input_cost_per_token": -1e-6}}), NEWER)

    assert not list(tmp_path.iterdir())


def test_a_product_that_was_read_later_counts_again(tmp_path: Path) -> None:
    refresh(tmp_path, "2026-01-01", priced(**{CHEAP: {"input_cost_per_token": 3e-6}}), NEWER)

    assert read_in_force(tmp_path) == TABLE


def test_tiers_and_names_stay_those_of_the_product(tmp_path: Path) -> None:
    refresh(tmp_path, DAY, priced(), NEWER)
    body = json.loads((tmp_path / REFRESHED).read_text("utf-8"))
    body["aliases"] = {}
    body["models"] = [model | {"tier": "FREE"} for model in body["models"]]
    (tmp_path / REFRESHED).write_text(json.dumps(body), "utf-8")

    table = read_in_force(tmp_path)

    assert table.data.aliases == TABLE.data.aliases
    assert table.by_id[DEAR].tier == TABLE.by_id[DEAR].tier


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / REFRESHED).write_text("{", "utf-8")

    with pytest.raises(CatalogueError, match=REFRESHED):
        read_in_force(tmp_path)
