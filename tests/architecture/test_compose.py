"""The compose file and the image say what they should, and every command in them is one that the
command line knows."""

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from api.cli import cli
from api.settings import PREFIX, Settings
from tests.api.terminal import Terminal
from tests.kafka.install import VERSION

REPOSITORY = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text("utf-8")
IGNORED = (REPOSITORY / ".dockerignore").read_text("utf-8").splitlines()
IMAGE = re.compile(r"[\w./-]+:\d+\.\d+\.\d+[\w.-]*")  # a tag that never means something else


def instructions(name: str) -> list[str]:
    """What the Dockerfile gives to an instruction, continued lines joined."""
    text = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^{name} (.*)$", text, re.MULTILINE)


def test_the_parts_of_a_cluster_are_there() -> None:
    verbs = {name: service["command"][0] for name, service in OURS.items()}

    assert verbs == {
        "topics": "topics",
        "worker": "work",
        "agents": "agents",
        "projector": "project",
        "api": "serve",
    }
    assert SERVICES["worker"]["deploy"]["replicas"] == 2


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one_that_the_command_line_knows(name: str, tmp_path: Path) -> None:
    arguments: list[str] = SERVICES[name]["command"]
    command: click.Command = cli
    rest = list(arguments)
    context = click.Context(command)
    while isinstance(command, click.Group):
        _, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command = found

    command.make_context(name, list(rest))  # raises if an option is not there or does not fit
    words = arguments[: len(arguments) - len(rest)]

    assert Terminal(tmp_path)(*words, "--help").code == 0


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_setting(name: str) -> None:
    variables = SERVICES[name]["environment"]

    assert variables["ORCHESTRATOR_KAFKA"] == "kafka:19092"
    for variable in variables:
        assert variable.removeprefix(PREFIX).lower() in Settings.model_fields


def test_nothing_can_be_reached_from_other_machines() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]

    assert sorted(ports) == ["127.0.0.1:8000:8000", "127.0.0.1:9092:9092"]
    assert all("network_mode" not in service for service in SERVICES.values())


def test_the_api_does_not_start_without_a_secret_and_no_file_holds_one() -> None:
    secret = SERVICES["api"]["environment"]["ORCHESTRATOR_SECRET"]

    assert secret.startswith("${ORCHESTRATOR_SECRET:?")
    assert not re.search(r"(?i)(secret|password|token|api_key)\s*[=:]\s*\S", DOCKERFILE)


def test_every_image_has_a_tag_that_stays() -> None:
    images = [service["image"] for service in SERVICES.values()]
    stages = [stage.split()[0] for stage in instructions("FROM")]

    assert all(IMAGE.fullmatch(image) for image in [*images, *stages])
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{VERSION}"  # the one that tests run on


def test_parts_wait_for_the_topics_and_the_topics_for_the_broker() -> None:
    assert SERVICES["kafka"]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}
    for name in OURS.keys() - {"topics"}:
        needed = SERVICES[name]["depends_on"]
        assert needed == {"topics": {"condition": "service_completed_successfully"}}


def test_every_part_that_is_asked_for_its_health_answers_where_it_is_asked() -> None:
    (asked,) = instructions("HEALTHCHECK")

    assert "127.0.0.1:8000/livez" in asked
    for service in OURS.values():
        is_asked = not service.get("healthcheck", {}).get("disable", False)
        assert is_asked == ("8000" in service["command"])


def test_every_volume_is_declared_and_used() -> None:
    used = {v.split(":")[0] for service in SERVICES.values() for v in service.get("volumes", ())}

    assert used == set(COMPOSE["volumes"])


def test_the_image_installs_by_hash_and_runs_as_nobody_in_particular() -> None:
    runs = " && ".join(instructions("RUN"))
    installs = re.findall(r"pip install ([^&]*)", runs)

    assert instructions("USER") == ["10001"]
    assert all("--require-hashes" in each or "--no-deps" in each for each in installs)
    assert len(installs) == 2
    assert len(instructions("ENTRYPOINT")) == 1


def test_the_builder_gets_what_it_copies_and_nothing_else() -> None:
    copied = {
        source
        for line in instructions("COPY")
        if not line.startswith("--from")
        for source in line.split()[:-1]
    }
    admitted = {line[1:] for line in IGNORED if line.startswith("!")}

    assert "*" in IGNORED
    assert copied == admitted
    assert all((REPOSITORY / source).exists() for source in copied)
    refused = [line.removeprefix("**/") for line in IGNORED if line.startswith("**/")]
    assert all(
        any(fnmatch(name, pattern) for pattern in refused)
        for name in (".env", ".env.local", "__pycache__", "a.pyc")
    )
