"""References to the environment in the values of a file, and which values must never be shown."""

import re
from collections.abc import Mapping

SHORTEST_SECRET = 8  # characters; a shorter value is taken for one only if its name says so
SHORTEST_NAMED = 4
HIDDEN = "***"

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_TELLING_NAME = re.compile(
    r"KEY|TOKEN|SECRET|PASS|PWD|AUTHORI|CREDENTIAL|COOKIE|DSN", re.IGNORECASE
)
_PLAIN = re.compile(r"(?:true|false|[\d.]+|[a-z][a-z-]*|[~./\\].*|[A-Za-z]:\\.*)\Z")
_PLAIN_ADDRESS = re.compile(r"https?://[^\s@?]+\Z", re.IGNORECASE)
_PASSWORD_IN_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/@:]*:([^\s/@]+)@", re.IGNORECASE)


class MissingVariable(Exception):
    """A variable of the environment that a value refers to is not set."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def expand(text: str, environment: Mapping[str, str]) -> str:
    """The text with `${NAME}` and `${NAME:-default}` filled in; MissingVariable names one that is
    not set and has no default.
    """

    def value(match: re.Match[str]) -> str:
        name, default = match.group(1), match.group(2)
        found = environment.get(name) or default
        if found is None and name not in environment:
            raise MissingVariable(name)
        return found or ""

    return _REFERENCE.sub(value, text)


def has_reference(text: str) -> bool:
    """Whether the text refers to the environment."""
    return _REFERENCE.search(text) is not None


def referenced(text: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that the text refers to, as far as they are set, with their values."""
    names = (match.group(1) for match in _REFERENCE.finditer(text))
    return {name: environment[name] for name in names if environment.get(name)}


def is_telling(name: str) -> bool:
    """Whether a value of this name is a secret by the look of the name."""
    return _TELLING_NAME.search(name) is not None


def secrets_in(name: str, value: str) -> tuple[str, ...]:
    """What of a setting must be hidden wherever a server may repeat it. Folders, numbers, words
    and addresses without credentials are left as they are, since ordinary results hold them too.
    """
    if is_telling(name) and len(value) >= SHORTEST_NAMED:
        _, _, credential = value.partition(" ")  # of "Bearer …" the second part alone is one too
        return (value, credential) if len(credential) >= SHORTEST_NAMED else (value,)
    inside = passwords_in(value)
    if len(value) < SHORTEST_SECRET or _PLAIN.match(value) or _PLAIN_ADDRESS.match(value):
        return inside
    return (value, *inside)


def passwords_in(value: str) -> tuple[str, ...]:
    """The passwords of addresses in the value."""
    return tuple(p for p in _PASSWORD_IN_ADDRESS.findall(value) if len(p) >= SHORTEST_NAMED)
