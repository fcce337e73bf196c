"""How figures moved: changes between the first and the last time, and trends that a test bears
out."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from agents.figures.facts import Fact
from agents.figures.metric_notes import Phrase
from agents.figures.numbers import write
from agents.figures.period_keys import period_number
from agents.market.monotony import Trend, real_trends, trend_of
from agents.market.observations import Observation
from agents.market.standing import fact_id_of, order_of
from agents.market.telling import Findings, capital, listed

MOST_MOVERS = 4
MOST_COURSES = 50  # of one figure, whose movement is looked at
SURE = 0.001  # a smaller p is told as below this
_ROSE: Phrase = (
    "{name}: {label} up by {size}, from {then} ({when_then}) to {now} ({when_now}).",
    "{name}: {label} um {size} gestiegen, von {then} ({when_then}) auf {now} ({when_now}).",
)
_FELL: Phrase = (
    "{name}: {label} down by {size}, from {then} ({when_then}) to {now} ({when_now}).",
    "{name}: {label} um {size} gesunken, von {then} ({when_then}) auf {now} ({when_now}).",
)
_UP: Phrase = (
    "{name}: rising trend of {label}, about {step} more per {kind} (Theil-Sen slope; Mann-Kendall "
    "test with {n} values, p {p}).",
    "{name}: steigender Trend ({label}), etwa {step} mehr je {kind} (Theil-Sen-Steigung; "
    "Mann-Kendall-Test mit {n} Werten, p {p}).",
)
_DOWN: Phrase = (
    "{name}: falling trend of {label}, about {step} less per {kind} (Theil-Sen slope; "
    "Mann-Kendall test with {n} values, p {p}).",
    "{name}: fallender Trend ({label}), etwa {step} weniger je {kind} (Theil-Sen-Steigung; "
    "Mann-Kendall-Test mit {n} Werten, p {p}).",
)
_CLOSING: Phrase = (
    "{Label}: we grew faster than {name}, the highest, so the distance to the top gets smaller.",
    "{Label}: Wir wuchsen schneller als {name} an der Spitze, der Abstand wird also kleiner.",
)
_WIDENING: Phrase = (
    "{Label}: we grew slower than {name}, the highest, so the distance to the top gets larger.",
    "{Label}: Wir wuchsen langsamer als {name} an der Spitze, der Abstand wird also größer.",
)
_LEADING: Phrase = (
    "{Label}: we are the highest and grew faster than {name}, the next, so the lead gets larger.",
    "{Label}: Wir liegen vorn und wuchsen schneller als {name}, der Abstand wird also größer.",
)
_CAUGHT: Phrase = (
    "{Label}: we are the highest and grew slower than {name}, the next, so the lead gets smaller.",
    "{Label}: Wir liegen vorn und wuchsen langsamer als {name}, der Abstand wird also kleiner.",
)
_LARGEST: Phrase = (
    "Changes and trends of {label} were looked at for the {most} largest only.",
    "Änderungen und Trends von {label} wurden nur für die {most} größten betrachtet.",
)
_NO_TREND: Phrase = (
    "No trend of {label} can be claimed for {names}: the Mann-Kendall test does not bear one out.",
    "Für {names} lässt sich kein Trend von {label} behaupten: Der Mann-Kendall-Test gibt keinen "
    "her.",
)
_TOO_SHORT: Phrase = (
    "{label} has too few times for a trend; four are needed, and five to bear one out.",
    "{label} hat zu wenige Zeitpunkte für einen Trend; nötig sind vier und fünf für einen Beleg.",
)
_UNEVEN: Phrase = (
    "The times of {label} for {names} are not evenly spaced, so no trend was computed.",
    "Die Zeitpunkte von {label} für {names} sind ungleich verteilt; kein Trend berechnet.",
)
_KINDS = {
    "year": ("year", "Jahr"), "half": ("half-year", "Halbjahr"), "quarter": ("quarter", "Quartal"),
    "month": ("month", "Monat"), "week": ("week", "Woche"), "day": ("day", "Tag"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Course:
    """One company's figure over time, oldest first."""

    who: str
    rows: tuple[Observation, ...]
    facts: tuple[Fact, ...]
    kind: str  # of the periods; empty where they are unevenly spaced

    @property
    def values(self) -> tuple[float, ...]:
        """The figures alone."""
        return tuple(row.value for row in self.rows)


