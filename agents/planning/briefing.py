"""The plan of a briefing: what the other agents do for it, planned as if each part had been asked
for by itself, and the steps of the co-founder agent that weigh and write up what they found."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from agents.contract import Done, GiveUp, Outcome
from agents.figures.metric_names import word_set, words_of
from agents.figures.metric_notes import Phrase, say
from agents.founder.tools import BRIEF, WEIGH
from streams.domain.commands import Command
from streams.domain.intent import Intent
from streams.domain.plan import (
    ExecutionPlan,
    ToolSpecification,
    WorkflowStep,
    critical_path,
    dependencies,
    problems,
)
from streams.domain.settings import TaskSettings
from streams.domain.values import Channel, Json, WorkflowSource

INTENT = "co_founder_brief"
MOST_DRAFTS = 4
_CHANNEL_OF = {"post": Channel.LINKEDIN, "email": Channel.EMAIL}
_INTENT_OF = {"post": "create_social_content", "email": "create_email"}
_OUTSIDE = ("customers", "public")  # who do not get figures that are for insiders
_INNER = word_set(
    "cash burn runway churn cac ltv cost costs profit margin ebitda debt salary headcount funding"
)
_NAMES: Mapping[str, Phrase] = {
    "weigh": ("Weigh the findings", "Befunde abwägen"),
    "brief": ("Write the briefing", "Briefing schreiben"),
    "write": ("Draft for {whom}", "Entwurf für {whom}"),
    "check": ("Check the draft for {whom}", "Entwurf für {whom} prüfen"),
}
_WHOM: Mapping[str, Phrase] = {
    "investors": ("investors", "Investoren"),
    "customers": ("customers", "Kunden"),
    "team": ("the team", "das Team"),
    "public": ("the public", "die Öffentlichkeit"),
}
_REASONS: Mapping[str, Phrase] = {
    "whole": (
        "A briefing delegates: each part is planned as if it had been asked for by itself, and "
        "equal steps are done once.",
        "Ein Briefing delegiert: Jeder Teil ist geplant, als wäre er allein verlangt, und gleiche "
        "Schritte geschehen einmal.",
    ),
    "figures": (
        "The financial agent reads and analyses the metrics.",
        "Der Finanzagent liest die Kennzahlen und wertet sie aus.",
    ),
    "market": (
        "The market insight agent compares the market data that were given.",
        "Der Marktagent vergleicht die mitgegebenen Marktdaten.",
    ),
    "draft": (
        "The content agent drafts for {whom}, and the compliance agent checks that draft.",
        "Der Textagent schreibt für {whom}, und der Compliance-Agent prüft diesen Entwurf.",
    ),
    "left_out": ("Left out: {what}.", "Ausgelassen: {what}."),
}

Plan = Callable[[Command], Outcome]


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing that the briefing needs: an intent of its own, and the artifacts wanted of it."""

    key: str
    intent: Intent
    wanted: tuple[str, ...]
    whom: str = ""


@dataclass(slots=True)
class _Merging:
    """The steps so far; a step that is there already is not done again."""

    language: str
    steps: list[WorkflowStep] = field(default_factory=list)
    made: dict[str, str] = field(default_factory=dict)  # what a step does → its id
    needs: dict[str, str] = field(default_factory=dict)  # of the step that weighs
    reasons: list[str] = field(default_factory=list)


def plan_briefing(command: Command, intent: Intent, plan: Plan) -> Outcome:
    """The plan of a briefing; `plan` plans each of its parts."""
    merging = _Merging(intent.language, reasons=[say(intent.language, _REASONS["whole"])])
    drafts = []
    for part in _parts(intent, command.payload):
        payload = command.payload | {"intent": part.intent.as_json}
        outcome = plan(command.model_copy(update={"payload": payload}))
        if not isinstance(outcome, Done):
            why = outcome.reason if isinstance(outcome, GiveUp) else part.key
            merging.reasons.append(say(intent.language, _REASONS["left_out"], what=why[:200]))
            continue
        _merge(merging, part, ExecutionPlan.model_validate(outcome.output))
        if part.whom:
            drafts.append(part)
    if not merging.needs:
        return GiveUp(merging.reasons[-1])
    tools = {t.tool_id: t for t in map(ToolSpecification.model_validate, command.payload["tools"])}
    if not {WEIGH, BRIEF} <= tools.keys():
        return GiveUp("there is no tool that makes a briefing")
    steps = (*merging.steps, *_own_steps(merging, intent, tools, drafts))
    return _checked(command, intent, steps, merging.reasons, tools)


