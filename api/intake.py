"""From what people send to inputs of the core: validation with pointers, ids, time and salt."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from pydantic import ValidationError

from api.errors import Conflict, UsageError, said
from api.settings import Settings
from streams.clock import new_salt
from streams.domain.inputs import SubmitRequest
from streams.domain.request import ProcessRequestBody
from streams.domain.state import TaskState
from streams.domain.values import Json, Milliseconds, WorkflowSource

MAX_DEPTH = 32
_SUSPICIOUS = re.compile(r"\\u[dD][89a-fA-F]|[eE]\+?[0-9]{3}|[0-9]{300}")
NAMESPACE = uuid5(NAMESPACE_URL, "intelligent-orchestrator")


class InvalidRequest(UsageError):
    """The request does not fit; `problems` lists every field with a JSON pointer."""

    def __init__(self, problems: list[Json]) -> None:
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(said(first["pointer"], first["detail"]) + more, pointer=first["pointer"])
        self.problems = problems


def read_json(body: bytes, *, limit: int) -> Any:
    """JSON as strictly as the standard has it: no NaN, no duplicate names, UTF-8, not too deep.

    Raises:
        InvalidRequest: with what is wrong and where.
    """
    if len(body) > limit:
        raise InvalidRequest(
            [_problem("", f"is {len(body):,} bytes long; at most {limit:,} are taken")]
        )
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidRequest([_problem("", f"is not UTF-8: byte {error.start}")]) from None
    try:
        value = json.loads(
            text,
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_repeats,
        )
    except RecursionError:
        raise InvalidRequest([_problem("", f"is nested deeper than {MAX_DEPTH} levels")]) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidRequest([_problem("", f"is not JSON: {error.msg} ({where})")]) from None
    except ValueError as error:
        raise InvalidRequest([_problem("", str(error))]) from None
    if _depth(value) > MAX_DEPTH:
        raise InvalidRequest([_problem("", f"is nested deeper than {MAX_DEPTH} levels")])
    if _SUSPICIOUS.search(text) and (found := _unwritable(value, "")) is not None:
        raise InvalidRequest([found])
    return value


def read_request(value: Any) -> ProcessRequestBody:
    """A request from its JSON.

    Raises:
        InvalidRequest: naming every field that does not fit.
    """
    if not isinstance(value, dict):
        raise InvalidRequest([_problem("", "must be a JSON object with a field 'request'")])
    try:
        return ProcessRequestBody.model_validate(value)
    except ValidationError as error:
        found = problems_of(error.errors(include_url=False, include_input=False))
        raise InvalidRequest(found) from None


def problems_of(entries: Sequence[Mapping[str, Any]]) -> list[Json]:
    """One problem a field, from pydantic's errors: where a value may have one of several types,
    what fits best is said once."""
    found: dict[str, Json] = {}
    for entry in entries:
        path = [part for part in entry["loc"] if not _is_type_name(part)]
        pointer = "".join(f"/{_escape(str(part))}" for part in path)
        detail = entry["msg"].removeprefix("Value error, ")
        if not pointer and entry["type"] == "missing":
            detail = "is missing: send a JSON object"
        if pointer in found:
            found[pointer]["detail"] = _either(found[pointer]["detail"], detail)
        else:
            found[pointer] = _problem(pointer, detail)
    return list(found.values())


def submission(
    body: ProcessRequestBody,
    settings: Settings,
    *,
    at: Milliseconds,
    principal: str = "local",
    tenant: str = "default",
    idempotency_key: str | None = None,
    source: WorkflowSource | None = None,
    traceparent: str | None = None,
    otherwise: str | None = None,
) -> SubmitRequest:
    """The input for a request. The same `task_id`, or the same key of the same tenant, is the
    same task; a request without either gets the id `otherwise`, or a new one."""
    if body.task_id:
        task_id = body.task_id
    elif idempotency_key:
        task_id = str(uuid5(NAMESPACE, f"{tenant}\n{idempotency_key}"))
    else:
        task_id = otherwise or str(uuid4())
    preferences = body.preferences.model_dump(mode="json", exclude_none=True)
    return SubmitRequest(
        input_id=f"submit:{uuid4()}",
        task_id=task_id,
        at=at,
        salt=new_salt(),
        principal=principal,
        tenant=tenant,
        traceparent=traceparent,
        request=body.request,
        business_metrics=body.business_metrics.given(),
        preferences=preferences,
        context=body.context,
        extra=body.model_extra or {},
        source=source or body.workflow_source,
        settings=task_settings(settings, preferences),
    )


def same_request(known: TaskState, wanted: SubmitRequest, *, by_key: bool = False) -> None:
    """A repeat must be of the same request, and of the same tenant.

    Raises:
        Conflict: it is another one.
    """
    pointer = "" if by_key else "/task_id"
    if known.tenant != wanted.tenant:
        raise Conflict(f"the task_id {wanted.task_id!r} is taken", pointer=pointer)
    given = (wanted.request, wanted.business_metrics, wanted.preferences)
    if given != (known.request, known.business_metrics, known.preferences):
        name = "the Idempotency-Key was used for another request" if by_key else "it is taken"
        raise Conflict(
            f"task {wanted.task_id!r} exists with another request: {name}",
            pointer=pointer,
            code="duplicate",
        )


def task_settings(settings: Settings, preferences: Mapping[str, Any]) -> Json:
    """What the core needs to know of the configuration, with the user's own limits over it."""
    values: Json = {
        "quality_threshold": settings.quality_threshold,
        "step_threshold": settings.step_threshold,
        "max_retries": settings.max_retries,
        "max_attempts": settings.max_attempts,
        "budget": settings.budget,
        "grant_time": int(settings.effect_seconds * 1000),
    }
    for name in ("quality_threshold", "max_retries", "deadline"):
        if name in preferences:
            values[name] = preferences[name]
    if "budget" in preferences:
        own = preferences["budget"]
        values["budget"] = own if settings.budget is None else min(own, settings.budget)
    if "auto_approve" in preferences:
        values["is_auto_approved"] = preferences["auto_approve"]
    return values


