"""Asks models: tries again, falls back to others, keeps the time, and accounts for every attempt.

All retries are here and nowhere else. Whoever rests after errors is asked last, but is asked before
giving up. A call is never longer than its time, whatever the providers do.
"""

import asyncio
import contextlib
import random
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field

from agents.models.accounts import account_of, cached_account
from agents.models.calls import (
    Attempt,
    CallAccount,
    Fault,
    ModelAnswer,
    ModelCall,
    ModelFailed,
    Piece,
    UsageTrust,
)
from agents.models.errors import ModelError
from agents.models.kept_answers import KeptAnswers
from agents.models.price_table import PriceTable
from agents.models.providers import Target
from agents.models.reading_json import read_answer
from agents.models.resting import Resting
from agents.models.usage import cost_of, usage_of
from agents.models.wire import Chunk, Wire, WireFault

Locate = Callable[[str], Awaitable[Target | None]]
Told = Callable[[ModelCall, CallAccount], None]
# How often the same model is asked again after each fault.
AGAIN = {Fault.SERVER_ERROR: 1, Fault.RATE_LIMITED: 1, Fault.BAD_ANSWER: 1, Fault.CUT_OFF: 1}
PAUSE = (0.2, 0.6)  # seconds, drawn evenly, before the same model is asked again
SHARE = 0.5  # of the time that is left for an attempt, while there are others to ask
MESSAGE_TOKENS = 5  # around the words of a message: its role, its beginning and end
# What a provider may bill although no answer came.
_MAY_COST = frozenset({Fault.TIMED_OUT, Fault.CUT_OFF, Fault.CANCELLED, Fault.BAD_ANSWER})
_PASSING = frozenset(
    {Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.UNREACHABLE, Fault.TIMED_OUT, Fault.CUT_OFF}
)


@dataclass(slots=True)
class _Coming:
    """One attempt under way."""

    target: Target
    begun: float
    first: float | None = None
    texts: list[str] = field(default_factory=list)
    finish: str | None = None
    usage: tuple[object, object] | None = None

    def took(self, chunk: Chunk, now: float) -> None:
        if chunk.text:
            self.texts.append(chunk.text)
            self.first = self.first if self.first is not None else now
        self.finish = chunk.finish or self.finish
        self.usage = chunk.usage or self.usage

    @property
    def text(self) -> str:
        return "".join(self.texts)


@dataclass(slots=True)
class _Run:
    """One call under way."""

    call: ModelCall
    begun: float
    attempts: list[Attempt] = field(default_factory=list)
    has_told: bool = False  # pieces of an attempt that failed were handed out

    def left(self, now: float) -> float:
        return self.begun + self.call.seconds - now

    def tries_of(self, target: Target) -> int:
        return sum(attempt.model == target.model for attempt in self.attempts)


