"""The process that asks models: `python -m agents.models.model_worker`.

It holds LiteLLM and the local model, so that the processes that serve and decide hold neither. One
JSON object a line comes in (a call, or word that it is to stop) and goes out (pieces, an answer, a
failure). It ends when its standard input is closed, which also happens when its parent dies.
"""

import argparse
import asyncio
import contextlib
import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from agents.models.asking import Asking
from agents.models.calls import CallAccount, ModelAnswer, ModelCall, ModelFailed, Piece
from agents.models.frames import LONGEST, frame, read_frame
from agents.models.gateway import LiteLLM
from agents.models.kept_answers import KeptAnswers
from agents.models.local import LocalModel, is_installed
from agents.models.price_table import price_table
from agents.models.providers import LOCAL, Target, providers, ready, target_of
from streams.domain.values import Json


class ModelWorker:
    """Answers the lines of one parent."""

    def __init__(self, data: Path | None, prices: Path | None, out: int) -> None:
        self._out = out
        self._local = LocalModel()
        self._able = ready(providers(os.environ, has_local=is_installed()))
        self._kept = KeptAnswers(data)
        self._wire = LiteLLM()
        self._spent: dict[str, CallAccount] = {}
        self._table = price_table(prices)
        self._asking = Asking(self._wire, self._locate, self._table, self._kept, told=self._told)
        self._running: dict[int, asyncio.Task[None]] = {}

    async def run(self, reader: asyncio.StreamReader) -> None:
        """Work until the parent is gone."""
        warming = asyncio.create_task(self._wire.warm())
        try:
            while (line := await read_frame(reader)) is not None:
                number = int(line["id"])
                if "call" in line:
                    call = ModelCall.model_validate(line["call"])
                    task = asyncio.create_task(self._answer(number, call, warming))
                    self._running[number] = task
                    task.add_done_callback(partial(self._ended, number))
                elif number in self._running:
                    self._running[number].cancel()
        finally:
            await self._local.stop()
            self._kept.close()

    def _ended(self, number: int, task: "asyncio.Task[None]") -> None:
        self._running.pop(number, None)

    async def _answer(self, number: int, call: ModelCall, warming: "asyncio.Task[None]") -> None:
        try:
            await asyncio.shield(warming)
            async with contextlib.aclosing(self._asking.stream(call)) as parts:
                async for part in parts:
                    match part:
                        case Piece():
                            self._say(number, piece=part.model_dump())
                        case ModelAnswer():
                            self._say(number, answer=part.model_dump(mode="json"))
        except ModelFailed as error:
            account = error.account.model_dump(mode="json")
            failed = {"reason": error.reason, "account": account, "is_passing": error.is_passing}
            self._say(number, failed=failed)
        except asyncio.CancelledError:
            spent = self._spent.get(call.call_id, CallAccount(prompt=call.prompt))
            self._say(number, stopped=spent.model_dump(mode="json"))
            raise
        finally:
            self._spent.pop(call.call_id, None)

    def _told(self, call: ModelCall, account: CallAccount) -> None:
        self._spent[call.call_id] = account

    async def _locate(self, model: str) -> Target | None:
        target = target_of(model, self._able, self._table)
        if target is None or target.provider != LOCAL:
            return target
        address = await self._local.address()
        return replace(target, base=address.base, key=address.key)

    def _say(self, number: int, **what: Json) -> None:
        line: Json = {"id": number, "cooling": sorted(self._asking.cooling()), **what}
        left = memoryview(frame(line))
        while left:
            left = left[os.write(self._out, left) :]


def _kept_to_ourselves() -> int:
    """Standard output for our lines alone: what a library prints goes to standard error."""
    ours = os.dup(1)
    os.dup2(2, 1)
    return ours


async def _work(data: Path | None, prices: Path | None) -> None:
    out = _kept_to_ourselves()
    reader = asyncio.StreamReader(limit=LONGEST)
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    await ModelWorker(data, prices, out).run(reader)


def main() -> None:
    """Work until standard input is closed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=None, help="where answers are kept")
    parser.add_argument("--prices", type=Path, default=None, help="where prices were refreshed")
    asked = parser.parse_args()
    asyncio.run(_work(asked.data, asked.prices))
    os._exit(0)  # the library's threads need not be waited for


if __name__ == "__main__":
    main()
