"""What goes into tools of agents elsewhere and what comes out of them: checked against their
schemas, and marked as data of others."""

from agents.tools.cleaning import one_line
from agents.tools.limits import Limits
from agents.tools.schemas import flaw, misfit, presentable
from api.errors import UsageError
from streams.domain.commands import CommandKind
from streams.domain.events import CommandIssued
from streams.domain.plan import ToolSpecification
from streams.domain.values import Json

LIMITS = Limits()
NAMES = 100  # characters of a tool's name


def presented(tool: ToolSpecification, pointer: str) -> ToolSpecification:
    """A tool as people and models are shown it: its words in one line without what nobody could
    see, its schemas without what could lead elsewhere.

    Raises:
        UsageError: a schema is none, or leads elsewhere.
    """
    for part in ("input_schema", "output_schema"):
        schema = getattr(tool, part)
        if schema and (why := flaw(schema, LIMITS)):
            raise UsageError(f"the schema {why}", pointer=f"{pointer}/{part}")
    return tool.model_copy(
        update={
            "name": one_line(tool.name, NAMES),
            "description": one_line(tool.description, LIMITS.description),
            "input_schema": presentable(tool.input_schema),
            "output_schema": presentable(tool.output_schema),
        }
    )


def check_inputs(tool: ToolSpecification, payload: Json) -> None:
    """Whether a payload fits the tool; built-in ones say themselves what they miss.

    Raises:
        UsageError: it does not.
    """
    if tool.source == "builtin" or not tool.input_schema:
        return
    is_step = isinstance(payload.get("inputs"), dict)
    found = misfit(
        tool.input_schema, payload["inputs"] if is_step else payload, LIMITS.argument_checks
    )
    if found is not None:
        at = "/payload/inputs" if is_step else "/payload"
        raise UsageError(found.message, pointer=at + found.pointer)


def as_data(
    tool: ToolSpecification | None, issued: CommandIssued, output: Json, language: str
) -> Json:
    """A result as it goes into the history. That of a built-in agent's work, done elsewhere, stays
    as it is; that of a tool of others fits its schema, and says in a plan where it comes from.

    Raises:
        UsageError: it does not fit the tool's own schema.
    """
    if tool is None or tool.source == "builtin" or issued.kind is not CommandKind.RUN_STEP:
        return output
    if tool.output_schema:
        found = misfit(tool.output_schema, output, LIMITS.result_checks)
        if found is not None:
            raise UsageError(
                f"the tool {tool.tool_id!r} promises another form: {found.message}",
                pointer=f"/output{found.pointer}",
            )
    from agents.tools.shaping import shape

    marked = output | {"source": tool.source, "is_untrusted": True}
    return shape(issued.action, tool.tool_id, marked, language)
