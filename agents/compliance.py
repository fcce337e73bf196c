"""The compliance agent: checks a text against the rule packs. It is no legal advice."""

from typing import Any

from agents.compliance_rules.scan import Texts, risk_level, scan
from agents.contract import Agent, Done, Outcome
from agents.quality.draft import as_object, read_draft
from streams.domain.commands import Command
from streams.domain.values import Channel, Json

NO_ADVICE = {
    "en": "Checked by rules for common risks, offline. This is no legal advice.",
    "de": "Nach Regeln auf übliche Risiken geprüft, offline. Das ist keine Rechtsberatung.",
}
_OTHER_LANGUAGE = (
    "The rules know English and German; a text in {!r} was read by these, so much may be missed."
)
_EMAIL_NOTE = {
    "en": "A commercial e-mail needs a postal address and a way to opt out (15 U.S.C. §7704(a)(5), "
    "§7704(a)(3)); who sends it must add them.",
    "de": "Eine Werbe-E-Mail braucht Anschrift und Abmeldemöglichkeit (15 U.S.C. §7704(a)(5), "
    "UWG §7(2), (3)); wer sie versendet, muss sie ergänzen.",
}
_NO_TEXT = {
    "en": "There is no text to check.",
    "de": "Es gibt keinen Text zu prüfen.",
}
CONFIDENTIAL = ("confidential", "confidential_metrics", "not_to_publish")


def check(command: Command) -> Outcome:
    """Tool compliance_checker: the risk level, and every finding with its rule and place."""
    payload = command.payload
    inputs = as_object(payload.get("inputs"))
    draft = as_object(inputs.get("draft")) or as_object(payload.get("output"))
    own = {name: inputs[name] for name in ("language", "channels") if inputs.get(name)}
    intent = {**as_object(payload.get("intent")), **own}
    return Done(findings_of({**payload, "output": draft, "intent": intent}, inputs))


def findings_of(payload: Json, inputs: Json | None = None) -> Json:
    """The answer for a draft that stands in `output`; `inputs` may name constraints of its own."""
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
    found = scan(texts, asked.language)
    notes = [NO_ADVICE[asked.language]]
    if asked.named_language[:2] not in NO_ADVICE:
        notes.append(_OTHER_LANGUAGE.format(asked.named_language))
    if draft.kind == "email" or Channel.EMAIL in asked.channels:
        notes.append(_EMAIL_NOTE[asked.language])
    if not draft.text.strip():
        notes.append(_NO_TEXT[asked.language])
    return {
        "risk_level": risk_level(found),
        "findings": [finding.as_json(asked.language) for finding in found],
        "notes": notes,
        "checked_characters": len(draft.text),
        "is_offline": True,
    }


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


COMPLIANCE = Agent("compliance", computes={"compliance_checker": check})
