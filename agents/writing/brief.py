"""What the writer is asked for, read from the payload of a step or of a refinement."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from zlib import crc32

from pydantic import ValidationError

from agents.figures.facts import Fact, derived_facts, given_facts
from agents.figures.metric_names import is_german
from agents.figures.metric_notes import Phrase, say
from streams.domain.request import TONES
from streams.domain.values import Json

_OF_FIGURES = re.compile(r"\b(?:unit economics|kpis?|financ\w+|profitab\w+|finanz\w+)\b", re.I)
_OWN = re.compile(r"^(?:our|the|unser\w*|das|die)\s+", re.IGNORECASE)
LANGUAGES = ("en", "de")
_OTHER_LANGUAGE: Phrase = (
    "Without a model, texts are written in English or German only; {name!r} became English.",
    "",
)


@dataclass(frozen=True, slots=True)
class Demands:
    """What the text must keep to. A limit of None is no limit."""

    max_words: int | None = None
    min_words: int | None = None
    max_characters: int | None = None
    min_characters: int | None = None
    max_sentences: int | None = None
    min_sentences: int | None = None
    max_hashtags: int | None = None
    min_hashtags: int | None = None
    parts: int | None = None
    no_numbers: bool = False
    no_hashtags: bool = False
    no_emojis: bool = False
    verbatim: bool = False
    must_avoid: tuple[str, ...] = ()
    must_include: tuple[str, ...] = ()
    confidential: tuple[str, ...] = ()
    claimed_numbers: tuple[str, ...] = ()
    call_to_action: str = ""
    audience: str = ""
    format: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """One writing task. `report`, `research` and `check` are what other agents found.

    `facts` are the company's own, `market` those of others.
    """

    request: str = ""
    kind: str = "post"
    language: str = "en"
    tone: str = "professional"
    channels: tuple[str, ...] = ()
    topic: str = ""
    period: str = ""
    wanted: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    market: tuple[Fact, ...] = ()
    demands: Demands = Demands()
    report: Json = field(default_factory=dict)
    research: Json = field(default_factory=dict)
    check: Json = field(default_factory=dict)
    draft: Json = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    take: int = 0  # of several versions, which one: each chooses other phrasings

    @property
    def is_german(self) -> bool:
        """Whether the text is to be German; every other language is served in English."""
        return is_german(self.language)

    @property
    def known(self) -> tuple[Fact, ...]:
        """All facts that may stand in a text, whoever they are about."""
        return (*self.facts, *self.market)

    @property
    def seed(self) -> str:
        """What chooses among phrasings: the request, the tone and the facts, and nothing else."""
        told = (self.request, self.tone, *(fact.text for fact in self.facts))
        return "|".join((*told, f"take {self.take}") if self.take else told)


def choose(options: tuple[Any, ...], brief: Brief, about: str) -> Any:
    """One of several phrasings, always the same for the same request and facts."""
    return options[crc32(f"{about}|{brief.seed}".encode()) % len(options)]


def read_brief(payload: Json) -> Brief:
    """The writing task in a payload; whatever is missing or misshapen is left at its default."""
    inputs = _inputs(payload)
    intent = as_object(payload.get("intent"))
    constraints = as_object(inputs.get("constraints")) | as_object(intent.get("constraints"))
    if intent.get("name") == "publish_content":
        constraints |= {"verbatim": True}
    language = _named("language", intent, inputs)[:2] or "en"
    tone = _named("tone", intent, inputs)
    report, research, check = _findings(payload, inputs)
    facts = _facts(report, payload, language)
    period = as_object(report.get("period")) or _period(intent, inputs)
    return Brief(
        request=_request(payload),
        kind=str(inputs.get("kind") or as_object(payload.get("output")).get("kind") or "post"),
        language=language if language in LANGUAGES else "en",
        tone=tone if tone in TONES else "professional",
        channels=texts(intent.get("channels")) or texts(inputs.get("channels")),
        topic=" ".join(str(constraints.get("topic") or inputs.get("topic") or "").split()),
        period=str(period.get("label") or ""),
        wanted=texts(intent.get("metrics")) or texts(inputs.get("metrics")),
        facts=facts,
        market=_market_facts(research, facts),
        demands=read_demands(constraints),
        report=report,
        research=research,
        check=check,
        draft=as_object(inputs.get("draft")),
        notes=() if language in LANGUAGES else (say("en", _OTHER_LANGUAGE, name=language),),
    )


def _request(payload: Json) -> str:
    """The request; the story told with a dispatched command where there is none."""
    said = payload.get("request") or payload.get("narrative")
    return said if isinstance(said, str) else ""


def _named(name: str, intent: Json, inputs: Json) -> str:
    return str(intent.get(name) or inputs.get(name) or "").lower()


def read_demands(constraints: Json) -> Demands:
    """The demands among the constraints; values of the wrong type are no demand."""
    return Demands(**dict(_read_demands(constraints)))


_NAMES = tuple(one.name for one in fields(Demands))


def _read_demands(constraints: Json) -> Iterator[tuple[str, Any]]:
    for name in _NAMES:
        value, default = constraints.get(name), getattr(Demands(), name)
        if isinstance(default, bool):
            yield name, value is True
        elif default is None:
            is_limit = isinstance(value, int) and not isinstance(value, bool) and value >= 0
            yield name, value if is_limit else None
        elif isinstance(default, tuple):
            yield name, texts(value)
        else:
            yield name, " ".join(value.split()) if isinstance(value, str) else ""


def as_object(value: Any) -> Json:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def texts(value: Any) -> tuple[str, ...]:
    """The non-empty strings of a list, in their order and once each."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        return ()
    return tuple(dict.fromkeys(v.strip() for v in value if isinstance(v, str) and v.strip()))


