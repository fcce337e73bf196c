"""What people read of a task: its status, what is shown for approval, its history. Field names
are the seed's."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from streams.chain import Head
from streams.domain.quality import QualityAssessment
from streams.domain.state import DELIVERABLE, Life, TaskState
from streams.domain.status import progress_of, status_of
from streams.domain.values import Channel, Json, Milliseconds
from streams.domain.waiting import waits
from streams.envelope import StoredEvent


def iso(moment: Milliseconds | None) -> str | None:
    """A moment as RFC 3339, in UTC."""
    if moment is None:
        return None
    return (
        datetime.fromtimestamp(moment / 1000, UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )


def accepted(task_id: str, public_url: str, *, is_repeat: bool) -> Json:
    """What is answered to a request that was taken in."""
    return {
        "task_id": task_id,
        "status": "accepted",
        "is_repeat": is_repeat,
        "status_url": f"{public_url}/api/orchestrator/status/{task_id}",
        "approval_url": f"{public_url}/approve/{task_id}",
    }


def status(state: TaskState, now: Milliseconds, sequence: int) -> Json:
    """How far a task has come, what it waits for, and what has been spent."""
    work = state.work(DELIVERABLE)
    scores = work.accepted_assessment if work else None
    ended = state.closed_at if state.life is Life.CLOSED else now
    return {
        "task_id": state.task_id,
        "status": status_of(state),
        "phase": state.phase,
        "progress": progress_of(state),
        "request": state.request,
        "intent": state.intent.name if state.intent else None,
        "workflow_source": state.source,
        "plan": plan(state),
        "steps": steps(state),
        "cost": round(state.cost, 6),
        "quality_score": scores.overall if scores else None,
        "duration": round(((ended or now) - state.submitted_at) / 1000, 3),
        "outcome": state.outcome,
        "decided_by": state.decided_by or None,
        "error": state.error,
        "questions": questions(state),
        "waiting_for": [
            {"kind": w.kind, "subject": w.subject, "whom": w.whom, "until": iso(w.until)}
            for w in waits(state)
        ],
        "publications": publications(state),
        "approval_round": state.approval.round if state.approval else None,
        "approval_reason": _asked_because(state),
        "submitted_at": iso(state.submitted_at),
        "closed_at": iso(state.closed_at),
        "parent_task_id": state.parent.task_id if state.parent else None,
        "sequence": sequence,
    }


def _asked_because(state: TaskState) -> str | None:
    """Why a human is asked, while one is."""
    is_open = state.approval is not None and state.approval.decision is None
    return state.approval.reason if is_open and state.approval else None


def plan(state: TaskState) -> Json | None:
    """The workflow, if it has been drafted."""
    drafted = state.plan
    if drafted is None:
        return None
    return {
        "steps": [
            {
                "step_id": step.step_id,
                "name": step.name,
                "tool": step.tool_id,
                "agent": step.agent_type,
                "depends_on": sorted({*step.depends_on, *step.needs.values()}),
                "estimated_cost": step.estimated_cost,
                "estimated_duration": step.estimated_duration,
            }
            for step in drafted.steps
        ],
        "agents": list(drafted.agents),
        "estimated_cost": drafted.estimated_cost,
        "estimated_duration": drafted.estimated_duration,
        "reasons": list(drafted.reasons),
        "alternatives": list(drafted.alternatives),
    }


def steps(state: TaskState) -> list[Json]:
    """The state of each step of the plan."""
    running = {c.issued.step_id: c for c in state.commands.values() if c.issued.step_id}
    found: list[Json] = []
    for step in state.plan.steps if state.plan else ():
        work, command = state.works.get(step.step_id), running.get(step.step_id)
        if command is not None:
            word = "waiting" if command.is_parked else "running"
        elif work is not None:
            word = "completed"
        else:
            word = "failed" if step.step_id in state.failed_steps else "waiting"
        scores = work.accepted_assessment if work else None
        found.append(
            {
                "step_id": step.step_id,
                "status": word,
                "attempt": command.issued.attempt if command else None,
                "quality_score": scores.overall if scores else None,
                "refinements": work.refinements if work else 0,
                "error": state.failed_steps.get(step.step_id),
            }
        )
    return found


def questions(state: TaskState) -> list[Json]:
    """What a human is asked."""
    return [
        {
            "question_id": question_id,
            "question": asked.question.text,
            "options": list(asked.question.options),
            "until": iso(asked.expires_at),
        }
        for question_id, asked in state.questions.items()
    ]


def publications(state: TaskState) -> Json:
    """What was published, by channel."""
    return {
        channel.value: {
            "status": p.status,
            "reference": p.receipt.reference if p.receipt else None,
            "url": p.receipt.url if p.receipt else None,
            "is_dry_run": p.receipt.is_dry_run if p.receipt else None,
            "reason": p.reason or None,
        }
        for channel, p in state.publications.items()
    }


def quality(scores: QualityAssessment | None, threshold: float) -> Json | None:
    """The scores with their evidence."""
    if scores is None:
        return None
    return {
        "overall": scores.overall,
        "threshold": threshold,
        "passed": scores.passes(threshold),
        "failed_gates": list(scores.failed_gates),
        "evaluator": scores.evaluator,
        "dimensions": [d.as_json for d in scores.dimensions],
    }


def approval(state: TaskState, public_url: str, now: Milliseconds) -> Json:
    """The deliverable in full, as it is shown to whoever approves it."""
    shown = state.deliverable
    work = state.work(DELIVERABLE)
    scores = work.accepted_assessment if work else None
    threshold = state.settings.quality_threshold
    if state.plan and state.plan.quality_threshold is not None:
        threshold = state.plan.quality_threshold
    variants = {
        v.channel.value: v.as_json | {"preview_image": preview_url(state, public_url, v.channel)}
        for v in (shown.variants if shown else ())
    }
    return {
        "task_id": state.task_id,
        "status": status_of(state),
        "round": state.approval.round if state.approval else None,
        "reason": state.approval.reason if state.approval else None,
        "quality_score": scores.overall if scores else None,
        "quality_passed": bool(scores and scores.passes(threshold)),
        "quality": quality(scores, threshold),
        "main_content": main_content(state, public_url),
        "channel_variants": variants,
        "requested_channels": [c.value for c in state.intent.channels] if state.intent else [],
        "metadata": _metadata(state, now),
        "supporting_materials": _materials(state),
        "decision": state.approval.decision if state.approval else None,
        "decided_by": state.approval.by or None if state.approval else None,
        "feedback": list(state.feedback),
        "approval_url": f"{public_url}/approve/{state.task_id}",
    }


def _metadata(state: TaskState, now: Milliseconds) -> Json:
    """How it came about."""
    shown, ended = state.deliverable, state.closed_at or now
    return {
        "metrics_used": shown.metrics_referenced if shown else {},
        "execution_time": f"{(ended - state.submitted_at) / 1000:.1f} seconds",
        "cost": f"${state.cost:.4f}" if 0 < state.cost < 0.1 else f"${state.cost:.2f}",
        "agents_involved": list(state.plan.agents) if state.plan else [],
        "is_offline": shown.is_offline if shown else None,
    }


def _materials(state: TaskState) -> Json:
    """What it is based on."""
    shown = state.deliverable
    return {
        "metrics_summary": {str(f["fact_id"]): f for f in _material(state, "facts", "fact_id")},
        "narrative": shown.narrative if shown else "",
        "research": {name: _material(state, name) for name in ("findings", "insights")},
        "notes": list(shown.notes) if shown else [],
    }


def main_content(state: TaskState, public_url: str) -> Json | None:
    """The deliverable by the seed's field names."""
    shown = state.deliverable
    if shown is None:
        return None
    return {
        "title": shown.title,
        "content": shown.content,
        "kind": shown.kind,
        "metrics_referenced": shown.metrics_referenced,
        "engagement_score": shown.engagement_score,
        "hashtags": list(shown.hashtags),
        "estimated_reach": shown.estimated_reach,
        "call_to_action": shown.call_to_action,
        "preview_image": shown.preview_image
        or (preview_url(state, public_url, shown.variants[0].channel) if shown.variants else None),
        "chart_image": chart_url(state, public_url) if shown.details.get("chart") else None,
        "alternatives": list(shown.alternatives),
        "details": shown.details,
        "approval_url": f"{public_url}/approve/{state.task_id}",
    }


