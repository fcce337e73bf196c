"""ParseIntent without a model: rules, word lists and one or two slips of spelling; English and
German.

A request is read in this order: a given text and instruction-like text are set aside, demands are
read, the kind of work is ranked, and what is essential but missing becomes a question. The same
request gives the same intent.
"""

import re
from collections.abc import Sequence
from datetime import date

from agents.contract import Done, Outcome
from agents.understanding import constraints, intent_gaps, intent_scores, mentions, questions, scope
from agents.understanding.by_agent import BRIEF, KINDS, drafts_for, is_launch
from agents.understanding.dates import day_of, find_periods
from agents.understanding.intent_form import Form, form_of
from agents.understanding.intent_gaps import CONTENT, ON_A_TEXT
from agents.understanding.intent_periods import Asked, Spans, spans_of
from agents.understanding.intent_remarks import Remark, remark
from agents.understanding.intent_words import (
    NAMES,
    describe,
    forecast_topic,
    implicit_needs,
    requirements,
)
from agents.understanding.request_reading import Reading, read
from streams.domain.commands import Command
from streams.domain.intent import Intent
from streams.domain.values import Json

UNCLEAR = "unclear"  # the name of an intent whose question must be answered first
UNSUPPORTED = "unsupported"
_NOT_OF_A_BRIEFING = ("audience", "forecast_for", "claimed_numbers")  # of its drafts, or of none


def parse(command: Command) -> Outcome:
    """The handler of ParseIntent."""
    return Done(parse_intent(command.payload).as_json)


def parse_intent(payload: Json) -> Intent:
    """What the user wants, from the payload of ParseIntent."""
    preferences: Json = payload.get("preferences") or {}
    given: Json = payload.get("business_metrics") or {}
    today = day_of(int(payload.get("submitted_at") or 0))
    reading = read(payload, given)
    form = form_of(reading, preferences)
    refusal = _refusal(reading)
    if refusal is not None:
        return _bare(reading, UNSUPPORTED, form, refusal=refusal, confidence=0.9)
    metrics = _metrics(reading)
    sure = _confidence(reading, today)
    if intent_gaps.is_unclear(reading, sure):
        return _unclear(reading, form, sure)
    return _intent(reading, form, metrics, sure, given, today)


# ---------------------------------------------------------------------------------- refusing


def _refusal(r: Reading) -> str | None:
    language = r.language
    harm = scope.harmful(r.frame, language)
    if harm is not None:
        return harm
    is_clear = r.wanted.score >= intent_scores.CLEAR_SCORE
    foreign = scope.foreign(r.without_topic, language, is_clear=is_clear)
    if foreign is not None or r.wanted.score >= intent_scores.LEAST_SCORE:
        return foreign
    is_strange = intent_scores.is_question(r.frame) and bool(intent_scores.content_words(r.words))
    return scope.unknown_work(language) if is_strange else None


def _unclear(r: Reading, form: Form, sure: float) -> Intent:
    """Ask what is wanted; after an answer that did not say it, decline."""
    if "work" in r.answered:
        return _bare(r, UNSUPPORTED, form, refusal=scope.unknown_work(r.language), confidence=sure)
    asked = questions.question("work", r.language, "the request does not say what is wanted")
    unclear = _bare(r, UNCLEAR, form, confidence=sure)
    return unclear.model_copy(update={"question": asked})


def _bare(
    r: Reading, name: str, form: Form, *, confidence: float, refusal: str | None = None
) -> Intent:
    is_unclear = name == UNCLEAR
    return Intent(
        name=name,
        action="create",
        domain="marketing",
        summary="A request that is not clear yet."
        if is_unclear
        else "A request that is not served.",
        language=form.language,
        warnings=_said(_ignored(r), form.language),
        confidence=confidence,
        refusal=refusal,
    )


def _ignored(r: Reading) -> list[Remark]:
    found = [remark("instruction", text=found[:120]) for found in r.instructions[:3]]
    if r.agent and r.agent not in KINDS:
        found.append(remark("unknown_agent", agent=r.agent[:40], known=", ".join(KINDS)))
    return found


# ------------------------------------------------------------------------------ understanding


def _intent(
    r: Reading,
    form: Form,
    metrics: tuple[str, ...],
    sure: float,
    given: Json,
    today: date,
) -> Intent:
    kind = r.wanted.kind
    spans = _spans(r, form, metrics, given, today)
    demands, open_questions = intent_gaps.settle(r)
    claims = _claims(r, given)
    open_questions += intent_gaps.missing(r, metrics, claims, demands)
    asked = questions.first_open(open_questions, r.answered)
    topic = forecast_topic(metrics, spans.horizon, form.language) if spans.horizon else r.subject
    demands |= _surroundings(r, form, spans, claims, topic)
    is_with_metrics = kind == "content" and bool(metrics or intent_gaps.brings_figures(r, demands))
    name = NAMES[kind].name + ("_with_metrics" if is_with_metrics else "")
    channels = () if kind == "check" else form.channels
    return Intent(
        name=name,
        action="forecast" if spans.horizon else _action(r),
        domain=NAMES[kind].domain,
        summary=describe(name, channels, topic, metrics, spans.about, form.language),
        channels=channels,
        tone=form.tone,
        language=form.language,
        date_range=spans.about,
        metrics=metrics,
        constraints=demands,
        requirements=requirements(name, channels, form.tone, spans.about, metrics, demands),
        implicit=implicit_needs(kind, r.wanted.cues, bool(channels), spans.compared is not None),
        warnings=_said([*_remarks(r, form, claims), *spans.remarks], form.language),
        confidence=sure,
        question=questions.question(asked[0], r.language, asked[1]) if asked else None,
        refusal=None if asked else _still_missing(open_questions, r.language),
    )


