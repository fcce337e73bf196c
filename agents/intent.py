"""ParseIntent without a model: rules, word lists and one or two slips of spelling; English and
German.

A request is read in this order: a given text and instruction-like text are set aside, demands are
read, the kind of
work is ranked, and what is essential but missing becomes a question. The same request gives the
same intent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agents import constraints, intent_gaps, intent_scores, mentions, questions, scope
from agents.contract import Done, Outcome
from agents.dates import day_of, period_and_comparison
from agents.intent_gaps import CONTENT, ON_A_TEXT
from agents.intent_words import NAMES, describe, implicit_needs, requirements
from agents.language import detect_language
from agents.request_reading import Reading, read
from streams.domain.commands import Command
from streams.domain.intent import DateRange, Intent
from streams.domain.values import Channel, Json

UNCLEAR = "unclear"  # the name of an intent whose question must be answered first
UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class _Form:
    """How the result is to look, and what was assumed for it."""

    channels: tuple[Channel, ...]
    tone: str
    language: str
    notes: tuple[str, ...]


def parse(command: Command) -> Outcome:
    """The handler of ParseIntent."""
    return Done(parse_intent(command.payload).as_json)


def parse_intent(payload: Json) -> Intent:
    """What the user wants, from the payload of ParseIntent."""
    preferences: Json = payload.get("preferences") or {}
    given: Json = payload.get("business_metrics") or {}
    today = day_of(int(payload.get("submitted_at") or 0))
    reading = read(payload, given)
    spoken = detect_language(reading.frame)
    form = _form(reading, preferences, spoken)
    refusal = _refusal(reading, spoken)
    if refusal is not None:
        return _bare(reading, UNSUPPORTED, form, refusal=refusal, confidence=0.9)
    metrics = _metrics(reading)
    sure = _confidence(reading, metrics)
    if intent_gaps.is_unclear(reading, sure):
        return _unclear(reading, form, spoken, sure)
    return _intent(reading, form, metrics, sure, given, spoken, today)


# ---------------------------------------------------------------------------------- refusing


def _refusal(r: Reading, language: str) -> str | None:
    harm = scope.harmful(r.frame, language)
    if harm is not None:
        return harm
    is_clear = r.wanted.score >= intent_scores.CLEAR_SCORE
    foreign = scope.foreign(r.without_topic, language, is_clear=is_clear)
    if foreign is not None or r.wanted.score >= intent_scores.LEAST_SCORE:
        return foreign
    is_strange = intent_scores.is_question(r.frame) and bool(intent_scores.content_words(r.words))
    return scope.unknown_work(language) if is_strange else None


def _unclear(r: Reading, form: _Form, spoken: str, sure: float) -> Intent:
    """Ask what is wanted; after an answer that did not say it, decline."""
    if "work" in r.answered:
        return _bare(r, UNSUPPORTED, form, refusal=scope.unknown_work(spoken), confidence=sure)
    asked = questions.question("work", spoken, "the request does not say what is wanted")
    unclear = _bare(r, UNCLEAR, form, confidence=sure)
    return unclear.model_copy(update={"question": asked})


def _bare(
    r: Reading, name: str, form: _Form, *, confidence: float, refusal: str | None = None
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
        warnings=_instruction_warnings(r),
        confidence=confidence,
        refusal=refusal,
    )


def _instruction_warnings(r: Reading) -> tuple[str, ...]:
    return tuple(f"instruction-like text ignored: {found[:120]!r}" for found in r.instructions[:3])


# ------------------------------------------------------------------------------ understanding


def _intent(
    r: Reading,
    form: _Form,
    metrics: tuple[str, ...],
    sure: float,
    given: Json,
    spoken: str,
    today: date,
) -> Intent:
    kind = r.wanted.kind
    period, compared = _periods(r, today)
    demands, open_questions = intent_gaps.settle(r)
    claims = _claims(r, given, spoken)
    open_questions += intent_gaps.missing(r, metrics, claims, demands)
    asked = questions.first_open(open_questions, r.answered)
    demands |= _surroundings(r, form, period, compared, claims)
    future = period is not None and date.fromisoformat(period.start) > today
    if future and period is not None:
        demands["forecast_for"] = (
            period.as_json
        )  # there are no figures of it yet, so none are looked up
        period = None
    name = NAMES[kind].name + ("_with_metrics" if kind == "content" and metrics else "")
    channels = () if kind == "check" else form.channels
    return Intent(
        name=name,
        action=_action(r),
        domain=NAMES[kind].domain,
        summary=describe(name, channels, r.subject, metrics, period),
        channels=channels,
        tone=form.tone,
        language=form.language,
        date_range=period,
        metrics=metrics,
        constraints=demands,
        requirements=requirements(name, channels, form.tone, period, metrics, demands),
        implicit=implicit_needs(kind, r.wanted.cues, bool(channels), compared is not None),
        warnings=_warnings(r, form, claims),
        confidence=sure,
        question=questions.question(asked[0], spoken, asked[1]) if asked else None,
        refusal=None if asked else _still_missing(open_questions, spoken),
    )


def _periods(r: Reading, today: date) -> tuple[DateRange | None, DateRange | None]:
    is_comparing = "compare" in r.wanted.cues
    return period_and_comparison(r.demands.rest, today, is_comparing=is_comparing)


def _warnings(r: Reading, form: _Form, claims: Sequence[str]) -> tuple[str, ...]:
    warnings = [*_instruction_warnings(r), *r.demands.warnings, *form.notes]
    if r.demands.constraints.get("no_numbers") and mentions.asks_for_all_metrics(r.frame):
        warnings.append("contradiction: no numbers, but all metrics")
    if claims:
        stated = ", ".join(claims)
        warnings.append(
            f"claims: the request states {stated}, which the given metrics do not bear out"
        )
    if r.wanted.kind in (*CONTENT, "analysis"):
        warnings += [f"no figure was given for {word!r}" for word in r.metrics.missing]
        if _has_no_subject(r) and r.metrics.available:
            warnings.append("no subject was named: all given metrics are taken as the subject")
    return tuple(dict.fromkeys(warnings))


def _still_missing(open_questions: Sequence[intent_gaps.Open], language: str) -> str | None:
    """The refusal when an answer did not bring what is essential; the rest is assumed."""
    kinds = [kind for kind, _ in open_questions if kind in intent_gaps.ESSENTIAL]
    return scope.still_missing(kinds[0], language) if kinds else None


def _surroundings(
    r: Reading,
    form: _Form,
    period: DateRange | None,
    compared: DateRange | None,
    claims: Sequence[str],
) -> Json:
    """What else agents need to know, kept beside the constraints."""
    kind = r.wanted.kind
    is_thread = kind == "content" and "thread" in r.wanted.cues
    parts = (
        ("topic", r.subject),
        ("audience", r.audience),
        ("compare_to", compared.as_json if compared else None),
        ("source_text", r.text if kind in ON_A_TEXT or kind in CONTENT else ""),
        ("for_channels", [c.value for c in form.channels] if kind == "check" else []),
        ("format", "thread" if is_thread else ""),
        ("claimed_numbers", list(claims)),
    )
    return {name: value for name, value in parts if value}


def _claims(r: Reading, given: Json, spoken: str) -> list[str]:
    """Numbers that the user states about the subject, here or in an answer."""
    if r.wanted.kind not in CONTENT:
        return []
    said = "\n".join((r.demands.rest, r.answered.get("topic", "")))
    return constraints.claimed_numbers(said, constraints.given_facts(given), spoken)


def _metrics(r: Reading) -> tuple[str, ...]:
    """The given metrics that the work is about."""
    if r.wanted.kind in (*ON_A_TEXT, "market") and not r.metrics.names:
        return ()
    if r.wanted.kind in ON_A_TEXT:
        return ()
    if mentions.asks_for_all_metrics(r.frame) or _has_no_subject(r):
        return r.metrics.available
    return r.metrics.names


def _has_no_subject(r: Reading) -> bool:
    """Whether a post or an analysis is wanted and nothing says of what: then all given metrics are
    the subject.
    """
    if r.subject or r.metrics.names or r.metrics.missing or r.text:
        return False
    things = bool(r.wanted.cues & intent_scores.THINGS_TO_WRITE)
    return r.wanted.kind == "analysis" or (r.wanted.kind in CONTENT and things)


def _action(r: Reading) -> str:
    kind, cues = r.wanted.kind, r.wanted.cues
    if kind == "analysis" and "forecast" in cues:
        return "forecast"
    if kind in ("analysis", "market") and "compare" in cues:
        return "compare"
    return NAMES[kind].action


def _confidence(r: Reading, metrics: Sequence[str]) -> float:
    is_market = r.wanted.kind == "market" and len(intent_scores.content_words(r.words)) > 1
    return intent_scores.confidence(
        r.wanted,
        has_subject=bool(r.subject or metrics or r.text or r.metrics.missing) or is_market,
        corrections=sum(bool(word.meant) for word in r.words),
        contradictions=len(r.demands.warnings),
    )


# ---------------------------------------------------------------------------------- the form


def _form(r: Reading, preferences: Json, spoken: str) -> _Form:
    channels, channel_notes = _channels(r, preferences)
    tone, tone_notes = _tone(r, preferences)
    named = mentions.named_language(r.frame)
    language = str(preferences.get("language") or "")[:2] or named or spoken
    notes = [*channel_notes, *tone_notes]
    if named and named != language:
        notes.append(
            f"the request names the language {named!r}, the preferences {language!r}: they count"
        )
    if language not in ("en", "de"):
        notes.append(f"without a model, texts are in English or German only, not in {language!r}")
    return _Form(channels, tone, language, tuple(notes))


def _channels(r: Reading, preferences: Json) -> tuple[tuple[Channel, ...], list[str]]:
    kind = r.wanted.kind
    named = mentions.channels(r.demands.rest, r.words, r.topic)
    chosen = tuple(Channel(c) for c in preferences.get("channels") or ())
    if kind in ("analysis", "market") and not (named and r.wanted.cues & _SHARING):
        note = (
            "a report is not published unless you ask for it: the preferred channels are not used"
        )
        return (), [note] if chosen else []
    if not chosen:
        return _default_channels(r, named)
    extra = [c.value for c in named if c not in chosen]
    if not extra:
        return chosen, []
    wanted = ", ".join(c.value for c in chosen)
    return chosen, [f"the request names {', '.join(extra)}, the preferences {wanted}: they count"]


_SHARING = frozenset({"post", "email", "thread", "publish", "create"})


def _default_channels(
    r: Reading, named: tuple[Channel, ...]
) -> tuple[tuple[Channel, ...], list[str]]:
    kind = r.wanted.kind
    if named or kind in ("check", "edit"):
        return named, []
    if kind == "email":
        return (Channel.EMAIL,), []
    if "thread" in r.wanted.cues:
        return (Channel.TWITTER,), []
    return (Channel.LINKEDIN,), ["no channel was named: LinkedIn is assumed"]


def _tone(r: Reading, preferences: Json) -> tuple[str, list[str]]:
    found = mentions.tones(r.words, r.topic)
    own = preferences.get("tone")
    notes = []
    conflict = mentions.tone_conflict(found)
    if conflict:
        notes.append(
            f"contradiction: {conflict[0]} and {conflict[1]}; it will be {own or conflict[0]}"
        )
    if own and found and own not in found:
        notes.append(f"the request asks for {found[0]}, the preferences for {own}: they count")
    return str(own or (found[0] if found else "professional")), notes
