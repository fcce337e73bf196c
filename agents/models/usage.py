"""What a call has cost: the tokens that a provider counts, unless they cannot be true, at the dated
prices of our table."""

from dataclasses import dataclass
from typing import Any

from agents.models.calls import UsageTrust
from agents.models.price_table import PriceTable
from streams.domain.values import Money

# A provider's tokenizer, its own instructions and the reasoning that it does not show make its
# count differ from ours; beyond these bounds the count is not believed.
_TIMES, _MORE, _LEAST = 4, 400, 8


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one attempt, and whether they were counted by the provider or by us."""

    tokens_in: int
    tokens_out: int
    trust: UsageTrust


def usage_of(
    claimed_in: Any, claimed_out: Any, counted_in: int, counted_out: int, max_tokens: int
) -> Usage:
    """The provider's count where it can be true, else ours.

    Args:
        claimed_in: tokens read as the provider says; anything at all, it is not trusted.
        claimed_out: tokens written as the provider says, with reasoning that is not shown.
        counted_in: tokens of the messages by our tokenizer.
        counted_out: tokens of the text that came by our tokenizer.
        max_tokens: how many it was allowed to write.
    """
    most_in = counted_in * _TIMES + _MORE
    most_out = max(counted_out * _TIMES + _MORE, max_tokens)
    is_true = _is_within(claimed_in, max(1, counted_in // _LEAST), most_in) and _is_within(
        claimed_out, max(min(counted_out, 1), counted_out // _LEAST), most_out
    )
    if is_true:
        return Usage(claimed_in, claimed_out, UsageTrust.REPORTED)
    return Usage(counted_in, counted_out, UsageTrust.RECOUNTED)


def _is_within(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def cost_of(table: PriceTable, model: str, tokens_in: int, tokens_out: int) -> Money | None:
    """Dollars by our table; None for a model that is not in it."""
    listed = table.by_id.get(model)
    return listed.cost(tokens_in, tokens_out) if listed else None