def _spans(r: Reading, form: Form, metrics: Sequence[str], given: Json, today: date) -> Spans:
    asked = Asked(
        r.demands.rest,
        form.language,
        is_comparing="compare" in r.wanted.cues,
        is_forecast=_action(r) == "forecast",
        is_analysis=r.wanted.kind == "analysis",
    )
    told = metrics or (r.metrics.available if _is_about_a_time_only(r, today) else ())
    return spans_of(asked, today, given, told)


def _is_about_a_time_only(r: Reading, today: date) -> bool:
    """Whether the subject is "Q4" or "our last month": the figures of that time, then."""
    named = find_periods(r.subject, today)
    rest = re.sub(r"\W|\b(?:our|the|unser\w*|das|die|der|den)\b", "", r.subject, flags=re.I)
    spoken = "".join(r.subject[one.start : one.end] for one in named)
    return bool(named) and len(rest) <= len(re.sub(r"\W", "", spoken))


def _remarks(r: Reading, form: Form, claims: Sequence[str]) -> list[Remark]:
    found = [*_ignored(r), *r.demands.remarks, *form.remarks]
    if r.demands.constraints.get("no_numbers") and mentions.asks_for_all_metrics(r.frame):
        found.append(remark("all_but_none"))
    if claims:
        found.append(remark("claims", stated=", ".join(claims)))
    if r.wanted.kind in (*CONTENT, "analysis"):
        found += [remark("no_figure", word=word) for word in r.metrics.missing]
        if _has_no_subject(r) and r.metrics.available:
            found.append(remark("no_subject"))
    return found


def _said(remarks: Sequence[Remark], language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.text(language) for found in remarks))


def _still_missing(open_questions: Sequence[intent_gaps.Open], language: str) -> str | None:
    """The refusal when an answer did not bring what is essential; the rest is assumed."""
    kinds = [kind for kind, _ in open_questions if kind in intent_gaps.ESSENTIAL]
    return scope.still_missing(kinds[0], language) if kinds else None


def _surroundings(r: Reading, form: Form, spans: Spans, claims: Sequence[str], topic: str) -> Json:
    """What else agents need to know, kept beside the constraints."""
    kind = r.wanted.kind
    is_thread = kind == "content" and "thread" in r.wanted.cues
    parts = (
        ("topic", topic),
        ("audience", r.audience),
        ("compare_to", spans.compared.as_json if spans.compared else None),
        ("forecast_for", spans.ahead.as_json if spans.ahead else None),
        ("horizon", spans.horizon.as_json if spans.horizon else None),
        ("source_text", r.text if kind in ON_A_TEXT or kind in CONTENT else ""),
        ("for_channels", [c.value for c in form.channels] if kind == "check" else []),
        ("format", "thread" if is_thread else ""),
        ("claimed_numbers", list(claims)),
        ("market_data", list(r.market_data)),
        ("jurisdictions", list(r.jurisdictions)),
        ("drafts", drafts_for(r.demands.rest) if kind == BRIEF else []),
    )
    left_out = _NOT_OF_A_BRIEFING if kind == BRIEF else ()
    return {name: value for name, value in parts if value and name not in left_out}


def _claims(r: Reading, given: Json) -> list[str]:
    """Numbers that the user states about the subject, here or in an answer."""
    if r.wanted.kind not in CONTENT:
        return []
    said = "\n".join((r.demands.rest, r.answered.get("topic", "")))
    return constraints.claimed_numbers(said, constraints.given_facts(given), r.language)


def _metrics(r: Reading) -> tuple[str, ...]:
    """The given metrics that the work is about."""
    if r.wanted.kind in (*ON_A_TEXT, "market") and not r.metrics.names:
        return ()
    if r.wanted.kind in ON_A_TEXT:
        return ()
    if mentions.asks_for_all_metrics(r.frame) or _has_no_subject(r) or _is_of_all(r):
        return tuple(dict.fromkeys((*r.metrics.names, *r.metrics.available)))
    return r.metrics.names


def _is_of_all(r: Reading) -> bool:
    """Whether a briefing is about all figures; that of a launch is about the thing that is new."""
    return r.wanted.kind == BRIEF and not is_launch(r.frame)


def _names_a_subject(r: Reading) -> bool:
    return bool(r.subject or r.metrics.names or r.metrics.missing or r.text)


def _has_no_subject(r: Reading) -> bool:
    """Whether a post or an analysis is wanted and nothing says of what: then all given metrics are
    the subject."""
    things = bool(r.wanted.cues & intent_scores.THINGS_TO_WRITE)
    is_open = r.wanted.kind == "analysis" or (r.wanted.kind == "content" and things)
    return is_open and not _names_a_subject(r)


def _action(r: Reading) -> str:
    kind, cues = r.wanted.kind, r.wanted.cues
    if kind == "analysis" and "forecast" in cues:
        return "forecast"
    if kind in ("analysis", "market") and "compare" in cues:
        return "compare"
    return NAMES[kind].action


def _confidence(r: Reading, today: date) -> float:
    is_market = r.wanted.kind == "market" and len(intent_scores.content_words(r.words)) > 1
    is_dated = r.wanted.kind == "analysis" and bool(find_periods(r.demands.rest, today))
    return intent_scores.confidence(
        r.wanted,
        has_subject=_names_a_subject(r) or is_market or is_dated,
        corrections=sum(bool(word.meant) for word in r.words),
        contradictions=len(r.demands.remarks),
    )
