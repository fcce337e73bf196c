"""Why a plan is as it is, and what else was possible, in sentences for the one who asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.figures.metric_names import is_german
from agents.figures.metric_notes import Phrase, say
from agents.planning.goals import Extra, Goal
from agents.planning.origins import origins
from agents.planning.ranking import Candidate, Limits
from agents.planning.search import Choice
from agents.planning.tools import Usable
from streams.domain.plan import WorkflowStep
from streams.domain.values import Json, Permission

_PATH: Phrase = (
    "The work takes {n} steps, those joined by + at the same time: {path}.",
    "Die Arbeit hat {n} Schritte, mit + verbundene gleichzeitig: {path}.",
)
_ESTIMATE: Phrase = (
    "It is expected to cost {cost}, to take {time} and to succeed at the first try in {success} "
    "of 100 cases; of {n} possible workflows it is the best.",
    "Erwartet werden Kosten von {cost}, eine Dauer von {time} und Erfolg im ersten Anlauf in "
    "{success} von 100 Fällen; von {n} möglichen Abläufen ist es der beste.",
)
_ONLY: Phrase = (
    "It is expected to cost {cost}, to take {time} and to succeed at the first try in {success} "
    "of 100 cases; no other workflow is possible.",
    "Erwartet werden Kosten von {cost}, eine Dauer von {time} und Erfolg im ersten Anlauf in "
    "{success} von 100 Fällen; ein anderer Ablauf ist nicht möglich.",
)
_FOUNDATIONS: Mapping[str, Phrase] = {
    "insights": (
        "The text is written from the analysis of your figures, so that every number has a source.",
        "Der Text entsteht aus der Auswertung Ihrer Zahlen, damit jede Zahl eine Quelle hat.",
    ),
    "research": (
        "The text is written from the market research, so that every statement has a source.",
        "Der Text entsteht aus der Marktrecherche, damit jede Aussage eine Quelle hat.",
    ),
    "compliance_report": (
        "The findings come from the check of your text against the rules.",
        "Die Befunde stammen aus der Prüfung Ihres Textes gegen die Regeln.",
    ),
}
_FOUNDATION: Phrase = ("The result is made from {what!r}.", "Das Ergebnis entsteht aus {what!r}.")
_EXTRAS: Mapping[str, Phrase] = {
    "research": ("the market research", "die Marktrecherche"),
    "compliance_report": ("the compliance check", "die Compliance-Prüfung"),
    "quality_report": ("the quality check", "die Qualitätsprüfung"),
    "insights": ("the analysis of the figures", "die Auswertung der Zahlen"),
}
_BONUS: Phrase = (
    "The work goes on even if {what} fails.",
    "Die Arbeit geht auch weiter, wenn {what} scheitert.",
)
_NO_TOOL: Phrase = (
    "It does without {what}: no tool can do it here.",
    "Ohne {what}: Kein Werkzeug kann das hier leisten.",
)
_NOT_WORTH: Phrase = (
    "It does without {what}: that would not fit into budget and time, or is not worth its price.",
    "Ohne {what}: Das passt nicht in Budget und Zeit oder ist seinen Preis nicht wert.",
)
_CHOSEN: Phrase = (
    "{step}: {tool} was chosen over {others}, since it is {why}.",
    "{step}: {tool} wurde {others} vorgezogen, denn es ist {why}.",
)
_MERITS: Mapping[str, Phrase] = {
    "cheaper": ("cheaper", "günstiger"),
    "quicker": ("quicker", "schneller"),
    "surer": ("more reliable", "zuverlässiger"),
    "free": ("usable without asking a person", "ohne Rückfrage nutzbar"),
    "fitting": ("the better fit in the whole", "im Ganzen passender"),
}
_SCORED: Phrase = (
    "The draft must reach {step:.0f}% in quality before the work goes on, "
    "the final text {end:.0f}%.",
    "Der Entwurf muss {step:.0f} % Qualität erreichen, bevor es weitergeht, "
    "der Endtext {end:.0f} %.",
)
_IN_BUDGET: Phrase = (
    "It stays within the budget of {budget}.",
    "Es bleibt im Budget von {budget}.",
)
_LATE: Phrase = (
    "No workflow is expected to be ready by the deadline; this is the quickest.",
    "Kein Ablauf wird voraussichtlich bis zur Frist fertig; dies ist der schnellste.",
)
_APPROVAL: Phrase = (
    "Nothing is published before it is approved.",
    "Vor der Freigabe wird nichts veröffentlicht.",
)
_NO_APPROVAL: Phrase = (
    "Nothing is to be published, so no approval is needed.",
    "Es soll nichts veröffentlicht werden, also ist keine Freigabe nötig.",
)
_OTHER: Phrase = (
    "{how}: not chosen, since {why}.",
    "{how}: nicht gewählt, denn {why}.",
)
_HOW: Mapping[str, Phrase] = {
    "without": ("Without {what}", "Ohne {what}"),
    "with": ("With {what} as well", "Zusätzlich mit {what}"),
    "tools": ("With {what} instead of {others}", "Mit {what} statt {others}"),
    "besides": ("{how}, with {what}", "{how}, mit {what}"),
    "order": ("The same tools, connected otherwise", "Dieselben Werkzeuge, anders verbunden"),
}
_WHY_NOT: Mapping[str, Phrase] = {
    "budget": ("it is over the budget", "er liegt über dem Budget"),
    "late": ("it misses the deadline", "er verfehlt die Frist"),
    "less": (
        "what it leaves out is worth more than it costs",
        "was fehlt, ist mehr wert, als es kostet",
    ),
    "cost": ("it costs {more} more", "er kostet {more} mehr"),
    "slow": ("it takes {longer:.2f} s longer", "er dauert {longer:.2f} s länger"),
    "asks": ("a person would have to be asked first", "erst müsste ein Mensch zustimmen"),
    "risk": ("it is less likely to succeed", "er gelingt weniger wahrscheinlich"),
    "whole": ("it is no better in the whole", "er ist insgesamt nicht besser"),
}
_AND: Phrase = (" and ", " und ")


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, and everything that it was chosen from."""

    goal: Goal
    best: Candidate
    found: Sequence[Candidate]
    tools: Mapping[str, Usable]
    steps: Sequence[WorkflowStep]
    limits: Limits
    thresholds: tuple[float, float]  # of the draft, of the final result
    is_to_publish: bool
    language: str

    @property
    def is_late(self) -> bool:
        """Whether the deadline will probably be missed."""
        return self.limits.seconds is not None and self.best.duration > self.limits.seconds


