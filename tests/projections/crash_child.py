"""The process that `test_crash` kills: it projects in small batches, and says how far it is."""

import asyncio
import os
import sys
from pathlib import Path

from projections.projector import Projector
from projections.store import Store
from streams.sqlite import SqliteLog


def say(position: int) -> None:
    """Tell the parent; one line is written whole or not at all."""
    os.write(1, b"%d\n" % position)


async def main(directory: Path) -> None:
    log = await SqliteLog.open(directory, read_only=True)
    store = Store.open(directory)
    projector = Projector(store, log, batch=20)
    await projector.catch_up(lambda _: say(projector.position))
    store.close()
    await log.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
