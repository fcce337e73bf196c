"""Arbitrary values of any frozen model, made from the types of its fields."""

from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from annotated_types import Ge, Le, MinLen
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from streams.domain.values import Value

Model = TypeVar("Model", bound=Value)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
PLAIN = {
    bool: st.booleans(),
    NoneType: st.none(),
    Any: JSON,
}


def values_of(kind: type[Model]) -> st.SearchStrategy[Model]:
    """Valid values of a model."""
    fields = {
        name: _of(field.annotation, tuple(field.metadata))
        for name, field in kind.model_fields.items()
    }
    return st.builds(kind, **fields)


def _of(annotation: Any, limits: tuple[Any, ...] = ()) -> st.SearchStrategy[Any]:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner = [m for p in parts[1:] for m in (p.metadata if isinstance(p, FieldInfo) else [p])]
        return _of(parts[0], (*limits, *inner))
    if origin is Literal:
        return st.sampled_from(parts)
    if origin in (Union, UnionType):
        return st.one_of([_of(part, limits) for part in parts])
    if origin is tuple:
        return _tuples(parts, limits)
    if origin is dict:
        return st.dictionaries(_of(parts[0]), _of(parts[1]), max_size=2)
    return _single(annotation, limits)


def _tuples(parts: tuple[Any, ...], limits: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if parts[-1] is not ...:
        return st.tuples(*map(_of, parts))
    least = next((limit.min_length for limit in limits if isinstance(limit, MinLen)), 0)
    return st.lists(_of(parts[0]), min_size=least, max_size=max(least, 1)).map(tuple)


def _single(kind: Any, limits: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if kind in PLAIN:
        return PLAIN[kind]
    if issubclass(kind, Value):
        return values_of(kind)
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    if issubclass(kind, str):
        return _texts(limits)
    least = next((limit.ge for limit in limits if isinstance(limit, Ge)), None)
    most = next((limit.le for limit in limits if isinstance(limit, Le)), None)
    if kind is int:
        return st.integers(least, most)
    return st.floats(least, most, allow_nan=False, allow_infinity=False)


def _texts(limits: tuple[Any, ...]) -> st.SearchStrategy[str]:
    pattern = next((limit.pattern for limit in limits if hasattr(limit, "pattern")), None)
    if pattern is not None:
        return st.from_regex(pattern, fullmatch=True)
    is_needed = any(isinstance(limit, MinLen) for limit in limits)
    return TEXT.map(lambda text: text or "x") if is_needed else TEXT
