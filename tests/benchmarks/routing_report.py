"""The tables of the routing benchmark, as Markdown: a saving never without its interval, its n and
what was kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agents.models.cascade import Pair, cascade_table
from agents.models.frontier import Numbers, Outcomes, gap_recovered, interval, savings
from tests.benchmarks.routing_data import STRONG, STRONG_PRICE, WEAK, WEAK_PRICE, Questions
from tests.benchmarks.routing_scores import FOLDS, TARGETS, Ranking

OURS = "ours"
WAYS = ("gain", "dollar")
_BINS = 10


@dataclass(frozen=True, slots=True)
class Saved:
    """A saving, and its bootstrap values; means over the cuts."""

    point: float
    spread: Numbers

    def __str__(self) -> str:
        low, high = interval(self.spread)
        return f"{100 * self.point:.1f} [{100 * low:.1f}, {100 * high:.1f}]"

    def minus(self, other: "Saved") -> "Saved":
        """The paired difference: both were measured on the same samples."""
        return Saved(self.point - other.point, self.spread - other.spread)


Key = tuple[str, str, float]  # router, way, quality
Results = dict[Key, Saved]


def measure(
    rankings: Mapping[str, Sequence[Ranking]], outcomes: Outcomes, drawn: Numbers
) -> Results:
    """Every router's saving in dollars, by both rankings and for both qualities."""
    return {
        (name, way, target): _saved([cut[way] for cut in cuts], outcomes, target, drawn)
        for name, cuts in rankings.items()
        for way in WAYS
        for target in TARGETS
    }


def _saved(scores: Sequence[Numbers], outcomes: Outcomes, target: float, drawn: Numbers) -> Saved:
    found = [savings(one, outcomes, target, drawn) for one in scores]
    return Saved(
        float(np.mean([point for point, _ in found])),
        np.mean([spread for _, spread in found], axis=0),
    )


def head(questions: Questions, cuts: int, times: int) -> Iterator[str]:
    """What was asked, of whom, at which prices."""
    weak, strong = questions.history.weak_right, questions.history.strong_right
    yield f"## {questions.name.upper()}, n = {len(questions.texts):,}"
    yield ""
    yield (
        f"{WEAK} (${WEAK_PRICE[0] * 1e6:g} in / ${WEAK_PRICE[1] * 1e6:g} out per million tokens) "
        f"is right in {weak.mean():.1%}, {STRONG} (${STRONG_PRICE[0] * 1e6:g} / "
        f"${STRONG_PRICE[1] * 1e6:g}) in {strong.mean():.1%}. {FOLDS} folds, {cuts} cuts; 95 % "
        f"intervals from {times:,} bootstrap samples, the same for every router."
    )
    yield ""


def main_table(
    results: Results, rankings: Mapping[str, Sequence[Ranking]], outcomes: Outcomes
) -> Iterator[str]:
    """Dollars saved at both qualities, for both rankings."""
    yield (
        "| router | APGR | by gain: saved at 95 % | at 99 % | per dollar: saved at 95 % | at 99 % |"
    )
    yield "|---|---|---|---|---|---|"
    for name, cuts in rankings.items():
        closed = np.mean([gap_recovered(cut["gain"], outcomes) for cut in cuts])
        cells = (str(results[name, way, target]) for way in WAYS for target in TARGETS)
        yield f"| {name} | {closed:.3f} | {' | '.join(cells)} |"
    weak = outcomes.weak_right.sum() / outcomes.strong_right.sum()
    single = f"0.0 ({STRONG} alone; {WEAK} alone keeps {weak:.1%})"
    yield f"| best single model | | {single} | 0.0 | {single} | 0.0 |"
    yield ""


def differences(results: Results, others: Sequence[str]) -> Iterator[str]:
    """Our saving per dollar minus that of others, in points, paired."""
    yield "| ours per dollar minus | ranked by | at 95 % | at 99 % |"
    yield "|---|---|---|---|"
    for name in others:
        for way in WAYS:
            cells = (
                str(results[OURS, "dollar", target].minus(results[name, way, target]))
                for target in TARGETS
            )
            yield f"| {name} | {_SAID[way]} | {' | '.join(cells)} |"
    yield ""


_SAID = {"gain": "gain", "dollar": "gain per dollar"}


def calls_table(rankings: Mapping[str, Sequence[Ranking]], outcomes: Outcomes) -> Iterator[str]:
    """Strong calls avoided at 95 %, as RouteLLM counts: every call costs the same there."""
    size = len(outcomes.gain)
    alike = Outcomes(outcomes.weak_right, outcomes.strong_right, np.zeros(size), np.ones(size))
    none = np.ones((1, size))
    yield "Strong calls avoided when ranked by gain, every call counted alike (as RouteLLM counts):"
    yield ""
    yield "| router | at 95 % | at 99 % |"
    yield "|---|---|---|"
    for name, cuts in rankings.items():
        cells = (
            f"{100 * _saved([cut['gain'] for cut in cuts], alike, target, none).point:.1f}"
            for target in TARGETS
        )
        yield f"| {name} | {' | '.join(cells)} |"
    yield ""


def set_before_table(kept: Sequence[Mapping[float, Mapping[str, float]]]) -> Iterator[str]:
    """What thresholds set in the training rows came to on the others; the mean of the cuts."""
    yield "With the threshold set in the training rows (per dollar), on questions not seen:"
    yield ""
    yield "| aimed at | quality kept | saved | sent to the strong model |"
    yield "|---|---|---|---|"
    for target in TARGETS:
        means = {name: np.mean([cut[target][name] for cut in kept]) for name in kept[0][target]}
        yield (
            f"| {target:.0%} | {means['quality']:.1%} | {means['saving']:.1%} | "
            f"{means['share']:.1%} |"
        )
    yield ""


def calibration(chances: Numbers, is_right: Numbers) -> str:
    """How far the chance that the weak model is right can be believed."""
    brier = float(((chances - is_right) ** 2).mean())
    blind = float(is_right.var())
    edges = np.quantile(chances, np.linspace(0, 1, _BINS + 1)[1:-1])
    bins = np.digitize(chances, edges)
    off = sum(
        abs(chances[bins == one].mean() - is_right[bins == one].mean()) * (bins == one).mean()
        for one in range(_BINS)
    )
    return (
        f"Chance that {WEAK} is right, out of fold: Brier {brier:.4f} (always the mean: "
        f"{blind:.4f}), calibration error {off:.3f} in ten equal bins."
    )


def pairs_of(outcomes: Outcomes) -> list[Pair]:
    """The outcomes as the cascade takes them."""
    columns = (
        outcomes.weak_right > 0,
        outcomes.strong_right > 0,
        outcomes.weak_cost,
        outcomes.strong_cost,
    )
    return [Pair(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def cascades(outcomes: Outcomes) -> Iterator[str]:
    """Cheap first, checked, then escalated."""
    yield "Cascade: cheap first, then the strong model for what the checker does not pass:"
    yield ""
    yield "| checker TPR / FPR | quality kept | saved | escalated |"
    yield "|---|---|---|---|"
    for one in cascade_table(pairs_of(outcomes)):
        yield (
            f"| {one.checker.tpr:g} / {one.checker.fpr:g} | {one.quality:.1%} | "
            f"{one.saving:.1%} | {one.escalated:.1%} |"
        )
    yield ""
