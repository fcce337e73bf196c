"""What the page about Kafka says of topics and commands is what there is."""

import re
import shlex
from pathlib import Path

import click
import pytest

from api.cli import cli
from streams.topics import TOPICS, Spread, Topic, commands_topic

PAGE = (Path(__file__).parents[2] / "docs" / "kafka.md").read_text("utf-8")
DAY = 24 * 60 * 60 * 1000
COMMANDS = [
    line.removeprefix("docker compose exec api ")
    for block in re.findall(r"^```\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
    if line.removeprefix("docker compose exec api ").startswith("orchestrator ")
]


def row(topic: Topic, name: str = "") -> str:
    """A topic as a line of the table."""
    spread = "as `inputs`, for ever" if topic.spread is Spread.FIXED else "any number"
    kept = "for ever" if topic.retention < 0 else f"{topic.retention // DAY} days"
    if topic.cleanup == "compact":
        kept = "the newest of each key"
    return f"| `{name or topic.name}` | {topic.key} | {spread} | {kept} | {topic.purpose} |"


def table() -> list[str]:
    """All lines, that of the queues among them."""
    queues = row(commands_topic("agent"), "commands.<agent>").replace(
        "the agent agents", "one type of agents"
    )
    return [*map(row, TOPICS), queues]


def test_the_table_of_topics_is_that_of_the_code() -> None:
    found = re.search(r"<!-- topics.*?-->\n(.*?)\n<!-- /topics -->", PAGE, re.DOTALL)

    assert found is not None
    assert found[1].splitlines()[2:] == table()


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_on_the_page_is_one_that_there_is(line: str) -> None:
    words = shlex.split(line)[1:]
    command: click.Command = cli
    context = click.Context(command)
    while isinstance(command, click.Group):
        _, found, words = command.resolve_command(context, words)
        assert found is not None
        command = found

    command.make_context("shown", words)  # raises if an option is not there or does not fit
