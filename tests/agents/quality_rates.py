"""How often each dimension finds a planted fault, and how often it objects to a good draft.

Run it as a module to see the table.
"""

from collections import Counter
from dataclasses import dataclass

from agents.quality.assessment import assess
from streams.domain.quality import QualityAssessment
from tests.agents.quality_drafts import GOOD, payload_of
from tests.agents.quality_faults import FAULTS, Fault


@dataclass(frozen=True)
class Rates:
    """Of one dimension: faults planted and found, good drafts judged and objected to."""

    planted: int
    found: int
    good: int
    objected: int

    @property
    def true_positives(self) -> float:
        return self.found / self.planted

    @property
    def false_positives(self) -> float:
        return self.objected / self.good


def is_found(fault: Fault, assessment: QualityAssessment) -> bool:
    """Whether the dimension that has to find the fault has an issue of its code."""
    issues = [d.issues for d in assessment.dimensions if d.name == fault.dimension]
    return any(issue.code == fault.code for found in issues for issue in found)


def rates() -> dict[str, Rates]:
    """The rates by dimension; an issue that is only a hint is no objection."""
    planted = Counter(fault.dimension for fault in FAULTS)
    found = Counter(f.dimension for f in FAULTS if is_found(f, assess(payload_of(f.sample))))
    objected: Counter[str] = Counter()
    for sample in GOOD:
        for dimension in assess(payload_of(sample)).dimensions:
            objected[dimension.name] += any(i.severity != "info" for i in dimension.issues)
    return {
        name: Rates(count, found[name], len(GOOD), objected[name])
        for name, count in sorted(planted.items())
    }


def main() -> None:
    """Print the table."""
    for name, one in rates().items():
        print(
            f"{name:22} TPR {one.true_positives:.2f} ({one.found}/{one.planted})"
            f"  FPR {one.false_positives:.2f} ({one.objected}/{one.good})"
        )


if __name__ == "__main__":
    main()
