"""Numbers that are no claim of their own: of a named formula, a cited rule, a passed-on remark."""

import re

from agents.figures.numbers import Mention
from agents.quality.draft import Examined
from agents.quality.findings import evidence
from streams.domain.quality import Evidence

AROUND = 8  # characters on each side by which a remark is recognised

_OPERATOR = re.compile(r"[\u00d7÷*/\u2212-]\s?$")


def excuse(examined: Examined, mention: Mention) -> Evidence | None:
    """Where a number comes from that is no fact; None if nothing excuses it."""
    return _formula(examined, mention) or _cited(examined, mention) or _noted(examined, mention)


def _formula(examined: Examined, mention: Mention) -> Evidence | None:
    """A constant of a named formula, such as the 12 of a yearly rate."""
    text = examined.draft.text
    if not _OPERATOR.search(text, max(0, mention.start - 3), mention.start):
        return None
    constant = re.compile(rf"(?<![\w.]){re.escape(mention.quote.strip())}(?![\w.])")
    fact = next(
        (f for f in examined.facts if f.kind == "derived" and constant.search(f.source)), None
    )
    if fact is None:
        return None
    return evidence(text, mention.start, mention.end, fact.source, f"{fact.label}: {fact.text}")


def _cited(examined: Examined, mention: Mention) -> Evidence | None:
    """A number of a rule or of the checked text, as the findings of the check have it."""
    if examined.draft.kind != "check":
        return None
    number = re.compile(rf"(?<![\w.]){re.escape(mention.quote.strip())}(?!\w|\.\d)")
    for finding in examined.findings:
        for name in ("citation", "quote", "title", "message", "suggestion"):
            if number.search(str(finding.get(name) or "")):
                source = f"findings.{finding.get('rule')}.{name}"
                return evidence(examined.draft.text, mention.start, mention.end, source)
    return None


def _noted(examined: Examined, mention: Mention) -> Evidence | None:
    """A number in a remark of the analysis that a report passes on."""
    text = examined.draft.text
    around = text[max(0, mention.start - AROUND) : mention.end + AROUND].strip()
    if examined.is_report and any(around in note for note in examined.report_notes):
        return evidence(text, mention.start, mention.end, "notes")
    return None
