"""Real processes: a server and a second terminal, Ctrl-C in the middle, a decision asked for in a
terminal."""

import os
import pty
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.settings import Settings
from api.verbs.server import listen
from tests.api.terminal import Terminal

HARD = '{"quality_threshold": 0.99, "max_retries": 0}'  # no echo passes this: a human is asked


@contextmanager
def serving(terminal: Terminal, *args: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`orchestrator up` with echo agents, and the address that it says."""
    process = terminal.start("up", "--echo", "--port", "0", *args)
    assert process.stdout is not None
    url = re.search(r"http://\S+?(?=,)", process.stdout.readline())
    assert url is not None
    try:
        yield process, url.group()
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


@pytest.fixture
def orchestrator(tmp_path: Path) -> Terminal:
    """A terminal in an empty directory."""
    (tmp_path / "hard.json").write_text(HARD)
    return Terminal(tmp_path)


def test_a_second_terminal_uses_the_server_that_holds_the_directory(
    orchestrator: Terminal,
) -> None:
    with serving(orchestrator) as (process, url):
        submitted = orchestrator("submit", "hello", "--json").json
        watched = orchestrator("watch", submitted["task_id"], "--json").json
        run = orchestrator("run", "hello again", "--json").json
        produced = orchestrator("produce", "-", stdin=b'{"request": "three"}')
        listed = orchestrator("list", "--json").json
        verified = orchestrator("verify")
        doctor = orchestrator("doctor")
        second = orchestrator("up", "--port", "0")
        elsewhere = Terminal(orchestrator.directory.parent)("list", "--server", url, "--json").json

        assert submitted["status_url"].startswith(url)
        assert watched["outcome"] == run["outcome"] == "approved"
        assert "No server is running" not in produced.out
        assert len(listed["items"]) == len(elsewhere["items"]) == 3
        assert verified.code == 0
        assert f"process {process.pid} at {url}" in doctor.out
        assert second.code == 4
        assert f"serves {url}" in second.err

    assert orchestrator("list", "--json").json == listed


def test_who_knows_the_secret_needs_no_token_beside_the_server(
    orchestrator: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    (orchestrator.directory / ".env").write_text(f"ORCHESTRATOR_SECRET={'s' * 40}\n")
    stranger = Terminal(orchestrator.directory.parent)

    with serving(orchestrator, "--host", "0.0.0.0") as (_, url):  # noqa: S104
        beside = orchestrator("run", "hello", "--json")
        refused = stranger("list", "--server", url)
        token = orchestrator("token", "create", "ann").out.strip()
        let_in = stranger("list", "--server", url, "--token", token, "--json")

    assert beside.json["outcome"] == "approved"
    assert refused.code == 2
    assert "token create" in refused.err
    assert len(let_in.json["items"]) == 1


def test_a_port_that_is_taken_is_one_sentence(orchestrator: Terminal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = orchestrator("up", "--echo", "--port", str(taken.getsockname()[1]))

    assert found.code == 2
    assert len(found.err.strip().splitlines()) == 1
    assert "--port" in found.err


def test_answers_do_not_wait_for_the_receipt_of_the_one_before() -> None:
    with listen(Settings(port=0)) as listener:
        assert listener.proto == socket.IPPROTO_TCP  # what asyncio asks before TCP_NODELAY


def test_ctrl_c_in_the_middle_of_a_run_keeps_the_task(orchestrator: Terminal) -> None:
    process = orchestrator.start(
        "run", "hello", "--echo", "--ask", "--preferences", "hard.json", stdin=subprocess.PIPE
    )
    assert process.stdout is not None
    said = ""
    while "[l]ater" not in said:
        said += process.stdout.read(1)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=20)

    task = said.split()[1]
    status = orchestrator("status", task, "--json").json
    with serving(orchestrator):
        rejected = orchestrator("reject", task, "--reason", "tried enough", "--json").json
    verified = orchestrator("verify", "--json").json

    assert process.returncode == 130
    assert len(complaint.strip().splitlines()) == 1
    assert f"Task {task} is kept" in complaint
    assert f"orchestrator watch {task}" in complaint
    assert status["status"] == "pending_approval"
    assert rejected["status"] == "rejected"
    assert verified["findings"] == []


def test_ctrl_c_stops_the_server_in_order(orchestrator: Terminal) -> None:
    with serving(orchestrator) as (process, _):
        task = orchestrator("submit", "hello", "--json").json["task_id"]
        process.send_signal(signal.SIGINT)
        said, complaint = process.communicate(timeout=20)

    assert process.returncode == 0
    assert "acknowledged is on disk" in said
    assert complaint == ""
    assert orchestrator("status", task, "--json").json["status"] == "approved"


def test_whoever_sits_at_the_terminal_is_asked(orchestrator: Terminal) -> None:
    ours, theirs = pty.openpty()
    process = orchestrator.start(
        "run", "hello", "--echo", "--preferences", "hard.json", stdin=theirs, stdout=theirs
    )
    os.close(theirs)
    said = b""
    for answer, question in (
        (b"what?\n", b"[l]ater"),
        (b"v\n", b"[l]ater"),
        (b"shorter\n", b"What"),
    ):
        said += until(ours, question)
        os.write(ours, answer)
    said += until(ours, b"[l]ater")
    os.write(ours, b"r not ours\n")
    said += until(ours, b"orchestrator events")
    process.communicate(timeout=20)
    os.close(ours)

    assert process.returncode == 0
    assert b"rejected" in said
    assert said.count(b"APPROVAL") == 2


def until(terminal: int, expected: bytes) -> bytes:
    """Everything that is written to a terminal up to what is expected."""
    said = b""
    while expected not in said:
        said += os.read(terminal, 1_000)
    return said
