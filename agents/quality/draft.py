"""Reads what is to be judged: the text, what was asked for, and the facts that may stand in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from agents.figures.facts import Fact, derived_facts, given_facts
from agents.figures.metric_names import is_german
from agents.figures.numbers import Mention
from agents.quality.claims import claimed_numbers
from agents.quality.metric_words import named_in
from agents.quality.prose import Prose, read_prose
from streams.domain.request import TONES
from streams.domain.values import Channel, Json

REPORTS = ("report", "check")
TEXT_FIELDS = ("content", "text", "body", "report", "answer", "message", "summary", "narrative")
MOST_NUMBERS = 200  # of one text; a table may have more, the rest is not judged
MOST_TEXT = 60_000  # characters that are judged; no deliverable is that long
_PERIODS = ("compare_to", "forecast_for")
_STATED = ("topic", "source_text", "call_to_action", "audience")


@dataclass(frozen=True, slots=True)
class Draft:
    """The text with its parts. `is_foreign` says that it had to be found in another shape,
    `is_of_user` that its words are the user's own."""

    text: str
    kind: str
    title: str
    subject: str | None
    hook: str
    parts: tuple[str, ...]
    call_to_action: str
    hashtags: tuple[str, ...]
    is_foreign: bool
    is_cut: bool
    is_of_user: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What the result is for, and what the request demands of it."""

    request: str
    name: str
    tone: str
    language: str  # "en" or "de"
    named_language: str  # as it was asked for
    channels: tuple[Channel, ...]
    constraints: Json
    metrics: tuple[str, ...]
    requirements: tuple[str, ...]
    periods: tuple[Json, ...]  # with label, start and end
    stated: str  # claims that the user makes, beyond the metrics


@dataclass(frozen=True, slots=True, eq=False)
class Examined:
    """All that the dimensions look at. Each is its own: what several dimensions ask of one is
    remembered for as long as it is judged.
    """

    draft: Draft
    prose: Prose
    asked: Asked
    facts: tuple[Fact, ...]
    numbers: tuple[Mention, ...]  # that the text claims
    names: tuple[tuple[int, int, str], ...]  # of metrics in the text: start, end, concept
    report_notes: tuple[str, ...]
    findings: tuple[Json, ...]
    variants: tuple[Json, ...]

    @property
    def is_report(self) -> bool:
        return self.draft.kind in REPORTS

    def allows(self, name: str) -> bool:
        """Whether the request did not forbid it: no_numbers, no_hashtags, no_emojis."""
        return not self.asked.constraints.get(name)


def examine(payload: Json) -> Examined:
    """The examined draft of an AssessQuality payload, or of one that has the draft as `output`."""
    draft, asked = read_draft(payload)
    materials = as_object(payload.get("materials"))
    reports = [m for m in materials.values() if isinstance(m, dict)]
    return Examined(
        draft=draft,
        prose=read_prose(draft.text, asked.language),
        asked=asked,
        facts=_facts(reports, as_object(payload.get("business_metrics")), asked),
        numbers=tuple(claimed_numbers(draft.text, asked.language)[:MOST_NUMBERS]),
        names=tuple(named_in(draft.text)),
        report_notes=tuple(
            dict.fromkeys(n for m in reports if "facts" in m for n in _texts(m.get("notes")))
        ),
        findings=tuple(f for m in reports for f in _list(m.get("findings")) if isinstance(f, dict)),
        variants=tuple(m for m in reports if isinstance(m.get("channel"), str)),
    )


def read_draft(payload: Json) -> tuple[Draft, Asked]:
    """The draft in `output` and what was asked for, without looking into either."""
    intent = as_object(payload.get("intent"))
    asked = _asked(payload, intent)
    return _draft(as_object(payload.get("output")), intent, asked), asked


def as_object(value: Any) -> Json:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(v for v in _list(value) if isinstance(v, str) and v.strip())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


# ------------------------------------------------------------------------------------ the draft


def _draft(output: Json, intent: Json, asked: Asked) -> Draft:
    inner = output.get("draft")
    if not _text(output.get("content")) and isinstance(inner, dict):
        output = inner
    content = _text(output.get("content"))
    text = content if content.strip() else _text_of(output)
    parts = _texts(output.get("body")) or _texts(output.get("parts"))
    hook = _text(output.get("hook")) or next((x for x in text.split("\n") if x.strip()), "")
    return Draft(
        text=text[:MOST_TEXT],
        kind=_kind(output, intent, asked),
        title=_text(output.get("title")),
        subject=output["subject"] if isinstance(output.get("subject"), str) else None,
        hook=hook,
        parts=parts,
        call_to_action=_text(output.get("call_to_action")),
        hashtags=_texts(output.get("hashtags")),
        is_foreign=not content.strip(),
        is_cut=len(text) > MOST_TEXT,
        is_of_user=_writer(output).get("is_given") is True,
    )


def _writer(output: Json) -> Json:
    return as_object(as_object(output.get("details")).get("writer"))


def _text_of(output: Json) -> str:
    """The text of a draft in another shape: a known field, else all its strings."""
    for name in TEXT_FIELDS:
        value = output.get(name)
        if isinstance(value, str) and value.strip():
            return value
        lines = _texts(value)
        if lines:
            return "\n\n".join(lines)
    return "\n".join(_strings(output))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if " " in value.strip():  # identifiers and names of fields are no prose
            yield value
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


_KINDS = ("post", "thread", "email", "report", "check", "answer")
_KIND_OF_INTENT = {
    "create_email": "email",
    "financial_analysis": "report",
    "market_insight": "report",
    "compliance_check": "check",
    "create_social_content": "post",
    "create_social_content_with_metrics": "post",
}


def _kind(output: Json, intent: Json, asked: Asked) -> str:
    kind = output.get("kind")
    if kind in _KINDS and kind != "answer":
        return str(kind)
    known = _KIND_OF_INTENT.get(_text(intent.get("name")))
    if known:
        return known
    return "post" if asked.channels and asked.channels != (Channel.EMAIL,) else "answer"


# ------------------------------------------------------------------------------ what was asked


def _asked(payload: Json, intent: Json) -> Asked:
    constraints = as_object(intent.get("constraints"))
    named = _text(intent.get("language")) or "en"
    tone = _text(intent.get("tone")).lower()
    periods = (
        intent.get("date_range"),
        *(constraints.get(n) for n in ("compare_to", "forecast_for")),
    )
    stated = [_text(constraints.get(name)) for name in _STATED]
    stated += [
        *_texts(constraints.get("claimed_numbers")),
        *_texts(constraints.get("must_include")),
        *_texts(payload.get("feedback")),
    ]
    return Asked(
        request=_text(payload.get("request")),
        name=_text(intent.get("name")),
        tone=tone if tone in TONES else "neutral",
        language="de" if is_german(named) else "en",
        named_language=named,
        channels=tuple(_channels(intent, constraints)),
        constraints=constraints,
        metrics=_texts(intent.get("metrics")),
        requirements=_texts(intent.get("requirements")),
        periods=tuple(p for p in periods if isinstance(p, dict)),
        stated="\n".join(text for text in stated if text),
    )


def _channels(intent: Json, constraints: Json) -> Iterator[Channel]:
    known = {channel.value: channel for channel in Channel}
    for name in _list(intent.get("channels")) or _list(constraints.get("for_channels")):
        if isinstance(name, str) and name in known:
            yield known[name]


# ------------------------------------------------------------------------------------ the facts


def _facts(reports: Sequence[Json], metrics: Json, asked: Asked) -> tuple[Fact, ...]:
    """The facts of the reports, and those of the metrics where no report has them."""
    found: dict[str, Fact] = {}
    for report in reports:
        for row in _list(report.get("facts")):
            fact = _fact(row)
            if fact is not None:
                found.setdefault(fact.fact_id, fact)
    missing = [name for name in metrics if name not in found and name != "previous"]
    if missing:
        period = str(asked.periods[0].get("label", "")) if asked.periods else ""
        given = given_facts(metrics, period, asked.language)
        for fact in (*given, *derived_facts(given, asked.language)):
            found.setdefault(fact.fact_id, fact)
    return tuple(found.values())


def _fact(row: Any) -> Fact | None:
    try:
        return Fact.model_validate(row)
    except ValidationError:
        return None
