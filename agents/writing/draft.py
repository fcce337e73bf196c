"""The finished draft as JSON: the text, its parts, and what stands behind it."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from agents.writing.brief import Brief
from agents.writing.guard import forbidden_in, has_numbers, referenced
from agents.writing.outline import Outline
from agents.writing.prose import capital
from streams.domain.values import Json

LONGEST_SUBJECT = 60  # characters, as common inboxes show them


def draft_of(
    outline: Outline,
    brief: Brief,
    *,
    title: str,
    alternatives: Sequence[str] = (),
    notes: Iterable[str] = (),
    subject: str | None = None,
    body: Sequence[str] | None = None,
    content: str | None = None,
    details: Json | None = None,
) -> Json:
    """A draft by the schema of the content generator."""
    text = outline.content if content is None else content
    return {
        "kind": brief.kind,
        "title": title,
        "hook": outline.hook,
        "body": list(outline.body if body is None else body),
        "content": text,
        "call_to_action": outline.call,
        "hashtags": list(outline.hashtags),
        "alternatives": [other for other in alternatives if other and other != outline.hook],
        "subject": subject,
        "metrics_referenced": referenced(f"{subject}\n{text}" if subject else text, brief),
        "narrative": str(brief.report.get("narrative") or ""),
        "details": details_of(brief) | (details or {}),
        "notes": list(dict.fromkeys(note for note in (*brief.notes, *notes) if note)),
        "is_offline": True,
    }


def details_of(brief: Brief) -> Json:
    """What a page shows beside the text: facts, comparisons, chart, findings and risk."""
    details: dict[str, Any] = {}
    if brief.known:
        details["facts"] = [fact.as_json for fact in brief.known]
    for name in ("comparisons", "chart"):
        if brief.report.get(name):
            details[name] = brief.report[name]
    for name in ("risk_level", "findings"):
        if brief.check.get(name) is not None:
            details[name] = brief.check[name]
    if brief.research.get("findings"):
        details["research"] = brief.research["findings"]
    return details


def title_of(hook: str, brief: Brief) -> str:
    """A title from the period and the first line, without what frames it."""
    first = re.split(r"(?<=[.!?])\s", hook, maxsplit=1)[0].rstrip(".!: ")
    stripped = re.sub(r"\s*[\U0001F300-\U0001FAFF\u2600-\u27bf]\ufe0f?", "", first)
    _, colon, tail = stripped.partition(": ")
    title = capital(tail) if colon and len(tail) > 12 else stripped
    return shortened(title, 80)


def subject_of(candidates: Iterable[str], brief: Brief) -> str:
    """The first candidate that is short enough for a subject and may be said."""
    demands = brief.demands
    fitting = [
        text
        for text in candidates
        if text
        and not forbidden_in(text, demands.must_avoid)
        and not (demands.no_numbers and has_numbers(text))
    ]
    short = next((text for text in fitting if len(text) <= LONGEST_SUBJECT), None)
    return short or shortened(fitting[0] if fitting else "", LONGEST_SUBJECT)


def shortened(text: str, most: int) -> str:
    """The text up to a number of characters, cut at a word."""
    if len(text) <= most:
        return text
    cut = text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:-(")
    return f"{cut}…"
