"""What it takes to reach a target that the request names: growth and step per period, by when."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, isfinite, log

from agents.figures.facts import Fact, Series
from agents.figures.horizon import Horizon, step_unit, steps_asked
from agents.figures.insights import Insight
from agents.figures.metric_names import MONEY, is_german, words_of
from agents.figures.metric_notes import Phrase, say
from agents.figures.number_reading import Mention, find_numbers
from agents.figures.numbers import write
from agents.figures.period_keys import PER_YEAR, number_on, period_number

_BEFORE = re.compile(
    r"\b(?:reach(?:ing)?|hit(?:ting)?|get(?:ting)? to|achiev\w+|grow(?:ing)? to|target of|goal of|"
    r"arrive at|erreich\w+|ziel von|kommen auf|wachsen auf|auf)\b[^.!?\d$€£]{0,30}$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"^[^.!?]{0,60}\b(?:erreichen|kommen|schaffen)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:what|how|which|would|need\w*|required?|wie|welche\w*|was|brauch\w*|nötig\w*|müss\w*)\b",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"\b(?:in|within|over|innerhalb von|binnen)\s(?:the next\s|den nächsten\s)?(?P<count>\d{1,3})\s"
    r"(?P<unit>month|quarter|year|week|monat|quartal|jahr|woche)",
    re.IGNORECASE,
)
_UNITS = {
    "month": "month", "monat": "month", "quarter": "quarter", "quartal": "quarter",
    "year": "year", "jahr": "year", "week": "week", "woche": "week",
}  # fmt: skip
_UNTIL = re.compile(
    r"\b(?:by|until|till|bis)\s(?:the\s)?(?:(?P<end>end of|ende)\s|zum\s)?"
    r"(?P<when>Q[1-4]\s\d{4}|[A-Za-zä]+\s\d{4}|\d{4}-\d{2}|\d{4})\b",
    re.IGNORECASE,
)
_EACH: dict[str, Phrase] = {
    "month": ("a month", "im Monat"),
    "quarter": ("a quarter", "im Quartal"),
    "half": ("a half-year", "im Halbjahr"),
    "year": ("a year", "im Jahr"),
    "week": ("a week", "in der Woche"),
    "day": ("a day", "am Tag"),
}
_MANY: dict[str, Phrase] = {
    "month": ("months", "Monaten"),
    "quarter": ("quarters", "Quartalen"),
    "half": ("half-years", "Halbjahren"),
    "year": ("years", "Jahren"),
    "week": ("weeks", "Wochen"),
    "day": ("days", "Tagen"),
}
_TAKES: Phrase = (
    "To get from {now} to {target} within {n} {units}, {label} has to grow {growth} {each}, "
    "which is {step} {each} on average.",
    "Um innerhalb von {n} {units} von {now} auf {target} zu kommen ({label}), braucht es {growth} "
    "Wachstum {each}, das sind im Mittel {step} {each}.",
)
_SO_FAR_ENOUGH: Phrase = (
    "At the compound growth so far ({so_far} {each}), the target of {target} is reached in time.",
    "Beim bisherigen mittleren Wachstum ({so_far} {each}) wird das Ziel von {target} rechtzeitig "
    "erreicht.",
)
_SO_FAR_TOO_SLOW: Phrase = (
    "At the compound growth so far ({so_far} {each}), the target of {target} is not reached by "
    "then but after {later} {units}.",
    "Beim bisherigen mittleren Wachstum ({so_far} {each}) wird das Ziel von {target} bis dahin "
    "nicht erreicht, sondern nach {later} {units}.",
)
_NEVER: Phrase = (
    "The values given did not grow, so going on as before does not reach the target of {target}.",
    "Die angegebenen Werte wuchsen nicht; so wird das Ziel von {target} nicht erreicht.",
)
_THERE: Phrase = (
    "The target of {target} is reached already: {label} is {now}.",
    "Das Ziel von {target} ist schon erreicht ({label}: {now}).",
)
_NO_TIME: Phrase = (
    "By when the target of {target} is to be reached was not said in a way that can be counted "
    "from the data: name a number of months, or give the values by period.",
    "Bis wann das Ziel von {target} erreicht sein soll, lässt sich an den Daten nicht abzählen: "
    "Nennen Sie eine Zahl von Monaten, oder geben Sie die Werte nach Perioden an.",
)
_NO_METRIC: Phrase = (
    "Which metric is to reach {target} is not clear from the figures given.",
    "Welche Kennzahl {target} erreichen soll, geht aus den Angaben nicht hervor.",
)


@dataclass(frozen=True, slots=True)
class Target:
    """What reaching a target takes: facts, sentences, remarks, and the figures behind them."""

    facts: tuple[Fact, ...] = ()
    insights: tuple[Insight, ...] = ()
    notes: tuple[str, ...] = ()
    row: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    """From where to where in how many steps of which length."""

    now: Fact
    target: Fact
    steps: int
    unit: str


def target_of(
    request: str,
    lists: Sequence[Series],
    facts: Sequence[Fact],
    language: str,
    horizon: Horizon | None,
) -> Target | None:
    """What a target named in the request takes; None where none is named."""
    mention = _named(request, language)
    if mention is None:
        return None
    now = _metric(request, mention, facts)
    if now is None:
        return Target(notes=(say(language, _NO_METRIC, target=mention.quote.strip()),))
    target = _fact(f"{now.fact_id}_target", now, mention.value, "request", language)
    target = target.model_copy(update={"kind": "given"})
    one = next((one for one in lists if one.name == now.fact_id), None)
    steps, unit = _steps(request, one, horizon)
    if steps < 1:
        return Target((target,), (), (say(language, _NO_TIME, target=target.text),))
    return _worked_out(_Way(now, target, steps, unit), facts, language)


def _named(request: str, language: str) -> Mention | None:
    if not _ASKS.search(request):
        return None
    for mention in find_numbers(request, language):
        before, after = request[: mention.start], request[mention.end :]
        is_amount = mention.unit in MONEY or mention.unit in ("number", "count", "percent")
        if is_amount and (_BEFORE.search(before) or _AFTER.match(after)):
            return mention
    return None


def _metric(request: str, mention: Mention, facts: Sequence[Fact]) -> Fact | None:
    """The latest value of the metric that the request names, of a fitting unit."""
    said = {word.strip(".,?!:;").removesuffix("s") for word in words_of(request)}
    fitting = [
        fact
        for fact in facts
        if fact.kind == "given"
        and "[" not in fact.fact_id
        and not fact.fact_id.endswith("_previous")
        and (fact.unit == mention.unit or "number" in (mention.unit, fact.unit))
    ]

    def names(fact: Fact) -> int:
        own = {*words_of(fact.fact_id), *words_of(fact.label)}
        return len({word.removesuffix("s") for word in own} & said)

    best = max(fitting, key=names, default=None)
    return best if best is not None and (names(best) or len(fitting) == 1) else None


def _steps(request: str, one: Series | None, horizon: Horizon | None) -> tuple[int, str]:
    """How many steps of the list, or months where there is none, lie before the target's date."""
    unit = step_unit(one)[0] if one else "month"
    span = _SPAN.search(request)
    if span:
        asked = Horizon(int(span["count"]), _UNITS[span["unit"].lower()])
        return (steps_asked(one, asked) if one else _months(asked)), unit
    until, last = _UNTIL.search(request), _last(one)
    when = period_number(until["when"].strip()) if until else None
    if until and when and last and when[0] in PER_YEAR:
        months = 12 // PER_YEAR[when[0]]
        year, part = divmod(when[1], PER_YEAR[when[0]])
        return number_on(date(year, (part + 1) * months, 1), last[0]) - last[1], unit
    if horizon is not None:
        return (steps_asked(one, horizon) if one else _months(horizon)), unit
    return 0, unit


