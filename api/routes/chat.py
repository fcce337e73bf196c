"""Chat: messages in, answers out as JSON or as they come, histories, models, deletion."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from api.chat import documents
from api.chat.bodies import (
    NAME,
    ChatAnswer,
    ChatBody,
    ChatFrames,
    ChatHistory,
    ChatModels,
    Conversations,
    DeletedConversation,
)
from api.chat.live import Frame
from api.chat.models_list import models_document
from api.chat.service import Chat, Message
from api.errors import Forbidden, UsageError
from api.routes.shared import PROBLEM
from api.security import Operator, Principal, Viewer
from api.strict import StrictRoute
from streams.domain.values import Json

router = APIRouter(prefix="/api/chat", tags=["chat"], route_class=StrictRoute, responses=PROBLEM)

WAIT = 60.0  # seconds that an answer as JSON is waited for
KEEP_ALIVE = 15.0  # seconds of silence after which a stream says that it is still there
EVENT_STREAM = "text/event-stream"
Named = Annotated[str, Path(pattern=NAME, description="the conversation's name")]
MessageId = Annotated[str, Path(max_length=64, description="the message's id")]


def chat_of(request: Request) -> Chat:
    """The chat of this server."""
    found: Chat = request.app.state.parts.chat
    return found


@router.post(
    "",
    response_model=ChatAnswer,
    operation_id="chat",
    summary="Send a message; the answer as JSON, or as it comes",
    responses={
        200: {"content": {EVENT_STREAM: {}}, "description": "The answer, or a stream of it"},
        202: {"description": "The answer is still under way: `stream_url` goes on with it"},
    },
)
async def send(
    request: Request,
    body: ChatBody,
    who: Operator,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> Response:
    """With `Accept: text/event-stream` or `stream: true` come the events message, answer, token,
    phase, end; their ids go on with `Last-Event-ID`. The same `Idempotency-Key` is the same
    message. Who closes the connection and does not come back within 15 seconds stops the answer."""
    chat = chat_of(request)
    if (body.preferences or {}).get("auto_approve") and not who.may("approver"):
        raise Forbidden("this needs the role 'approver'", pointer="/preferences/auto_approve")
    after = _number(last_event_id)
    sent = Message(
        text=body.message,
        key=idempotency_key,
        **{name: getattr(body, name) for name in _SAME},
    )
    conversation_id, message_id = await chat.ask(who, sent)
    if body.stream or EVENT_STREAM in request.headers.get("accept", ""):
        return _stream(chat, who, conversation_id, message_id, after)
    wait = 0.0 if "respond-async" in request.headers.get("prefer", "") else WAIT
    if wait:
        await chat.wait(who, conversation_id, message_id, wait)
    known, one = await chat.exchange(who, conversation_id, message_id)
    shown = documents.answer(known, one, chat.settings.url)
    return JSONResponse(shown, 202 if one.is_open else 200)


_SAME = (
    "conversation_id", "mode", "agent", "model", "temperature", "max_tokens",
    "business_metrics", "preferences",
)  # fmt: skip


@router.get(
    "/{conversation_id}/messages/{message_id}/stream",
    response_class=Response,
    operation_id="streamAnswer",
    summary="An answer as it comes, or again from where the connection was lost",
    responses={200: {"content": {EVENT_STREAM: {}}, "description": "Events, each with its id"}},
)
async def stream(
    request: Request,
    conversation_id: Named,
    message_id: MessageId,
    who: Viewer,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> Response:
    """What was told behind `Last-Event-ID`, and then what comes; without it, everything."""
    chat, after = chat_of(request), _number(last_event_id)
    await chat.exchange(who, conversation_id, message_id)
    return _stream(chat, who, conversation_id, message_id, after)


@router.get(
    "/{conversation_id}/messages/{message_id}/events",
    response_model=ChatFrames,
    operation_id="getAnswerEvents",
    summary="The same as JSON, for clients that ask again and again",
)
async def events(
    request: Request,
    conversation_id: Named,
    message_id: MessageId,
    who: Viewer,
    after: Annotated[int, Query(ge=0, description="the last id that is known")] = 0,
    wait: Annotated[float, Query(ge=0, le=30, description="seconds for something to come")] = 0,
) -> Json:
    """What was told behind `after`; where nothing was, what comes first within `wait`."""
    chat = chat_of(request)
    frames = await chat.frames(who, conversation_id, message_id, after, wait)
    shown = [{"id": one.number, "event": one.event, "data": one.data} for one in frames]
    is_over = any(frame.event in ("end", "error") for frame in frames)
    return {"frames": shown, "is_over": is_over}


@router.post(
    "/{conversation_id}/messages/{message_id}/stop",
    response_model=ChatAnswer,
    operation_id="stopAnswer",
    summary="Stop an answer; what was said of it is kept",
)
async def stop(
    request: Request, conversation_id: Named, message_id: MessageId, who: Operator
) -> Json:
    """Stopping what has ended changes nothing."""
    chat = chat_of(request)
    await chat.exchange(who, conversation_id, message_id)
    await chat.stop(who, conversation_id, message_id)
    known, one = await chat.exchange(who, conversation_id, message_id)
    return documents.answer(known, one, chat.settings.url)


@router.post(
    "/{conversation_id}/stop",
    response_model=ChatHistory,
    operation_id="stopConversation",
    summary="Stop whatever is under way in a conversation",
)
async def stop_all(request: Request, conversation_id: Named, who: Operator) -> Json:
    """The answer is the conversation's newest page."""
    chat = chat_of(request)
    known = await chat.stop(who, conversation_id, None)
    return documents.history(known, chat.settings.url, limit=20, before=None) or {}


