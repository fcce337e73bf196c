"""Writes the briefing: what to do first and why, what was found, the drafts, what is not known."""

import re
from collections.abc import Iterator, Sequence

from agents.figures.metric_notes import Phrase, say
from agents.founder.evidence import Evidence, texts
from agents.founder.ranking import RULE
from agents.writing.outline import Line, Outline, Paragraph
from agents.writing.prose import capital, ended
from streams.domain.values import Json

MOST_FOUND = 3  # sentences of an agent
MOST_OF_MARKET = 2
_LONGEST_HOOK = 400
_TAGS = re.compile(r"^\s*(?:#\w+\s*)+$")  # they stand with the draft in the details
_HEADINGS: dict[str, Phrase] = {
    "priorities": ("What to do first", "Was zuerst zu tun ist"),
    "figures": ("Where we stand", "Wo wir stehen"),
    "market": ("The market", "Der Markt"),
    "unknown": ("What is not known, and would change this", "Was offen ist und dies ändern würde"),
    "rule": ("How this was ranked", "Wie gereiht wurde"),
    "drafts": ("Draft for {whom}", "Entwurf für {whom}"),
    "limits": ("Remarks", "Hinweise"),
}
_TITLE: Phrase = ("Briefing: {about}", "Briefing: {about}")
_ABOUT: Phrase = ("what to do first", "was zuerst zu tun ist")
_FIRST: Phrase = ("First: {what} {why}", "Zuerst: {what} {why}")
_SECOND: Phrase = ("Then: {what}", "Danach: {what}")
_NOTHING: Phrase = (
    "The figures given support no recommendation; what they show and what is missing stands below.",
    "Die angegebenen Zahlen tragen keine Empfehlung; was sie zeigen und was fehlt, steht unten.",
)
_RESTS: Phrase = ("Rests on {facts}.", "Beruht auf: {facts}.")
_GIVEN: Phrase = ("{label} (given)", "{label} (angegeben)")
_DERIVED: Phrase = ("{label} (derived)", "{label} (abgeleitet)")
_RISK: Phrase = (
    "Compliance: risk {level}{more}. Nothing was published; ask for a publication by itself.",
    "Compliance: Risiko {level}{more}. Nichts wurde veröffentlicht; eine Veröffentlichung ist eine "
    "eigene Anfrage.",
)
_UNCHECKED: Phrase = (
    "Compliance: not checked. Nothing was published.",
    "Compliance: nicht geprüft. Nichts wurde veröffentlicht.",
)
_LEVELS = {
    "none": ("none found", "keines gefunden"), "low": ("low", "niedrig"),
    "medium": ("medium", "mittel"), "high": ("high", "hoch"), "critical": ("critical", "kritisch"),
}  # fmt: skip
_NOT_ADVICE: Phrase = (
    "This rests on the figures given, by rules and without a model; it is a proposal, and you "
    "decide.",
    "Das beruht auf den angegebenen Zahlen, nach Regeln und ohne Modell; es ist ein Vorschlag, und "
    "Sie entscheiden.",
)


def title_of(e: Evidence) -> str:
    """The title of a briefing."""
    return say(e.language, _TITLE, about=e.period or e.topic or say(e.language, _ABOUT))


def outline_of(e: Evidence, priorities: Json, conclusion: str = "") -> Outline:
    """The briefing as sections under a summary; `conclusion` is what comparing figures shows."""
    rows = [row for row in priorities.get("recommendations") or [] if isinstance(row, dict)]
    unknown = [str(row.get("asks")) for row in priorities.get("unknown") or []]
    figures = _found(e.insights.get("insights"))
    sections: list[tuple[str, Sequence[str]]] = [
        (_heading(e, "priorities"), list(_points(e, rows))),
        (_heading(e, "figures"), [*figures, conclusion] if conclusion else figures),
        (_heading(e, "market"), _found(e.research.get("findings"))[:MOST_OF_MARKET]),
        (_heading(e, "unknown"), [ended(text) for text in unknown]),
    ]
    paragraphs = [_listed(heading, lines) for heading, lines in sections if lines]
    paragraphs += _draft_paragraphs(e)
    why_first = str(priorities.get("reason") or "")
    limits = [*_limits(e), say(e.language, _NOT_ADVICE)]
    if rows:
        limits = [text for text in (why_first, say(e.language, RULE), *limits) if text]
    heading = _heading(e, "rule" if rows else "limits")
    said = tuple(Line(line) for line in limits)
    paragraphs.append(Paragraph(said, bridge=heading, mark="\n"))
    return Outline(hook=_hook(e, rows), paragraphs=tuple(paragraphs))


def _listed(heading: str, lines: Sequence[str]) -> Paragraph:
    """A section as plain text: what a point rests on stands under it, without a mark."""
    return Paragraph(tuple(Line(_item(line)) for line in lines), bridge=heading, mark="\n")


def _item(line: str) -> str:
    return line if line.startswith(("Rests on ", "Beruht auf: ")) else f"- {capital(line)}"


def _heading(e: Evidence, name: str, **values: str) -> str:
    return say(e.language, _HEADINGS[name], **values)


def _hook(e: Evidence, rows: Sequence[Json]) -> str:
    if not rows:
        return say(e.language, _NOTHING)
    first = say(e.language, _FIRST, what=rows[0]["what"], why=rows[0]["why"])
    second = say(e.language, _SECOND, what=rows[1]["what"]) if len(rows) > 1 else ""
    both = f"{first} {second}".strip()
    return both if len(both) <= _LONGEST_HOOK else first


def _points(e: Evidence, rows: Sequence[Json]) -> Iterator[str]:
    for row in rows:
        rests = [
            say(e.language, _GIVEN if f["kind"] == "given" else _DERIVED, label=f["label"])
            for f in row["facts"]
        ]
        yield f"{row['what']} {row['why']}"
        if rests:
            yield say(e.language, _RESTS, facts=", ".join(rests))


def _found(value: object) -> list[str]:
    return [ended(text) for text in texts(value)[:MOST_FOUND]]


def _draft_paragraphs(e: Evidence) -> Iterator[Paragraph]:
    for draft in e.drafts:
        subject = draft.text.get("subject")
        lines = [f"{'Betreff' if e.language.startswith('de') else 'Subject'}: {subject}"] * bool(
            subject
        )
        lines += str(draft.text["content"]).split("\n")
        lines.append(_risk(e, draft.check))
        heading = _heading(e, "drafts", whom=draft.called)
        kept = tuple(Line(line) for line in lines if line.strip() and not _TAGS.match(line))
        yield Paragraph(kept, bridge=heading, mark="\n")


def _risk(e: Evidence, check: Json) -> str:
    level = str(check.get("risk_level") or "")
    if level not in _LEVELS:
        return say(e.language, _UNCHECKED)
    found = check.get("findings") or []
    titles = dict.fromkeys(str(row.get("title")) for row in found if isinstance(row, dict))
    more = f" ({', '.join(titles)})" if titles else ""
    named = _LEVELS[level][int(e.language.startswith("de"))]
    return say(e.language, _RISK, level=named, more=more)


def _limits(e: Evidence) -> list[str]:
    notes = [*texts(e.insights.get("notes")), *texts(e.research.get("notes"))]
    return list(dict.fromkeys(ended(note) for note in notes))
