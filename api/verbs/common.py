"""What the verbs share: options, the loop, and how things look."""

import asyncio
import functools
import json
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click

from api.errors import UsageError
from api.settings import Settings, load
from api.verbs.plain import plain_json

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

LARGEST_FILE = 8_000_000  # bytes
AGENTS = ("content", "financial", "market_insight", "compliance", "co_founder")
COLOURS = {
    "approved": "green", "pending_approval": "yellow", "waiting_for_answer": "yellow",
    "publication_uncertain": "yellow", "failed": "red", "rejected": "red",
    "cancelled": "bright_black", "processing": "cyan", "publishing": "cyan",
}  # fmt: skip


class AgentName(click.Choice[str]):
    """The name of an agent; a hyphen does for the underscore."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return super().convert(str(value).replace("-", "_"), param, ctx)


kafka = click.option(
    "--kafka",
    default=None,
    metavar="BOOTSTRAP",
    help="Apache Kafka at this host:port [ORCHESTRATOR_KAFKA].",
)


def where(function: F) -> F:
    """The options that say which orchestrator is meant; the verb gets `settings`."""

    @functools.wraps(function)
    def verb(
        *args: Any,
        data: Path | None,
        server: str | None,
        token: str | None,
        kafka: str | None,
        **more: Any,
    ) -> Any:
        settings = load({"data": data, "server": server, "token": token, "kafka": kafka})
        if settings.kafka is not None:
            _hush_clients(settings)
        return function(*args, settings=settings, **more)

    for option in (
        kafka,
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


def examples(*lines: str) -> str:
    """The end of a verb's help: lines to copy."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def quiet(settings: Settings) -> None:
    """Log as the settings say."""
    logging.basicConfig(level=settings.log_level.upper())
    _hush_clients(settings)


def _hush_clients(settings: Settings) -> None:
    """What a client of Kafka complains of while a broker starts or moves is tried again; what
    stays wrong is an error of ours."""
    if settings.log_level not in ("debug", "info"):
        for name in ("aiokafka", "faust", "mode"):
            logging.getLogger(name).setLevel(logging.CRITICAL)


def wait_for(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end; Ctrl-C ends it in order."""
    return asyncio.run(coroutine)


def show_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(plain_json(json.dumps(value, indent=2, ensure_ascii=False)))


def read_file(path: Path, what: str) -> Any:
    """The JSON of a file that the user named.

    Raises:
        UsageError: it cannot be read, or is not JSON.
    """
    from api.intake import InvalidRequest, read_json

    try:
        return read_json(_read_bytes(path, what), limit=LARGEST_FILE)
    except InvalidRequest as error:
        raise UsageError(f"{what} {str(path)!r} {error.problems[0]['detail']}") from None


def read_text(path: Path, what: str) -> str:
    """The text of a file that the user named.

    Raises:
        UsageError: it cannot be read, or is not UTF-8.
    """
    try:
        return _read_bytes(path, what).decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"{what} {str(path)!r} is not UTF-8: byte {error.start}") from None


def _read_bytes(path: Path, what: str) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UsageError(f"{what} {str(path)!r} is over {LARGEST_FILE:,} bytes long")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{what} {str(path)!r} cannot be read: {error.strerror}") from None


def coloured(status: str, text: str | None = None) -> str:
    """A status, or a text about it, in its colour."""
    return click.style(text or status, fg=COLOURS.get(status))


def short(text: str, width: int) -> str:
    """A text on one line, cut where it is too long."""
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1].rstrip()}…"


def counted(number: int, what: str) -> str:
    """A number with its noun."""
    plural = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{number:,} {what if number == 1 else plural}"


def money(amount: float) -> str:
    """US dollars; four decimals where there is less than one."""
    return f"${amount:,.4f}" if 0 < amount < 1 else f"${amount:,.2f}"


def request_body(
    text: str,
    metrics: Path | None,
    preferences: Path | None,
    channels: tuple[str, ...],
    tone: str | None,
    settings: Settings,
    *,
    agent: str | None = None,
    context: Path | None = None,
) -> dict[str, Any]:
    """A request body from what was typed; flags win over the preferences file."""
    body: dict[str, Any] = {"request": text}
    if context is not None:
        body["context"] = read_file(context, "the context file")
    if metrics is not None:
        body["business_metrics"] = read_file(metrics, "the metrics file")
    wanted = read_file(preferences, "the preferences file") if preferences is not None else {}
    if not isinstance(wanted, dict):
        raise UsageError("the preferences file must hold a JSON object")
    if channels:
        wanted = wanted | {"channels": list(channels)}
    if tone:
        wanted = wanted | {"tone": tone}
    if agent:
        wanted = wanted | {"agent": agent}
    return body | {"preferences": wanted}


def request_options(function: F) -> F:
    """The options that make up a request."""
    for option in (
        click.option(
            "--agent",
            type=AgentName(AGENTS),
            default=None,
            help="Who does it, instead of whom the request seems to be for.",
        ),
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
            "--context",
            type=click.Path(path_type=Path),
            default=None,
            metavar="FILE",
            help="JSON: market_data, competitors, jurisdiction, text, …",
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
