"""Workers and brokers die, and poison comes: the proofs of `prove_kafka`, in small."""

from collections import Counter
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from tests.kafka import prove_kills, prove_poison
from tests.kafka.install import Missing, libraries
from tests.kafka.prove_client import LARGE, messages
from tests.kafka.prove_crew import Counts

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


@pytest.fixture
def _kafka_is_there() -> None:
    try:
        libraries()
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.mark.usefixtures("_kafka_is_there")
async def test_nothing_is_lost_or_doubled_while_workers_and_their_broker_die() -> None:
    plan = prove_kills.Plan("faust", tasks=120, effects=6, kills=1, agent_kills=0, rate=40)

    outcome = await prove_kills.prove(plan)

    assert outcome.is_clean(plan), str(outcome)
    assert len(outcome.silences) == 3
    assert outcome.counts.left == [0], str(outcome)


@pytest.mark.usefixtures("_kafka_is_there")
async def test_nothing_is_lost_or_doubled_when_one_of_three_brokers_dies() -> None:
    plan = prove_kills.Plan(
        "plain",
        brokers=3,
        tasks=80,
        effects=4,
        kills=0,
        agent_kills=0,
        has_guest=False,
        is_broker_restarted=False,
        is_broker_killed=True,
        rate=40,
    )

    outcome = await prove_kills.prove(plan)

    assert outcome.is_clean(plan), str(outcome)
    assert list(outcome.silences) == ["a broker is killed"]


async def test_poison_is_kept_byte_for_byte_and_holds_up_nothing(kafka: str) -> None:
    plan = prove_poison.Plan("faust", tasks=80, poison=20)

    outcome = await prove_poison.prove(plan, kafka)

    assert outcome.is_clean(plan), str(outcome)
    assert outcome.acknowledged == 100


@pytest.mark.parametrize(
    "wrong",
    [
        {"ended": 9},
        {"lost": ["task-1"]},
        {"doubled": ["task-1"]},
        {"effects_twice": ["post-1"]},
        {"effects_missing": ["post-1"]},
        {"findings": ["task-1 3: the hash does not match"]},
        {"verified": 9},
        {"unread": 1},
        {"buried": 1},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_proof_does_not_pass_when_anything_is_wrong(wrong: dict[str, Any]) -> None:
    plan = prove_kills.Plan(tasks=8, effects=2)
    right = prove_kills.Outcome(Counts(), ended=10, verified=10)

    assert right.is_clean(plan)
    assert not replace(right, **wrong).is_clean(plan)


def test_the_client_sends_what_the_numbers_say_with_poison_of_every_kind_all_along() -> None:
    sent = list(messages(100, 10))

    poison = [place for place, each in enumerate(sent) if each.is_poison]
    assert (len(sent), len(poison)) == (110, 10)
    assert poison[0] < 15
    assert poison[-1] == 109
    assert max(len(each.value) for each in sent) > LARGE
    assert {each.topic for each in sent} == {"requests", "inputs"}
    assert len(Counter(sha256(each.value).digest() for each in sent)) == 110
