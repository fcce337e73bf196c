"""Answers from what was learned: as long as no patterns are discovered, the records with counts.

Everything is read by SQL from the read models of this moment; nothing is guessed.
"""

import asyncio
import re
from collections.abc import Mapping

from api.chat.book import Book
from api.chat.parts import Asked, End, Parts, Plan, Text
from streams.conversations.events import AnswerEnded, Ending, Way
from streams.domain.values import Json

ENOUGH = 30  # ended tasks below which no pattern can be told from chance
_WORD = re.compile(r"[^\W\d_]{4,}")
_COMMON = frozenset(
    "what which when where does have with that this from about your best most works work learned "  # noqa: SIM905
    "learn pattern patterns history past have been were tasks task there show tell welche welches "
    "wann haben wurde gelernt muster über unsere unser eine einen nicht sind".split()
)


_SAID: Mapping[str, Mapping[str, str]] = {
    "en": {
        "first": (
            "No patterns have been discovered yet. I answer from the tasks on record: {tasks}, of "
            "which {ended} have ended."
        ),
        "few": "Below {enough} ended tasks nothing can be told from chance: these are counts.",
        "sums": (
            "{approved} approved, {not_approved} rejected or failed; mean quality {quality:.2f} "
            "over {scored} scored; ${cost:.2f} spent."
        ),
        "intent": (
            "- {intent}: {tasks} ended, {approved} approved, quality {quality}, "
            "{refinements:.1f} refinements, ${cost:.4f} each"
        ),
        "similar": "Earlier requests like your question (status, quality, task):",
        "none": "Hand a request in first: its way through the phases is what is learned from.",
    },
    "de": {
        "first": (
            "Es sind noch keine Muster entdeckt. Ich antworte aus den aufgezeichneten Aufgaben: "
            "{tasks}, davon {ended} beendet."
        ),
        "few": (
            "Unter {enough} beendeten Aufgaben ist nichts vom Zufall zu unterscheiden: Dies sind "
            "Zählungen."
        ),
        "sums": (
            "{approved} freigegeben, {not_approved} abgelehnt oder gescheitert; mittlere Qualität "
            "{quality:.2f} bei {scored} bewerteten; {cost:.2f} USD ausgegeben."
        ),
        "intent": (
            "- {intent}: {tasks} beendet, {approved} freigegeben, Qualität {quality}, "
            "{refinements:.1f} Überarbeitungen, {cost:.4f} USD je Aufgabe"
        ),
        "similar": "Frühere Anfragen, die Ihrer Frage ähneln (Status, Qualität, Aufgabe):",
        "none": "Geben Sie zuerst eine Anfrage auf: Aus ihrem Weg durch die Phasen wird gelernt.",
    },
}


class ByRecords:
    """Answers questions about what was learned."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def plan(self, asked: Asked) -> Plan:
        """How it will answer."""

        def stopped(text: str) -> AnswerEnded:
            return _ended(asked, Ending.STOPPED)

        return Plan(Way.RECORDS, "", "builtin", lambda: self._answer(asked), stopped)

    async def _answer(self, asked: Asked) -> Parts:
        from projections.conversations import learning

        store = await self._book.store()
        words = _words(asked.exchange.question)
        found = await asyncio.to_thread(learning, store, asked.wish.tenant, words)
        lines = _lines(found, asked.wish.language)
        for number, line in enumerate(lines):
            yield Text(line if number == len(lines) - 1 else f"{line}\n")
        yield End(_ended(asked, Ending.COMPLETE))


def _words(question: str) -> list[str]:
    words = (word.lower().removesuffix("s") for word in _WORD.findall(question))
    return [word for word in dict.fromkeys(words) if word not in _COMMON][:12]


def _lines(found: Json, language: str) -> list[str]:
    said, tasks = _SAID[language], found["tasks"]
    lines = [said["first"].format(**found)]
    if found["ended"] < ENOUGH:
        lines.append(said["few"].format(enough=ENOUGH))
    if found["scored"]:
        lines.append(said["sums"].format(**found))
    for one in found["intents"]:
        lines.append(said["intent"].format(**one | {"quality": _figure(one["quality"])}))
    if found["similar"]:
        lines.append(said["similar"])
        lines += map(_similar, found["similar"])
    elif not tasks:
        lines.append(said["none"])
    return lines


def _similar(one: Json) -> str:
    request = " ".join(str(one["request"]).split())[:80]
    return f"- {request} ({one['status']}, {_figure(one['quality_score'])}, {one['task_id']})"


def _figure(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.2f}"


def _ended(asked: Asked, ending: Ending) -> AnswerEnded:
    message_id = asked.exchange.message_id
    return AnswerEnded(message_id=message_id, ending=ending, way=Way.RECORDS, model="builtin")
