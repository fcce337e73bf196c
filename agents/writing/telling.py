"""Points turned into sentences and short forms, in the language and manner of the brief."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

from agents.figures.metric_names import MONEY, label_of, words_of
from agents.figures.numbers import write
from agents.writing import (
    closings_de,
    closings_en,
    tones_de,
    tones_en,
    wording_de,
    wording_en,
)
from agents.writing.brief import Brief, choose
from agents.writing.guard import is_allowed
from agents.writing.nouns import Noun, is_countable, noun_of, part_name
from agents.writing.periods import MONTHS, in_period, over_span, time_before
from agents.writing.prose import capital, small
from agents.writing.story import Point
from agents.writing.voice import Voice, contracted, voice_of

_ARTICLE = re.compile(r"\b([Aa]) (?=[aeio]|u(?!n[ei]|s[ae]|ti|kr)|[AEFHILMNORSX][A-Z]|8|11\b|18\b)")


_NUMBERS = ("now", "before", "percent", "points", "change", "year", "visits", "rate", "customers",
            "first")  # fmt: skip
_LEVELS = {"percent": "level_percent"}
_PLACEHOLDER = re.compile(r"{(\w+)}")
_YEARLY = re.compile(
    r"\byear[- ](?:over|on)[- ]year\b|\byoy\b|\b(?:last|previous|prior) year\b|\bvorjahr\w*",
    re.IGNORECASE,
)


def says(text: str, number: str) -> bool:
    """Whether a text states a number as it is written, and not as a part of a longer one."""
    return bool(number) and bool(
        re.search(rf"(?<![\d.,$]){re.escape(number)}(?!\d|[.,]\d|\s(?:m|b)illion)", text)
    )


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
        """The first lines and letters of tones in the brief's language."""
        return tones_de if self.brief.is_german else tones_en

    @property
    def closings(self) -> ModuleType:
        """What texts end with in the brief's language."""
        return closings_de if self.brief.is_german else closings_en

    @property
    def when(self) -> str:
        """The period as words of a sentence, or nothing."""
        has_digits = not self.brief.demands.no_numbers
        return in_period(self.brief.period, self.brief.is_german, has_digits=has_digits)

    @property
    def span(self) -> str:
        """The stretch of time that the request names, or nothing."""
        return over_span(self.brief.period, self.brief.is_german)

    def sentence(self, point: Point, said: str = "") -> str:
        """What a text that holds `said` already has not told of the point; empty if nothing.

        Of several phrasings those count that repeat the fewest numbers and bring the most.
        """
        texts = self.texts(point)
        kind = self._kind(point, texts)
        if self.brief.demands.no_numbers:
            return self._wordless(point, texts)
        follows = kind in self.wording.FOLLOW_UPS and _is_named(said, texts)
        table = self.wording.FOLLOW_UPS if follows else self.wording.SENTENCES
        if point.kind == "level" and texts["label"] not in said:
            said = ""  # a number may be the same by chance
        scored: dict[tuple[int, int], list[str]] = {}
        for template in table[kind]:
            names = [n for n in _PLACEHOLDER.findall(template) if n in _NUMBERS]
            if not all(texts.get(name) for name in names):
                continue
            known = sum(says(said, texts[name]) for name in names)
            known += "{than}" in template and texts["than"] in said
            known += "{at}" in template and texts["at"] in said
            if not names or not all(says(said, texts[name]) for name in names):
                text = self.spoken(template.format(**texts))
                scored.setdefault((known, known - len(names)), []).append(text)
        return self.pick(scored[min(scored)], f"{kind}:{point.about.fact_id}") if scored else ""

    def _wordless(self, point: Point, texts: Mapping[str, str]) -> str:
        options = self.wording.WORDLESS.get(self._wordless_kind(point), ())
        said = [self.spoken(template.format(**texts)) for template in options]
        return self.pick(said, f"wordless:{point.about.fact_id}")

    def _wordless_kind(self, point: Point) -> str:
        roles = {"customer": "customers", "customers": "customers", "traffic": "traffic"}
        role = next((roles[w] for w in words_of(point.about.fact_id) if w in roles), "")
        kind = f"{role}_{point.kind}"
        return kind if kind in self.wording.WORDLESS else point.kind

    def core(self, point: Point) -> tuple[str, str]:
        """The point as a sentence without its end and as a noun phrase, in small letters."""
        texts = self.texts(point)
        if self.brief.demands.no_numbers:
            full = self._wordless(point, texts).rstrip(".")
            titles = self.wording.WORDLESS_TITLES
            short = titles.get(point.kind, titles["level"]).format(**texts)
            return small(full) or self.spoken(short), self.spoken(short)
        kind = self._kind(point, texts)
        if kind == "level" and point.kind == "level":
            unit = point.about.unit
            kind = "level_usd" if unit in MONEY else _LEVELS.get(unit, kind)
        full, short = (phrase.format(**texts) for phrase in self.wording.CORES[kind])
        return self.spoken(full), self.spoken(short)

    def figure(self, point: Point) -> str:
        """The value of a point with its name, its number first where that can be said."""
        texts, unit = self.texts(point), point.about.unit
        kind = point.kind if point.kind in ("growth", "shrinking") else unit
        if texts["is_countable"]:
            is_customers = point.about.fact_id in ("customer_count", "customers")
            kind = "customers" if is_customers else "count"
        elif kind == "count":
            kind = "plain"
        template = self.wording.FIGURES.get(kind, self.wording.FIGURES["plain"])
        return self.spoken(template.format(**texts))

    def move(self, point: Point, *, is_clause: bool = False) -> str:
        """How a metric moved, in as few words as it takes; empty if it did not."""
        table = self.wording.MOVES_SAID if is_clause else self.wording.MOVES
        template = table.get(point.kind, "")
        return self.spoken(template.format(**self.texts(point)))

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

    def texts(self, point: Point) -> dict[str, str]:
        """What fills the placeholders of a point's phrasings."""
        german = self.brief.is_german
        noun = noun_of(point.about, german, self.brief.period)
        label = noun.label
        texts = {
            "our": noun.phrase,
            "Our": capital(noun.phrase),
            "label": label,
            "Label": capital(label),
            "growth": re.sub(r"\s?(?:growth rate|Wachstumsrate)$", "", label).strip(),
            "now": point.about.text,
            "is_countable": "yes" if is_countable(point.about, noun) else "",
            "label_dative": f"{label}n" if label == "monatliche Besuche" else label,
            "span": f" {self.span}" if self.span else "",
            **_agreement(noun, german, is_past=bool(self.when)),
        }
        texts["growth"] = f"{texts['growth']} {'Wachstum' if german else 'growth'}".strip()
        texts |= self._change(point) | _others(point, german, self.brief.period)
        return texts | dict(point.texts)

    def _change(self, point: Point) -> dict[str, str]:
        """How much a metric moved in its own unit, and since when."""
        german, about = self.brief.is_german, point.about
        at = self._at(point)
        than = f"{'als' if german else 'than'} {at}"
        texts = {"at": at, "At": capital(at), "than": than, "change": "", "fewer": "less"}
        found = next((f for f in self.brief.facts if f.fact_id == f"{about.fact_id}_change"), None)
        if found is not None and about.unit != "percent":
            texts["change"] = write(abs(found.value), about.unit, self.brief.language)
        if about.unit == "count":
            texts["fewer"] = "fewer"
        is_many = noun_of(about, german).is_many
        texts["It_was"] = ("There" if about.unit == "count" else "They") if is_many else "It"
        texts["It_was"] += " were" if is_many else " was"
        return texts

    def _at(self, point: Point) -> str:
        german = self.brief.is_german
        period = point.facts[1].period if len(point.facts) > 1 else ""
        label = _as_label(period)
        if label and label != self.brief.period and not self.brief.demands.no_numbers:
            return in_period(label, german)
        is_yearly = bool(_YEARLY.search(self.brief.request))
        return time_before("" if is_yearly else self.brief.period, german)


