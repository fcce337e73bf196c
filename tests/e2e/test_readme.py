"""What the README shows can be typed: its tour, in order, against a running server."""

import json
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0  # seconds


def blocks() -> list[str]:
    """The code blocks of the README."""
    return (ROOT / "README.md").read_text("utf-8").split("```")[1::2]


def tour() -> list[str]:
    """The commands of the tour, without what starts the server and chooses the environment."""
    block = next(b for b in blocks() if "make up" in b and "orchestrator submit" in b)
    return [line for line in block.splitlines() if line.startswith("orchestrator ")]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A directory with the examples, and the address of the server that works there."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "api.cli", "up", "--port", str(port)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL) as up:
        try:
            _wait_until_ready(address)
            yield tmp_path, address
        finally:
            up.terminate()


def _wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=PATIENCE):  # noqa: S310
                return
        except OSError:
            if time.monotonic() > deadline:
                raise


def run(line: str, cwd: Path) -> str:
    """One command of the README as it stands there."""
    command = [sys.executable, "-m", "api.cli", *shlex.split(line, comments=True)[1:]]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_the_tour_can_be_typed_as_it_stands(server: tuple[Path, str]) -> None:
    directory, _ = server
    task = ""

    for line in tour():
        run(line.replace("ID", task), directory)
        if line.startswith("orchestrator submit"):
            task = json.loads(run("orchestrator list --json", directory))["items"][0]["task_id"]

    assert len(tour()) >= 9
    assert '"approved"' in run(f"orchestrator status {task} --json", directory)
    assert list((directory / ".orchestrator" / "outbox").glob("*.json"))


@pytest.mark.slow
def test_the_request_over_http_can_be_sent_as_it_stands(server: tuple[Path, str]) -> None:
    directory, address = server
    curl = next(b for b in blocks() if "curl " in b)
    body = curl[curl.index("'{") + 1 : curl.rindex("'")]
    request = urllib.request.Request(  # noqa: S310
        f"{address}/api/orchestrator/process",
        body.encode(),
        {"Content-Type": "application/json"},
    )

    with urllib.request.urlopen(request) as answer:  # noqa: S310
        task = json.load(answer)["task_id"]

    assert task in run("orchestrator list", directory)
