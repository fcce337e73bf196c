"""The parts of a cluster as processes: `work`, `agents`, `serve`, `project`."""

import asyncio
import json
import signal
from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from api.errors import UsageError, WorkFailed
from api.settings import Settings, load
from api.verbs import common

if TYPE_CHECKING:
    from agents.contract import Agent
    from api.cluster.health import Watched

T = TypeVar("T")

health_port = click.option(
    "--health-port",
    type=click.IntRange(0, 65535),
    default=None,
    help="Answer /livez and /readyz on this port of loopback; 0 takes a free one.",
)
data = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Directory for what agents write and for read models [.orchestrator].",
)
echo = click.option(
    "--echo", "is_echo", is_flag=True, help="Use agents that only echo, to try the core by itself."
)


@click.command(
    epilog=common.examples(
        "orchestrator work --kafka localhost:9092",
        "orchestrator work --no-agents --health-port 8081",
    )
)
@common.kafka
@data
@click.option("--plain", "is_plain", is_flag=True, help="The plain loop in place of Faust.")
@click.option(
    "--no-agents", is_flag=True, help="Only decide: `agents run` elsewhere does the work."
)
@echo
@health_port
def work(
    kafka: str | None,
    data: Path | None,
    is_plain: bool,
    no_agents: bool,
    is_echo: bool,
    health_port: int | None,
) -> int:
    """Decide the tasks of some partitions, and read the topic `requests`.

    Start as many as you like: the partitions are spread over them. SIGTERM or Ctrl-C ends it in
    order: what is under way is committed, and the others take over at once.
    """
    from api.cluster.parts import working

    settings = _settings(kafka=kafka, data=data)
    agents = () if no_agents else _echoes() if is_echo else None
    return common.wait_for(
        run_until_stopped(working(settings, agents, is_plain=is_plain), health_port)
    )


@click.group(
    invoke_without_command=True,
    epilog=common.examples(
        "orchestrator agents list", "orchestrator agents run --type content --type evaluator"
    ),
)
@common.as_json
@common.where
@click.pass_context
def agents(context: click.Context, is_json: bool, settings: Settings) -> int:
    """The agents that there are, and agents in processes of their own. Without a verb they are
    listed.
    """
    if context.invoked_subcommand is not None:
        return 0
    return common.wait_for(_list_agents(settings, is_json))


@agents.command(
    "run",
    epilog=common.examples(
        "orchestrator agents run --kafka localhost:9092", "orchestrator agents run --type publisher"
    ),
)
@common.kafka
@data
@click.option(
    "--type", "types", multiple=True, metavar="TYPE", help="Only this type; may be repeated."
)
@echo
@health_port
def run_agents(
    kafka: str | None,
    data: Path | None,
    types: tuple[str, ...],
    is_echo: bool,
    health_port: int | None,
) -> int:
    """Take commands from the queues of agent types, do them, and report.

    SIGTERM or Ctrl-C ends it in order: it takes nothing more, and what is under way is finished.
    """
    from api.cluster.parts import agents_running

    settings = _settings(kafka=kafka, data=data)
    chosen = _of_types(_echoes() if is_echo else _builtin(settings), types)
    return common.wait_for(run_until_stopped(agents_running(settings, chosen), health_port))


@agents.command("list", epilog=common.examples("orchestrator agents list --json"))
@common.as_json
@common.where
def list_agents(is_json: bool, settings: Settings) -> int:
    """The agents, and how they do.

    Those of the running server, and those elsewhere: at work, idle, or lost.
    """
    return common.wait_for(_list_agents(settings, is_json))


async def _list_agents(settings: Settings, is_json: bool) -> int:
    from api.client import connect, server_of
    from api.verbs.command_tables import show_agents

    has_server = bool(server_of(settings) or settings.kafka)
    found: dict[str, Any] = {"items": [], "waiting": []}
    if has_server or (settings.data / "log.db").exists():
        async with connect(settings, agents=()) as client:
            found = await client.get("/api/agents")
    if not has_server:
        found["items"] = [*_at_rest(settings), *found["items"]]
    if is_json:
        common.show_json(found)
        return 0
    show_agents(found)
    if not has_server:
        click.echo("No server is running: `orchestrator up` starts the agents of this directory.")
    return 0


def _at_rest(settings: Settings) -> list[dict[str, Any]]:
    """The built-in agents, which nobody has started."""
    from api.elsewhere import left_to_us
    from api.routes.agents import builtin_agent

    return [
        builtin_agent(each.agent_type, "stopped", [])
        for each in left_to_us(settings, _builtin(settings))
    ]


