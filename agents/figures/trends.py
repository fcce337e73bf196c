"""Statistics of short lists: least squares, Student's t, values that stand out."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from statistics import NormalDist, fmean, median

CONFIDENCE = 0.95
INNER_CONFIDENCE = 0.80
FEWEST_FOR_TREND = 3
FEWEST_FOR_FORECAST = 4
FEWEST_FOR_OUTLIERS = 8
MOST_POINTS = 36  # of long lists the latest: what was years ago says little about the next period
OUTLIER_SCORE = 3.5
SHORT_LIST_MARGIN = 30.0  # of short lists the median deviation itself is uncertain

# Student's t at 0.975 and 0.9 for 1 to 30 degrees of freedom, as printed in any table of the
# distribution: the halves of an interval of 95 % and of 80 % confidence.
_T = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
_INNER_T = (
    *(3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372),
    *(1.363, 1.356, 1.350, 1.345, 1.341, 1.337, 1.333, 1.330, 1.328, 1.325),
    *(1.323, 1.321, 1.319, 1.318, 1.316, 1.315, 1.314, 1.313, 1.311, 1.310),
)
_TABLES = {CONFIDENCE: _T, INNER_CONFIDENCE: _INNER_T}


@dataclass(frozen=True, slots=True)
class Line:
    """A least-squares line over the positions 0, 1, 2, … of a list."""

    slope: float
    intercept: float
    r_squared: float  # share of the variance that the line explains; 1 where nothing varies
    residual_sd: float  # with n - 2 degrees of freedom
    is_clear: bool  # the slope's 95 % confidence interval leaves out zero


@dataclass(frozen=True, slots=True)
class Outlier:
    """A position that stands out, with its robust score."""

    position: int
    score: float


def recent(values: Sequence[float]) -> tuple[float, ...]:
    """The latest values, as many as a trend is made of."""
    return tuple(values[-MOST_POINTS:])


def t_quantile(degrees: int, confidence: float = CONFIDENCE) -> float:
    """Student's t that encloses 95 % or 80 %.

    A table up to 30 degrees of freedom, beyond it the expansion 26.7.5 of Abramowitz and Stegun,
    Handbook of Mathematical Functions (error below 0.0001 there).
    """
    if degrees < 1:
        raise ValueError("needs at least one degree of freedom")
    table = _TABLES[confidence]
    if degrees <= len(table):
        return table[degrees - 1]
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
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


def threshold(n: int) -> float:
    """The score above which one of n values stands out: 3.5 + 30/n.

    3.5 is that of Iglewicz and Hoaglin (1993). By itself it raises a false alarm in 11 to 24 % of
    lists of 8 to 36 values that are noise around a line; with the margin in 3 to 6 %.
    """
    return OUTLIER_SCORE + SHORT_LIST_MARGIN / n


def outliers(values: Sequence[float]) -> list[Outlier]:
    """The positions that stand out from the trend.

    By the modified z-score 0.6745 · |deviation from the median| ÷ MAD, where deviations are from a
    Theil-Sen line, which single values do not bend. With fewer than eight values, or when most lie
    exactly on the line, nothing can stand out.
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
    scores = [0.6745 * abs(y - middle) / mad for y in left]
    return [Outlier(x, score) for x, score in enumerate(scores) if score > threshold(n)]
