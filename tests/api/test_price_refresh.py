"""`orchestrator models refresh` as it is typed, and what it says."""

from pathlib import Path

import pytest

from agents.models.price_table import REFRESHED
from agents.models.refresh import installed_map
from api.price_refresh import refreshed_prices, shown
from api.settings import Settings
from tests.api.terminal import Terminal

LATER = 1_800_000_000_000  # 15 January 2027


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_the_installed_map_is_read_and_the_list_says_where_prices_are_from(
    terminal: Terminal,
) -> None:
    refreshed = terminal("models", "refresh", "--json")
    listed = terminal("models", "list")

    assert refreshed.code == 0
    assert refreshed.json["source"] == installed_map()[1]
    assert refreshed.json["not_found"] == []
    origin = "read anew here" if refreshed.json["file"] else "as they came with the product"
    assert f"{refreshed.json['source']}), {origin}" in listed.out


def test_what_changed_and_what_was_not_found_is_told(tmp_path: Path) -> None:
    prices = dict(installed_map()[0])
    prices["gpt-6-luna"] = {**prices["gpt-6-luna"], "input_cost_per_token": 3e-6}
    del prices["claude-opus-5-5"]

    found = refreshed_prices(Settings(data=tmp_path), lambda: LATER, (prices, "litellm 999.1"))
    text = "\n".join(shown(found))

    assert "Read from litellm 999.1 on 2027-01-15" in text
    assert "$/M in: 0.1 → 3.0" in text
    assert "claude-opus-5-5" in text.split("Not in the map")[1]
    assert str(tmp_path / REFRESHED) in text


def test_a_server_elsewhere_is_not_refreshed_from_here(terminal: Terminal) -> None:
    typed = terminal("models", "refresh", "--server", "http://127.0.0.1:9")

    assert typed.code == 2
    assert "run it there" in typed.err


def test_a_broken_file_of_prices_is_a_wrong_use_that_names_it(
    terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / REFRESHED).write_text("{", "utf-8")

    typed = terminal("models", "list", "--data", str(tmp_path / "data"))

    assert typed.code == 2
    assert REFRESHED in typed.err
