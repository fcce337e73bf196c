"""What an assessment depends on, as a digest: the same case is not judged twice."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.quality.draft import Asked, Draft, as_object, read_draft
from streams.domain.values import Channel, Json


@dataclass(frozen=True, slots=True)
class Case:
    """A payload to judge; cases with the same digest are equal."""

    digest: str
    payload: Json = field(compare=False)


def digest_of(payload: Json) -> str:
    """The SHA-256 of the draft, of what was asked, and of the facts that may stand in it."""
    draft, asked = read_draft(payload)
    materials = as_object(payload.get("materials")).values()
    reports = [material for material in materials if isinstance(material, dict)]
    told = (draft, asked, _facts(reports), *_beside(draft, asked, reports))
    whole = repr((told, payload.get("business_metrics")))
    return hashlib.sha256(whole.encode("utf-8", "backslashreplace")).hexdigest()


def _rows(report: Json, name: str) -> Sequence[Any]:
    rows = report.get(name)
    return rows if isinstance(rows, list | tuple) else ()


def _facts(reports: Sequence[Json]) -> Json:
    """The facts in the order in which they are read; a later one of the same id is not."""
    found: Json = {}
    for report in reports:
        for row in _rows(report, "facts"):
            name = row.get("fact_id") if isinstance(row, dict) else None
            found.setdefault(name if isinstance(name, str) else repr(row), row)
    return found


def _beside(draft: Draft, asked: Asked, reports: Sequence[Json]) -> tuple[object, ...]:
    """What else is read for this kind of draft and these channels."""
    notes = [str(n) for r in reports if "facts" in r for n in _rows(r, "notes")]
    is_check = draft.kind == "check"
    findings = [row for r in reports for row in _rows(r, "findings")] if is_check else []
    made = [r for r in reports if r.get("channel") == Channel.TWITTER.value]
    is_for_x = asked.channels == (Channel.TWITTER,)
    is_cut = is_for_x and any(r.get("is_within_limits") is True for r in made)
    return tuple(dict.fromkeys(notes)), findings, is_cut
