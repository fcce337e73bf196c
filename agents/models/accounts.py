"""The account of a call as the sum of its attempts."""

from collections.abc import Sequence

from agents.models.calls import Attempt, CallAccount, ModelCall, UsageTrust
from streams.domain.values import Milliseconds


def account_of(
    call: ModelCall, attempts: Sequence[Attempt], latency: Milliseconds, price_table: str
) -> CallAccount:
    """All that was spent on a call; its model is the one that answered."""
    answered = next((one for one in attempts if one.fault is None), None)
    is_recounted = any(one.usage is UsageTrust.RECOUNTED for one in attempts)
    before = sum(one.latency for one in attempts if one.fault is not None)
    first = answered.first_token if answered else None
    return CallAccount(
        model=answered.model if answered else "",
        provider=answered.provider if answered else "",
        tokens_in=sum(one.tokens_in for one in attempts),
        tokens_out=sum(one.tokens_out for one in attempts),
        cost=sum(one.cost for one in attempts),
        latency=latency,
        first_token=before + first if first is not None else None,
        usage=UsageTrust.RECOUNTED if is_recounted else UsageTrust.REPORTED,
        prompt=call.prompt,
        price_table=price_table,
        attempts=tuple(attempts),
    )


def cached_account(account: CallAccount) -> CallAccount:
    """The account of an answer that was kept: nothing is spent for it again."""
    fresh = {"tokens_in": 0, "tokens_out": 0, "cost": 0.0, "latency": 0, "first_token": None}
    return account.model_copy(update={**fresh, "is_cached": True, "attempts": ()})