Cursor = Annotated[str | None, Query(max_length=200, description="of the page before")]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get(
    "/history/{conversation_id}",
    response_model=ChatHistory,
    operation_id="getChatHistory",
    summary="What was said in a conversation, oldest first; the newest page unless stated",
)
async def history(
    request: Request,
    conversation_id: Named,
    who: Viewer,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Json:
    """`next_cursor` leads to older messages."""
    chat = chat_of(request)
    known = await chat.known(who, conversation_id)
    found = documents.history(known, chat.settings.url, limit=limit, before=cursor)
    if found is None:
        raise UsageError("the cursor is not one of this conversation", pointer="/cursor")
    return found


@router.get(
    "/history",
    response_model=ChatHistory,
    operation_id="findChatHistory",
    summary="The same with the conversation in the query, or the one talked in last",
)
async def history_by_query(
    request: Request,
    who: Viewer,
    conversation_id: Annotated[str | None, Query(pattern=NAME)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Json:
    """See `GET /api/chat/history/{conversation_id}`. Who has said nothing yet gets no messages."""
    if conversation_id is None:
        found = await chat_of(request).book.listed(who)
        if not found:
            return {"conversation_id": "", "message_count": 0, "messages": [], "next_cursor": None}
        conversation_id = found[0][0]
    return await history(request, conversation_id, who, cursor, limit)


@router.get(
    "/conversations",
    response_model=Conversations,
    operation_id="listConversations",
    summary="Your own conversations, the newest first",
)
async def conversations(
    request: Request, who: Viewer, cursor: Cursor = None, limit: Limit = 50
) -> Json:
    """Those of others, also of the same tenant, are not shown."""
    found = await chat_of(request).book.listed(who)
    names = [name for name, _ in found]
    if cursor is not None and cursor not in names:
        raise UsageError("the cursor is not one of yours", pointer="/cursor")
    start = names.index(cursor) + 1 if cursor is not None else 0
    page = found[start : start + limit]
    has_more = start + limit < len(found)
    items = [documents.listed(name, begun) for name, begun in page]
    return {"items": items, "next_cursor": page[-1][0] if page and has_more else None}


@router.get(
    "/models",
    response_model=ChatModels,
    operation_id="getChatModels",
    summary="The models that can be chosen, and which of them answer here",
)
async def models(request: Request, who: Viewer) -> Json:
    """The built-in way is always there. No provider is called."""
    chat = chat_of(request)
    return models_document(chat.settings, chat.clock)


@router.post(
    "/models",
    response_model=ChatModels,
    operation_id="listChatModels",
    summary="The same, for clients that ask by POST",
)
async def models_by_post(request: Request, who: Viewer) -> Json:
    """See `GET /api/chat/models`."""
    return await models(request, who)


@router.delete(
    "/{conversation_id}",
    response_model=DeletedConversation,
    operation_id="deleteConversation",
    summary="Make a conversation unreadable for ever",
)
async def delete(request: Request, conversation_id: Named, who: Operator) -> Json:
    """Its key is destroyed. That somebody talked, when, and at what cost, stays on the log; tasks
    that were made of it are kept, and named in the answer."""
    return documents.deleted(await chat_of(request).delete(who, conversation_id))


def _number(text: str | None) -> int:
    if text is None or text == "":
        return 0
    if not (text.isascii() and text.isdigit()):
        raise UsageError(f"Last-Event-ID is a number, not {text!r}", pointer="/Last-Event-ID")
    return int(text)


def _stream(
    chat: Chat, who: Principal, conversation_id: str, message_id: str, after: int
) -> StreamingResponse:
    headers = {
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
        "X-Conversation-Id": conversation_id,
        "X-Message-Id": message_id,
    }
    lines = _lines(chat, who, conversation_id, message_id, after)
    return StreamingResponse(lines, media_type=EVENT_STREAM, headers=headers)


async def _lines(
    chat: Chat, who: Principal, conversation_id: str, message_id: str, after: int
) -> AsyncIterator[bytes]:
    told = chat.listen(who, conversation_id, message_id, after, KEEP_ALIVE)
    async with aclosing(told):
        async for frame in told:
            yield b": still here\n\n" if frame is None else event_lines(frame)


def event_lines(frame: Frame) -> bytes:
    """A frame as an event of a stream; JSON has no line breaks outside of its strings."""
    data = json.dumps(frame.data, ensure_ascii=False, separators=(",", ":"))
    return f"id: {frame.number}\nevent: {frame.event}\ndata: {data}\n\n".encode()
