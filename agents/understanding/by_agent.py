"""Which agent a request is for: named in `preferences.agent`, or a wide request that needs them
all."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from agents.understanding.intent_scores import CLEAR_SCORE, Wanted
from streams.domain.values import Json

BRIEF = "brief"  # the kind of work that the co-founder agent does: it delegates to the others
KINDS: Mapping[str, tuple[str, ...]] = {
    # agent: the kinds of work it does, the usual one first
    "content": ("content", "email", "edit", "publish"),
    "financial": ("analysis",),
    "market_insight": ("market",),
    "compliance": ("check",),
    "co_founder": (BRIEF,),
}
_ON_DATA = frozenset(("compare", "analyze", "chart", "market", "change", "growth", "research"))
_TEXTS = frozenset(("post", "thread", "email", "text", "linkedin", "twitter"))
_CUES = frozenset(("asking", "report"))  # so that a chosen agent is no vague wish
_WE = r"(?:we|i|our\s(?:team|company))"
_WIDE = re.compile(
    rf"\bwhat\s(?:should|shall|do)\s{_WE}\s(?:need\sto\s)?(?:focus|work|concentrate|prioriti[sz]e|do)\b"
    r"(?!\s(?:about|with|if|when)\b)"
    rf"|\bwhere\s(?:should|shall)\s{_WE}\s(?:focus|put|invest)\b"
    rf"|\b(?:what|which)\s(?:are|should\sbe)\sour\s(?:top\s|main\s|next\s)?priorities\b"
    r"|\bour\s(?:top\s|main\s)?priorities\sfor\b"
    r"|\b(?:prepare|make|draft|write|plan|create)\s(?:\w+\s){0,2}"
    r"(?:launch|go[- ]to[- ]market|action)\splan\b"
    r"|\b(?:prepare|create|make|draft)\s(?:\w+\s){0,3}?(?:update|briefing)\s"
    r"(?:for|to)\s(?:our\s|the\s)?\w+\s(?:and|&)\s(?:our\s|the\s)?\w+"
    r"|\b(?:board|management)\s(?:briefing|update)\b"
    r"|\bworauf\ssoll(?:t?en)?\swir\s(?:uns|im|nächste)\b"
    r"|\bwas\ssoll(?:t?en)?\swir\s(?:als\snächstes|nächsten\s\w+|zuerst|im\s\w+)\s"
    r"|\b(?:unsere|die)\s(?:wichtigsten\s)?(?:Prioritäten|nächsten\sSchritte)\s(?:für|im)\b"
    r"|\b(?:Maßnahmenplan|Markteinführungsplan|Startplan|Vorstandsbriefing)\b"
    r"|\b(?:bereite|erstelle?|mach\w*)\s(?:\w+\s){0,4}?(?:Update|Lagebericht|Briefing)\s"
    r"für\s(?:unsere\s|die\s)?\w+\sund\s(?:unsere\s|die\s)?\w+",
    re.IGNORECASE,
)
_AUDIENCES: Mapping[str, tuple[str, str]] = {
    # what is said: the audience and the kind of draft for it
    r"investors?|shareholders?|investor\w*|anleger\w*|gesellschafter\w*": ("investors", "email"),
    r"customers?|clients?|users?|kund\w+|nutzer\w*": ("customers", "post"),
    r"team|employees|staff|mitarbeite\w+|belegschaft": ("team", "email"),
    r"public|followers|community|press|öffentlichkeit|presse": ("public", "post"),
}
_FOR = re.compile(r"\b(?:for|to|für|an)\s(?P<whom>[^.!?\n]{3,90})", re.IGNORECASE)
_LAUNCH = re.compile(r"\b(?:launch|go[- ]to[- ]market|markteinführung\w*|startplan)\b", re.I)


def agent_named(preferences: Json) -> str:
    """The agent that the preferences name; empty for none."""
    named = preferences.get("agent")
    return named.strip().lower().replace("-", "_") if isinstance(named, str) else ""


def chosen(wanted: Wanted, agent: str, frame: str, *, has_market_only: bool = False) -> Wanted:
    """The kind of work, of those that the named agent does; a wide request is for the co-founder.

    An agent that nobody knows changes nothing. Who gives market data and no figures of the company,
    and asks for something to be compared or analysed, means these data.
    """
    kinds = KINDS.get(agent)
    if kinds is None:
        kinds = (BRIEF,) if not agent and _WIDE.search(frame) else None
    if kinds is None and has_market_only and wanted.cues & _ON_DATA and not wanted.cues & _TEXTS:
        kinds = ("market",)
    if kinds is None:
        return wanted
    kind = wanted.kind if wanted.kind in kinds else kinds[0]
    score, lead = max(wanted.score, CLEAR_SCORE + 2), max(wanted.lead, 2)
    return replace(wanted, kind=kind, score=score, lead=lead, cues=wanted.cues | _CUES)


def is_launch(frame: str) -> bool:
    """Whether something new is to be brought out: then the news is the thing, not the figures."""
    return bool(_LAUNCH.search(frame))


def drafts_for(frame: str) -> list[Json]:
    """The drafts that a wide request wants: for whom and of which kind."""
    return list(_drafts(frame))


def _drafts(frame: str) -> Iterator[Json]:
    told = " ".join(match["whom"] for match in _FOR.finditer(frame))
    found: list[Json] = [
        {"audience": audience, "kind": kind}
        for words, (audience, kind) in _AUDIENCES.items()
        if re.search(rf"\b(?:{words})\b", told, re.IGNORECASE)
    ]
    if not found and is_launch(frame):
        found = [{"audience": "customers", "kind": "post"}]
    yield from ({**one, "is_launch": True} if is_launch(frame) else one for one in found)
