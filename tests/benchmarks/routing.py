"""What routing between a cheap and a strong model saves, measured on published outcomes of 12,000
questions, beside what simpler ways save; also draws the frontiers.

Every score is out of fold, and all that is chosen is chosen in the training rows. The embeddings
are made once (some minutes) and kept in the user's cache. Prints Markdown.
"""

import argparse
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from agents.models.embeddings import is_installed
from agents.models.frontier import resamples, savings
from tests.benchmarks import routing_figure, routing_report
from tests.benchmarks.routing_data import DEFAULT, SETS, Questions, read
from tests.benchmarks.routing_scores import (
    TARGETS,
    Ranking,
    baselines,
    heuristic_scores,
    learned,
    set_before,
)

IMAGES = Path(__file__).parents[2] / "docs" / "images"
COMPARED = ("random", "prompt length", "LiteLLM heuristic", "kNN-40", "ours, words only")
DRAWN = ("ours", "kNN-40", "LiteLLM heuristic", "prompt length", "random", "oracle")
_SEED = 20_261_124


def measure(questions: Questions, cuts: int, times: int, images: Path | None) -> None:
    """Run one set and print its tables."""
    began = time.perf_counter()
    heuristic = heuristic_scores(questions)
    said = [learned(questions, seed) for seed in range(cuts)]
    rankings: dict[str, list[Ranking]] = {}
    for name, ask in baselines(questions, heuristic).items():
        rankings[name] = [ask(seed) for seed in range(cuts)]
    rankings[routing_report.OURS] = [one.rankings for one in said]
    drawn = resamples(len(questions.texts), times, _SEED)
    results = routing_report.measure(rankings, questions.outcomes, drawn)
    show(routing_report.head(questions, cuts, times))
    show(routing_report.main_table(results, rankings, questions.outcomes))
    show(routing_report.differences(results, COMPARED))
    show(routing_report.calls_table(rankings, questions.outcomes))
    show(routing_report.set_before_table([set_before(one, questions) for one in said]))
    right = questions.history.weak_right
    show([routing_report.calibration(np.mean([one.weak for one in said], axis=0), right), ""])
    if questions.subjects:
        show(unseen_subjects(questions, times))
    show(routing_report.cascades(questions.outcomes))
    if images is not None:
        draw(questions, rankings, images)
    ridges = sorted(
        {(one, kinds) for x in said for one, kinds in zip(x.ridges, x.kinds, strict=True)}
    )
    print(f"ridges and word kinds chosen: {ridges}", file=sys.stderr)
    print(f"{questions.name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


def unseen_subjects(questions: Questions, times: int) -> Iterable[str]:
    """The harder question: no subject of the asked fold was in the training rows."""
    ranking = learned(questions, 0, is_by_subject=True).rankings["dollar"]
    drawn = resamples(len(questions.texts), times, _SEED)
    cells = [
        str(routing_report.Saved(*savings(ranking, questions.outcomes, target, drawn)))
        for target in TARGETS
    ]
    yield (
        f"Ours per dollar when whole subjects are unseen ({len(set(questions.subjects))} subjects "
        f"in 5 folds): {cells[0]} at 95 %, {cells[1]} at 99 %."
    )
    yield ""


def draw(questions: Questions, rankings: dict[str, list[Ranking]], images: Path) -> None:
    """The frontier of each ranking per dollar; random is drawn as it is."""
    outcomes = questions.outcomes
    curves = {
        name: routing_figure.curve(
            [cut["gain" if name == "random" else "dollar"] for cut in rankings[name]], outcomes
        )
        for name in DRAWN
    }
    weak = (
        float(outcomes.weak_cost.sum() / outcomes.strong_cost.sum()),
        float(outcomes.weak_right.sum() / outcomes.strong_right.sum()),
    )
    title = f"Routing on {questions.name.upper()}: quality against cost"
    routing_figure.draw(title, curves, weak, images / f"routing-{questions.name}.svg")


def show(lines: Iterable[str]) -> None:
    """Print and do not wait."""
    print("\n".join(lines), flush=True)


def main() -> int:
    """Measure the asked sets; 3 when the data or the extra is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the folder of the outcomes")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    parser.add_argument("--cuts", type=int, default=3, help="how often the folds are cut anew")
    parser.add_argument("--bootstrap", type=int, default=1000)
    parser.add_argument("--images", type=Path, default=IMAGES, help="where the pictures go")
    asked = parser.parse_args()
    missing = [name for name in asked.sets if not (asked.data / f"{name}.parquet").exists()]
    if missing:
        print(f"{str(asked.data)!r} has no outcomes of {missing}: give --data", file=sys.stderr)
        return 3
    if not is_installed():
        print("the extra `semantic` is not installed, so there is no router to measure",
              file=sys.stderr)  # fmt: skip
        return 3
    asked.images.mkdir(parents=True, exist_ok=True)
    for name in asked.sets:
        measure(read(name, asked.data), asked.cuts, asked.bootstrap, asked.images)
    return 0


if __name__ == "__main__":
    sys.exit(main())