def _parts(intent: Intent, payload: Json) -> Iterator[_Part]:
    constraints = {n: v for n, v in intent.constraints.items() if n not in ("drafts", "audience")}
    same = {"channels": (), "constraints": constraints, "implicit": ()}
    if intent.metrics or payload.get("business_metrics"):
        figures = intent.model_copy(
            update={
                **same,
                "name": "financial_analysis",
                "action": "analyze",
                "metrics": intent.metrics or tuple(payload.get("business_metrics") or ()),
            }
        )
        yield _Part("figures", figures, ("insights",))
    if constraints.get("market_data"):
        market = intent.model_copy(
            update={**same, "name": "market_insight", "action": "analyze", "metrics": ()}
        )
        yield _Part("market", market, ("research",))
    for wish in intent.constraints.get("drafts", [])[:MOST_DRAFTS]:
        kind, whom = str(wish.get("kind")), str(wish.get("audience"))
        name = _INTENT_OF.get(kind, _INTENT_OF["post"])
        inner = [m for m in intent.metrics if whom in _OUTSIDE and _INNER & set(words_of(m))]
        told = () if wish.get("is_launch") else tuple(m for m in intent.metrics if m not in inner)
        has_figures = bool(told) and name == _INTENT_OF["post"]
        hidden = [*constraints.get("confidential", []), *inner]
        draft = intent.model_copy(
            update={
                "name": f"{name}_with_metrics" if has_figures else name,
                "action": "create",
                "channels": (_CHANNEL_OF.get(kind, Channel.LINKEDIN),),
                "metrics": told,
                "constraints": constraints
                | {"audience": _whom(whom, intent.language)}
                | ({"confidential": hidden} if hidden else {}),
                "implicit": (),
            }
        )
        yield _Part(f"draft_{whom}", draft, ("draft", "compliance_report"), whom)


def _whom(audience: str, language: str) -> str:
    return say(language, _WHOM[audience]) if audience in _WHOM else audience


# ------------------------------------------------------------------------------ putting together


def _merge(merging: _Merging, part: _Part, plan: ExecutionPlan) -> None:
    """Add the steps that the wanted artifacts rest on."""
    by_id = {step.step_id: step for step in plan.steps}
    makers = {
        artifact: step.step_id
        for step in plan.steps
        for artifact in step.produces
        if artifact in part.wanted
    }
    renamed: dict[str, str] = {}
    for step in plan.steps:
        if step.step_id in _before(makers.values(), by_id):
            renamed[step.step_id] = _added(merging, part, step, renamed)
    for artifact, maker in makers.items():
        name = artifact if not part.whom else f"{_SHORT[artifact]}_{part.whom}"
        merging.needs[name] = renamed[maker]
    key = "draft" if part.whom else part.key
    reason = say(merging.language, _REASONS[key], whom=_whom(part.whom, merging.language))
    merging.reasons.append(reason)


_SHORT = {"draft": "draft", "compliance_report": "check"}


def _before(wanted: Iterable[str], by_id: Mapping[str, WorkflowStep]) -> set[str]:
    """These steps and all that they wait for."""
    waiting = list(wanted)
    found: set[str] = set()
    while waiting:
        step_id = waiting.pop()
        if step_id not in found:
            found.add(step_id)
            waiting += dependencies(by_id[step_id])
    return found


