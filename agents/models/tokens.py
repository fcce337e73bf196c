"""How many tokens a call will read and write, estimated before it is made, without a tokenizer."""

import math

from agents.models.tiers import LIMITS, Complexity, TaskType
from streams.domain.values import Value

# Letters a token: on our requests and pages up to a quarter more tokens than GPT-4o's tokenizer.
_LETTERS = {"en": 4.2, "de": 3.9}
_FALLBACK = 3.0
# Harder work of the same kind is answered at greater length.
_LENGTH = {
    Complexity.SIMPLE: 0.7, Complexity.MEDIUM: 1.0, Complexity.COMPLEX: 1.5,
    Complexity.CRITICAL: 1.8,
}  # fmt: skip


class Tokens(Value):
    """An estimate for one call: what goes in, what usually comes out, and the most that may."""

    input: int
    output: int
    most_output: int
    is_cut: bool = False  # the material is longer than this kind of work may read


def count_tokens(text: str, language: str = "en") -> int:
    """Tokens of a text, rather too many than too few; digits and signs count by themselves."""
    letters = sum(sign.isalpha() or sign.isspace() for sign in text)
    return math.ceil(letters / _LETTERS.get(language, _FALLBACK) + (len(text) - letters) * 0.6)


def estimate(
    task_type: TaskType, complexity: Complexity, text: str, *, language: str = "en"
) -> Tokens:
    """What a call of this kind needs for a text (the prompt with all its material)."""
    limits = LIMITS[task_type]
    wanted = limits.overhead + count_tokens(text, language)
    usual = min(limits.output, round(limits.usual_output * _LENGTH[complexity]))
    return Tokens(
        input=min(wanted, limits.context),
        output=usual,
        most_output=limits.output,
        is_cut=wanted > limits.context,
    )
