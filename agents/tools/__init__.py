"""The tools of others: MCP servers that a file names, found, watched, and called with bounds."""