def _is_named(said: str, texts: Mapping[str, str]) -> bool:
    """Whether a text holds the value of a point with its name, and no equal one by chance."""
    lowered = said.casefold()
    names = (texts["our"].casefold(), texts["label"].casefold())
    return says(said, texts["now"]) and any(name in lowered for name in names)


def _as_label(period: str) -> str:
    """A key such as 2025-Q1 or 2025-03 as a period is called: Q1 2025, March 2025."""
    quarter = re.fullmatch(r"(\d{4})[-_ ]?([QH]\d)", period, re.IGNORECASE)
    if quarter:
        return f"{quarter[2].upper()} {quarter[1]}"
    month = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", period)
    return f"{MONTHS[int(month[2]) - 1]} {month[1]}" if month else ""


def _agreement(noun: Noun, is_german: bool, *, is_past: bool) -> dict[str, str]:
    """Verbs that agree with a noun, and with the time that the text speaks of."""
    many = noun.is_many
    if is_german and is_past:
        return _agreement(noun, is_german, is_past=False) | {
            "lies": "lagen" if many else "lag",
            "is_per": "betrugen" if many else "betrug",
        }
    if is_german:
        return {
            "is_": "sind" if many else "ist",
            "has": "haben" if many else "hat",
            "rose": "stiegen" if many else "stieg",
            "fell": "sanken" if many else "sank",
            "lies": "liegen" if many else "liegt",
            "is_per": "betragen" if many else "beträgt",
            "lies_now": "liegen" if many else "liegt",
        }
    now, before = ("are", "were") if many else ("is", "was")
    stands = "stand" if many else "stands"
    return {
        "is_": before if is_past else now,
        "is_now": now,
        "stands": "stood" if is_past else stands,
        "stands_now": stands,
        "does": "do" if many else "does",
    }


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


def framed(frame: str, texts: Mapping[str, str]) -> str | None:
    """A first line made of a frame; None if there is nothing for one of its placeholders."""
    optional = ("when", "span")
    if not all(texts.get(n) for n in _PLACEHOLDER.findall(frame) if n not in optional):
        return None
    return frame.format(**texts)
