"""Which tools of a plan wait for a person's yes, and what the person is asked.

What a tool says of itself was written by whoever serves it: it is shown as a quotation, without
marks or line breaks by which it could pass for words of ours.
"""

import re
import unicodedata

from streams.domain.intent import Question
from streams.domain.plan import ToolSpecification, asking, tools_of
from streams.domain.state import TOOL_ANSWERS, TaskState
from streams.domain.values import Permission

QUOTED = 300  # characters of a tool's own words that are shown
_MARKS = re.compile(r'["\u00ab\u00bb\u2018-\u201f\u2039\u203a\u300c-\u300f\uff02]')
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})  # controls, direction marks, line breaks
_Words = dict[str, str]
_ENGLISH: _Words = {
    "ask": "May this task use the tool {tool_id!r} {source}? {own} It would do {steps}. "
    "It is {destructive} and {repeatable}.",
    "own": 'What it does, in the words of whoever serves it, which nobody has checked: "{words}"',
    "ours": 'What it does: "{words}"',
    "silent": "Whoever serves it does not say what it does.",
    "builtin": "of the orchestrator itself",
    "mcp": "of the MCP server {name!r}",
    "agent": "of the agent {name!r}",
    "step": "the step {step_id!r}",
    "steps": "the steps {step_id}",
    "True": "marked as destructive (it may overwrite or delete)",
    "False": "not marked as destructive",
    "again": "may run twice without harm",
    "once": "must not run twice",
    "reason": "This tool may be used only after a person has said yes.",
}
_GERMAN: _Words = {
    "ask": "Darf diese Aufgabe das Werkzeug {tool_id!r} {source} benutzen? {own} Es erledigt "
    "{steps}. Es ist {destructive} und {repeatable}.",
    "own": 'Was es tut, in den Worten dessen, der es anbietet, von niemandem geprüft: "{words}"',
    "ours": 'Was es tut: "{words}"',
    "silent": "Wer es anbietet, sagt nicht, was es tut.",
    "builtin": "des Orchestrators selbst",
    "mcp": "des MCP-Servers {name!r}",
    "agent": "des Agenten {name!r}",
    "step": "den Schritt {step_id!r}",
    "steps": "die Schritte {step_id}",
    "True": "als zerstörend gekennzeichnet (es kann überschreiben oder löschen)",
    "False": "nicht als zerstörend gekennzeichnet",
    "again": "darf ohne Schaden zweimal laufen",
    "once": "darf nicht zweimal laufen",
    "reason": "Dieses Werkzeug darf erst benutzt werden, wenn ein Mensch zugestimmt hat.",
}
_LANGUAGES = {"en": _ENGLISH, "de": _GERMAN}
_NO_WORDS = " (There is no text for the language {language!r}: this one is in English.)"


def settled(state: TaskState) -> tuple[ToolSpecification, ...]:
    """The catalogue with what people have said of its tools in this task. It can forbid more, but
    never allows what is denied to all.
    """
    if not state.permissions:
        return state.tools
    return tuple(_settled(tool, state.permissions.get(tool.tool_id)) for tool in state.tools)


def pending(state: TaskState) -> list[ToolSpecification]:
    """The tools of the plan that nobody has said yes or no to yet, in the plan's order."""
    if state.plan is None or not state.tools:
        return []
    asked = asking(state.plan, state.tools)
    return [tool for tool in asked if tool.tool_id not in state.permissions]


def question(state: TaskState, tool: ToolSpecification) -> Question:
    """What a person needs to know to say yes or no."""
    language = state.intent.language if state.intent else "en"
    words = _LANGUAGES.get(language, _ENGLISH)
    own = quotation(tool.description)
    text = words["ask"].format(
        tool_id=tool.tool_id,
        source=_source(tool.source, words),
        own=words[_introduction(tool, own)].format(words=own),
        steps=_steps(state, tool.tool_id, words),
        destructive=words[str(tool.is_destructive)],
        repeatable=words["again" if tool.is_repeatable else "once"],
    )
    note = "" if language in _LANGUAGES else _NO_WORDS.format(language=quotation(language)[:20])
    reason = words["reason"] + note
    return Question(text=text, options=TOOL_ANSWERS, reason=reason, tool_id=tool.tool_id)


def quotation(text: str) -> str:
    """Words of others on one line, cut short, without quotation marks of their own."""
    seen = "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in text[: 8 * QUOTED])
    line = _MARKS.sub("'", " ".join(seen.split()))
    return line if len(line) <= QUOTED else line[: QUOTED - 1] + "…"


def _settled(tool: ToolSpecification, said: Permission | None) -> ToolSpecification:
    if said is None or said is tool.permission or tool.permission is Permission.DENY:
        return tool
    return tool.model_copy(update={"permission": said})


def _introduction(tool: ToolSpecification, own: str) -> str:
    if not own:
        return "silent"
    return "ours" if tool.source == "builtin" else "own"


def _source(source: str, words: _Words) -> str:
    kind, _, name = source.partition(":")
    return words[kind].format(name=quotation(name)) if kind in words else quotation(source)


def _steps(state: TaskState, tool_id: str, words: _Words) -> str:
    plan = state.plan
    using = [step.step_id for step in (plan.steps if plan else ()) if tool_id in tools_of(step)]
    if len(using) == 1:
        return words["step"].format(step_id=using[0])
    return words["steps"].format(step_id=", ".join(map(repr, using)))
