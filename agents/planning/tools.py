"""How a planner sees tools: what each cannot do without, what one use is expected to cost, and
which runs of them wait for which."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agents.planning.foreign import Fit, made_by
from streams.domain.plan import ToolSpecification
from streams.domain.values import Json, Permission

MAIN = "*"  # the run that makes the deliverable; other runs go by the id of their tool
STEP_PRICE = 1e-6  # dollars; of equal ways the one with fewer steps is taken
SECOND_PRICE = 1e-4  # dollars a second, to order makers; whole plans have a price of their own
ASKING_PRICE = 0.05  # dollars: what it is worth not to have to ask a person first
DESTROYING_PRICE = 0.01  # dollars: of equal tools the one that only reads is taken


@dataclass(frozen=True, slots=True)
class Usable:
    """A tool and which artifacts it cannot do without, and which it makes use of where they are
    there."""

    tool: ToolSpecification
    mandatory: frozenset[str]
    optional: tuple[str, ...]
    price: float  # what one use is expected to cost, time and toll included, in dollars
    toll: float = 0.0  # what using it costs beside money, time and risk, in dollars
    inputs: Json = field(default_factory=dict)  # of a tool of others, by its own names

    def takes(self, artifacts: Iterable[str]) -> bool:
        """Whether the tool does something with all of these."""
        return self.mandatory.union(self.optional).issuperset(artifacts)


def usable(tool: ToolSpecification, static: frozenset[str]) -> Usable:
    """How a tool of ours can be used by a planner that can fill the `static` inputs by itself."""
    properties = tool.input_schema.get("properties", {})
    required = frozenset(tool.input_schema.get("required", ()))
    mandatory = {name for name in tool.consumes if name in required or name not in properties}
    mandatory |= required - static
    optional = tuple(name for name in tool.consumes if name not in mandatory)
    return Usable(tool, frozenset(mandatory), optional, _price(tool), _toll(tool))


def usable_foreign(tool: ToolSpecification, fit: Fit) -> Usable:
    """How a tool of others can be used whose inputs are filled like this."""
    counted = tool.model_copy(update={"produces": made_by(tool)})
    return Usable(counted, fit.mandatory, fit.optional, _price(tool), _toll(tool), fit.inputs)


def _price(tool: ToolSpecification) -> float:
    own = tool.estimated_cost + SECOND_PRICE * tool.estimated_duration
    return own / max(tool.success_rate, 0.01) + STEP_PRICE + _toll(tool)


def _toll(tool: ToolSpecification) -> float:
    asking = ASKING_PRICE if tool.permission is Permission.ASK else 0.0
    return asking + (DESTROYING_PRICE if tool.is_destructive else 0.0)


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
