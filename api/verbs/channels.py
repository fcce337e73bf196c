"""`channels`: where posts go, what is missing for a channel, and whether its platform takes us
in."""

from typing import TYPE_CHECKING, Any

import click

from api.client import connect, server_of
from api.errors import NotFound, UsageError
from api.settings import PREFIX, Settings
from api.verbs import common

if TYPE_CHECKING:
    from agents.publishers.guide import Guide
    from api.channels import Standing

NAMES = "linkedin, twitter (x), email"


@click.group(
    invoke_without_command=True,
    epilog=common.examples(
        "orchestrator channels list",
        "orchestrator channels connect linkedin",
        "orchestrator channels test linkedin",
    ),
)
@common.as_json
@common.where
@click.pass_context
def channels(context: click.Context, is_json: bool, settings: Settings) -> int:
    """Where posts go: dry run or live; connect and test. Without a verb they are listed."""
    if context.invoked_subcommand is not None:
        return 0
    return common.wait_for(_list(settings, is_json))


@channels.command(
    "list",
    epilog=common.examples("orchestrator channels list", "orchestrator channels list --json"),
)
@common.as_json
@common.where
def list_channels(is_json: bool, settings: Settings) -> int:
    """Each channel: a dry run or live, what is missing, and when engagement was fetched last."""
    return common.wait_for(_list(settings, is_json))


async def _list(settings: Settings, is_json: bool) -> int:
    if server_of(settings):
        async with connect(settings) as client:
            found = await client.get("/api/social/channels")
    else:
        from api.channels import standings
        from api.known_tools import denials

        denied = denials(settings)
        shown = [
            standing.as_json | {"denied": denied.get(channel), "engagement": {}}
            for channel, standing in standings(settings).items()
        ]
        found = {"channels": shown}
    if is_json:
        common.show_json(found)
        return 0
    for channel in found["channels"]:
        _show(channel)
    return 0


def _show(channel: dict[str, Any]) -> None:
    colour = "green" if channel["is_live"] else None
    mode = click.style("live   " if channel["is_live"] else "dry run", fg=colour, bold=True)
    click.echo(f"{channel['channel']:<9} {mode}  {channel['where']}")
    if channel.get("denied"):
        click.echo(click.style(f"            nothing goes out: {channel['denied']}", fg="red"))
    for name in channel["missing"]:
        click.echo(f"            {name} is not set")
    for problem in channel["problems"]:
        click.echo(click.style(f"            {problem}", fg="red"))
    if channel["is_complete"] and not channel["is_named"]:
        hint = f"{PREFIX}LIVE_CHANNELS={channel['channel']} makes it live"
        click.echo(f"            all it needs is there; {hint}")
    elif not channel["is_complete"]:
        click.echo(
            click.style(f"            orchestrator channels connect {channel['channel']}", dim=True)
        )
    _show_engagement(channel["engagement"])


def _show_engagement(engagement: dict[str, Any]) -> None:
    if engagement.get("last_at"):
        click.echo(f"            engagement last fetched at {engagement['last_at']}")
    if engagement.get("error"):
        click.echo(click.style(f"            engagement: {engagement['error']}", fg="yellow"))


@channels.command(
    epilog=common.examples("orchestrator channels test linkedin", "orchestrator channels test")
)
@click.argument("channel", required=False)
@common.as_json
@common.where
def test(channel: str | None, is_json: bool, settings: Settings) -> int:
    """Ask the platform who we are; nothing is published. Without CHANNEL, each that is complete."""
    return common.wait_for(_test(settings, channel, is_json))


async def _test(settings: Settings, name: str | None, is_json: bool) -> int:
    from api.channels import channel_named, standings

    if name is not None and channel_named(name) is None:
        raise UsageError(f"{name!r} is no channel: {NAMES}")
    wanted = [channel_named(name)] if name else [
        channel for channel, standing in standings(settings).items() if standing.account is not None
    ]  # fmt: skip
    if not wanted:
        raise NotFound("no channel is complete: `orchestrator channels list` says what is missing")
    found = [await _try(settings, channel.value) for channel in wanted if channel is not None]
    if is_json:
        common.show_json(found)
    else:
        for tried in found:
            _show_tried(tried)
    return 0 if all(tried["is_ok"] for tried in found) else 1


async def _try(settings: Settings, channel: str) -> dict[str, Any]:
    if server_of(settings):
        async with connect(settings) as client:
            answer: dict[str, Any] = await client.post(f"/api/social/channels/{channel}/test")
            return answer
    from api.publishing import try_channel
    from streams.clock import wall_clock
    from streams.domain.values import Channel

    return await try_channel(settings, Channel(channel), wall_clock)


def _show_tried(tried: dict[str, Any]) -> None:
    mark = click.style("ok  ", fg="green") if tried["is_ok"] else click.style("BAD ", fg="red")
    click.echo(f"{mark} {tried['channel']:<9} {tried['who'] or ''}{tried['error'] or ''}")
    for note in tried["notes"]:
        click.echo(f"               {note}")
    click.echo(f"               posts go to: {tried['where']}")


@channels.command("connect", epilog=common.examples("orchestrator channels connect twitter"))
@click.argument("channel")
@common.as_json
@common.where
def connect_channel(channel: str, is_json: bool, settings: Settings) -> int:
    """What a channel needs: variables, permissions, and the pages that describe them."""
    from agents.publishers.guide import GUIDES
    from api.channels import channel_named, standings

    wanted = channel_named(channel)
    if wanted is None:
        raise UsageError(f"{channel!r} is no channel: {NAMES}")
    guide, standing = GUIDES[wanted], standings(settings)[wanted]
    if is_json:
        document = {
            "variables": _named(guide.variables),
            "optional": _named(guide.optional),
            "permissions": list(guide.permissions),
            "steps": list(guide.steps),
            "pages": list(guide.pages),
            "engagement": guide.engagement,
        }
        common.show_json(standing.as_json | document)
        return 0
    _explain(guide, standing)
    return 0


def _explain(guide: "Guide", standing: "Standing") -> None:
    click.echo(
        click.style("Variables", bold=True) + " (of the environment or in .env; never shown)"
    )
    for name, what in _named(guide.variables).items():
        mark = click.style("missing", fg="red") if name in standing.missing else "set    "
        click.echo(f"  {mark}  {name}: {what}")
    for name, what in _named(guide.optional).items():
        click.echo(click.style(f"  optional {name}: {what}", dim=True))
    _list_under("Permissions", guide.permissions)
    _list_under("Steps", guide.steps)
    _list_under("Pages", guide.pages)
    _list_under("Wrong", standing.problems)
    click.echo(f"\nEngagement: {guide.engagement}.")
    click.echo(f"Then:  orchestrator channels test {standing.channel.value}")
    click.echo(f"And, to publish really:  {PREFIX}LIVE_CHANNELS={standing.channel.value}")


def _named(variables: Any) -> dict[str, str]:
    return {f"{PREFIX}{name.upper()}": what for name, what in variables.items()}


def _list_under(heading: str, lines: tuple[str, ...]) -> None:
    if not lines:
        return
    click.echo("\n" + click.style(heading, bold=True))
    for line in lines:
        click.echo(f"  • {line}")
