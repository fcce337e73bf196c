"""What a command may cost: who pays for it, and what a human is asked when there is no money left
for it.
"""

from streams.domain import events as e
from streams.domain.budget import Account, BudgetNeed, micros, shown
from streams.domain.intent import Question
from streams.domain.state import TOOL_ANSWERS, TaskState
from streams.phases.permission import quotation

_Words = dict[str, str]
_ENGLISH: _Words = {
    "ask": "May {what} cost about {estimate} more? {why}",
    "step": "the step {step_id!r}{name}",
    "other": "the work {name!r} for this task",
    "call": "A single call above {limit} needs a human's yes.",
    "task": "This task may cost {limit}: {so_far}.",
    "principal": "{who!r} may spend {limit} a day: {so_far}.",
    "tenant": "All together may spend {limit} a day: {so_far}.",
    "so_far": "{spent} is spent, {reserved} is held for calls under way, {left} is left",
    "reason": "Nothing was called yet. With a no the task goes on without it, or ends.",
    "denied": "{by} did not allow its cost of about {estimate}",
    "late": "nobody allowed its cost of about {estimate} in time",
}
_GERMAN: _Words = {
    "ask": "Darf {what} ungefähr {estimate} mehr kosten? {why}",
    "step": "der Schritt {step_id!r}{name}",
    "other": "die Arbeit {name!r} für diese Aufgabe",
    "call": "Ein einzelner Aufruf über {limit} braucht das Ja eines Menschen.",
    "task": "Diese Aufgabe darf {limit} kosten: {so_far}.",
    "principal": "{who!r} darf {limit} am Tag ausgeben: {so_far}.",
    "tenant": "Alle zusammen dürfen {limit} am Tag ausgeben: {so_far}.",
    "so_far": "{spent} sind ausgegeben, {reserved} für laufende Aufrufe vorgemerkt, "
    "{left} sind übrig",
    "reason": "Noch wurde nichts aufgerufen. Bei einem Nein geht die Aufgabe ohne dies weiter, "
    "oder sie endet.",
    "denied": "{by} hat die Kosten von ungefähr {estimate} nicht erlaubt",
    "late": "niemand hat die Kosten von ungefähr {estimate} rechtzeitig erlaubt",
}
_LANGUAGES = {"en": _ENGLISH, "de": _GERMAN}
_NO_WORDS = " (There is no text for the language of this task: this one is in English.)"


def account(state: TaskState, issued: e.CommandIssued) -> Account:
    """Who pays for a command, up to which limits."""
    command = state.commands.get(issued.command_id)
    budget = state.settings.budget
    return Account(
        tenant=state.tenant,
        principal=state.principal,
        budget=None if budget is None else micros(budget),
        submitted_at=state.submitted_at,
        estimate=_estimate(state, issued),
        approved=command.approved if command else 0,
    )


def question(state: TaskState, issued: e.CommandIssued, need: BudgetNeed) -> Question:
    """What a human needs to know to allow it."""
    language = state.intent.language if state.intent else "en"
    words = _LANGUAGES.get(language, _ENGLISH)
    amounts = {
        "limit": shown(need.limit),
        "spent": shown(need.spent),
        "reserved": shown(need.reserved),
        "left": shown(need.left),
        "estimate": shown(need.estimate),
        "who": state.principal,
    }
    amounts["so_far"] = words["so_far"].format(**amounts)
    why = words[need.scope].format(**amounts)
    text = words["ask"].format(what=_what(state, issued, words), why=why, **amounts)
    note = "" if language in _LANGUAGES else _NO_WORDS
    return Question(text=text, options=TOOL_ANSWERS, reason=words["reason"] + note)


def not_allowed(state: TaskState, estimate: int, by: str = "") -> str:
    """Why a command fails that a human has said no to, or nobody has said anything to in time."""
    words = _LANGUAGES.get(state.intent.language if state.intent else "en", _ENGLISH)
    return words["denied" if by else "late"].format(by=by, estimate=shown(estimate))


def _what(state: TaskState, issued: e.CommandIssued, words: _Words) -> str:
    steps = state.plan.steps if state.plan else ()
    step = next((step for step in steps if step.step_id == issued.step_id), None)
    if step is None:
        return words["other"].format(name=issued.action or issued.kind.value)
    named = "" if step.name == step.step_id else f" ({quotation(step.name)})"
    return words["step"].format(step_id=step.step_id, name=named)


def _estimate(state: TaskState, issued: e.CommandIssued) -> int:
    """What the plan expects of the tool that the command is for."""
    if state.plan is None or issued.tool_id is None:
        return 0
    for step in state.plan.steps:
        if step.step_id != issued.step_id:
            continue
        if step.tool_id == issued.tool_id:
            return micros(step.estimated_cost)
        prices = {other.tool_id: other.estimated_cost for other in step.alternatives}
        return micros(prices.get(issued.tool_id, 0.0))
    return 0
