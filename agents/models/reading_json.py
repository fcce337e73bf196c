"""Reads the object in a model's answer, and says in one sentence why it is none."""

import json
import re
from typing import Any

from streams.domain.values import Json

# Bounds that not every provider knows: they guide those that do, and nobody else is held to them.
NOT_ASKED = ("maxLength",)
_FENCE = re.compile(r"^\s*```(?:json)?\s*\n(.*?)\n?```\s*$", re.DOTALL)


def read_answer(text: str, schema: Json | None) -> tuple[Json | None, str]:
    """The object by the schema, and what is wrong; without a schema any text but none is right."""
    if not text.strip():
        return None, "the answer was empty"
    if schema is None:
        return None, ""
    fenced = _FENCE.match(text)
    try:
        data = json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError):
        return None, "the answer was no JSON"
    if not isinstance(data, dict):
        return None, "the answer was no JSON object"
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # published so

    errors = Draft202012Validator(schema).iter_errors(data)
    wrong = next((error for error in errors if error.validator not in NOT_ASKED), None)
    if wrong is not None:
        place = "/".join(str(part) for part in wrong.absolute_path) or "the object"
        return None, f"the answer does not fit the schema: {place}: {wrong.message}"[:300]
    return data, ""


def for_provider(schema: Json) -> Json:
    """The schema without the bounds that not every provider knows."""
    return {name: _without(value) for name, value in schema.items() if name not in NOT_ASKED}


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return for_provider(value)
    return [_without(each) for each in value] if isinstance(value, list) else value