def _inputs(payload: Json) -> Json:
    """The inputs of a step; a command that was dispatched by itself carries them at the top."""
    step = as_object(payload.get("step"))
    given = as_object(payload.get("inputs")) or as_object(step.get("inputs"))
    return given if given or "intent" in payload else payload


def _period(intent: Json, inputs: Json) -> Json:
    return as_object(intent.get("date_range")) or as_object(inputs.get("date_range"))


def _findings(payload: Json, inputs: Json) -> tuple[Json, Json, Json]:
    """The financial report, the research and the compliance check, by name or by their shape."""
    materials = [as_object(v) for v in as_object(payload.get("materials")).values()]
    told = as_object(inputs.get("insights")) or as_object(inputs.get("narrative"))
    report = told or _last(materials, ("facts", "comparisons"))
    research = as_object(inputs.get("research")) or _last(materials, ("findings", "facts"))
    check = as_object(inputs.get("compliance_report")) or _last(materials, ("risk_level",))
    return report, research, check


def _last(materials: Iterable[Json], keys: tuple[str, ...]) -> Json:
    fitting = [material for material in materials if all(key in material for key in keys)]
    told = [material for material in fitting if material.get("narrative")]
    return (told or fitting or [{}])[-1]


def _facts(report: Json, payload: Json, language: str) -> tuple[Fact, ...]:
    """The facts of the report; those of the bare metrics where there is no report."""
    found = [*_read_facts(report.get("facts"))]
    if not report.get("facts"):
        given = given_facts(as_object(payload.get("business_metrics")), language=language)
        intent = as_object(payload.get("intent"))
        has_topic = bool(as_object(intent.get("constraints")).get("topic"))
        is_asked = _is_about_figures(intent) or (bool(given) and not has_topic)
        found += [*given, *derived_facts(given, language)] if is_asked else []
    return tuple({fact.fact_id: fact for fact in reversed(found)}.values())[::-1]


def _market_facts(research: Json, own: Iterable[Fact]) -> tuple[Fact, ...]:
    ids = {fact.fact_id for fact in own}
    return tuple(f for f in _read_facts(research.get("facts")) if f.fact_id not in ids)


def _is_about_figures(intent: Json) -> bool:
    """Whether the request names metrics, or nothing but a period."""
    if not intent:
        return True
    topic = str(as_object(intent.get("constraints")).get("topic") or "")
    label = str(as_object(intent.get("date_range")).get("label") or "")
    words = _OWN.sub("", topic).split()
    is_a_period = bool(words) and all(word in label for word in words)
    return bool(intent.get("metrics")) or is_a_period or bool(_OF_FIGURES.search(topic))


def _read_facts(value: Any) -> Iterator[Fact]:
    for entry in value if isinstance(value, list) else ():
        try:
            fact = Fact.model_validate(entry)
        except ValidationError:
            continue
        if fact.text and fact.label:
            yield fact


def fact_map(facts: Iterable[Fact]) -> Mapping[str, Fact]:
    """The facts by their ids."""
    return {fact.fact_id: fact for fact in facts}
