"""Other Python processes that use a log."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PREAMBLE = """
import asyncio, sys
from pathlib import Path
from streams.log import *
from streams.sqlite import SqliteLog
async def main(directory, *arguments):
    log = await SqliteLog.open(Path(directory))
"""


def script(code: str, *arguments: object) -> list[str]:
    """The command of a process with `log` open in the directory that is its first argument."""
    body = "".join(f"    {line}\n" for line in code.strip().splitlines())
    program = f"{PREAMBLE}{body}\nasyncio.run(main(*sys.argv[1:]))"
    return [sys.executable, "-c", program, *map(str, arguments)]


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    command, pipe = script(code, *arguments), subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, text=True, stdin=pipe, stdout=pipe)
