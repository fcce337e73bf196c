"""The compliance agent: checks a text against the rule packs. It is no legal advice."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from agents.compliance_rules.packs import SEVERITIES
from agents.compliance_rules.rulebook import Rulebook, builtin
from agents.compliance_rules.scan import Finding, Texts, risk_level, scan
from agents.compliance_rules.scope import Scope, scope_of
from agents.contract import Agent, Done, Outcome
from agents.figures.metric_notes import Phrase, say
from agents.quality.draft import as_object, read_draft
from agents.understanding.dates import day_of
from streams.domain.commands import Command
from streams.domain.values import Channel, Json

TOOL = "compliance_checker"
# What a command that is dispatched by itself may be called.
ALIASES = ("check", "check_compliance", "check_text", "review_compliance")
CONFIDENTIAL = ("confidential", "confidential_metrics", "not_to_publish")
_TEXT_FIELDS = ("text", "content", "draft")
NO_ADVICE = {
    "en": "Checked by rules for common risks, offline. This is no legal advice.",
    "de": "Nach Regeln auf übliche Risiken geprüft, offline. Das ist keine Rechtsberatung.",
}
_OTHER_LANGUAGE = (
    "The rules know English and German; a text in {!r} was read by these, so much may be missed."
)
_EMAIL_NOTES: dict[str, Phrase] = {
    "US": (
        "A commercial e-mail needs a postal address and a way to opt out (15 U.S.C. §7704(a)(3), "
        "§7704(a)(5)); who sends it must add them.",
        "Eine Werbe-E-Mail braucht Anschrift und Abmeldemöglichkeit (15 U.S.C. §7704(a)(3), "
        "§7704(a)(5)); wer sie versendet, muss sie ergänzen.",
    ),
    "DE": (
        "Advertising by e-mail needs consent, or the exception for customers with a notice of "
        "objection in every mail (UWG §7(2) No. 2, §7(3)); who sends it must make sure of that.",
        "Werbung per E-Mail braucht eine Einwilligung oder die Ausnahme für Bestandskunden mit "
        "Widerspruchshinweis in jeder Mail (UWG §7(2) Nr. 2, §7(3)); wer sie versendet, muss das "
        "sicherstellen.",
    ),
    "EU": (
        "Advertising by e-mail needs prior consent in the EU, with few exceptions (Directive "
        "2002/58/EC Art. 13).",
        "Werbung per E-Mail braucht in der EU eine vorherige Einwilligung, mit wenigen Ausnahmen "
        "(Richtlinie 2002/58/EG Art. 13).",
    ),
    "UK": (
        "Advertising by e-mail needs consent or the soft opt-in, and a valid address to opt out "
        "(PECR 2003 reg. 22, 23).",
        "Werbung per E-Mail braucht im Vereinigten Königreich Einwilligung oder Soft-Opt-in und "
        "eine gültige Adresse zur Abmeldung (PECR 2003 reg. 22, 23).",
    ),
}
_NO_TEXT: Phrase = ("There is no text to check.", "Es gibt keinen Text zu prüfen.")
_BLOCKED: Phrase = (
    "{count} must be settled by a person before this text may go out: {titles}.",
    "{count} muss ein Mensch klären, bevor dieser Text hinausgeht: {titles}.",
)
_BROKEN: Phrase = (
    "A rule pack of the company could not be used, so a person has to decide: {problem}",
    "Ein Regelpaket des Unternehmens war nicht benutzbar, daher muss ein Mensch entscheiden: "
    "{problem}",
)


def check(command: Command, rulebook: Rulebook | None = None) -> Outcome:
    """Tool compliance_checker: the risk level, and every finding with its rule and place."""
    payload = command.payload
    inputs = as_object(payload.get("inputs"))
    draft = as_object(inputs.get("draft")) or as_object(payload.get("output")) or _bare(payload)
    own = {name: inputs[name] for name in ("language", "channels") if inputs.get(name)}
    bare = {name: payload[name] for name in ("language", "channels") if payload.get(name)}
    intent = {**bare, **as_object(payload.get("intent")), **own}
    day = day_of(command.issued_at).isoformat() if command.issued_at else ""
    asked = {**payload, "output": draft, "intent": intent}
    return Done(findings_of(asked, inputs, rulebook=rulebook, day=day))


def _bare(payload: Json) -> Json:
    """The text of a command that was dispatched by itself."""
    for name in _TEXT_FIELDS:
        value = payload.get(name)
        if isinstance(value, dict):
            return value
        if isinstance(value, str) and value.strip():
            subject = payload.get("subject")
            return {"kind": "answer", "content": value} | (
                {"subject": subject} if isinstance(subject, str) else {}
            )
    return {}


def findings_of(
    payload: Json,
    inputs: Json | None = None,
    *,
    rulebook: Rulebook | None = None,
    day: str = "",
) -> Json:
    """The answer for a draft that stands in `output`; `inputs` may name constraints of its own."""
    rulebook = rulebook or builtin()
    draft, asked = read_draft(payload)
    constraints = asked.constraints | as_object((inputs or {}).get("constraints"))
    texts = Texts(
        content=draft.text,
        title=draft.title,
        subject=draft.subject or "",
        confidential=confidential_names(constraints),
        # A text that was given to be checked is none itself, whatever the intent.
        is_check=as_object(payload.get("output")).get("kind") == "check",
    )
    wishes = (constraints, as_object(payload.get("context")), as_object(payload.get("preferences")))
    scope = scope_of((*wishes, payload), asked.language, day)
    found = scan(texts, asked.language, scope, rulebook)
    is_email = draft.kind == "email" or Channel.EMAIL in asked.channels
    notes = [*_notes(asked.named_language, asked.language), *scope.notes(asked.language)]
    notes += _email_notes(scope, asked.language) if is_email else []
    notes += [] if draft.text.strip() else [say(asked.language, _NO_TEXT)]
    notes += _verdict(found, rulebook, asked.language)
    return {
        "risk_level": risk_level(found),
        "effect": effect_of(found, rulebook),
        "findings": [finding.as_json(asked.language) for finding in found],
        "counts": {level: _count(found, level) for level in SEVERITIES},
        "jurisdictions": list(scope.jurisdictions),
        "rules": {"version": rulebook.version, "count": len(rulebook.rules), "day": day or None},
        "notes": notes,
        "checked_characters": len(draft.text),
        "is_offline": True,
    }


def effect_of(found: list[Finding], rulebook: Rulebook) -> str:
    """What follows: "blocks" keeps the text from passing without a person, "warns" does not."""
    if rulebook.problems or any(finding.blocks for finding in found):
        return "blocks"
    return "warns" if found else "none"


def _count(found: list[Finding], level: str) -> int:
    return sum(finding.rule.severity == level for finding in found)


def _notes(named: str, language: str) -> Iterator[str]:
    yield NO_ADVICE[language]
    if named[:2] not in NO_ADVICE:
        yield _OTHER_LANGUAGE.format(named)


def _email_notes(scope: Scope, language: str) -> list[str]:
    is_german_law = "DE" in scope.jurisdictions  # which says all that the directive asks for
    places = [p for p in scope.jurisdictions if not (p == "EU" and is_german_law)]
    return [say(language, _EMAIL_NOTES[place]) for place in places]


def _verdict(found: list[Finding], rulebook: Rulebook, language: str) -> Iterator[str]:
    titles = dict.fromkeys(
        f.rule.title["de" if language == "de" else "en"] for f in found if f.blocks
    )
    if titles:
        one, many = ("Ein Punkt", "Punkte") if language == "de" else ("One point", "points")
        count = one if len(titles) == 1 else f"{len(titles)} {many}"
        yield say(language, _BLOCKED, count=count, titles=", ".join(titles))
    for problem in rulebook.problems:
        yield say(language, _BROKEN, problem=problem)


def confidential_names(constraints: Json) -> tuple[str, ...]:
    """The metrics and words that the request wants kept out of sight."""
    found: list[str] = []
    for name in CONFIDENTIAL:
        found += _names(constraints.get(name))
    return tuple(dict.fromkeys(found))


def _names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value.strip() else []
    return [v for v in value if isinstance(v, str) and v.strip()] if isinstance(value, list) else []


def compliance_agent(rulebook: Rulebook | None = None) -> Agent:
    """The agent with the rules of the package, or with those of a company as well."""
    return Agent(
        "compliance", computes=dict.fromkeys((TOOL, *ALIASES), partial(check, rulebook=rulebook))
    )


COMPLIANCE = compliance_agent()
