"""The time that a request is about, seen together with the periods that its metrics carry."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from agents.figures.facts import series
from agents.figures.horizon import Horizon, find_horizon
from agents.figures.metric_names import is_german, words_of
from agents.figures.period_keys import PER_YEAR, period_number
from agents.understanding.dates import MONTHS, calendar_period, following, period_and_comparison
from agents.understanding.intent_remarks import Remark, remark
from streams.domain.intent import DateRange
from streams.domain.values import Json

_SO_FAR = ("so far", "bisher")
_GERMAN_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
    "November", "Dezember",
)  # fmt: skip
_QUARTERS = frozenset({"q1", "q2", "q3", "q4"})


@dataclass(frozen=True, slots=True)
class Spans:
    """The time a request is about, what it is compared with, and the time to look ahead to."""

    about: DateRange | None = None
    compared: DateRange | None = None
    ahead: DateRange | None = None
    horizon: Horizon | None = None
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says that bears on its time: the words, and what is to be done."""

    text: str
    language: str
    is_comparing: bool = False
    is_forecast: bool = False
    is_analysis: bool = False


def spans_of(asked: Asked, today: date, given: Json, metrics: Sequence[str]) -> Spans:
    """The spans of a request; where metrics carry periods, theirs count."""
    known = known_periods({name: given[name] for name in metrics if name in given})
    about, compared = period_and_comparison(
        asked.text, today, is_comparing=asked.is_comparing, known=known
    )
    spans = Spans(about, compared)
    if about is not None and _is_ahead(about, today, asked):
        spans = Spans(None, compared, ahead=about)  # there are no figures of it to look up yet
    if asked.is_forecast or asked.is_analysis:
        spans = replace(spans, horizon=_horizon(asked, today, spans.ahead))
    return _running(_named_otherwise(_fitted(spans, known), metrics), asked, today, known, metrics)


def known_periods(given: Json) -> tuple[DateRange, ...]:
    """The periods for which the metrics hold values, oldest first."""
    numbers = {
        number
        for one in series(given).values()
        if one.is_by_period
        for key in one.keys
        if (number := period_number(key))
        and number[0] in PER_YEAR
        and 1 <= _year_of(number) <= 9998
    }
    return tuple(calendar_period(unit, number) for unit, number in sorted(numbers))


def _year_of(number: tuple[str, int]) -> int:
    return number[1] // {"month": 12, "quarter": 4, "half": 2, "year": 1}[number[0]]


def _is_ahead(about: DateRange, today: date, asked: Asked) -> bool:
    if asked.is_forecast:
        return date.fromisoformat(about.end) > today
    return date.fromisoformat(about.start) > today


def _horizon(asked: Asked, today: date, ahead: DateRange | None) -> Horizon | None:
    until = ahead.end if ahead else ""
    found = find_horizon(asked.text, today, asked.language, until)
    if found is not None or ahead is None:
        return found
    end = date.fromisoformat(ahead.end)
    months = max(1, (end.year - today.year) * 12 + end.month - today.month + 1)
    words = ahead.label
    return Horizon(months, "month", ahead.end, words)


def _fitted(spans: Spans, known: Sequence[DateRange]) -> Spans:
    """The newest period that there is a value for, where there is none for the one asked for."""
    about = spans.about
    kind = (period_number(about.label) or ("",))[0] if about else ""
    same = [one for one in known if (period_number(one.label) or ("",))[0] == kind]
    if about is None or not same or about.label in {one.label for one in same}:
        return spans
    newest = max(same, key=lambda one: one.start)
    if spans.compared and about == following(spans.compared):  # it was not named itself
        before = [one for one in same if one.start < newest.start]
        earlier = max(before, key=lambda one: one.start, default=None)
        return replace(spans, about=newest, compared=earlier)
    said = remark("dated_otherwise", asked=about.label, newest=newest.label)
    return replace(spans, about=newest, remarks=(*spans.remarks, said))


def _named_otherwise(spans: Spans, metrics: Sequence[str]) -> Spans:
    """No period where a metric names a quarter of its own and the request another one."""
    about = spans.about
    if about is None or (period_number(about.label) or ("",))[0] != "quarter":
        return spans
    asked = about.label[:2].lower()
    own = {name: quarters for name in metrics if (quarters := _QUARTERS & {*words_of(name)})}
    if not own or any(asked in quarters for quarters in own.values()):
        return spans
    said = remark("named_otherwise", names=", ".join(own), asked=about.label)
    return replace(spans, about=None, remarks=(*spans.remarks, said))


def _running(
    spans: Spans,
    asked: Asked,
    today: date,
    known: Sequence[DateRange],
    metrics: Sequence[str],
) -> Spans:
    """A period that has not ended says so, unless the metrics are dated or there are none."""
    about = spans.about
    if about is None or not metrics or about.label in {one.label for one in known}:
        return spans
    if not date.fromisoformat(about.start) <= today < date.fromisoformat(about.end):
        return spans
    tongue = int(is_german(asked.language))
    first, *more = about.label.split()
    if tongue and first in MONTHS:
        first = _GERMAN_MONTHS[MONTHS.index(first)]
    label = " ".join((first, *more, _SO_FAR[tongue]))
    return replace(spans, about=about.model_copy(update={"label": label}))
