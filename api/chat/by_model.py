"""Answers of a model: money is reserved, the window is shown to it, its words are passed on.

Where no model answers, the built-in way does, and the notes say why.
"""

import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from agents.models.budget import Purse, Refused, Reserved
from agents.models.calls import ModelAnswer, ModelCall, ModelFailed, Models, Piece, UsageTrust
from agents.models.choice import Ask, Choice
from agents.models.complexity import assess
from agents.models.price_table import Model, PriceTable
from agents.models.providers import BUILTIN
from agents.models.router import choose
from agents.models.tiers import LIMITS, TaskType
from agents.models.tokens import Tokens, count_tokens, estimate
from api.chat.built_in import BuiltIn
from api.chat.parts import Asked, End, Part, Parts, Plan, Text
from api.chat.window import Window, window
from api.model_desk import today
from streams.clock import Clock
from streams.conversations.events import AnswerEnded, Ending, Way
from streams.domain.budget import Account
from streams.domain.commands import Command, CommandKind
from streams.domain.values import ExecutionPhase, Json

SECONDS = 120.0  # for one answer, all attempts together
LEAST_ROOM = 500  # tokens for the question at least
_LIMIT = LIMITS[TaskType.CHAT]


@dataclass(frozen=True, slots=True)
class _Question:
    """One call as it is made."""

    model: Model
    shown: Window
    fallbacks: tuple[str, ...]
    most: float  # dollars

    def ended(self, asked: Asked, **more: Any) -> AnswerEnded:
        """The account of the answer, but for what came of it."""
        return AnswerEnded(
            message_id=asked.exchange.message_id,
            way=Way.MODEL,
            context_messages=self.shown.kept,
            context_left_out=self.shown.left_out,
            context_tokens=self.shown.tokens,
            **more,
        )


class ByModel:
    """Asks the models of this server."""

    def __init__(
        self,
        models: Models,
        purse: Purse | None,
        built_in: BuiltIn,
        clock: Clock,
        table: PriceTable,
    ) -> None:
        self._models = models
        self._purse = purse
        self._built_in = built_in
        self._clock = clock
        self._table = table

    def choice(self, asked: Asked, providers: frozenset[str]) -> Choice:
        """Which model the router takes for a message."""
        text = asked.exchange.question
        complexity = assess(text).complexity
        tokens: Tokens = estimate(TaskType.CHAT, complexity, text, language=asked.wish.language)
        return choose(
            Ask(
                task_type=TaskType.CHAT,
                complexity=complexity,
                tokens=tokens,
                day=today(self._clock),
                available=providers - {BUILTIN},
                cooling=self._models.cooling(),
                draw=random.random(),  # noqa: S311
            ),
            self._table,
        )

    def plan(
        self, asked: Asked, model: Model, note: str = "", fallbacks: tuple[str, ...] = ()
    ) -> Plan:
        """How a model will answer."""
        wish = asked.wish
        room = min(model.context, _LIMIT.context) - wish.max_tokens
        shown = window(
            asked.conversation.exchanges,
            asked.exchange.question,
            asked.exchange.agent,
            max(LEAST_ROOM, room),
        )
        known = self._table.by_id
        priced = [known[name] for name in fallbacks if name in known]
        most = max(one.cost(shown.tokens, wish.max_tokens) for one in (model, *priced))
        question = _Question(model, shown, fallbacks, most)

        def stopped(text: str) -> AnswerEnded:
            tokens = count_tokens(text)
            return question.ended(
                asked,
                ending=Ending.STOPPED,
                model=model.model_id,
                tokens_in=shown.tokens,
                tokens_out=tokens,
                is_estimated=True,
                cost=model.cost(shown.tokens, tokens),
            )

        return Plan(Way.MODEL, note, model.model_id, lambda: self._answer(asked, question), stopped)

    async def _answer(self, asked: Asked, question: _Question) -> Parts:
        command = _command(asked, self._clock())
        held: Reserved | Refused | None = None
        if self._purse is not None and question.most > 0:
            held = await self._purse.reserve(command, question.most)
        if isinstance(held, Refused):
            async for part in self._instead(asked, held.reason, begins_anew=False):
                yield part
            return
        has_told = False
        try:
            async with aclosing(self._models.stream(_call(asked, question))) as stream:
                async for piece in stream:
                    has_told = True
                    part = _part(piece, asked, question)
                    if isinstance(piece, ModelAnswer):
                        await self._settle(command, held, piece.account.cost)
                    yield part
        except ModelFailed as error:
            if error.account.attempts or error.account.cost:
                await self._settle(command, held, error.account.cost)
            async for part in self._instead(
                asked, error.reason, begins_anew=has_told, cost=error.account.cost
            ):
                yield part
        finally:
            # What is not settled here counts in full: nobody knows what a stopped call has cost.
            if self._purse is not None:
                self._purse.forget(
                    command, held.reservation_id if isinstance(held, Reserved) else ""
                )

    async def _instead(
        self, asked: Asked, reason: str, *, begins_anew: bool, cost: float = 0.0
    ) -> AsyncGenerator[Part, None]:
        """The built-in answer in place of one that did not come."""
        if begins_anew:
            yield Text("", begins_anew=True)
        async for part in self._built_in.answer(asked):
            if isinstance(part, End):
                ended = part.ended.model_copy(update={"cost": cost})
                yield End(
                    ended, (*part.notes, f"No model answered, the built-in rules did: {reason}")
                )
            else:
                yield part

    async def _settle(self, command: Command, held: Reserved | None, cost: float) -> None:
        if self._purse is None:
            return
        if held is not None:
            await self._purse.settle(held.reservation_id, cost)
        await self._purse.record(command, cost)  # what nothing was held for, too


def _part(piece: Piece | ModelAnswer, asked: Asked, question: _Question) -> Part:
    if isinstance(piece, Piece):
        return Text(piece.text, piece.begins_anew)
    account = piece.account
    left = question.shown.left_out
    notes = (f"{left} earlier messages were left out: there was no room.",) if left else ()
    ended = question.ended(
        asked,
        ending=Ending.COMPLETE if piece.is_complete else Ending.CUT,
        model=account.model,
        tokens_in=account.tokens_in,
        tokens_out=account.tokens_out,
        is_estimated=account.usage is UsageTrust.RECOUNTED,
        cost=account.cost,
        is_priced=account.is_priced,
        latency=account.latency,
        first_token=account.first_token,
    )
    return End(ended, notes)


def _call(asked: Asked, question: _Question) -> ModelCall:
    return ModelCall(
        call_id=f"chat:{asked.exchange.message_id}",
        messages=question.shown.messages,
        model=question.model.model_id,
        fallbacks=question.fallbacks,
        max_tokens=asked.wish.max_tokens,
        temperature=asked.wish.temperature,
        seconds=SECONDS,
    )


def _command(asked: Asked, now: int) -> Command:
    """What the ledger knows the call as: it tells whose money it is."""
    payload: Json = {}
    return Command(
        command_id=f"chat:{asked.exchange.message_id}",
        task_id=f"chat:{asked.conversation.stream_id}",
        kind=CommandKind.RUN_STEP,
        phase=ExecutionPhase.EXECUTION,
        agent_type="chat",
        timeout=int(SECONDS * 1000),
        issued_at=now,
        account=Account(tenant=asked.wish.tenant, principal=asked.wish.principal, submitted_at=now),
        payload=payload,
    )
