"""ParseIntent without a model: rules, word lists and one or two slips of spelling; English and German.

A request is read in this order: a given text and instruction-like text are set aside, demands are read, the kind of
work is ranked, and what is essential but missing becomes a question. The same request gives the same intent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from streams.domain.commands import Command
from streams.domain.intent import DateRange, Intent
from streams.domain.values import Channel, Json

from agents import constraints, intent_scores, mentions, questions, scope
from agents.contract import Done, Outcome
from agents.dates import day_of, period_and_comparison
from agents.intent_scores import Wanted
from agents.intent_words import NAMES, describe, implicit_needs, requirements
from agents.language import Token, detect_language, tokens

MOST_WORDS_READ = 1_500  # a request that is longer than this is, for the rest of it, a text and no wish
CONTENT = frozenset({"content", "email"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A request taken apart. `frame` is what the user says, without the given text and without instructions."""

    frame: str
    words: tuple[Token, ...]
    text: str
    topic: tuple[int, int]
    audience: str
    metrics: mentions.Mentioned
    demands: constraints.Demands
    instructions: tuple[str, ...]
    answered: dict[str, str]
    wanted: Wanted


def parse(command: Command) -> Outcome:
    """The handler of ParseIntent."""
    return Done(parse_intent(command.payload).as_json)


def parse_intent(payload: Json) -> Intent:
    """What the user wants, from the payload of ParseIntent."""
    preferences: Json = payload.get("preferences") or {}
    given: Json = payload.get("business_metrics") or {}
    reading = read(payload, given)
    own = str(preferences.get("language") or "")[:2]
    spoken = detect_language(reading.frame)
    language = own or mentions.named_language(reading.frame) or spoken
    refusal = _refusal(reading, spoken)
    if refusal is not None:
        return _refused(reading, refusal, language)
    return _intent(reading, preferences, given, language, spoken, day_of(int(payload.get("submitted_at", 0))))


def read(payload: Json, given: Json) -> Reading:
    """The request taken apart."""
    answered = questions.read_answers(payload.get("answers") or ())
    request = str(payload.get("request", ""))
    context: Json = payload.get("context") or {}
    opening = tokens(request[:400])
    is_expected = mentions.has_concept(opening, "check", "edit", "improve", "publish", "compliance")
    is_expected = is_expected or intent_scores.is_making_over(request[:400])
    text, frame = mentions.given_text(request, context, is_expected=is_expected)
    text = answered.get("text") or text
    frame, instructions = scope.without_instructions(frame)
    wishes, more = scope.without_instructions(questions.wishes(answered))
    frame = f"{frame}\n{wishes}" if wishes else frame
    demands = constraints.read_demands(frame)
    words = tuple(tokens(demands.rest)[:MOST_WORDS_READ])
    who, who_at = mentions.audience(demands.rest)
    metrics = mentions.metrics(words, given, who_at)
    topic = mentions.topic(demands.rest)
    cues = _cues(demands.rest, words, topic, bool(text), metrics)
    wanted = intent_scores.rank(cues, _points_of_answers(wishes))
    found = (*instructions, *more, *scope.without_instructions(text)[1])
    return Reading(frame, words, text, topic, who, metrics, demands, found, answered, wanted)


def _cues(
    rest: str,
    words: Sequence[Token],
    topic: tuple[int, int],
    has_text: bool,
    metrics: mentions.Mentioned,
) -> frozenset[str]:
    """The cues of the request; where it names a thing to write, its topic gives none: a post about an audit is a post."""
    own = mentions.outside(words, topic)
    if mentions.has_concept(own, *intent_scores.THINGS_TO_WRITE):
        words = own
        rest = rest[: topic[0]] + " " * (topic[1] - topic[0]) + rest[topic[1] :]
    return intent_scores.cues_of(
        rest,
        words,
        has_text=has_text,
        is_about_numbers=metrics.is_about_numbers,
        has_named=bool(metrics.names),
    )


