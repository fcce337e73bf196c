"""Which tools of others a plan uses and why, in sentences for the one who asked."""

from collections.abc import Mapping, Sequence

from agents.figures.metric_notes import Phrase, say
from agents.planning.foreign import is_foreign
from agents.planning.goals import METRICS
from agents.planning.tools import Usable
from streams.domain.plan import ToolSpecification, WorkflowStep
from streams.domain.values import Permission

_USED: Phrase = (
    "{step}: {tool} ({source}) is used, since {why}; what it answers is data from outside, which "
    "nobody has checked.",
    "{step}: {tool} ({source}) wird genutzt, denn {why}; seine Antworten sind Daten von außen, die "
    "niemand geprüft hat.",
)
_ONLY: Phrase = (
    "no tool of ours brings {what} here",
    "keines unserer Werkzeuge bringt hier {what}",
)
_NOT_GIVEN: Phrase = ("no figures were given", "es wurden keine Zahlen mitgegeben")
_NAMES: Mapping[str, Phrase] = {
    "market_data": ("market data", "Marktdaten"),
    "research": ("market research", "eine Marktrecherche"),
}
_BETTER: Phrase = ("it fits better in the whole", "es passt im Ganzen besser")
_ASKS: Phrase = (
    "{tool} is used only after a person has said yes to it.",
    "{tool} wird erst genutzt, wenn ein Mensch zugestimmt hat.",
)
_MEASURED: Phrase = (
    "What is expected of them was measured: {tools}.",
    "Was von ihnen erwartet wird, ist gemessen: {tools}.",
)
_RUNS: Phrase = ("{tool} in {n} runs", "{tool} in {n} Läufen")
_DECLARED: Phrase = (
    "Not measured yet, but as declared: {tools}.",
    "Noch nicht gemessen, nur angegeben: {tools}.",
)


def origins(steps: Sequence[WorkflowStep], tools: Mapping[str, Usable], language: str) -> list[str]:
    """What has to be said of the tools of others in a plan, and of those that ask first."""
    told: list[str] = []
    foreign = [tool for step in steps if is_foreign(tool := tools[step.tool_id].tool)]
    for step in steps:
        tool = tools[step.tool_id].tool
        if is_foreign(tool):
            made = (say(language, _NAMES.get(name, (name, name))) for name in step.produces)
            why = say(language, _why(step, tools), what=", ".join(made))
            values = {"step": step.name, "tool": tool.tool_id, "source": tool.source, "why": why}
            told.append(say(language, _USED, **values))
        if tool.permission is Permission.ASK:
            told.append(say(language, _ASKS, tool=tool.tool_id))
    return [*told, *_bases(foreign, language)]


def _bases(foreign: Sequence[ToolSpecification], language: str) -> list[str]:
    """What the expectations of these tools rest on."""
    seen = [say(language, _RUNS, tool=t.tool_id, n=t.runs) for t in foreign if t.runs]
    unseen = [tool.tool_id for tool in foreign if not tool.runs]
    pairs = ((_MEASURED, seen), (_DECLARED, unseen))
    return [say(language, phrase, tools=", ".join(names)) for phrase, names in pairs if names]


def _why(step: WorkflowStep, tools: Mapping[str, Usable]) -> Phrase:
    made = frozenset(step.produces)
    own = (use for use in tools.values() if not is_foreign(use.tool))
    if any(made.issubset(use.tool.produces) for use in own):
        return _BETTER
    return _NOT_GIVEN if METRICS in made else _ONLY
