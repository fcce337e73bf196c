"""An MCP server on standard input and output: exchange rates from a CSV file.

python rates_server.py [rates.csv]
"""

import csv
import sys
from pathlib import Path

from mcp.server.mcpserver import MCPServer
from mcp_types import ToolAnnotations
from pydantic import BaseModel

FILE = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("rates.csv")
server = MCPServer("rates", instructions="Exchange rates in US dollars.")


class Rates(BaseModel):
    """How many US dollars one unit of each currency is."""

    rates: dict[str, float]


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def exchange_rates() -> Rates:
    """The rates of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return Rates(rates={row["currency"]: float(row["usd"]) for row in csv.DictReader(file)})


if __name__ == "__main__":
    server.run()