def _added(merging: _Merging, part: _Part, step: WorkflowStep, renamed: Mapping[str, str]) -> str:
    """The id of the step in the whole plan; an equal one that is there already serves as well."""
    changed = step.model_copy(
        update={
            "needs": {name: renamed[one] for name, one in step.needs.items() if one in renamed},
            "depends_on": tuple(renamed[one] for one in step.depends_on if one in renamed),
            "quality_threshold": None,  # the briefing as a whole is judged
            "is_optional": False,
        }
    )
    is_text = bool(_SHORT.keys() & set(step.produces))
    # What reads figures does the same for every reader; a text is written for one.
    told = [changed.tool_id, changed.action, changed.needs, changed.inputs if is_text else {}]
    does = json.dumps(told, sort_keys=True)
    if does in merging.made:
        return merging.made[does]
    step_id, name = step.step_id, step.name
    if part.whom and is_text:
        short = "write" if "draft" in step.produces else "check"
        step_id = f"{short}_{part.whom}"
        name = say(merging.language, _NAMES[short], whom=_whom(part.whom, merging.language))
    while any(one.step_id == step_id for one in merging.steps):
        step_id = f"{step_id}_{len(merging.steps)}"
    merging.steps.append(changed.model_copy(update={"step_id": step_id, "name": name}))
    merging.made[does] = step_id
    return step_id


def _own_steps(
    merging: _Merging,
    intent: Intent,
    tools: Mapping[str, ToolSpecification],
    drafts: Sequence[_Part],
) -> Iterator[WorkflowStep]:
    inputs: Json = {
        "language": intent.language,
        "topic": intent.constraints.get("topic") or "",
        "date_range": intent.date_range.as_json if intent.date_range else None,
        "drafts": [{"audience": p.whom, "called": _whom(p.whom, intent.language)} for p in drafts],
    }
    yield _step("weigh", tools[WEIGH], merging.language, inputs, dict(merging.needs))
    needs = {**merging.needs, "priorities": "weigh"}
    yield _step("brief", tools[BRIEF], merging.language, inputs, needs)


def _step(
    step_id: str, tool: ToolSpecification, language: str, inputs: Json, needs: dict[str, str]
) -> WorkflowStep:
    return WorkflowStep(
        step_id=step_id,
        name=say(language, _NAMES[step_id]),
        tool_id=tool.tool_id,
        agent_type=tool.agent_type,
        action=step_id,
        needs=needs,
        inputs={name: value for name, value in inputs.items() if value not in (None, "", [])},
        produces=tool.produces,
        timeout=10_000,
        estimated_cost=tool.estimated_cost,
        estimated_duration=tool.estimated_duration,
    )


def _checked(
    command: Command,
    intent: Intent,
    steps: tuple[WorkflowStep, ...],
    reasons: Sequence[str],
    tools: Mapping[str, ToolSpecification],
) -> Outcome:
    settings = TaskSettings.model_validate(command.payload.get("settings") or {})
    preferences: Json = command.payload.get("preferences") or {}
    own = preferences.get("quality_threshold")
    success = 1.0
    for step in steps:
        success *= tools[step.tool_id].success_rate
    plan = ExecutionPlan(
        steps=steps,
        deliverable_step="brief",
        workflow_source=WorkflowSource(command.payload.get("workflow_source") or "user_request"),
        estimated_cost=sum(step.estimated_cost for step in steps),
        estimated_duration=critical_path(steps),
        success_probability=success,
        quality_threshold=settings.quality_threshold if own is None else float(own),
        agents=tuple(dict.fromkeys(step.agent_type for step in steps)),
        requires_approval=False,  # it publishes nothing: its drafts are requests of their own
        reasons=tuple(reasons),
    )
    budgets = [b for b in (settings.budget, preferences.get("budget")) if b is not None]
    wrong = problems(plan, tools, budget=float(min(budgets)) if budgets else None)
    if wrong:
        return GiveUp("no valid plan: " + "; ".join(problem.message for problem in wrong[:3]))
    return Done(plan.as_json)
