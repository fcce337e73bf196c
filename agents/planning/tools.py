"""How a planner sees tools: what each cannot do without, what one use is expected to cost, and
which runs of them wait for which."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from streams.domain.plan import ToolSpecification

MAIN = "*"  # the run that makes the deliverable; other runs go by the id of their tool
STEP_PRICE = 1e-6  # dollars; of equal ways the one with fewer steps is taken
SECOND_PRICE = 1e-4  # dollars a second, to order makers; whole plans have a price of their own


@dataclass(frozen=True, slots=True)
class Usable:
    """A tool and which artifacts it cannot do without, and which it makes use of where they are
    there."""

    tool: ToolSpecification
    mandatory: frozenset[str]
    optional: tuple[str, ...]
    price: float  # what one use is expected to cost, time included, in dollars

    def takes(self, artifacts: Iterable[str]) -> bool:
        """Whether the tool does something with all of these."""
        return self.mandatory.union(self.optional).issuperset(artifacts)


def usable(tool: ToolSpecification, static: frozenset[str]) -> Usable:
    """How a tool can be used by a planner that can fill the `static` inputs by itself."""
    properties = tool.input_schema.get("properties", {})
    required = frozenset(tool.input_schema.get("required", ()))
    mandatory = {name for name in tool.consumes if name in required or name not in properties}
    mandatory |= required - static
    optional = tuple(name for name in tool.consumes if name not in mandatory)
    own = tool.estimated_cost + SECOND_PRICE * tool.estimated_duration
    price = own / max(tool.success_rate, 0.01) + STEP_PRICE
    return Usable(tool, frozenset(mandatory), optional, price)


def waits_for(waits: Mapping[str, Sequence[str]], run: str, other: str) -> bool:
    """Whether a run waits for another, directly or through others."""
    seen, waiting = {run}, [run]
    while waiting:
        for first in waits[waiting.pop()]:
            if first == other:
                return True
            if first not in seen:
                seen.add(first)
                waiting.append(first)
    return False


def ordered(waits: Mapping[str, Sequence[str]]) -> list[str]:
    """The runs, each after those it waits for."""
    waiting = dict(waits)
    found: list[str] = []
    while waiting:
        ready = [run for run, first in waiting.items() if waiting.keys().isdisjoint(first)]
        if not ready:
            raise ValueError(f"runs wait for each other in a circle: {sorted(waiting)}")
        for run in ready:
            del waiting[run]
        found += ready
    return found
