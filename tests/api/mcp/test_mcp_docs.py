"""What the page about MCP says of the orchestrator as a server is what there is."""

import json
import re
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from agents.tools.servers import read_servers
from api.cli import cli
from api.mcp.stdio import Connection
from api.mcp.tools import orchestrator_tools
from api.settings import Settings

PAGE = (Path(__file__).parents[3] / "docs" / "mcp.md").read_text("utf-8")
SECTION = PAGE.partition("## The orchestrator as a server")[2].partition("\n## ")[0]
FILES = re.findall(r"^```json\n(.*?)^```", SECTION, re.MULTILINE | re.DOTALL)
ROLES = ("viewer", "operator", "approver", "admin")


def test_the_table_of_tools_is_that_of_the_code() -> None:
    way = Connection(Settings(), AsyncExitStack()).open
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (\w+) \|$", SECTION, re.MULTILINE)

    offered = orchestrator_tools(way)
    assert [(name, title) for name, title, _ in rows] == [(o.name, o.title) for o in offered]
    for (_, _, role), offer in zip(rows, offered, strict=True):
        assert role in ROLES
        assert (role == "viewer") == offer.hints.is_read_only
        assert (f"role {role}" in offer.description) or role in ("viewer", "operator")


@pytest.mark.parametrize("text", FILES)
def test_each_file_on_the_page_can_be_read_and_names_a_verb_that_there_is(
    text: str, tmp_path: Path
) -> None:
    path = tmp_path / "mcp.json"
    path.write_text(text)

    (server,) = read_servers(path, {"ORCHESTRATOR_TOKEN": "a.token"})

    assert server.problem == ""
    assert server.notes == ()
    for body in json.loads(text)["mcpServers"].values():
        if "command" in body:
            assert body["command"] == "orchestrator"
            verb, *words = body["args"]
            command = cli.get_command(None, verb)  # type: ignore[arg-type]
            assert command is not None
            command.make_context(verb, words)
