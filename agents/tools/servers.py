"""The servers that a file names, in the form that desktop assistants write.

`{"mcpServers": {name: {command, args, env, cwd} | {url, headers, type}}}`; keys that other programs
know are left alone, and the key `orchestrator` of a server is ours.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from agents.tools.errors import ServersInvalid
from agents.tools.found import Transport
from agents.tools.references import (
    HIDDEN,
    MissingVariable,
    expand,
    has_reference,
    is_telling,
    passwords_in,
    referenced,
    secrets_in,
)
from agents.tools.settings import OwnSettings, own_settings
from streams.domain.values import Json

LONGEST_NAME = 64  # characters; the ids of tools begin with it
_NO_NAME = re.compile(r"[^A-Za-z0-9_@-]+")  # no dot: it parts a server from its tool
_HTTP_TYPES = frozenset({"http", "streamable-http", "streamablehttp", "streamable_http"})


@dataclass(frozen=True, slots=True, repr=False)
class Server:
    """One server of the file. Its values never appear in a representation, only its name does."""

    name: str
    transport: Transport
    command: str = ""
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: str | None = None
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_disabled: bool = False
    own: OwnSettings = field(default_factory=OwnSettings)
    problem: str = ""  # why it cannot be started at all
    notes: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()  # hidden in all that comes from the server

    def __repr__(self) -> str:
        return f"Server({self.name!r}, {self.transport!r})"

    def hide(self, text: str) -> str:
        """The text without the values that this server was given."""
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return text


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the file a value stands."""

    path: Path
    pointer: str

    def at(self, key: object) -> "_Place":
        escaped = str(key).replace("~", "~0").replace("/", "~1")
        return _Place(self.path, f"{self.pointer}/{escaped}")

    def wrong(self, what: str) -> ServersInvalid:
        return ServersInvalid(f"{str(self.path)!r} at {self.pointer or '/'!r}: {what}")


def read_servers(path: Path, environment: Mapping[str, str]) -> tuple[Server, ...]:
    """The servers of the file, in its order; none if there is no file.

    ServersInvalid names the file and the JSON pointer of what cannot be read. A variable that is
    not set is no error here: it marks the one server that needs it.
    """
    place = _Place(path, "")
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise place.wrong(f"cannot be read ({error.strerror}); check its permissions") from None
    except (ValueError, RecursionError) as error:
        # The text of the error holds no value of the file, only the position.
        position = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "text"
        raise place.wrong(f"{position} is no JSON; mend the file") from None
    named = _object(_object(raw, place).get("mcpServers"), place.at("mcpServers"))
    servers: dict[str, Server] = {}
    for given, body in named.items():
        here = place.at("mcpServers").at(given)
        server = _server(given, _object(body, here), here, environment)
        if server.name in servers:
            raise here.wrong(f"a second server would be named {server.name!r}; rename one")
        servers[server.name] = server
    return tuple(servers.values())


def _server(given: str, body: Json, place: _Place, environment: Mapping[str, str]) -> Server:
    name = _slug(given)
    if not name:
        raise place.wrong("the name has no letter or digit of ASCII; rename the server")
    is_stdio, is_http = "command" in body, "url" in body
    if is_stdio == is_http:
        raise place.wrong("give either a 'command' or a 'url'")
    own = own_settings(body.get("orchestrator"), place.at("orchestrator").wrong)
    values = _values(body, place, is_stdio)
    notes = _notes(name, given, values)
    common: Json = {
        "name": name,
        "transport": "stdio" if is_stdio else "http",
        "is_disabled": body.get("disabled") is True,
        "own": own,
        "notes": notes,
        "secrets": _secrets(values, environment),
    }
    try:
        filled = _filled(values, environment)
    except MissingVariable as missing:
        problem = f"the environment has no variable {missing.name!r}; set it and start again"
        return Server(**common, problem=problem)
    return Server(**common, **filled, problem=_unusable(body, values, filled))


