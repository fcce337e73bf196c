"""`orchestrator chat`: one message, or line by line."""

import subprocess
from pathlib import Path

from tests.api.makers import Makers
from tests.api.terminal import Terminal


def test_one_message_is_answered_and_its_account_told(
    orchestrator: Terminal, makers: Makers
) -> None:
    typed = orchestrator("chat", "hello")

    assert typed.code == 0
    assert "rules, not a model" in typed.out
    assert typed.out.rstrip().endswith("built-in, offline")


def test_json_is_one_document_and_the_conversation_goes_on_by_name(
    orchestrator: Terminal, makers: Makers
) -> None:
    first = orchestrator("chat", "hello", "--conversation", "mine", "--json")
    second = orchestrator("chat", "What works?", "--conversation", "mine", "--mode", "learning")

    assert first.json["conversation_id"] == "mine"
    assert first.json["is_offline"] is True
    assert "No patterns have been discovered yet" in second.out


def test_a_request_shows_its_phases_and_where_to_approve(
    orchestrator: Terminal, makers: Makers
) -> None:
    typed = orchestrator("chat", "Create a LinkedIn post about our Q4 growth metrics")

    assert "asks for a result" in typed.out
    assert "  PLANNING\n" in typed.out
    assert "orchestrator approve" in typed.out


def test_json_without_a_message_is_wrong_usage(orchestrator: Terminal) -> None:
    typed = orchestrator("chat", "--json")

    assert typed.code == 2
    assert "needs a message" in typed.err


def test_line_by_line_with_commands_until_it_is_left(tmp_path: Path) -> None:
    process = Terminal(tmp_path).start("chat", stdin=subprocess.PIPE)
    lines = "hello\n/what\n/mode learning\nwhat works?\n/history\n/delete\n/quit\n"

    out, err = process.communicate(lines, timeout=60)

    assert (process.returncode, err) == (0, "")
    assert "rules, not a model" in out
    assert "/mode conversation|orchestration|learning" in out
    assert "No patterns" in out
    assert "> hello" in out
    assert "cannot be read any more" in out
