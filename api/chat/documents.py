"""What people are shown of conversations: frames of a stream, answers, histories, lists."""

import re
from typing import TYPE_CHECKING, assert_never

from api.chat.live import Frame
from api.documents import iso
from streams.conversations.codec import Written
from streams.conversations.events import (
    AnswerBegun,
    AnswerEnded,
    AnswerPart,
    ConversationDeleted,
    ConversationOpened,
    Ending,
    MessageAsked,
    Way,
)
from streams.conversations.fold import Conversation, Exchange
from streams.domain.values import Json

if TYPE_CHECKING:
    from projections.conversations import Begun

# What a model writes is data: nothing in it may steer a terminal, or turn the direction of a text.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_OFFLINE = frozenset({Way.BUILT_IN, Way.RECORDS})


def clean(text: str) -> str:
    """A text without what would steer whoever shows it."""
    return _STEERING.sub("", text)


def frame_of(known: Conversation, written: Written, secret: Json, url: str) -> Frame | None:
    """What is told of an event; nothing of those that belong to the conversation as a whole.

    `known` is the conversation after the event or later.
    """
    event = written.event
    match event:
        case MessageAsked():
            data: Json = {
                "conversation_id": known.conversation_id,
                "message_id": event.message_id,
                "mode": event.mode,
                "agent": event.agent,
                "model": event.model or None,
            }
            return Frame(written.sequence, "message", data)
        case AnswerBegun():
            data = {
                "way": event.way,
                "model": event.model or None,
                "is_offline": event.way in _OFFLINE,
                "reason": secret.get("reason") or None,
            }
            return Frame(written.sequence, "answer", data)
        case AnswerPart():
            if event.kind == "phase":
                return Frame(written.sequence, "phase", secret)
            text: Json = {"text": secret.get("text", "")}
            anew: Json = {"begins_anew": True} if event.begins_anew else {}
            return Frame(written.sequence, "token", text | anew)
        case AnswerEnded():
            one = known.exchange(event.message_id)
            shown = answer(known, one, url) if one is not None else {}
            return Frame(written.sequence, "end", shown)
        case ConversationOpened() | ConversationDeleted():
            return None
        case _:
            assert_never(event)


def answer(known: Conversation, one: Exchange, url: str) -> Json:
    """A message's answer, as far as it has come."""
    from api.chat.by_task import links

    way = one.way or Way.BUILT_IN
    nothing = AnswerEnded(message_id=one.message_id, ending=Ending.COMPLETE, way=way)
    ended = one.ended or nothing
    base = f"{url}/api/chat/{known.conversation_id}/messages/{one.message_id}"
    return {
        "conversation_id": known.conversation_id,
        "message_id": one.message_id,
        "status": one.ended.ending if one.ended else "under_way",
        "response": one.answer,
        "mode": one.mode,
        "agent": one.agent,
        "way": way,
        "model": ended.model or one.model or None,
        "is_offline": way in _OFFLINE,
        "reason": one.reason or None,
        "notes": list(one.notes),
        "tokens": {
            "input": ended.tokens_in,
            "output": ended.tokens_out,
            "is_estimated": ended.is_estimated,
        },
        "cost": ended.cost,
        "is_priced": ended.is_priced,
        "context": {
            "messages": ended.context_messages,
            "left_out": ended.context_left_out,
            "tokens": ended.context_tokens,
        },
        "latency_ms": ended.latency,
        "first_token_ms": ended.first_token,
        "task": links(url, ended.task_id) if ended.task_id else None,
        "asked_at": iso(one.asked_at),
        "ended_at": iso(one.ended_at),
        "stream_url": f"{base}/stream",
        "stop_url": f"{base}/stop" if one.is_open else None,
    }


def history(known: Conversation, url: str, *, limit: int, before: str | None) -> Json | None:
    """A page of a conversation, oldest first; without a cursor the newest messages. None if the
    cursor is not one of this conversation."""
    found = list(known.exchanges)
    if before is not None:
        ids = [one.message_id for one in found]
        if before not in ids:
            return None
        found = found[: ids.index(before)]
    page = found[-limit:]
    has_more = len(found) > len(page)
    return {
        "conversation_id": known.conversation_id,
        "agent": known.agent,
        "model": known.model or None,
        "opened_at": iso(known.opened_at),
        "message_count": len(known.exchanges),
        "cost": round(sum(one.ended.cost for one in known.exchanges if one.ended), 6),
        "messages": [message for one in page for message in _messages(known, one, url)],
        "next_cursor": page[0].message_id if page and has_more else None,
    }


def listed(name: str, begun: "Begun") -> Json:
    """A conversation in a list."""
    return {
        "conversation_id": name,
        "message_count": begun.messages,
        "opened_at": iso(begun.opened_at),
        "last_at": iso(begun.last_at),
    }


def deleted(known: Conversation) -> Json:
    """What became of a conversation, and what was made of it and stays."""
    tasks = [one.ended.task_id for one in known.exchanges if one.ended and one.ended.task_id]
    return {
        "conversation_id": known.conversation_id,
        "deleted": True,
        "messages": len(known.exchanges),
        "tasks_kept": tasks,
        "note": "The key of this conversation was destroyed: what was said cannot be read any more."
        + (
            " Tasks that were made of it are histories of their own, and are kept." if tasks else ""
        ),
    }


def _messages(known: Conversation, one: Exchange, url: str) -> list[Json]:
    asked: Json = {
        "role": "user",
        "message_id": one.message_id,
        "content": one.question,
        "at": iso(one.asked_at),
        "mode": one.mode,
        "agent": one.agent,
    }
    shown = answer(known, one, url)
    kept = ("message_id", "status", "way", "model", "is_offline", "reason", "notes", "tokens")
    more = ("cost", "context", "task")
    answered = {name: shown[name] for name in (*kept, *more)}
    said: Json = {"role": "assistant", "content": one.answer, "at": shown["ended_at"]}
    return [asked, said | answered]
