"""Requests and what is expected to be understood of them, as rows of a table."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from agents.understanding.intent import parse_intent
from streams.domain.intent import Intent
from streams.domain.values import Json

SATURDAY = 1_735_992_000_000  # 2025-01-04 12:00 UTC
METRICS: Json = {
    "revenue_monthly": 150_000,
    "traffic_monthly": 250_000,
    "conversion_rate": 0.045,
    "customer_count": 320,
    "churn_rate": 0.021,
}
ALL = tuple(METRICS)


def understand(
    request: str,
    *,
    metrics: Json | None = None,
    preferences: Json | None = None,
    context: Json | None = None,
    answers: Sequence[tuple[str, str]] = (),
    at: int = SATURDAY,
) -> Intent:
    """The intent of a request, by default with the usual metrics and of 4 January 2025."""
    return parse_intent(
        {
            "request": request,
            "business_metrics": METRICS if metrics is None else metrics,
            "preferences": preferences or {},
            "context": context or {},
            "answers": [{"question": question, "answer": answer} for question, answer in answers],
            "submitted_at": at,
        }
    )


def case(request: str, **expected: Any) -> Any:
    """One row: a request and the aspects of its intent that must be so."""
    return pytest.param(request, expected, id=request[:60])


def aspects(intent: Intent, expected: Json) -> Json:
    """What the intent says about the expected aspects, in the same form."""
    return {name: _ASPECTS[name](intent, wanted) for name, wanted in expected.items()}


def _among(wanted: str, texts: Sequence[str]) -> str:
    """The wanted words if one of the texts holds them, else all texts, for a readable failure."""
    return wanted if any(wanted.lower() in text.lower() for text in texts) else " | ".join(texts)


def _part(intent: Intent, wanted: Json) -> Json:
    return {name: intent.constraints.get(name) for name in wanted}


_ASPECTS: dict[str, Callable[[Intent, Any], Any]] = {
    "name": lambda intent, _: intent.name,
    "action": lambda intent, _: intent.action,
    "domain": lambda intent, _: intent.domain,
    "channels": lambda intent, _: " ".join(channel.value for channel in intent.channels),
    "tone": lambda intent, _: intent.tone,
    "language": lambda intent, _: intent.language,
    "period": lambda intent, _: intent.date_range.label if intent.date_range else None,
    "compared": lambda intent, _: intent.constraints.get("compare_to", {}).get("label"),
    "metrics": lambda intent, _: intent.metrics,
    "topic": lambda intent, _: intent.constraints.get("topic"),
    "audience": lambda intent, _: intent.constraints.get("audience"),
    "text": lambda intent, _: intent.constraints.get("source_text"),
    "claims": lambda intent, _: intent.constraints.get("claimed_numbers"),
    "demands": _part,
    "implicit": lambda intent, _: intent.implicit,
    "warns": lambda intent, wanted: _among(wanted, intent.warnings),
    "asks": lambda intent, wanted: _among(
        wanted, [intent.question.text if intent.question else "no question"]
    ),
    "refuses": lambda intent, wanted: _among(wanted, [intent.refusal or "no refusal"]),
    "is_open": lambda intent, _: intent.question is None and intent.refusal is None,
}
