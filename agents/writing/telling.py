"""Points turned into sentences and short forms, in the language and manner of the brief."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

from agents.metric_names import label_of
from agents.writing import tones_de, tones_en, wording_de, wording_en
from agents.writing.brief import Brief, choose
from agents.writing.guard import is_allowed
from agents.writing.nouns import Noun, is_countable, noun_of, part_name
from agents.writing.periods import in_period
from agents.writing.prose import capital, small
from agents.writing.story import Point
from agents.writing.voice import Voice, contracted, voice_of

_ARTICLE = re.compile(r"\b([Aa]) (?=[aeio]|u(?!n[ei]|s[ae]|ti|kr)|[AEFHILMNORSX][A-Z]|8|11\b|18\b)")


@dataclass(frozen=True, slots=True)
class Teller:
    """Says points for one brief."""

    brief: Brief

    @property
    def voice(self) -> Voice:
        """The voice of the brief's tone."""
        return voice_of(self.brief.tone)

    @property
    def wording(self) -> ModuleType:
        """The phrasings of facts in the brief's language."""
        return wording_de if self.brief.is_german else wording_en

    @property
    def tones(self) -> ModuleType:
        """The phrasings of tones in the brief's language."""
        return tones_de if self.brief.is_german else tones_en

    @property
    def when(self) -> str:
        """The period as words of a sentence, or nothing."""
        has_digits = not self.brief.demands.no_numbers
        return in_period(self.brief.period, self.brief.is_german, has_digits=has_digits)

    def sentence(self, point: Point) -> str:
        """The point as a full sentence."""
        texts = self._texts(point)
        kind = self._kind(point, texts)
        table = self.wording.SENTENCES
        if self.brief.demands.no_numbers:
            table, kind = self.wording.WORDLESS, self._wordless_kind(point)
        said = [self.spoken(template.format(**texts)) for template in table[kind]]
        return self.pick(said, f"{kind}:{point.about.fact_id}")

    def brief_sentence(self, point: Point) -> str:
        """The short form of a point as a sentence, where the full one says too much."""
        return self.pick([self.spoken(f"{capital(self.core(point)[0])}.")], "brief")

    def follow_up(self, point: Point) -> str:
        """What the short forms of a point leave out; empty if that is nothing."""
        options = self.wording.FOLLOW_UPS.get(point.kind, ())
        said = [self.spoken(template.format(**self._texts(point))) for template in options]
        return self.pick(said, f"follow:{point.about.fact_id}")

    def core(self, point: Point) -> tuple[str, str]:
        """The point as a sentence without its end and as a noun phrase, in small letters."""
        texts = self._texts(point)
        kind = self._kind(point, texts)
        table = self.wording.CORES
        if self.brief.demands.no_numbers:
            table, kind = self.wording.WORDLESS_CORES, self._wordless_core(point)
        elif kind == "level" and point.kind == "level":
            kind = {"usd": "level_usd", "percent": "level_percent"}.get(point.about.unit, kind)
        full, short = (phrase.format(**texts) for phrase in table[kind])
        return self.spoken(full), self.spoken(short)

    def spoken(self, text: str) -> str:
        """The text as this voice says it."""
        if self.brief.is_german:
            return text.replace(" 1 Prozentpunkte", " 1 Prozentpunkt")
        text = text.replace(" 1 percentage points", " 1 percentage point")
        text = _a_or_an(text)
        return contracted(text) if self.voice.contracts else text

    def phrase(self, table: Mapping[str, tuple[str, ...]], about: str) -> str:
        """One phrasing of a table by tone or family."""
        options = table.get(self.brief.tone) or table[self.voice.family]
        return self.pick([self.spoken(option) for option in options], about)

    def pick(self, options: Sequence[str], about: str) -> str:
        """One of several texts that may be said; nothing if none may."""
        allowed = tuple(text for text in options if is_allowed(text, self.brief.demands))
        return str(choose(allowed, self.brief, about)) if allowed else ""

    def _kind(self, point: Point, texts: Mapping[str, str]) -> str:
        if point.kind != "level":
            return point.kind
        if point.about.fact_id in ("customer_count", "customers") and point.about.value > 1:
            return "customers"
        return "count" if texts["is_countable"] else "level"

    def _wordless_kind(self, point: Point) -> str:
        return point.kind if point.kind in self.wording.WORDLESS else "level"

    def _wordless_core(self, point: Point) -> str:
        return point.kind if point.kind in self.wording.WORDLESS_CORES else "level"

    def _texts(self, point: Point) -> dict[str, str]:
        """What fills the placeholders of a point's phrasings."""
        german = self.brief.is_german
        noun = noun_of(point.about, german, self.brief.period)
        texts = {
            "our": noun.phrase,
            "Our": capital(noun.phrase),
            "label": noun.label,
            "Label": capital(noun.label),
            "now": point.about.text,
            "is_countable": "yes" if is_countable(point.about, noun) else "",
            "label_dative": f"{noun.label}n" if noun.label == "monatliche Besuche" else noun.label,
            **_agreement(noun, german),
        }
        return texts | _others(point, german, self.brief.period) | dict(point.texts)


def _agreement(noun: Noun, is_german: bool) -> dict[str, str]:
    many = noun.is_many
    if is_german:
        return {
            "is_": "sind" if many else "ist",
            "has": "haben" if many else "hat",
            "rose": "stiegen" if many else "stieg",
            "fell": "sanken" if many else "sank",
            "lies": "liegen" if many else "liegt",
            "is_per": "betragen" if many else "beträgt",
        }
    return {"is_": "are" if many else "is", "stands": "stand" if many else "stands"}


def _others(point: Point, is_german: bool, period: str) -> dict[str, str]:
    """The texts of the other facts of a point, by their role in it."""
    rest = point.facts[1:]
    match point.kind:
        case "revenue":
            return {"year": rest[0].text}
        case "conversions":
            label = noun_of(rest[0], is_german, period).label
            return {"visits": rest[0].text, "rate": rest[1].text, "visits_label": label}
        case "per_customer":
            return {"customers": rest[1].text}
        case "share":
            whole, _, name = point.about.fact_id.removesuffix("_share").rpartition(".")
            part = part_name(name)
            return {
                "part": part,
                "Part": part,
                "whole": label_of(whole, "de" if is_german else "en"),
            }
        case _:
            return {}


def _a_or_an(text: str) -> str:
    """English "an" where the next word begins with a vowel; German has no such word."""
    return _ARTICLE.sub(r"\1n ", text)


def framed(frame: str, core: tuple[str, str], when: str) -> str | None:
    """A first line made of a frame and the short forms of a point; None if it needs a period that
    there is not.
    """
    if "{When}" in frame and (not when or when.startswith("(")):
        return None
    full, short = core
    return frame.format(
        S=capital(full),
        s=small(full),
        NP=capital(short),
        np=short,
        when=f" {when}" if when else "",
        When=capital(when),
    )
