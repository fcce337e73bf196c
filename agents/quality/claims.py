"""The numbers that a draft claims, looked for only in sentences that can hold one."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from agents.figures.numbers import Mention, find_numbers
from agents.quality.prose import small

_LINE = re.compile(r"[^\n]+")
_EDGE = re.compile(r"(?<=[a-z]{3})[.!?] (?=[A-Z][a-z])")
# What a line has that claims a number, in small letters: a digit, a number word or a phrase.
_HINT = re.compile(
    r"\d|\b(?:one (?:in|out|percent|per|hundred|thousand|million|billion|third|quarter|half)|two|"
    r"three|four|five|six|seven|eight|nine|ten|eleven|twelve|thir|fif|twenty|fort|hundred|thousand|"
    r"million|billion|trillion|half|halv|doubl|tripl|quadrupl|twice|twofold|threefold|tenfold|"
    r"(?:a|one)[ -](?:third|quarter)|percent|dozen|ein(?:e[rmns]?)? (?:von|prozent|drittel|viertel|"
    r"halb|million|milliard)|zwei|zwan|drei|vier|fünf|sech|sieb|acht|neun|zehn|elf|zwölf|ein(?:und|"
    r"hundert|tausend)|hundert|tausend|milli|billi|hälfte|halb|verdoppel|verdrei|vervier|verzehn|"
    r"doppel|prozent)"
)


def claimed_numbers(text: str, language: str) -> list[Mention]:
    """As `find_numbers`, and quicker where much of a text has no number in it."""
    lowered = small(text)
    found: list[Mention] = []
    for start, end in _stretches(text, language):
        if _HINT.search(lowered, start, end):
            for one in _in_stretch(text[start:end], language):
                found.append(replace(one, start=one.start + start, end=one.end + start))
    return found


def _stretches(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Lines; English sentences too, since no English number goes on behind a word and a stop."""
    for line in _LINE.finditer(text):
        start = line.start()
        for edge in _EDGE.finditer(text, start, line.end()) if language == "en" else ():
            yield start, edge.end()
            start = edge.end()
        yield start, line.end()


@lru_cache(maxsize=1024)  # a refined draft has most of its sentences from the one before
def _in_stretch(text: str, language: str) -> tuple[Mention, ...]:
    return tuple(find_numbers(text, language))
