"""How a planner uses tools of others: by the names and types in their schemas, and by nothing that
they say.

Required inputs are filled with what the intent says, under the names that others give to it, or
with artifacts that other steps make. A tool with an input that nobody can fill is not usable.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from agents.planning.fitting import fits, may_be
from streams.domain.plan import ToolSpecification
from streams.domain.values import Json

BUILTIN = "builtin"
READ_ANYHOW = frozenset({"market_data", "metrics_data", "research"})  # numbers are read out of them
WORDED = frozenset({"draft", "report", "check"})  # whose words can stand for them
KEPT = frozenset({"quality_report", "compliance_report"})  # checks stay with those we know
DEFAULT_LIMIT = 10
_SHAPES: Mapping[str, tuple[str, ...]] = {
    # artifact: what an object must have to be used as one
    "insights": ("facts", "insights", "narrative"),
    "draft": ("kind", "content"),
    "report": ("kind", "content"),
    "check": ("kind", "content"),
}
_VARIANT = ("channel", "content")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,63}")
_SNAKE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Fit:
    """How a tool's inputs are filled: from the intent, by artifacts it must have or can use, and
    those that nobody fills, with the type that they want."""

    inputs: Json = field(default_factory=dict)
    mandatory: frozenset[str] = frozenset()
    optional: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)


def is_foreign(tool: ToolSpecification) -> bool:
    """Whether the tool comes from others."""
    return tool.source != BUILTIN


def is_mcp(tool: ToolSpecification) -> bool:
    """Whether the tool belongs to an MCP server, which knows nothing of our artifacts."""
    return tool.source.startswith("mcp:")


def made_by(tool: ToolSpecification) -> tuple[str, ...]:
    """The artifacts that a plan may have made by a tool. Those of an MCP server count only where
    their form is ours or can be read anyhow, and never as a check or a receipt."""
    if not is_foreign(tool):
        return tool.produces
    made = [a for a in tool.produces if _NAME.fullmatch(a) and not a.startswith("receipt:")]
    if is_mcp(tool):
        made = [a for a in made if a not in KEPT and _has_form(tool.output_schema, a)]
    return tuple(made)


def fields_of(tool: ToolSpecification) -> frozenset[str]:
    """The artifacts of an MCP tool that lie in its results under their own name."""
    if not is_mcp(tool):
        return frozenset()
    properties = tool.output_schema.get("properties")
    return frozenset(made_by(tool)) & (properties.keys() if isinstance(properties, dict) else set())


def fit(
    tool: ToolSpecification,
    values: Json,
    artifacts: Iterable[str],
    opened: Iterable[str] = (),
) -> Fit:
    """How the inputs of a tool of others can be filled.

    Args:
        values: what the intent says, by our names.
        artifacts: what is given or made by some tool.
        opened: those of them that are made as a field of that name, which can be taken out.
    """
    schema = tool.input_schema
    properties = schema.get("properties")
    properties = properties if isinstance(properties, Mapping) else {}
    required, configured = _texts(schema.get("required")), frozenset(tool.consumes)
    there, parts = configured.union(artifacts), frozenset(opened) | WORDED
    inputs: Json = {}
    mandatory = set(configured - properties.keys())
    optional: list[str] = []
    missing: dict[str, str] = {}
    for name in sorted({*map(str, properties), *required}):
        own, is_needed = properties.get(name, True), name in required
        found = [] if name in configured else [*islice(_values(name, own, schema, values), 1)]
        if found and (is_needed or not _is_default(found[0], own)):
            inputs[name] = found[0]
        elif not found and name in there and _takes(name, own, schema, parts):
            if is_needed:
                mandatory.add(name)
            else:
                optional.append(name)
        elif is_needed:
            missing[name] = _type_of(own)
    return Fit(inputs, frozenset(mandatory), tuple(optional), missing)


def _takes(name: str, own: Any, schema: Json, parts: frozenset[str]) -> bool:
    """Whether an artifact fits an input: as the object that it is, or the part that is wanted."""
    return may_be("object", own, schema) or (
        name in parts and (name not in WORDED or may_be("string", own, schema))
    )


# ------------------------------------------------------------------------------- what it makes


def _has_form(schema: Json, artifact: str) -> bool:
    """Whether results can be used as an artifact: ours need our form, at the top or under their
    name; what nobody else knows is free."""
    shape = _VARIANT if artifact.startswith("variant:") else _SHAPES.get(artifact)
    if shape is None:
        return True
    properties = schema.get("properties")
    inner = properties.get(artifact) if isinstance(properties, Mapping) else None
    return any(_requires(one, shape) for one in (schema, inner))


def _requires(schema: Any, shape: Iterable[str]) -> bool:
    return isinstance(schema, Mapping) and _texts(schema.get("required")).issuperset(shape)


# ------------------------------------------------------------------------------ what it is given


def _values(name: str, own: Any, root: Json, values: Json) -> Iterator[Any]:
    """What fits an input of what can be said to it, the likeliest first."""
    return (value for value in _candidates(name, own, values) if fits(value, own, root))


def _candidates(name: str, own: Any, values: Json) -> Iterator[Any]:
    word = _SNAKE.sub("_", name).strip("_").lower()
    found = [values[name]] if name in values else []
    found += [read(values) for read in _SYNONYMS.get(word, ())]
    for value in found:
        if value in (None, "", [], ()):
            continue
        yield value
        if isinstance(value, list) and len(value) == 1:
            yield value[0]
        elif isinstance(value, str):
            yield [value]
    if isinstance(own, Mapping):
        yield from _of_schema(word, own)


def _of_schema(word: str, own: Mapping[str, Any]) -> Iterator[Any]:
    """What the schema itself leaves no choice about, or a plain number of results."""
    if "const" in own:
        yield own["const"]
    elif isinstance(own.get("enum"), list) and len(own["enum"]) == 1:
        yield own["enum"][0]
    if "default" in own:
        yield own["default"]
    if word in _COUNTS:
        yield DEFAULT_LIMIT
        yield from (own[name] for name in ("maximum", "minimum") if name in own)


def _is_default(value: Any, own: Any) -> bool:
    """Whether an input that may be left out would only repeat what holds anyway."""
    if value == DEFAULT_LIMIT:
        return True
    return isinstance(own, Mapping) and "default" in own and bool(own["default"] == value)


_COUNTS = frozenset(
    {"limit", "max_results", "count", "top", "top_k", "n", "num_results", "page_size", "size",
     "per_page", "maximum", "max"}
)  # fmt: skip


def _of(name: str) -> Callable[[Json], Any]:
    return lambda values: values.get(name)


def _in_period(name: str) -> Callable[[Json], Any]:
    def read(values: Json) -> Any:
        period = values.get("date_range")
        return period.get(name) if isinstance(period, dict) else None

    return read


def _year(values: Json) -> Any:
    start, end = _in_period("start")(values), _in_period("end")(values)
    is_one = isinstance(start, str) and isinstance(end, str) and start[:4] == end[:4]
    return int(start[:4]) if is_one and start[:4].isdigit() else None


def _one_metric(values: Json) -> Any:
    metrics = values.get("metrics")
    return metrics[0] if isinstance(metrics, list) and len(metrics) == 1 else None


def _table(*rows: tuple[str, tuple[Callable[[Json], Any], ...]]) -> dict[str, Any]:
    return {word: readers for words, readers in rows for word in words.split()}


_SYNONYMS: Mapping[str, tuple[Callable[[Json], Any], ...]] = _table(
    ("q query search search_query search_term search_terms term question text topic subject "
     "keyword keywords phrase about", (_of("topic"), _of("query"))),
    ("lang language locale language_code hl output_language", (_of("language"),)),
    ("start start_date startdate from_date date_from since begin begin_date period_start",
     (_in_period("start"),)),
    ("end end_date enddate to_date date_to until period_end", (_in_period("end"),)),
    ("period date_range daterange timeframe time_range quarter range time_period",
     (_of("date_range"), _in_period("label"))),
    ("year", (_year,)),
    ("metrics metric_names kpis measures", (_of("metrics"),)),
    ("metric metric_name kpi measure", (_one_metric,)),
    ("channels platforms networks", (_of("channels"),)),
    ("channel platform network", (_of("channel"),)),
    ("tone style voice", (_of("tone"),)),
    ("requirements instructions", (_of("requirements"),)),
)  # fmt: skip


def _texts(value: Any) -> frozenset[str]:
    return (
        frozenset(v for v in value if isinstance(v, str))
        if isinstance(value, list)
        else frozenset()
    )


def _type_of(own: Any) -> str:
    kind = own.get("type") if isinstance(own, Mapping) else None
    return kind if isinstance(kind, str) else "value"
