"""What is still open in a request: contradictions that only the user can settle, and what is
essential but missing."""

from collections.abc import Sequence

from agents.understanding import constraints, intent_scores, mentions, questions
from agents.understanding.by_agent import BRIEF
from agents.understanding.request_reading import Reading
from streams.domain.values import Json

ESSENTIAL = frozenset({"text", "analysis", "topic", "work"})  # without these there is nothing to do
CONTENT = frozenset({"content", "email"})
ON_A_TEXT = frozenset({"check", "edit", "publish"})
FIGURES = frozenset({"metrics_data", "insights"})  # artifacts with the company's own figures
MARKET = frozenset({"market_data", "research"})

Open = tuple[str, str]  # the kind of question and why it is asked


def settle(r: Reading) -> tuple[Json, list[Open]]:
    """The constraints with what answers decided, and the contradictions that are still open."""
    demands = dict(r.demands.constraints)
    conflicts = list(r.demands.conflicts)
    if demands.get("no_numbers") and mentions.asks_for_all_metrics(r.frame):
        conflicts.append("numbers")
    still_open = []
    for conflict in conflicts:
        kind, _, phrase = conflict.partition(":")
        answer = r.answered.get(kind)
        if answer is None:
            still_open.append((kind, phrase or "contradictory wishes"))
        else:
            _decide(demands, kind, phrase, answer)
    if "metrics" in r.answered:
        demands["no_numbers"] = True
    return demands, still_open


def _decide(demands: Json, kind: str, phrase: str, answer: str) -> None:
    """Change the constraints to what the user chose."""
    if kind == "numbers" and not questions.leaves_out(answer):
        demands.pop("no_numbers")
    elif kind == "length":
        for name in ("min_words", "max_words", "min_characters", "max_characters"):
            demands.pop(name, None)
        demands |= constraints.read_demands(answer).constraints
    elif kind == "phrase":
        name = "must_include" if questions.leaves_out(answer) else "must_avoid"
        demands[name] = [p for p in demands[name] if p.lower() != phrase.lower()]


def is_unclear(r: Reading, confidence: float) -> bool:
    """Whether it cannot be told what work is wanted."""
    is_one_word = len(r.words) < 2 and not r.text and not r.answered
    too_weak = r.wanted.score < intent_scores.LEAST_SCORE
    return is_one_word or too_weak or confidence < intent_scores.LEAST_CONFIDENCE


def brings_figures(r: Reading, demands: Json) -> bool:
    """Whether the text is to be made of figures that a tool of others has to bring."""
    return needs_supplied(r) and not demands.get("no_numbers")


def needs_supplied(r: Reading) -> bool:
    """Whether it is about figures that were not given, and that a tool of others can bring."""
    is_about = r.metrics.is_about_numbers and mentions.has_concept(r.words, "metrics", "results")
    return is_about and bool(r.supplied & FIGURES)


def missing(r: Reading, metrics: Sequence[str], claims: Sequence[str], demands: Json) -> list[Open]:
    """What must be known before the work can begin, the work itself being clear."""
    kind = r.wanted.kind
    if kind in ON_A_TEXT and not r.text:
        return [("text", "there is no text in the request and none in context.text")]
    if kind == "analysis" and not metrics and not r.supplied & FIGURES:
        return [("analysis", "there is nothing to calculate with")]
    known = metrics or r.metrics.available or r.market_data
    if kind == BRIEF and not known and not r.supplied & (FIGURES | MARKET):
        return [("analysis", "advice rests on figures, and none were given")]
    if kind == "market" and not r.market_data and not r.supplied & MARKET:
        return [("market", "context has no market_data, market or competitors")]
    if kind not in CONTENT:
        return []
    found = []
    unknown = mentions.other_channels(mentions.outside(r.words, r.topic))
    if unknown and not mentions.channels(r.demands.rest, r.words, r.topic):
        found.append(("channel", f"{', '.join(unknown)} is not supported"))
    if metrics or demands.get("no_numbers") or claims or needs_supplied(r):
        return found
    if r.metrics.is_about_numbers and mentions.has_concept(r.words, "metrics", "results"):
        found.append(("metrics", "no business metrics were given"))
    elif not r.subject and not r.text:
        found.append(("topic", "no subject was named and no metrics were given"))
    return found
