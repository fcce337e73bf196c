"""Which metric a stretch of text names, and which metric a fact is about."""

import re
from collections.abc import Mapping
from functools import lru_cache

from agents.figures.facts import Fact
from agents.figures.metric_names import label_of, words_of
from agents.quality.prose import small

# The words for each metric, English and German, in the order in which they are tried.
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("retention", r"retention(?: rate)?|kundenbindung|bindungsrate"),
    ("churn", r"churn(?: rate)?|attrition|abwanderung(?:srate)?|kündigungsrate"),
    ("margin", r"(?:profit |gross |operating |net )?margins?|gewinnmarge|marge"),
    ("conversion", r"conversion(?:s| rates?)?|conversions?|konversion(?:en|srate)?|abschlussquote"),
    ("cac", r"(?:customer )?acquisition costs?|cac|akquisekosten|kosten je neukunde"),
    ("ltv", r"(?:customer )?lifetime values?|ltv|clv|kundenwert"),
    ("order_value", r"(?:average )?order values?|aov|bestellwert"),
    ("orders", r"orders|bestellungen|aufträge"),
    ("traffic", r"traffic|visits?|visitors?|sessions?|page ?views?|besuche[rn]?|zugriffe"),
    ("revenue", r"revenues?|turnover|sales|mrr|arr|(?:\w*)umsatz(?:es|e)?|\w*umsätze|erlöse?"),
    ("costs", r"costs?|expenses?|spending|kosten|ausgaben"),
    ("profit", r"profits?|earnings|surplus|ebitda|gewinne?s?|überschuss"),
    ("customers", r"customer base|customers?|clients?|kund(?:en|innen)|kundenzahl|kundenstamm"),
    ("users", r"users?|subscribers?|members?|nutzer(?:n|innen)?|abonnenten|mitglieder"),
    ("employees", r"employees|staff|headcount|team members|mitarbeiter(?:n|innen)?"),
    ("leads", r"leads?|pipeline"),
    ("followers", r"followers?"),
)  # fmt: skip
NAMES = re.compile(
    r"\b(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _PATTERNS) + r")\b"
)
# Words with which a name may begin: the many groups above are tried only there.
_HINT = re.compile(
    r"\b(?:ret|kund|bind|chu|att|abw|künd|pro|gro|ope|net|mar|gew|con|kon|abs|cus|acq|cac|akq|kos|"
    r"lif|ltv|clv|ave|ord|aov|bes|auf|tra|vis|ses|pag|zug|rev|tur|sal|mrr|arr|erl|cos|exp|spe|aus|"
    r"ear|sur|ebi|übe|cli|use|sub|mem|nut|abo|mit|emp|sta|hea|tea|lea|pip|fol|\w*ums[aä])"
)
# What people call by each other's names without being wrong.
_ALIKE: Mapping[str, frozenset[str]] = {
    "customers": frozenset({"customers", "users"}),
    "users": frozenset({"customers", "users"}),
    "orders": frozenset({"orders", "conversion"}),
    "conversion": frozenset({"orders", "conversion"}),
}
_CHANGE = re.compile(r"_change(?:_percent|_to_best)?$|growth", re.IGNORECASE)


def named_in(text: str) -> list[tuple[int, int, str]]:
    """The metrics that a text names: start, end, concept."""
    lowered, found, read_to = small(text), list[tuple[int, int, str]](), 0
    for hint in _HINT.finditer(lowered):
        match = NAMES.match(lowered, hint.start()) if hint.start() >= read_to else None
        if match is not None and match.lastgroup is not None:
            found.append((match.start(), match.end(), match.lastgroup))
            read_to = match.end()
    return found


@lru_cache(maxsize=2048)
def _concepts(fact_id: str, label: str) -> frozenset[str]:
    words = " ".join((*words_of(fact_id), *words_of(label)))
    return frozenset(concept for _, _, concept in named_in(words))


def concepts_of(fact: Fact) -> frozenset[str]:
    """The metrics that a fact is about: revenue per customer is about both."""
    return _concepts(fact.fact_id, fact.label)


def is_alike(concept: str, others: frozenset[str]) -> bool:
    """Whether one of the other metrics may go by this name."""
    return bool(_ALIKE.get(concept, frozenset({concept})) & others)


def is_change(fact: Fact) -> bool:
    """Whether the fact says how something changed."""
    return bool(_CHANGE.search(fact.fact_id))


@lru_cache(maxsize=512)
def words_for(metric: str, language: str) -> tuple[frozenset[str], str]:
    """The concepts a metric's name stands for, and how it is called in a sentence."""
    label = label_of(metric, language)
    english = label_of(metric, "en")
    text = " ".join((*words_of(metric), label, english))
    return frozenset(concept for _, _, concept in named_in(text)), label
