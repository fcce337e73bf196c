"""A draft as an e-mail: subject, preview line, plain text and HTML."""

from collections.abc import Sequence
from functools import lru_cache

from agents.platforms.draft import Draft
from agents.platforms.email_html import email_html
from agents.platforms.limits import LIMITS, SUBJECT_LIMIT, SUBJECT_RECOMMENDED, measure
from agents.platforms.prepared import Prepared, checked, fit, prepare, shortening_notes
from agents.platforms.sentences import clauses, paragraphs
from agents.platforms.shortening import ELLIPSIS, shorten_line
from agents.platforms.tidy import one_line, without_emojis, without_hash_signs
from agents.platforms.wishes import Wishes
from agents.platforms.wording import CLOSING, FORMAL_TONES, GREETING, in_language, say
from streams.domain.deliverable import ChannelVariant
from streams.domain.values import Channel

PREVIEW_LENGTH = 100  # characters that inboxes show behind a subject, about
LONGEST_WORD = 40  # characters beyond it that are looked at


def email_variant(draft: Draft, wishes: Wishes) -> ChannelVariant:
    """The e-mail. A post gets a greeting, and a closing where it is known who signs, if the limits
    have room for them."""
    ready, limit = prepare(draft, Channel.EMAIL, wishes), LIMITS[Channel.EMAIL]
    subject, subject_notes = _subject(draft, ready)
    content, body_notes = _content(draft, ready)
    size = measure(Channel.EMAIL, content)
    return checked(
        ChannelVariant(
            channel=Channel.EMAIL,
            content=content,
            subject=subject,
            html=email_html(
                content,
                subject=subject,
                preview=preview_line(content),
                language=wishes.language,
                action=ready.call_to_action,
            ),
            characters=size,
            limit=limit,
            is_within_limits=len(subject) <= SUBJECT_LIMIT and (limit is None or size <= limit),
            alternatives=tuple(dict.fromkeys(_other_subjects(draft, subject))),
            notes=(*ready.notes, *subject_notes, *body_notes),
        )
    )


@lru_cache(maxsize=32)
def preview_line(content: str) -> str:
    """What an inbox shows behind the subject: the first words after the greeting."""
    pieces = paragraphs(content)
    body = pieces[1:] if len(pieces) > 1 and pieces[0].endswith((",", "!")) else pieces
    line = one_line(" ".join(body))
    if len(line) <= PREVIEW_LENGTH:
        return line
    return shorten_line(line[: PREVIEW_LENGTH + LONGEST_WORD], _is_preview)


def _is_preview(text: str) -> bool:
    return len(text) <= PREVIEW_LENGTH


def _subject(draft: Draft, ready: Prepared) -> tuple[str, list[str]]:
    """The subject with notes: the draft's own, else the title, the hook, or its beginning."""
    language = ready.wishes.language
    given, *others = (_one_line(text, ready) for text in (draft.subject, draft.title, ready.hook))
    if given and len(given) <= SUBJECT_RECOMMENDED:
        return given, []
    if given:
        return _short(given), [say("subject_cut", language, limit=SUBJECT_RECOMMENDED)]
    whole = [line for line in others if line and len(line) <= SUBJECT_RECOMMENDED]
    subject = whole[0] if whole else _short(others[0] or others[1])
    return subject, [say("subject_made", language, subject=subject)]


def _one_line(text: str, ready: Prepared) -> str:
    line = one_line(without_hash_signs(text))
    if not ready.wishes.has_emojis:
        line = without_emojis(line)
    return line[:-1] if line.endswith(".") and not line.endswith("..") else line


def _short(line: str) -> str:
    """The first clauses that fit, else the first words."""
    kept = ""
    for clause in clauses(line):
        if len(f"{kept} {clause}") > SUBJECT_RECOMMENDED:
            break
        kept = f"{kept} {clause}".strip()
    kept = kept.rstrip(" ,;:-\u2013\u2014")
    if len(kept) > SUBJECT_RECOMMENDED // 3:
        return kept
    return shorten_line(line, lambda text: len(text) <= SUBJECT_RECOMMENDED)


def _other_subjects(draft: Draft, subject: str) -> list[str]:
    lines = [draft.title, *draft.alternatives]
    return [
        line
        for line in lines
        if line and line != subject and len(line) <= SUBJECT_LIMIT and ELLIPSIS not in line
    ]


def _content(draft: Draft, ready: Prepared) -> tuple[str, list[str]]:
    """The plain text, with notes; greeting and closing are added where the limits allow."""
    limit = LIMITS[Channel.EMAIL]
    greeting, closing, is_added = _frame(draft, ready)
    fitted = fit(ready, lambda pieces: _render(pieces, greeting, closing), limit)
    if is_added and (fitted.dropped or fitted.is_cut or not _allows(ready, fitted.paragraphs)):
        greeting, closing, is_added = draft.greeting, draft.closing, False
        fitted = fit(ready, lambda pieces: _render(pieces, greeting, closing), limit)
    notes = shortening_notes(fitted, ready, limit)
    if is_added:
        notes.append(say("signed" if closing else "unsigned", ready.wishes.language))
    return _render(fitted.paragraphs, greeting, closing), notes


def _frame(draft: Draft, ready: Prepared) -> tuple[str, str, bool]:
    """Greeting and closing, and whether they were added."""
    wishes = ready.wishes
    if draft.greeting or draft.closing or wishes.is_verbatim or draft.kind in ("report", "check"):
        return draft.greeting, draft.closing, False
    is_formal = wishes.tone in FORMAL_TONES
    greeting = in_language(GREETING[is_formal], wishes.language)
    closing = in_language(CLOSING[is_formal], wishes.language)
    return greeting, closing.format(sender=wishes.sender) if wishes.sender else "", True


def _allows(ready: Prepared, pieces: Sequence[str]) -> bool:
    """Whether greeting and closing leave the counted words within what was asked for."""
    return ready.wishes.words is None or len(" ".join(pieces).split()) + 6 <= ready.wishes.words


def _render(pieces: Sequence[str], greeting: str, closing: str) -> str:
    return "\n\n".join(piece for piece in (greeting, *pieces, closing) if piece)
