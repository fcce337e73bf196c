"""Lists over time: trend, forecast with interval, values that stand out; as facts and sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agents import trends
from agents.facts import Fact, Series
from agents.insights import Insight, fill, write_alike
from agents.metric_names import is_german, words_of
from agents.metric_notes import Phrase, say
from agents.numbers import write
from streams.domain.values import Json

_TREND: Phrase = (
    "{Label} {verb} by about {step} per period on average (least squares).",
    "{Label}: im Mittel etwa {step} {verb} je Periode (kleinste Quadrate).",
)
_NO_TREND: Phrase = (
    "{Label} shows no clear trend over the values given.",
    "{Label}: kein klarer Trend über die angegebenen Werte.",
)
_FORECAST: Phrase = (
    "If the trend goes on, the next value of {label} is about {now}; the {confidence} prediction "
    "interval reaches from {low} to {high}.",
    "Setzt sich der Trend fort, liegt der nächste Wert ({label}) bei etwa {now}; das "
    "{confidence}-Vorhersageintervall reicht von {low} bis {high}.",
)
_OUTLIER: Phrase = (
    "The value {now} of {label} stands out from the trend (MAD rule).",
    "Der Wert {now} ({label}) fällt aus dem Trend (MAD-Regel).",
)
_TOO_SHORT: Phrase = (
    "{name} has {n} values; a forecast needs at least 4.",
    "{name} hat {n} Werte; eine Prognose braucht mindestens 4.",
)
_NO_LIST: Phrase = (
    "No metric was given as a list over time, so nothing can be forecast.",
    "Keine Kennzahl wurde als Liste über die Zeit angegeben, also ist keine Prognose möglich.",
)
_ASSUMES: Phrase = (
    "The forecast assumes that the linear trend goes on; it knows nothing but the values given.",
    "Die Prognose nimmt an, dass der lineare Trend anhält, und kennt nur die angegebenen Werte.",
)
_METHOD = "linear regression of {name}, prediction interval with Student's t, n = {n}"


@dataclass(slots=True)
class Outlook:
    """What the lists say: facts, sentences, remarks, and the figures behind them."""

    facts: list[Fact] = field(default_factory=list)
    insights: list[Insight] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    trends: list[Json] = field(default_factory=list)
    forecasts: list[Json] = field(default_factory=list)
    anomalies: list[Json] = field(default_factory=list)


def outlook(
    lists: Sequence[Series], facts: Sequence[Fact], language: str, *, is_forecast_wanted: bool
) -> Outlook:
    """The outlook of all lists; what the data do not allow is said in the notes."""
    found = Outlook()
    by_id = {fact.fact_id: fact for fact in facts}
    for one in lists:
        if one.name in by_id:
            _add(found, one, by_id, language, is_forecast_wanted)
    if is_forecast_wanted and not lists:
        found.notes.append(say(language, _NO_LIST))
    if found.forecasts:
        found.notes.append(say(language, _ASSUMES))
    return found


def _add(
    found: Outlook, one: Series, by_id: dict[str, Fact], language: str, is_forecast_wanted: bool
) -> None:
    latest, values = by_id[one.name], trends.recent(one.values)
    line = trends.fit_line(values)
    if line is None:
        if is_forecast_wanted:
            found.notes.append(say(language, _TOO_SHORT, name=one.name, n=len(values)))
        return
    _add_trend(found, one, latest, line, language)
    ahead = trends.forecast(values)
    if ahead is not None:
        _add_forecast(found, one, latest, ahead, len(values), language, is_forecast_wanted)
    elif is_forecast_wanted:
        found.notes.append(say(language, _TOO_SHORT, name=one.name, n=len(values)))
    skipped = len(one.values) - len(values)
    for position in trends.outliers(values):
        path = one.path(skipped + position)
        fact = next((f for f in by_id.values() if f.source == path), None)
        found.anomalies.append({"metric": one.name, "source": path, "value": values[position]})
        if fact is not None:
            found.insights.append(fill(_OUTLIER, fact, language, 2.75, label=latest.label))


def _add_trend(found: Outlook, one: Series, latest: Fact, line: trends.Line, language: str) -> None:
    label = say(language, ("trend of {label} per period", "Trend je Periode: {label}"),
                label=latest.label)  # fmt: skip
    source = f"least-squares slope of {one.name}"
    fact = _fact(f"{one.name}_trend", label, line.slope, latest, source, language)
    found.facts.append(fact)
    found.trends.append(
        {"metric": one.name, "method": "least squares", "slope": line.slope,
         "r_squared": line.r_squared, "residual_sd": line.residual_sd, "is_clear": line.is_clear}
    )  # fmt: skip
    if not line.is_clear:
        found.insights.append(fill(_NO_TREND, latest, language, 2.0))
        return
    step = write(abs(line.slope), latest.unit, language)
    if latest.unit == "percent":
        points = (" percentage points", " Prozentpunkte")[int(is_german(language))]
        step = step.rstrip("%").rstrip("\u00a0") + points
    rising = ("rose", "mehr") if line.slope > 0 else ("fell", "weniger")
    texts = {"step": step, "verb": rising[int(is_german(language))], "label": latest.label}
    texts["Label"] = latest.label[:1].upper() + latest.label[1:]
    found.insights.append(fill(_TREND, fact, language, 2.6, latest, **texts))


def _add_forecast(
    found: Outlook,
    one: Series,
    latest: Fact,
    ahead: trends.Forecast,
    n: int,
    language: str,
    is_wanted: bool,
) -> None:
    method = _METHOD.format(name=one.name, n=n)
    if ahead.low < 0 and min(one.values) >= 0 and _is_never_negative(latest):
        ahead = trends.Forecast(max(0.0, ahead.value), 0.0, max(0.0, ahead.high))
        method = f"{method}, cut at zero"
    facts = list(
        _forecast_facts(one.name, latest, (ahead.value, ahead.low, ahead.high), method, language)
    )
    value, lower, upper, confidence = facts
    found.facts += [fact for fact in facts if fact not in found.facts]
    found.forecasts.append(
        {"metric": one.name, "method": method, "value": ahead.value, "low": ahead.low,
         "high": ahead.high, "confidence": trends.CONFIDENCE}
    )  # fmt: skip
    texts = {"confidence": confidence.text}
    texts["low"], texts["high"] = write_alike((lower, upper), language)
    found.insights.append(
        fill(_FORECAST, value, language, 5.0 if is_wanted else 1.9, label=latest.label, **texts)
    )


def _is_never_negative(fact: Fact) -> bool:
    words = words_of(fact.fact_id)
    if fact.unit == "percent":
        return "growth" not in words and "margin" not in words
    return fact.unit == "count" or bool({"revenue", "mrr", "arr", "price"} & set(words))


def _forecast_facts(
    name: str, latest: Fact, values: tuple[float, float, float], method: str, language: str
) -> Iterator[Fact]:
    labels = (
        ("forecast of {label}", "Prognose: {label}"),
        ("lower end of the forecast of {label}", "untere Grenze der Prognose: {label}"),
        ("upper end of the forecast of {label}", "obere Grenze der Prognose: {label}"),
    )
    ids = (f"{name}_forecast", f"{name}_forecast_low", f"{name}_forecast_high")
    for fact_id, phrase, value in zip(ids, labels, values, strict=True):
        label = say(language, phrase, label=latest.label)
        yield _fact(fact_id, label, value, latest, method, language)
    confidence = trends.CONFIDENCE
    yield Fact(
        fact_id="forecast_confidence",
        label=say(language, ("confidence of the interval", "Sicherheit des Intervalls")),
        value=confidence,
        unit="percent",
        kind="derived",
        source="chosen by the method",
        text=write(confidence, "percent", language),
    )


def _fact(
    fact_id: str, label: str, value: float, like: Fact, source: str, language: str
) -> Fact:  # fmt: skip
    text = write(value, like.unit, language)
    return Fact(
        fact_id=fact_id, label=label, value=value, unit=like.unit, kind="derived", source=source,
        text=text,
    )  # fmt: skip
