"""Which of the tools there are a plan may use, and why others are left aside."""

import re
from collections.abc import Iterable, Mapping, Sequence

from agents.figures.metric_notes import Phrase, say
from agents.planning.foreign import Fit, fields_of, fit, is_foreign, made_by
from agents.planning.goals import MARKET_DATA, METRICS, Goal
from agents.planning.tools import Usable, usable, usable_foreign
from streams.domain.plan import PlanProblem, ToolSpecification
from streams.domain.values import Json, Permission

MOST_NOTES = 6  # of tools of others that cannot be used
_TOOL_CODES = ("unknown_tool", "wrong_agent", "missing_input", "forbidden_tool")
_QUOTED = re.compile(r"'([^']+)'")
_FORBIDDEN: Phrase = (
    "{tool} is not used: the preferences forbid it.",
    "{tool} wird nicht genutzt: Die Vorgaben verbieten es.",
)
_FAILED: Phrase = (
    "{tool} is not used: an earlier plan with it could not run.",
    "{tool} wird nicht genutzt: Ein früherer Plan damit konnte nicht laufen.",
)
_REFUSED: Phrase = (
    "{tool} is not used: it is refused for this task.",
    "{tool} wird nicht genutzt: Für diese Aufgabe ist es abgelehnt.",
)
_DENIED: Phrase = (
    "{tool} is not used: its permission is deny.",
    "{tool} wird nicht genutzt: Seine Erlaubnis steht auf deny.",
)
_UNFILLED: Phrase = (
    "{tool} makes {what}, but is not used: nothing here fills its input {inputs}.",
    "{tool} liefert {what}, wird aber nicht genutzt: Nichts hier füllt seine Eingabe {inputs}.",
)
_OTHERS: Phrase = (
    "{n} more tools of others cannot be used for the same reasons.",
    "{n} weitere fremde Werkzeuge sind aus denselben Gründen nicht nutzbar.",
)


def tools_for(
    goal: Goal,
    tools: Mapping[str, ToolSpecification],
    values: Json,
    *,
    forbidden: frozenset[str],
    earlier: Iterable[PlanProblem],
    has_metrics: bool,
    language: str,
) -> tuple[dict[str, Usable], list[str]]:
    """The tools that a plan may use, and remarks on those that it would have use for.

    An effect that needs an approval belongs in no plan: it follows when a person has approved.

    Args:
        values: the inputs that the planner itself can fill, by name.
        forbidden: by the user's preferences.
        earlier: what was wrong with earlier plans; tools that it names are not tried again.
        has_metrics: the user gave figures; otherwise only a tool of others can bring some.
    """
    refused, failed = _failed_tools(earlier)
    denied = {i for i, tool in tools.items() if tool.permission is Permission.DENY}
    notes = [say(language, _FORBIDDEN, tool=name) for name in sorted(forbidden & tools.keys())]
    notes += [say(language, _REFUSED, tool=name) for name in sorted(refused - forbidden)]
    notes += [say(language, _FAILED, tool=name) for name in sorted(failed - forbidden - refused)]
    gone = forbidden | refused | failed
    able = {
        tool_id: tool
        for tool_id, tool in tools.items()
        if not tool.requires_approval and tool_id not in gone | denied
    }
    missed = [tools[i] for i in sorted(denied - gone) if made_by(tools[i])]
    uses, unfilled = _uses(goal, able, values)
    notes += _unused(goal, uses, missed, unfilled, language)
    return _without_empty_makers(uses, has_metrics=has_metrics), notes


def _failed_tools(earlier: Iterable[PlanProblem]) -> tuple[frozenset[str], frozenset[str]]:
    """The tools that must not be used, and those with which a plan could not run."""
    named = [
        (problem.code, name)
        for problem in earlier
        if problem.code in _TOOL_CODES
        for name in _QUOTED.findall(problem.message)[:1]
    ]
    refused = frozenset(name for code, name in named if code == "forbidden_tool")
    return refused, frozenset(name for _, name in named) - refused


def _uses(
    goal: Goal, tools: Mapping[str, ToolSpecification], values: Json
) -> tuple[dict[str, Usable], list[tuple[ToolSpecification, Fit]]]:
    """How each tool can be used, and the tools of others of which nobody can fill an input."""
    static = frozenset(values)
    # Where market data lie in the request is said to our agents alone; others do not see it.
    given = goal.given.keys() - {MARKET_DATA}
    made = {artifact for tool in tools.values() for artifact in made_by(tool)}
    parts = {artifact for tool in tools.values() for artifact in fields_of(tool)}
    uses: dict[str, Usable] = {}
    unfilled: list[tuple[ToolSpecification, Fit]] = []
    for tool_id, tool in tools.items():
        if not is_foreign(tool):
            uses[tool_id] = usable(tool, static)
            continue
        filled = fit(tool, values, made | given, parts)
        if filled.missing:
            unfilled.append((tool, filled))
        elif made_by(tool):
            uses[tool_id] = usable_foreign(tool, filled)
    return uses, unfilled


def _without_empty_makers(uses: Mapping[str, Usable], *, has_metrics: bool) -> dict[str, Usable]:
    """Without figures from the user, ours have nothing to read; a tool of others may have."""
    return {
        tool_id: use
        for tool_id, use in uses.items()
        if has_metrics or is_foreign(use.tool) or METRICS not in use.tool.produces
    }


def _unused(
    goal: Goal,
    uses: Mapping[str, Usable],
    denied: Sequence[ToolSpecification],
    unfilled: Sequence[tuple[ToolSpecification, Fit]],
    language: str,
) -> list[str]:
    """Why tools are left aside that make what this goal, or a tool for it, has use for."""
    wanted = _wanted(goal, uses)
    told = [
        say(language, _DENIED, tool=tool.tool_id)
        for tool in denied
        if wanted.intersection(made_by(tool))
    ]
    for tool, filled in unfilled:
        if useful := sorted(wanted.intersection(made_by(tool))):
            inputs = ", ".join(
                f"{name[:60]!r} ({kind[:20]})" for name, kind in filled.missing.items()
            )
            told.append(
                say(language, _UNFILLED, tool=tool.tool_id, what=", ".join(useful), inputs=inputs)
            )
    rest = len(told) - MOST_NOTES
    return [*told[:MOST_NOTES], *([say(language, _OTHERS, n=rest)] if rest > 0 else [])]


def _wanted(goal: Goal, uses: Mapping[str, Usable]) -> set[str]:
    """What the goal asks for, and what the tools that make it cannot do without."""
    waiting = [goal.deliverable, *goal.through, *goal.targets]
    waiting += [extra.artifact for extra in goal.extras]
    found: set[str] = set()
    while waiting:
        artifact = waiting.pop()
        if artifact not in found:
            found.add(artifact)
            makers = (use for use in uses.values() if artifact in use.tool.produces)
            waiting += [name for use in makers for name in use.mandatory]
    return found
