"""Forecasts of a list over time: each step a fact with its interval, and a sentence about all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.figures import trends
from agents.figures.backtest import Carried, Forecast, carry_on
from agents.figures.facts import Fact, Series
from agents.figures.horizon import (
    Horizon,
    key_after,
    most_steps,
    number_word,
    read_horizon,
    step_unit,
    steps_asked,
)
from agents.figures.insights import Insight, fill, write_alike
from agents.figures.metric_names import is_german, words_of
from agents.figures.metric_notes import Phrase, say
from agents.figures.numbers import write
from agents.figures.seasons import cycle_of
from streams.domain.values import Json

__all__ = ["Ahead", "Forecasts", "Horizon", "forecasts_of", "read_horizon"]

MOST_TOLD = 3  # steps told one by one in a sentence; of more, the first and the last

_NEXT: Phrase = (
    "{If}, the next value of {label} is about {now}; the {confidence} prediction "
    "interval reaches from {low} to {high}.",
    "{If}, liegt der nächste Wert ({label}) bei etwa {now}; das "
    "{confidence}-Vorhersageintervall reicht von {low} bis {high}.",
)
_SEVERAL: Phrase = (
    "{If}, {label} will be {told} over {words} ({confidence} prediction intervals in brackets).",
    "{If}, ergibt die Prognose ({label}) für {words} {told} "
    "(in Klammern die {confidence}-Vorhersageintervalle).",
)
_IF: dict[str, Phrase] = {
    "line": ("If the trend goes on", "Setzt sich der Trend fort"),
    "growth": ("If growth goes on at this rate", "Hält das Wachstum in diesem Maß an"),
    "drift": ("If the mean change goes on", "Hält die mittlere Änderung an"),
    "level": ("If the recent level holds", "Bleibt es beim jüngsten Niveau"),
    "season": (
        "If trend and season go on as before",
        "Setzen sich Trend und Saison wie bisher fort",
    ),
}
_ONE_TOLD: Phrase = ("about {now} ({low} to {high})", "etwa {now} ({low} bis {high})")
_LAST_TOLD: Phrase = (
    "{first} at first and {last} at the end",
    "{first} zu Beginn und {last} am Ende",
)
_FOR: Phrase = ("forecast of {label}", "Prognose: {label}")
_LOW: Phrase = ("lower end of the forecast of {label}", "untere Grenze der Prognose: {label}")
_HIGH: Phrase = ("upper end of the forecast of {label}", "obere Grenze der Prognose: {label}")
_AFTER: Phrase = ("{label} for the {nth} {unit}", "{label}, {nth} {unit}")
_ASSUMES: Phrase = (
    "The forecast of {label} is a {method}, fitted to the {n} values given. {chosen} It assumes "
    "that {assumed}, and knows nothing else.",
    "Die Prognose ({label}) ist eine {method}, angepasst an die {n} angegebenen Werte. {chosen} "
    "Sie nimmt an, dass {assumed}, und weiß sonst nichts.",
)
_ASSUMES_IN_SHORT: Phrase = (
    "The outlook on {label} is a {method}, fitted to the {n} values given. It assumes that "
    "{assumed}, and knows nothing else.",
    "Der Ausblick ({label}) ist eine {method}, angepasst an die {n} angegebenen Werte. Er nimmt "
    "an, dass {assumed}, und weiß sonst nichts.",
)
_CHOSEN: Phrase = (
    "Of several methods it erred least when it forecast their later half from the earlier one. "
    "The intervals are widened by its errors there.",
    "Von mehreren Verfahren irrte es am wenigsten, als es ihre spätere Hälfte aus der früheren "
    "vorhersagte. Die Intervalle sind um seine Fehler dabei geweitet.",
)
_NOT_CHOSEN: Phrase = (
    "They are too few to compare methods on them; the intervals are widened for that.",
    "Sie sind zu wenige, um Verfahren zu vergleichen; die Intervalle sind dafür geweitet.",
)
_GOES_ON: dict[str, Phrase] = {
    "line": ("the linear trend goes on", "der lineare Trend anhält"),
    "growth": (
        "growth goes on at the same rate",
        "das Wachstum in gleichem Maß anhält",
    ),
    "drift": ("the mean change goes on", "die mittlere Änderung anhält"),
    "level": ("the recent level holds", "das jüngste Niveau bleibt"),
    "season": ("trend and season go on as before", "Trend und Saison wie bisher anhalten"),
}
_IN_GERMAN = (
    ("linear regression", "lineare Regression"),
    ("random walk with drift", "Fortschreibung der mittleren Änderung"),
    ("simple exponential smoothing", "einfache exponentielle Glättung"),
    (" of the logarithms", " der Logarithmen"),
    (", with additive seasonal factors over ", ", mit additiven Saisonfaktoren über "),
    (" values", " Werte"),
)
_NO_SEASON: Phrase = (
    "{name} has {n} values, less than two whole cycles of {cycle}: whether it has a season cannot "
    "be told, and none was assumed.",
    "{name} hat {n} Werte, weniger als zwei volle Zyklen von {cycle}: Ob es eine Saison gibt, "
    "lässt sich nicht sagen; es wurde keine angenommen.",
)
_CUT: Phrase = (
    "The forecast of {label} reaches {steps} {unit} ahead and not as far as asked: at most half as "
    "many as there are values, and never more than twelve.",
    "Die Prognose ({label}) reicht {steps} {unit} weit und nicht so weit wie gewünscht: höchstens "
    "halb so viele, wie es Werte gibt, und nie mehr als zwölf.",
)
_READ_AS_MONTHS: Phrase = (
    "The values of {name} were read as monthly, since they carry no dates.",
    "Die Werte von {name} wurden als Monatswerte gelesen, da sie kein Datum tragen.",
)
_METHOD = "{method} of {name}, prediction interval with Student's t, n = {n}"
_NTH = (
    ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
     "eleventh", "twelfth"),
    ("erster", "zweiter", "dritter", "vierter", "fünfter", "sechster", "siebter", "achter",
     "neunter", "zehnter", "elfter", "zwölfter"),
)  # fmt: skip
_UNITS = {
    "month": (("month", "months"), ("Monat", "Monate")),
    "week": (("week", "weeks"), ("Wert", "Wochen")),
    "day": (("day", "days"), ("Tag", "Tage")),
}
_PERIOD = (("period", "periods"), ("Wert", "Perioden"))  # "second quarter" would name a quarter


@dataclass(frozen=True, slots=True)
class Ahead:
    """One step of a forecast with its interval, as facts."""

    value: Fact
    low: Fact
    high: Fact
    key: str


@dataclass(frozen=True, slots=True)
class Forecasts:
    """The forecast of one list: its steps, the sentence about them, figures and remarks."""

    steps: tuple[Ahead, ...]
    insight: Insight
    confidence: Fact
    rows: tuple[Json, ...]
    notes: tuple[str, ...]

    @property
    def facts(self) -> list[Fact]:
        """All facts, step by step."""
        return [f for s in self.steps for f in (s.value, s.low, s.high)] + [self.confidence]


def forecasts_of(
    one: Series, latest: Fact, language: str, horizon: Horizon | None, *, is_wanted: bool
) -> Forecasts | None:
    """The forecast of a list; None if it is too short. Without a horizon it is one step."""
    values = trends.recent(one.values)
    asked = steps_asked(one, horizon) if horizon else 1
    count = min(asked, most_steps(len(values)))
    cycle = cycle_of(step_unit(one)[0])
    carried = carry_on(values, count, cycle)
    if carried is None:
        return None
    method = _METHOD.format(method=carried.method.name, name=one.name, n=len(values))
    ahead = carried.ahead
    is_cut = _is_never_negative(latest) and min(one.values) >= 0
    if is_cut and min(step.low for step in ahead) < 0:
        ahead = tuple(_not_negative(step) for step in ahead)
        method = f"{method}, cut at zero"
    steps = tuple(
        _facts_of(one, latest, step, (n, count), method, language)
        for n, step in enumerate(ahead, 1)
    )
    confidence = _confidence(language)
    weight = 5.0 if is_wanted else 1.9
    insight = _sentence(latest, steps, confidence, horizon, language, weight, carried)
    notes = [_assumption(latest, carried, len(values), language, is_wanted=is_wanted)]
    if is_wanted and cycle > 1 and len(values) < 2 * cycle:
        notes.append(say(language, _NO_SEASON, name=one.name, n=len(values), cycle=cycle))
    notes += _notes(one, latest, horizon, (asked, count), language)
    rows = tuple(_rows(one, steps, ahead, method, carried))
    return Forecasts(steps, insight, confidence, rows, tuple(notes))


def _notes(
    one: Series, latest: Fact, horizon: Horizon | None, steps: tuple[int, int], language: str
) -> Iterator[str]:
    """What was asked for and is not in it, and what was taken for granted."""
    asked, count = steps
    if asked > count:
        unit = _unit_words(one, language)[count > 1]
        texts = {"label": latest.label, "steps": number_word(count, language), "unit": unit}
        yield say(language, _CUT, **texts)
    if horizon and not step_unit(one)[1]:
        yield say(language, _READ_AS_MONTHS, name=one.name)


def _assumption(latest: Fact, carried: Carried, n: int, language: str, *, is_wanted: bool) -> str:
    """By which method the forecast was made; why by this one, where it was asked for."""
    method = carried.method.name
    if is_german(language):
        for english, german in _IN_GERMAN:
            method = method.replace(english, german)
    return say(
        language,
        _ASSUMES if is_wanted else _ASSUMES_IN_SHORT,
        label=latest.label,
        method=method,
        n=n,
        chosen=say(language, _CHOSEN if carried.tests else _NOT_CHOSEN),
        assumed=say(language, _GOES_ON[carried.method.assumes]),
    )


def _not_negative(step: Forecast) -> Forecast:
    ends = (step.value, step.low, step.high, step.inner_low, step.inner_high)
    return Forecast(*(max(0.0, end) for end in ends))


def _is_never_negative(fact: Fact) -> bool:
    words = words_of(fact.fact_id)
    if fact.unit == "percent":
        return "growth" not in words and "margin" not in words
    return fact.unit == "count" or bool({"revenue", "mrr", "arr", "price"} & set(words))


def _unit_words(one: Series, language: str) -> tuple[str, str]:
    return _UNITS.get(step_unit(one)[0], _PERIOD)[int(is_german(language))]


def _facts_of(
    one: Series,
    latest: Fact,
    step: Forecast,
    place: tuple[int, int],
    method: str,
    language: str,
) -> Ahead:
    number, count = place
    key = key_after(one, number)
    name = one.name if number == 1 else f"{one.name}_step{number}"
    ids = (f"{name}_forecast", f"{name}_forecast_low", f"{name}_forecast_high")
    about = _label(one, latest, number, count, key, language)
    made = [
        _fact(fact_id, say(language, phrase, label=about), value, latest, method, language)
        for fact_id, phrase, value in zip(
            ids, (_FOR, _LOW, _HIGH), (step.value, step.low, step.high), strict=True
        )
    ]
    return Ahead(made[0], made[1], made[2], key)


def _label(
    one: Series, latest: Fact, number: int, count: int, key: str, language: str
) -> str:  # fmt: skip
    if key:
        return f"{latest.label} ({key})"
    if count == 1:
        return latest.label
    nth = _NTH[int(is_german(language))][number - 1]
    return say(language, _AFTER, label=latest.label, nth=nth, unit=_unit_words(one, language)[0])


def _fact(
    fact_id: str, label: str, value: float, like: Fact, source: str, language: str
) -> Fact:  # fmt: skip
    text = write(value, like.unit, language)
    return Fact(
        fact_id=fact_id, label=label, value=value, unit=like.unit, kind="derived", source=source,
        text=text,
    )  # fmt: skip


def _confidence(language: str) -> Fact:
    return Fact(
        fact_id="forecast_confidence",
        label=say(language, ("confidence of the interval", "Sicherheit des Intervalls")),
        value=trends.CONFIDENCE,
        unit="percent",
        kind="derived",
        source="chosen by the method",
        text=write(trends.CONFIDENCE, "percent", language),
    )


def _sentence(
    latest: Fact,
    steps: Sequence[Ahead],
    confidence: Fact,
    horizon: Horizon | None,
    language: str,
    weight: float,
    carried: Carried,
) -> Insight:
    first = steps[0]
    assumption = say(language, _IF[carried.method.assumes])
    texts = {"confidence": confidence.text, "label": latest.label, "If": assumption}
    if len(steps) == 1:
        texts["low"], texts["high"] = write_alike((first.low, first.high), language)
        return fill(_NEXT, first.value, language, weight, **texts)
    told = [_told(step, language) for step in steps]
    if len(steps) > MOST_TOLD:
        texts["told"] = say(language, _LAST_TOLD, first=told[0], last=told[-1])
    else:
        texts["told"] = f"{', '.join(told[:-1])}{say(language, (' and ', ' und '))}{told[-1]}"
    texts["words"] = _span_words(steps, horizon, language)
    more = [fact for step in steps for fact in (step.value, step.low, step.high)]
    return fill(_SEVERAL, first.value, language, weight, *more, **texts)


def _told(step: Ahead, language: str) -> str:
    low, high = write_alike((step.low, step.high), language)
    return say(language, _ONE_TOLD, now=step.value.text, low=low, high=high)


def _span_words(steps: Sequence[Ahead], horizon: Horizon | None, language: str) -> str:
    """The words of the request, unless fewer steps are told; then from which period to which."""
    if steps[-1].key:
        return say(language, ("{a} to {b}", "{a} bis {b}"), a=steps[0].key, b=steps[-1].key)
    if horizon and horizon.unit in _UNITS and horizon.count == len(steps) and horizon.words:
        return horizon.words
    return say(
        language,
        ("the next {n} values", "die nächsten {n} Werte"),
        n=number_word(len(steps), language),
    )


def _rows(
    one: Series, steps: Sequence[Ahead], ahead: Sequence[Forecast], method: str, carried: Carried
) -> Iterator[Json]:
    for number, (step, made) in enumerate(zip(steps, ahead, strict=True), 1):
        yield {
            "metric": one.name, "step": number, "period": step.key, "method": method,
            "value": step.value.value, "low": step.low.value, "high": step.high.value,
            "confidence": trends.CONFIDENCE,
            "inner_low": made.inner_low, "inner_high": made.inner_high,
            "inner_confidence": trends.INNER_CONFIDENCE,
            "back_test": {"mean_absolute_error": carried.mean_error, "tests": carried.tests},
        }  # fmt: skip
