"""A short form of `make prove-crash`: the process is killed again and again, and nothing is lost
or done twice."""

from pathlib import Path

import pytest

from tests.streams.prove_crash import MUST_BE_NOTHING, prove


@pytest.mark.slow
async def test_nothing_is_lost_or_done_twice_when_the_process_is_killed(tmp_path: Path) -> None:
    counted, client = await prove(tmp_path, kills=6, tasks=40, seed=3)

    assert counted["tasks acknowledged"] == 40
    assert {name: counted[name] for name in MUST_BE_NOTHING if counted[name]} == {}
    assert set(client.closed.values()) == {"approved", "cancelled"}
