"""One of the example servers whose tools never answer: it writes down its process id when it is
called, so that a test can kill it in the middle of the call.

python hanging_server.py MODULE PID_FILE
"""

import asyncio
import importlib
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "mcp"))


async def hang(*_: Any, **__: Any) -> Any:
    """Take the call, and never answer it."""
    being_written = PID_FILE.with_suffix(".new")
    being_written.write_text(str(os.getpid()))
    being_written.replace(PID_FILE)
    await asyncio.Event().wait()


if __name__ == "__main__":
    MODULE, PID_FILE = sys.argv[1], Path(sys.argv[2])
    del sys.argv[1:]  # the example reads its own
    module = importlib.import_module(MODULE)
    module.server.call_tool = hang
    module.server.run()
