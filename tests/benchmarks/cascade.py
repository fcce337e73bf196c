"""What the cascade (cheap first, checked, then the strong model) keeps and saves on published
outcomes of 12,000 questions, with a checker as good as our evaluator was measured to be.

The rates are measured on texts of the kind that the product writes, the outcomes are those of
questions with one right answer: the table says what such a checker would be worth, not that the
evaluator can check those answers. Needs no extra; prints Markdown.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from agents.models.cascade import Checker, Pair, cascade
from tests.agents.checker_rates import Measured, measured
from tests.benchmarks.routing_data import DEFAULT, SETS, read_outcomes
from tests.benchmarks.routing_report import pairs_of

GOAL = 0.6  # of the strong model's cost saved, at no loss
COMPARED = (
    ("a good checker", Checker(tpr=0.9, fpr=0.2)),
    ("no skill: passes half of all", Checker(tpr=0.5, fpr=0.5)),
    ("no skill: passes all, the weak model alone", Checker(tpr=1.0, fpr=1.0)),
)


def rates_table(found: Sequence[Measured]) -> Iterator[str]:
    """How often texts without and with a fault are let through."""
    yield "| texts | passed without a fault (TPR) | passed with a fault (FPR) |"
    yield "|---|---|---|"
    for one in found:
        yield f"| {one.name} | {one.good} | {one.bad} |"
    yield ""


def faults_table(one: Measured) -> Iterator[str]:
    """The same by kind of fault."""
    yield f"| fault ({one.name}) | passed all the same |"
    yield "|---|---|"
    for kind, share in one.faulty.items():
        yield f"| {kind} | {share} |"
    yield ""


def cascade_rows(found: Sequence[Measured], pairs: Sequence[Pair]) -> Iterator[str]:
    """What each checker comes to, for ours also at the unkind ends of both intervals."""
    yield "| checker | TPR / FPR | quality kept | saved | at the unkind ends | goal |"
    yield "|---|---|---|---|---|---|"
    for one in found:
        worst = cascade(pairs, one.worst)
        unkind = f"{worst.quality:.1%} kept, {worst.saving:.1%} saved"
        yield row(f"ours, {one.name}", one.checker, pairs, unkind)
    for name, checker in COMPARED:
        yield row(name, checker, pairs, "")
    yield ""


def row(name: str, checker: Checker, pairs: Sequence[Pair], unkind: str) -> str:
    """One checker, and whether the goal is met with it."""
    result = cascade(pairs, checker)
    is_met = result.saving >= GOAL and not result.has_loss
    return (
        f"| {name} | {checker.tpr:.3f} / {checker.fpr:.3f} | {result.quality:.1%} | "
        f"{result.saving:.1%} | {unkind} | {'met' if is_met else 'not met'} |"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the evaluator, then reckon the cascade; 3 when the outcomes are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the folder of the outcomes")
    asked = parser.parse_args(arguments)
    missing = [name for name in SETS if not (asked.data / f"{name}.parquet").exists()]
    if missing:
        print(f"{str(asked.data)!r} has no outcomes of {missing}: give --data", file=sys.stderr)
        return 3
    found = measured()
    print("## The evaluator as a checker (95 % intervals by Wilson)\n")
    print("\n".join((*rates_table(found), *faults_table(found[0]), *faults_table(found[2]))))
    for name in SETS:
        pairs = pairs_of(read_outcomes(name, asked.data))
        print(f"## The cascade on {name.upper()}, n = {len(pairs):,}\n")
        print("\n".join(cascade_rows(found, pairs)))
    print(f"The goal: {GOAL:.0%} saved, and no quality lost against the strong model alone.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
