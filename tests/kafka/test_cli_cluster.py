"""The parts of a cluster as people start them: verbs as processes, found and asked by other
verbs."""

import json
import signal
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.api.terminal import Terminal
from tests.kafka.cluster import fresh
from tests.kafka.serving import environment, running

pytestmark = pytest.mark.kafka

SEED = {
    "request": "Create a LinkedIn post about our Q4 growth metrics",
    "task_id": "seed",
    "business_metrics": {"revenue_monthly": 150000, "customer_count": 320},
    "preferences": {"tone": "professional", "channels": ["linkedin"]},
}


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A terminal in an empty directory."""
    return Terminal(tmp_path)


def asked(port: int, path: str) -> tuple[int, dict[str, Any]]:
    """The status and the document at a path of a health port."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_a_worker_and_a_server_take_a_request_to_its_end_and_stop_in_order(
    kafka: str, terminal: Terminal
) -> None:
    broker = fresh(kafka)
    work = running(terminal, broker, "work", "--health-port", "0", "--data", "worker")
    serve = running(terminal, broker, "serve", "--port", "0")
    with work as worker, serve as server:
        ready = worker.line()
        assert server.line()["status"] == "ready"

        produced = terminal("produce", "-", "--json", stdin=json.dumps(SEED).encode())
        waiting = terminal("watch", "seed", "--json")
        approved = terminal("approve", "seed", "--json")
        listed = terminal("list", "--json")
        status = terminal("status", "seed", "--json")
        health = asked(ready["health_port"], "/readyz")

        assert worker.end() == 0
        assert server.end(signal.SIGINT) == 0

    assert ready["status"] == "ready"
    assert sorted(ready["lag"]) == ["inputs/0", "inputs/1"]
    assert (produced.code, produced.json["accepted"]) == (0, 1), produced.err
    assert waiting.code == approved.code == 0, approved.err
    assert status.json["outcome"] == "approved"
    assert [item["task_id"] for item in listed.json["items"]] == ["seed"]
    assert (health[0], health[1]["status"]) == (200, "ready")


def test_agents_elsewhere_do_the_work_of_a_worker_that_only_decides(
    kafka: str, terminal: Terminal
) -> None:
    broker = fresh(kafka)
    variables = environment(broker)
    work = running(terminal, broker, "work", "--plain", "--no-agents", "--data", "worker")
    agents = running(terminal, broker, "agents", "run", "--echo", "--data", "agents")
    with work as worker, agents as crew:
        assert worker.line()["status"] == crew.line()["status"] == "ready"

        terminal("produce", "-", stdin=b'{"request": "echo", "task_id": "t"}', env=variables)
        watched = terminal("watch", "t", "--json", env=variables)

        assert crew.end() == 0
        assert worker.end() == 0
    assert watched.code == 0, watched.err
    assert watched.json["outcome"] == "approved"


def test_up_on_a_broker_is_a_whole_cluster_in_one_process(kafka: str, terminal: Terminal) -> None:
    broker = fresh(kafka)
    with running(terminal, broker, "up", "--port", "0", "--echo") as everything:
        assert f"Kafka at {broker.bootstrap}" in everything.text()

        submitted = terminal("submit", "echo", "--json")
        watched = terminal("watch", submitted.json["task_id"], "--json")

        assert everything.end() == 0
    assert watched.json["outcome"] == "approved"


def test_topics_are_made_and_listed(kafka: str, terminal: Terminal) -> None:
    variables = environment(fresh(kafka, partitions=3))

    before = terminal("topics", "list", "--json", env=variables)
    ill = terminal("doctor", "--json", env=variables)
    made = terminal("topics", "create", "--json", env=variables)
    after = terminal("topics", "list", "--json", env=variables)

    terminal("produce", "-", stdin=b'{"request": "echo"}', env=variables)
    well = {check["what"]: check for check in terminal("doctor", "--json", env=variables).json}

    assert ill.code == 1
    assert well["topics"]["is_ok"]
    assert well["requests that wait"]["found"].startswith("1: is `orchestrator work` running?")
    assert (before.code, len(before.json["missing"])) == (1, 6)
    assert (made.code, after.code) == (0, 0)
    assert made.json == after.json
    counts = {row["topic"].rpartition(".")[2]: row["partitions"] for row in after.json["topics"]}
    assert {counts["events"], counts["inputs"], counts["publisher"]} == {3}


def test_without_a_server_verbs_ask_the_broker_itself(kafka: str, terminal: Terminal) -> None:
    broker = fresh(kafka)
    variables = environment(broker)
    bodies = b'{"request": "echo", "task_id": "t"}\n{"request": 7}'
    produced = terminal("produce", "-", stdin=bodies, env=variables)
    with running(terminal, broker, "work", "--plain", "--echo") as worker:
        worker.line()
        terminal("watch", "t", env=variables)
        assert worker.end() == 0

    letters = terminal("dead-letters", "list", "--json", env=variables)
    (letter,) = letters.json["items"]
    one = terminal("dead-letters", "show", str(letter["offset"]), "--json", env=variables)
    events = terminal("events", "t", "--json", env=variables)
    verified = terminal("verify", "--json", env=variables)
    listed = terminal("list", "--json", env=variables)
    folded = terminal("project", "--once", "--json", "--data", "models", env=variables)

    assert produced.code == 1
    assert "line 2: /request" in produced.err
    assert one.json == letter
    assert letter["body"] == '{"request": 7}'
    assert (verified.code, verified.json["tasks"]) == (0, 1)
    assert [item["task_id"] for item in listed.json["items"]] == ["t"]
    count = len(events.json["events"])
    assert folded.json["events"] == count > 20
    assert (folded.json["rows"], folded.json["total_lag"]) == (1, 0)
