"""A server that does as the protocol says, made with the official SDK: `python good.py` speaks over
stdin and stdout, `app()` over HTTP.
"""

from typing import Annotated

from mcp.server.mcpserver import Image, MCPServer
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field
from starlette.applications import Starlette

FIGURES = {"Q1 2025": 1_000_000.0, "Q2 2025": 1_200_000.0}


class Revenue(BaseModel):
    """What was taken in a quarter."""

    quarter: str
    revenue: float
    currency: str


server = MCPServer("ledger")
sent: list[str] = []


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def revenue(quarter: Annotated[str, Field(description="such as Q2 2025")]) -> Revenue:
    """The revenue of a quarter from the ledger."""
    return Revenue(quarter=quarter, revenue=FIGURES[quarter], currency="USD")


@server.tool(annotations=ToolAnnotations(destructive_hint=False, idempotent_hint=True))
def remember(text: str, tags: list[str] | None = None) -> str:
    """Keeps a note."""
    sent.append(text)
    return f"kept {text} {tags}"


@server.tool()
def chart() -> Image:
    """A picture."""
    return Image(data=b"\x89PNG" * 100, format="png")


def app() -> Starlette:
    """The server over streamable HTTP, under /mcp."""
    return server.streamable_http_app()


if __name__ == "__main__":
    server.run()
