"""What was spent, what is held for calls under way, and who was stopped."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from api import budgets
from api.answers import example
from api.routes.shared import PROBLEM, orchestrator
from api.security import Viewer
from api.strict import StrictRoute
from streams.domain.values import Json

router = APIRouter(
    prefix="/api/orchestrator", tags=["budgets"], route_class=StrictRoute, responses=PROBLEM
)


class BudgetSums(BaseModel):
    """US dollars; without a limit nothing says what is left."""

    limit: float | None = Field(description="as the settings are now")
    spent: float
    reserved: float = Field(description="held for calls under way, each with its full estimate")
    left: float | None
    calls: int
    refused: int


class BudgetDay(BudgetSums):
    """One tenant's UTC day."""

    model_config = example(
        day="2026-01-15",
        tenant="default",
        mode="stop",
        limits={"task": 0.5, "principal": 2.0, "day": 10.0, "ask_above": None},
        limit=10.0,
        spent=9.92,
        reserved=0.06,
        left=0.02,
        calls=412,
        refused=1,
        excess=0.0,
        principals=[{"principal": "ann", "limit": 2.0, "spent": 1.2, "reserved": 0.06}],
        tasks=[{"task_id": "0198c2de-7f00", "limit": None, "spent": 0.2, "reserved": 0.06}],
        task_count=1,
        under_way=[],
        stopped=[{"task_id": "0198c2de-7f01", "scope": "tenant", "action": "stop"}],
    )

    day: str
    tenant: str
    mode: str = Field(description="audit, ask or stop: what happens to a call over a limit")
    limits: Json = Field(description="of a task, of a principal's day, of the day, and of a call")
    excess: float = Field(description="what calls have cost beyond what was held for them")
    principals: list[Json] = Field(description="the 200 that spent the most")
    tasks: list[Json] = Field(description="the 200 that spent the most that day")
    task_count: int
    under_way: list[Json]
    stopped: list[Json] = Field(description="the newest 256 refusals: whose, which limit, why")


@router.get(
    "/budgets",
    response_model=BudgetDay,
    operation_id="getBudgets",
    summary="What was spent on a day, what is held, and who was stopped and why",
)
async def show(
    request: Request,
    who: Viewer,
    day: Annotated[
        str | None, Query(max_length=10, description="YYYY-MM-DD in UTC; today unless stated")
    ] = None,
) -> Json:
    """The sums are those of the day's ledger, which reserves before every priced call: spent and
    reserved together never pass a limit in mode stop."""
    return await budgets.of_day(orchestrator(request), who.tenant, day)
