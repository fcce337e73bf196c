"""Puts the chat of one process together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agents.models.budget import Purse
from agents.models.calls import Models
from api.chat.book import Book
from api.chat.built_in import BuiltIn
from api.chat.by_model import ByModel
from api.chat.by_records import ByRecords
from api.chat.by_task import ByTask
from api.chat.keys import ChatKeys
from api.chat.service import Chat, Ways
from api.model_desk import environment_of, prices_of
from api.orchestrator import Orchestrator
from api.read_models import ReadModels
from api.settings import Settings
from streams.clock import Clock


@asynccontextmanager
async def chatting(
    settings: Settings,
    here: Orchestrator,
    read_models: ReadModels,
    purse: Purse | None,
    clock: Clock,
    *,
    is_shared: bool = False,
    models: Models | None = None,
) -> AsyncIterator[Chat]:
    """A chat that ends what is under way when the block ends.

    Its models are asked by a process that keeps no answers on disk, since deleting a conversation
    would not reach them there; it starts with the first message that a model answers.

    Args:
        is_shared: other servers write to the same log.
        models: who asks models; a process of its own unless stated.
    """
    from agents.models.model_process import ModelProcess

    process = (
        ModelProcess(environment_of(settings), prices=settings.data) if models is None else None
    )
    asked = models if models is not None else process
    assert asked is not None  # noqa: S101
    built_in = BuiltIn(read_models)
    keys = ChatKeys(settings.data)
    book = Book(here.log, read_models, keys, clock, is_shared=is_shared)
    by_model = ByModel(asked, purse, built_in, clock, prices_of(settings))
    ways = Ways(by_model, built_in, ByTask(here), ByRecords(book))
    chat = Chat(settings, book, ways, clock)
    try:
        yield chat
    finally:
        await chat.close()
        if process is not None:
            await process.stop()
