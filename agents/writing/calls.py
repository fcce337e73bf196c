"""Calls to action: the one that was asked for, else one that fits tone, readers and kind."""

import re
from collections.abc import Mapping

from agents.writing.story import Story
from agents.writing.telling import Teller

_READERS = (
    (
        "investors",
        re.compile(
            r"\b(?:investor\w*|shareholder\w*|board|aktionär\w*|"
            r"anleger\w*)\b",
            re.I,
        ),
    ),
    (
        "team",
        re.compile(
            r"\b(?:team\w*|employee\w*|staff|colleague\w*|mitarbeit\w*|"
            r"kolleg\w*)\b",
            re.I,
        ),
    ),
    ("customers", re.compile(r"\b(?:customer\w*|client\w*|user\w*|kund\w*|nutzer\w*)\b", re.I)),
)


_SEVERAL = re.compile(
    r"\bthese (?:figures|numbers)\b|\bdieser? Zahlen\b|\bWhich (?:figure|number)", re.I
)


def readers_of(audience: str) -> str:
    """Which kind of readers an audience is: investors, team, customers or general."""
    return next((name for name, pattern in _READERS if pattern.search(audience)), "general")


def call_of(teller: Teller, story: Story) -> str:
    """The call to action of a text; the demanded one word by word."""
    demanded = teller.brief.demands.call_to_action
    if demanded:
        return demanded if demanded[-1] in ".!?…" or "http" in demanded else f"{demanded}."
    calls = teller.tones.CALLS
    suffix = "_email" if teller.brief.kind == "email" else ""
    if story.kind == "none" or teller.brief.demands.no_numbers:
        names = [f"topic{suffix}", "topic"]
    else:
        readers = readers_of(teller.brief.demands.audience)
        names = [readers] if readers != "general" else ["email"] if suffix else ["general"]
        names += ["email" if suffix else "general", "topic"]
    for name in names:
        table = calls[name] if len(story.points) > 2 else _of_one_figure(calls[name])
        said = teller.phrase(table, f"call:{name}")
        if said:
            return said
    return ""


def _of_one_figure(table: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """The calls that speak of no choice among figures, where there are any."""
    return {
        name: tuple(text for text in said if not _SEVERAL.search(text)) or said
        for name, said in table.items()
    }


def short_call_of(teller: Teller) -> str:
    """The shortest call to action of the voice."""
    return teller.pick([teller.tones.SHORT_CALLS[teller.voice.family]], "short call")
