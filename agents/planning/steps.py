"""From the runs of a chosen plan to its steps: readable ids, inputs, alternatives and limits."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.figures.metric_notes import Phrase, say
from agents.planning.foreign import is_foreign
from agents.planning.goals import Goal
from agents.planning.search import Choice
from agents.planning.tools import MAIN, Usable
from streams.domain.intent import Intent
from streams.domain.plan import StepTool, ToolSpecification, WorkflowStep
from streams.domain.values import Json, Milliseconds, Permission

SLOWEST = 20  # a step may take this many times its estimate
SHORTEST_TIMEOUT: Milliseconds = 10_000
MAY_ASK_A_MODEL = frozenset({"content"})  # categories: a model takes longer than rules
MOST_ALTERNATIVES = 3
_BESIDE_CONSTRAINTS = frozenset(
    {"source_text", "topic", "compare_to", "forecast_for", "horizon", "for_channels", "market_data"}
)

_STEPS: Mapping[str, tuple[str, str, Phrase]] = {
    # artifact: step id, action, name
    "market_data": (
        "fetch_market_data", "fetch_market", ("Fetch market data", "Marktdaten holen")
    ),
    "metrics_data": ("fetch_metrics", "fetch", ("Gather the metrics", "Kennzahlen sammeln")),
    "insights": ("analyze", "analyze", ("Analyze the metrics", "Kennzahlen auswerten")),
    "research": ("research", "research", ("Research the market", "Markt untersuchen")),
    "draft": ("write", "write", ("Write the draft", "Entwurf schreiben")),
    "report": ("write", "write", ("Write the report", "Bericht schreiben")),
    "check": ("write", "write", ("Write up the findings", "Befunde zusammenstellen")),
    "compliance_report": ("check_compliance", "check", ("Check compliance", "Compliance prüfen")),
    "quality_report": ("check_quality", "evaluate", ("Check quality", "Qualität prüfen")),
    "variant:linkedin": (
        "format_linkedin", "format", ("Format for LinkedIn", "Für LinkedIn formatieren")
    ),
    "variant:twitter": ("format_twitter", "format", ("Format for X", "Für X formatieren")),
    "variant:email": ("format_email", "format", ("Format as e-mail", "Als E-Mail formatieren")),
}  # fmt: skip
_OTHER_STEP: Phrase = ("Make {what}", "{what} herstellen")
_UNFIT = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Workshop:
    """All that steps are made from. `values` is what the intent says, by the name of the input."""

    goal: Goal
    choice: Choice
    tools: Mapping[str, Usable]
    values: Json
    optional_runs: frozenset[str]
    language: str = "en"
    step_threshold: float = 0.75
    max_attempts: int = 3
    command_timeout: Milliseconds = 60_000


def build_steps(shop: Workshop) -> tuple[tuple[WorkflowStep, ...], str]:
    """The steps in their order, and the id of the one whose output is the deliverable."""
    ids = _step_ids(shop)
    return tuple(_step(shop, run, ids) for run in shop.choice.order), ids[MAIN]


def static_values(intent: Intent, goal: Goal) -> Json:
    """The inputs that the planner itself can fill from the intent, by name."""
    constraints = intent.constraints
    settled = {k: v for k, v in constraints.items() if k not in _BESIDE_CONSTRAINTS}
    if intent.name == "publish_content":
        settled["verbatim"] = True
    topic = constraints.get("topic") or intent.summary
    values: Json = {
        "action": intent.action,
        "kind": goal.kind,
        "tone": intent.tone,
        "language": intent.language,
        "channel": intent.channels[0].value if intent.channels else None,
        "channels": constraints.get("for_channels") or [c.value for c in intent.channels],
        "topic": constraints.get("topic"),
        "query": topic,
        "constraints": settled,
        "date_range": intent.date_range.as_json if intent.date_range else None,
        "compare_to": constraints.get("compare_to"),
        "forecast_for": constraints.get("forecast_for"),
        "metrics": list(intent.metrics),
        "requirements": list(intent.requirements),
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def _main_artifact(shop: Workshop, run: str) -> str:
    return shop.goal.deliverable if run == MAIN else shop.choice.made_by(run)[0]


def _step_ids(shop: Workshop) -> dict[str, str]:
    """A readable, unique id for each run, from what it makes."""
    ids: dict[str, str] = {}
    for run in shop.choice.order:
        artifact = _main_artifact(shop, run)
        slug = _UNFIT.sub("_", artifact).strip("_")[:60] or "something"
        wanted = _STEPS[artifact][0] if artifact in _STEPS else f"make_{slug}"
        number, step_id = 2, wanted
        while step_id in ids.values():
            step_id, number = f"{wanted}_{number}", number + 1
        ids[run] = step_id
    return ids


def _step(shop: Workshop, run: str, ids: Mapping[str, str]) -> WorkflowStep:
    tool = _tool(shop, run)
    artifact = _main_artifact(shop, run)
    needs = {name: ids[maker] for name, maker in shop.choice.needs[run].items()}
    stand_ins = _stand_ins(shop, run, needs)
    others = [use.tool for use in stand_ins]
    other = ("", tool.tool_id.rpartition(".")[2], _OTHER_STEP)
    _, action, name = _STEPS.get(artifact, other)
    patience = max(SHORTEST_TIMEOUT, int(SLOWEST * tool.estimated_duration * 1000))
    if tool.category in MAY_ASK_A_MODEL:
        patience = shop.command_timeout
    return WorkflowStep(
        step_id=ids[run],
        name=say(shop.language, name, what=artifact),
        tool_id=tool.tool_id,
        agent_type=tool.agent_type,
        action=shop.goal.action if run == MAIN else action,
        depends_on=tuple(ids[first] for first in shop.choice.waits[run]),
        needs=needs,
        inputs=_inputs(shop, run, needs, stand_ins),
        produces=shop.choice.made_by(run),
        alternatives=tuple(
            StepTool(
                tool_id=other.tool_id,
                agent_type=other.agent_type,
                estimated_cost=other.estimated_cost,
            )
            for other in others
        ),
        is_optional=run in shop.optional_runs,
        is_repeatable=tool.is_repeatable,
        quality_threshold=shop.step_threshold if run == MAIN else None,
        timeout=max(1, min(shop.command_timeout, patience)),
        max_attempts=shop.max_attempts if tool.is_repeatable else 1,
        estimated_cost=tool.estimated_cost,
        estimated_duration=tool.estimated_duration,
    )


def _inputs(shop: Workshop, run: str, needs: Mapping[str, str], others: Sequence[Usable]) -> Json:
    """The inputs known beforehand, of those the schemas of the tool and its stand-ins name, and
    the given artifacts."""
    inputs: Json = {}
    for use in (*others, _use(shop, run)):
        inputs |= _known_inputs(shop, run, use)
    return inputs | _given_inputs(shop, run, needs)


def _known_inputs(shop: Workshop, run: str, use: Usable) -> Json:
    """What the intent says to the inputs of a tool, under the names it has for them."""
    if is_foreign(use.tool):
        return use.inputs
    named = frozenset(_named_inputs(use.tool))
    return {name: value for name, value in _own_values(shop, run).items() if name in named}


def _use(shop: Workshop, run: str) -> Usable:
    return shop.tools[shop.choice.tool_of(run)]


def _tool(shop: Workshop, run: str) -> ToolSpecification:
    return _use(shop, run).tool


def _given_inputs(shop: Workshop, run: str, needs: Mapping[str, str]) -> Json:
    """The given artifacts that a run takes and that no step makes anew for it."""
    use = _use(shop, run)
    takes = use.mandatory.union(use.optional) - needs.keys()
    return {name: value for name, value in sorted(shop.goal.given.items()) if name in takes}


def _own_values(shop: Workshop, run: str) -> Json:
    own = dict(shop.values)
    artifact = _main_artifact(shop, run)
    if run == MAIN:
        own["action"] = shop.goal.action
    if artifact.startswith("variant:"):
        own["channel"] = artifact.removeprefix("variant:")
    return own


def _named_inputs(tool: ToolSpecification) -> Iterator[str]:
    yield from tool.input_schema.get("properties", {})
    yield from tool.input_schema.get("required", ())


def _stand_ins(shop: Workshop, run: str, needs: Mapping[str, str]) -> list[Usable]:
    """Other tools that make the same from the same, the cheapest first."""
    made = set(shop.choice.made_by(run))
    own = _use(shop, run)
    there = needs.keys() | _given_inputs(shop, run, needs).keys()
    settled = _known_inputs(shop, run, own)
    found: list[Usable] = []
    for _, use in sorted(shop.tools.items(), key=lambda pair: (pair[1].price, pair[0])):
        known = _known_inputs(shop, run, use)
        if (
            len(found) < MOST_ALTERNATIVES
            and use.tool.tool_id != own.tool.tool_id
            and made.issubset(use.tool.produces)
            and _may_lie_beside(own, known, settled)
            and use.mandatory.union(_required_inputs(use)) <= there | known.keys()
            and use.takes(shop.goal.through if run == MAIN else ())
            and _is_no_burden(own.tool, use.tool)
        ):
            found.append(use)
            settled = {**known, **settled}
    return found


def _may_lie_beside(own: Usable, inputs: Json, settled: Json) -> bool:
    """Whether the inputs of a stand-in may lie beside those of the tool: a step has one set of them
    for all its tools, and a tool of others is only ever given what its schema names."""
    is_open = is_foreign(own.tool) or own.tool.input_schema.get("additionalProperties", True)
    fresh = inputs.keys() - settled.keys()
    return (bool(is_open) or not fresh) and all(
        settled[name] == inputs[name] for name in inputs.keys() & settled.keys()
    )


def _is_no_burden(own: ToolSpecification, other: ToolSpecification) -> bool:
    """Whether a stand-in leaves the step as free as it is: nobody is asked for the sake of a tool
    that will hardly be needed, and what may be repeated stays so."""
    asks = other.permission is Permission.ASK and own.permission is not Permission.ASK
    is_once = own.is_repeatable and not other.is_repeatable
    return not asks and not (is_once and is_foreign(other))


def _required_inputs(use: Usable) -> frozenset[str]:
    names = use.tool.input_schema.get("required", ())
    return (
        frozenset(n for n in names if isinstance(n, str))
        if isinstance(names, list)
        else frozenset()
    )
