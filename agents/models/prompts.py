"""Our questions to models: versioned files, filled with what is given.

A prompt is `agents/prompts/<name>/<version>.md`: between two lines of three dashes it says what it
is for and which names it is filled with; then come a part for the system and one for the user.
Names under `plain` are single words or numbers of ours. Whatever others wrote comes under `data`:
it stands between marks that it cannot close, and is told to be material.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from agents.models.calls import Message, PromptName
from agents.models.errors import ModelError

LONGEST_PLAIN, LONGEST_DATA = 80, 12_000  # characters
EMPTY = "(none)"
_HEAD = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_PART = re.compile(r"^# (system|user)\n", re.MULTILINE)
_HOLE = re.compile(r"\{\{([a-z_]+)\}\}")
_MARK = re.compile(r"<(\s*/?\s*data)", re.IGNORECASE)
_NOT_PLAIN = re.compile(r"[^\w .,%$€-]")


class PromptError(ModelError):
    """A prompt that is missing or broken, or filled with other names than it has."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of one question."""

    name: PromptName
    about: str
    plain: tuple[str, ...]
    data: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]  # role and text

    def filled(self, values: Mapping[str, str]) -> tuple[Message, ...]:
        """The messages with all names filled. Raises PromptError if one is missing or unknown."""
        wanted = {*self.plain, *self.data}
        if wanted != set(values):
            odd = ", ".join(sorted(wanted ^ set(values)))
            raise PromptError(f"the prompt {self.name.name!r} is filled with other names: {odd}")
        shown = {name: _plain(values[name]) for name in self.plain}
        shown |= {name: _fenced(name, values[name]) for name in self.data}
        # All at once: what is filled in is not looked through for names again.
        return tuple(
            Message(role=role, content=_HOLE.sub(lambda hole: shown[hole[1]], text).strip())
            for role, text in self.parts
        )


@cache
def prompt(name: str, version: int | None = None) -> Prompt:
    """A prompt in one version, the newest unless stated. Raises PromptError without it."""
    folder = files("agents.prompts").joinpath(name)
    numbers = versions(name)
    chosen = version if version is not None else max(numbers, default=0)
    if chosen not in numbers:
        known = ", ".join(map(str, numbers)) or "none"
        raise PromptError(f"no version {chosen} of the prompt {name!r}; there are: {known}")
    return read_prompt(folder.joinpath(f"{chosen}.md").read_text("utf-8"), name, chosen)


def versions(name: str) -> tuple[int, ...]:
    """The versions of a prompt, oldest first."""
    folder = files("agents.prompts").joinpath(name)
    if not re.fullmatch(r"[a-z_]+", name) or not folder.is_dir():
        return ()
    names = (entry.name.removesuffix(".md") for entry in folder.iterdir())
    return tuple(sorted(int(each) for each in names if each.isdecimal()))


def prompt_names() -> tuple[str, ...]:
    """All prompts."""
    entries = files("agents.prompts").iterdir()
    return tuple(sorted(each.name for each in entries if versions(each.name)))


def read_prompt(text: str, name: str, version: int) -> Prompt:
    """A prompt from the text of its file. Raises PromptError."""
    split = _HEAD.match(text)
    if split is None:
        raise PromptError(f"the prompt {name!r} has no head between lines of three dashes")
    head = dict(_head_lines(split[1]))
    plain, data = _names(head.get("plain", "")), _names(head.get("data", ""))
    pieces = _PART.split(split[2])[1:]
    parts = tuple(zip(pieces[::2], pieces[1::2], strict=True))
    holes = {hole for _, part in parts for hole in _HOLE.findall(part)}
    if not parts or holes != {*plain, *data}:
        odd = ", ".join(sorted(holes ^ {*plain, *data})) or "it has no parts"
        raise PromptError(f"the prompt {name!r} does not use the names in its head: {odd}")
    hashed = sha256(text.encode()).hexdigest()
    named = PromptName(name=name, version=version, sha256=hashed)
    return Prompt(named, head.get("about", ""), plain, data, parts)


def _head_lines(head: str) -> Iterator[tuple[str, str]]:
    for line in head.splitlines():
        key, _, value = line.partition(":")
        yield key.strip(), value.strip()


def _names(listed: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in listed.split(",") if name.strip())


def _plain(value: str) -> str:
    return " ".join(_NOT_PLAIN.sub(" ", value).split())[:LONGEST_PLAIN]


def _fenced(name: str, value: str) -> str:
    """Material between marks; marks inside it are broken, so that it cannot end before its end."""
    inside = _MARK.sub(r"&lt;\1", value.strip()[:LONGEST_DATA]) or EMPTY
    return f'<data name="{name}">\n{inside}\n</data>'
