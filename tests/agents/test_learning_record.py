"""The training record: the seed's fields, what happened, and nothing that did not."""

import pytest

from agents.contract import Done
from agents.evaluator import EVALUATOR
from agents.learning_record import training_record
from streams.domain.commands import CommandKind
from streams.domain.values import Json
from tests.agents.quality_drafts import SEED_METRICS, command

PAYLOAD: Json = {
    "task_id": "task-1",
    "request": "Create a LinkedIn post about our Q4 growth metrics",
    "intent": {"name": "create_social_content_with_metrics", "action": "create"},
    "business_metrics": SEED_METRICS,
    "preferences": {"tone": "professional"},
    "plan": {
        "steps": [
            {"step_id": "analyze", "tool_id": "metrics_analyzer", "agent_type": "financial"},
            {"step_id": "write", "tool_id": "content_generator", "agent_type": "content"},
        ],
        "agents": ["financial", "content"],
        "workflow_source": "user_request",
        "estimated_duration": 45.0,
        "estimated_cost": 0.12,
    },
    "workflow_source": "user_request",
    "quality_score": 0.906,
    "quality_dimensions": {"accuracy": 0.95, "tone": 0.92},
    "refinements": 0,
    "outcome": "approved",
    "decided_by": "maria",
    "feedback": ["Great analysis! Perfect tone."],
    "error": None,
    "cost": 0.12,
    "duration": 47_000,
    "publications": {"linkedin": "published"},
    "catalogue_version": "abc",
}


def test_the_record_has_the_fields_of_the_seed() -> None:
    record = training_record(PAYLOAD)

    assert record["user_request"] == PAYLOAD["request"]
    assert record["intent"] == "create_social_content_with_metrics"
    assert record["business_metrics"] == SEED_METRICS
    assert record["execution_plan"] == {
        "steps": 2,
        "agents": ["financial", "content"],
        "tools": ["metrics_analyzer", "content_generator"],
        "workflow_source": "user_request",
        "estimated_duration": 45.0,
        "estimated_cost": 0.12,
    }
    assert record["execution_result"] == {
        "actual_duration": 47.0,
        "actual_cost": 0.12,
        "final_quality_score": 0.906,
        "refinements_needed": 0,
        "successful": True,
    }
    assert record["quality_dimensions"] == {"accuracy": 0.95, "tone": 0.92}
    assert record["user_approval"] is True
    assert record["feedback"] == ["Great analysis! Perfect tone."]
    assert record["task_id"] == "task-1"
    assert record["catalogue_version"] == "abc"


def test_nothing_is_invented_that_only_time_or_mining_can_tell() -> None:
    record = training_record(PAYLOAD)

    assert record["post_publication_metrics"] is None
    assert record["metrics_delta"] == {}
    assert record["patterns_discovered"] == []


@pytest.mark.parametrize(
    ("outcome", "decided_by", "approval", "successful"),
    [
        ("approved", "maria", True, True),
        ("rejected", "maria", False, False),
        ("approved", "policy", None, True),
        ("failed", "policy", None, False),
        ("cancelled", "maria", None, False),
        (None, "", None, False),
    ],
)
def test_an_approval_is_what_a_human_decided(
    outcome: str | None, decided_by: str, approval: bool | None, successful: bool
) -> None:
    record = training_record(PAYLOAD | {"outcome": outcome, "decided_by": decided_by})

    assert record["user_approval"] is approval
    assert record["execution_result"]["successful"] is successful
    assert record["outcome"] == outcome


def test_a_task_without_a_plan_still_gives_a_record() -> None:
    payload = PAYLOAD | {"plan": None, "intent": None, "quality_score": None}

    record = training_record(payload)

    assert record["execution_plan"]["steps"] == 0
    assert record["execution_plan"]["workflow_source"] == "user_request"
    assert record["quality_score"] is None


def test_agents_are_read_from_the_steps_where_the_plan_does_not_name_them() -> None:
    plan = {**PAYLOAD["plan"], "agents": []}

    record = training_record(PAYLOAD | {"plan": plan})

    assert record["execution_plan"]["agents"] == ["financial", "content"]


def test_the_evaluator_answers_the_command() -> None:
    asked = command(CommandKind.EXTRACT_LEARNING, PAYLOAD, agent="evaluator")
    handler = EVALUATOR.compute(asked)
    assert handler is not None

    assert handler(asked) == Done(training_record(PAYLOAD))
