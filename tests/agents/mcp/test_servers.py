"""The file of servers, as desktop assistants write it."""

import json
from pathlib import Path
from typing import Any

import pytest

from agents.tools.errors import ServersInvalid
from agents.tools.servers import Server, read_servers
from agents.tools.settings import ToolSettings


def read(folder: Path, servers: Any, **environment: str) -> tuple[Server, ...]:
    path = folder / "mcp.json"
    path.write_text(json.dumps({"mcpServers": servers}))
    return read_servers(path, environment)


def test_a_file_of_another_program_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(
        json.dumps(
            {
                "globalShortcut": "Ctrl+Space",
                "mcpServers": {
                    "files": {
                        "command": "npx",
                        "args": ["-y", "@modelcontextprotocol/server-filesystem", "/srv"],
                        "autoApprove": ["read_file"],
                    },
                    "web": {"type": "http", "url": "https://mcp.example.com/mcp", "timeout": 5},
                },
            }
        )
    )

    files, web = read_servers(path, {})

    assert (files.name, files.transport, files.command) == ("files", "stdio", "npx")
    assert files.arguments == ("-y", "@modelcontextprotocol/server-filesystem", "/srv")
    assert (web.name, web.transport, web.url) == ("web", "http", "https://mcp.example.com/mcp")
    assert not files.problem
    assert not web.problem
    assert files.notes == web.notes == ()


def test_without_a_file_there_are_no_servers(tmp_path: Path) -> None:
    assert read_servers(tmp_path / "mcp.json", {}) == ()


def test_variables_are_filled_in_everywhere(tmp_path: Path) -> None:
    (local, remote) = read(
        tmp_path,
        {
            "local": {
                "command": "${BIN}/serve",
                "args": ["--port", "${PORT:-99}", "${EMPTY:-none}"],
                "env": {"API_KEY": "${KEY}"},
                "cwd": "${DIR}",
            },
            "remote": {"url": "https://${HOST}/mcp", "headers": {"Authorization": "Bearer ${KEY}"}},
        },
        BIN="/opt/bin",
        KEY="k-123456",
        DIR="/srv",
        HOST="mcp.example.com",
        EMPTY="",
    )

    assert local.command == "/opt/bin/serve"
    assert local.arguments == ("--port", "99", "none")
    assert local.environment == {"API_KEY": "k-123456"}
    assert local.folder == "/srv"
    assert remote.url == "https://mcp.example.com/mcp"
    assert remote.headers == {"Authorization": "Bearer k-123456"}


def test_a_missing_variable_costs_its_server_alone_and_is_named(tmp_path: Path) -> None:
    lacking, whole = read(
        tmp_path,
        {
            "lacking": {"command": "serve", "env": {"A": "${THERE}", "B": "${NOT_THERE}"}},
            "whole": {"command": "serve"},
        },
        THERE="value-9876",
    )

    assert "'NOT_THERE'" in lacking.problem
    assert "value-9876" not in lacking.problem
    assert whole.problem == ""


def test_a_literal_that_looks_like_a_secret_works_and_is_remarked(tmp_path: Path) -> None:
    (server,) = read(
        tmp_path, {"s": {"url": "https://a.example/mcp", "headers": {"X-Api-Key": "abc123def"}}}
    )

    assert server.headers == {"X-Api-Key": "abc123def"}
    assert not server.problem
    (note,) = server.notes
    assert "'X-Api-Key'" in note
    assert "${X_API_KEY}" in note
    assert "abc123def" not in note


def test_a_reference_is_no_literal(tmp_path: Path) -> None:
    (server,) = read(tmp_path, {"s": {"command": "x", "env": {"TOKEN": "${T}"}}}, T="abc123def")

    assert server.notes == ()


def test_no_representation_shows_a_value(tmp_path: Path) -> None:
    (server,) = read(
        tmp_path,
        {"s": {"command": "x", "args": ["canary-1a"], "env": {"PLAIN": "canary-2b"}}},
    )

    assert "canary" not in f"{server!r} {server} {[server]}"


def test_what_a_server_was_given_is_hidden_in_what_it_says(tmp_path: Path) -> None:
    (server,) = read(
        tmp_path,
        {
            "s": {
                "command": "x",
                "args": ["--dsn", "${DB}"],
                "env": {"LEVEL": "debug", "FOLDER": "/srv/data", "SESSION_COOKIE": "crumb"},
            }
        },
        DB="postgres://user:pa55word@db/app",
    )

    said = server.hide("debug /srv/data crumb pa55word postgres://user:pa55word@db/app")

    assert said == "debug /srv/data *** *** ***"


