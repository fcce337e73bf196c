"""What is not known, and what data would change the answer."""

from collections.abc import Iterator
from dataclasses import dataclass

from agents.figures.metric_names import words_of
from agents.figures.metric_notes import Phrase, say
from agents.founder.evidence import Evidence
from streams.domain.values import Json

MOST = 4


@dataclass(frozen=True, slots=True)
class _Gap:
    """Figures that one of is enough, and what having it would show."""

    names: tuple[str, ...]
    asks: Phrase


_PREVIOUS: Phrase = (
    "an earlier period of each figure (previous, or lists by period): without it nobody can tell "
    "what rose and what fell",
    "eine frühere Periode je Kennzahl (previous oder Listen nach Periode): ohne sie ist offen, "
    "was stieg und was fiel",
)
_MARKET: Phrase = (
    "figures of competitors (market_data or context.competitors): without them nobody can tell "
    "how good this is",
    "Zahlen von Wettbewerbern (market_data oder context.competitors): ohne sie ist offen, wie gut "
    "das ist",
)
_LAUNCH: Phrase = (
    "the launch itself: its date, whom it is for, what it costs, and what would count as success",
    "die Einführung selbst: Termin, Zielgruppe, Kosten und was als Erfolg gälte",
)
_CAUSES: Phrase = (
    "the causes: figures show what happened and not why; ask those who left, and those who stayed",
    "die Gründe: Zahlen zeigen, was geschah, und nicht, warum; fragen Sie die, die gingen, und "
    "die, die blieben",
)
_GAPS: tuple[_Gap, ...] = (
    _Gap(
        ("churn", "retention", "nrr", "grr"),
        ("the churn rate: high churn would come before any growth",
         "die Abwanderungsrate: eine hohe stünde vor jedem Wachstum"),
    ),
    _Gap(
        ("cash", "burn", "runway"),
        ("cash and monthly burn: a short runway would come first",
         "Kassenbestand und monatlicher Verbrauch: eine kurze Reichweite stünde an erster Stelle"),
    ),
    _Gap(
        ("cac", "ltv", "marketing", "spend"),
        ("what winning a customer costs: it decides whether more growth earns or burns money",
         "die Kosten je Neukunde: sie entscheiden, ob mehr Wachstum Geld bringt oder kostet"),
    ),
    _Gap(
        ("margin", "costs", "profit", "ebitda"),
        ("costs or margin: revenue alone does not say what is left",
         "Kosten oder Marge: Umsatz allein sagt nicht, was übrig bleibt"),
    ),
    _Gap(
        ("conversion", "traffic"),
        ("visits and conversion rate: they show where buyers are lost",
         "Besuche und Konversionsrate: sie zeigen, wo Käufer verloren gehen"),
    ),
)  # fmt: skip


def unknowns(evidence: Evidence) -> list[Json]:
    """The gaps that matter most, each with what it would change."""
    return [{"asks": say(evidence.language, gap)} for gap in _gaps(evidence)][:MOST]


def _gaps(e: Evidence) -> Iterator[Phrase]:
    if e.is_launch:
        yield _LAUNCH
    has_earlier = any("_previous" in name or "[" in name for name in e.facts)
    if e.facts and not has_earlier:
        yield _PREVIOUS
    known = {word for name in (*e.facts, *e.metrics) for word in words_of(name)}
    for gap in _GAPS:
        if not known & set(gap.names):
            yield gap.asks
    if not e.market:
        yield _MARKET
    yield _CAUSES
