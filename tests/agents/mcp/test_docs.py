"""What the page says of servers of others is what there is."""

import re
from pathlib import Path

from agents.tools.limits import KIB, MIB, Limits
from agents.tools.servers import read_servers
from agents.tools.settings import CONCURRENCY

PAGE = (Path(__file__).parents[3] / "docs" / "mcp.md").read_text("utf-8")
SECTION = PAGE.partition("## Servers of others")[2].partition("\n## ")[0]
FILE, RESULT = re.findall(r"^```json\n(.*?)^```", SECTION, re.MULTILINE | re.DOTALL)


def test_the_file_on_the_page_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "mcp.json"
    path.write_text(FILE)
    environment = {"MARKET_API_KEY": "k-1234567", "CRM_TOKEN": "t-1234567"}

    market, crm, old = read_servers(path, environment)

    assert not any(server.problem or server.notes for server in (market, crm, old))
    assert market.own.tools["prices"].produces == ("market_data",)
    assert (market.own.timeout, market.own.is_trusted) == (20_000, True)
    assert crm.url == "https://crm.example.com/mcp"
    assert old.is_disabled
    assert f"{CONCURRENCY} unless" in SECTION


def test_the_bounds_on_the_page_are_those_of_the_code() -> None:
    limits = Limits()
    rows = dict(re.findall(r"^\| `([`\w, ]+)` \| (.+?) \|", SECTION, re.MULTILINE))

    assert rows == {
        "connect": f"{limits.connect // 1000} s",
        "listing": f"{limits.listing // 1000} s for all pages",
        "pages`, `tools": f"{limits.pages}, {limits.tools:,}",
        "catalogue": f"{limits.catalogue // MIB} MB of specifications a server",
        "description": f"{limits.description:,} characters",
        "schema": f"{limits.schema // KIB} KB, {limits.depth} levels",
        "message": f"{limits.message // MIB} MB",
        "junk": f"{limits.junk // MIB} MB on stdout that is no message",
        "text": f"{limits.text:,} characters of one result",
        "structured": f"{limits.structured // KIB} KB, {limits.depth} levels",
        "starts": f"{limits.starts} in a row, {limits.first_pause // 1000} s to "
        f"{limits.last_pause // 1000} s apart",
    }
    assert limits.refresh == 5 * 60 * 1000
    assert limits.close == 3 * 2 * 1000
