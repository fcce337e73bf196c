"""What each kind of request needs in the end: the deliverable, what it must rest on, and extras
worth having."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from streams.domain.intent import Intent
from streams.domain.values import Channel, Json

DRAFT = "draft"
MARKET_DATA = "market_data"
METRICS = "metrics_data"
TEXTS = frozenset({DRAFT, "report", "check"})  # a plan writes one text: all else is about that one


@dataclass(frozen=True, slots=True)
class Extra:
    """An artifact a plan can do without. `worth` is what having it is worth, in US dollars."""

    artifact: str
    worth: float
    is_optional: bool  # its failure does not fail the task


@dataclass(frozen=True, slots=True)
class Goal:
    """What a plan must bring about.

    `through` are artifacts the deliverable's own tool must use, `targets` are artifacts needed
    besides, `given` holds artifacts that are there from the beginning.
    """

    deliverable: str
    action: str
    kind: str
    through: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    extras: tuple[Extra, ...] = ()
    given: Mapping[str, Json] = field(default_factory=dict)


_COMPLIANCE = Extra("compliance_report", 0.50, is_optional=False)
_QUALITY = Extra("quality_report", 0.25, is_optional=False)
_RESEARCH = Extra("research", 0.10, is_optional=True)
_SIDE_CHECK = Extra("compliance_report", 0.05, is_optional=True)
_SIDE_NUMBERS = Extra("insights", 0.10, is_optional=True)
_REPORT_CHECKS = (_SIDE_CHECK, _QUALITY)


def goal_of(intent: Intent) -> Goal | None:
    """The goal of an intent; None for a name that no plan is known for."""
    match intent.name:
        case "create_social_content":
            return _content(intent, through=())
        case "create_social_content_with_metrics":
            return _content(intent, through=("insights",))
        case "create_email":
            return _content(intent, through=("insights",) if intent.metrics else ())
        case "financial_analysis":
            return _report(intent, "insights", (*_research(intent), *_REPORT_CHECKS))
        case "market_insight":
            numbers = (_SIDE_NUMBERS,) if intent.metrics else ()
            return _report(intent, "research", (*numbers, *_REPORT_CHECKS))
        case "compliance_check":
            return _check(intent)
        case "edit_content" | "publish_content":
            return _edited(intent)
        case _:
            return None


def _content(intent: Intent, through: tuple[str, ...]) -> Goal:
    action, kind = _form(intent.channels, intent.constraints)
    extras = (*_research(intent), _COMPLIANCE, _QUALITY)
    return Goal(DRAFT, action, kind, through, _variants(intent), extras, _market_data(intent))


def _research(intent: Intent) -> tuple[Extra, ...]:
    is_wanted = "market_research" in intent.implicit or bool(_market_data(intent))
    return (_RESEARCH,) if is_wanted else ()


def _report(intent: Intent, through: str, extras: tuple[Extra, ...]) -> Goal:
    kind, given = "report", _market_data(intent)
    return Goal("report", "create_report", kind, (through,), _variants(intent), extras, given)


def _check(intent: Intent) -> Goal:
    return Goal(
        "check", "create_report", "check", ("compliance_report",), given=_given_text(intent)
    )


def _edited(intent: Intent) -> Goal:
    _, kind = _form(intent.channels, intent.constraints)
    extras = (_COMPLIANCE, _QUALITY) if intent.channels else (_QUALITY,)
    return Goal(DRAFT, "edit", kind, (), _variants(intent), extras, _given_text(intent))


def _form(channels: Sequence[Channel], constraints: Json) -> tuple[str, str]:
    """The writing action and the kind of draft for these channels."""
    if tuple(channels) == (Channel.EMAIL,):
        return "create_email", "email"
    is_thread = constraints.get("format") == "thread" or int(constraints.get("parts") or 0) > 1
    if is_thread and tuple(channels) == (Channel.TWITTER,):
        return "create_thread", "thread"
    return "create_post", "post"


def _variants(intent: Intent) -> tuple[str, ...]:
    return tuple(f"variant:{channel.value}" for channel in intent.channels)


def _given_text(intent: Intent) -> dict[str, Json]:
    """The user's own text in the shape of a draft."""
    text = str(intent.constraints.get("source_text") or "")
    draft = {
        "kind": "answer",
        "title": "",
        "content": text,
        "body": text.split("\n\n"),
        "hashtags": [],
    }
    return {DRAFT: draft} if text else {}


def _market_data(intent: Intent) -> dict[str, Json]:
    """Where the market data of the request lie; agents get the context itself."""
    names = intent.constraints.get("market_data") or []
    return {MARKET_DATA: {"context": list(names)}} if names else {}
