"""Lists over time: trend, forecast with interval, values that stand out; as facts and sentences."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from agents.figures import trends
from agents.figures.facts import Fact, Series
from agents.figures.forecasts import forecasts_of
from agents.figures.horizon import Horizon, step_unit
from agents.figures.insights import Insight, fill
from agents.figures.methods import factors
from agents.figures.metric_names import is_german
from agents.figures.metric_notes import Phrase, is_about, say
from agents.figures.numbers import write
from agents.figures.seasons import cycle_of, has_season
from streams.domain.values import Json

_TREND: Phrase = (
    "{Label} {verb} by about {step} per period on average (least squares).",
    "{Label}: im Mittel etwa {step} {verb} je Periode (kleinste Quadrate).",
)
_NO_TREND: Phrase = (
    "There is no clear trend in {label} over the values given.",
    "{Label}: kein klarer Trend über die angegebenen Werte.",
)
_OUTLIER: Phrase = (
    "The value {now} of {label} stands out from the trend (robust z-score).",
    "Der Wert {now} ({label}) fällt aus dem Trend (robuster z-Wert).",
)
_OUTLIER_OF: Phrase = (
    "The value of {label} for {when}, {now}, stands out from the trend (robust z-score).",
    "Der Wert für {when}, {now} ({label}), fällt aus dem Trend (robuster z-Wert).",
)
_TOO_SHORT: Phrase = (
    "{name} has {n} values; a forecast needs at least 4.",
    "{name} hat {n} Werte; eine Prognose braucht mindestens 4.",
)
_NO_LIST: Phrase = (
    "No metric was given as a list over time, so nothing can be forecast.",
    "Keine Kennzahl wurde als Liste über die Zeit angegeben, also ist keine Prognose möglich.",
)


@dataclass(frozen=True, slots=True)
class Looking:
    """Whether and how far to look ahead, and at which metrics; none named means all."""

    is_wanted: bool = False
    is_offered: bool = True  # whether a forecast may be told that nobody asked for
    horizon: Horizon | None = None
    wanted: tuple[str, ...] = ()

    def asks_for(self, latest: Fact) -> bool:
        """Whether the forecast of this metric was asked for."""
        return self.is_wanted and (
            not self.wanted or any(is_about(latest, name) for name in self.wanted)
        )


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
    lists: Sequence[Series], facts: Sequence[Fact], language: str, looking: Looking
) -> Outlook:
    """The outlook of all lists; what the data do not allow is said in the notes."""
    found = Outlook()
    by_id = {fact.fact_id: fact for fact in facts}
    for one in lists:
        if one.name in by_id:
            _add(found, one, by_id, language, looking)
    if looking.is_wanted and not lists:
        found.notes.append(say(language, _NO_LIST))
    return found


def _add(
    found: Outlook, one: Series, by_id: dict[str, Fact], language: str, looking: Looking
) -> None:
    latest, values = by_id[one.name], trends.recent(one.values)
    is_wanted = looking.asks_for(latest)
    line = trends.fit_line(values)
    if is_wanted and len(values) < trends.FEWEST_FOR_FORECAST:
        found.notes.append(say(language, _TOO_SHORT, name=one.name, n=len(values)))
    if line is None:
        return
    _add_trend(found, one, latest, line, language)
    if is_wanted or (looking.is_offered and not looking.is_wanted):
        _add_forecast(found, one, latest, language, looking, is_wanted=is_wanted)
    skipped = len(one.values) - len(values)
    for outlier in trends.outliers(_without_season(one, values)):
        path = one.path(skipped + outlier.position)
        fact = next((f for f in by_id.values() if f.source == path), None)
        found.anomalies.append(_anomaly(one, path, values, outlier))
        if fact is not None:
            when = fact.period if one.is_by_period else ""
            phrase, texts = (_OUTLIER_OF if when else _OUTLIER), {"label": latest.label}
            found.insights.append(fill(phrase, fact, language, 2.97, **texts, when=when))


def _without_season(one: Series, values: Sequence[float]) -> Sequence[float]:
    """The values without their season, so that December is not taken for an accident."""
    cycle = cycle_of(step_unit(one)[0])
    if not has_season(values, cycle):
        return values
    season = factors(values, cycle)
    return [value - season[i % cycle] for i, value in enumerate(values)]


def _anomaly(one: Series, path: str, values: Sequence[float], outlier: trends.Outlier) -> Json:
    return {
        "metric": one.name, "source": path, "value": values[outlier.position],
        "position": len(one.values) - len(values) + outlier.position,
        "method": "modified z-score of the residuals from a Theil-Sen line",
        "score": round(outlier.score, 2), "threshold": round(trends.threshold(len(values)), 2),
        "n": len(values),
    }  # fmt: skip


def _add_forecast(
    found: Outlook,
    one: Series,
    latest: Fact,
    language: str,
    looking: Looking,
    *,
    is_wanted: bool,
) -> None:
    made = forecasts_of(one, latest, language, looking.horizon, is_wanted=is_wanted)
    if made is None:
        return
    found.facts += [fact for fact in made.facts if fact not in found.facts]
    found.forecasts += made.rows
    found.insights.append(made.insight)
    found.notes += made.notes


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


def _fact(
    fact_id: str, label: str, value: float, like: Fact, source: str, language: str
) -> Fact:  # fmt: skip
    text = write(value, like.unit, language)
    return Fact(
        fact_id=fact_id, label=label, value=value, unit=like.unit, kind="derived", source=source,
        text=text,
    )  # fmt: skip
