"""Chooses the model for one call: the cheapest that is likely enough to pass, within the budget.

A pure function of what is asked, what outcomes say and the price table. A pin of the user comes
before the router's own view, never before a budget, a limit or a retirement. After a failed quality
check only higher tiers remain (the cascade). Beside the choice stand all candidates and why they
were left, how likely the choice was, and whom to ask when the provider fails.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from agents.models.choice import Ask, Basis, Candidate, Choice, Pin, Reason
from agents.models.posterior import (
    LEARNED_WEIGHT,
    PRIOR_WEIGHT,
    Belief,
    Cell,
    Tally,
    believe,
    declared,
)
from agents.models.price_table import Model, PriceTable
from agents.models.tiers import Complexity, Tier, bar_of

_NOTHING = Tally()
_CHANCE_FLOOR = 0.01


@dataclass(frozen=True, slots=True)
class _Seen:
    """A model with what the router estimates of it; without a reason it can be chosen."""

    model: Model
    cost: float
    highest: float
    belief: Belief
    reason: Reason | None

    @property
    def chance(self) -> float:
        return self.belief.mean

    @property
    def cheapest_first(self) -> tuple[float, float, int, str]:
        return (self.cost, -self.chance, self.model.tier.rank, self.model.model_id)

    @property
    def likeliest_first(self) -> tuple[float, float, int, str]:
        return (-self.chance, self.cost, self.model.tier.rank, self.model.model_id)


class _Wish(NamedTuple):
    """A pin whose name was looked up."""

    pin: Pin
    model_id: str | None
    note: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The one that is taken, the one that would be without exploration, and how likely each was."""

    taken: _Seen | None
    greedy: _Seen | None
    propensities: dict[str, float]


def choose(ask: Ask, table: PriceTable) -> Choice:
    """The decision for one call. It never raises: without a model the note says what to do."""
    wish = _wish(ask, table)
    bar = bar_of(ask.complexity, ask.priority)
    beliefs = {tier: _belief(ask, tier) for tier in Tier}
    seen = [_look(ask, model, wish, beliefs) for model in table.data.models]
    drawn = _draw(ask, [one for one in seen if one.reason is None], bar)
    notes = (wish.note, _note(ask, wish, seen, drawn.taken, bar))
    return Choice(
        **_taken(drawn),
        basis=_basis(ask, drawn, bar),
        task_type=ask.task_type,
        complexity=ask.complexity,
        priority=ask.priority,
        bar=bar,
        tokens=ask.tokens,
        budget=ask.budget,
        exploration=ask.exploration,
        is_control=ask.is_control,
        candidates=tuple(_candidate(one, drawn, bar) for one in seen),
        fallbacks=_fallbacks(ask, seen, drawn.taken, bar),
        price_table=table.version,
        note=" ".join(filter(None, notes)),
    )


def _taken(drawn: _Drawn) -> dict[str, Any]:
    """What a choice says of the model itself."""
    one = drawn.taken
    if one is None:
        return {"model_id": None, "tier": None}
    return {
        "model_id": one.model.model_id,
        "tier": one.model.tier,
        "estimated_cost": one.cost,
        "highest_cost": one.highest,
        "chance": one.chance,
        "propensity": drawn.propensities[one.model.model_id],
    }


def _wish(ask: Ask, table: PriceTable) -> _Wish:
    if ask.pin.model is None:
        return _Wish(ask.pin, None, "", True)
    named = table.named(ask.pin.model, ask.day)
    if named is None:
        return _Wish(ask.pin, None, f"No model is known as {ask.pin.model!r}.", False)
    return _Wish(ask.pin, named.model.model_id, named.note and f"{named.note}.", True)


def _belief(ask: Ask, tier: Tier) -> Belief:
    seen = _NOTHING if ask.is_control else ask.outcomes.get(Cell(ask.key, tier), _NOTHING)
    learned = None if ask.is_control else ask.learned.get(tier)
    if learned is not None:
        return believe(learned, LEARNED_WEIGHT, seen)
    return believe(declared(ask.complexity, tier), PRIOR_WEIGHT, seen)


