"""Why there is no plan, in a sentence that says what is missing and what to do about it."""

from collections.abc import Mapping, Sequence

from agents.figures.metric_notes import Phrase, say
from agents.planning.goals import MARKET_DATA, METRICS, Goal
from agents.planning.ranking import Candidate, Limits
from agents.planning.search import Space, Weights, reach
from agents.planning.tools import Usable

_IMPOSSIBLE: Phrase = ("No plan is possible: {why}.", "Kein Plan ist möglich: {why}.")
_NO_MAKER: Phrase = (
    "no tool that may be used makes {what!r}",
    "kein nutzbares Werkzeug liefert {what!r}",
)
_FOR: Phrase = (", which is needed for {what!r}", ", was für {what!r} nötig ist")
_CIRCLE: Phrase = (
    "{what!r} can only be made from itself",
    "{what!r} ließe sich nur aus sich selbst herstellen",
)
_NO_MARKET: Phrase = (
    "there are no market data to work on, and no tool that may be used brings any; "
    "send them in context.market or context.competitors",
    "es liegen keine Marktdaten vor, und kein nutzbares Werkzeug bringt welche; senden Sie sie "
    "in context.market oder context.competitors",
)
_NO_METRICS: Phrase = (
    "no figures were given, and no tool that may be used brings any; send them as business_metrics",
    "es wurden keine Zahlen mitgegeben, und kein nutzbares Werkzeug bringt welche; senden Sie sie "
    "als business_metrics",
)
_UNFIT: Phrase = (
    "no tool makes {what!r} from {source}",
    "kein Werkzeug macht {what!r} aus {source}",
)
_WHAT_IS_THERE: Phrase = ("what is there", "dem, was vorliegt")
_TOO_DEAR: Phrase = (
    "The cheapest plan costs ${least:.4f}, which is over the budget of ${budget:.4f}: raise the "
    "budget or ask for less.",
    "Der günstigste Plan kostet {least:.4f} $ und damit mehr als das Budget von {budget:.4f} $: "
    "Erhöhen Sie das Budget oder verlangen Sie weniger.",
)


def why_impossible(
    goal: Goal,
    tools: Mapping[str, Usable],
    ways: Sequence[Space],
    language: str,
    notes: Sequence[str] = (),
) -> str:
    """What cannot be made, down to the root of it; `notes` say which tools may not be used."""
    known = reach(goal, tools, ways)
    for artifact in (*goal.through, goal.deliverable, *goal.targets):
        if artifact not in known and artifact not in goal.given:
            why = _missing(artifact, tools, known, language)
            break
    else:
        source = ", ".join(map(repr, goal.through)) or say(language, _WHAT_IS_THERE)
        why = say(language, _UNFIT, what=goal.deliverable, source=source)
    return " ".join((say(language, _IMPOSSIBLE, why=why), *notes))


def why_too_dear(found: Sequence[Candidate], limits: Limits, language: str) -> str:
    """How much the cheapest plan is over the budget."""
    least = min(candidate.cost for candidate in found)
    return say(language, _TOO_DEAR, least=least, budget=limits.budget or 0.0)


def _missing(artifact: str, tools: Mapping[str, Usable], known: Weights, language: str) -> str:
    """The trail from what is wanted to what nobody makes."""
    trail = [artifact]
    while True:
        makers = [use for use in tools.values() if trail[-1] in use.tool.produces]
        lacking = sorted(a for use in makers for a in use.mandatory if a not in known)
        if not makers or not lacking or lacking[0] in trail:
            break
        trail.append(lacking[0])
    if trail[-1] == MARKET_DATA:
        return say(language, _NO_MARKET)
    if trail[-1] == METRICS and not makers:
        return say(language, _NO_METRICS)
    why = say(language, _CIRCLE if makers else _NO_MAKER, what=trail[-1])
    return why + (say(language, _FOR, what=trail[0]) if len(trail) > 1 else "")
