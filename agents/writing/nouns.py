"""How a metric is spoken of in a sentence: "our monthly revenue", one or many."""

import re
from dataclasses import dataclass

from agents.figures.facts import Fact
from agents.figures.metric_names import word_set

# German phrases with their article, and whether they are many; other labels are quoted by name.
_GERMAN = {
    "Monatsumsatz": ("unser Monatsumsatz", False),
    "Umsatz": ("unser Umsatz", False),
    "monatliche Besuche": ("unsere monatlichen Besuche", True),
    "Besuche": ("unsere Besuche", True),
    "Konversionsrate": ("unsere Konversionsrate", False),
    "Kunden": ("unsere Kundenzahl", False),
    "Abwanderungsrate": ("unsere Abwanderungsrate", False),
    "Anmeldungen": ("unsere Anmeldungen", True),
    "NPS": ("unser NPS", False),
    "Liquidität": ("unsere Liquidität", False),
    "monatlicher Mittelabfluss": ("unser monatlicher Mittelabfluss", False),
    "Netto-Umsatzbindung": ("unsere Netto-Umsatzbindung", False),
    "Mitarbeitende": ("unsere Mitarbeiterzahl", False),
    "Gewinn": ("unser Gewinn", False),
    "Kosten": ("unsere Kosten", True),
    "monatlich wiederkehrender Umsatz": ("unser monatlich wiederkehrender Umsatz", False),
    "jährlich wiederkehrender Umsatz": ("unser jährlich wiederkehrender Umsatz", False),
    "Kosten je Neukunde": ("unsere Kosten je Neukunde", True),
    "Kundenwert": ("unser durchschnittlicher Kundenwert", False),
    "Umsatz je Kunde": ("unser Umsatz je Kunde", False),
    "Monatsumsatz je Kunde": ("unser Monatsumsatz je Kunde", False),
    "Umsatz je Besuch": ("unser Umsatz je Besuch", False),
    "durchschnittlicher Bestellwert": ("unser durchschnittlicher Bestellwert", False),
    "Wachstumsrate": ("unsere Wachstumsrate", False),
    "Gewinnmarge": ("unsere Gewinnmarge", False),
    "monatliche Gewinnmarge": ("unsere monatliche Gewinnmarge", False),
    "monatliche Konversionen": ("unsere monatlichen Konversionen", True),
}
_SPELT = {"signups": "sign-ups", "nps": "NPS", "new signups": "new sign-ups"}
_SPELT_GERMAN = {
    "signups": "Anmeldungen",
    "nps": "NPS",
    "employees": "Mitarbeitende",
    "cash": "Liquidität",
    "monatlich burn rate": "monatlicher Mittelabfluss",
    "net revenue retention": "Netto-Umsatzbindung",
}
_REGIONS = word_set("us usa eu uk uae emea apac latam dach anz b2b b2c smb nam roi")
_SINGULAR_ENDINGS = ("ss", "us", "is")


@dataclass(frozen=True, slots=True)
class Noun:
    """A metric's name in a sentence. `phrase` carries "our"; `label` is the bare name."""

    phrase: str
    label: str
    is_many: bool


def part_name(key: str) -> str:
    """The name of a part of a whole: EMEA, Online shop."""
    words = key.replace("_", " ").split()
    named = (word.upper() if word.lower() in _REGIONS else word for word in words)
    name = " ".join(named)
    return name[:1].upper() + name[1:]


def noun_of(fact: Fact, is_german: bool, period: str = "") -> Noun:
    """How a fact is named; the quarter in a name is left out where the period says it anyway."""
    label = (_SPELT_GERMAN if is_german else _SPELT).get(fact.label, fact.label)
    if fact.unit in ("days", "months"):  # "response time: 2 days", not "response time days"
        label = re.sub(r"\s(?:days|months)$", "", label)
    part = re.search(r"\(([^()]+)\)$", label)
    if part and "." in fact.fact_id:
        label = f"{label[: part.start()]}({part_name(part[1])})"
    quarter = re.search(r"\s?\b(Q[1-4])\b\s?", label)
    if quarter and quarter.group(1) in period:
        label = " ".join(label.replace(quarter.group(1), " ").split())
    if is_german:
        phrase, is_many = _GERMAN.get(label, (f"der Wert für {label}", False))
        return Noun(phrase, label, is_many)
    if label == "customers":  # customers do not grow, their number does
        return Noun("our customer count", label, False)
    if fact.unit == "count" and " " not in label and _is_many(fact, label):
        return Noun(f"our number of {label}", label, False)
    return Noun(f"our {label}", label, _is_many(fact, label))


def _is_many(fact: Fact, label: str) -> bool:
    last = label.rsplit(" (", 1)[0].rsplit(" ", 1)[-1]
    return last.endswith("s") and not last.isupper() and not last.endswith(_SINGULAR_ENDINGS)


def is_countable(fact: Fact, noun: Noun) -> bool:
    """Whether "320 customers" can be said: pieces whose name is a plural."""
    name = noun.label
    is_plain = "(" not in name and "." not in fact.fact_id and not name.isupper()
    return fact.unit == "count" and is_plain and (name == "Kunden" or _is_many(fact, name))