def _look(ask: Ask, model: Model, wish: _Wish, beliefs: dict[Tier, Belief]) -> _Seen:
    cost = model.cost(ask.tokens.input, min(ask.tokens.output, model.output))
    highest = model.cost(ask.tokens.input, min(ask.tokens.most_output, model.output))
    belief = beliefs[model.tier]
    if model.handicap:
        belief = _handicapped(belief, model.handicap)
    reason = next((why for why, holds in _REASONS if holds(ask, model)), None)
    if reason is None and ask.budget is not None and highest > ask.budget:
        reason = Reason.OVER_BUDGET
    if reason is None and not _is_wished(wish, model):
        reason = Reason.NOT_PINNED
    return _Seen(model, cost, highest, belief, reason)


def _handicapped(belief: Belief, handicap: float) -> Belief:
    def lower(value: float) -> float:
        return max(_CHANCE_FLOOR, value + handicap)

    changed = {"mean": lower(belief.mean), "low": lower(belief.low), "high": lower(belief.high)}
    return belief.model_copy(update=changed)


def _has_failed(ask: Ask, model: Model) -> bool:
    """Whether the model, or its whole tier with those below, failed the check of this work."""
    return model.model_id in ask.failed or model.tier.rank <= ask.failed_rank


_REASONS: tuple[tuple[Reason, Callable[[Ask, Model], bool]], ...] = (
    (Reason.RETIRED, lambda ask, model: model.is_retired(ask.day)),
    (
        Reason.UNAVAILABLE,
        lambda ask, model: model.provider not in ask.available or model.model_id in ask.cooling,
    ),
    (
        Reason.WRONG_TASK,
        lambda ask, model: bool(model.task_types) and ask.task_type not in model.task_types,
    ),
    (
        Reason.CONTEXT_TOO_SMALL,
        lambda ask, model: ask.tokens.input + ask.tokens.output > model.context,
    ),
    (Reason.OUTPUT_TOO_SMALL, lambda ask, model: ask.tokens.output > model.output),
    (Reason.FAILED_BEFORE, _has_failed),
)


def _is_wished(wish: _Wish, model: Model) -> bool:
    pin = wish.pin
    return (
        wish.is_known
        and (wish.model_id is None or model.model_id == wish.model_id)
        and (pin.tier is None or model.tier is pin.tier)
        and (pin.provider is None or model.provider == pin.provider)
    )


def _best(able: Sequence[_Seen], bar: float) -> _Seen | None:
    good = [one for one in able if one.chance >= bar]
    if good:
        return min(good, key=lambda one: one.cheapest_first)
    return min(able, key=lambda one: one.likeliest_first, default=None)


def _draw(ask: Ask, able: Sequence[_Seen], bar: float) -> _Drawn:
    greedy = _best(able, bar)
    if greedy is None:
        return _Drawn(None, None, {})
    others = _explorers(ask, able, greedy)
    share = ask.exploration if others else 0.0
    chances = {one.model.model_id: share / len(others) for one in others}
    chances[greedy.model.model_id] = 1 - share
    if ask.draw >= share:
        return _Drawn(greedy, greedy, chances)
    return _Drawn(others[int(ask.draw / share * len(others))], greedy, chances)


def _explorers(ask: Ask, able: Sequence[_Seen], greedy: _Seen) -> list[_Seen]:
    """The cheapest of the tiers just below and above: enough to learn from, never for work where a
    mistake is dear, that is urgent, pinned, or failed already.
    """
    is_bound = ask.complexity is Complexity.CRITICAL or ask.priority == "high" or ask.failed
    if is_bound or ask.has_pin or ask.exploration <= 0:
        return []
    rank = greedy.model.tier.rank
    beside = ([one for one in able if one.model.tier.rank == near] for near in (rank - 1, rank + 1))
    return [min(tier, key=lambda one: one.cheapest_first) for tier in beside if tier]


def _basis(ask: Ask, drawn: _Drawn, bar: float) -> Basis:
    if drawn.taken is None:
        return Basis.NONE
    if ask.has_pin:
        return Basis.PINNED
    if ask.failed:
        return Basis.ESCALATED
    if drawn.taken is not drawn.greedy:
        return Basis.EXPLORATION
    return Basis.CHEAPEST_GOOD if drawn.taken.chance >= bar else Basis.BEST_BELOW_BAR


