"""Talking on the command line: one message, or a conversation line by line."""

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click

from api.client import Client, connect
from api.errors import ApiError, UsageError, WorkFailed
from api.settings import Settings
from api.verbs import common
from api.verbs.plain import plain
from api.verbs.terminal import ask

MODES = ("conversation", "orchestration", "learning")
WAIT = 20.0  # seconds that the server waits for something to tell
HELP = """Write what you want. Lines with a slash are for the chat itself:
  /mode conversation|orchestration|learning   /agent NAME   /model NAME   /models
  /history   /delete   /quit
Ctrl-C stops an answer; twice, or Ctrl-D, leaves."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed beside the message."""

    conversation: str | None
    mode: str | None
    agent: str | None
    model: str | None


@dataclass(slots=True)
class Talk:
    """One conversation at the terminal."""

    client: Client
    conversation_id: str | None
    mode: str | None
    agent: str | None
    model: str | None
    is_json: bool = False

    async def say(self, message: str) -> dict[str, Any]:
        """Send a message and show its answer as it comes; the answer is the whole document."""
        body = {
            "message": message,
            "conversationId": self.conversation_id,
            "mode": self.mode,
            "agent": self.agent,
            "model": self.model,
        }
        sent = {name: value for name, value in body.items() if value is not None}
        begun = await self.client.post("/api/chat", sent, headers={"Prefer": "respond-async"})
        self.conversation_id = begun["conversation_id"]
        return await self._follow(
            f"/api/chat/{self.conversation_id}/messages/{begun['message_id']}"
        )

    async def _follow(self, path: str) -> dict[str, Any]:
        after = 0
        ended: dict[str, Any] | None = None
        with _stopping() as stopped:
            while ended is None:
                if stopped.is_set():
                    await self.client.post(f"{path}/stop")
                found = await self._next(f"{path}/events", after, stopped)
                for frame in found["frames"]:
                    after = frame["id"]
                    self._show(frame["event"], plain(frame["data"]))
                    ended = frame["data"] if frame["event"] == "end" else ended
                    if frame["event"] == "error":
                        raise WorkFailed(str(frame["data"]["detail"]))
        return ended

    async def _next(self, path: str, after: int, stopped: asyncio.Event) -> Any:
        """What comes next, or nothing when the user stops the answer meanwhile."""
        wait = 0 if stopped.is_set() else WAIT
        asking = asyncio.create_task(self.client.get(path, after=after, wait=wait))
        stopping = asyncio.create_task(stopped.wait())
        try:
            if not stopped.is_set():
                both = {asking, stopping}
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                if not asking.done():
                    return {"frames": []}
            return await asking
        finally:
            stopping.cancel()
            asking.cancel()

    def _show(self, event: str, data: dict[str, Any]) -> None:
        if self.is_json:
            return
        match event:
            case "answer" if data["reason"]:
                click.secho(data["reason"], dim=True)
            case "token":
                if data.get("begins_anew"):
                    click.secho("\n(another model begins again)", dim=True)
                click.echo(data["text"], nl=False)
            case "phase" if data["kind"] == "phase" and not data["is_skipped"]:
                click.secho(f"  {data['phase']}", fg="cyan")
            case "end":
                click.echo()
                click.secho(_account(data), dim=True)


@click.command(
    epilog=common.examples(
        "orchestrator chat",
        'orchestrator chat "What waits for me?"',
        'orchestrator chat "Create a LinkedIn post about our 320 customers" --json',
        'orchestrator chat --mode learning "What works on LinkedIn?"',
    )
)
@click.argument("message", required=False)
@click.option("--conversation", default=None, metavar="NAME", help="Go on with this conversation.")
@click.option("--mode", type=click.Choice(MODES), default=None, help="Talk, a task, or records.")
@click.option("--agent", type=common.AgentName(common.AGENTS), default=None, help="Whose view.")
@click.option("--model", default=None, help="Who answers: a name of /models.")
@common.as_json
@common.where
def chat(
    message: str | None,
    conversation: str | None,
    mode: str | None,
    agent: str | None,
    model: str | None,
    is_json: bool,
    settings: Settings,
) -> int:
    """Talk with the orchestrator. What asks for a result becomes a task, and you are told why.

    Without MESSAGE, line by line: Ctrl-C stops an answer, twice leaves.
    """
    if message is None and is_json:
        raise UsageError('--json needs a message: orchestrator chat "…" --json')
    wish = Wish(conversation, mode, agent, model)
    return common.wait_for(_chat(message, wish, is_json, settings))


