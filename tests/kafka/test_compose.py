"""The commands of the compose file, run as processes against a real broker: a request over HTTP
reaches approval."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from streams.kafka.connection import KafkaSettings
from tests.api.terminal import Terminal
from tests.kafka.cluster import fresh
from tests.kafka.serving import Process, environment, running

pytestmark = pytest.mark.kafka

COMPOSE = Path(__file__).parents[2] / "docker-compose.yml"
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
# What is one container's own is something else where all run on one machine.
ELSEWHERE = {"0.0.0.0": "127.0.0.1", "8000": "0"}  # noqa: S104
SEED = {
    "request": "Create a LinkedIn post about our Q4 growth metrics",
    "business_metrics": {
        "revenue_monthly": 150000,
        "traffic_monthly": 250000,
        "conversion_rate": 0.045,
        "customer_count": 320,
    },
    "preferences": {"tone": "professional", "channels": ["linkedin"], "language": "en"},
}


class Composed:
    """Processes in directories of their own, started by the commands of the file."""

    def __init__(self, directory: Path, broker: KafkaSettings, stack: ExitStack) -> None:
        self._directory = directory
        self._broker = broker
        self._stack = stack

    def terminal(self, name: str) -> Terminal:
        """A terminal where the part keeps its data; it knows the secret as containers do."""
        home = self._directory / name
        home.mkdir(exist_ok=True)
        (home / ".env").write_text(f"ORCHESTRATOR_SECRET={'s' * 40}\n")
        return Terminal(home)

    def start(self, service: str, name: str = "") -> Process:
        """One container of a service."""
        command = [ELSEWHERE.get(word, word) for word in SERVICES[service]["command"]]
        terminal = self.terminal(name or service)
        return self._stack.enter_context(running(terminal, self._broker, *command))


def test_the_commands_of_the_compose_file_take_a_request_to_approval(
    kafka: str, tmp_path: Path
) -> None:
    broker = fresh(kafka)
    with ExitStack() as stack:
        composed = Composed(tmp_path, broker, stack)
        made = composed.terminal("topics")(*SERVICES["topics"]["command"], env=environment(broker))
        workers = [composed.start("worker", f"worker-{n}") for n in range(2)]
        others = [composed.start("agents"), composed.start("projector"), composed.start("api")]
        ready = [part.line() for part in (*workers, others[0], others[2])]

        token = composed.terminal("api")("token", "create", "ann", "--role", "admin").out.strip()
        with httpx.Client(
            base_url=ready[-1]["url"], headers={"Authorization": f"Bearer {token}"}, timeout=60
        ) as http:
            alive = httpx.get(f"{ready[-1]['url']}/livez")
            stranger = httpx.get(f"{ready[-1]['url']}/readyz")
            taken = http.post("/api/orchestrator/process", json=SEED)
            place = f"/api/orchestrator/status/{taken.json()['task_id']}"
            shown = http.get(place, params={"wait": 30}).json()
            decision = {"task_id": shown["task_id"], "approved": True}
            http.post("/api/orchestrator/approve", json=decision).raise_for_status()
            ended = http.get(place, params={"wait": 30}).json()

        codes = [part.end() for part in (*others[:1], *others[2:], *workers, others[1])]

    assert made.code == 0, made.err
    assert all(document["status"] == "ready" for document in ready)
    assert (alive.status_code, stranger.status_code) == (200, 401)
    assert taken.status_code == 202
    assert shown["status"] == "pending_approval"
    assert ended["outcome"] == "approved"
    assert codes == [0, 0, 0, 0, 0]
