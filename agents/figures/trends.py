"""Statistics of short lists: least squares, a forecast with an interval, values that stand out."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from statistics import NormalDist, fmean, median

CONFIDENCE = 0.95
FEWEST_FOR_TREND = 3
FEWEST_FOR_FORECAST = 4
FEWEST_FOR_OUTLIERS = 6
MOST_POINTS = 36  # of long lists the latest: what was years ago says little about the next period
OUTLIER_SCORE = 3.5

# Student's t at 0.975 for 1 to 30 degrees of freedom, as printed in any table of the distribution.
_T = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A least-squares line over the positions 0, 1, 2, … of a list."""

    slope: float
    intercept: float
    r_squared: float  # share of the variance that the line explains; 1 where nothing varies
    residual_sd: float  # with n - 2 degrees of freedom
    is_clear: bool  # the slope's 95 % confidence interval leaves out zero


@dataclass(frozen=True, slots=True)
class Forecast:
    """A coming value on the line, and the interval that holds a new value with 95 % confidence."""

    value: float
    low: float
    high: float


def recent(values: Sequence[float]) -> tuple[float, ...]:
    """The latest values, as many as a trend is made of."""
    return tuple(values[-MOST_POINTS:])


def t_quantile(degrees: int) -> float:
    """Student's t at 0.975.

    A table up to 30 degrees of freedom, beyond it the expansion 26.7.5 of Abramowitz and Stegun,
    Handbook of Mathematical Functions (error below 0.0001 there).
    """
    if degrees < 1:
        raise ValueError("needs at least one degree of freedom")
    if degrees <= len(_T):
        return _T[degrees - 1]
    z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
    return z + (z**3 + z) / (4 * degrees) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)


def fit_line(values: Sequence[float]) -> Line | None:
    """The line through a list of at least three values; None for less, or beyond floats."""
    n = len(values)
    if n < FEWEST_FOR_TREND:
        return None
    middle = (n - 1) / 2
    try:
        mean = fmean(values)
        sxx = sum((x - middle) ** 2 for x in range(n))
        slope = sum((x - middle) * (y - mean) for x, y in enumerate(values)) / sxx
        intercept = mean - slope * middle
        left = sum((y - intercept - slope * x) ** 2 for x, y in enumerate(values))
        total = sum((y - mean) ** 2 for y in values)
    except OverflowError:
        return None
    explained = 1.0 if total == 0 else max(0.0, 1 - left / total)
    deviation = sqrt(left / (n - 2))
    is_clear = abs(slope) > t_quantile(n - 2) * deviation / sqrt(sxx)
    is_usable = isfinite(slope) and isfinite(deviation)
    return Line(slope, intercept, explained, deviation, is_clear) if is_usable else None


def forecast(values: Sequence[float], steps: int) -> list[Forecast]:
    """The next values by linear regression, each with its prediction interval, of at least four.

    y ± t(0.975, n - 2) · s · sqrt(1 + 1/n + (x - x̄)²/Sxx), the textbook interval for one new
    observation at x; it widens with each step. It assumes that the trend goes on and that
    deviations from it are independent.
    """
    line = fit_line(values) if len(values) >= FEWEST_FOR_FORECAST else None
    if line is None:
        return []
    n = len(values)
    middle = (n - 1) / 2
    sxx = sum((x - middle) ** 2 for x in range(n))
    spread = t_quantile(n - 2) * line.residual_sd
    ahead = []
    for x in range(n, n + steps):
        half = spread * sqrt(1 + 1 / n + (x - middle) ** 2 / sxx)
        value = line.intercept + line.slope * x
        ahead.append(Forecast(value, value - half, value + half))
    return ahead


def outliers(values: Sequence[float]) -> list[int]:
    """The positions that stand out from the trend.

    By the modified z-score above 3.5 of Iglewicz and Hoaglin (1993), 0.6745 · |deviation from the
    median| ÷ MAD, where deviations are from a Theil-Sen line, which single values do not bend. With
    fewer than six values, or when most lie exactly on the line, nothing can stand out.
    """
    n = len(values)
    if n < FEWEST_FOR_OUTLIERS:
        return []
    slope = median((values[j] - values[i]) / (j - i) for i in range(n) for j in range(i + 1, n))
    left = [y - slope * x for x, y in enumerate(values)]
    middle = median(left)
    mad = median(abs(y - middle) for y in left)
    largest = max(map(abs, values))
    if not isfinite(mad) or mad <= 1e-12 * largest:
        return []
    return [x for x, y in enumerate(left) if 0.6745 * abs(y - middle) / mad > OUTLIER_SCORE]
