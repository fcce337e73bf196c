"""Honest remarks about metrics: what was given, what could not be computed, what looks wrong."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from agents.figures.facts import Fact, is_number
from agents.figures.formulas import growth_metric, is_growth, pairs
from agents.figures.metric_names import MONEY, is_german, words_of
from agents.figures.metric_reading import Metrics, read_metrics
from streams.domain.values import Json

Phrase = tuple[str, str]  # English, German
MOST_RETENTION = 3.0

_NONE: Phrase = (
    "No business metrics were given, so there is nothing to compute.",
    "Es wurden keine Kennzahlen angegeben, also gibt es nichts zu berechnen.",
)
_NO_PREVIOUS: Phrase = (
    "No previous period was given, so growth could not be computed.",
    "Es wurde keine Vorperiode angegeben, daher konnte kein Wachstum berechnet werden.",
)
_TAKEN: Phrase = (
    "{name} = {text} was given, not computed.",
    "{name} = {text} wurde angegeben, nicht berechnet.",
)
_UNCLEAR: Phrase = (
    "{name} does not say which one metric grew, so no earlier level was derived from it.",
    "{name} sagt nicht, welche eine Kennzahl wuchs; daraus wurde kein früherer Stand abgeleitet.",
)
_UNREADABLE: Phrase = (
    "{name} holds no number that could be used.",
    "{name} enthält keine verwendbare Zahl.",
)
_LARGE_RATE: Phrase = (
    "{name} = {value:g} was read as {text}, since rates are shares (0.35 is 35%).",
    "{name} = {value:g} wurde als {text} gelesen, da Raten Anteile sind (0,35 sind 35 %).",
)
_NO_SHARE: Phrase = (
    "{name} = {value:g} is too large for a share and is kept as a plain number (35% is 0.35).",
    "{name} = {value:g} ist zu groß für einen Anteil und bleibt eine bloße Zahl (35 % sind 0,35).",
)
_NEGATIVE: Phrase = (
    "{name} is negative ({text}); ratios were not derived from it.",
    "{name} ist negativ ({text}); daraus wurden keine Verhältnisse abgeleitet.",
)
_NO_BASE: Phrase = (
    "The previous value of {name} is {text}, so a change in percent means nothing there.",
    "Der frühere Wert von {name} ist {text}, daher sagt eine Änderung in Prozent nichts.",
)
_LONELY: Phrase = (
    "previous.{name} has no current value to compare with.",
    "previous.{name} hat keinen aktuellen Wert zum Vergleich.",
)
_MORE_CONVERSIONS: Phrase = (
    "{conversions} monthly conversions against {customers} customers: a conversion does not seem "
    "to be a new customer, or one of the figures is off.",
    "{conversions} monatliche Konversionen bei {customers} Kunden: Eine Konversion ist wohl kein "
    "neuer Kunde, oder eine der Zahlen stimmt nicht.",
)
_AS_TEXT: Phrase = (
    "{name} was given as “{given}” and read as {text}.",
    "{name} wurde als „{given}“ angegeben und als {text} gelesen.",
)
_MIXED: Phrase = (
    "{name} is given in more than one unit or currency, so it was left out.",
    "{name} ist in mehr als einer Einheit oder Währung angegeben und wurde weggelassen.",
)
_NOT_GIVEN: Phrase = (
    "{name} was asked for but is not among the metrics given.",
    "{name} wurde verlangt, ist aber nicht unter den angegebenen Kennzahlen.",
)


def say(language: str, phrase: Phrase, *parts: Any, **values: Any) -> str:
    """A phrase in the reader's language."""
    return phrase[int(is_german(language))].format(*parts, **values)