def preview_url(state: TaskState, public_url: str, channel: Channel) -> str:
    """Where a variant's picture is."""
    return f"{public_url}/api/orchestrator/approval/{state.task_id}/preview/{channel.value}.svg"


def chart_url(state: TaskState, public_url: str) -> str:
    """Where the chart of a task is, as pixels; as a drawing it is in the details."""
    return f"{public_url}/api/orchestrator/approval/{state.task_id}/chart.png"


def _material(state: TaskState, name: str, key: str | None = None) -> list[Any]:
    """What the steps found out, without repeats; with `key`, only items that have it."""
    found: list[Any] = []
    for work in state.works.values():
        items = work.accepted.get(name)
        for item in items if isinstance(items, list) else ():
            if item not in found and (key is None or (isinstance(item, dict) and key in item)):
                found.append(item)
    return found


def history(events: Sequence[StoredEvent]) -> list[Json]:
    """The events of a task, each with its header."""
    return [
        {
            "sequence": stored.header.sequence,
            "type": stored.header.type,
            "at": iso(stored.header.at),
            "event_id": stored.header.event_id,
            "causation_id": stored.header.causation_id,
            "correlation_id": stored.header.correlation_id,
            "offset": stored.offset,
            "hash": stored.hash.hex(),
            "data": stored.event.model_dump(mode="json", exclude={"type"})
            if stored.event
            else None,
        }
        for stored in events
    ]


def snapshot(state: TaskState, head: Head, now: Milliseconds) -> Json:
    """The state of a task as it was after one of its events."""
    return status(state, now, head.sequence) | {"hash": head.hash.hex(), "at": iso(head.at)}
