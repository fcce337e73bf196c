"""`up`: the API and the work in one process."""

import asyncio
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.errors import Unreachable, UsageError, WorkFailed
from api.settings import Settings, load
from api.verbs import common

if TYPE_CHECKING:
    from api.bootstrap import Parts


@click.command(
    epilog=common.examples(
        "orchestrator up",
        "orchestrator up --port 8010 --data /srv/orchestrator",
        "ORCHESTRATOR_SECRET=… orchestrator up --host 0.0.0.0",
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
@click.option(
    "--echo", "is_echo", is_flag=True, help="Use agents that only echo, to try the core by itself."
)
def up(data: Path | None, host: str | None, port: int | None, is_echo: bool) -> int:
    """Serve the API and do the work, everything in one process.

    All other verbs talk to this server while it holds the data directory. Ctrl-C stops it in
    order: what was acknowledged is on disk.
    """
    settings = load({"data": data, "host": host, "port": port})
    return common.wait_for(_serve(settings, is_echo))


async def _serve(settings: Settings, is_echo: bool) -> int:
    from api.security import check_binding

    check_binding(settings)
    _check_alone(settings)
    listener = _listen(settings)
    settings = settings.model_copy(update={"port": listener.getsockname()[1]})
    from api.bootstrap import echo_agents, running

    agents = echo_agents() if is_echo else None
    async with running(settings, agents, url=settings.local_url) as parts:
        click.echo(
            f"Intelligent Orchestrator on {settings.url}, data in {settings.data}. Ctrl-C stops."
        )
        click.echo(f"Try in another terminal:  {_first_line(settings)}")
        failure = await _until_stopped(parts, listener)
    if failure is not None:
        raise WorkFailed(
            f"the log could not be written any more: {failure}. What was acknowledged is safe."
        )
    click.echo("Stopped. Everything that was acknowledged is on disk.")
    return 0


async def _until_stopped(parts: "Parts", listener: socket.socket) -> BaseException | None:
    """Serve until a signal comes, or until the log fails; the answer says why it failed."""
    import uvicorn

    from api.app import create_app

    config = uvicorn.Config(
        create_app(parts),
        log_level=parts.settings.log_level,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
        server_header=False,
    )
    server = uvicorn.Server(config)
    # `_serve` leaves signals alone: ours end the server first, then close the log in order.
    serving = asyncio.create_task(server._serve(sockets=[listener]))
    following = asyncio.create_task(parts.read_models.follow())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, setattr, server, "should_exit", True)
    failing = asyncio.create_task(parts.core.wait_for_failure())
    await asyncio.wait((serving, failing), return_when=asyncio.FIRST_COMPLETED)
    failure = parts.core.failure
    server.should_exit = True
    await serving
    for task in (failing, following):
        task.cancel()
    # Whoever asks the read models is told why they are not there; here it ends nothing.
    await asyncio.gather(failing, following, return_exceptions=True)
    return failure


def _first_line(settings: Settings) -> str:
    """What to type first; the data directory is named where it is not the usual one."""
    usual = Settings.model_fields["data"].default
    data = "" if settings.data == usual else f" --data {settings.data}"
    return f'orchestrator submit "Create a LinkedIn post about our Q4 growth metrics"{data}'


def _check_alone(settings: Settings) -> None:
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


def _listen(settings: Settings) -> socket.socket:
    """A listening socket, before anything else is started.

    Raises:
        UsageError: the port is taken or the address is not one of this machine's.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Only where the protocol is stated does asyncio send each answer at once (TCP_NODELAY);
    # otherwise the second request of a connection waits 40 ms for the other side's receipt.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except (OSError, OverflowError) as error:
        listener.close()
        place = f"{settings.host}:{settings.port}"
        why = getattr(error, "strerror", None) or error
        raise UsageError(
            f"cannot listen on {place} ({why}): stop what runs there, "
            "or choose another port, for example --port 8010 (--port 0 takes a free one)"
        ) from None
    listener.listen(1024)
    return listener
