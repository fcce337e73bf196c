"""A draft as a LinkedIn post: hook, paragraphs with air, call to action, hashtags at the end.

What LinkedIn's little-text format reserves is escaped by whoever publishes, not here: people read
and edit this text first.
"""

from collections.abc import Sequence

from agents.platforms.draft import Draft
from agents.platforms.limits import LIMITS, measure
from agents.platforms.prepared import Prepared, checked, fit, prepare, shortening_notes
from agents.platforms.shortening import Shortened
from agents.platforms.wishes import Wishes
from streams.domain.deliverable import ChannelVariant
from streams.domain.values import Channel


def linkedin_variant(draft: Draft, wishes: Wishes) -> ChannelVariant:
    """The post, with the draft's other hooks as alternatives."""
    ready, limit = prepare(draft, Channel.LINKEDIN, wishes), LIMITS[Channel.LINKEDIN]
    fitted, tags = _fitted(ready, limit)
    content = _render(fitted.paragraphs, tags)
    return checked(
        ChannelVariant(
            channel=Channel.LINKEDIN,
            content=content,
            hashtags=tags,
            characters=measure(Channel.LINKEDIN, content),
            limit=limit,
            is_within_limits=limit is None or measure(Channel.LINKEDIN, content) <= limit,
            alternatives=draft.alternatives,
            notes=(*ready.notes, *shortening_notes(fitted, ready, limit)),
        )
    )


def _fitted(ready: Prepared, limit: int | None) -> tuple[Shortened, tuple[str, ...]]:
    """The text with its hashtags; they go before the hook would have to be cut."""
    fitted = fit(ready, lambda pieces: _render(pieces, ready.hashtags), limit)
    if ready.hashtags and (fitted.is_cut or not fitted.is_fitting):
        return fit(ready, lambda pieces: _render(pieces, ()), limit), ()
    return fitted, ready.hashtags


def _render(paragraphs: Sequence[str], tags: Sequence[str]) -> str:
    return "\n\n".join([*paragraphs, *([" ".join(tags)] if tags else [])])
