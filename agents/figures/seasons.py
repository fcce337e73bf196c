"""Whether a list repeats itself from cycle to cycle; below two whole cycles nobody can tell."""

from collections.abc import Sequence
from statistics import fmean

from agents.figures.trends import fit_line

CYCLES = {"month": 12, "quarter": 4, "half": 2, "day": 7}  # values of one cycle, by their distance
FEWEST_CYCLES = 2
FEWEST_FREE = 4  # degrees of freedom that must be left beside line and factors
LEAST_AUTOCORRELATION = 0.3
LEAST_F = 2.5


def cycle_of(unit: str) -> int:
    """How many values of this distance make one cycle; 0 for none that is known."""
    return CYCLES.get(unit, 0)


def has_season(values: Sequence[float], cycle: int) -> bool:
    """Whether there are two cycles and they resemble each other.

    Around a least-squares line, the autocorrelation at the cycle's length is above 0.3 and the F
    ratio of the means by place in the cycle against what they leave is above 2.5.
    """
    n = len(values)
    line = fit_line(values) if cycle > 1 and n >= FEWEST_CYCLES * cycle else None
    free = n - cycle - 1
    if line is None or free < FEWEST_FREE:
        return False
    left = [y - line.intercept - line.slope * i for i, y in enumerate(values)]
    total = sum(e * e for e in left)
    if total <= 0:
        return False
    again = sum(later * earlier for earlier, later in zip(left, left[cycle:], strict=False))
    means = [fmean(left[place::cycle]) for place in range(cycle)]
    rest = sum((e - means[i % cycle]) ** 2 for i, e in enumerate(left))
    explained = (total - rest) / (cycle - 1)
    return again / total > LEAST_AUTOCORRELATION and explained > LEAST_F * rest / free
