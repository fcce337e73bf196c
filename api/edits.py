"""A human's edits, laid over the deliverable that was shown."""

from agents.platforms.limits import LIMITS, measure, problems
from agents.publishers.variant import REFUSED
from api.intake import InvalidRequest
from api.models import Edits, VariantEdit
from streams.domain.deliverable import ChannelVariant, Deliverable
from streams.domain.values import Channel, Json


def edited(shown: Deliverable, edits: Edits) -> Deliverable:
    """The deliverable as it is after the edits.

    A variant that says what the main content said follows it.

    Raises:
        InvalidRequest: a platform would not take an edited variant, or there is none to edit.
    """
    changes: Json = edits.model_dump(exclude={"channel_variants"}, exclude_none=True)
    if "hashtags" in changes:
        changes["hashtags"] = tuple(changes["hashtags"])
    known = {variant.channel for variant in shown.variants}
    missing = [channel for channel in edits.channel_variants if channel not in known]
    if missing:
        raise InvalidRequest([_problem(c, "", "there is no variant to edit") for c in missing])
    variants = []
    for variant in shown.variants:
        wanted = edits.channel_variants.get(variant.channel)
        if wanted is None and edits.content is not None and variant.content == shown.content:
            wanted = VariantEdit(content=edits.content)
        variants.append(variant if wanted is None else _changed(variant, wanted))
    only = edits.channel_variants.get(shown.variants[0].channel) if len(known) == 1 else None
    if only is not None and edits.content is None and shown.variants[0].content == shown.content:
        changes["content"] = variants[0].content
    return shown.model_copy(update={**changes, "variants": tuple(variants)})


def _changed(variant: ChannelVariant, wanted: VariantEdit | str) -> ChannelVariant:
    given = VariantEdit(content=wanted) if isinstance(wanted, str) else wanted
    changes: Json = given.model_dump(exclude_none=True)
    for name in ("parts", "hashtags"):
        if name in changes:
            changes[name] = tuple(changes[name])
    if "content" in changes:
        # Parts and HTML say the same as the text: those of the former text go with it.
        changes = {"parts": (), "html": None, "preview": ""} | changes
    elif "parts" in changes:
        changes["content"] = "\n\n".join(changes["parts"])
    fresh = variant.model_copy(update=changes)
    posts = fresh.parts if variant.channel is Channel.TWITTER and fresh.parts else (fresh.content,)
    size = max(measure(variant.channel, post) for post in posts)
    fresh = fresh.model_copy(update={"characters": size, "limit": LIMITS[variant.channel]})
    found = [issue for issue in problems(fresh) if issue.code in REFUSED]
    if found:
        raise InvalidRequest(
            [_problem(variant.channel, "/content", f"{i.message}: {i.suggestion}") for i in found]
        )
    return fresh.model_copy(update={"is_within_limits": True})


def _problem(channel: Channel, field: str, detail: str) -> Json:
    return {"pointer": f"/edits/channel_variants/{channel.value}{field}", "detail": detail}