@click.command(
    epilog=common.examples(
        "orchestrator project --kafka localhost:9092 --data /srv/read-models",
        "orchestrator project --once --json",
    )
)
@common.kafka
@data
@click.option("--once", is_flag=True, help="Fold what is there now, and end.")
@common.as_json
@health_port
def project(
    kafka: str | None, data: Path | None, once: bool, is_json: bool, health_port: int | None
) -> int:
    """Fold the log into the read models of a directory (DuckDB), and keep up with it."""
    from api.cluster.projecting import projecting

    settings = _settings(kafka=kafka, data=data)
    if not once:
        return common.wait_for(run_until_stopped(projecting(settings), health_port))
    found = common.wait_for(_project(settings))
    if is_json:
        common.show_json(found)
    else:
        events, tasks = (common.counted(found[n], n[:-1]) for n in ("events", "rows"))
        click.echo(f"{events} folded, {tasks} in {settings.data}, lag {found['total_lag']}.")
    return 0


async def _project(settings: Settings) -> dict[str, Any]:
    from api.cluster.projecting import projecting

    async with projecting(settings, follows=False) as work:
        return await work.catch_up()


@click.command(
    epilog=common.examples(
        "orchestrator serve --kafka localhost:9092",
        "ORCHESTRATOR_SECRET=… orchestrator serve --kafka broker:9092 --host 0.0.0.0",
    )
)
@common.kafka
@data
@click.option("--host", default=None, help="Address to listen on [127.0.0.1].")
@click.option("--port", type=int, default=None, help="Port to listen on [8000]; 0: a free one.")
def serve(kafka: str | None, data: Path | None, host: str | None, port: int | None) -> int:
    """Serve the API against a broker; workers elsewhere decide."""
    settings = _settings(kafka=kafka, data=data, host=host, port=port)
    return common.wait_for(_serve(settings))


async def _serve(settings: Settings) -> int:
    from api.cluster.broker import broker_of
    from api.cluster.parts import serving
    from api.security import check_binding
    from api.verbs.server import listen, until_stopped
    from api.verbs.up import check_alone

    broker_of(settings)
    check_binding(settings)
    check_alone(settings)
    listener = listen(settings)
    settings = settings.model_copy(update={"port": listener.getsockname()[1]})
    async with serving(settings, url=settings.local_url) as parts:
        _say({"status": "ready", "url": settings.url, "kafka": settings.kafka})
        failure = await until_stopped(parts, listener, parts.core.wait_for_failure())
    if failure is not None:
        raise WorkFailed(f"the events cannot be read any more: {failure}")
    click.echo("Stopped in order.", err=True)
    return 0


async def run_until_stopped(
    starting: "AbstractAsyncContextManager[Watched]", port: int | None
) -> int:
    """Until a signal comes or some part cannot go on.

    Raises:
        WorkFailed: some part could not go on.
    """
    from api.cluster.health import health_on, readiness, until_failed, until_ready

    stopping = _signals()
    async with AsyncExitStack() as stack:
        crew = await _first(stack.enter_async_context(starting), stopping)
        if crew is None:
            click.echo("Stopped before it had begun.", err=True)
            return 0
        bound = await stack.enter_async_context(health_on(port, crew))
        await _first(until_ready(crew), stopping)
        ports = {} if bound is None else {"health_port": bound}
        _say(await readiness(crew) | ports)
        await _first(until_failed(crew), stopping)
        failure = crew.failure
    # What fails while it stops is a failure as well: others must not count on its last commit.
    failure = failure or crew.failure
    if failure is not None:
        raise WorkFailed(f"it cannot go on: {str(failure) or type(failure).__name__}")
    click.echo("Stopped in order.", err=True)
    return 0


def _settings(**flags: Any) -> Settings:
    settings = load(flags)
    common.quiet(settings)
    return settings


def _signals() -> asyncio.Event:
    """Set by SIGTERM and Ctrl-C."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    return stopping


async def _first(work: Awaitable[T], stopping: asyncio.Event) -> T | None:
    """Wait for the work or for a signal, whatever is first. The answer is the work's, or None when
    the signal came first and the work was given up."""
    working, told = asyncio.ensure_future(work), asyncio.ensure_future(stopping.wait())
    await asyncio.wait((working, told), return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if not working.done():
        working.cancel()
    await asyncio.wait((working, told))
    return None if working.cancelled() else working.result()


def _say(document: Any) -> None:
    """One line of JSON, for whoever watches the process."""
    click.echo(json.dumps(document, ensure_ascii=False))


def _echoes() -> "tuple[Agent, ...]":
    from api.bootstrap import echo_agents

    return echo_agents()


def _builtin(settings: Settings) -> "tuple[Agent, ...]":
    from api.bootstrap import own_agents

    return own_agents(settings)


def _of_types(found: "tuple[Agent, ...]", types: tuple[str, ...]) -> "tuple[Agent, ...]":
    known = [agent.agent_type for agent in found]
    for name in types:
        if name not in known:
            raise UsageError(f"there is no agent type {name!r}: {', '.join(known)}")
    return tuple(agent for agent in found if not types or agent.agent_type in types)