def _months(asked: Horizon) -> int:
    return {"month": 1, "quarter": 3, "half": 6, "year": 12}.get(asked.unit, 0) * asked.count


def _last(one: Series | None) -> tuple[str, int] | None:
    return period_number(one.keys[-1]) if one is not None and one.is_by_period else None


def _worked_out(way: _Way, facts: Sequence[Fact], language: str) -> Target:
    now, target = way.now, way.target
    texts = {"now": now.text, "target": target.text, "label": now.label}
    texts["each"], texts["units"] = (say(language, of[way.unit]) for of in (_EACH, _MANY))
    if now.value >= target.value or now.value <= 0:
        there = Insight(5.2, say(language, _THERE, **texts), (now.fact_id, target.fact_id))
        return Target((target,), (there,) if now.value > 0 else ())
    growth = (target.value / now.value) ** (1 / way.steps) - 1
    made = tuple(_needed(way, growth, language))
    texts |= {"n": made[2].text, "growth": made[0].text, "step": made[1].text}
    ids = (now.fact_id, target.fact_id, *(fact.fact_id for fact in made))
    told = [Insight(5.3, say(language, _TAKES, **texts), ids)]
    so_far = next((f for f in facts if f.fact_id == f"{now.fact_id}_compound_growth"), None)
    later: tuple[Fact, ...] = ()
    if so_far is not None:
        sentence, later = _compared(way, growth, so_far, texts, language)
        told.append(Insight(5.1, sentence, (so_far.fact_id, target.fact_id)))
    row = {
        "metric": now.fact_id, "target": target.value, "steps": way.steps, "unit": way.unit,
        "growth_needed": growth, "growth_so_far": so_far.value if so_far else None,
    }  # fmt: skip
    return Target((target, *made, *later), tuple(told), (), row)


