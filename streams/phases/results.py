"""What each kind of command must answer, and the check of it."""

from typing import Any

from pydantic import ValidationError

from streams.domain.commands import CommandKind
from streams.domain.deliverable import Deliverable, Receipt
from streams.domain.intent import Intent
from streams.domain.plan import ExecutionPlan, ToolSpecification
from streams.domain.quality import QualityAssessment
from streams.domain.values import Json, Value


class Catalogue(Value):
    """The answer to DiscoverTools: the tools that there are, as one version."""

    version: str
    tools: tuple[ToolSpecification, ...]
    notes: tuple[str, ...] = ()


class InvalidResult(ValueError):
    """An agent's answer does not fit its command."""


_ANSWERS: dict[CommandKind, type[Value]] = {
    CommandKind.PARSE_INTENT: Intent,
    CommandKind.DISCOVER_TOOLS: Catalogue,
    CommandKind.PLAN_WORKFLOW: ExecutionPlan,
    CommandKind.ASSESS_QUALITY: QualityAssessment,
    CommandKind.FORMAT: Deliverable,
    CommandKind.PUBLISH: Receipt,
}


def read(kind: CommandKind, output: Json) -> Any:
    """The answer as its type; the other kinds answer any JSON object.

    Raises:
        InvalidResult: it does not fit; the message names the field.
    """
    answer = _ANSWERS.get(kind)
    if answer is None:
        return output
    try:
        return answer.model_validate(output)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        pointer = "/" + "/".join(str(part) for part in first["loc"])
        raise InvalidResult(
            f"the answer to {kind.value} does not fit at {pointer}: {first['msg']}"
        ) from None