def reasons(made: Decision, notes: Sequence[str] = ()) -> tuple[str, ...]:
    """The plan explained, the most telling first; `notes` say which tools were left aside."""
    language, goal = made.language, made.goal
    told = [_path(made), _estimate(made)]
    for artifact in goal.through:
        told.append(say(language, _FOUNDATIONS.get(artifact, _FOUNDATION), what=artifact))
    told += [say(language, _BONUS, what=_extra(e, language)) for e in _bonuses(made)]
    told += [_why_without(extra, made) for extra in goal.extras if extra not in made.best.extras]
    told += [*_why_tools(made), *origins(made.steps, made.tools, language)]
    step, end = made.thresholds
    told.append(say(language, _SCORED, step=100 * step, end=100 * end))
    if made.limits.budget is not None:
        told.append(say(language, _IN_BUDGET, budget=_dollars(made.limits.budget, language)))
    if made.is_late:
        told.append(say(language, _LATE))
    told.append(say(language, _APPROVAL if made.is_to_publish else _NO_APPROVAL))
    return (*told, *notes)


def alternative(made: Decision, other: Candidate) -> Json:
    """A plan that was not chosen: its figures, and a `summary` of how it differs and why not."""
    less, more = _differences(made.best, other)
    return {
        "tools": [other.choice.tool_of(run) for run in other.choice.order],
        "without": sorted(extra.artifact for extra in less),
        "estimated_cost": round(other.cost, 6),
        "estimated_duration": round(other.duration, 3),
        "success_probability": round(other.success, 4),
        "score": round(other.score, 4),
        "summary": _summary(made, other, less, more),
    }


def _path(made: Decision) -> str:
    names = {step.step_id: step.name for step in made.steps}
    levels: dict[str, int] = {}
    for step in made.steps:
        levels[step.step_id] = 1 + max((levels[first] for first in step.depends_on), default=0)
    stages = [
        " + ".join(names[step_id] for step_id, level in levels.items() if level == stage)
        for stage in range(1, max(levels.values()) + 1)
    ]
    return say(made.language, _PATH, n=len(made.steps), path=" → ".join(stages))


def _estimate(made: Decision) -> str:
    phrase = _ESTIMATE if len(made.found) > 1 else _ONLY
    return say(made.language, phrase, n=len(made.found), **_figures(made.best, made.language))


def _figures(candidate: Candidate, language: str) -> dict[str, str]:
    return {
        "cost": _dollars(candidate.cost, language),
        "time": _time(candidate.duration, language),
        "success": f"{100 * candidate.success:.0f}",
    }


def _dollars(amount: float, language: str) -> str:
    digits = f"{amount:.2f}" if amount == 0 or amount >= 0.01 else f"{amount:.4f}"
    return f"{digits.replace('.', ',')} $" if is_german(language) else f"${digits}"


def _time(seconds: float, language: str) -> str:
    for limit, unit, english, german in (
        (1, 1, "less than a second", "weniger als einer Sekunde"),
        (1.5, 1, "about a second", "etwa einer Sekunde"),
        (90, 1, "about {n:.0f} seconds", "etwa {n:.0f} Sekunden"),
        (5400, 60, "about {n:.0f} minutes", "etwa {n:.0f} Minuten"),
    ):
        if seconds < limit:
            return say(language, (english, german), n=seconds / unit)
    return say(language, ("about {n:.1f} hours", "etwa {n:.1f} Stunden"), n=seconds / 3600)


