"""Whether a short series rises or falls, by a named test, and how fast."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import sqrt
from statistics import NormalDist, median

FEWEST = 4
EXACT_UP_TO = 12  # values without ties: beyond it the normal distribution is close enough
MOST_VALUES = 120
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Trend:
    """The slope a step by Theil and Sen, and the two-sided p of Mann and Kendall."""

    slope: float
    n: int
    p: float
    s: int  # pairs that rise less pairs that fall


def trend_of(values: Sequence[float]) -> Trend | None:
    """The trend of at least four values; None for fewer.

    Mann (1945) and Kendall (1975): S counts the pairs that rise less those that fall. Without ties
    and up to 12 values p is exact, by counting permutations; else it is by the normal distribution
    with the correction for ties and for continuity. The slope is the median of the slopes of all
    pairs (Theil 1950, Sen 1968), which single values do not bend.
    """
    values = values[-MOST_VALUES:]
    n = len(values)
    if n < FEWEST:
        return None
    pairs = list(combinations(range(n), 2))
    s = sum((values[j] > values[i]) - (values[j] < values[i]) for i, j in pairs)
    slope = median((values[j] - values[i]) / (j - i) for i, j in pairs)
    has_ties = len(set(values)) < n
    p = _normal(s, values) if has_ties or n > EXACT_UP_TO else _exact(abs(s), n)
    return Trend(slope, n, min(1.0, p), s)


def real_trends(trends: Sequence[Trend]) -> list[bool]:
    """Which trends may be claimed when so many were looked for at once.

    Benjamini and Hochberg (1995) at 5 %: the largest k with p(k) ≤ 0.05 · k ÷ m, and all before it.
    """
    order = sorted(range(len(trends)), key=lambda i: trends[i].p)
    most = 0
    for rank, i in enumerate(order, 1):
        if trends[i].p <= LEVEL * rank / len(trends):
            most = rank
    kept = set(order[:most])
    return [i in kept for i in range(len(trends))]


def _exact(s: int, n: int) -> float:
    """The share of permutations with at least so large an S in either direction."""
    counts = _inversions(n)
    pairs = n * (n - 1) // 2
    total = sum(counts)
    one_side = sum(count for inversions, count in enumerate(counts) if pairs - 2 * inversions >= s)
    return 1.0 if s == 0 else 2 * one_side / total


@lru_cache(maxsize=EXACT_UP_TO)
def _inversions(n: int) -> tuple[int, ...]:
    """How many permutations of n things have 0, 1, 2, … inversions."""
    counts = [1]
    for size in range(2, n + 1):
        longer = [0] * (len(counts) + size - 1)
        for inversions, count in enumerate(counts):
            for more in range(size):
                longer[inversions + more] += count
        counts = longer
    return tuple(counts)


def _normal(s: int, values: Sequence[float]) -> float:
    n = len(values)
    ties = sum(t * (t - 1) * (2 * t + 5) for t in Counter(values).values())
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    if variance <= 0 or s == 0:
        return 1.0
    z = (abs(s) - 1) / sqrt(variance)
    return 2 * (1 - NormalDist().cdf(z))
