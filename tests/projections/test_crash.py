"""A process that is killed while it projects loses no row and doubles none."""

import random
import subprocess
import sys
import time
from pathlib import Path

from projections.projector import Projector
from projections.queries import history
from projections.rebuild import rebuild
from projections.store import Store
from streams.sqlite import SqliteLog
from tests.projections.histories import live_histories
from tests.streams.processes import ROOT


async def test_killed_projecting_goes_on_where_its_rows_are(tmp_path: Path) -> None:
    log = await SqliteLog.open(tmp_path)
    await live_histories(log)

    reached = [project_and_kill(tmp_path, after) for after in (2, 2, 3)]

    store = Store.open(tmp_path)
    checkpoint = store.read("read_checkpoint", {"partition": 0})[0][0]
    assert reached == sorted(reached)
    assert checkpoint >= reached[-1] > 0
    projector = Projector(store, log)
    await projector.catch_up()
    rows = history(store, limit=1_000).items
    await rebuild(store, log)
    assert history(store, limit=1_000).items == rows
    assert len({row.task_id for row in rows}) == len(rows) == 10
    assert projector.alarms == []
    store.close()
    await log.close()


def project_and_kill(directory: Path, after: int) -> int:
    """Kill it at some moment after so many batches; the answer is how far it said to be."""
    command = [sys.executable, "-m", "tests.projections.crash_child", str(directory)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(after)]
        time.sleep(random.uniform(0, 0.03))  # the kill should hit any part of a batch
        process.kill()
        lines += process.stdout.readlines()
    whole = [line for line in lines if line.endswith("\n")]
    return int(whole[-1])