def _points_of_answers(wishes: str) -> dict[str, int]:
    """An answer counts more than the request: it was given to make that clear."""
    if not wishes:
        return {}
    words = tokens(wishes)
    cues = intent_scores.cues_of(wishes, words, has_text=False, is_about_numbers=False, has_named=False)
    answer = intent_scores.rank(cues)
    return {answer.kind: 2 * answer.score} if answer.score else {}


# ---------------------------------------------------------------------------------- refusing


def _refusal(r: Reading, language: str) -> str | None:
    harm = scope.harmful(r.frame, language)
    if harm is not None:
        return harm
    frame = r.frame[: r.topic[0]] + " " * (r.topic[1] - r.topic[0]) + r.frame[r.topic[1] :]
    is_clear = r.wanted.score >= intent_scores.CLEAR_SCORE
    foreign = scope.foreign(frame, language, is_clear=is_clear)
    if foreign is not None:
        return foreign
    if r.wanted.score >= intent_scores.LEAST_SCORE:
        return None
    has_asked = "work" in r.answered
    is_strange = intent_scores.is_question(r.frame) and bool(intent_scores.content_words(r.words))
    return scope.unknown_work(language) if has_asked or is_strange else None


def _refused(r: Reading, refusal: str, language: str) -> Intent:
    return Intent(
        name="unsupported",
        action="create",
        domain="marketing",
        summary="A request that is not served.",
        language=language,
        warnings=_instruction_warnings(r),
        confidence=0.9,
        refusal=refusal,
    )


def _instruction_warnings(r: Reading) -> tuple[str, ...]:
    return tuple(f"instruction-like text ignored: {found[:120]!r}" for found in r.instructions[:3])


# ------------------------------------------------------------------------------ understanding


def _intent(
    r: Reading, preferences: Json, given: Json, language: str, spoken: str, today: date
) -> Intent:
    warnings = [*_instruction_warnings(r), *r.demands.warnings]
    demands, open_kinds = _settle(r)
    kind = r.wanted.kind
    wanted_channels, notes = _channels(r, preferences, kind)
    tone, tone_notes = _tone(r, preferences)
    period, compared = period_and_comparison(r.demands.rest, today, is_comparing="compare" in r.wanted.cues)
    metrics = _metrics(r, given, kind)
    demands |= _context_of(r, demands, period, compared, wanted_channels, kind)
    warnings += [*notes, *tone_notes, *_language_notes(language, r, preferences)]
    claims = constraints.claimed_numbers(_claim_text(r), constraints.given_facts(given), spoken)
    if claims and kind in CONTENT:
        demands["claimed_numbers"] = claims
        warnings.append(f"numbers stated in the request that the metrics do not bear out: {', '.join(claims)}")
    warnings += [f"no figure was given for {word!r}" for word in r.metrics.missing if kind != "check"]
    name = _name(r, kind, metrics)
    is_sure = _confidence(r, bool(metrics))
    open_kinds = [*open_kinds, *_missing(r, name, kind, is_sure, metrics, claims, demands)]
    asked = questions.first_open(open_kinds, r.answered)
    refusal = None if asked or not open_kinds else _unanswered(open_kinds, spoken)
    channels = () if kind in ("check",) else wanted_channels
    return Intent(
        name=name,
        action=_action(r, kind),
        domain=NAMES[kind].domain,
        summary=describe(name, channels, _topic_text(r), metrics, period),
        channels=channels,
        tone=tone,
        language=language,
        date_range=period,
        metrics=metrics,
        constraints=demands,
        requirements=requirements(name, channels, tone, period, metrics, demands),
        implicit=implicit_needs(kind, r.wanted.cues, bool(channels), compared is not None),
        warnings=tuple(dict.fromkeys(warnings)),
        confidence=is_sure,
        question=questions.question(asked[0], spoken, asked[1]) if asked else None,
        refusal=refusal,
    )


