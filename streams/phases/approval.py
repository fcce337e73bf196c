"""APPROVAL: a human decides about exactly what was shown, and what was approved is published
once.
"""

from collections.abc import Iterable

from streams.domain import events as e
from streams.domain.commands import CommandKind
from streams.domain.deliverable import Deliverable, Receipt
from streams.domain.inputs import DecideApproval
from streams.domain.plan import publisher_of
from streams.domain.quality import Verdict
from streams.domain.state import DELIVERABLE, OpenCommand, PublicationStatus, TaskState, Work
from streams.domain.values import Channel, DecisionOutcome, ExecutionPhase, Json, Permission
from streams.phases import effects
from streams.phases.decision import Decision

PHASE = ExecutionPhase.APPROVAL
POLICY = "policy"
LAW = "compliance"  # the dimension whose gate no policy passes


def enter(d: Decision) -> ExecutionPhase | None:
    d.emit(e.PhaseStarted(phase=PHASE))
    number = d.state.approval.round + 1 if d.state.approval else 1
    concern = _concern(d.state)
    needs_human = d.state.plan is None or d.state.plan.requires_approval
    if not concern and (not needs_human or d.state.settings.is_auto_approved):
        d.emit(
            e.ApprovalDecided(
                round=number,
                decision=DecisionOutcome.APPROVED,
                by=POLICY,
                channels=_default_channels(d.state),
            )
        )
        return _publish(d)
    reason = concern or "ready for your decision"
    until = d.at + d.state.settings.approval_timeout
    d.emit(e.ApprovalRequested(round=number, reason=reason, expires_at=until))
    return None


def decided(d: Decision, decision: DecideApproval) -> ExecutionPhase | None:
    """A human's answer to the open round."""
    channels = _default_channels(d.state) if decision.channels is None else decision.channels
    if not decision.is_approved:
        d.emit(
            e.ApprovalDecided(
                round=decision.round,
                decision=DecisionOutcome.REJECTED,
                by=d.by,
                feedback=decision.feedback,
            )
        )
        return ExecutionPhase.LEARNING
    shown = decision.edits or d.state.deliverable
    reason = _denied(channels, d.state) or _missing(channels, shown)
    if reason:
        d.refuse(decision.type, "conflict", reason, subject=f"round {decision.round}: {reason}")
        return None
    d.emit(
        e.ApprovalDecided(
            round=decision.round,
            decision=DecisionOutcome.APPROVED,
            by=d.by,
            channels=tuple(dict.fromkeys(channels)),
            feedback=decision.feedback,
            edits=decision.edits,
        )
    )
    return _publish(d)


def completed(d: Decision, command: OpenCommand, receipt: Receipt) -> ExecutionPhase | None:
    effects.happened(d, command.issued, receipt)
    return _next(d)


def failed(d: Decision, command: OpenCommand, reason: str) -> ExecutionPhase | None:
    effects.not_published(d, command.issued.command_id, reason)
    return _next(d)


def payload(state: TaskState, issued: e.CommandIssued) -> Json:
    shown = state.deliverable
    variants = shown.variants if shown else ()
    variant = next((v for v in variants if v.channel is issued.channel), None)
    return {
        "channel": issued.channel.value if issued.channel else None,
        "title": shown.title if shown else "",
        "variant": variant.as_json if variant else {},
        "key": issued.command_id,
    }


def _concern(state: TaskState) -> str:
    """Why no policy may approve this; empty if nothing speaks against it."""
    work = state.work(DELIVERABLE)
    if work is None or work.verdict is not Verdict.PASS:
        return _blocked(work) or "below the quality threshold: please look closely"
    begun = {c.value for c in _default_channels(state) if _has_begun(state, c)}
    if begun:
        where = ", ".join(sorted(begun))
        return f"parts of an earlier try are out on {where}: look there before it begins anew"
    wanted = _default_channels(state)
    return _denied(wanted, state) or _missing(wanted, state.deliverable)


def _has_begun(state: TaskState, channel: Channel) -> bool:
    """Whether a publication on this channel failed after a part of it was out."""
    lost = (ended.lost for ended in state.finished.values() if ended.lost is not None)
    return any(c.issued.channel is channel and c.progress for c in lost)


def _blocked(work: Work | None) -> str:
    """What the law says against it, as a sentence; empty where nothing blocks."""
    scores = work.accepted_assessment if work else None
    failed = scores.dimensions if scores else ()
    issues = [
        issue.message
        for dimension in failed
        if dimension.name == LAW and dimension.is_gate and not dimension.has_passed
        for issue in dimension.issues
        if issue.severity == "critical"
    ]
    more = f" (and {len(issues) - 1} more)" if len(issues) > 1 else ""
    return f"compliance: {issues[0]}{more}" if issues else ""


def _missing(channels: Iterable[Channel], shown: Deliverable | None) -> str:
    """The channels for which there is nothing to publish, as a sentence; else empty."""
    available = {variant.channel for variant in shown.variants} if shown else set()
    missing = sorted(channel.value for channel in channels if channel not in available)
    return f"there is no variant for {', '.join(missing)}" if missing else ""


def _denied(channels: Iterable[Channel], state: TaskState) -> str:
    """The channels whose publishers must not be used by this task, as a sentence; else empty."""
    barred = {tool.tool_id for tool in state.tools if tool.permission is Permission.DENY}
    denied = sorted({publisher_of(c) for c in channels} & barred)
    advice = "leave the channel out, or allow it and submit the request anew"
    return f"denied when this was planned: {', '.join(denied)}; {advice}" if denied else ""


def _default_channels(state: TaskState) -> tuple[Channel, ...]:
    return state.intent.channels if state.intent else ()


def _publish(d: Decision) -> ExecutionPhase | None:
    channels = d.state.approval.channels if d.state.approval else ()
    for channel in channels:
        d.issue(
            CommandKind.PUBLISH,
            PHASE,
            action="publish",
            tool_id=publisher_of(channel),
            channel=channel,
            is_repeatable=False,
        )
    return None if channels else ExecutionPhase.LEARNING


def _next(d: Decision) -> ExecutionPhase | None:
    ended = [
        p
        for p in d.state.publications.values()
        if p.status in (PublicationStatus.PUBLISHED, PublicationStatus.FAILED)
    ]
    if len(ended) < len(d.state.publications):
        return None
    if any(p.status is PublicationStatus.PUBLISHED for p in ended):
        return ExecutionPhase.LEARNING
    return d.fail(PHASE, "nothing was published: " + "; ".join(sorted({p.reason for p in ended})))
