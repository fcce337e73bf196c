"""What comes out: the deliverable with its variants by channel, and the receipt of a
publication.
"""

from pydantic import Field

from streams.domain.values import Channel, Json, Score, Value


class ChannelVariant(Value):
    """The content as one platform takes it. `parts` are the posts of a thread, or the parts of an
    e-mail by order.
    """

    channel: Channel
    content: str
    parts: tuple[str, ...] = ()
    subject: str | None = None
    html: str | None = None
    hashtags: tuple[str, ...] = ()
    characters: int = Field(default=0, ge=0)
    limit: int | None = None
    is_within_limits: bool = True
    preview: str = ""
    alternatives: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Deliverable(Value):
    """The finished work, by the seed's names; `details` holds what an analysis or a check found."""

    title: str
    content: str
    kind: str = "post"  # post, thread, email, report, check, answer
    metrics_referenced: Json = Field(default_factory=dict)
    engagement_score: Score | None = None
    hashtags: tuple[str, ...] = ()
    estimated_reach: int | None = None
    call_to_action: str | None = None
    preview_image: str | None = None
    narrative: str = ""
    variants: tuple[ChannelVariant, ...] = ()
    alternatives: tuple[str, ...] = ()
    details: Json = Field(default_factory=dict)
    is_offline: bool = True
    notes: tuple[str, ...] = ()


class Receipt(Value):
    """What a platform answered when it took a publication; `is_dry_run` says that nothing left this
    machine.
    """

    reference: str
    url: str | None = None
    is_dry_run: bool = False
    details: Json = Field(default_factory=dict)