def tell_movement(found: Findings, rows: Sequence[Observation], us: str) -> None:
    """Tell the changes and the trends of each figure that has more than one time."""
    timed = [row for row in rows if period_number(row.when)]
    for metric in dict.fromkeys(row.metric for row in timed):
        courses = _courses(found, _of_largest(found, timed, metric, us))
        if courses:
            _distance(found, courses, us)
            _changes(found, courses, us)
            _trends(found, courses, us)


def _of_largest(
    found: Findings, rows: Sequence[Observation], metric: str, us: str
) -> list[Observation]:
    """The figures of the largest, by their highest value, and ours."""
    of_it = [row for row in rows if row.metric == metric]
    highest: dict[str, float] = {}
    for row in of_it:
        highest[row.who] = max(row.value, highest.get(row.who, row.value))
    kept = sorted(highest, key=lambda who: (who != us, -highest[who], who))[:MOST_COURSES]
    if len(kept) < len(highest):
        found.note(_LARGEST, label=of_it[0].label, most=MOST_COURSES)
    names = set(kept)
    return [row for row in of_it if row.who in names]


def _courses(found: Findings, rows: Sequence[Observation]) -> list[Course]:
    courses = []
    for who in dict.fromkeys(row.who for row in rows):
        own = sorted((r for r in rows if r.who == who), key=lambda row: order_of(row.when))
        if len(own) < 2 or len({row.unit for row in own}) > 1:
            continue
        facts = [found.given(_id_at(own, i), row) for i, row in enumerate(own)]
        courses.append(Course(who, tuple(own), tuple(facts), _kind(own)))
    return courses


def _id_at(rows: Sequence[Observation], i: int) -> str:
    """The latest by the figure's name, the one before as previous, others by their time."""
    name = fact_id_of(rows[i].who, rows[i].metric)
    ends = {len(rows) - 1: "", len(rows) - 2: "_previous"}
    return name + ends.get(i, f"[{rows[i].when}]")


def _kind(rows: Sequence[Observation]) -> str:
    numbers = [number for row in rows if (number := period_number(row.when))]
    kinds = {kind for kind, _ in numbers}
    steps = {b[1] - a[1] for a, b in pairwise(numbers)}
    return next(iter(kinds)) if len(kinds) == 1 and steps == {1} else ""


def _distance(found: Findings, courses: Sequence[Course], us: str) -> None:
    """Whether we come nearer to the highest, or it to us, over the same times: by how much each has
    multiplied."""
    ours = next((c for c in courses if c.who == us), None)
    if ours is None or ours.rows[0].unit == "percent":
        return
    span = (ours.rows[0].when, ours.rows[-1].when)
    others = [
        c
        for c in courses
        if c is not ours and (c.rows[0].when, c.rows[-1].when) == span and c.values[0] > 0
    ]
    if not others or ours.values[0] <= 0:
        return
    rival = max(others, key=lambda course: course.values[-1])
    mine, theirs = (c.values[-1] / c.values[0] for c in (ours, rival))
    if mine == theirs:
        return
    is_first = ours.values[-1] > rival.values[-1]
    phrases = (_LEADING, _CAUGHT) if is_first else (_CLOSING, _WIDENING)
    label = capital(ours.rows[0].label)
    found.lead(phrases[0 if mine > theirs else 1], Label=label, name=rival.who)


