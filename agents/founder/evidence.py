"""What the other agents found, as the co-founder weighs it: facts, sentences, drafts, checks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from agents.figures.facts import Fact, derived_facts, given_facts
from streams.domain.values import Json

_LAUNCH = re.compile(r"\b(?:launch|go[- ]to[- ]market|markteinführung|startplan)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """A text for some readers, with what the compliance agent said of it."""

    audience: str
    called: str
    text: Json
    check: Json

    @property
    def blocking(self) -> list[str]:
        """The titles of the findings that keep it from passing without a person."""
        found = self.check.get("findings")
        rows = found if isinstance(found, list) else []
        return list(dict.fromkeys(str(r.get("title")) for r in rows if r.get("effect") == "blocks"))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that a recommendation may rest on."""

    language: str
    topic: str
    period: str
    is_launch: bool  # something new is to be brought out
    facts: Mapping[str, Fact]  # the company's own
    market: Mapping[str, Fact]
    insights: Json
    research: Json
    drafts: tuple[Draft, ...]
    metrics: Json


def read_evidence(payload: Json) -> Evidence:
    """The evidence in a step's payload, or in a command that was dispatched by itself."""
    inputs = _object(payload.get("inputs")) or payload
    intent = _object(payload.get("intent"))
    language = str(inputs.get("language") or intent.get("language") or "en")
    insights, research = _object(inputs.get("insights")), _object(inputs.get("research"))
    metrics = _object(payload.get("business_metrics"))
    own = {fact.fact_id: fact for fact in _facts(insights)}
    if not own:
        given = given_facts(metrics, language=language)
        own = {fact.fact_id: fact for fact in (*given, *derived_facts(given, language))}
    return Evidence(
        language=language,
        topic=str(inputs.get("topic") or ""),
        period=str(_object(inputs.get("date_range")).get("label") or ""),
        is_launch=bool(_LAUNCH.search(str(payload.get("request") or ""))),
        facts=own,
        market={f.fact_id: f for f in _facts(research) if f.fact_id not in own},
        insights=insights,
        research=research,
        drafts=tuple(_drafts(inputs)),
        metrics=metrics,
    )


def _drafts(inputs: Json) -> Iterator[Draft]:
    wishes = inputs.get("drafts")
    for wish in wishes if isinstance(wishes, list) else ():
        name = str(_object(wish).get("audience") or "")
        text = _object(inputs.get(f"draft_{name}"))
        if name and text.get("content"):
            called = str(wish.get("called") or name)
            yield Draft(name, called, text, _object(inputs.get(f"check_{name}")))


def _facts(report: Json) -> Iterator[Fact]:
    rows = report.get("facts")
    for row in rows if isinstance(rows, list) else ():
        try:
            yield Fact.model_validate(row)
        except ValidationError:
            continue


def texts(value: Any) -> Sequence[str]:
    """The texts of a list."""
    return [v for v in value if isinstance(v, str) and v] if isinstance(value, list) else []


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
