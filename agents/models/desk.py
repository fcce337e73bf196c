"""Where agents ask a model: the router chooses, money is reserved, the gateway asks, and the
account goes back with the answer for the history.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from agents.models.budget import Purse, Refused, Reserved
from agents.models.calls import (
    CallAccount,
    Message,
    ModelAnswer,
    ModelCall,
    ModelFailed,
    Models,
    PromptName,
)
from agents.models.choice import NO_PIN, Ask, Choice, Pin
from agents.models.posterior import Cell, Tally
from agents.models.price_table import Model, PriceTable, TableData, price_table
from agents.models.providers import BUILTIN, LOCAL
from agents.models.router import choose
from agents.models.tiers import LIMITS, Complexity, TaskType, Tier
from agents.models.tokens import estimate
from streams.domain.commands import Command
from streams.domain.values import Json, Money

MOST_FALLBACKS = 3
SECONDS_SHARE = 0.8  # of a command's time: what is left is for saying what came of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an agent wants of a model."""

    key: str  # tells the questions of one command apart
    task_type: TaskType
    messages: tuple[Message, ...]
    prompt: PromptName | None = None
    json_schema: Json | None = None
    complexity: Complexity = Complexity.MEDIUM
    language: str = "en"
    failed: tuple[str, ...] = ()  # models whose work on this did not pass
    temperature: float = 0.3


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question. Without an answer, `note` says why, and the agent goes on without a
    model; `refused` is for want of money."""

    choice: Choice | None
    answer: ModelAnswer | None = None
    account: CallAccount | None = None
    refused: Refused | None = None
    note: str = ""

    @property
    def cost(self) -> Money:
        """Dollars that were spent, also without an answer."""
        return self.account.cost if self.account else 0.0

    @property
    def usage(self) -> Json:
        """What the history keeps of it."""
        kept: Json = {}
        if self.account is not None:
            kept["model_call"] = self.account.model_dump(mode="json", exclude_none=True)
        if self.choice is not None:
            kept["model_choice"] = self.choice.model_dump(mode="json", exclude_none=True)
        if self.note:
            kept["model_note"] = self.note
        return kept


@dataclass(slots=True)
class Desk:
    """The models of one worker, with the providers that are set up."""

    models: Models
    available: frozenset[str]
    today: Callable[[], str]
    purse: Purse | None = None
    pin: Pin = NO_PIN
    table: PriceTable = field(default_factory=price_table)
    draw: Callable[[], float] = random.random
    outcomes: Callable[[], Mapping[Cell, Tally]] = dict  # of earlier quality checks, as of now
    exploration: float = 0.0  # share of choices that try a neighbouring tier, to learn of it

    def __post_init__(self) -> None:
        self.table = with_pinned(self.table, self.pin, self.available)

    async def ask(self, command: Command, question: Question) -> Asked:
        """Ask a model, or say why none is asked.

        Raises:
            LogError: no money can be reserved any more.
        """
        choice = choose(self._ask(question), self.table)
        if choice.model_id is None or choice.model_id == BUILTIN:
            note = choice.note or "the built-in rules are good enough for this"
            return Asked(choice, note=note)
        fallbacks = self._fallbacks(choice)
        most = max(self._highest(choice, model) for model in (choice.model_id, *fallbacks))
        held = await self._reserved(command, most)
        if isinstance(held, Refused):
            return Asked(choice, refused=held, note=held.reason)
        asked = await self._called(command, question, choice, fallbacks)
        is_known = asked.answer is not None or (asked.account and asked.account.attempts)
        if held is not None and self.purse is not None and is_known:
            await self.purse.settle(held.reservation_id, asked.cost)
        return asked

    async def _reserved(self, command: Command, most: Money) -> Reserved | Refused | None:
        if self.purse is None or most <= 0:
            return None
        return await self.purse.reserve(command, most)

    async def _called(
        self, command: Command, question: Question, choice: Choice, fallbacks: tuple[str, ...]
    ) -> Asked:
        call = ModelCall(
            call_id=f"{command.command_id}:{question.key}",
            messages=question.messages,
            model=choice.model_id or "",
            fallbacks=fallbacks,
            max_tokens=LIMITS[question.task_type].output,
            temperature=question.temperature,
            json_schema=question.json_schema,
            seconds=max(1.0, command.timeout / 1000 * SECONDS_SHARE),
            prompt=question.prompt,
        )
        try:
            answer = await self.models.complete(call)
        except ModelFailed as error:
            return Asked(choice, account=error.account, note=error.reason)
        return Asked(choice, answer, answer.account)

    def _ask(self, question: Question) -> Ask:
        text = "\n".join(message.content for message in question.messages)
        tokens = estimate(question.task_type, question.complexity, text, language=question.language)
        return Ask(
            task_type=question.task_type,
            complexity=question.complexity,
            tokens=tokens,
            day=self.today(),
            available=self.available,
            cooling=self.models.cooling(),
            pin=self.pin,
            failed=() if self.pin != NO_PIN else question.failed,
            failed_rank=self._failed_rank(question),
            outcomes=self.outcomes(),
            exploration=self.exploration,
            draw=self.draw(),
        )

    def _failed_rank(self, question: Question) -> int:
        """What the user has pinned is asked again, since nothing else may be."""
        if self.pin != NO_PIN:
            return -1
        known = (self.table.by_id.get(model) for model in question.failed)
        return max((model.tier.rank for model in known if model), default=-1)

    def _fallbacks(self, choice: Choice) -> tuple[str, ...]:
        asked = [model for model in choice.fallbacks if model != BUILTIN]
        if self.pin.model is not None:
            return ()  # the built-in rules stand in for the one that was wished
        return tuple(asked[:MOST_FALLBACKS])

    def _highest(self, choice: Choice, model: str) -> Money:
        """The most that one answer of a model may cost."""
        candidates: Mapping[str, Money] = {
            each.model_id: each.highest_cost for each in choice.candidates
        }
        return candidates.get(model, 0.0)


def usable(ready: Mapping[str, object], pin: Pin) -> frozenset[str]:
    """The providers that the router may choose from: the small local model only where it is
    wished, since it invents figures."""
    wishes_local = LOCAL in (pin.provider, (pin.model or "").split("/")[0]) or pin.model in (
        "smollm2",
        LOCAL,
    )
    names = set(ready) if wishes_local else set(ready) - {LOCAL}
    return frozenset(names | {BUILTIN})


def with_pinned(table: PriceTable, pin: Pin, available: frozenset[str]) -> PriceTable:
    """The table with a model of the user's own server, which no table knows."""
    name = pin.model or ""
    provider, slash, _ = name.partition("/")
    is_listed = table.data.aliases.get(name.lower(), name) in table.by_id
    if is_listed or not slash or provider not in available:
        return table
    own = Model(
        model_id=name,
        name=name,
        provider=provider,
        tier=Tier.STANDARD,
        price_in=0.0,
        price_out=0.0,
        context=8_192,
        output=4_096,
        source="declared",
        read_on=table.data.read_on,
        note="Not in the table: its price is not known and counts as 0.",
    )
    data: TableData = table.data.model_copy(update={"models": (*table.data.models, own)})
    aliases = {**data.aliases, name.lower(): name}
    data = data.model_copy(update={"aliases": aliases})
    return replace(table, data=data, by_id={**table.by_id, name: own})


def pin_of(wish: str) -> Pin:
    """What `auto`, a tier, a provider or a model's name stands for."""
    said = wish.strip()
    if said.lower() in ("", "auto"):
        return NO_PIN
    if said.upper() in Tier.__members__:
        return Pin(tier=Tier(said.upper()))
    return Pin(model=said)