def _problem(pointer: str, detail: str) -> Json:
    return {"pointer": pointer, "detail": detail}


def _escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _is_type_name(part: int | str) -> bool:
    """Unions add the name of the type that was tried to the path; it is no field."""
    return isinstance(part, str) and (
        part in ("int", "float", "str", "bool", "VariantEdit") or "[" in part
    )


def _either(first: str, second: str) -> str:
    if second in first:
        return first
    is_number = "valid integer" in first or "valid number" in first
    return (
        "must be a finite number, a text, a list of numbers, or numbers by period"
        if is_number
        else first
    )


def _unwritable(value: Any, pointer: str) -> Json | None:
    """The first thing that JSON can spell and nothing can keep: half of a surrogate pair, or a
    number beyond all floats."""
    if isinstance(value, str):
        is_half = any("\ud800" <= c <= "\udfff" for c in value)
        return _problem(pointer, "contains half of a surrogate pair") if is_half else None
    if isinstance(value, float):
        return None if isfinite(value) else _problem(pointer, "is too large for a number")
    for name, inner in _members(value):
        at = f"{pointer}/{_escape(str(name))}"
        found = _unwritable(name, pointer) or _unwritable(inner, at)
        if found is not None:
            return found
    return None


def _members(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"contains {name}, which is no JSON number")


def _without_repeats(pairs: list[tuple[str, Any]]) -> Json:
    found: Json = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"names the field {name[:80]!r} twice")
        found[name] = value
    return found


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            return depth
        level = [
            inner
            for outer in level
            for inner in (
                outer.values()
                if isinstance(outer, dict)
                else outer
                if isinstance(outer, list)
                else ()
            )
        ]
    return depth
