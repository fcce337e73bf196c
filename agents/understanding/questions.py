"""The questions a request may leave open, in English and German, and which of them have been
answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from streams.domain.intent import Question
from streams.domain.values import Json


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question in one language."""

    text: str
    options: tuple[str, ...] = ()


_QUESTIONS: Mapping[str, Mapping[str, _Asked]] = {
    "work": {
        "en": _Asked(
            "What shall I make for you?",
            (
                "A LinkedIn post",
                "A thread for X",
                "A newsletter by e-mail",
                "An analysis of our metrics",
                "A compliance check of a text",
            ),
        ),
        "de": _Asked(
            "Was soll ich für Sie machen?",
            (
                "Einen LinkedIn-Beitrag",
                "Einen Thread für X",
                "Einen Newsletter per E-Mail",
                "Eine Auswertung unserer Kennzahlen",
                "Eine Compliance-Prüfung eines Textes",
            ),
        ),
    },
    "topic": {
        "en": _Asked("What shall it be about?"),
        "de": _Asked("Worum soll es gehen?"),
    },
    "metrics": {
        "en": _Asked(
            "The text is to be about your figures, but none were given. Shall I write it "
            "without numbers?",
            ("Write it without numbers",),
        ),
        "de": _Asked(
            "Der Text soll von Ihren Zahlen handeln, aber es wurden keine angegeben. Soll ich "
            "ihn ohne Zahlen schreiben?",
            ("Ohne Zahlen schreiben",),
        ),
    },
    "analysis": {
        "en": _Asked(
            "Which figures shall I analyse? None that fit were given. Send the request again "
            "with business_metrics, for "
            'example {"revenue_monthly": 150000}, or choose something that needs none.',
            ("Write a LinkedIn post without numbers instead",),
        ),
        "de": _Asked(
            "Welche Zahlen soll ich auswerten? Es wurden keine passenden angegeben. Senden Sie "
            "die Anfrage noch einmal mit "
            'business_metrics, zum Beispiel {"revenue_monthly": 150000}, oder wählen Sie etwas, '
            "das keine braucht.",
            ("Schreibe stattdessen einen LinkedIn-Beitrag ohne Zahlen",),
        ),
    },
    "market": {
        "en": _Asked(
            "Which market data shall I use? I look nothing up by myself, and none were given. Send "
            "the request again with context.market_data (a CSV, a Parquet file or rows) or "
            'context.competitors, for example [{"name": "Acme", "revenue_monthly": 200000}], or '
            "choose something that needs none.",
            ("Write a LinkedIn post without numbers instead", "Analyze our own metrics instead"),
        ),
        "de": _Asked(
            "Welche Marktdaten soll ich verwenden? Ich schlage selbst nichts nach, und es wurden "
            "keine angegeben. Senden Sie die Anfrage noch einmal mit context.market_data (CSV, "
            "Parquet oder Zeilen) oder "
            'context.competitors, zum Beispiel [{"name": "Acme", "revenue_monthly": 200000}], oder '
            "wählen Sie etwas, das keine braucht.",
            (
                "Schreibe stattdessen einen LinkedIn-Beitrag ohne Zahlen",
                "Stattdessen eine Auswertung unserer Kennzahlen",
            ),
        ),
    },
    "text": {
        "en": _Asked("Which text do you mean? Please paste it."),
        "de": _Asked("Welchen Text meinen Sie? Bitte fügen Sie ihn ein."),
    },
    "channel": {
        "en": _Asked(
            "I can prepare texts for LinkedIn, X and e-mail only. Which one shall it be?",
            ("LinkedIn", "X", "E-mail"),
        ),
        "de": _Asked(
            "Ich kann Texte nur für LinkedIn, X und E-Mail vorbereiten. Wofür soll er sein?",
            ("LinkedIn", "X", "E-Mail"),
        ),
    },
    "length": {
        "en": _Asked(
            "The lengths you ask for exclude each other. How long shall it be?",
            ("At most 80 words", "About 400 words"),
        ),
        "de": _Asked(
            "Die gewünschten Längen schließen sich aus. Wie lang soll der Text sein?",
            ("Höchstens 80 Wörter", "Etwa 400 Wörter"),
        ),
    },
    "numbers": {
        "en": _Asked(
            "You ask for all metrics and for no numbers. Which one counts?",
            ("Leave the numbers out", "Use all metrics"),
        ),
        "de": _Asked(
            "Sie wünschen alle Kennzahlen und keine Zahlen. Was gilt?",
            ("Die Zahlen weglassen", "Alle Kennzahlen nennen"),
        ),
    },
    "phrase": {
        "en": _Asked(
            "You demand and forbid the same words. Which one counts?",
            ("Leave them out", "Mention them"),
        ),
        "de": _Asked(
            "Sie verlangen und verbieten dieselben Worte. Was gilt?", ("Weglassen", "Erwähnen")
        ),
    },
}
_DATA = frozenset({"topic", "text"})  # what is answered here is taken as it is, not read as a wish
_LEAVE_OUT = ("leave", "out", "without", "no ", "weg", "ohne", "nicht")


def question(kind: str, language: str, reason: str = "") -> Question:
    """A question of this kind; German for a German request, English for any other."""
    asked = _QUESTIONS[kind]["de" if language == "de" else "en"]
    return Question(text=asked.text, options=asked.options, reason=reason)


def read_answers(answers: Iterable[Json]) -> dict[str, str]:
    """What was answered, by the kind of question; answers to questions that are not ours come under
    "other"."""
    kinds = {asked.text: kind for kind, texts in _QUESTIONS.items() for asked in texts.values()}
    found: dict[str, str] = {}
    for pair in answers:
        kind = kinds.get(str(pair.get("question", "")), "other")
        answer = str(pair.get("answer", "")).strip()
        found[kind] = f"{found[kind]}\n{answer}" if kind == "other" and kind in found else answer
    return found


def wishes(answered: Mapping[str, str]) -> str:
    """The answers that say more about what is wanted."""
    return "\n".join(text for kind, text in answered.items() if kind not in _DATA and text)


def leaves_out(answer: str) -> bool:
    """Whether an answer chooses to leave something out."""
    return any(word in f"{answer.lower()} " for word in _LEAVE_OUT)


def first_open(
    kinds: Sequence[tuple[str, str]], answered: Mapping[str, str]
) -> tuple[str, str] | None:
    """The first (kind, reason) that has not been asked yet."""
    return next(((kind, reason) for kind, reason in kinds if kind not in answered), None)
