"""The form of a prompt as numbers: how long it is, how many figures and signs it holds, and which
kinds of words. What makes a question hard shows here as much as in its meaning.
"""

import math
import re

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SIGNS = ("%", "$", "/", ".", ",", "\n", "?", "(")
_LARGEST = 1e12
NAMES = (
    "characters", "words", "numbers", "distinct_numbers", "largest_number", "word_length",
    "capitals", "other_letters", *_SIGNS,
)  # fmt: skip

_KINDS = {
    "negation": r"\b(?:not|except|never|no|nicht|kein\w*|außer|nie)\b",
    "ratio": r"\b(?:half|twice|double|triple|third|quarter|times|halb\w*|doppelt\w*|mal)\b",
    "each": r"\b(?:each|every|per|jede\w*|je|pro)\b",
    "percent": r"%|\b(?:percent\w*|prozent\w*)\b",
    "comparison": r"\b(?:than|more|less|fewer|als|mehr|weniger)\b",
    "total": r"\b(?:total|altogether|sum|combined|insgesamt|zusammen|summe)\b",
    "time": r"\b(?:hours?|days?|weeks?|months?|years?|minutes?|stunden?|tagen?|wochen?|jahren?)\b",
    "condition": r"\b(?:if|when|suppose|assuming|wenn|falls|angenommen)\b",
    "explanation": r"\b(?:why|how|explain|warum|wieso|erkläre?|wie)\b",
    "selection": r"\b(?:which|following|statements?|welche\w*|folgende\w*|aussagen?)\b",
    "remainder": r"\b(?:left|remain\w*|rest|after|before|übrig|verbleib\w*|nach|vor)\b",
    "group": r"\b(?:none|neither|both|all) of\b|\bkeine\w* der\b",
}
KINDS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _KINDS.items()}


def word_kinds(text: str) -> tuple[float, ...]:
    """How many words of each of `KINDS` there are, as log(1 + n)."""
    return tuple(math.log1p(len(pattern.findall(text))) for pattern in KINDS.values())


def text_shape(text: str) -> tuple[float, ...]:
    """One number for each of `NAMES`: amounts as log(1 + n), shares, and plain counts of signs."""
    words, numbers = text.split(), _NUMBER.findall(text)
    size = max(1, len(text))
    largest = max((float(number.replace(",", "")) for number in numbers), default=0.0)
    return (
        math.log1p(len(text)),
        math.log1p(len(words)),
        math.log1p(len(numbers)),
        math.log1p(len(set(numbers))),
        math.log1p(min(largest, _LARGEST)),
        sum(map(len, words)) / max(1, len(words)),
        sum(letter.isupper() for letter in text) / size,
        sum(ord(letter) > 127 for letter in text) / size,
        *(float(text.count(sign)) for sign in _SIGNS),
    )
