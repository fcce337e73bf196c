"""Which tools may run: what a person has said, kept in one small file that people can read."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from agents.contract import AgentError
from streams.domain.fingerprint import fingerprint
from streams.domain.plan import PUBLISHERS, ToolSpecification
from streams.domain.values import Permission

VERSION = 1
LARGEST = 4_000_000  # bytes
BUILTIN = "builtin"
_PATTERN = re.compile(r"[A-Za-z0-9._:@*-]{1,192}")
_CAREFUL = {Permission.DENY: 0, Permission.ASK: 1, Permission.ALLOW: 2}
_NAMES = ("version", "default", "tools", "fingerprints")


class PermissionsError(AgentError):
    """The file of permissions cannot be read or written; the message names the place."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the file says. `fingerprints` are those of the tools when they were allowed; it
    `is_closed` while nobody knows what it says.
    """

    default: Permission = Permission.ASK
    tools: Mapping[str, Permission] = field(default_factory=dict)
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """What holds for one tool. `rule` is the line of the file that says so, "" for the default."""

    permission: Permission
    rule: str = ""
    has_changed: bool = False  # it was allowed, and is not the same any more


def judge(rules: Rules, tool: ToolSpecification) -> Judged:
    """What holds for a tool: the most specific rule, and of equal ones the most careful.

    A tool that comes with the package is allowed unless a rule names it, which a bare `*` does not.
    A tool of others that was allowed asks again once its words or schemas are others than those
    that were agreed to. While nobody knows what the file says, no tool of others runs.
    """
    is_own = tool.source == BUILTIN
    if rules.is_closed:
        return Judged(_closed(tool))
    found = _rule(rules, tool.tool_id)
    if found is None or (is_own and not found.strip("*")):
        judged = Judged(Permission.ALLOW if is_own else rules.default)
    else:
        judged = Judged(rules.tools[found], found)
    agreed = rules.fingerprints.get(tool.tool_id)
    if is_own or judged.permission is not Permission.ALLOW or agreed is None:
        return judged
    if agreed == fingerprint(tool):
        return judged
    return Judged(Permission.ASK, judged.rule, has_changed=True)


def is_pattern(name: str) -> bool:
    """Whether this can be the id of a tool, perhaps with `*` in it."""
    return _PATTERN.fullmatch(name) is not None


def read_rules(text: str) -> Rules:
    """The rules in the text of a file.

    Raises:
        PermissionsError: it is not what it should be; the message is a place and what is wrong.
    """
    try:
        document = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise PermissionsError(f"no JSON: {error}") from None
    if not isinstance(document, dict):
        raise PermissionsError("at /: an object is needed")
    for name in document.keys() - set(_NAMES):
        raise PermissionsError(f"at /{name}: there are only {', '.join(_NAMES)}")
    if document.get("version", VERSION) != VERSION:
        raise PermissionsError(f"at /version: this program reads version {VERSION}")
    tools = {
        _pattern(name): _permission(f"/tools/{name}", said)
        for name, said in _object(document, "tools").items()
    }
    agreed = _object(document, "fingerprints")
    for name, value in agreed.items():
        if not isinstance(value, str):
            raise PermissionsError(f"at /fingerprints/{name}: a text is needed")
    default = _permission("/default", document.get("default", Permission.ASK.value))
    return Rules(default, tools, agreed)


class PermissionFile:
    """The file, read anew when it has changed. While it is broken, what it said before holds; where
    that is not known, no tool of others runs and nothing is published.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, ...] | None = None
        self._rules = Rules()
        self._was_read = False  # whether `_rules` are those of a file that could be read
        self._problem = ""

    @property
    def problem(self) -> str:
        """What is wrong with the file now, with its name; "" if nothing is."""
        self._look()
        return self._problem

    def rules(self) -> Rules:
        """What holds now."""
        self._look()
        return self._rules

    def now(self) -> tuple[Rules, str]:
        """What holds, and what is wrong with the file, at the same moment."""
        self._look()
        return self._rules, self._problem

    def judge(self, tool: ToolSpecification) -> Judged:
        """What holds for a tool now."""
        return judge(self.rules(), tool)

    def say(self, patterns: Iterable[str], permission: Permission,
            known: Iterable[ToolSpecification]) -> Rules:  # fmt: skip
        """Write what a person decided about tools, by their ids or with `*`.

        Args:
            known: the tools that there are; allowing one keeps what it looked like.

        Raises:
            PermissionsError: the file is broken and would be lost, or cannot be written.
        """
        rules = self._whole()
        tools = {**rules.tools, **{_pattern(name): permission for name in patterns}}
        changed = Rules(rules.default, tools, rules.fingerprints)
        named = [tool for tool in known if _rule(changed, tool.tool_id) in set(patterns)]
        agreed = {
            k: v for k, v in rules.fingerprints.items() if k not in {t.tool_id for t in named}
        }
        if permission is Permission.ALLOW:
            agreed |= {t.tool_id: fingerprint(t) for t in named if t.source != BUILTIN}
        return self._write(Rules(rules.default, tools, agreed))

    def keep(self, tools: Iterable[ToolSpecification]) -> None:
        """Keep what allowed tools of others look like where nobody has yet: a rule that was written
        by hand, or with `*`, agrees to what there is when it is first seen.

        Raises:
            PermissionsError: the file cannot be written.
        """
        rules = self.rules()
        fresh = {
            tool.tool_id: fingerprint(tool)
            for tool in tools
            if tool.source != BUILTIN
            and tool.tool_id not in rules.fingerprints
            and judge(rules, tool).permission is Permission.ALLOW
        }
        if fresh and not self._problem:
            now = self._whole()
            self._write(Rules(now.default, now.tools, {**fresh, **now.fingerprints}))

    def _whole(self) -> Rules:
        self._look(is_forced=True)
        if self._problem:
            raise PermissionsError(f"{self._problem}; mend it first, so that nothing in it is lost")
        return self._rules

    def _look(self, *, is_forced: bool = False) -> None:
        try:
            about = self.path.stat()
            seen = (about.st_mtime_ns, about.st_size, about.st_ino)
        except FileNotFoundError:
            self._seen, self._rules, self._problem = None, Rules(), ""
            self._was_read = False
            return
        except OSError as error:
            self._fail(error.strerror or str(error))
            return
        if seen == self._seen and not is_forced:
            return
        self._seen = seen
        try:
            if about.st_size > LARGEST:
                raise PermissionsError(f"it is over {LARGEST:,} bytes long")
            self._rules, self._problem = read_rules(self.path.read_text("utf-8")), ""
            self._was_read = True
        except PermissionsError as error:
            self._fail(str(error))
        except (OSError, UnicodeDecodeError) as error:
            self._fail(f"it cannot be read: {error}")

    def _fail(self, why: str) -> None:
        if not self._was_read:
            self._rules = Rules(is_closed=True)
        self._problem = f"{self.path}: {why}"

    def _write(self, rules: Rules) -> Rules:
        document = {
            "version": VERSION,
            "default": rules.default.value,
            "tools": {name: said.value for name, said in sorted(rules.tools.items())},
            "fingerprints": dict(sorted(rules.fingerprints.items())),
        }
        try:
            _replace(self.path, json.dumps(document, indent=2) + "\n")
        except OSError as error:
            raise PermissionsError(f"{self.path} cannot be written: {error.strerror}") from None
        self._look(is_forced=True)
        return self._rules


