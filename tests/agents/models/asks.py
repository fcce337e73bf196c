"""What the router is asked in its tests, unless a test says otherwise."""

from typing import Any

from agents.models.choice import Ask
from agents.models.price_table import price_table
from agents.models.tiers import Complexity, TaskType
from agents.models.tokens import Tokens

DAY = "2026-11-24"
PROVIDERS = frozenset(model.provider for model in price_table().data.models)
TOKENS = Tokens(input=1_500, output=500, most_output=2_000)


def ask(**wanted: Any) -> Ask:
    """A draft of medium difficulty, with every provider at hand and no budget."""
    given: dict[str, Any] = {
        "task_type": TaskType.DRAFT,
        "complexity": Complexity.MEDIUM,
        "tokens": TOKENS,
        "day": DAY,
        "available": PROVIDERS,
    }
    return Ask(**(given | wanted))
