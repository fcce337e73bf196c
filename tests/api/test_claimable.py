"""The index of what can be claimed: always the best that is free, whatever happens in between."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.claimable import Claimable, Offer
from streams.domain.commands import CommandKind
from streams.domain.events import CommandIssued
from streams.domain.state import Life, OpenCommand, TaskState
from streams.domain.values import ExecutionPhase

TENANTS, TYPES = ("a", "b"), ("x", "y", "ours")
TASKS = {f"t{number}": TENANTS[number % 2] for number in range(4)}


def opened(task_id: str, number: int, **values: Any) -> OpenCommand:
    known = {"runner": None, "retry_at": None, "is_uncertain": False}
    mine = {name: values.pop(name, standard) for name, standard in known.items()}
    issued = CommandIssued(
        command_id=f"{task_id}.{number}",
        kind=CommandKind.RUN_STEP,
        phase=ExecutionPhase.EXECUTION,
        max_attempts=3,
        timeout=1,
        expires_at=1,
        **{"agent_type": "x", "issued_at": 0} | values,
    )
    return OpenCommand(issued=issued, **mine)


def task(task_id: str, *commands: OpenCommand, **more: Any) -> TaskState:
    found = {command.issued.command_id: command for command in commands}
    tenant = TASKS.get(task_id, "a")
    return TaskState(task_id=task_id, life=Life.OPEN, tenant=tenant, commands=found, **more)


@dataclass
class Model:
    """What the index should know, found by looking through everything."""

    states: dict[str, TaskState] = field(default_factory=dict)
    taken: dict[str, Offer] = field(default_factory=dict)

    def free(self, tenant: str, agent_type: str) -> list[OpenCommand]:
        return [
            command
            for state in self.states.values()
            for command in state.commands.values()
            if (state.tenant, command.issued.agent_type) == (tenant, agent_type)
            and command.runner is None
            and command.retry_at is None
            and not command.is_uncertain
            and not state.is_stopping
            and command.issued.command_id not in self.taken
        ]

    def best(self, tenant: str) -> str | None:
        free = [*self.free(tenant, "x"), *self.free(tenant, "y")]
        ranked = [
            (-c.issued.priority, c.issued.issued_at, c.issued.command_id, c.issued.attempt)
            for c in free
        ]
        return min(ranked)[2] if ranked else None


commands = st.builds(
    dict,
    priority=st.integers(-2, 2),
    issued_at=st.integers(0, 5),
    attempt=st.integers(1, 3),
    runner=st.sampled_from([None, None, "ann", "bob"]),
    retry_at=st.sampled_from([None, None, 9]),
    is_uncertain=st.sampled_from([False, False, True]),
)
changes = st.tuples(
    st.just("change"),
    st.sampled_from(sorted(TASKS)),
    st.dictionaries(st.integers(1, 6), commands, max_size=6),
    st.booleans(),
)
takes = st.tuples(st.just("take"), st.sampled_from(TENANTS))
settles = st.tuples(st.just("settle"), st.integers(0, 9))


@given(st.lists(changes | takes | settles, max_size=40))
def test_what_is_taken_is_always_the_best_that_is_free(steps: list[Any]) -> None:
    index, model = Claimable({"ours"}), Model()
    for kind, *given_now in steps:
        if kind == "change":
            task_id, made, is_cancelling = given_now
            found = [
                opened(task_id, number, agent_type=TYPES[number % 3], **values)
                for number, values in made.items()
            ]
            state = task(task_id, *found, is_cancelling=is_cancelling)
            model.states[task_id] = state
            index.update(state)
        elif kind == "take":
            (tenant,) = given_now
            expected = model.best(tenant)
            offer = index.take([(tenant, "x"), (tenant, "y")])
            assert (offer.command_id if offer else None) == expected
            if offer is not None:
                model.taken[offer.command_id] = offer
        elif model.taken:
            number = given_now[0] % len(model.taken)
            offer = model.taken.pop(sorted(model.taken)[number])
            index.settle(offer, model.states.get(offer.task_id))
        for tenant in TENANTS:
            for agent_type in TYPES:
                waiting = [] if agent_type == "ours" else model.free(tenant, agent_type)
                assert index.waiting((tenant, agent_type)) == len(waiting)


def test_a_new_attempt_is_another_offer() -> None:
    index = Claimable()
    index.update(task("t", opened("t", 1)))
    index.update(task("t", opened("t", 1, runner="ann")))
    index.update(task("t", opened("t", 1, retry_at=5)))

    places = index.update(task("t", opened("t", 1, attempt=2, issued_at=9)))
    offer = index.take([("a", "x")])

    assert places == [("a", "x")]
    assert offer is not None
    assert offer.attempt == 2


def test_the_heap_does_not_grow_with_what_is_gone() -> None:
    index = Claimable()
    for number in range(2_000):
        index.update(task("t", opened("t", number)))

    assert index.waiting(("a", "x")) == 1
    assert sum(map(len, index._heaps.values())) <= 130


def test_what_is_held_counts_by_type_and_by_runner() -> None:
    index = Claimable()
    index.update(task("t", opened("t", 1, runner="ann"), opened("t", 2, runner="ann")))
    index.update(task("u", opened("u", 1, runner="bob")))
    assert (index.at_work("x"), index.held_by("a", "ann")) == (3, 2)

    index.update(task("t"))

    assert (index.at_work("x"), index.held_by("a", "ann")) == (1, 0)
    assert [held.runner for held in index.holdings("a")] == ["bob"]
