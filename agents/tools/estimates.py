"""What tools have shown so far, and what follows from it for what is expected of them.

Declared values are a prior, not a promise. All three estimates are posterior means under conjugate
priors (Gelman et al., Bayesian Data Analysis, 3rd ed., sections 2.4 and 2.5): a weighted mean of
what was declared and what was seen, in which the declaration counts as so many runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log1p

from streams.domain.plan import ToolSpecification
from streams.domain.values import Milliseconds

SUCCESS_STRENGTH = 10  # runs that a declared success rate counts for
AMOUNT_STRENGTH = 5  # runs that a declared duration or cost counts for
DIGITS = 6
STEPS = 12  # new estimates for each e-fold of runs: about one more for every 9 % more of them


@dataclass(frozen=True, slots=True)
class Figures:
    """What the ended runs of one tool add up to. A run is one attempt that a runner reported on."""

    runs: int = 0
    successes: int = 0
    duration: Milliseconds = 0  # of all runs together
    cost: float = 0.0  # US dollars, of all runs together
    last_used: Milliseconds | None = None
    last_error: str = ""

    def plus(
        self,
        *,
        is_success: bool,
        duration: Milliseconds,
        cost: float,
        at: Milliseconds,
        error: str = "",
    ) -> "Figures":
        """With one more run."""
        return Figures(
            runs=self.runs + 1,
            successes=self.successes + is_success,
            duration=self.duration + duration,
            cost=self.cost + cost,
            last_used=max(at, self.last_used or 0),
            last_error=self.last_error if is_success else error,
        )


def success_rate(declared: float, figures: Figures) -> float:
    """The mean of Beta(10 p + s, 10 (1 - p) + n - s) after s successes in n runs, where p is the
    declared rate: (10 p + s) / (10 + n)."""
    seen = SUCCESS_STRENGTH * declared + figures.successes
    return min(1.0, max(0.0, seen / (SUCCESS_STRENGTH + figures.runs)))


def amount(declared: float, total: float, runs: int) -> float:
    """The mean of a duration or a cost after runs that add up to a total: (5 m + total) / (5 + n),
    where m is the declared amount. It is the posterior mean of a normal mean whose prior is worth
    five runs."""
    return (AMOUNT_STRENGTH * declared + total) / (AMOUNT_STRENGTH + runs)


def estimated(tool: ToolSpecification, figures: Figures | None) -> ToolSpecification:
    """The tool with what is expected of it now; as declared while it has not run."""
    if figures is None or figures.runs == 0:
        return tool
    return tool.model_copy(
        update={
            "success_rate": round(success_rate(tool.success_rate, figures), DIGITS),
            "estimated_duration": round(
                amount(tool.estimated_duration, figures.duration / 1000, figures.runs), DIGITS
            ),
            "estimated_cost": round(
                amount(tool.estimated_cost, figures.cost, figures.runs), DIGITS
            ),
            "runs": figures.runs,
        }
    )


def edition(figures: Mapping[str, Figures]) -> tuple[tuple[str, int, int], ...]:
    """What tells one state of the estimates from another that differs enough to matter: runs and
    failures of each tool in steps that grow with them, so that n runs make few editions."""
    return tuple(
        (name, _step(one.runs), _step(one.runs - one.successes))
        for name, one in sorted(figures.items())
        if one.runs
    )


def _step(count: int) -> int:
    return int(STEPS * log1p(count))