def metric_notes(
    business_metrics: Json,
    facts: Sequence[Fact],
    wanted: Sequence[str],
    language: str,
    *,
    needs_history: bool = True,
) -> list[str]:
    """What a careful analyst would say about these metrics before using them.

    Without `needs_history` an earlier value is not missed.
    """
    metrics = read_metrics(business_metrics, language)
    given = {fact.fact_id: fact for fact in facts if fact.kind == "given"}
    if not given:
        return [say(language, _NONE)]
    every = chain(
        _about_history(given, language) if needs_history else (),
        _about_growth(given, language),
        _about_reading(metrics, given, language),
        _about_values(metrics, given, language),
        _about_previous(business_metrics, given, language),
        _about_conversions(facts, language),
        (say(language, _NOT_GIVEN, name=n) for n in wanted if not is_there(n, facts)),
    )
    return list(dict.fromkeys(every))


def is_there(name: str, facts: Sequence[Fact]) -> bool:
    """Whether a fact answers to the name that somebody asked for."""
    return any(is_about(fact, name) for fact in facts)


def is_about(fact: Fact, name: str) -> bool:
    """Whether all words of a name stand in the fact's id or label, in singular or plural."""
    known = {w.removesuffix("s") for w in (*words_of(fact.fact_id), *words_of(fact.label))}
    return all(word.removesuffix("s") in known | {"metric"} for word in words_of(name))


def _about_history(given: dict[str, Fact], language: str) -> Iterator[str]:
    if not pairs(given.values()):
        yield say(language, _NO_PREVIOUS)


def _about_growth(given: dict[str, Fact], language: str) -> Iterator[str]:
    growths = [fact for fact in given.values() if is_growth(fact)]
    for fact in growths:
        yield say(language, _TAKEN, name=fact.fact_id, text=fact.text)
        if growth_metric(fact.fact_id, given) is None:
            yield say(language, _UNCLEAR, name=fact.fact_id)


def _about_reading(metrics: Metrics, given: dict[str, Fact], language: str) -> Iterator[str]:
    for name, text in metrics.as_text.items():
        if name in given:
            yield say(language, _AS_TEXT, name=name, given=text, text=given[name].text)
    for name in metrics.mixed:
        yield say(language, _MIXED, name=name)


def _about_values(metrics: Metrics, given: dict[str, Fact], language: str) -> Iterator[str]:
    over_time = {fact_id.split("[")[0] for fact_id in given}
    for name, value in metrics.values.items():
        if name != "previous" and isinstance(value, list | dict) and name not in over_time:
            parts = value.values() if isinstance(value, dict) else value
            if isinstance(value, list) or not any(map(is_number, parts)):
                yield say(language, _UNREADABLE, name=name)
    for fact in given.values():
        is_rate = words_of(fact.fact_id)[-1:] == ("rate",) or "growth" in words_of(fact.fact_id)
        if is_rate and fact.unit == "number":
            yield say(language, _NO_SHARE, name=fact.fact_id, value=fact.value)
        elif fact.unit == "percent" and abs(fact.value) > 1 and not _may_exceed_all(fact):
            text, value = fact.text, fact.value
            yield say(language, _LARGE_RATE, name=fact.fact_id, value=value, text=text)
        elif fact.value < 0 and fact.unit in MONEY | {"count"}:
            yield say(language, _NEGATIVE, name=fact.fact_id, text=fact.text)


def _may_exceed_all(fact: Fact) -> bool:
    """Whether more than 100 % is nothing unusual: revenue of old customers may have grown."""
    return "retention" in words_of(fact.fact_id) and fact.value < MOST_RETENTION


def _about_previous(metrics: Json, given: dict[str, Fact], language: str) -> Iterator[str]:
    for current, before in pairs(given.values()):
        if before.value <= 0:
            yield say(language, _NO_BASE, name=current.fact_id, text=before.text)
    previous = metrics.get("previous")
    for name in previous if isinstance(previous, dict) else ():
        if name not in given:
            yield say(language, _LONELY, name=name)


def _about_conversions(facts: Sequence[Fact], language: str) -> Iterator[str]:
    by_id = {fact.fact_id: fact for fact in facts}
    conversions = by_id.get("conversions_monthly")
    customers = by_id.get("customer_count") or by_id.get("customers")
    if conversions and customers and conversions.value > customers.value:
        yield say(
            language, _MORE_CONVERSIONS, conversions=conversions.text, customers=customers.text
        )
