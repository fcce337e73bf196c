"""The evaluator: scores drafts with evidence, and writes down what a finished task teaches."""

from functools import partial

from agents.compliance_rules.rulebook import Rulebook
from agents.contract import Agent, Done, Outcome
from agents.learning_record import extract_learning
from agents.quality.assessment import assess
from agents.quality.draft import as_object
from agents.understanding.dates import day_of
from streams.domain.commands import Command, CommandKind
from streams.domain.values import Json

BESIDE_CONSTRAINTS = ("tone", "language", "channels")  # what a step may set beside the intent


def assess_quality(command: Command, rulebook: Rulebook | None = None) -> Outcome:
    """The handler of AssessQuality: a step's output or the deliverable."""
    return Done(assess(command.payload, rulebook, _day(command)).as_json)


def check_quality(command: Command, rulebook: Rulebook | None = None) -> Outcome:
    """Tool quality_checker: the same assessment, for the inputs of a step."""
    return Done(assess(_as_context(command.payload), rulebook, _day(command)).as_json)


def _day(command: Command) -> str:
    """The day whose law counts."""
    return day_of(command.issued_at).isoformat() if command.issued_at else ""


def _as_context(payload: Json) -> Json:
    """The inputs of a step in the shape of an AssessQuality payload."""
    inputs, intent = as_object(payload.get("inputs")), as_object(payload.get("intent"))
    own = {name: inputs[name] for name in BESIDE_CONSTRAINTS if inputs.get(name)}
    constraints = as_object(intent.get("constraints")) | as_object(inputs.get("constraints"))
    materials = {name: value for name, value in inputs.items() if name != "draft"}
    return {
        "output": as_object(inputs.get("draft")),
        "request": payload.get("request"),
        "intent": {**intent, **own, "constraints": constraints},
        "business_metrics": payload.get("business_metrics"),
        "materials": materials,
    }


def evaluator_agent(rulebook: Rulebook | None = None) -> Agent:
    """The agent with the compliance rules of the package, or with those of a company as well."""
    return Agent(
        "evaluator",
        computes={
            CommandKind.ASSESS_QUALITY.value: partial(assess_quality, rulebook=rulebook),
            "quality_checker": partial(check_quality, rulebook=rulebook),
            CommandKind.EXTRACT_LEARNING.value: extract_learning,
        },
    )


EVALUATOR = evaluator_agent()
