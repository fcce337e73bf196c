"""A number that follows from others, before it becomes a fact."""

from dataclasses import dataclass

from agents.figures.metric_names import Unit

LARGEST = 1e300  # beyond it a percentage would leave what floats hold


@dataclass(frozen=True, slots=True)
class Derived:
    """A number that follows, with the formula in terms of fact ids."""

    fact_id: str
    label: str
    value: float
    unit: Unit
    source: str
    period: str = ""
