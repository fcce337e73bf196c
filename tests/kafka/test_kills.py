"""Workers and agents are killed, come and go: the proof of `prove_kills`, in small."""

import pytest

from tests.kafka.install import Missing, libraries
from tests.kafka.prove_kills import Plan, prove

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


@pytest.mark.parametrize("kind", ["plain", "faust"])
async def test_nothing_is_lost_or_doubled_while_workers_are_killed(kind: str) -> None:
    try:
        libraries()
    except Missing as missing:
        pytest.skip(str(missing))
    plan = Plan(
        kind,
        tasks=150,
        effects=6,
        poison=10,
        kills=2,
        rate=30,
        is_broker_restarted=False,
        are_agents_killed=False,
    )

    outcome = await prove(plan)

    assert outcome.is_clean(plan), outcome