def _needed(way: _Way, growth: float, language: str) -> Iterator[Fact]:
    name, target = way.now.fact_id, way.target.fact_id
    label = ("growth needed per period: {}", "nötiges Wachstum je Periode: {}")
    label_step = ("increase needed per period: {}", "nötiger Zuwachs je Periode: {}")
    tongue = int(is_german(language))
    yield Fact(
        fact_id=f"{name}_needed_growth", label=label[tongue].format(way.now.label), value=growth,
        unit="percent", kind="derived", source=f"({target} ÷ {name})^(1/{way.steps}) \u2212 1",
        text=write(growth, "percent", language),
    )  # fmt: skip
    step = (way.target.value - way.now.value) / way.steps
    made = _fact(f"{name}_needed_step", way.now, step, f"({target} \u2212 {name}) ÷ periods",
                 language)  # fmt: skip
    yield made.model_copy(update={"label": label_step[tongue].format(way.now.label)})
    yield _periods(f"{name}_target_periods", way.steps, "counted from the latest value", language)


def _periods(fact_id: str, count: int, source: str, language: str) -> Fact:
    label = ("periods until the target", "Perioden bis zum Ziel")[int(is_german(language))]
    return Fact(
        fact_id=fact_id, label=label, value=count, unit="number", kind="derived", source=source,
        text=write(count, "number", language),
    )  # fmt: skip


def _compared(
    way: _Way, growth: float, so_far: Fact, texts: dict[str, str], language: str
) -> tuple[str, tuple[Fact, ...]]:
    """Whether going on as before is enough, and when it will be."""
    texts = texts | {"so_far": so_far.text}
    if so_far.value >= growth:
        return say(language, _SO_FAR_ENOUGH, **texts), ()
    if so_far.value <= 0:
        return say(language, _NEVER, **texts), ()
    needed = log(way.target.value / way.now.value) / log(1 + so_far.value)
    if not isfinite(needed) or needed > 1200:
        return say(language, _NEVER, **texts), ()
    source = f"log({way.target.fact_id} ÷ {way.now.fact_id}) ÷ log(1 + {so_far.fact_id})"
    later = _periods(f"{way.now.fact_id}_target_later", ceil(needed), source, language)
    return say(language, _SO_FAR_TOO_SLOW, **texts, later=later.text), (later,)


def _fact(fact_id: str, like: Fact, value: float, source: str, language: str) -> Fact:
    label = ("target of {}", "Ziel: {}")[int(is_german(language))].format(like.label)
    return Fact(
        fact_id=fact_id, label=label, value=value, unit=like.unit, kind="derived", source=source,
        text=write(value, like.unit, language),
    )  # fmt: skip
