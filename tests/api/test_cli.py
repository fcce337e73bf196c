"""The command line as people use it: one process, two terminals, Ctrl-C, wrong files."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ORCHESTRATOR = [sys.executable, "-m", "api.cli"]


def orchestrator(
    *args: str, cwd: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """One call, in an empty directory."""
    root = str(Path(__file__).parents[2])
    variables = {k: v for k, v in os.environ.items() if not k.startswith("ORCHESTRATOR_")}
    return subprocess.run(
        [*ORCHESTRATOR, *args],
        cwd=cwd,
        env=variables | {"PYTHONPATH": root, "COLUMNS": "120"} | (env or {}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`orchestrator up` with echo agents on a free port."""
    process = start(tmp_path)
    yield process
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)


def start(directory: Path) -> subprocess.Popen[str]:
    """A server that has said where it listens."""
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [*ORCHESTRATOR, "up", "--echo", "--port", "0"],
        cwd=directory,
        env=os.environ | {"PYTHONPATH": root},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    assert "http://127.0.0.1:" in process.stdout.readline()
    return process


def test_help_names_every_verb(tmp_path: Path) -> None:
    found = orchestrator("--help", cwd=tmp_path)

    assert found.returncode == 0
    for verb in ("run", "up", "submit", "approve", "events", "verify", "doctor", "config"):
        assert f"  {verb} " in found.stdout


def test_a_request_runs_to_its_end_and_leaves_a_history(tmp_path: Path) -> None:
    ran = orchestrator("run", "hello", "--echo", "--json", cwd=tmp_path)
    document = json.loads(ran.stdout)
    task = document["task"]
    history = orchestrator("events", task, "--json", cwd=tmp_path)
    then = orchestrator("events", task, "--at", "12", cwd=tmp_path)
    verified = orchestrator("verify", cwd=tmp_path)

    assert ran.returncode == 0
    assert document["outcome"] == "approved"
    assert len(document["phases"]) == 9
    assert len(json.loads(history.stdout)["events"]) == document["events"]
    assert json.loads(then.stdout)["phase"] == "DELEGATION"
    assert "1 histories" in verified.stdout
    assert verified.returncode == 0


def test_progress_is_shown_line_by_line(tmp_path: Path) -> None:
    ran = orchestrator("run", "hello", "--echo", cwd=tmp_path)

    lines = ran.stdout.splitlines()
    phases = [line.split()[1] for line in lines if line.startswith(("● ", "○ "))]
    assert phases[:9] == [
        "PLANNING", "TOOL_DISCOVERY", "DELEGATION", "EXECUTION", "QUALITY_CHECK", "REFINEMENT",
        "FORMATTING", "APPROVAL", "LEARNING",
    ]  # fmt: skip
    assert "offline: no model was used" in ran.stdout
    assert "orchestrator events" in ran.stdout


def test_a_second_terminal_uses_the_server_that_holds_the_directory(
    tmp_path: Path, server: subprocess.Popen[str]
) -> None:
    submitted = json.loads(orchestrator("submit", "hello", "--json", cwd=tmp_path).stdout)
    watched = orchestrator("watch", submitted["task_id"], "--json", cwd=tmp_path)
    status = json.loads(orchestrator("status", submitted["task_id"], "--json", cwd=tmp_path).stdout)
    verified = orchestrator("verify", cwd=tmp_path)
    doctor = orchestrator("doctor", cwd=tmp_path)
    second = orchestrator("up", "--port", "0", cwd=tmp_path)

    assert json.loads(watched.stdout)["outcome"] == "approved"
    assert status["status"] == "approved"
    assert verified.returncode == 0
    assert "held by: process" in doctor.stdout
    assert second.returncode == 4
    assert "is held by process" in second.stderr


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        found = orchestrator("up", "--echo", "--port", port, cwd=tmp_path)

    assert found.returncode == 2
    assert len(found.stderr.strip().splitlines()) == 1
    assert "--port" in found.stderr


