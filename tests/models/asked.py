"""What the tests of the gateway ask, and a wire that plays a script."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from agents.models.asking import Asking
from agents.models.calls import CallAccount, Fault, Message, ModelCall
from agents.models.kept_answers import KeptAnswers
from agents.models.price_table import price_table
from agents.models.providers import Target
from agents.models.wire import Chunk, WireFault

OBJECT = {
    "type": "object",
    "properties": {"answer": {"type": "string"}},
    "required": ["answer"],
    "additionalProperties": False,
}


def a_call(model: str, *fallbacks: str, call_id: str = "", **more: object) -> ModelCall:
    """A call for a sentence."""
    given: dict[str, object] = {
        "call_id": call_id or f"call of {model}",
        "messages": (Message(role="user", content="Say how revenue did in the fourth quarter."),),
        "model": model,
        "fallbacks": fallbacks,
        "max_tokens": 60,
        "seconds": 10.0,
    }
    return ModelCall.model_validate(given | more)


Step = str | WireFault | tuple[object, object] | None  # text, a fault, usage; None hangs


@dataclass
class ScriptedWire:
    """For each model what its requests do, one after the other; the last one stays."""

    scripts: dict[str, list[list[Step]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    closed: int = 0
    hangs: asyncio.Event = field(default_factory=asyncio.Event)

    async def stream(
        self, target: Target, call: ModelCall, seconds: float
    ) -> AsyncGenerator[Chunk, None]:
        self.asked.append(target.model)
        waiting = self.scripts[target.model]
        steps = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        try:
            for step in steps:
                match step:
                    case str():
                        yield Chunk(text=step)
                    case WireFault():
                        raise step
                    case None:
                        self.hangs.set()
                        await asyncio.Event().wait()
                    case _:
                        yield Chunk(usage=step)
            yield Chunk(finish="stop")
        finally:
            self.closed += 1

    def count(self, target: Target, text: str) -> int:
        return len(text.split())

    def price(self, target: Target, tokens_in: int, tokens_out: int) -> float | None:
        return None


def asking_by(
    wire: ScriptedWire, kept: KeptAnswers | None = None, told: list[CallAccount] | None = None
) -> Asking:
    """Whoever asks through a scripted wire; every model has a provider of its own."""

    async def locate(model: str) -> Target | None:
        return None if model == "unknown" else Target(model, f"of {model}", model)

    def heard(call: ModelCall, account: CallAccount) -> None:
        if told is not None:
            told.append(account)

    return Asking(wire, locate, price_table(), kept or KeptAnswers(None), told=heard)


def fault(kind: Fault, after: float | None = None) -> WireFault:
    """A fault of a kind."""
    return WireFault(kind, f"it was {kind}", after)
