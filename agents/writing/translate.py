"""Tells a text that was composed from figures in the other language; a foreign text it cannot."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from agents.figures.metric_notes import Phrase
from agents.writing.brief import Brief, as_object, read_brief
from agents.writing.reading import text_of
from agents.writing.remarks import remark
from streams.domain.values import Json

LANGUAGES = {"en": "English", "de": "German"}
CANNOT = (
    "a given text cannot be translated without a model; a text that was composed from figures can "
    "be told in the other language: send those figures as business_metrics"
)
UNKNOWN = "texts can be told in English ('en') and German ('de') only, not in {name!r}"
_TOLD: Phrase = (
    "Told anew from the same figures in the other language; it is no translation word by word.",
    "Aus denselben Zahlen in der anderen Sprache neu erzählt, nicht Wort für Wort übersetzt.",
)


class CannotTranslate(Exception):
    """The text cannot be told in that language by rules: connect a model, or give the figures."""


def translate(payload: Json, writers: Mapping[str, Callable[[Brief], Json]]) -> Json:
    """The draft in the language that `inputs.language` names.

    Raises:
        CannotTranslate: it was not composed from the figures that came with it.
    """
    inputs = as_object(payload.get("inputs")) or payload
    target = str(inputs.get("language") or "").lower()[:2]
    if target not in LANGUAGES:
        raise CannotTranslate(UNKNOWN.format(name=inputs.get("language")))
    draft = as_object(inputs.get("draft")) or as_object(payload.get("output"))
    write = writers.get(str(draft.get("kind") or "post"))
    other = next(language for language in LANGUAGES if language != target)
    source = _brief(payload, draft, other)
    if write is None or not source.facts or text_of(write(source)) != text_of(draft):
        raise CannotTranslate(CANNOT)
    brief = _brief(payload, draft, target)
    made = write(brief)
    return made | {"notes": [*made["notes"], remark(brief, _TOLD)]}


def _brief(payload: Json, draft: Json, language: str) -> Brief:
    """The writing task in a language, from the figures alone: labels are written anew."""
    intent = as_object(payload.get("intent")) | {"language": language}
    inputs = {"kind": draft.get("kind") or "post", "language": language}
    brief = read_brief(payload | {"intent": intent, "inputs": inputs, "output": {}})
    return replace(brief, draft={})
