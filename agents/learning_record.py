"""The training record of a finished task, by the seed's field names: only what happened."""

from typing import Any

from agents.contract import Done, Outcome
from streams.domain.commands import Command
from streams.domain.values import DecisionOutcome, Json

POLICY = "policy"
MOST_FEEDBACK = 20  # remarks of people that a record keeps
_APPROVAL_OF = {DecisionOutcome.APPROVED.value: True, DecisionOutcome.REJECTED.value: False}


def extract_learning(command: Command) -> Outcome:
    """The handler of ExtractLearning."""
    return Done(training_record(command.payload))


def training_record(payload: Json) -> Json:
    """What one execution teaches. Durations are seconds, money is US dollars.

    Patterns are mined over many tasks and engagement is measured after publication: both are empty
    here and filled by what learns them.
    """
    intent, plan = _object(payload.get("intent")), _object(payload.get("plan"))
    outcome, decided_by = payload.get("outcome"), payload.get("decided_by") or ""
    result = _result(payload)
    return {
        "task_id": payload.get("task_id"),
        "user_request": payload.get("request") or "",
        "intent": intent.get("name") or "",
        "intent_details": intent,
        "business_metrics": _object(payload.get("business_metrics")),
        "preferences": _object(payload.get("preferences")),
        "execution_plan": _plan(plan, payload),
        "execution_result": result,
        "quality_score": result["final_quality_score"],
        "quality_dimensions": _object(payload.get("quality_dimensions")),
        "user_approval": None if decided_by in ("", POLICY) else _APPROVAL_OF.get(str(outcome)),
        "successful": result["successful"],
        "outcome": outcome,
        "decided_by": decided_by,
        "feedback": _texts(payload.get("feedback")),
        "error": payload.get("error"),
        "publications": _object(payload.get("publications")),
        "post_publication_metrics": None,
        "metrics_delta": {},
        "patterns_discovered": [],
        "catalogue_version": payload.get("catalogue_version") or "",
    }


def _result(payload: Json) -> Json:
    return {
        "actual_duration": _seconds(payload.get("duration")),
        "actual_cost": payload.get("cost") or 0.0,
        "final_quality_score": payload.get("quality_score"),
        "refinements_needed": payload.get("refinements") or 0,
        "successful": payload.get("outcome") == DecisionOutcome.APPROVED.value,
    }


def _plan(plan: Json, payload: Json) -> Json:
    steps = [step for step in plan.get("steps") or () if isinstance(step, dict)]
    agents = plan.get("agents") or dict.fromkeys(str(s.get("agent_type", "")) for s in steps)
    return {
        "steps": len(steps),
        "agents": [str(agent) for agent in agents],
        "tools": [str(step.get("tool_id", "")) for step in steps],
        "workflow_source": plan.get("workflow_source") or payload.get("workflow_source"),
        "estimated_duration": plan.get("estimated_duration"),
        "estimated_cost": plan.get("estimated_cost"),
    }


def _seconds(milliseconds: Any) -> float | None:
    return round(milliseconds / 1000, 3) if isinstance(milliseconds, int | float) else None


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> list[str]:
    found = value if isinstance(value, list | tuple) else ()
    return [text for text in found if isinstance(text, str) and text.strip()][:MOST_FEEDBACK]