def _settle(r: Reading) -> tuple[Json, list[tuple[str, str]]]:
    """The constraints with what answers decided, and the contradictions that are still open."""
    demands = dict(r.demands.constraints)
    conflicts = list(r.demands.conflicts)
    if demands.get("no_numbers") and mentions.asks_for_all_metrics(r.frame):
        conflicts.append("numbers")
    still_open = []
    for conflict in conflicts:
        kind, _, what = conflict.partition(":")
        answer = r.answered.get(kind)
        if answer is None:
            still_open.append((kind, what or "contradictory wishes"))
        elif kind == "numbers" and not questions.leaves_out(answer):
            demands.pop("no_numbers")
        elif kind == "length":
            for name in ("min_words", "max_words", "min_characters", "max_characters"):
                demands.pop(name, None)
            demands |= constraints.read_demands(answer).constraints
        elif kind == "phrase":
            name = "must_include" if questions.leaves_out(answer) else "must_avoid"
            demands[name] = [p for p in demands[name] if p.lower() != what.lower()]
    if "metrics" in r.answered and not r.demands.constraints.get("no_numbers"):
        demands["no_numbers"] = True
    return demands, still_open


def _channels(
    r: Reading, preferences: Json, kind: str
) -> tuple[tuple[Channel, ...], list[str]]:
    named = mentions.channels(r.demands.rest, r.words, r.topic)
    chosen = tuple(Channel(c) for c in preferences.get("channels") or ())
    notes = []
    if kind in ("analysis", "market") and not (named and r.wanted.cues & {"post", "email", "thread", "publish", "create"}):
        if chosen:
            notes.append("the channels in the preferences are not used: a report is not published unless you ask for it")
        return (), notes
    if chosen:
        extra = [c.value for c in named if c not in chosen]
        if extra:
            notes.append(f"the request names {', '.join(extra)}, but the preferences choose {', '.join(chosen)}: they count")
        return chosen, notes
    if named or kind in ("check", "edit"):
        return named, notes
    if kind == "email":
        return (Channel.EMAIL,), notes
    if "thread" in r.wanted.cues:
        return (Channel.TWITTER,), notes
    if kind in ("content", "publish"):
        notes.append("no channel was named: LinkedIn is assumed")
        return (Channel.LINKEDIN,), notes
    return (), notes


def _tone(r: Reading, preferences: Json) -> tuple[str, list[str]]:
    found = mentions.tones(r.words, r.topic)
    own = preferences.get("tone")
    notes = []
    conflict = mentions.tone_conflict(found)
    if conflict:
        notes.append(f"contradiction: {conflict[0]} and {conflict[1]}; the text will be {own or conflict[0]}")
    if own and found and own not in found:
        notes.append(f"the request says {found[0]}, but the preferences choose {own}: they count")
    return str(own or (found[0] if found else "professional")), notes


def _language_notes(language: str, r: Reading, preferences: Json) -> list[str]:
    notes = []
    named = mentions.named_language(r.frame)
    if named and named != language:
        notes.append(f"the request names another language ({named}) than the preferences ({language}): they count")
    if language not in ("en", "de"):
        notes.append(f"without a model, texts are written in English or German only, not in {language!r}")
    return notes


def _metrics(r: Reading, given: Json, kind: str) -> tuple[str, ...]:
    """The given metrics that the work is about."""
    if kind in ("check", "edit", "publish"):
        return ()
    wants_some = r.metrics.is_about_numbers or "work" in r.answered
    if mentions.asks_for_all_metrics(r.frame) or _has_no_subject(r, kind):
        return mentions.metric_names(given)
    return r.metrics.names if wants_some else ()


def _has_no_subject(r: Reading, kind: str) -> bool:
    """Whether a post or an analysis is wanted and nothing says of what: then all given metrics are the subject."""
    if _topic_text(r) or r.metrics.names or r.metrics.missing:
        return False
    return kind == "analysis" or (kind in CONTENT and bool(r.wanted.cues & intent_scores.THINGS_TO_WRITE))


