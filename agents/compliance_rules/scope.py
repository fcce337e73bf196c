"""Which law a text is measured by: the jurisdictions it is for, and the day."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agents.compliance_rules.packs import Citation, Rule
from agents.figures.metric_names import is_german
from agents.figures.metric_notes import Phrase, say
from streams.domain.values import Json

KNOWN = ("EU", "DE", "UK", "US")
FIELDS = ("jurisdictions", "jurisdiction")
_BY_LANGUAGE = {"de": ("EU", "DE"), "en": ("EU", "UK", "US")}
_MEMBERS = (
    "at be bg hr cy cz dk ee fi fr gr hu ie it lv lt lu mt nl pl pt ro sk si es se austria belgium "
    "france ireland italy netherlands poland portugal spain sweden österreich frankreich italien "
    "irland niederlande polen spanien"
)
_NAMES = {
    **dict.fromkeys(_MEMBERS.split(), ("EU",)),
    **dict.fromkeys(("eu", "europe", "european union", "europa", "eea", "ewr"), ("EU",)),
    **dict.fromkeys(("de", "germany", "deutschland"), ("EU", "DE")),
    **dict.fromkeys(
        ("uk", "gb", "united kingdom", "great britain", "england", "großbritannien"), ("UK",)
    ),
    **dict.fromkeys(("us", "usa", "united states", "america", "vereinigte staaten"), ("US",)),
    **dict.fromkeys(("dach",), ("EU", "DE")),
}
_PARTS = re.compile(r"[,;/+&|]|\band\b|\bund\b")
_DEFAULT: Phrase = (
    "No jurisdiction was named, so the rules of {names} were used, as fits the language; name "
    "others in context.jurisdiction.",
    "Es wurde kein Rechtsraum genannt, daher galten die Regeln für {names}, passend zur Sprache; "
    "andere lassen sich in context.jurisdiction nennen.",
)
_CHOSEN: Phrase = ("Checked by the rules of {names}.", "Geprüft nach den Regeln für {names}.")
_UNKNOWN: Phrase = (
    "There are no rules for {name!r}; there are some for {known}.",
    "Für {name!r} gibt es keine Regeln; es gibt welche für {known}.",
)


@dataclass(frozen=True, slots=True)
class Scope:
    """The jurisdictions whose rules count, on a day (an ISO date; empty for whatever day)."""

    jurisdictions: tuple[str, ...] = KNOWN
    day: str = ""
    is_assumed: bool = False
    unknown: tuple[str, ...] = ()

    def citations(self, rule: Rule) -> tuple[Citation, ...]:
        """The citations that count here; those of a company's own rules count anywhere."""
        return tuple(
            one
            for one in rule.citations
            if one.holds(self.day)
            and (one.jurisdiction in self.jurisdictions or one.jurisdiction not in KNOWN)
        )

    def notes(self, language: str) -> list[str]:
        """What a reader should know about the choice."""
        names = ", ".join(self.jurisdictions)
        found = [
            say(language, _UNKNOWN, name=name, known=", ".join(KNOWN)) for name in self.unknown
        ]
        return [*found, say(language, _DEFAULT if self.is_assumed else _CHOSEN, names=names)]


def scope_of(asked: Iterable[Json], language: str, day: str = "") -> Scope:
    """The scope that the first of these objects names; else what fits the language."""
    for wishes in asked:
        named = list(_named(wishes))
        if named:
            known = [code for name in named for code in _NAMES.get(name.lower(), ())]
            unknown = tuple(name for name in named if name.lower() not in _NAMES)
            if known:
                return Scope(tuple(c for c in KNOWN if c in known), day, unknown=unknown)
            return Scope(_usual(language), day, is_assumed=True, unknown=unknown)
    return Scope(_usual(language), day, is_assumed=True)


def named_jurisdictions(*wishes: Json) -> list[str]:
    """What the first of these objects names, as it is written there."""
    return next((found for one in wishes if (found := list(_named(one)))), [])


def _usual(language: str) -> tuple[str, ...]:
    return _BY_LANGUAGE["de" if is_german(language) else "en"]


def _named(wishes: Json) -> Iterator[str]:
    for field in FIELDS:
        value = wishes.get(field)
        for entry in value if isinstance(value, list | tuple) else (value,):
            if isinstance(entry, str):
                yield from _split(entry)
    market = wishes.get("market")  # which may as well be figures, or the name of a trade
    places = _split(market) if isinstance(market, str) else []
    if places and all(place.lower() in _NAMES for place in places):
        yield from places


def _split(text: str) -> list[str]:
    return [part.strip()[:40] for part in _PARTS.split(text) if part.strip()]