class Asking:
    """Asks through one wire. `locate` finds (and where needed starts) whoever answers a model."""

    def __init__(
        self,
        wire: Wire,
        locate: Locate,
        table: PriceTable,
        kept: KeptAnswers,
        *,
        told: Told = lambda call, account: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wire = wire
        self._locate = locate
        self._table = table
        self._kept = kept
        self._told = told
        self._now = now
        self._resting = Resting()

    def cooling(self) -> frozenset[str]:
        """See `Models.cooling`."""
        return self._resting.cooling(self._now())

    async def complete(self, call: ModelCall) -> ModelAnswer:
        """See `Models.complete`."""
        async with contextlib.aclosing(self.stream(call)) as parts:
            async for part in parts:
                if isinstance(part, ModelAnswer):
                    return part
        raise AssertionError("a stream ends with its answer or an error")

    async def stream(self, call: ModelCall) -> AsyncGenerator[Piece | ModelAnswer, None]:
        """See `Models.stream`."""
        kept = self._kept.get(call)
        if kept is not None:
            yield Piece(text=kept.text)
            yield kept.model_copy(update={"account": cached_account(kept.account)})
            return
        run = _Run(call, self._now())
        queue = deque(await self._order(run))
        while queue and run.left(self._now()) > 0:
            target = queue.popleft()
            coming = _Coming(target, self._now())
            if run.has_told:
                run.has_told = False
                yield Piece(text="", begins_anew=True)
            try:
                attempt = self._attempt(run, coming, has_others=bool(queue))
                async with contextlib.aclosing(attempt) as pieces:
                    async for piece in pieces:
                        run.has_told = True
                        yield piece
                answer = self._answer(run, coming)
            except WireFault as error:
                self._failed(run, coming, error)
                if await self._is_worth_another(run, target, error, has_others=bool(queue)):
                    queue.appendleft(target)
                continue
            except (asyncio.CancelledError, GeneratorExit):
                self._note(run, coming, WireFault(Fault.CANCELLED, "it was stopped"))
                self._told(call, self._account(run))
                raise
            self._resting.answered(target)
            self._kept.put(call, answer)
            self._told(call, answer.account)
            yield answer
            return
        raise self._failure(run)

    async def _order(self, run: _Run) -> list[Target]:
        """Whom to ask, those that rest last."""
        found = []
        for model in dict.fromkeys((run.call.model, *run.call.fallbacks)):
            try:
                target = await self._locate(model)
                reason = "its provider is not set up"
            except ModelError as error:
                target, reason = None, str(error)
            if target is not None:
                found.append(target)
            else:
                run.attempts.append(
                    Attempt(model=model, provider="", fault=Fault.NOT_SET_UP, reason=reason)
                )
        return sorted(found, key=lambda target: self._resting.rest_of(target, self._now()))

    async def _attempt(
        self, run: _Run, coming: _Coming, *, has_others: bool
    ) -> AsyncGenerator[Piece, None]:
        left = run.left(self._now())
        seconds = left * SHARE if has_others else left
        stream = self._wire.stream(coming.target, run.call, seconds)
        ends = asyncio.get_running_loop().time() + seconds
        try:
            while True:
                # Not around the loop: a timeout must not fall on whoever reads the pieces.
                async with asyncio.timeout_at(ends):
                    chunk = await anext(stream, None)
                if chunk is None:
                    return
                coming.took(chunk, self._now())
                if chunk.text:
                    yield Piece(text=chunk.text)
        except TimeoutError:
            raise WireFault(Fault.TIMED_OUT, f"no answer within {seconds:.1f} s") from None
        finally:
            await stream.aclose()

    def _answer(self, run: _Run, coming: _Coming) -> ModelAnswer:
        data, wrong = read_answer(coming.text, run.call.json_schema)
        if wrong:
            cut = " (the limit of tokens ended it)" if coming.finish == "length" else ""
            raise WireFault(Fault.BAD_ANSWER, wrong + cut)
        self._note(run, coming, None)
        return ModelAnswer(
            text=coming.text,
            data=data,
            is_complete=coming.finish != "length",
            account=self._account(run),
        )

    def _failed(self, run: _Run, coming: _Coming, error: WireFault) -> None:
        self._note(run, coming, error)
        self._resting.failed(coming.target, error.fault, self._now(), error.after)

    async def _is_worth_another(
        self, run: _Run, target: Target, error: WireFault, *, has_others: bool
    ) -> bool:
        if run.tries_of(target) > AGAIN.get(error.fault, 0):
            return False
        if error.fault is Fault.RATE_LIMITED and has_others:
            return False
        pause = random.uniform(*PAUSE) if error.after is None else error.after  # noqa: S311
        if pause > run.left(self._now()) * SHARE:
            return False
        await asyncio.sleep(pause)
        return True

    def _note(self, run: _Run, coming: _Coming, error: WireFault | None) -> None:
        """Write an attempt down, with what it cost."""
        now, target, call = self._now(), coming.target, run.call
        tokens_in, tokens_out, trust = 0, 0, UsageTrust.REPORTED
        if error is None or error.fault in _MAY_COST:
            asked = "\n".join(message.content for message in call.messages)
            around = MESSAGE_TOKENS * len(call.messages)
            claimed = coming.usage or (None, None)
            usage = usage_of(
                *claimed,
                self._wire.count(target, asked) + around,
                self._wire.count(target, coming.text) if coming.texts else 0,
                call.max_tokens,
            )
            tokens_in, tokens_out, trust = usage.tokens_in, usage.tokens_out, usage.trust
        run.attempts.append(
            Attempt(
                model=target.model,
                provider=target.provider,
                fault=error.fault if error else None,
                reason=error.reason if error else "",
                latency=_milliseconds(now - coming.begun),
                first_token=_milliseconds(coming.first - coming.begun) if coming.first else None,
                tokens_in=tokens_in,
                tokens_out=tokens_out,
                cost=self._price(target, tokens_in, tokens_out) or 0.0,
                usage=trust,
            )
        )

    def _price(self, target: Target, tokens_in: int, tokens_out: int) -> float | None:
        known = cost_of(self._table, target.model, tokens_in, tokens_out)
        return known if known is not None else self._wire.price(target, tokens_in, tokens_out)

    def _account(self, run: _Run) -> CallAccount:
        answered = next((one for one in run.attempts if one.fault is None), None)
        latency = _milliseconds(self._now() - run.begun)
        account = account_of(run.call, run.attempts, latency, self._table.version)
        if answered is None:
            return account
        target = Target(answered.model, answered.provider, answered.model)
        return account.model_copy(update={"is_priced": self._price(target, 1, 1) is not None})

    def _failure(self, run: _Run) -> ModelFailed:
        account = self._account(run)
        self._told(run.call, account)
        said = [f"{one.model}: {one.fault} ({one.reason})" for one in run.attempts if one.fault]
        if run.left(self._now()) <= 0:
            said.append(f"the {run.call.seconds:g} s for it are over")
        is_passing = any(one.fault in _PASSING for one in run.attempts)
        return ModelFailed(
            f"no model answered: {'; '.join(said)}"[:1_500], account, is_passing=is_passing
        )


def _milliseconds(seconds: float) -> int:
    return round(max(0.0, seconds) * 1_000)
