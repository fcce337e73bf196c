"""Puts a call to action right for its place: nobody can comment on an e-mail."""

import re

_EMAIL = (  # what is said on a social platform, and what is said in an e-mail instead
    (r"\b(?:down |right )?(?:below )?in the comments?(?: below| section)?\b", "in a reply"),
    (r"\b(?:leave|drop|write|post) (?:us )?a comment\b", "reply to this e-mail"),
    (r"\bcomment below\b", "reply to this e-mail"),
    (r"\b(?:unten )?in (?:den|die) Kommentare[n]?\b", "in einer Antwort auf diese E-Mail"),
    (r"\bals Kommentar\b", "als Antwort auf diese E-Mail"),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in _EMAIL)


def for_email(text: str) -> str:
    """The text with invitations to comment as invitations to reply."""
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text
