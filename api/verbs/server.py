"""An HTTP server in the foreground: from a listening socket until a signal comes or the work
fails."""

import asyncio
import signal
import socket
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from api.errors import UsageError
from api.settings import Settings

if TYPE_CHECKING:
    from api.bootstrap import Parts


async def until_stopped(
    parts: "Parts", listener: socket.socket, failing: Awaitable[BaseException | None]
) -> BaseException | None:
    """Serve until a signal comes, or until the work fails; the answer says why it failed.

    Args:
        failing: ends when the work cannot go on, and says why.
    """
    import uvicorn

    from api.app import create_app

    app = create_app(parts)
    config = uvicorn.Config(
        app,
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
    asking = asyncio.create_task(app.state.engagement.follow(), name="engagement")

    def stop() -> None:
        server.should_exit = True
        parts.commands.close()  # who waits for work would make the end wait

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    watching = asyncio.ensure_future(failing)
    await asyncio.wait((serving, watching), return_when=asyncio.FIRST_COMPLETED)
    failure = watching.result() if watching.done() else parts.core.failure
    server.should_exit = True
    await serving
    for task in (watching, following, asking):
        task.cancel()
    # Whoever asks the read models is told why they are not there; here it ends nothing.
    await asyncio.gather(watching, following, asking, return_exceptions=True)
    return failure


def listen(settings: Settings) -> socket.socket:
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
