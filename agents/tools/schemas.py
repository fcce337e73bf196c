"""JSON Schemas of others: refused when they could cost much, kept to with a bounded effort.

A schema is never a reason to fetch anything, and its regular expressions are never run, since one
can be made to run for ever; the server that wrote it checks them itself.
"""

import json
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from agents.tools.cleaning import is_clean, one_line
from agents.tools.keywords import is_plainly_valid
from agents.tools.limits import Limits
from streams.domain.values import Json

if TYPE_CHECKING:
    from jsonschema.protocols import Validator  # type: ignore[import-untyped] # published so

MESSAGE_LENGTH = 200  # characters of what does not fit
DESCRIPTION_LENGTH = 500  # characters of a description within a schema

# Keywords that run an expression of the server, or whose effort cannot be counted here.
_NOT_RUN = ("pattern", "patternProperties", "unevaluatedItems", "unevaluatedProperties")
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_NAMED_SCHEMAS = ("properties", "$defs", "definitions", "dependentSchemas", "patternProperties")
_SCHEMAS = ("items", "prefixItems", "additionalItems", "contains", "additionalProperties",
            "propertyNames", "allOf", "anyOf", "oneOf", "not", "if", "then", "else")  # fmt: skip
_NOT_KEPT = ("$comment", "examples")
_WORDS = ("description", "title", *_NOT_KEPT)  # cleaned or left out, so they may hold anything

_left: ContextVar[list[int]] = ContextVar("steps that the validation under way may still take")


@dataclass(frozen=True, slots=True)
class Misfit:
    """Where a value does not fit its schema, as a JSON pointer, and why."""

    pointer: str
    message: str


class _TooMuch(Exception):
    """A validation took more steps than it may."""


def flaw(schema: object, limits: Limits) -> str:
    """Why the schema is not used; empty when it is fine."""
    if not isinstance(schema, dict):
        return "is no object"
    if deeper_than(schema, limits.depth):
        return f"is nested deeper than {limits.depth} levels"
    size = len(json.dumps(schema, ensure_ascii=True))
    if size > limits.schema:
        return f"has {size:,} bytes, more than {limits.schema:,}"
    for reference in _all_references(schema):
        if not reference.startswith("#"):
            return f"refers to {one_line(reference, 80)!r}, which is not fetched"
    if any(
        isinstance(inner.get("$schema"), str) for inner in _objects(schema) if inner is not schema
    ):
        return "has a part of another draft inside"
    if not all(map(is_clean, _all_words(schema))):
        return "has a name or value with control or invisible characters"
    return "" if is_plainly_valid(schema) else _no_schema(schema)


def presentable(schema: Json) -> Json:
    """The schema with its descriptions cleaned and cut, and without examples and comments."""
    kept: Json = {}
    for key, value in schema.items():
        if key in _NOT_KEPT:
            continue
        if key in _NAMED_SCHEMAS and isinstance(value, dict):
            kept[key] = {name: _shown(each) for name, each in value.items()}
        elif key in _WORDS and isinstance(value, str):
            kept[key] = one_line(value, DESCRIPTION_LENGTH)
        else:
            kept[key] = _shown(value) if key in _SCHEMAS else value
    return kept


def property_names(schema: Json) -> tuple[str, ...]:
    """The names that an object of this schema may have."""
    properties = schema.get("properties")
    return tuple(properties) if isinstance(properties, dict) else ()


def misfit(schema: Json, value: object, steps: int) -> Misfit | None:
    """Where the value does not fit the schema first, or None. The schema has no flaw, and a step
    is one keyword at one place.
    """
    _left.set([steps])
    try:
        error = next(_validator(schema).iter_errors(value), None)
    except _TooMuch:
        return Misfit("", f"the check took more than {steps:,} steps")
    except Exception as problem:  # references in a circle or to nowhere, whatever the server wrote
        return Misfit("", f"the schema cannot be followed ({type(problem).__name__})")
    if error is None:
        return None
    pointer = "".join(f"/{_escaped(part)}" for part in error.absolute_path)
    return Misfit(pointer, one_line(str(error.message), MESSAGE_LENGTH))


def deeper_than(value: object, levels: int) -> bool:
    """Whether lists and objects are nested deeper; looked at without recursion."""
    layer: list[object] = [value]
    for _ in range(levels + 1):
        layer = [inner for outer in layer for inner in _inside(outer)]
        if not layer:
            return False
    return True


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _all_references(schema: object) -> Iterator[str]:
    for outer in _objects(schema):
        found = (outer.get(key) for key in _REFERENCES)
        yield from (reference for reference in found if isinstance(reference, str))


def _all_words(schema: object) -> Iterator[str]:
    """All names, and all texts that are no descriptions."""
    for outer in _objects(schema):
        yield from outer
        for key, value in outer.items():
            values = value if isinstance(value, list) else [value]
            yield from (v for v in values if isinstance(v, str) and key not in _WORDS)


def _objects(value: object) -> Iterator[Json]:
    """The object and all that are in it."""
    waiting = [value]
    while waiting:
        outer = waiting.pop()
        if isinstance(outer, dict):
            yield outer
        waiting += _inside(outer)


def _no_schema(schema: Json) -> str:
    from jsonschema.exceptions import SchemaError  # type: ignore[import-untyped] # published so
    from jsonschema.validators import (  # type: ignore[import-untyped] # published so
        Draft202012Validator,
        validator_for,
    )

    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(schema, format_checker=None)
    except SchemaError as error:
        return f"is no JSON Schema: {one_line(str(error.message), MESSAGE_LENGTH)}"
    except Exception as error:  # a metaschema of its own, numbers without end, …
        return f"is no JSON Schema ({type(error).__name__})"
    return ""


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return presentable(value)
    return [_shown(each) for each in value] if isinstance(value, list) else value


def _escaped(part: object) -> str:
    return one_line(str(part), 80).replace("~", "~0").replace("/", "~1")


def _validator(schema: Json) -> "Validator":
    from jsonschema.validators import Draft202012Validator, validator_for
    from referencing import Registry

    kind = _bounded(validator_for(schema, default=Draft202012Validator))
    return kind(schema, registry=Registry())  # an empty registry: nothing is fetched


@cache
def _bounded(kind: Any) -> Any:
    """The validator class of a draft with every keyword counted."""
    from jsonschema.validators import extend

    keywords = {name: _counted(name, check) for name, check in kind.VALIDATORS.items()}
    return extend(kind, keywords | dict.fromkeys(_NOT_RUN, _nothing))


def _counted(name: str, check: Callable[..., Any]) -> Callable[..., Any]:
    def keyword(validator: Any, expected: Any, instance: Any, schema: Any) -> Any:
        left = _left.get()
        left[0] -= 1 + (len(expected) if isinstance(expected, list | dict) else 0)
        if left[0] < 0:
            raise _TooMuch
        if name == "additionalProperties" and "patternProperties" in schema:
            return None  # which of them are additional, the expressions would say
        if name == "uniqueItems":
            return _unique(validator, expected, instance)
        return check(validator, expected, instance, schema)

    return keyword


def _nothing(*_: Any) -> None:
    return None


def _unique(validator: Any, expected: Any, instance: Any) -> Iterator[Any]:
    # The library compares each with each where they cannot be sorted.
    from jsonschema.exceptions import ValidationError

    if expected is True and validator.is_type(instance, "array"):
        seen = {json.dumps(each, sort_keys=True) for each in instance}
        if len(seen) < len(instance):
            yield ValidationError("has equal elements")
