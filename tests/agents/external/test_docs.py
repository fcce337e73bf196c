"""What the page about agents shows can be typed, from top to bottom, against a real server."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from api.cli import cli
from streams.envelope import read_input
from streams.log import INPUTS, Record
from tests.api.terminal import ROOT

PAGE = (Path(ROOT) / "docs" / "agents" / "README.md").read_text("utf-8")
STEPS = re.findall(r"^```bash\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
TYPED = [
    line.split("#")[0].strip()
    for block in re.findall(r"^```\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
    if line.startswith("orchestrator ")
]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_the_steps_of_the_page_lead_from_a_command_to_its_result(tmp_path: Path) -> None:
    from tests.api.terminal import Terminal

    terminal = Terminal(tmp_path)
    server = terminal.start("up", "--echo", "--port", "0", "--data", "data")
    try:
        assert server.stdout is not None
        found = re.search(r"http://\S+?(?=,)", server.stdout.readline())
        assert found is not None
        environment = os.environ | {"ORCHESTRATOR_SERVER": found.group(), "NO_PROXY": "127.0.0.1"}
        script = "\n".join(f"{step}\necho; echo '---'" for step in STEPS)
        # The reader copies the id from the answer: here the shell does.
        script = script.replace('&lease_seconds=60"', '&lease_seconds=60" -o claimed.json', 1)
        take = 'ID=$(sed \'s/.*"command_id":"\\([^"]*\\)".*/\\1/\' claimed.json)\n'
        script = script.replace(
            "curl -sS -X POST $URL/api/commands/$ID/heartbeat",
            take + "curl -sS -X POST $URL/api/commands/$ID/heartbeat",
            1,
        )
        ran = subprocess.run(
            ["bash", "-eu", "-c", script],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        claimed = json.loads((tmp_path / "claimed.json").read_text())["items"]
    finally:
        server.terminate()
        server.communicate(timeout=20)

    answers = [json.loads(part) for part in ran.stdout.split("---") if part.strip()]
    registered, dispatched, beat, reported = answers
    assert registered["name"] == "weather-1"
    assert claimed[0]["command_id"] == dispatched["command_id"]
    assert claimed[0]["payload"] == {"city": "Rome"}
    assert beat["attempt"] == 1
    assert reported["status"] == "completed"


@pytest.mark.parametrize("line", TYPED)
def test_every_command_on_the_page_is_one_that_there_is(line: str) -> None:
    import shlex

    words = shlex.split(line)[1:]
    command: click.Command = cli
    context = click.Context(command)
    while isinstance(command, click.Group) and words:
        _, found, words = command.resolve_command(context, words)
        assert found is not None
        command = found

    command.make_context("shown", words)


def test_the_message_for_the_topic_of_inputs_is_an_input() -> None:
    (text,) = re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)

    given = read_input(Record(INPUTS, 0, "TASK", text.encode(), {}))

    assert given.type == "report_result.v1"
    assert given.input_id == json.loads(text)["input_id"]


@pytest.mark.parametrize("name", re.findall(r"\]\((\S+?)\)", PAGE))
def test_every_file_that_the_page_names_is_there(name: str) -> None:
    assert (Path(ROOT) / "docs" / "agents" / name).is_file()
