"""Puts the dimensions together: which apply to a kind of text, and what they say in one line."""

from collections.abc import Callable
from functools import lru_cache, partial

from agents.compliance_rules.rulebook import Rulebook, builtin
from agents.quality import codes
from agents.quality.accuracy import accuracy
from agents.quality.case import Case, digest_of
from agents.quality.completeness import completeness
from agents.quality.demands import demands
from agents.quality.draft import Examined, examine
from agents.quality.engagement import engagement
from agents.quality.findings import dimension, issue
from agents.quality.lawfulness import compliance
from agents.quality.length import length
from agents.quality.originality import originality
from agents.quality.readability import readability
from agents.quality.shape import shape
from agents.quality.specificity import specificity
from agents.quality.structure import structure
from agents.quality.tone import tone
from agents.quality.transparency import transparency
from streams.domain.quality import DimensionScore, QualityAssessment
from streams.domain.values import Json

EVALUATOR_VERSION = "rules-3"
REMEMBERED = 64  # assessments; a task judges its texts again within moments
NOT_CALIBRATED = "judged by rules, offline; not calibrated on human judgements"

_Dimension = Callable[[Examined], DimensionScore | None]
_EVERY: tuple[_Dimension, ...] = (accuracy, completeness, demands, tone, shape, length, readability)
_BY_KIND: dict[str, tuple[_Dimension, ...]] = {
    "post": (specificity, engagement),
    "thread": (specificity, engagement),
    "email": (specificity, engagement),
    "report": (transparency, structure),
    "check": (transparency,),
}


def assess(
    payload: Json, rulebook: Rulebook | None = None, day: str = ""
) -> QualityAssessment:  # fmt: skip
    """The assessment of the draft that stands in `output`, with everything around it.

    A task judges one text up to three times. What was judged among the last few is answered from
    memory, by a digest of all that the assessment depends on. `rulebook` and `day` (an ISO date)
    say which compliance rules count.
    """
    return _judged(Case(digest_of(payload), payload), rulebook or builtin(), day)


@lru_cache(maxsize=REMEMBERED)
def _judged(case: Case, rulebook: Rulebook, day: str) -> QualityAssessment:
    return judged_afresh(case.payload, rulebook, day)


def judged_afresh(
    payload: Json, rulebook: Rulebook | None = None, day: str = ""
) -> QualityAssessment:  # fmt: skip
    """As `assess`, without the memory."""
    examined = examine(payload)
    if not examined.draft.text.strip():
        return _nothing(examined)
    law = partial(compliance, rulebook=rulebook, day=day)
    own = _BY_KIND.get(examined.draft.kind, ())
    looks: tuple[_Dimension, ...] = (*_EVERY, *own, law, originality)
    dimensions = tuple(found for look in looks if (found := look(examined)) is not None)
    judged = QualityAssessment(dimensions=dimensions, evaluator=EVALUATOR_VERSION)
    return judged.model_copy(update={"summary": _summary(judged, examined)})


def _nothing(examined: Examined) -> QualityAssessment:
    """No text: every dimension is 0, so that nothing passes by having nothing to object to."""
    empty = issue(codes.EMPTY, "there is no text", "critical", suggestion="write a text")
    names = ("accuracy", "completeness", "tone", "format", "length", "readability", "compliance")
    return QualityAssessment(
        dimensions=tuple(
            dimension(
                name,
                0.0,
                1.0,
                issues=[empty] if name == "format" else [],
                is_gate=name == "format",
                has_passed=name != "format",
            )
            for name in names
        ),
        evaluator=EVALUATOR_VERSION,
        summary=f"There is no text to judge; {NOT_CALIBRATED}.",
    )


def _summary(judged: QualityAssessment, examined: Examined) -> str:
    weakest = sorted(judged.dimensions, key=lambda d: d.score)[:2]
    told = [f"{d.name} {d.score:.2f}" for d in weakest if d.score < 0.9]
    parts = [f"{judged.overall:.2f} over {len(judged.dimensions)} dimensions"]
    if judged.failed_gates:
        parts.append(f"hard limits missed: {', '.join(judged.failed_gates)}")
    if told:
        parts.append(f"weakest: {', '.join(told)}")
    parts += _blind_spots(examined)
    parts.append(NOT_CALIBRATED)
    return "; ".join(parts) + "."


def _blind_spots(examined: Examined) -> list[str]:
    """What these rules cannot judge in this draft."""
    found = []
    if examined.draft.is_foreign:
        found.append("the draft has another shape: its texts were judged, not its structure")
    if examined.draft.is_cut:
        found.append("only the first part of a very long text was judged")
    if not examined.facts and not examined.numbers:
        found.append("no facts and no numbers: statements in words could not be checked")
    if examined.asked.named_language[:2] not in ("en", "de"):
        found.append(f"the rules do not know the language {examined.asked.named_language!r}")
    return found
