"""What the verbs share: options, the loop, and how things look."""

import asyncio
import functools
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click

from api.errors import UsageError
from api.settings import Settings, load

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

COLOURS = {
    "approved": "green", "pending_approval": "yellow", "waiting_for_answer": "yellow",
    "publication_uncertain": "yellow", "failed": "red", "rejected": "red",
    "cancelled": "bright_black", "processing": "cyan", "publishing": "cyan",
}  # fmt: skip


def where(function: F) -> F:
    """The options that say which orchestrator is meant; the verb gets `settings`."""

    @functools.wraps(function)
    def verb(
        *args: Any, data: Path | None, server: str | None, token: str | None, **more: Any
    ) -> Any:
        settings = load({"data": data, "server": server, "token": token})
        return function(*args, settings=settings, **more)

    for option in (
        click.option(
            "--token", default=None, help="Bearer token for the server [ORCHESTRATOR_TOKEN]."
        ),
        click.option(
            "--server",
            default=None,
            metavar="URL",
            help="Talk to this server [ORCHESTRATOR_SERVER].",
        ),
        click.option(
            "--data",
            type=click.Path(path_type=Path, file_okay=False),
            default=None,
            help="Data directory [.orchestrator].",
        ),
    ):
        verb = option(verb)
    return verb  # type: ignore[return-value]


as_json = click.option("--json", "is_json", is_flag=True, help="Print JSON.")


def wait_for(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end; Ctrl-C ends it in order."""
    return asyncio.run(coroutine)


def show_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def read_file(path: Path, what: str) -> Any:
    """The JSON of a file that the user named.

    Raises:
        UsageError: it cannot be read, or is not JSON.
    """
    from api.intake import InvalidRequest, read_json

    try:
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{what} {str(path)!r} cannot be read: {error.strerror}") from None
    try:
        return read_json(body, limit=8_000_000)
    except InvalidRequest as error:
        raise UsageError(f"{what} {str(path)!r} {error.problems[0]['detail']}") from None


def coloured(status: str) -> str:
    """A status in its colour, where there are colours."""
    return click.style(status, fg=COLOURS.get(status))


def money(amount: float) -> str:
    """US dollars; four decimals below one."""
    return f"${amount:,.4f}" if amount < 1 else f"${amount:,.2f}"


def request_body(
    text: str,
    metrics: Path | None,
    preferences: Path | None,
    channels: tuple[str, ...],
    tone: str | None,
    settings: Settings,
) -> dict[str, Any]:
    """A request body from what was typed; flags win over the preferences file."""
    body: dict[str, Any] = {"request": text}
    if metrics is not None:
        body["business_metrics"] = read_file(metrics, "the metrics file")
    wanted = read_file(preferences, "the preferences file") if preferences is not None else {}
    if not isinstance(wanted, dict):
        raise UsageError("the preferences file must hold a JSON object")
    if channels:
        wanted = wanted | {"channels": list(channels)}
    if tone:
        wanted = wanted | {"tone": tone}
    return body | {"preferences": wanted}


def request_options(function: F) -> F:
    """The options that make up a request."""
    for option in (
        click.option("--tone", default=None, help="professional, friendly, casual, …"),
        click.option(
            "--channel",
            "channels",
            multiple=True,
            metavar="NAME",
            help="linkedin, twitter (x), email; may be repeated.",
        ),
        click.option(
            "--preferences",
            type=click.Path(path_type=Path),
            default=None,
            metavar="FILE",
            help="JSON: tone, channels, language, budget, …",
        ),
        click.option(
            "--metrics",
            type=click.Path(path_type=Path),
            default=None,
            metavar="FILE",
            help="JSON: revenue_monthly, customer_count, …",
        ),
    ):
        function = option(function)
    return function