def _changes(found: Findings, courses: Sequence[Course], us: str) -> None:
    sized = []
    for course in courses:
        first, last = course.facts[0], course.facts[-1]
        is_share = first.unit == "percent"
        if first.value == last.value or (not is_share and first.value <= 0):
            continue
        value = last.value - first.value if is_share else last.value / first.value - 1
        sized.append((course, value, is_share))
    sized.sort(key=lambda one: (one[0].who != us, -abs(one[1])))
    for course, value, is_share in sized[:MOST_MOVERS]:
        _tell_change(found, course, value, is_share=is_share)


def _tell_change(found: Findings, course: Course, value: float, *, is_share: bool) -> None:
    first, last = course.facts[0], course.facts[-1]
    label = course.rows[0].label
    sign = "\u2212" if is_share else "÷"
    formula = f"{last.fact_id} {sign} {first.fact_id}" + ("" if is_share else " - 1")
    name = course.who or found.either("market", "Markt")
    change = found.derive(
        f"{last.fact_id}_total_change" + ("" if is_share else "_percent"),
        found.either(f"change in {label} ({name})", f"Änderung: {label} ({name})"),
        value, "percent", formula,
    )  # fmt: skip
    size = found.points(value) if is_share else write(abs(change.value), "percent", found.language)
    found.tell(
        _ROSE if value > 0 else _FELL, name=name, label=label, size=size, then=first.text,
        when_then=course.rows[0].when, now=last.text, when_now=course.rows[-1].when,
    )  # fmt: skip


def _trends(found: Findings, courses: Sequence[Course], us: str) -> None:
    label = courses[0].rows[0].label
    uneven = [course.who or "?" for course in courses if not course.kind]
    if uneven and any(len(course.rows) > 3 for course in courses):
        found.note(_UNEVEN, label=label, names=listed(uneven, found.language))
    tried = [(c, t) for c in courses if c.kind and (t := trend_of(c.values)) is not None]
    if not tried:
        if len(uneven) < len(courses):
            found.note(_TOO_SHORT, label=label)
        return
    real = real_trends([trend for _, trend in tried])
    shown = sorted(
        ((c, t) for (c, t), is_real in zip(tried, real, strict=True) if is_real),
        key=lambda pair: (pair[0].who != us, pair[1].p),
    )
    for course, trend in shown[:MOST_MOVERS]:
        _tell_trend(found, course, trend)
    unproved = [c.who or "?" for (c, _), is_real in zip(tried, real, strict=True) if not is_real]
    if unproved:
        found.note(_NO_TREND, label=label, names=listed(unproved, found.language))


def _tell_trend(found: Findings, course: Course, trend: Trend) -> None:
    last, row = course.facts[-1], course.rows[-1]
    name = course.who or found.either("market", "Markt")
    about = f"{row.label} ({name})"
    slope = found.derive(
        f"{last.fact_id}_trend", found.either(f"trend of {about}", f"Trend: {about}"),
        trend.slope, last.unit, f"Theil-Sen slope of {last.fact_id} over {trend.n} values",
    )  # fmt: skip
    n = found.derive(
        f"{last.fact_id}_trend_values",
        found.either(f"values behind the trend of {about}", f"Werte hinter dem Trend: {about}"),
        trend.n, "count", f"values of {last.fact_id}",
    )  # fmt: skip
    p = found.derive(
        f"{last.fact_id}_trend_p", found.either(f"p of the trend of {about}", f"p: {about}"),
        max(trend.p, SURE), "number", f"Mann-Kendall test, two-sided, S = {trend.s}",
    )  # fmt: skip
    step = write(abs(trend.slope), last.unit, found.language)
    found.lead(
        _UP if trend.slope > 0 else _DOWN,
        name=name,
        label=row.label,
        step=found.points(slope.value) if last.unit == "percent" else step,
        kind=found.either(*_KINDS.get(course.kind, ("step", "Schritt"))),
        n=n.text,
        p=f"< {p.text}" if trend.p < SURE else f"= {p.text}",
    )
