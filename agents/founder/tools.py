"""The two tools of the co-founder agent, as the catalogue lists them."""

from streams.domain.plan import ToolSpecification
from streams.domain.values import Json

WEIGH, BRIEF = "co_founder.weigh", "co_founder.brief"
_TEXT: Json = {"type": "string"}
_OBJECT: Json = {"type": "object"}
_OBJECTS: Json = {"type": "array", "items": _OBJECT}
_FOUND: Json = {
    "insights": _OBJECT, "research": _OBJECT, "drafts": _OBJECTS, "language": _TEXT,
    "topic": _TEXT, "date_range": {"type": ["object", "null"]},
}  # fmt: skip


def founder_tools() -> tuple[ToolSpecification, ...]:
    """The tools that weigh and write up; only the plan of a briefing uses them."""
    return (
        ToolSpecification(
            tool_id=WEIGH,
            name="Priorities",
            description="Says what to do first from what the other agents found: each point with "
            "the facts it rests on, ranked by a stated rule, and what is not known.",
            category="orchestration",
            agent_type="co_founder",
            input_schema={"type": "object", "properties": _FOUND, "required": []},
            output_schema={
                "type": "object",
                "properties": {"recommendations": _OBJECTS, "facts": _OBJECTS, "unknown": _OBJECTS},
                "required": ["recommendations", "facts", "unknown"],
            },
            produces=("priorities",),
            estimated_duration=0.01,
            success_rate=0.99,
            is_repeatable=True,
        ),
        ToolSpecification(
            tool_id=BRIEF,
            name="Briefing",
            description="Writes up priorities, findings and drafts for several readers as one "
            "briefing. It publishes nothing.",
            category="orchestration",
            agent_type="co_founder",
            input_schema={
                "type": "object",
                "properties": {**_FOUND, "priorities": _OBJECT},
                "required": ["priorities"],
            },
            output_schema={
                "type": "object",
                "properties": {"kind": _TEXT, "title": _TEXT, "content": _TEXT},
                "required": ["kind", "content"],
            },
            consumes=("priorities",),
            produces=("briefing",),
            estimated_duration=0.02,
            success_rate=0.98,
            is_repeatable=True,
        ),
    )
