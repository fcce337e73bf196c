"""What a user may say of a server for this program alone, under its key `orchestrator`."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from agents.tools.errors import ServersInvalid
from streams.domain.values import Json, Milliseconds

CONCURRENCY = 4  # calls to one server at once
Wrong = Callable[[str], ServersInvalid]


@dataclass(frozen=True, slots=True)
class ToolSettings:
    """What a user knows of a tool that it cannot say itself; None: not said."""

    produces: tuple[str, ...] | None = None
    consumes: tuple[str, ...] = ()
    cost: float | None = None  # US dollars a call
    duration: float | None = None  # seconds


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """What a user says of a server. Of a trusted one the hints are believed, as is what it says a
    call has cost.
    """

    timeout: Milliseconds | None = None  # of one call
    concurrency: int = CONCURRENCY
    is_trusted: bool = False
    tools: Mapping[str, ToolSettings] = field(default_factory=dict)


def own_settings(given: object, wrong: Wrong) -> OwnSettings:
    """The settings as values; `wrong` makes the error that names the place in the file."""
    if given is None:
        return OwnSettings()
    body = _object(given, "the settings", wrong)
    timeout = _number(body.get("timeout"), "'timeout' (seconds)", wrong)
    concurrency = body.get("concurrency", CONCURRENCY)
    if isinstance(concurrency, bool) or not isinstance(concurrency, int) or concurrency < 1:
        raise wrong("'concurrency' is a whole number of at least 1")
    trusted = body.get("trusted", False)
    if not isinstance(trusted, bool):
        raise wrong("'trusted' is true or false")
    tools = _object(body.get("tools", {}), "'tools'", wrong)
    return OwnSettings(
        timeout=None if timeout is None else max(1, round(timeout * 1000)),
        concurrency=concurrency,
        is_trusted=trusted,
        tools={name: _tool(name, body, wrong) for name, body in tools.items()},
    )


def _tool(name: str, given: object, wrong: Wrong) -> ToolSettings:
    body = _object(given, f"the tool {name!r}", wrong)
    produces = body.get("produces")
    return ToolSettings(
        produces=None if produces is None else _names(produces, f"'produces' of {name!r}", wrong),
        consumes=_names(body.get("consumes", []), f"'consumes' of {name!r}", wrong),
        cost=_number(body.get("cost"), f"'cost' of {name!r} (US dollars)", wrong),
        duration=_number(body.get("duration"), f"'duration' of {name!r} (seconds)", wrong),
    )


def _object(given: object, what: str, wrong: Wrong) -> Json:
    if not isinstance(given, dict):
        raise wrong(f"{what}: an object is needed")
    return given


def _number(given: object, what: str, wrong: Wrong) -> float | None:
    if given is None:
        return None
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if not is_number or not math.isfinite(float(given)) or float(given) < 0:  # type: ignore[arg-type] # a number by now
        raise wrong(f"{what} is a number of at least 0")
    return float(given)  # type: ignore[arg-type] # a number by now


def _names(given: object, what: str, wrong: Wrong) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(n, str) and n for n in given):
        raise wrong(f"{what} is a list of names")
    return tuple(given)
