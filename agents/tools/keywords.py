"""Schemas that are plainly valid, told without the metaschema, whose check costs milliseconds."""

from collections.abc import Callable

_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
Check = Callable[[object], bool]


def is_plainly_valid(schema: object) -> bool:
    """Whether the schema uses the common keywords only, each as it should be. False says nothing:
    then the metaschema has to be asked. The schema is not deeply nested.
    """
    if isinstance(schema, bool):
        return True
    if not isinstance(schema, dict):
        return False
    return all(key in _KEYWORDS and _KEYWORDS[key](value) for key, value in schema.items())


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_anything(value: object) -> bool:
    return True


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _is_type(value: object) -> bool:
    if isinstance(value, list):
        names = [each for each in value if isinstance(each, str)]
        return bool(value) and len(set(names)) == len(value) and _TYPES.issuperset(names)
    return isinstance(value, str) and value in _TYPES


def _are_names(value: object) -> bool:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return False
    return len(set(value)) == len(value)


def _are_schemas(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(is_plainly_valid, value))


def _are_named_schemas(value: object) -> bool:
    return isinstance(value, dict) and all(map(is_plainly_valid, value.values()))


def _is_known_draft(value: object) -> bool:
    return value in (
        "https://json-schema.org/draft/2020-12/schema",
        "http://json-schema.org/draft-07/schema#",
    )


_KEYWORDS: dict[str, Check] = {
    "$schema": _is_known_draft,
    "additionalProperties": is_plainly_valid,
    "allOf": _are_schemas,
    "anyOf": _are_schemas,
    "const": _is_anything,
    "default": _is_anything,
    "description": _is_text,
    "deprecated": _is_flag,
    "enum": _is_list,
    "format": _is_text,
    "items": is_plainly_valid,
    "maxItems": _is_count,
    "maxLength": _is_count,
    "maximum": _is_number,
    "minItems": _is_count,
    "minLength": _is_count,
    "minimum": _is_number,
    "not": is_plainly_valid,
    "oneOf": _are_schemas,
    "properties": _are_named_schemas,
    "readOnly": _is_flag,
    "required": _are_names,
    "title": _is_text,
    "type": _is_type,
}
