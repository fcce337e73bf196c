"""The methods of forecasting by name: each a pure function from a list to its next values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from statistics import fmean

from agents.figures.trends import fit_line

SMOOTHING = tuple(n / 10 for n in range(1, 10))
_SEASON_ROUNDS = 3  # of fitting factors and line in turn; more change nothing that is seen


@dataclass(frozen=True, slots=True)
class Steps:
    """The next values, the standard deviation of each, and the degrees of freedom behind it."""

    values: tuple[float, ...]
    deviations: tuple[float, ...]
    degrees: int


Extend = Callable[[Sequence[float], int], Steps]


@dataclass(frozen=True, slots=True)
class Method:
    """A way to carry a list on. `is_of_logarithms`: it sees the logarithms of the values."""

    name: str
    extend: Extend
    is_of_logarithms: bool = False
    assumes: str = "line"  # what goes on: "line", "growth", "drift", "level" or "season"


def regression(values: Sequence[float], steps: int) -> Steps:
    """The least-squares line with the textbook deviation of one new observation at x,
    s · sqrt(1 + 1/n + (x - x̄)²/Sxx) with n - 2 degrees of freedom."""
    line = fit_line(values)
    if line is None:
        raise OverflowError("no line fits through these values")
    n = len(values)
    middle, sxx = (n - 1) / 2, n * (n * n - 1) / 12
    ahead = range(n, n + steps)
    return Steps(
        tuple(line.intercept + line.slope * x for x in ahead),
        tuple(line.residual_sd * sqrt(1 + 1 / n + (x - middle) ** 2 / sxx) for x in ahead),
        n - 2,
    )


def walk(values: Sequence[float], steps: int) -> Steps:
    """A random walk with drift: the last value and h mean changes, with the deviation
    s · sqrt(h · (1 + h/(n - 1))) (Hyndman and Athanasopoulos, Forecasting, 3rd ed., 5.5)."""
    n = len(values)
    drift = (values[-1] - values[0]) / (n - 1)
    left = [later - earlier - drift for earlier, later in pairwise(values)]
    deviation = sqrt(sum(e * e for e in left) / (n - 2))
    ahead = range(1, steps + 1)
    return Steps(
        tuple(values[-1] + h * drift for h in ahead),
        tuple(deviation * sqrt(h * (1 + h / (n - 1))) for h in ahead),
        n - 2,
    )


def smoothing(values: Sequence[float], steps: int) -> Steps:
    """Simple exponential smoothing with the weight that errs least one step ahead, and the
    deviation s · sqrt(1 + (h - 1) · α²) (Hyndman and Athanasopoulos, 8.7)."""
    error, weight, level = min(_smoothed(values, weight) for weight in SMOOTHING)
    deviation = sqrt(error / (len(values) - 2))
    ahead = range(1, steps + 1)
    return Steps(
        (level,) * steps,
        tuple(deviation * sqrt(1 + (h - 1) * weight**2) for h in ahead),
        len(values) - 2,
    )


def _smoothed(values: Sequence[float], weight: float) -> tuple[float, float, float]:
    level, error = fmean(values[:4]), 0.0
    for value in values:
        error += (value - level) ** 2
        level += weight * (value - level)
    return error, weight, level


def factors(values: Sequence[float], cycle: int) -> tuple[float, ...]:
    """Additive seasonal factors by place in the cycle: mean residuals around a line that is
    fitted in turn with them."""
    return _factors(tuple(values), cycle)


@lru_cache(maxsize=128)
def _factors(values: tuple[float, ...], cycle: int) -> tuple[float, ...]:
    """Kept, since each method of a back test takes the same season out of the same values."""
    found = [0.0] * cycle
    for _ in range(_SEASON_ROUNDS):
        line = fit_line([y - found[i % cycle] for i, y in enumerate(values)])
        if line is None:
            raise OverflowError("no line fits through these values")
        left = [y - line.intercept - line.slope * i for i, y in enumerate(values)]
        found = [fmean(left[place::cycle]) for place in range(cycle)]
        mean = fmean(found)
        found = [one - mean for one in found]
    return tuple(found)


def seasonal(inner: Extend, cycle: int) -> Extend:
    """A method on the list without its seasonal factors, which are added again; the deviations
    are widened by what estimating the factors costs."""

    def extend(values: Sequence[float], steps: int) -> Steps:
        n, season = len(values), factors(values, cycle)
        plain = inner([y - season[i % cycle] for i, y in enumerate(values)], steps)
        degrees = max(1, plain.degrees - cycle + 1)
        wider = sqrt(plain.degrees / degrees * (1 + cycle / n))
        return Steps(
            tuple(v + season[(n + i) % cycle] for i, v in enumerate(plain.values)),
            tuple(wider * deviation for deviation in plain.deviations),
            degrees,
        )

    return extend


# The simplest first: a later one has to err clearly less to be chosen.
METHODS: tuple[Method, ...] = (
    Method("linear regression", regression),
    Method("linear regression of the logarithms", regression, True, "growth"),
    Method("random walk with drift", walk, assumes="drift"),
    Method("random walk with drift of the logarithms", walk, True, "growth"),
    Method("simple exponential smoothing", smoothing, assumes="level"),
    Method("simple exponential smoothing of the logarithms", smoothing, True, "level"),
)


def with_season(method: Method, cycle: int) -> Method:
    """The method on the list without its season."""
    return Method(
        f"{method.name}, with additive seasonal factors over {cycle} values",
        seasonal(method.extend, cycle),
        method.is_of_logarithms,
        "season",
    )
