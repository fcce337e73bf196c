"""What tools have shown: the same from the read models and from memory, whatever the batches."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.tools.estimates import Figures
from api.measures import Measures
from projections.projector import Projector
from projections.rebuild import rebuild
from projections.store import Store
from projections.tool_figures import ToolFigures, figures_and_ended, tool_figures
from streams.log import Record
from streams.memory import MemoryLog
from tests.projections.histories import events_of


def as_figures(row: ToolFigures) -> Figures:
    return Figures(
        row.runs, row.successes, row.duration, row.cost, row.last_used, row.last_error or ""
    )


def counted(store: Store, tenant: str | None = None) -> dict[str, Figures]:
    return {row.tool_id: as_figures(row) for row in tool_figures(store, tenant)}


def told(records: list[Record]) -> dict[str, Figures]:
    measures = Measures()
    measures.told(records, {})
    return dict(measures.figures())


async def test_the_runs_of_each_tool_are_added_up(lived: MemoryLog, store: Store) -> None:
    await Projector(store, lived).catch_up()

    found = counted(store)

    publisher = found["linkedin_publisher"]
    assert (publisher.runs, publisher.successes, publisher.cost) == (3, 3, 0.75)
    assert publisher.last_used is not None
    assert found["echo_1"].runs > publisher.runs


async def test_memory_counts_what_the_read_models_count(lived: MemoryLog, store: Store) -> None:
    await Projector(store, lived).catch_up()

    assert told(await events_of(lived)) == counted(store)


async def test_a_rebuild_gives_the_same_figures(lived: MemoryLog, store: Store) -> None:
    await Projector(store, lived, batch=37).catch_up()
    before = counted(store)

    await rebuild(store, lived)

    assert counted(store) == before


async def test_each_tenant_sees_its_own_runs(lived: MemoryLog, store: Store) -> None:
    await Projector(store, lived).catch_up()

    own = [counted(store, tenant) for tenant in ("tenant-0", "tenant-1", "default")]

    assert counted(store, "nobody") == {}
    for tool_id, whole in counted(store).items():
        assert whole.runs == sum(each.get(tool_id, Figures()).runs for each in own)


async def test_what_was_heard_and_is_in_the_read_models_is_not_counted_twice(
    lived: MemoryLog, store: Store
) -> None:
    events = await events_of(lived)
    await Projector(store, lived).catch_up()
    whole = counted(store)
    measures = Measures()
    measures.told(events[-200:], {})

    rows, ended = figures_and_ended(store, measures.heard)
    measures.begin_with({row.tool_id: as_figures(row) for row in rows}, ended)

    assert dict(measures.figures()) == whole


@given(share=st.floats(0, 1))
@settings(max_examples=20, deadline=None)
def test_it_does_not_matter_when_the_read_models_come(lived: MemoryLog, share: float) -> None:
    events = asyncio.run(events_of(lived))
    known, whole = Measures(), Measures()
    known.told(events[: int(share * len(events))], {})
    whole.told(events, {})

    whole.begin_with(known.figures(), frozenset(known.heard()))

    assert dict(whole.figures()) == told(events)
