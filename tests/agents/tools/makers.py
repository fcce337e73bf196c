"""Tools of others, as servers and agents would bring them."""

from typing import Any

from agents.tools.found import Found, ServerReport
from streams.domain.plan import ToolSpecification
from streams.domain.values import Permission

TEXT = {"type": "string"}
OBJECT = {"type": "object"}


def foreign(
    tool_id: str,
    *produces: str,
    inputs: dict[str, Any] | None = None,
    required: tuple[str, ...] = (),
    **more: Any,
) -> ToolSpecification:
    """A tool of the MCP server that its id begins with; it may run at once unless stated."""
    server = tool_id.partition(".")[0]
    given: dict[str, Any] = {
        "name": tool_id,
        "agent_type": "mcp",
        "source": f"mcp:{server}",
        "permission": Permission.ALLOW,
        "success_rate": 0.9,
        "input_schema": {
            "type": "object",
            "properties": inputs or {},
            "required": list(required),
        },
        "output_schema": {"type": "object", "properties": dict.fromkeys(produces, OBJECT)},
        "produces": produces,
    }
    return ToolSpecification(tool_id=tool_id, **given | more)


class Servers:
    """Servers that are there at once, or after somebody has waited for them."""

    def __init__(self, *tools: ToolSpecification, is_slow: bool = False) -> None:
        self.tools = tools
        self.waits: list[float] = []
        self.looks: list[str | None] = []
        self._is_there = not is_slow

    def found(self) -> Found:
        """What is known now."""
        names = sorted({tool.source.partition(":")[2] for tool in self.tools})
        state = "ready" if self._is_there else "connecting"
        reports = tuple(ServerReport(name, "stdio", state, 1) for name in names)
        return Found(self.tools if self._is_there else (), reports)

    async def settled(self, seconds: float) -> None:
        """Be there from now on."""
        self.waits.append(seconds)
        self._is_there = True

    async def refresh(self, name: str | None = None) -> None:
        """Note who was looked at."""
        self.looks.append(name)
