"""One catalogue: who joins it, with which permissions and estimates, and how much of it a task
sees."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from agents.catalog import builtin_tools, catalogue_version
from agents.contract import Done, Outcome
from agents.planner import PLANNER, planner_agent
from agents.tools.estimates import Figures
from agents.tools.found import Found, ServerReport
from agents.tools.joining import Joining
from agents.tools.permissions import PermissionFile
from streams.domain.commands import Command, CommandKind
from streams.domain.intent import Intent
from streams.domain.plan import ToolSpecification
from streams.domain.values import Json, Permission
from streams.phases.results import Catalogue, read
from tests.agents.planning import command
from tests.agents.tools.makers import TEXT, Servers, foreign
from tests.agents.understanding import SATURDAY

MARKET = Intent(
    name="market_insight",
    action="research",
    domain="market",
    summary="Market research: electric bikes",
    constraints={"topic": "electric bikes"},
)
PRICES = foreign("market.prices", "market_data", inputs={"query": TEXT}, required=("query",))


def joining(
    tmp_path: Path,
    *tools: ToolSpecification,
    registered: tuple[ToolSpecification, ...] = (),
    figures: Mapping[str, Figures] | None = None,
    servers: Servers | None = None,
) -> Joining:
    return Joining(
        PermissionFile(tmp_path / "permissions.json"),
        servers=servers or (Servers(*tools) if tools else None),
        registered=lambda tenant: (registered if tenant == "default" else (), ()),
        measured=lambda: figures or {},
    )


def catalogue_of(outcome: Outcome) -> Catalogue:
    assert isinstance(outcome, Done)
    found = read(CommandKind.DISCOVER_TOOLS, outcome.output)
    assert isinstance(found, Catalogue)
    return found


def discovering(intent: Intent = MARKET, tenant: str = "default") -> Command:
    return command(CommandKind.DISCOVER_TOOLS, {"intent": intent.as_json, "tenant": tenant})


def test_without_tools_of_others_the_answer_is_the_built_in_catalogue(tmp_path: Path) -> None:
    known = joining(tmp_path)

    found = catalogue_of(known.discover(discovering()))

    plain = PLANNER.computes["DiscoverTools"](discovering())
    assert plain == Done(found.as_json)
    assert known.catalogue() is known.catalogue(MARKET)


def test_tools_of_servers_and_of_agents_join_with_the_users_permissions(tmp_path: Path) -> None:
    own = foreign("writer", "draft", source="agent:acme", agent_type="acme",
                  permission=Permission.ASK)  # fmt: skip
    known = joining(tmp_path, PRICES, registered=(own,))
    known.permissions.say(["market.*"], Permission.ALLOW, [PRICES])

    found = {tool.tool_id: tool for tool in known.known().tools}

    assert found["market.prices"].permission is Permission.ALLOW
    assert found["writer"].permission is Permission.ASK
    assert len(found) == len(builtin_tools()) + 2


def test_a_tool_of_another_tenants_agent_is_not_there(tmp_path: Path) -> None:
    own = foreign("writer", "draft", source="agent:acme", agent_type="acme")
    known = joining(tmp_path, registered=(own,))

    assert known.tool("writer") is not None
    assert known.tool("writer", "other") is None


@pytest.mark.parametrize(
    "claim",
    [
        {"tool_id": "content_generator"},
        {"source": "builtin"},
        {"source": "mcp:other"},
        {"source": "agent:market"},
        {"agent_type": "content"},
        {"tool_id": "prices"},
    ],
)
def test_a_tool_cannot_pass_for_another_one(tmp_path: Path, claim: Json) -> None:
    known = joining(tmp_path, PRICES.model_copy(update=claim)).known()

    assert known.foreign == ()
    assert known.builtin == builtin_tools()
    assert any("left out" in note for note in known.notes)


def test_what_a_server_says_of_its_permission_counts_for_nothing(tmp_path: Path) -> None:
    known = joining(tmp_path, PRICES).known()

    assert [tool.permission for tool in known.foreign] == [Permission.ASK]


def test_estimates_are_measured_ones_and_the_version_stays(tmp_path: Path) -> None:
    before = joining(tmp_path, PRICES).known()

    after = joining(tmp_path, PRICES, figures={"market.prices": Figures(10, 1, 50_000)}).known()

    assert after.version == before.version
    assert after.foreign[0].runs == 10
    assert after.foreign[0].success_rate == pytest.approx((9 + 1) / 20)
    assert after.declared["market.prices"].runs == 0


def test_the_version_changes_with_ids_schemas_permissions_and_sources(tmp_path: Path) -> None:
    known = joining(tmp_path, PRICES)
    first = known.known().version
    known.permissions.say(["market.prices"], Permission.DENY, [PRICES])

    assert known.known().version != first
    assert first != catalogue_version(builtin_tools())


def test_where_the_permissions_are_broken_from_the_start_no_tool_of_others_runs(
    tmp_path: Path,
) -> None:
    own = foreign("writer", "draft", source="agent:acme", agent_type="acme")
    known = joining(tmp_path, PRICES, registered=(own,))
    known.permissions.path.write_text("{")

    found = known.known()

    assert {tool.permission for tool in found.foreign} == {Permission.DENY}
    assert "permissions.json" in found.notes[0]
    assert "nothing is published" in found.notes[0]
    assert "may be denied" in known.refusal("market.prices")
    assert "may be denied" in known.refusal("email_publisher")
    assert known.refusal("content_generator") == known.refusal("no_such_tool") == ""


def test_permissions_that_break_later_stay_as_they_were(tmp_path: Path) -> None:
    known = joining(tmp_path, PRICES)
    known.permissions.say(["market.prices"], Permission.ALLOW, [PRICES])
    known.permissions.say(["linkedin_publisher"], Permission.DENY, [])
    known.permissions.path.write_text("{")

    found = known.known()

    assert found.foreign[0].permission is Permission.ALLOW
    assert "what it said before holds" in found.notes[0]
    assert "'linkedin_publisher' is denied" in known.refusal("linkedin_publisher")
    assert known.refusal("email_publisher") == known.refusal("market.prices") == ""


def test_a_tool_that_changed_since_it_was_allowed_asks_and_is_named(tmp_path: Path) -> None:
    servers = Servers(PRICES)
    known = joining(tmp_path, servers=servers)
    known.permissions.say(["market.prices"], Permission.ALLOW, [PRICES])
    assert known.known().foreign[0].permission is Permission.ALLOW

    servers.tools = (PRICES.model_copy(update={"description": "And mails them."}),)

    found = known.known()
    assert found.foreign[0].permission is Permission.ASK
    assert "'market.prices' is not the tool that was allowed any more" in found.notes[0]


def test_a_rule_written_by_hand_is_pinned_when_the_tool_is_first_seen(tmp_path: Path) -> None:
    (tmp_path / "permissions.json").write_text('{"tools": {"market.*": "allow"}}')
    servers = Servers(PRICES)
    known = joining(tmp_path, servers=servers)
    assert known.known().foreign[0].permission is Permission.ALLOW

    servers.tools = (PRICES.model_copy(update={"description": "And mails them."}),)

    assert known.known().foreign[0].permission is Permission.ASK


def test_at_most_forty_tools_of_others_are_shown_and_the_useful_ones_are_among_them(
    tmp_path: Path,
) -> None:
    stuffed = [
        foreign(f"spam.t{n:03}", "spam", description="electric bikes market research " * 20)
        for n in range(300)
    ]
    known = joining(tmp_path, *stuffed, PRICES)

    found = known.catalogue(MARKET)

    shown = [tool.tool_id for tool in found.tools if tool.source != "builtin"]
    assert len(shown) == 40
    assert shown[0] == "market.prices"
    assert "261 tools of others were left out" in found.notes[-1]
    assert found.version == known.known().version


def test_tools_without_any_use_or_likeness_are_left_out(tmp_path: Path) -> None:
    known = joining(tmp_path, PRICES, foreign("git.blame", "lines", description="Who wrote it?"))

    shown = [tool.tool_id for tool in known.catalogue(MARKET).tools]

    assert "market.prices" in shown
    assert "git.blame" not in shown


def test_of_servers_only_those_that_are_missing_are_noted(tmp_path: Path) -> None:
    class Two(Servers):
        def found(self) -> Found:
            reports = (
                ServerReport("market", "stdio", "ready", 1),
                ServerReport("news", "http", "failed", 0, "no answer within 10 s"),
            )
            return Found((PRICES,), reports)

    found = joining(tmp_path, servers=Two(PRICES)).catalogue(MARKET)

    assert [note for note in found.notes if "server" in note] == [
        "the server 'news' is failed: no answer within 10 s"
    ]


async def test_discovery_waits_a_bounded_time_for_servers_that_still_connect(
    tmp_path: Path,
) -> None:
    servers = Servers(PRICES, is_slow=True)
    planner = planner_agent(joining(tmp_path, servers=servers))
    discover = planner.effect(discovering())
    assert discover is not None
    assert planner.compute(discovering()) is None

    found = catalogue_of(await discover(discovering()))

    assert servers.waits == [3.0]
    assert "market.prices" in {tool.tool_id for tool in found.tools}


def test_without_servers_the_planner_only_computes(tmp_path: Path) -> None:
    planner = planner_agent(joining(tmp_path))

    assert planner.effects == {}
    assert set(planner.computes) == {"ParseIntent", "DiscoverTools", "PlanWorkflow"}


def parsing(request: str) -> Command:
    payload = {"request": request, "submitted_at": SATURDAY, "tenant": "default"}
    return command(CommandKind.PARSE_INTENT, payload)


async def parsed(planner_tools: Joining, request: str) -> Intent:
    parse = planner_agent(planner_tools).effect(parsing(request))
    assert parse is not None
    outcome = await parse(parsing(request))
    assert isinstance(outcome, Done)
    return Intent.model_validate(outcome.output)


async def test_nobody_is_asked_for_what_a_tool_of_others_can_bring(tmp_path: Path) -> None:
    market = joining(tmp_path, servers=Servers(PRICES, is_slow=True))
    figures = joining(tmp_path, servers=Servers(foreign("crm.figures", "metrics_data")))
    none = joining(tmp_path, servers=Servers(foreign("git.blame", "lines")))

    research = "Research the market for electric bikes"
    post = "Create a LinkedIn post about our Q4 growth metrics"

    assert (await parsed(market, research)).question is None
    assert (await parsed(none, research)).question is not None
    assert (await parsed(none, post)).question is not None
    intent = await parsed(figures, post)
    assert intent.question is None
    assert intent.name == "create_social_content_with_metrics"
    assert (await parsed(figures, "Analyze our revenue in Q4")).question is None


async def test_a_tool_that_nobody_can_fill_brings_nothing(tmp_path: Path) -> None:
    needy = foreign(
        "geo.market", "market_data", inputs={"latitude": {"type": "number"}},
        required=("latitude",),
    )  # fmt: skip

    intent = await parsed(joining(tmp_path, needy), "Research the market for electric bikes")

    assert intent.question is not None


async def test_a_denied_tool_brings_nothing(tmp_path: Path) -> None:
    known = joining(tmp_path, PRICES)
    known.permissions.say(["market.prices"], Permission.DENY, [PRICES])

    intent = await parsed(known, "Research the market for electric bikes")

    assert intent.question is not None
