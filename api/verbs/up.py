"""`up`: the API and the work in one process."""

import socket
from pathlib import Path

import click

from api.errors import Unreachable, WorkFailed
from api.settings import Settings, load
from api.verbs import common
from api.verbs.server import listen, until_stopped


@click.command(
    epilog=common.examples(
        "orchestrator up",
        "orchestrator up --port 8010 --data /srv/orchestrator",
        "ORCHESTRATOR_SECRET=… orchestrator up --host 0.0.0.0",
        "orchestrator up --kafka localhost:9092",
    )
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Data directory [.orchestrator].",
)
@click.option(
    "--host",
    default=None,
    help="Address to listen on [127.0.0.1]; any other than loopback needs a secret.",
)
@click.option(
    "--port", type=int, default=None, help="Port to listen on [8000]; 0 takes a free one."
)
@common.kafka
@click.option(
    "--echo", "is_echo", is_flag=True, help="Use agents that only echo, to try the core by itself."
)
def up(
    data: Path | None, host: str | None, port: int | None, kafka: str | None, is_echo: bool
) -> int:
    """Serve the API and do the work, everything in one process.

    All other verbs talk to this server while it holds the data directory. Ctrl-C stops it in
    order: what was acknowledged is on disk. With --kafka the log is on a broker, and more workers
    may join.
    """
    settings = load({"data": data, "host": host, "port": port, "kafka": kafka})
    return common.wait_for(_serve(settings, is_echo))


async def _serve(settings: Settings, is_echo: bool) -> int:
    from api.security import check_binding

    check_binding(settings)
    check_alone(settings)
    listener = listen(settings)
    settings = settings.model_copy(update={"port": listener.getsockname()[1]})
    failure = await (_on_kafka if settings.kafka else _embedded)(settings, listener, is_echo)
    if failure is not None:
        raise WorkFailed(
            f"the log could not be written any more: {failure}. What was acknowledged is safe."
        )
    click.echo("Stopped. Everything that was acknowledged is on disk.")
    return 0


async def _embedded(
    settings: Settings, listener: socket.socket, is_echo: bool
) -> BaseException | None:
    from api.bootstrap import echo_agents, running

    agents = echo_agents() if is_echo else None
    async with running(settings, agents, url=settings.local_url) as parts:
        _greet(settings, f"data in {settings.data}")
        return await until_stopped(parts, listener, parts.core.wait_for_failure())


async def _on_kafka(
    settings: Settings, listener: socket.socket, is_echo: bool
) -> BaseException | None:
    """The API, a worker with the agents, and the inbox: a whole cluster in one process."""
    common.quiet(settings)
    from api.bootstrap import echo_agents
    from api.cluster.health import until_failed, until_ready
    from api.cluster.parts import serving, working

    agents = echo_agents() if is_echo else None
    async with serving(settings, url=settings.local_url) as parts:
        async with working(settings, agents) as crew:
            crew.parts["api"] = parts.core
            await until_ready(crew)
            _greet(settings, f"log on Kafka at {settings.kafka}")
            failure = await until_stopped(parts, listener, until_failed(crew))
        return failure or crew.failure


def _greet(settings: Settings, where: str) -> None:
    click.echo(f"Intelligent Orchestrator on {settings.url}, {where}. Ctrl-C stops.")
    if settings.live_channels:
        from api.channels import standings

        for standing in standings(settings).values():
            if standing.is_named:
                lacking = "" if standing.is_live else "; see `orchestrator channels list`"
                click.echo(f"Approved {standing.channel.value} goes to {standing.where}{lacking}")
    click.echo(f"Try in another terminal:  {_first_line(settings)}")


def _first_line(settings: Settings) -> str:
    """What to type first; the data directory is named where it is not the usual one."""
    usual = Settings.model_fields["data"].default
    data = "" if settings.data == usual else f" --data {settings.data}"
    return f'orchestrator submit "Create a LinkedIn post about our Q4 growth metrics"{data}'


def check_alone(settings: Settings) -> None:
    """One process holds a data directory.

    Raises:
        Unreachable: another one does; the message says where it serves.
    """
    from streams.lock import holder

    held = holder(settings.data)
    if held is None:
        return
    who = "another process" if held.pid is None else f"process {held.pid}"
    if held.url:
        raise Unreachable(
            f"{settings.data} is held by {who}, which serves {held.url}: all verbs use it already; "
            "stop it with Ctrl-C there, or start another one with --data and --port"
        )
    raise Unreachable(
        f"{settings.data} is held by {who}, which works on a task: wait for it, stop it, "
        "or use another directory with --data"
    )
