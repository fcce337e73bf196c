"""Runs requests through intent, analysis and writing, as a task does it step by step."""

from typing import Any

from agents.content import CONTENT
from agents.contract import Done, Outcome
from agents.figures.facts import Fact
from agents.figures.numbers import find_numbers, matches
from agents.financial import FINANCIAL
from agents.understanding.intent import parse_intent
from streams.domain.commands import Command, CommandKind
from streams.domain.values import ExecutionPhase, Json

SEED = {
    "revenue_monthly": 150_000,
    "traffic_monthly": 250_000,
    "conversion_rate": 0.045,
    "customer_count": 320,
    "growth_rate_q4": 0.35,
}
MIXED = {
    "revenue_monthly": 150_000,
    "customer_count": 320,
    "churn_rate": 0.03,
    "previous": {"revenue_monthly": 120_000, "customer_count": 300, "churn_rate": 0.025},
}
DECLINE = {
    "revenue_monthly": 90_000,
    "customer_count": 280,
    "previous": {"revenue_monthly": 100_000, "customer_count": 300},
}
SUBMITTED = 1_735_689_600_000  # the first of January 2025


def command(kind: CommandKind, payload: Json, tool_id: str = "", action: str = "") -> Command:
    return Command(
        command_id="c1",
        task_id="t1",
        kind=kind,
        phase=ExecutionPhase.EXECUTION,
        agent_type="content",
        tool_id=tool_id or None,
        action=action,
        timeout=1000,
        issued_at=0,
        payload=payload,
    )


def outcome(agent: Any, asked: Command) -> Outcome:
    handler = agent.compute(asked)
    assert handler is not None
    result: Outcome = handler(asked)
    return result


def output(agent: Any, asked: Command) -> Json:
    result = outcome(agent, asked)
    assert isinstance(result, Done), result
    return result.output


def understood(request: str, metrics: Json, **preferences: Any) -> Json:
    """What every step of the task gets to know."""
    asked = {
        "request": request,
        "business_metrics": metrics,
        "preferences": preferences,
        "submitted_at": SUBMITTED,
    }
    return asked | {"intent": parse_intent(asked).as_json, "context": {}}


def analysis(task: Json) -> Json:
    """The financial report of a task; empty if nobody asked for metrics."""
    if not task["intent"]["metrics"]:
        return {}
    run = CommandKind.RUN_STEP
    levels = output(FINANCIAL, command(run, task | {"inputs": {}}, "metrics_analyzer"))
    inputs = {"inputs": {"metrics_data": levels}}
    return output(FINANCIAL, command(run, task | inputs, "financial_agent.analyze_metrics"))


def writing(task: Json, report: Json, action: str, **inputs: Any) -> Command:
    intent = task["intent"]
    kinds = {"create_thread": "thread", "create_email": "email", "create_report": "report"}
    given = {
        "action": action,
        "kind": kinds.get(action, "post"),
        "tone": intent["tone"],
        "language": intent["language"],
        "channels": intent["channels"],
        "constraints": intent["constraints"],
    }
    given |= {"insights": report} if report else {}
    payload = task | {"inputs": given | inputs}
    return command(CommandKind.RUN_STEP, payload, "content_generator", action)


def write(
    request: str, metrics: Json, action: str = "create_post", *, inputs: Json | None = None,
    **preferences: Any,
) -> Json:  # fmt: skip
    """The draft for a request."""
    task = understood(request, metrics, **preferences)
    return output(CONTENT, writing(task, analysis(task), action, **(inputs or {})))


def refine(
    draft: Json, request: str, metrics: Json, *, feedback: tuple[str, ...] = (),
    issues: tuple[Json, ...] = (), **preferences: Any,
) -> Json:  # fmt: skip
    """The refined draft, by what humans said and what was found."""
    task = understood(request, metrics, **preferences)
    report = analysis(task)
    payload = task | {
        "subject": "write",
        "output": draft,
        "materials": {"analyze": report} if report else {},
        "issues": list(issues),
        "feedback": list(feedback),
    }
    return output(CONTENT, command(CommandKind.REFINE, payload))


def issue(code: str, quote: str = "", suggestion: str = "") -> Json:
    evidence = {"quote": quote, "source": "", "note": "", "start": None, "end": None}
    return {
        "code": code, "message": code, "severity": "error", "suggestion": suggestion,
        "evidence": evidence if quote else None,
    }  # fmt: skip


def ungrounded(draft: Json, language: str = "en") -> list[str]:
    """The numbers of a draft that are none of the facts in its details."""
    facts = [Fact.model_validate(fact) for fact in draft["details"].get("facts", ())]
    text = "\n".join((draft["content"], draft["title"], *draft["alternatives"]))
    return [
        f"{mention.quote!r} in {text!r}"
        for mention in find_numbers(text, language)
        if not any(matches(mention, fact) for fact in facts)
    ]
