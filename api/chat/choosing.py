"""Whether a message is talk or work: what asks for a result to be made becomes a task, with the
reason told."""

import re
from dataclasses import dataclass

from agents.models.complexity import assess
from agents.models.tiers import Complexity
from agents.understanding.language import detect_language

_ORDER = re.compile(
    r"^\W*(?:(?:please|now|ok(?:ay)?|hi|hello|hey|bitte|jetzt|hallo)\W+)*"
    r"(?:(?:can|could|would|will) you (?:please )?|i (?:need|want)(?: you to)? |"
    r"i'd like(?: you to)? |"
    r"(?:kannst|könntest) du (?:bitte )?|(?:können|könnten) sie (?:bitte )?|"
    r"(?:ich (?:brauche|möchte|will)) )?"
    r"(?:create|write|draft|make|prepare|compose|produce|generate|design|build|analy[sz]e|compare|"
    r"forecast|calculate|compute|assess|evaluate|check|review|summari[sz]e|translate|rewrite|edit|"
    r"improve|shorten|publish|post|announce|plan|research|report|"
    r"erstelle?n?|schreibe?n?|verfasse?n?|entwirf|entwerfen?|mache?n?|analysiere?n?|"
    r"vergleiche?n?|berechne?n?|prüfe?n?|bewerte?n?|übersetze?n?|überarbeite?n?|kürze?n?|"
    r"fasse?n?|veröffentliche?n?|plane?n?|recherchiere?n?|bereite?n?|"
    r"(?:a|an|the|einen?|eine)\s(?:\w+[\s-]){0,3}(?:post|thread|e-?mail|report|analysis|newsletter|"
    r"beitrag|bericht|analyse))\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"^\W*(?:what|who|when|where|why|how|which|is|are|was|were|do|does|did|should|may|"
    r"was|wer|wann|wo|warum|wieso|wie|welche[rsn]?|ist|sind|hat|haben|soll(?:te)?|darf)\b",
    re.IGNORECASE,
)
_HARD = (Complexity.COMPLEX, Complexity.CRITICAL)


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a message becomes a task, why, and in which language it is."""

    is_task: bool
    reason: str
    complexity: Complexity
    language: str


def judge(message: str) -> Judged:
    """What a message asks for, by its own words alone."""
    found = assess(message)
    language = "de" if detect_language(message) == "de" else "en"
    is_order = _ORDER.search(message) is not None
    is_question = _QUESTION.search(message) is not None and not is_order
    has_result = bool(found.signals)
    is_hard = found.complexity in _HARD and not is_question
    is_task = (is_order and has_result) or is_hard
    reason = _reason(found.complexity, found.signals, language) if is_task else ""
    return Judged(is_task, reason, found.complexity, language)


def _reason(complexity: Complexity, signals: tuple[str, ...], language: str) -> str:
    told = "; ".join(signals)
    if language == "de":
        return (
            f"Die Nachricht verlangt ein Ergebnis ({complexity}: {told}); das wird als Aufgabe "
            "geplant, geprüft und zur Freigabe vorgelegt. Mit mode=conversation bleibt es Gespräch."
        )
    return (
        f"The message asks for a result ({complexity}: {told}), so it is planned, checked and "
        "shown for approval as a task. Send mode=conversation to keep it talk."
    )
