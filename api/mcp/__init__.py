"""The orchestrator and its agents as MCP servers, for assistants and for other orchestrators."""
