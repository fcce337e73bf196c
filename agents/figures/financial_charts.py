"""Which chart belongs to a financial report: a line over time, or bars of changes or shares."""

from collections.abc import Sequence

from agents.figures.canvas import shown_key
from agents.figures.chart import MOST_POINTS, Ahead, bar_chart_svg, line_chart_svg
from agents.figures.facts import Fact, Series
from agents.figures.merit import merit_of
from agents.figures.metric_notes import Phrase, is_about, say
from agents.figures.numbers import write
from agents.figures.outlook import Outlook
from streams.domain.values import Json

FEWEST_FOR_LINE = 3
FEWEST_PARTS = 2
_WITH_FORECAST: Phrase = ("{title}, with its forecast", "{title} mit Prognose")
_CHANGES: Phrase = ("Change against the previous period", "Änderung gegenüber der Vorperiode")
_SHARES: Phrase = ("Shares of the total", "Anteile am Ganzen")
_NEXT: Phrase = ("next {n}", "Schritt {n}")


def chart_of(
    lists: Sequence[Series],
    facts: Sequence[Fact],
    ahead: Outlook,
    language: str,
    wanted: Sequence[str],
    *,
    is_forecast: bool,
) -> str | None:
    """A line of the list that was asked for or of the first; else bars of changes or parts."""
    by_id = {fact.fact_id: fact for fact in facts}
    long = [one for one in lists if len(one.values) >= FEWEST_FOR_LINE and one.name in by_id]
    long.sort(key=lambda one: not any(is_about(by_id[one.name], name) for name in wanted))
    if long:
        return _line(long[0], by_id[long[0].name], language, ahead, is_forecast=is_forecast)
    changed = [f for f in facts if _is_change_of(f, by_id)]
    bars = changed or [f for f in facts if f.fact_id.endswith("_share")]
    if not bars:
        return _parts(facts)
    title = say(language, _CHANGES if changed else _SHARES)
    points = [(_bar_label(f, by_id), f.value, f.text) for f in bars]
    worse = {_bar_label(f, by_id) for f in bars if f.value * (merit_of(f) or 1) < 0}
    return bar_chart_svg(title, points, bad=worse)


def _parts(facts: Sequence[Fact]) -> str | None:
    """The parts of the first metric that was given in parts, where they are not shares."""
    parts = [f for f in facts if f.kind == "given" and "." in f.fact_id and "[" not in f.fact_id]
    names = [fact.fact_id.split(".")[0] for fact in parts]
    shown = [fact for fact, name in zip(parts, names, strict=True) if name == names[0]]
    if len(shown) < FEWEST_PARTS:
        return None
    title = shown[0].label.rsplit(" (", 1)[0]
    bars = [(fact.fact_id.split(".", 1)[1], fact.value, fact.text) for fact in shown]
    return bar_chart_svg(title[:1].upper() + title[1:], bars)


def _is_change_of(fact: Fact, by_id: dict[str, Fact]) -> bool:
    """Whether it is a metric's change against the period before, and no other change."""
    name = fact.fact_id.removesuffix("_change_percent")
    return name != fact.fact_id and name in by_id


def _bar_label(fact: Fact, by_id: dict[str, Fact]) -> str:
    """The metric's own name where the title says already what is shown of it."""
    metric = by_id.get(fact.fact_id.removesuffix("_change_percent").removesuffix("_share"))
    label = metric.label if metric else fact.label
    return label[:1].upper() + label[1:]


def _line(one: Series, latest: Fact, language: str, ahead: Outlook, *, is_forecast: bool) -> str:
    def written(value: float) -> str:
        return write(value, latest.unit, language)

    points = [
        (
            shown_key(key, language) if one.is_by_period else f"#{int(key) + 1}",
            value,
            written(value),
        )
        for key, value in zip(one.keys, one.values, strict=True)
    ]
    rows = [row for row in ahead.forecasts if row["metric"] == one.name] if is_forecast else []
    coming = [_ahead(row, written(row["value"]), language) for row in rows]
    title = latest.label[:1].upper() + latest.label[1:]
    skipped = max(0, len(points) - MOST_POINTS)
    marked = [
        row["position"] - skipped
        for row in ahead.anomalies
        if row["metric"] == one.name and row["position"] >= skipped
    ]
    return line_chart_svg(
        say(language, _WITH_FORECAST, title=title) if rows else title,
        points[-MOST_POINTS:],
        ahead=coming,
        marked=marked,
        written=written,
        language=language,
    )


def _place(one: Series, key: str, language: str) -> str:
    return shown_key(key, language) if one.is_by_period else f"#{int(key) + 1}"


def _ahead(row: Json, text: str, language: str) -> Ahead:
    label = shown_key(row["period"], language) if row["period"] else (
        say(language, _NEXT, n=row["step"])
    )  # fmt: skip
    return Ahead(
        label, row["value"], text, row["low"], row["high"], row["inner_low"], row["inner_high"]
    )
