"""A request from the command line for a chosen agent, with a context of its own."""

import json
from pathlib import Path

from tests.api.terminal import Terminal


def test_a_chosen_agent_compares_a_file_of_the_inputs_folder(tmp_path: Path) -> None:
    (tmp_path / "data" / "inputs").mkdir(parents=True)
    table = "company,customers\nAcme,900\nwe,320\n"
    (tmp_path / "data" / "inputs" / "rivals.csv").write_text(table, "utf-8")
    (tmp_path / "c.json").write_text(json.dumps({"market_data": {"file": "rivals.csv"}}), "utf-8")

    ran = Terminal(tmp_path)(
        "run", "How do we stand?", "--agent", "market-insight", "--context", "c.json",
        "--data", "data", "--json",
    )  # fmt: skip

    assert ran.code == 0
    assert ran.json["outcome"] == "approved"
    assert "By customers we rank number 2 among 2 companies" in ran.json["content"]["content"]


def test_an_agent_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    ran = Terminal(tmp_path)("run", "hello", "--agent", "ceo")

    assert ran.code == 2
    assert "co_founder" in ran.err


def test_a_broken_rule_pack_lets_no_policy_approve(tmp_path: Path) -> None:
    (tmp_path / "data" / "compliance").mkdir(parents=True)
    (tmp_path / "data" / "compliance" / "house.json").write_text("{", "utf-8")
    (tmp_path / "m.json").write_text(json.dumps({"revenue_monthly": 150_000}), "utf-8")
    (tmp_path / "p.json").write_text(json.dumps({"auto_approve": True}), "utf-8")

    ran = Terminal(tmp_path)(
        "run", "Create a LinkedIn post about our revenue", "--metrics", "m.json",
        "--preferences", "p.json", "--data", "data", "--json",
    )  # fmt: skip
    shown = Terminal(tmp_path)("status", ran.json["task"], "--data", "data", "--json")

    assert ran.json["outcome"] is None
    assert shown.json["status"] == "pending_approval"
    assert "house.json" in ran.out