def _candidate(one: _Seen, drawn: _Drawn, bar: float) -> Candidate:
    reason = one.reason
    if one is drawn.taken:
        reason = Reason.CHOSEN
    elif one is drawn.greedy:
        reason = Reason.EXPLORED
    elif reason is None:
        reason = Reason.BELOW_BAR if one.chance < bar else Reason.DEARER
    return Candidate(
        model_id=one.model.model_id,
        provider=one.model.provider,
        tier=one.model.tier,
        estimated_cost=one.cost,
        highest_cost=one.highest,
        chance=one.chance,
        chance_low=one.belief.low,
        chance_high=one.belief.high,
        outcomes=one.belief.outcomes,
        reason=reason,
        propensity=drawn.propensities.get(one.model.model_id, 0.0),
    )


def _fallbacks(ask: Ask, seen: Sequence[_Seen], taken: _Seen | None, bar: float) -> tuple[str, ...]:
    """Whom to ask when the provider fails: other providers first, the good ones by price. Behind a
    pinned model stand those of its tier, since the work is wanted more than its maker.
    """
    if taken is None:
        return ()
    pool = [one for one in seen if one is not taken and _may_stand_in(ask, one, taken)]
    pool.sort(
        key=lambda one: (
            one.chance < bar,
            one.model.provider == taken.model.provider,
            one.cheapest_first if one.chance >= bar else one.likeliest_first,
        )
    )
    return tuple(one.model.model_id for one in pool)


def _may_stand_in(ask: Ask, one: _Seen, taken: _Seen) -> bool:
    is_beside = one.reason is Reason.NOT_PINNED and one.model.tier is taken.model.tier
    return one.reason is None or (ask.pin.model is not None and is_beside)


def _note(ask: Ask, wish: _Wish, seen: Sequence[_Seen], taken: _Seen | None, bar: float) -> str:
    if taken is None:
        return _why_none(ask, wish, seen)
    if not ask.has_pin:
        return ""
    free = _best([one for one in seen if one.reason in (None, Reason.NOT_PINNED)], bar)
    if free is None or free is taken:
        return ""
    more = taken.cost - free.cost
    said = f"Pinned: about ${abs(more):.5f} {'more' if more > 0 else 'less'} than"
    passing = f"{taken.chance:.0%} against {free.chance:.0%} expected to pass"
    return f"{said} {free.model.name}, which the router would take ({passing})."


_ADVICE: dict[Reason | None, str] = {
    Reason.RETIRED: "it is switched off; choose another model",
    Reason.UNAVAILABLE: "its provider cannot be called now; give its key, or wait",
    Reason.WRONG_TASK: "it does not do this kind of work; choose another model",
    Reason.CONTEXT_TOO_SMALL: "the text is longer than it reads; shorten the material",
    Reason.OUTPUT_TOO_SMALL: "the answer is longer than it writes; choose another model",
    Reason.FAILED_BEFORE: "its tier failed the quality check; let a person decide",
    Reason.OVER_BUDGET: "it could cost more than is left; raise the budget",
}


_NEARNESS: dict[Reason | None, int] = {reason: rank for rank, reason in enumerate(_ADVICE)}


def _nearness(one: _Seen) -> tuple[int, float]:
    """Of those over the budget the cheapest comes nearest, of others the most capable."""
    is_dear = one.reason is Reason.OVER_BUDGET
    return (_NEARNESS[one.reason], -one.highest if is_dear else one.model.tier.rank)


def _why_none(ask: Ask, wish: _Wish, seen: Sequence[_Seen]) -> str:
    """What stands in the way of the candidate that came nearest."""
    if not wish.is_known:
        return "See which there are, or drop the pin."
    wanted = [one for one in seen if _is_wished(wish, one.model) and one.reason in _ADVICE]
    if not wanted:
        return "No model of this kind is in the table; drop the pin."
    nearest = max(wanted, key=_nearness)
    said = f"No model can be used. Nearest is {nearest.model.name}: {_ADVICE[nearest.reason]}"
    if nearest.reason is Reason.OVER_BUDGET:
        return f"{said} (up to ${nearest.highest:.5f} against ${ask.budget:.5f})."
    return f"{said}."


def escalated(ask: Ask, choice: Choice, table: PriceTable) -> Ask:
    """The next question after the work of a choice failed the quality check."""
    if choice.model_id is None:
        return ask
    failed = (*ask.failed, choice.model_id)
    ranks = [table.by_id[model_id].tier.rank for model_id in failed if model_id in table.by_id]
    return replace(ask, failed=failed, failed_rank=max(ranks, default=-1))
