"""Chooses a method of forecasting by a back test on the list itself, and widens its intervals by
how far it erred there."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite, log, sqrt
from statistics import fmean

from agents.figures.methods import METHODS, Method, Steps, with_season
from agents.figures.seasons import has_season
from agents.figures.trends import CONFIDENCE, FEWEST_FOR_FORECAST, INNER_CONFIDENCE, t_quantile

FEWEST_FOR_CHOICE = 6  # values; below, two errors of a back test cannot be had
MARGIN = 0.97  # a method has to err this much less than a simpler one
PRIOR = 4.0  # errors that speak for the method's own deviation, against those of the back test
MOST_SQUARED = 25.0  # of one standardised error: a single jump shall not widen all without end
FEW = 10  # values, below which the choice of a method is itself uncertain
LARGEST_EXPONENT = 700.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """A coming value with the interval that holds it with 95 % confidence, and that of 80 %."""

    value: float
    low: float
    high: float
    inner_low: float
    inner_high: float


@dataclass(frozen=True, slots=True)
class Carried:
    """A list carried on: by which method, how far it erred in how many tests on the list."""

    method: Method
    ahead: tuple[Forecast, ...]
    mean_error: float | None = None
    tests: int = 0


@dataclass(frozen=True, slots=True)
class _Error:
    """One error of a back test: where, how far, and against which expected deviation."""

    step: int
    size: float
    standardised: float


@dataclass(frozen=True, slots=True)
class _Tried:
    """A method with its errors on the list."""

    method: Method
    errors: tuple[_Error, ...]

    @property
    def mean_error(self) -> float:
        return fmean(abs(error.size) for error in self.errors) if self.errors else 0.0


def carry_on(values: Sequence[float], steps: int, cycle: int = 0) -> Carried | None:
    """The next values with prediction intervals; None for fewer than four, or beyond floats.

    From six values on, every method forecasts the second half of the list from what came before,
    and the one with the smallest mean error carries it on. Its deviations are scaled, step by
    step, by the root mean square of its standardised errors (never below one).
    """
    if len(values) < FEWEST_FOR_FORECAST or steps < 1:
        return None
    try:
        tried = _tried(values, steps, cycle)
        best = _best(tried)
        ahead = _ahead(values, steps, best, [one.method for one in tried])
    except (OverflowError, ZeroDivisionError):
        return None
    if not all(isfinite(one.low) and isfinite(one.high) for one in ahead):
        return None
    error = best.mean_error if best.errors else None
    return Carried(best.method, ahead, error, len(best.errors))


def _tried(values: Sequence[float], steps: int, cycle: int) -> list[_Tried]:
    if len(values) < FEWEST_FOR_CHOICE:
        return [_Tried(method, ()) for method in METHODS if not method.is_of_logarithms]
    is_positive = min(values) > 0
    methods = [method for method in METHODS if is_positive or not method.is_of_logarithms]
    first = max(FEWEST_FOR_FORECAST, len(values) // 2)
    if has_season(values, cycle):
        methods = [with_season(method, cycle) for method in methods]
        first = max(2 * cycle - 4, first)
    return [_Tried(method, tuple(_errors(method, values, first, steps))) for method in methods]


def _errors(method: Method, values: Sequence[float], first: int, steps: int) -> list[_Error]:
    seen = _seen(method, values)
    found = []
    for now in range(first, len(values)):
        ahead = method.extend(seen[:now], min(steps, len(values) - now))
        for step, (value, deviation) in enumerate(zip(ahead.values, ahead.deviations, strict=True)):
            size = values[now + step] - _shown(method, value)
            is_known = deviation > 0
            scaled = (seen[now + step] - value) / deviation if is_known else 0.0
            found.append(_Error(step, size, scaled))
    return found


def _best(tried: Sequence[_Tried]) -> _Tried:
    best = tried[0]
    for one in tried[1:]:
        if one.errors and one.mean_error < MARGIN * best.mean_error:
            best = one
    return best


def _ahead(
    values: Sequence[float], steps: int, best: _Tried, methods: Sequence[Method]
) -> tuple[Forecast, ...]:
    method, seen = best.method, _seen(best.method, values)
    made = method.extend(seen, steps)
    deviations = made.deviations
    if len(values) < FEW:
        alike = [m for m in methods if m.is_of_logarithms == method.is_of_logarithms]
        deviations = _between(made, [m.extend(seen, steps) for m in alike])
    scales = _scales(best.errors, steps)
    outer = t_quantile(made.degrees, CONFIDENCE)
    inner = t_quantile(made.degrees, INNER_CONFIDENCE)
    found = []
    for value, deviation, scale in zip(made.values, deviations, scales, strict=True):
        around = (-outer, outer, -inner, inner)
        ends = (_shown(method, value + t * scale * deviation) for t in around)
        found.append(Forecast(_shown(method, value), *ends))
    return tuple(found)


def _between(made: Steps, others: Sequence[Steps]) -> tuple[float, ...]:
    """Of few values, half-way to the widest deviation that any method expects."""
    widest = [max(one.deviations[i] for one in others) for i in range(len(made.values))]
    return tuple((own + wide) / 2 for own, wide in zip(made.deviations, widest, strict=True))


def _scales(errors: Sequence[_Error], steps: int) -> list[float]:
    """How much wider than the method says its errors were, step by step, never falling."""
    squares = [(error.step, min(error.standardised**2, MOST_SQUARED)) for error in errors]
    every = (PRIOR + sum(square for _, square in squares)) / (PRIOR + len(squares))
    found, largest = [], 1.0
    for step in range(steps):
        here = [square for at, square in squares if at == step]
        largest = max(largest, sqrt((PRIOR * every + sum(here)) / (PRIOR + len(here))))
        found.append(largest)
    return found


def _seen(method: Method, values: Sequence[float]) -> list[float]:
    return [log(v) for v in values] if method.is_of_logarithms else list(values)


def _shown(method: Method, value: float) -> float:
    return exp(min(value, LARGEST_EXPONENT)) if method.is_of_logarithms else value
