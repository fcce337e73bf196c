"""The co-founder agent: weighs what the other agents found, and writes it up as one briefing.

It delegates by the plan: `agents.planning.briefing` gives each part of a wide request to the agent
that does it. What it recommends rests on facts, is ranked by a stated rule, and is traced to them.
"""

from dataclasses import replace

from agents.contract import Agent, Done, GiveUp, Outcome
from agents.figures.metric_notes import Phrase, say
from agents.founder.evidence import read_evidence, texts
from agents.founder.ranking import RULE, ranked, reason
from agents.founder.recommending import Recommendation, recommendations
from agents.founder.text import outline_of, title_of
from agents.founder.tools import BRIEF, WEIGH
from agents.founder.unknowns import unknowns
from agents.writing.brief import Brief, read_brief
from agents.writing.draft import draft_of
from agents.writing.meaning import relations
from agents.writing.refine import refine
from agents.writing.story import story_of
from agents.writing.telling import Teller
from streams.domain.commands import Command, CommandKind
from streams.domain.values import Json

# What a command that is dispatched by itself may be called.
ALIASES = ("weigh", "recommend", "prioritize", "prioritise")
_NOTHING: Phrase = (
    "There is nothing to weigh: give business_metrics or market data.",
    "Es gibt nichts abzuwägen: bitte business_metrics oder Marktdaten angeben.",
)


def weigh(command: Command) -> Outcome:
    """Tool co_founder.weigh: recommendations in their order, and what is not known."""
    evidence = read_evidence(command.payload)
    if not evidence.facts and not evidence.market:
        return GiveUp(say(evidence.language, _NOTHING))
    kept = ranked(recommendations(evidence))
    facts = {fact.fact_id: fact for one in kept for fact in one.facts}
    facts |= {one.stake.fact_id: one.stake for one in kept if one.stake is not None}
    new = [f for f in facts.values() if f.fact_id not in evidence.market]
    return Done(
        {
            "recommendations": [_as_json(n, one) for n, one in enumerate(kept, 1)],
            "rule": say(evidence.language, RULE),
            "reason": reason(kept[0], kept[1] if len(kept) > 1 else None, evidence.language)
            if kept
            else "",
            "unknown": unknowns(evidence),
            "facts": [fact.as_json for fact in new],
            "notes": [],
            "is_offline": True,
        }
    )


def _as_json(place: int, one: Recommendation) -> Json:
    return {
        "place": place,
        "key": one.key,
        "kind": one.kind,
        "what": one.what,
        "why": one.why,
        "stake": one.stake.as_json if one.stake is not None else None,
        "facts": [fact.as_json for fact in one.facts],
    }


def brief(command: Command) -> Outcome:
    """Tool co_founder.brief: the briefing as a text, with everything it rests on."""
    payload = command.payload
    evidence = read_evidence(payload)
    inputs = payload.get("inputs") if isinstance(payload.get("inputs"), dict) else payload
    priorities: Json = inputs.get("priorities") if isinstance(inputs, dict) else None  # type: ignore[assignment]
    if not isinstance(priorities, dict):
        return GiveUp(say(evidence.language, _NOTHING))
    asked = read_brief(payload)
    notes = [*texts(evidence.insights.get("notes")), *texts(evidence.research.get("notes"))]
    details: Json = {
        name: priorities.get(name) for name in ("recommendations", "rule", "unknown")
    } | {
        "drafts": [
            {
                "audience": draft.audience,
                "draft": draft.text,
                "risk_level": draft.check.get("risk_level"),
                "effect": draft.check.get("effect"),
                "findings": draft.check.get("findings") or [],
            }
            for draft in evidence.drafts
        ]
    }
    outline = outline_of(evidence, priorities, _conclusion(asked))
    draft = draft_of(outline, asked, title=title_of(evidence), notes=notes, details=details)
    return Done(draft | {"kind": "report"})


def _conclusion(asked: Brief) -> str:
    """What comparing two of the figures shows; empty if no two of them can be compared."""
    told = relations(Teller(replace(asked, tone="professional")), story_of(asked).points)
    return next(told, "")


def improve(command: Command) -> Outcome:
    """The kind Refine: the briefing with single findings mended; it is never written anew."""
    return Done(refine(command.payload, {}))


CO_FOUNDER = Agent(
    "co_founder",
    computes=dict.fromkeys((WEIGH, *ALIASES), weigh)
    | {BRIEF: brief, CommandKind.REFINE.value: improve},
)