def _name(r: Reading, kind: str, metrics: Sequence[str]) -> str:
    name = NAMES[kind].name
    return f"{name}_with_metrics" if kind == "content" and metrics else name


def _action(r: Reading, kind: str) -> str:
    cues = r.wanted.cues
    if kind == "analysis" and "forecast" in cues:
        return "forecast"
    if kind in ("analysis", "market") and "compare" in cues:
        return "compare"
    return NAMES[kind].action


def _topic_text(r: Reading) -> str:
    """What it is about, in the user's words or from an answer."""
    answer = r.answered.get("topic", "")
    return answer or " ".join(r.demands.rest[r.topic[0] : r.topic[1]].split()).strip(" ,:-\"'“”„")


def _context_of(
    r: Reading,
    demands: Json,
    period: DateRange | None,
    compared: DateRange | None,
    channels: Sequence[Channel],
    kind: str,
) -> Json:
    """What else agents need to know, kept beside the constraints."""
    extra: Json = {}
    if _topic_text(r):
        extra["topic"] = _topic_text(r)
    if r.audience:
        extra["audience"] = r.audience
    if compared is not None:
        extra["compare_to"] = compared.as_json
    if r.text and kind in ("check", "edit", "publish"):
        extra["source_text"] = r.text
    if kind == "check" and channels:
        extra["for_channels"] = [c.value for c in channels]
    if "thread" in r.wanted.cues and kind == "content":
        extra["format"] = "thread"
    return extra


def _claim_text(r: Reading) -> str:
    """Where claims are looked for: what the user says about the subject, and in answers."""
    return "\n".join((r.demands.rest, r.answered.get("topic", "")))


def _confidence(r: Reading, has_metrics: bool) -> float:
    return intent_scores.confidence(
        r.wanted,
        has_subject=bool(_topic_text(r) or has_metrics or r.text or r.metrics.missing)
        or (r.wanted.kind == "market" and len(intent_scores.content_words(r.words)) > 1),
        corrections=sum(bool(word.meant) for word in r.words),
        contradictions=len(r.demands.warnings),
    )


# ------------------------------------------------------------------------------------ asking


def _missing(
    r: Reading,
    name: str,
    kind: str,
    is_sure: float,
    metrics: Sequence[str],
    claims: Sequence[str],
    demands: Json,
) -> list[tuple[str, str]]:
    """What must be known before the work can begin, as (kind of question, reason)."""
    if r.wanted.score < intent_scores.LEAST_SCORE or is_sure < intent_scores.LEAST_CONFIDENCE:
        return [("work", "the request does not say what is wanted")]
    if kind in ("check", "edit", "publish") and not r.text:
        return [("text", "there is no text in the request and none in context.text")]
    if kind == "analysis" and not metrics:
        return [("analysis", "there is nothing to calculate with")]
    missing = []
    unknown = mentions.other_channels(mentions.outside(r.words, r.topic))
    if kind == "content" and unknown and not mentions.channels(r.demands.rest, r.words, r.topic):
        missing.append(("channel", f"{', '.join(unknown)} is not supported"))
    if kind in CONTENT and not metrics and not demands.get("no_numbers") and not claims:
        if r.metrics.is_about_numbers and (r.wanted.cues & {"metrics", "results"}):
            missing.append(("metrics", "no business metrics were given"))
        elif not _topic_text(r) and not r.text:
            missing.append(("topic", "no subject was named and no metrics were given"))
    return missing


def _unanswered(open_kinds: Sequence[tuple[str, str]], language: str) -> str | None:
    """The refusal when an answer did not bring what is essential; what is not essential is then assumed."""
    essential = {"text", "analysis", "topic", "work"}
    kind = next((kind for kind, _ in open_kinds if kind in essential), None)
    return None if kind is None else scope.still_missing(kind, language)
