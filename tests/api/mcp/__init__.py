"""Tests of the orchestrator as an MCP server."""
