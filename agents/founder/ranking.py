"""The order of recommendations, by a rule that the briefing states."""

from collections.abc import Iterable

from agents.figures.metric_notes import Phrase, say
from agents.founder.recommending import Recommendation

MOST = 4
KINDS = ("blocked", "survive", "protect", "improve", "build")
RULE: Phrase = (
    "First what the law stops, then funding that runs out, then what is being lost, then what can "
    "be better, then what works. Within each, more money a month comes first. Without known money, "
    "the larger share does.",
    "Zuerst, was rechtlich aufhält, dann ausgehende Mittel, dann, was verloren geht, dann, was "
    "besser werden kann, dann, was gelingt. Darin steht vorn, was im Monat mehr Geld bewegt. Ohne "
    "bekannten Betrag zählt der größere Anteil.",
)


_REASONS: dict[str, Phrase] = {
    "blocked": (
        "{about} comes first because the law stands against it.",
        "{about} steht vorn, weil das Recht dagegen steht.",
    ),
    "survive": (
        "{about} comes first because nothing else counts when the money is gone.",
        "{about} steht vorn, weil ohne Geld nichts anderes zählt.",
    ),
    "protect": (
        "{about} comes first because something is being lost there, rather than merely not won.",
        "{about} steht vorn, weil dort etwas verloren geht, statt nur nicht gewonnen zu werden.",
    ),
    "improve": (
        "{about} comes first because it can be better, while what follows works already.",
        "{about} steht vorn, weil dort etwas besser werden kann, während das Folgende gelingt.",
    ),
    "build": ("", ""),
    "money": (
        "{about} comes first because more money a month depends on it than on what follows.",
        "{about} steht vorn, weil davon im Monat mehr Geld abhängt als vom Folgenden.",
    ),
    "share": (
        "{about} comes first because it has moved more than what follows.",
        "{about} steht vorn, weil es sich stärker bewegt hat als das Folgende.",
    ),
}


def ranked(found: Iterable[Recommendation]) -> list[Recommendation]:
    """The recommendations in their order. Those about the same thing are told once: by the first of
    them. Equal ones stand by name, so that the order is always the same."""
    ordered = sorted(found, key=_place)
    kept: dict[str, Recommendation] = {}
    for one in ordered:
        kept.setdefault(_thing(one), one)
    return list(kept.values())[:MOST]


def reason(first: Recommendation, then: Recommendation | None, language: str) -> str:
    """Why the first comes first; empty where nothing follows."""
    if then is None:
        return ""
    same = first.kind == then.kind
    has_money = first.stake is not None
    name = ("money" if has_money else "share") if same else first.kind
    return say(language, _REASONS[name], about=first.about[:1].upper() + first.about[1:])


def _place(one: Recommendation) -> tuple[int, int, float, float, str]:
    stake = abs(one.stake.value) if one.stake is not None else 0.0
    return (KINDS.index(one.kind), 0 if one.stake else 1, -stake, -one.size, one.key)


def _thing(one: Recommendation) -> str:
    """What it is about: churn that rose and churn that costs are the same."""
    if one.kind == "blocked" or one.key == "ltv_cac":
        return one.key
    for word in ("churn", "conversion", "revenue", "cac"):
        if word in one.key and one.kind != "build":
            return word
    return one.key
