"""`mcp`: the orchestrator, or its agents, as an MCP server for a desktop assistant."""

import click

from api.settings import Settings
from api.verbs import common


@click.command(
    epilog=common.examples(
        "orchestrator mcp --server http://localhost:8000",
        "orchestrator mcp --agents",
    )
)
@click.option(
    "--agents", "is_agents", is_flag=True, help="Offer the built-in agents' tools instead."
)
@common.where
def mcp(is_agents: bool, settings: Settings) -> int:
    """Speak MCP on standard input and output, as desktop assistants expect of a server.

    The tools submit, look, decide and search, with the rights of your token. They ask the server
    that is named or holds the data directory; without one, this process does the work. Over HTTP
    a server offers the same at /mcp, and the agents' tools at /mcp/agents.
    """
    from api.mcp.stdio import serve

    common.wait_for(serve(settings, is_agents=is_agents))
    return 0
