"""The publisher without credentials: writes what would be published into a folder, and says so."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from agents.contract import Agent, Done, GiveUp, Outcome, Retry
from agents.platforms.formatters import FORMATTERS
from agents.platforms.limits import problems
from agents.publishers.letter import letter, moment, readable
from agents.publishers.safe_file import Conflict, name_of, write_once
from agents.publishers.variant import title_of, variant_of
from agents.publishers.wire import request_of
from streams.domain.commands import Command
from streams.domain.deliverable import ChannelVariant, Receipt
from streams.domain.values import Channel, Json

CONCURRENCY = 4  # files written at once


def publisher_agent(outbox: Path) -> Agent:
    """The agent "publisher": formats, and publishes into the folder `outbox` as a dry run."""
    return Agent(
        "publisher",
        computes=dict(FORMATTERS),
        effects={f"{channel.value}_publisher": _publisher(outbox, channel) for channel in Channel},
        concurrency=CONCURRENCY,
    )


def _publisher(outbox: Path, channel: Channel) -> Callable[[Command], Awaitable[Outcome]]:
    async def publish(command: Command) -> Outcome:
        return await asyncio.to_thread(_publish, outbox, channel, command)

    return publish


def _publish(outbox: Path, channel: Channel, command: Command) -> Outcome:
    try:
        variant = variant_of(command.payload, channel)
    except ValueError as error:
        return GiveUp(f"nothing was published: {error}")
    key = str(command.payload.get("key") or command.command_id)
    try:
        return Done(_write(outbox, key, variant, command).as_json)
    except Conflict as error:
        return GiveUp(f"nothing was published: {error}")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        hint = "make room or allow writing there; it is tried again"
        return Retry(f"the outbox {str(outbox)!r} could not be written: {reason}; {hint}")


def _write(outbox: Path, key: str, variant: ChannelVariant, command: Command) -> Receipt:
    """Write both files, or find that they are there.

    Raises:
        Conflict: the key was used for another content.
        OSError: they could not be written.
    """
    name = name_of(variant.channel.value, key)
    is_email = variant.channel is Channel.EMAIL
    beside = f"{name}.eml" if is_email else f"{name}.txt"
    wanted = _document(key, variant, command, beside)
    stored = _stored(write_once(outbox, f"{name}.json", _encoded(wanted)), name)
    for part in ("channel", "key", "title", "variant"):
        if stored.get(part) != wanted[part]:
            file = f"{name}.json"
            raise Conflict(
                f"the key {key!r} was used before with another {part}, see {file!r}; use a new key"
            )
    at = stored["written_at_ms"] if isinstance(stored.get("written_at_ms"), int) else 0
    text = letter(variant, name, at) if is_email else readable(variant, wanted["title"], at)
    write_once(outbox, beside, text)
    return _receipt(name, beside, stored, variant)


def _receipt(name: str, beside: str, stored: Json, variant: ChannelVariant) -> Receipt:
    details = {
        "readable": beside,
        "written_at": stored.get("written_at"),
        "warnings": [issue.message for issue in problems(variant)],
    }
    return Receipt(reference=f"{name}.json", is_dry_run=True, details=details)


def _document(key: str, variant: ChannelVariant, command: Command, beside: str) -> Json:
    return {
        "channel": variant.channel.value,
        "key": key,
        "title": title_of(command.payload),
        "variant": variant.as_json,
        "request": request_of(variant, beside),
        "task_id": command.task_id,
        "is_dry_run": True,
        "written_at": moment(command.issued_at).isoformat(),
        "written_at_ms": command.issued_at,
    }


def _encoded(document: Json) -> bytes:
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _stored(content: bytes, name: str) -> Json:
    try:
        document = json.loads(content)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise Conflict(f"{name + '.json'!r} is in the outbox and is no publication; move it away")
    return document
