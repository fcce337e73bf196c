"""MCP servers as they are found in the world: good ones, and each kind of bad one."""
