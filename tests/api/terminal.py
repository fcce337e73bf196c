"""A terminal for tests: `orchestrator` typed in a directory, inside this process, where that is
enough, or as a process of its own."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = str(Path(__file__).parents[2])
ORCHESTRATOR = [sys.executable, "-m", "api.cli"]


@dataclass(frozen=True)
class Typed:
    """What came of one call."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What was printed, read as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Terminal:
    """Calls in one directory."""

    directory: Path

    def __call__(self, *args: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> Typed:
        """One call in this process, as the console script makes it."""
        from api.cli import main

        out, err = io.StringIO(), io.StringIO()
        before = Path.cwd()
        os.chdir(self.directory)
        try:
            with (
                patch.object(sys, "argv", ["orchestrator", *args]),
                patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
                patch.dict(os.environ, without_ours() | (env or {}), clear=True),
                redirect_stdout(out),
                redirect_stderr(err),
            ):
                code = _exit_code(main)
        finally:
            os.chdir(before)
        return Typed(code, out.getvalue(), err.getvalue())

    def start(
        self, *args: str, env: dict[str, str] | None = None, **more: Any
    ) -> subprocess.Popen[str]:
        """A process of its own, which is still running."""
        return subprocess.Popen(
            [*ORCHESTRATOR, *args],
            cwd=self.directory,
            env=without_ours() | {"PYTHONPATH": ROOT, "PYTHONUNBUFFERED": "1"} | (env or {}),
            text=True,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more,
        )


def without_ours() -> dict[str, str]:
    """The environment without settings of whoever runs the tests."""
    return {k: v for k, v in os.environ.items() if not k.startswith("ORCHESTRATOR_")}


def _exit_code(main: Any) -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0