def _extra(extra: Extra, language: str) -> str:
    return say(language, _EXTRAS.get(extra.artifact, (extra.artifact, extra.artifact)))


def _bonuses(made: Decision) -> list[Extra]:
    makers = made.best.choice.makers
    return [e for e in made.best.extras if makers.get(e.artifact) in made.best.optional_runs]


def _why_without(extra: Extra, made: Decision) -> str:
    is_possible = any(extra in candidate.extras for candidate in made.found)
    return say(
        made.language, _NOT_WORTH if is_possible else _NO_TOOL, what=_extra(extra, made.language)
    )


def _why_tools(made: Decision) -> list[str]:
    """For each step that more than one tool can do, why this one does it."""
    told = []
    for run, step in zip(made.best.choice.order, made.steps, strict=True):
        artifacts = frozenset(made.best.choice.made_by(run))
        others = _rivals(made.found, made.best.choice, artifacts, step.tool_id)
        if others:
            merits = _merits(made.tools[step.tool_id], [made.tools[other] for other in others])
            why = say(made.language, _AND).join(say(made.language, _MERITS[m]) for m in merits)
            names = ", ".join(others)
            values = {"step": step.name, "tool": step.tool_id, "others": names, "why": why}
            told.append(say(made.language, _CHOSEN, **values))
    return told


def _rivals(
    found: Sequence[Candidate], choice: Choice, artifacts: frozenset[str], tool_id: str
) -> list[str]:
    makers = {
        other.choice.tool_of(other.choice.makers[artifact])
        for other in found
        for artifact in artifacts & other.choice.makers.keys()
    }
    used = {choice.tool_of(run) for run in choice.order}
    return sorted(makers - used - {tool_id})


def _merits(chosen: Usable, others: Sequence[Usable]) -> list[str]:
    own = chosen.tool
    merits = (
        ("cheaper", all(own.estimated_cost < o.tool.estimated_cost for o in others)),
        ("quicker", all(own.estimated_duration < o.tool.estimated_duration for o in others)),
        ("surer", all(own.success_rate > o.tool.success_rate for o in others)),
        ("free", not _asks(chosen) and all(map(_asks, others))),
    )
    return [merit for merit, is_true in merits if is_true] or ["fitting"]


def _asks(use: Usable) -> bool:
    return use.tool.permission is Permission.ASK


def _differences(best: Candidate, other: Candidate) -> tuple[list[Extra], list[Extra]]:
    less = [extra for extra in best.extras if extra not in other.extras]
    more = [extra for extra in other.extras if extra not in best.extras]
    return less, more


def _summary(made: Decision, other: Candidate, less: Sequence[Extra], more: Sequence[Extra]) -> str:
    language, best = made.language, made.best
    dearer, longer = other.cost - best.cost, other.duration - best.duration
    phrase = _WHY_NOT[_why_not(made, other, less)]
    why = say(language, phrase, more=_dollars(max(dearer, 0.0), language), longer=longer)
    return say(language, _OTHER, how=_how(best, other, less, more, language), why=why)


def _how(
    best: Candidate,
    other: Candidate,
    less: Sequence[Extra],
    more: Sequence[Extra],
    language: str,
) -> str:
    own = [best.choice.tool_of(run) for run in best.choice.order]
    its = [other.choice.tool_of(run) for run in other.choice.order]
    new, gone = [t for t in its if t not in own], [t for t in own if t not in its]
    if less:
        how = say(language, _HOW["without"], what=_listed(less, language))
        return say(language, _HOW["besides"], how=how, what=", ".join(new)) if new else how
    if more:
        return say(language, _HOW["with"], what=_listed(more, language))
    if not new:
        return say(language, _HOW["order"])
    return say(language, _HOW["tools"], what=", ".join(new), others=", ".join(gone) or "-")


def _why_not(made: Decision, other: Candidate, less: Sequence[Extra]) -> str:
    limits, best = made.limits, made.best
    tests = (
        ("budget", limits.budget is not None and other.cost > limits.budget),
        ("late", limits.seconds is not None and other.duration > limits.seconds),
        ("less", bool(less)),
        ("asks", _asking(made, other) > _asking(made, best)),
        ("cost", other.cost > best.cost),
        ("slow", other.duration > best.duration),
        ("risk", other.success < best.success),
    )
    return next((why for why, is_true in tests if is_true), "whole")


def _asking(made: Decision, candidate: Candidate) -> int:
    choice = candidate.choice
    return sum(_asks(made.tools[choice.tool_of(run)]) for run in choice.order)


def _listed(extras: Sequence[Extra], language: str) -> str:
    return say(language, _AND).join(_extra(extra, language) for extra in extras)