def test_another_address_needs_tokens(tmp_path: Path) -> None:
    found = orchestrator("up", "--host", "0.0.0.0", "--port", "0", cwd=tmp_path)  # noqa: S104

    assert found.returncode == 2
    assert "ORCHESTRATOR_SECRET" in found.stderr


def test_ctrl_c_stops_the_server_in_order(tmp_path: Path) -> None:
    process = start(tmp_path)
    submitted = json.loads(orchestrator("submit", "hello", "--json", cwd=tmp_path).stdout)

    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=20)
    status = json.loads(orchestrator("status", submitted["task_id"], "--json", cwd=tmp_path).stdout)

    assert process.returncode == 0
    assert "acknowledged is on disk" in said
    assert status["status"] == "approved"


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("run", "x", "--metrics", "missing.json"), 2, "missing.json"),
        (("run", "x", "--metrics", "broken.json"), 2, "is not JSON"),
        (("run", "x", "--echo", "--tone", "evil"), 2, "/preferences/tone"),
        (("run", "", "--echo"), 2, "/request"),
        (("rnu", "x"), 2, "Did you mean 'run'?"),
        (("status", "x"), 3, "no data directory"),
        (("status", "x", "--server", "http://127.0.0.1:9"), 4, "does not answer"),
        (("produce", "missing.jsonl"), 2, "missing.jsonl"),
        (("token", "create", "ann"), 2, "ORCHESTRATOR_SECRET"),
    ],
)
def test_what_is_typed_wrong_is_one_clear_sentence(
    args: tuple[str, ...], code: int, said: str, tmp_path: Path
) -> None:
    (tmp_path / "broken.json").write_text("{")

    found = orchestrator(*args, cwd=tmp_path)

    assert found.returncode == code, found.stderr
    assert said in found.stderr
    assert "Traceback" not in found.stderr


def test_an_unknown_task_is_exit_code_3(tmp_path: Path) -> None:
    orchestrator("run", "hello", "--echo", cwd=tmp_path)

    for verb in ("status", "events", "verify", "cancel"):
        assert orchestrator(verb, "nobody", cwd=tmp_path).returncode == 3


def test_many_requests_come_from_a_file_and_bad_lines_are_named(tmp_path: Path) -> None:
    lines = ['{"request": "one"}', '{"request": 2}', "", '{"request": "three"}', "broken"]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))

    found = orchestrator("produce", "many.jsonl", cwd=tmp_path)

    assert found.returncode == 1
    assert "2 requests accepted, 2 refused" in found.stdout
    assert "line 2: /request" in found.stderr


def test_config_shows_what_is_in_force_and_masks_secrets(tmp_path: Path) -> None:
    secret = "x" * 40
    env = {"ORCHESTRATOR_PORT": "1234", "ORCHESTRATOR_SECRET": secret}

    found = orchestrator("config", cwd=tmp_path, env=env)

    assert "1234" in found.stdout
    assert secret not in found.stdout


def test_doctor_finds_a_damaged_log(tmp_path: Path) -> None:
    orchestrator("run", "hello", "--echo", cwd=tmp_path)
    well = orchestrator("doctor", cwd=tmp_path)
    log = tmp_path / ".orchestrator" / "log.db"
    with log.open("r+b") as file:
        file.seek(8192 * 3)
        file.write(b"\xff" * 8192)

    ill = orchestrator("doctor", cwd=tmp_path)

    assert well.returncode == 0, well.stdout
    assert ill.returncode == 1
    assert "BAD" in ill.stdout


async def test_ctrl_c_in_the_middle_of_a_run_loses_nothing(tmp_path: Path) -> None:
    root = str(Path(__file__).parents[2])
    process = await asyncio.create_subprocess_exec(
        *ORCHESTRATOR, "run", "hello", "--echo", "--ask",
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": root, "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    task = (await process.stdout.readline()).decode().split()[1]
    process.send_signal(signal.SIGINT)
    await process.communicate()

    watched = await asyncio.to_thread(orchestrator, "verify", cwd=tmp_path)
    status = await asyncio.to_thread(orchestrator, "status", task, "--json", cwd=tmp_path)

    assert watched.returncode == 0
    assert json.loads(status.stdout)["task_id"] == task
