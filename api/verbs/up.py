"""`up`: the API and the work in one process."""

import asyncio
import signal
import socket
from pathlib import Path

import click

from api.errors import UsageError, WorkFailed
from api.settings import Settings, load
from api.verbs import common


@click.command()
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
    """Serve the API and do the work, everything in one process."""
    settings = load({"data": data, "host": host, "port": port})
    return common.wait_for(_serve(settings, is_echo))


async def _serve(settings: Settings, is_echo: bool) -> int:
    from api.security import check_binding

    check_binding(settings)
    listener = _listen(settings)
    settings = settings.model_copy(update={"port": listener.getsockname()[1]})
    import uvicorn

    from api.app import create_app
    from api.bootstrap import echo_agents, running

    async with running(settings, echo_agents() if is_echo else None, url=settings.url) as parts:
        config = uvicorn.Config(
            create_app(parts),
            log_level=settings.log_level,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=5,
        )
        server = uvicorn.Server(config)
        click.echo(
            f"Intelligent Orchestrator on {settings.url}, data in {settings.data}. Ctrl-C stops."
        )
        click.echo(
            "Try in another terminal:  "
            'orchestrator submit "Create a LinkedIn post about our Q4 growth metrics"'
        )
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
        failing.cancel()
        following.cancel()
    if failure is not None:
        raise WorkFailed(
            f"the log could not be written any more: {failure}. What was acknowledged is safe."
        )
    click.echo("Stopped. Everything that was acknowledged is on disk.")
    return 0


def _listen(settings: Settings) -> socket.socket:
    """A listening socket, before anything else is started.

    Raises:
        UsageError: the port is taken or the address is not one of this machine's.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except (OSError, OverflowError) as error:
        listener.close()
        place = f"{settings.host}:{settings.port}"
        raise UsageError(
            f"cannot listen on {place} ({error}): stop what runs there, "
            "or choose another port with --port"
        ) from None
    listener.listen(1024)
    return listener
