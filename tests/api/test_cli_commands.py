"""The command queue and the agents, as people type them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.terminal import Terminal

ROME = json.dumps({"city": "Rome"})


@pytest.fixture
def weather(orchestrator: Terminal) -> Iterator[Terminal]:
    """A directory with one command for agents that are not here."""
    put = orchestrator("commands", "dispatch", "weather", "look", "--payload", ROME, "--key", "1")
    assert put.code == 0, put.err
    return orchestrator


def only(terminal: Terminal) -> str:
    """The id of the only command."""
    (item,) = terminal("commands", "list", "--json").json["items"]
    found: str = item["command_id"]
    return found


def test_a_command_is_put_in_claimed_and_completed_by_hand(weather: Terminal) -> None:
    claimed = weather("commands", "claim", "--type", "weather", "--agent", "ann")
    nothing = weather("commands", "claim", "--type", "weather")
    name = only(weather)
    done = weather("commands", "complete", name, "--agent", "ann", "--output", '{"sky": "blue"}')
    again = weather("commands", "complete", name, "--agent", "ann", "--output", '{"sky": "blue"}')
    shown = weather("commands", "show", name)
    stats = weather("commands", "stats", "--json").json["items"]

    assert claimed.code == 0
    assert f"orchestrator commands complete {name} --attempt 1 --agent ann" in claimed.out
    assert "Rome" in claimed.out
    assert nothing.code == 3
    assert "completed" in done.out
    assert "as it was already" in again.out
    assert "attempt 1 of 3: completed by ann" in shown.out
    assert "blue" in shown.out
    assert stats[0]["by_status"] == {"completed": 1}


def test_a_failure_can_be_tried_again_at_once(weather: Terminal) -> None:
    name = only(weather)
    weather("commands", "claim", "--type", "weather")
    failed = weather("commands", "fail", name, "--reason", "busy", "--after", "600")
    waiting = weather("commands", "claim", "--type", "weather")
    weather("commands", "retry", name)
    claimed = weather("commands", "claim", "--type", "weather", "--json").json["items"]

    assert "pending" in failed.out
    assert waiting.code == 3
    assert claimed[0]["attempt"] == 2


def test_what_must_not_be_done_twice_asks_at_the_door(orchestrator: Terminal) -> None:
    orchestrator("commands", "dispatch", "post", "send", "--once")
    claimed = orchestrator("commands", "claim", "--type", "post")
    name = only(orchestrator)
    early = orchestrator("commands", "complete", name, "--output", "{}")
    granted = orchestrator("commands", "grant", name)
    done = orchestrator("commands", "complete", name, "--output", "{}")

    assert f"orchestrator commands grant {name}" in claimed.out
    assert early.code == 1
    assert f"/api/commands/{name}/grant" in early.err
    assert "Do it now, once" in granted.out
    assert done.code == 0


def test_a_cancelled_command_says_why(weather: Terminal) -> None:
    name = only(weather)
    weather("commands", "cancel", name, "--reason", "too late")
    shown = weather("commands", "show", name, "--json").json
    late = weather("commands", "complete", name, "--output", "{}")

    assert shown["status"] == "cancelled"
    assert shown["error"] == "too late"
    assert late.code == 1
    assert "cancelled already" in late.err


def test_the_same_key_is_the_same_command(weather: Terminal) -> None:
    again = weather("commands", "dispatch", "weather", "look", "--payload", ROME, "--key", "1")

    assert "is known already" in again.out


def test_the_agents_of_a_directory_are_listed_without_starting_them(weather: Terminal) -> None:
    listed = weather("agents", "list")
    found = weather("agents", "list", "--json").json

    assert "orchestrator up" in listed.out
    assert "1 command for weather in the queue" in listed.out
    assert {each["state"] for each in found["items"]} == {"stopped"}
    assert "financial" in {each["name"] for each in found["items"]}


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("commands", "show", "nope.1"), 3, "no command 'nope.1'"),
        (("commands", "complete", "x.1", "--output", "[1]"), 2, "must be a JSON object"),
        (("commands", "complete", "x.1", "--output", "{"), 2, "--output is not JSON"),
        (("commands", "complete", "x.1", "--output", "@none.json"), 2, "none.json"),
        (("commands", "dispatch", "weather"), 2, "name an action or a tool_id"),
        (("commands", "dispatch", "a b", "x"), 2, "/agent_type"),
        (("commands", "claim"), 2, "name an agent_type"),
        (("commands", "claim", "--type", "financial"), 1, "ORCHESTRATOR_EXTERNAL_AGENTS"),
    ],
)
def test_what_is_typed_wrong_is_one_clear_sentence(
    args: tuple[str, ...], code: int, said: str, weather: Terminal
) -> None:
    found = weather(*args)

    assert found.code == code, found.err
    assert said in found.err
    assert "Traceback" not in found.err


def test_a_request_that_runs_here_waits_for_no_agent_elsewhere(orchestrator: Terminal) -> None:
    ran = orchestrator(
        "run", "hello", "--echo", "--json", env={"ORCHESTRATOR_EXTERNAL_AGENTS": "echo"}
    )

    assert ran.json["outcome"] == "approved"


def test_nothing_is_there_before_the_first_command(orchestrator: Terminal) -> None:
    (Path(orchestrator.directory) / ".orchestrator").mkdir()
    listed = orchestrator("commands")
    stats = orchestrator("commands", "stats")

    assert "commands dispatch" in listed.out
    assert "commands dispatch" in stats.out
