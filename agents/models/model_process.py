"""Asks models through a process of their own, started when first needed or warmed before.

To its users it looks as if models answered here. If the process dies, calls under way fail, and the
next one starts another.
"""

import asyncio
import contextlib
import itertools
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

from agents.models.calls import (
    CallAccount,
    ModelAnswer,
    ModelCall,
    ModelFailed,
    Piece,
)
from agents.models.frames import LONGEST, frame, read_frame
from agents.models.providers import provider_variables
from streams.domain.values import Json

GRACE = (
    20.0  # seconds beyond a call's own: the process may have to start, and keeps the time itself
)
STOP_SECONDS = 8.0
# What the process needs of an environment beside the providers' variables.
_PASSED = (
    "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH",
    "PYTHONDONTWRITEBYTECODE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy",
    "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR",
)  # fmt: skip


class ModelProcess:
    """The models of one worker. Implements `Models`.

    Args:
        data: where answers are kept; they are not, unless stated.
        prices: the data directory whose refreshed prices count.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        data: Path | None = None,
        prices: Path | None = None,
    ) -> None:
        self._environment = environment
        self._places = {"--data": data, "--prices": prices}
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Queue[Json | None]] = {}
        self._cooling: frozenset[str] = frozenset()

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    def cooling(self) -> frozenset[str]:
        """See `Models.cooling`; as of the last answer."""
        return self._cooling

    async def warm(self) -> None:
        """Start the process, which then loads by itself what its first call needs."""
        async with self._starting:
            if self.pid is None:
                await self._start()

    async def complete(self, call: ModelCall) -> ModelAnswer:
        """See `Models.complete`."""
        async with contextlib.aclosing(self.stream(call)) as parts:
            async for part in parts:
                if isinstance(part, ModelAnswer):
                    return part
        raise AssertionError("a stream ends with its answer or an error")

    async def stream(self, call: ModelCall) -> AsyncGenerator[Piece | ModelAnswer, None]:
        """See `Models.stream`."""
        await self.warm()
        number = next(self._numbers)
        lines: asyncio.Queue[Json | None] = asyncio.Queue()
        self._waiting[number] = lines
        has_ended = False
        ends = asyncio.get_running_loop().time() + call.seconds + GRACE
        try:
            await self._send({"id": number, "call": call.model_dump(mode="json")})
            while not has_ended:
                async with asyncio.timeout_at(ends):
                    line = await lines.get()
                has_ended = line is None or "piece" not in line
                yield _part(line, call)
        except TimeoutError:
            raise _gone(call, "the process that asks models does not answer") from None
        finally:
            self._waiting.pop(number, None)
            if not has_ended:
                with contextlib.suppress(OSError, RuntimeError):
                    await self._send({"id": number, "stop": True})

    async def stop(self) -> None:
        """End the process, and with it the local model."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            if process.stdin is not None:
                process.stdin.close()
            await _ended(process)
        if self._reading is not None:
            await self._reading
            self._reading = None

    async def _send(self, line: Json) -> None:
        process = self._process
        if process is None or process.stdin is None:
            return
        process.stdin.write(frame(line))
        with contextlib.suppress(ConnectionError):  # its reader tells whoever waits
            await process.stdin.drain()

    async def _start(self) -> None:
        environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
        where = [f"{name}={place}" for name, place in self._places.items() if place is not None]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "agents.models.model_worker",
            *where,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=LONGEST,
            start_new_session=True,  # Ctrl-C at a terminal is for us, not for our models
            env=environment | provider_variables(self._environment),
        )
        self._reading = asyncio.create_task(self._read(self._process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None  # noqa: S101
        while (line := await read_frame(process.stdout)) is not None:
            self._cooling = frozenset(line.get("cooling") or ())
            lines = self._waiting.get(line["id"])
            if lines is not None:
                lines.put_nowait(line)
        # Before anything is waited for, so that the next call meets a new process.
        if self._process is process:
            self._process = None
        for lines in self._waiting.values():
            lines.put_nowait(None)
        await _ended(process)


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Wait for the end of a process that was told, and end it if it does not."""
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _part(line: Json | None, call: ModelCall) -> Piece | ModelAnswer:
    """What a line says. Raises ModelFailed where it says that."""
    if line is None:
        raise _gone(call, "the process that asks models has ended; the next call starts it again")
    if "piece" in line:
        return Piece.model_validate(line["piece"])
    if "answer" in line:
        return ModelAnswer.model_validate(line["answer"])
    failed = line.get("failed") or {"reason": "it was stopped", "account": line.get("stopped")}
    account = CallAccount.model_validate(failed["account"])
    raise ModelFailed(failed["reason"], account, is_passing=bool(failed.get("is_passing")))


def _gone(call: ModelCall, reason: str) -> ModelFailed:
    """Nobody knows what it has cost: whoever reserved money for it must not settle it."""
    return ModelFailed(reason, CallAccount(prompt=call.prompt, is_priced=False), is_passing=True)