def test_secrets_among_arguments_and_in_addresses_are_remarked_and_hidden(tmp_path: Path) -> None:
    local, remote = read(
        tmp_path,
        {
            "local": {"command": "x", "args": ["--api-key", "k-12345", "--token=t-12345", "-v"]},
            "remote": {"url": "https://me:pa55word@h.example/mcp?apiKey=q-12345&page=long-page"},
        },
    )

    assert local.hide("k-12345 t-12345 -v") == "*** *** -v"
    assert remote.hide("pa55word q-12345 long-page") == "*** *** long-page"
    assert [note.partition("'")[2].partition("'")[0] for note in local.notes] == [
        "--api-key",
        "--token",
    ]
    assert "'apiKey'" in remote.notes[0]


def test_names_become_ids(tmp_path: Path) -> None:
    servers = read(tmp_path, {"Büro Files/2": {"command": "x"}, "a.b": {"command": "x"}})

    assert [server.name for server in servers] == ["Buro-Files-2", "a-b"]
    assert "'Büro Files/2'" in servers[0].notes[0]


@pytest.mark.parametrize(
    ("servers", "pointer", "word"),
    [
        ({"a b": {"command": "x"}, "a-b": {"command": "x"}}, "/mcpServers/a-b", "second"),
        ({"日本": {"command": "x"}}, "/mcpServers/日本", "rename"),
        ({"a": {}}, "/mcpServers/a", "either"),
        ({"a": {"command": "x", "url": "http://h"}}, "/mcpServers/a", "either"),
        ({"a": {"command": 7}}, "/mcpServers/a/command", "text"),
        ({"a": {"command": "x", "args": "y"}}, "/mcpServers/a/args", "list"),
        ({"a": {"command": "x", "args": ["y", 1]}}, "/mcpServers/a/args/1", "text"),
        ({"a": {"command": "x", "env": {"K/1": 2}}}, "/mcpServers/a/env/K~11", "text"),
        ({"a": {"url": "http://h", "headers": []}}, "/mcpServers/a/headers", "object"),
        ([], "/mcpServers", "object"),
        ({"a": {"command": "x", "orchestrator": {"trusted": "yes"}}}, "orchestrator", "trusted"),
        ({"a": {"command": "x", "orchestrator": {"timeout": -1}}}, "orchestrator", "timeout"),
        ({"a": {"command": "x", "orchestrator": {"concurrency": 0}}}, "orchestrator", "whole"),
        (
            {"a": {"command": "x", "orchestrator": {"tools": {"t": {"produces": "x"}}}}},
            "orchestrator",
            "'t'",
        ),
    ],
)
def test_a_mistake_is_named_with_the_file_and_the_place(
    tmp_path: Path, servers: Any, pointer: str, word: str
) -> None:
    with pytest.raises(ServersInvalid) as caught:
        read(tmp_path, servers)

    assert "mcp.json" in str(caught.value)
    assert pointer in str(caught.value)
    assert word in str(caught.value)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"mcpServers": 1}', "[" * 100_000])
def test_a_file_that_is_none_is_refused_without_its_content(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mcp.json"
    path.write_text(text)

    with pytest.raises(ServersInvalid, match=r"mcp\.json"):
        read_servers(path, {})


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"url": "https://h/mcp", "type": "sse"}, "streamable HTTP"),
        ({"url": "https://h/mcp", "type": "carrier-pigeon"}, "type"),
        ({"url": "ftp://h/mcp"}, "http://"),
        ({"command": "${C:-}"}, "command"),
    ],
)
def test_what_cannot_be_reached_fails_by_itself(tmp_path: Path, body: Any, reason: str) -> None:
    (server,) = read(tmp_path, {"a": body})

    assert reason in server.problem


def test_our_own_key_says_what_a_server_cannot(tmp_path: Path) -> None:
    (server,) = read(
        tmp_path,
        {
            "a": {
                "command": "x",
                "disabled": True,
                "orchestrator": {
                    "timeout": 2.5,
                    "concurrency": 2,
                    "trusted": True,
                    "tools": {
                        "t": {"produces": ["market_data"], "consumes": ["q"], "cost": 0.01,
                              "duration": 4}
                    },
                },
            }
        },
    )  # fmt: skip

    assert server.is_disabled
    assert (server.own.timeout, server.own.concurrency, server.own.is_trusted) == (2_500, 2, True)
    assert server.own.tools["t"] == ToolSettings(("market_data",), ("q",), 0.01, 4.0)
