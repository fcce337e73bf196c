"""Whether a value fits a JSON Schema of others, as far as a planner can tell cheaply and safely.

Only a few plain keywords are looked at; what cannot be told (a pattern of others may take for ever,
a reference may lead anywhere) counts as not fitting. The whole schema is checked before the call.
"""

from collections.abc import Mapping, Sequence
from typing import Any

DEPTH = 6
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (dict,),
    "null": (type(None),),
}
_PLAIN = frozenset(
    {
        "type", "enum", "const", "minLength", "maxLength", "minimum", "maximum", "items",
        "minItems", "maxItems", "anyOf", "oneOf", "allOf", "$ref", "properties", "required",
        "format", "additionalProperties", "uniqueItems", "exclusiveMinimum", "exclusiveMaximum",
    }
)  # fmt: skip
_SILENT = frozenset(
    {"title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly",
     "$comment", "$defs", "definitions", "$id", "$schema", "nullable"}
)  # fmt: skip


def fits(value: Any, schema: Any, root: Mapping[str, Any], depth: int = DEPTH) -> bool:
    """Whether a value surely fits a schema that stands in `root`."""
    if schema is True:
        return True
    if not isinstance(schema, Mapping) or depth == 0:
        return False
    if not (schema.keys() <= _PLAIN | _SILENT or _is_our_pattern(schema)):
        return False
    return (
        _fits_type(value, schema.get("type"))
        and _fits_choice(value, schema)
        and _fits_bounds(value, schema)
        and _fits_parts(value, schema, root, depth)
        and _fits_others(value, schema, root, depth)
    )


def may_be(kind: str, schema: Any, root: Mapping[str, Any], depth: int = DEPTH) -> bool:
    """Whether a value of this JSON type may fit; a schema that says nothing lets everything in."""
    if schema is True or schema is None:
        return True
    if not isinstance(schema, Mapping) or depth == 0:
        return False
    reference = schema.get("$ref")
    if reference is not None:
        return may_be(kind, _resolved(reference, root), root, depth - 1)
    ways = schema.get("anyOf") or schema.get("oneOf")
    if isinstance(ways, Sequence) and not isinstance(ways, str):
        return any(may_be(kind, way, root, depth - 1) for way in ways)
    types = schema.get("type", kind)
    return kind == types or (isinstance(types, list) and kind in types)


_DATES = frozenset({r"^\d{4}-\d{2}-\d{2}$", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})


def _is_our_pattern(schema: Mapping[str, Any]) -> bool:
    """A pattern for ISO dates is known; only such values are offered to schemas that have it."""
    return schema.keys() <= _PLAIN | _SILENT | {"pattern"} and schema.get("pattern") in _DATES


def _fits_type(value: Any, types: Any) -> bool:
    if types is None:
        return True
    names = types if isinstance(types, list) else [types]
    for name in names:
        kinds = _TYPES.get(name) if isinstance(name, str) else None
        if kinds is None or not isinstance(value, kinds):
            continue
        if not isinstance(value, bool) or name == "boolean":
            return True
    return False


def _fits_choice(value: Any, schema: Mapping[str, Any]) -> bool:
    if "const" in schema and schema["const"] != value:
        return False
    choices = schema.get("enum")
    return choices is None or (isinstance(choices, list) and value in choices)


def _fits_bounds(value: Any, schema: Mapping[str, Any]) -> bool:
    if isinstance(value, str | list | tuple):
        names = ("minLength", "maxLength") if isinstance(value, str) else ("minItems", "maxItems")
        return _between(len(value), schema.get(names[0]), schema.get(names[1]))
    if isinstance(value, int | float) and not isinstance(value, bool):
        least, most = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
        is_on_edge = value in (least, most) and value is not None
        return (
            not is_on_edge
            and _between(value, least, most)
            and _between(value, schema.get("minimum"), schema.get("maximum"))
        )
    return True


def _between(size: float, least: Any, most: Any) -> bool:
    return (not _is_number(least) or size >= least) and (not _is_number(most) or size <= most)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _fits_parts(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> bool:
    if isinstance(value, list | tuple):
        items = schema.get("items", True)
        return all(fits(item, items, root, depth - 1) for item in value)
    if not isinstance(value, dict):
        return True
    properties, required = schema.get("properties", {}), schema.get("required", [])
    if not isinstance(properties, Mapping) or not isinstance(required, list):
        return False
    if any(not isinstance(name, str) or name not in value for name in required):
        return False
    rest = schema.get("additionalProperties", True)
    return all(
        fits(part, properties.get(name, rest), root, depth - 1) for name, part in value.items()
    )


def _fits_others(
    value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], depth: int
) -> bool:
    reference = schema.get("$ref")
    if reference is not None and not fits(value, _resolved(reference, root), root, depth - 1):
        return False
    for name, enough in (("anyOf", any), ("oneOf", _one), ("allOf", all)):
        ways = schema.get(name)
        if ways is None:
            continue
        if not isinstance(ways, list) or not enough(
            fits(value, way, root, depth - 1) for way in ways
        ):
            return False
    return True


def _one(answers: Any) -> bool:
    return sum(bool(answer) for answer in answers) == 1


def _resolved(reference: Any, root: Mapping[str, Any]) -> Any:
    """The part of the same document that a reference names; False for any other."""
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return False
    found: Any = root
    for part in reference[2:].split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, Mapping) or name not in found:
            return False
        found = found[name]
    return found
