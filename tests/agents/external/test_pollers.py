"""Competing pollers, some of which die and stall, in small; `prove_pollers` does it in large."""

from pathlib import Path

import pytest

from tests.agents.external.prove_pollers import prove


@pytest.mark.slow
def test_nothing_is_done_twice_within_a_lease_and_nothing_is_lost(tmp_path: Path) -> None:
    proof = prove(tmp_path, commands=150, pollers=4, seed=7)

    assert proof.twice_in_a_lease == []
    assert proof.accepted_twice == []
    assert proof.lost == []
    assert proof.findings == []
    assert proof.completed == 150
    assert proof.killed > 0
    assert proof.refusals_kept >= proof.refused
