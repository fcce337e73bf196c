"""What runs where nobody works, and what a start finds."""

from pathlib import Path

from api.bootstrap import echo_agents, running
from api.intake import read_request, submission
from api.settings import Settings
from streams.clock import wall_clock
from streams.domain.state import Life

DAY = 86_400_000


def tomorrow() -> int:
    return wall_clock() + DAY


async def submitted(settings: Settings) -> str:
    """A task that was handed in while nobody worked."""
    async with running(settings, ()) as parts:
        body = read_request({"request": "hello"})
        given = submission(body, settings, at=parts.orchestrator.now())
        return (await parts.orchestrator.tell(given)).task_id


async def test_who_only_looks_at_an_old_task_lets_nothing_expire(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    task_id = await submitted(settings)

    async with running(settings, (), clock=tomorrow) as parts:
        # What the clock had said would be decided before this.
        await parts.orchestrator.record_feedback(task_id, "still there?", None)
        events = [stored.header.type for stored in await parts.orchestrator.events(task_id)]

    assert events[-1] == "feedback_recorded.v1"
    assert "command_failed.v1" not in events


async def test_the_next_start_does_what_was_handed_in_the_day_before(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    task_id = await submitted(settings)

    async with running(settings, echo_agents(), clock=tomorrow) as parts:
        ended = await parts.orchestrator.wait_for(
            task_id, lambda state: state.life is Life.CLOSED, 10
        )

    assert ended.state.outcome == "approved"
