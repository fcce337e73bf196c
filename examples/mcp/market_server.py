"""An MCP server on standard input and output: figures of companies from a CSV file.

python market_server.py [companies.csv]
"""

import csv
import sys
from pathlib import Path

from mcp.server.mcpserver import MCPServer
from mcp_types import ToolAnnotations
from pydantic import BaseModel

FILE = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("companies.csv")
server = MCPServer("market", instructions="Figures of companies, in the currency of each.")


class Company(BaseModel):
    """A company's figures; revenue is in its own currency, a month."""

    company: str
    customers: int
    revenue_monthly: float
    currency: str


class Companies(BaseModel):
    """All companies that are known."""

    companies: list[Company]


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def companies() -> Companies:
    """Customers and monthly revenue of the companies in the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return Companies(companies=[Company.model_validate(row) for row in csv.DictReader(file)])


if __name__ == "__main__":
    server.run()
