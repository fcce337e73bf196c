"""One life of a system whose tasks buy something: it takes all tasks in, and says when all have
ended.

python -m tests.models.budget_child DIRECTORY TASKS LIMIT AHEAD
"""

import asyncio
import random
import sys
from pathlib import Path

from api.bootstrap import running
from api.settings import Settings
from streams.clock import new_salt, wall_clock
from streams.domain.errors import LogError
from streams.domain.inputs import SubmitRequest
from streams.domain.state import Life, TaskState
from streams.embedded import Embedded
from tests.models.priced import World, agents

ESTIMATE = 0.01


def request(number: int) -> SubmitRequest:
    """Every second task has a free tool in reserve."""
    return SubmitRequest(
        input_id=f"in-{number}",
        task_id=f"task-{number}",
        at=wall_clock(),
        salt=new_salt(),
        principal=f"principal-{number % 7}",
        request="buy",
        business_metrics={"free": 1} if number % 2 else {},
    )


async def live(directory: Path, tasks: int, limit: float, ahead: int) -> None:
    """Until everything has ended; with a clock that is ahead, until nothing is held either."""
    world = World(ESTIMATE, directory / "world.txt", seconds=0.2, chance=random.Random())
    settings = Settings(data=directory / "data", budget_day=limit)
    made = running(settings, agents(world), clock=lambda: wall_clock() + ahead)
    async with made as parts:
        core = parts.core
        assert isinstance(core, Embedded)
        print("ready", flush=True)
        sent = [core.send(request(number)) for number in range(tasks)]
        answers = await asyncio.gather(*sent, return_exceptions=True)
        assert not [each for each in answers if isinstance(each, LogError)]
        changed = asyncio.Event()
        core.listen(lambda records, states: changed.set())
        while any(_is_busy(state, ahead) for state in core.states().values()):
            await changed.wait()
            changed.clear()
    print(f"done {world.most_at_once}", flush=True)


def _is_busy(state: TaskState, ahead: int) -> bool:
    if state.ledger is not None:
        return bool(ahead and state.ledger.held)
    return state.life is Life.OPEN


if __name__ == "__main__":
    where, count, most, shift = sys.argv[1:]
    asyncio.run(live(Path(where), int(count), float(most), int(shift)))