async def _chat(message: str | None, wish: Wish, is_json: bool, settings: Settings) -> int:
    async with connect(settings) as client:
        talk = Talk(client, wish.conversation, wish.mode, wish.agent, wish.model, is_json)
        if message is None:
            await _converse(talk)
            return 0
        answer = await talk.say(message)
        if is_json:
            common.show_json(answer)
        return 1 if answer["status"] == "failed" else 0


async def _converse(talk: Talk) -> None:
    shown = await talk.client.get("/api/chat/models")
    click.echo(f"Talking with {talk.model or shown['default']}. /help tells more.")
    while (line := await ask("> ")) is not None:
        if not line:
            continue
        if line in ("/quit", "/exit"):
            break
        try:
            if line.startswith("/"):
                await _command(talk, line)
            else:
                await talk.say(line)
        except ApiError as error:
            click.secho(plain(str(error)), fg="red", err=True)
    if talk.conversation_id:
        click.secho(
            f"Go on with: orchestrator chat --conversation {talk.conversation_id}", dim=True
        )


async def _command(talk: Talk, line: str) -> None:
    """What a line with a slash asks for."""
    name, _, value = line[1:].partition(" ")
    value = value.strip()
    match name:
        case "mode" if value in MODES or not value:
            talk.mode = value or None
        case "agent" if value.replace("-", "_") in common.AGENTS:
            talk.agent = value.replace("-", "_")
        case "model" if value:
            talk.model = value
        case "models":
            _show_models(plain(await talk.client.get("/api/chat/models")))
        case "history" if talk.conversation_id:
            _show_history(plain(await talk.client.get(f"/api/chat/history/{talk.conversation_id}")))
        case "delete" if talk.conversation_id:
            found = await talk.client.delete(f"/api/chat/{talk.conversation_id}")
            click.echo(found["note"])
            talk.conversation_id = None
        case _:
            click.echo(HELP)


def _show_models(found: dict[str, Any]) -> None:
    for one in found["models"]:
        mark = click.style("ready", fg="green") if one["is_available"] else "     "
        names = f" ({', '.join(one['aliases'])})" if one["aliases"] else ""
        click.echo(f"  {mark}  {one['id']}{names}")


def _show_history(found: dict[str, Any]) -> None:
    for one in found["messages"]:
        click.secho("> " if one["role"] == "user" else "", nl=False, dim=True)
        click.echo(one["content"])


def _account(data: dict[str, Any]) -> str:
    """Who answered, and at what cost, in a line."""
    tokens = data["tokens"]
    said = [data["model"] or data["way"]] if data["way"] != "built_in" else ["built-in, offline"]
    if tokens["output"]:
        said.append(f"{tokens['input']:,} + {tokens['output']:,} tokens")
        said.append(common.money(data["cost"]) if data["is_priced"] else "price not known")
    if data["status"] != "complete":
        said.append(data["status"])
    if data["context"]["left_out"]:
        said.append(f"{data['context']['left_out']} earlier messages left out")
    return " · ".join([*said, *data["notes"]])


@contextlib.contextmanager
def _stopping() -> Iterator[asyncio.Event]:
    """Ctrl-C stops the answer; the second one does what it always does."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        stopped.set()

    before = signal.getsignal(signal.SIGINT)
    try:
        loop.add_signal_handler(signal.SIGINT, stop)
    except (NotImplementedError, RuntimeError, ValueError):  # not in the main thread
        yield stopped
        return
    try:
        yield stopped
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)
