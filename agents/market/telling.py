"""Gathers what is found in market data: facts, sentences made of them, and remarks."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from agents.figures.facts import Fact, Unit
from agents.figures.metric_names import is_german, words_of
from agents.figures.metric_notes import Phrase, say
from agents.figures.numbers import find_numbers, write
from agents.market.observations import Observation
from agents.market.table import Remark
from streams.domain.values import Json

MOST_FACTS = 600
MOST_SENTENCES = 24
_POINTS: Phrase = ("{n} percentage points", "{n} Prozentpunkte")
_ONE_POINT: Phrase = ("{n} percentage point", "{n} Prozentpunkt")


@dataclass(slots=True)
class Findings:
    """Facts by id, sentences and notes in their order, and what a chart or a table shows."""

    language: str
    facts: dict[str, Fact] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    charts: list[Json] = field(default_factory=list)
    tables: list[Json] = field(default_factory=list)
    leading: list[str] = field(default_factory=list)  # the sentences that matter most

    @property
    def is_german(self) -> bool:
        """Whether texts are to be German."""
        return is_german(self.language)

    def either(self, english: str, german: str) -> str:
        """One of two wordings."""
        return german if self.is_german else english

    def tell(self, phrase: Phrase, **texts: str) -> None:
        """Add a sentence; its numbers are those of facts."""
        sentence = capital(say(self.language, phrase, **texts))
        if sentence not in self.sentences and len(self.sentences) < MOST_SENTENCES:
            self.sentences.append(sentence)

    def lead(self, phrase: Phrase, **texts: str) -> None:
        """Add a sentence of those that matter most: where we stand, and what moves."""
        self.tell(phrase, **texts)
        if self.sentences and self.sentences[-1] == capital(say(self.language, phrase, **texts)):
            self.leading.append(self.sentences[-1])

    def note(self, phrase: Phrase, **values: object) -> None:
        """Add a remark."""
        remark = capital(say(self.language, phrase, **values))
        if remark not in self.notes:
            self.notes.append(remark)

    def remark(self, remarks: Iterable[Remark]) -> None:
        """Add remarks that others made."""
        for phrase, values in remarks:
            self.note(phrase, **values)

    def keep(self, fact: Fact) -> Fact:
        """Keep a fact; the first of an id counts."""
        if len(self.facts) < MOST_FACTS:
            self.facts.setdefault(fact.fact_id, fact)
        return self.facts.get(fact.fact_id, fact)

    def given(self, fact_id: str, row: Observation) -> Fact:
        """Keep a figure as it was given."""
        label = f"{row.label} ({row.who})" if row.who else row.label
        self.named(row.who, row.source)
        return self.keep(
            Fact(
                fact_id=fact_id,
                label=label,
                value=row.value,
                unit=row.unit,
                period=row.when,
                kind="given",
                source=row.source,
                text=write(row.value, row.unit, self.language),
            )
        )

    def named(self, name: str, source: str) -> None:
        """Keep the numbers in a name, so that "Studio 54" claims nothing."""
        for n, mention in enumerate(find_numbers(name, self.language)):
            self.keep(
                Fact(
                    fact_id=f"name.{slug(name)}" + (f".{n}" if n else ""),
                    label=self.either(f"number in the name {name}", f"Zahl im Namen {name}"),
                    value=mention.value,
                    source=source,
                    text=mention.quote,
                )
            )

    def derive(self, fact_id: str, label: str, value: float, unit: Unit, source: str) -> Fact:
        """Keep a figure that follows from others; `source` is its formula."""
        return self.keep(
            Fact(
                fact_id=fact_id,
                label=label,
                value=value,
                unit=unit,
                kind="derived",
                source=source,
                text=write(value, unit, self.language),
            )
        )

    def points(self, value: float) -> str:
        """A difference of shares in words: "1.5 percentage points"."""
        size = write(abs(value), "percent", self.language).rstrip("%").rstrip("\u00a0")
        return say(self.language, _ONE_POINT if size == "1" else _POINTS, n=size)


def capital(text: str) -> str:
    """The text with a capital at its beginning, unless that is the path of something."""
    first = text.split(" ", 1)[0]
    return text if "." in first[:-1] or ":" in first[:-1] else text[:1].upper() + text[1:]


def slug(name: str) -> str:
    """A name as part of an id."""
    return "_".join(words_of("".join(c if c.isalnum() else " " for c in name))) or "other"


def listed(names: Iterable[str], language: str, most: int = 6) -> str:
    """Names in a sentence, the first of many."""
    found = list(names)
    german = is_german(language)
    if len(found) > most:
        found = [*found[:most], "weitere" if german else "others"]
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])}{' und ' if german else ' and '}{found[-1]}"