def _closed(tool: ToolSpecification) -> Permission:
    if tool.source != BUILTIN:
        return Permission.DENY
    return Permission.ASK if tool.tool_id in PUBLISHERS else Permission.ALLOW


def _rule(rules: Rules, tool_id: str) -> str | None:
    """The most specific rule about a tool; of equally specific ones the most careful."""
    exact = rules.tools.get(tool_id)
    if exact is not None:
        return tool_id
    fitting = [name for name in rules.tools if "*" in name and _fits(name, tool_id)]
    if not fitting:
        return None
    return min(fitting, key=lambda n: (-len(n.replace("*", "")), _CAREFUL[rules.tools[n]], n))


def _fits(pattern: str, tool_id: str) -> bool:
    """Whether an id fits a pattern in which `*` stands for anything."""
    first, *middle, last = pattern.split("*")
    if not tool_id.startswith(first):
        return False
    at = len(first)
    for part in middle:
        at = tool_id.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return tool_id.endswith(last) and len(tool_id) - len(last) >= at


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no name stands twice: which of them is meant cannot be told."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} stands there twice")
    return found


def _object(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = document.get(name, {})
    if not isinstance(value, dict):
        raise PermissionsError(f"at /{name}: an object is needed")
    return value


def _pattern(name: str) -> str:
    if not is_pattern(name):
        raise PermissionsError(f"at /tools: {name[:80]!r} is no id of a tool, nor one with *")
    return name


def _permission(place: str, value: Any) -> Permission:
    try:
        return Permission(value)
    except ValueError:
        raise PermissionsError(
            f"at {place}: {str(value)[:40]!r} is none of allow, ask, deny"
        ) from None


def _replace(path: Path, text: str) -> None:
    """Put a text in the place of a file at once: a reader sees the old or the new, whole."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