def _values(body: Json, place: _Place, is_stdio: bool) -> Json:
    """The values that say how to reach the server, still with their references."""
    if is_stdio:
        return {
            "command": _text(body["command"], place.at("command")),
            "arguments": _texts(body.get("args"), place.at("args")),
            "environment": _named_texts(body.get("env"), place.at("env")),
            "folder": None if body.get("cwd") is None else _text(body["cwd"], place.at("cwd")),
        }
    return {
        "url": _text(body["url"], place.at("url")),
        "headers": _named_texts(body.get("headers"), place.at("headers")),
    }


def _filled(values: Json, environment: Mapping[str, str]) -> Json:
    def fill(value: Any) -> Any:
        if isinstance(value, str):
            return expand(value, environment)
        if isinstance(value, tuple):
            return tuple(expand(each, environment) for each in value)
        return value and {name: expand(each, environment) for name, each in value.items()}

    return {key: fill(value) for key, value in values.items()}


def _unusable(body: Json, values: Json, filled: Json) -> str:
    if "url" not in values:
        return "" if filled["command"].strip() else "the command is empty; name a program"
    kind = str(body.get("type", "http")).lower()
    if kind == "sse":
        return "the old transport 'sse' is not spoken; give the address of its streamable HTTP"
    if kind not in _HTTP_TYPES:
        return "its type is neither 'http' nor 'stdio'; correct it"
    is_web = re.match(r"https?://[^/?#\s]+", filled["url"], re.IGNORECASE)
    return "" if is_web else "the url does not begin with http:// or https://; correct it"


def _settings(values: Json) -> list[tuple[str, str]]:
    """The values by name, as far as they may be secret; where there is no name, it is empty."""
    named = [*(values.get("environment") or {}).items(), *(values.get("headers") or {}).items()]
    arguments, url = values.get("arguments", ()), values.get("url", "")
    options = [(flag, value) for flag, value in pairwise(arguments) if _is_flag(flag)]
    options += [(flag, value) for flag, _, value in (a.partition("=") for a in arguments) if value]
    options += parse_qsl(url.partition("?")[2])
    named += [(name, value) for name, value in options if is_telling(name)]
    return named + [("", text) for text in (*arguments, url)]


def _is_flag(argument: str) -> bool:
    return argument.startswith("-") and "=" not in argument


def _notes(name: str, given: str, values: Json) -> tuple[str, ...]:
    notes = [] if name == given else [f"the server {given!r} is called {name!r} here"]
    for key, value in _settings(values):
        if is_telling(key) and value and not has_reference(value):
            variable = re.sub(r"[^A-Z0-9]+", "_", key.upper()).strip("_")
            notes.append(
                f"{name}: {key!r} looks like a secret that stands in the file; put it into the "
                f"environment and write ${{{variable}}}"
            )
    return tuple(notes)


def _secrets(values: Json, environment: Mapping[str, str]) -> tuple[str, ...]:
    found: set[str] = set()
    for key, value in _settings(values):
        for variable, text in referenced(value, environment).items():
            found.update(secrets_in(variable, text))
        with suppress(MissingVariable):  # such a server is never started
            whole = expand(value, environment)
            found.update(secrets_in(key, whole) if key else passwords_in(whole))
    written = {form for secret in found for form in (json.dumps(secret)[1:-1], quote(secret, ""))}
    return tuple(sorted(found | written, key=lambda secret: (-len(secret), secret)))


def _slug(given: str) -> str:
    plain = unicodedata.normalize("NFKD", given).encode("ascii", "ignore").decode()
    return _NO_NAME.sub("-", plain).strip("-_@")[:LONGEST_NAME].strip("-_@")


def _object(value: object, place: _Place) -> Json:
    if not isinstance(value, dict):
        raise place.wrong("an object is needed here")
    return value


def _text(value: object, place: _Place) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise place.wrong("a text is needed here")
    return value


def _texts(value: object, place: _Place) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise place.wrong("a list of texts is needed here")
    return tuple(_text(each, place.at(index)) for index, each in enumerate(value))


def _named_texts(value: object, place: _Place) -> dict[str, str]:
    if value is None:
        return {}
    return {name: _text(each, place.at(name)) for name, each in _object(value, place).items()}
