"""`models`: what can be chosen, what it costs, and whether it answers."""

import time
from typing import Any

import click

from api.errors import WorkFailed
from api.settings import Settings
from api.verbs import common

TEST_SECONDS = 90.0
TEST_TOKENS = 24
QUESTION = "Answer with one short sentence: what is revenue?"


@click.group(
    invoke_without_command=True,
    epilog=common.examples(
        "orchestrator models list", "orchestrator models test local", "orchestrator models refresh"
    ),
)
@common.as_json
@common.where
@click.pass_context
def models(context: click.Context, is_json: bool, settings: Settings) -> int:
    """The models that there are, and their providers; without a verb they are listed."""
    if context.invoked_subcommand is not None:
        return 0
    return common.wait_for(_list(settings, is_json))


@models.command("list", epilog=common.examples("orchestrator models list --json"))
@common.as_json
@common.where
def list_models(is_json: bool, settings: Settings) -> int:
    """All models with tier, price and whether they can be asked. No provider is called."""
    return common.wait_for(_list(settings, is_json))


@models.command(
    "test",
    epilog=common.examples("orchestrator models test", "orchestrator models test gpt-6-luna"),
)
@click.argument("names", nargs=-1, metavar="[MODEL]…")
@common.as_json
@common.where
def test_models(names: tuple[str, ...], is_json: bool, settings: Settings) -> int:
    """Ask models one short question: named ones, else the cheapest of each provider set up.

    They are asked from here, with the keys of this shell; a priced model costs a fraction of a
    cent.
    """
    return common.wait_for(_test(settings, names, is_json))


@models.command("refresh", epilog=common.examples("orchestrator models refresh --json"))
@common.as_json
@common.where
def refresh_models(is_json: bool, settings: Settings) -> int:
    """Read prices, limits and retirements anew from the price map of the installed litellm.

    No network is used: newer figures come with a newer litellm. They are written to prices.json
    in the data directory; what runs takes them up when it starts next.
    """
    from api.price_refresh import refreshed_prices, shown

    found = refreshed_prices(settings)
    if is_json:
        common.show_json(found)
    else:
        click.echo("\n".join(shown(found)))
    return 0


def _document(settings: Settings) -> dict[str, Any]:
    from api.model_desk import models_document, today
    from streams.clock import wall_clock

    return models_document(settings, today(wall_clock))


async def _found(settings: Settings) -> Any:
    """What there is, from the server if there is one: its keys count, not those of this shell."""
    from api.client import connect, server_of

    if server_of(settings) is None:
        return _document(settings)
    async with connect(settings, agents=()) as client:
        return await client.get("/api/orchestrator/models")


async def _list(settings: Settings, is_json: bool) -> int:
    found = await _found(settings)
    if is_json:
        common.show_json(found)
        return 0
    for one in found["providers"]:
        state = click.style("ready" if one["is_ready"] else "not set up", fg=_colour(one))
        where = f"  {one['url']}" if one["url"] else ""
        click.echo(f"{one['provider']:<11} {state}{where}  {one['note']}".rstrip())
    click.echo(f"\n{'MODEL':<31} {'TIER':<9} {'$/M IN':>8} {'$/M OUT':>8}  ALSO CALLED")
    for one in found["models"]:
        name = click.style(f"{one['model_id']:<31}", fg="green" if one["is_available"] else None)
        prices = f"{one['price_in']:>8.2f} {one['price_out']:>8.2f}"
        click.echo(f"{name} {one['tier']:<9} {prices}  {', '.join(one['aliases'])}".rstrip())
    origin = "read anew here" if found["is_refreshed"] else "as they came with the product"
    prices = f"Prices of {found['price_table']}, {origin}."
    click.echo(f"\nWho writes: {_said(found['model'])}. {prices}")
    return 0


def _colour(provider: dict[str, Any]) -> str:
    return "green" if provider["is_ready"] else "bright_black"


def _said(model: str) -> str:
    meanings = {
        "auto": "auto, the cheapest model that is good enough, where a provider is set up",
        "off": "the built-in rules (model = off)",
    }
    return meanings.get(model, model)


async def _test(settings: Settings, names: tuple[str, ...], is_json: bool) -> int:
    from agents.models.model_process import ModelProcess
    from api.model_desk import environment_of

    wanted = _wanted(_document(settings), names)
    process = ModelProcess(environment_of(settings), prices=settings.data)
    results = []
    try:
        for name in wanted:
            results.append(await _asked(process, name))
            if not is_json:
                _show(results[-1])
    finally:
        await process.stop()
    if is_json:
        common.show_json(results)
    if not results:
        raise WorkFailed("no provider of models is set up; `orchestrator models list` says how")
    return 0 if all(result["is_ok"] for result in results) else 1


def _wanted(found: dict[str, Any], names: tuple[str, ...]) -> list[str]:
    """The models to ask: by any of their names, else the cheapest of each provider."""
    by_name = {alias: one["model_id"] for one in found["models"] for alias in one["aliases"]}
    if names:
        return [by_name.get(name.lower(), name) for name in names]
    able = [one for one in found["models"] if one["is_available"] and one["provider"] != "builtin"]
    able.sort(key=lambda one: one["price_out"])
    return list({one["provider"]: one["model_id"] for one in reversed(able)}.values())


async def _asked(process: Any, name: str) -> dict[str, Any]:
    from agents.models.calls import Message, ModelCall, ModelFailed

    call = ModelCall(
        call_id=f"test:{name}:{time.time_ns()}",
        messages=(Message(role="user", content=QUESTION),),
        model=name,
        max_tokens=TEST_TOKENS,
        seconds=TEST_SECONDS,
    )
    try:
        answer = await process.complete(call)
    except ModelFailed as error:
        return {"model": name, "is_ok": False, "reason": error.reason, "cost": error.account.cost}
    account = answer.account.model_dump(mode="json", exclude={"attempts", "prompt"})
    return {"model": name, "is_ok": True, "text": answer.text.strip(), "account": account}


def _show(result: dict[str, Any]) -> None:
    mark = click.style("ok    ", fg="green") if result["is_ok"] else click.style("failed", fg="red")
    if not result["is_ok"]:
        click.echo(f"{mark} {result['model']}: {common.short(result['reason'], 300)}")
        return
    account = result["account"]
    click.echo(
        f"{mark} {result['model']}: first token after {account['first_token']} ms, "
        f"{account['tokens_in']} + {account['tokens_out']} tokens in {account['latency']} ms, "
        f"{common.money(account['cost'])}"
    )
    click.echo(f"       {common.short(result['text'], 100)}")
