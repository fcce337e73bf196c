"""An MCP server over HTTP: puts figures of companies into one currency, so that they compare.

python benchmark_server.py [PORT]
"""

import sys

from market_server import Companies
from mcp.server.mcpserver import MCPServer
from mcp_types import ToolAnnotations
from pydantic import BaseModel
from rates_server import Rates

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 8765
READS = ToolAnnotations(read_only_hint=True)
YEARLY = {"EUR": 1.08, "GBP": 1.28, "NOK": 0.093, "USD": 1.0}  # averages of 2024, rounded
server = MCPServer("benchmark", instructions="Companies in US dollars, with what they compare to.")


class Row(BaseModel):
    """A company's figures in US dollars a month."""

    company: str
    customer_count: int
    revenue_monthly: float


class Comparison(BaseModel):
    """The companies in one currency."""

    rows: list[Row]
    currency: str = "USD"


@server.tool(annotations=READS)
def compare(companies: Companies, rates: dict[str, float]) -> Comparison:
    """Puts the revenue of each company into US dollars."""
    missing = {c.currency for c in companies.companies} - rates.keys()
    if missing:
        raise ValueError(f"there is no rate for {', '.join(sorted(missing))}: add it to the rates")
    return Comparison(
        rows=[
            Row(
                company=c.company,
                customer_count=c.customers,
                revenue_monthly=round(c.revenue_monthly * rates[c.currency], 2),
            )
            for c in companies.companies
        ]
    )


@server.tool(annotations=READS)
def reference_rates() -> Rates:
    """Average exchange rates of a year, for when no newer ones can be had."""
    return Rates(rates=YEARLY)


if __name__ == "__main__":
    server.run("streamable-http", port=PORT, stateless_http=True)
