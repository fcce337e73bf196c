"""A publication that is asked for by itself: from what was sent to the task that it becomes."""

from typing import Annotated, Any, Literal
from uuid import uuid4, uuid5

from pydantic import BaseModel, ConfigDict, Field, StrictStr, field_validator

from agents.platforms.limits import NAMES, SUBJECT_LIMIT
from agents.publishers.identity import identity
from agents.publishers.variant import variant_of
from api.answers import example
from api.channels import standings
from api.documents import publications
from api.errors import Conflict
from api.intake import NAMESPACE, InvalidRequest, task_settings
from api.models import MAX_CONTENT, TASK_ID, Body
from api.settings import Settings
from streams.clock import Clock, new_salt
from streams.domain.deliverable import ChannelVariant
from streams.domain.inputs import DispatchCommand
from streams.domain.request import Text
from streams.domain.state import TaskState
from streams.domain.status import status_of
from streams.domain.values import Channel, Json, Milliseconds

ACTION = "publish"
_KINDS: dict[str, tuple[Literal["title", "subject", "html"], int]] = {
    "title": ("title", 300),
    "subject": ("subject", 300),
    "html": ("html", MAX_CONTENT),
}


class PublishBody(Body):
    """What is to be published, and where."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "platform": "linkedin",
                "content": "Revenue grew to $150,000 a month.",
                "metadata": {"title": "Q4 Growth Story"},
            }
        }
    )

    platform: Channel
    content: Text = Field(min_length=1, max_length=MAX_CONTENT)
    metadata: Json = Field(
        default_factory=dict,
        description="title; subject and html for an e-mail; parts for a thread; all else is kept",
    )
    task_id: Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")] | None = (
        Field(default=None, description="the id of the task that it becomes; a new one, if absent")
    )

    @field_validator("platform", mode="before")
    @classmethod
    def _x_is_twitter(cls, name: Any) -> Any:
        known = {"x": "twitter", "e-mail": "email"}
        wanted = name.strip().lower() if isinstance(name, str) else name
        return known.get(wanted, wanted) if isinstance(wanted, str) else wanted


class Published(BaseModel):
    """A publication was taken in and is on disk; what became of it is in its task."""

    model_config = example(
        task_id=TASK_ID,
        command_id=f"{TASK_ID}.1",
        status="publishing",
        is_repeat=False,
        channel="linkedin",
        is_live=False,
        where="the outbox: a dry run, nothing leaves this machine for LinkedIn",
        publications={},
        status_url=f"http://localhost:8000/api/orchestrator/status/{TASK_ID}",
    )

    task_id: str
    command_id: str
    status: str = Field(description="of the task; with `Prefer: wait` often how it ended")
    is_repeat: bool
    channel: Channel
    is_live: bool = Field(description="whether it is really published, or a dry run")
    where: str
    publications: Json
    status_url: str


class ChannelStanding(BaseModel):
    """How a channel stands."""

    model_config = example(
        channel="linkedin",
        name="LinkedIn",
        mode="dry_run",
        is_live=False,
        is_complete=False,
        is_named=False,
        where="the outbox: a dry run, nothing leaves this machine for LinkedIn",
        missing=["ORCHESTRATOR_LINKEDIN_TOKEN", "ORCHESTRATOR_LINKEDIN_AUTHOR"],
        problems=[],
        engagement={"what": "impressions, comments and shares", "hours": [1, 6], "last_at": None},
    )

    channel: Channel
    name: str
    mode: Literal["dry_run", "live"]
    is_live: bool
    is_complete: bool = Field(description="whether all credentials are there and fit")
    is_named: bool = Field(description="whether ORCHESTRATOR_LIVE_CHANNELS names it")
    where: str
    missing: list[str]
    problems: list[str]
    denied: str | None = Field(default=None, description="why nothing may go out there, if so")
    engagement: Json = Field(description="what is fetched, when it was last, and what is wrong")


class Channels(BaseModel):
    """All channels."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "channels": [{"channel": "linkedin", "name": "LinkedIn", "mode": "dry_run"}]
            }
        }
    )

    channels: list[ChannelStanding]


class Tried(BaseModel):
    """Whether a platform takes us in, and as whom; nothing was published."""

    model_config = example(
        channel="twitter", is_ok=True, who="@ann (42)", where="X", notes=[], error=None
    )

    channel: Channel
    is_ok: bool
    who: str | None
    where: str
    notes: list[str]
    error: str | None


def publication(
    body: PublishBody,
    settings: Settings,
    *,
    at: Milliseconds,
    principal: str,
    tenant: str,
    idempotency_key: str | None = None,
) -> DispatchCommand:
    """The input for a publication. The same `task_id`, or the same key of the same tenant, is the
    same task.

    Raises:
        InvalidRequest: the platform does not take it; the message says what to do.
    """
    by_key = f"{tenant}\npublish\n{idempotency_key}"
    otherwise = uuid5(NAMESPACE, by_key) if idempotency_key else uuid4()
    return DispatchCommand(
        input_id=f"publish:{uuid4()}",
        task_id=body.task_id or str(otherwise),
        at=at,
        salt=new_salt(),
        principal=principal,
        tenant=tenant,
        agent_type="publisher",
        action=ACTION,
        tool_id=f"{body.platform.value}_publisher",
        channel=body.platform,
        payload={
            "title": _text(body, "title"),
            "variant": _variant(body).as_json,
            "metadata": body.metadata,
        },
        is_repeatable=False,
        settings=task_settings(settings, {}),
    )


def document(state: TaskState, wanted: DispatchCommand, settings: Settings) -> Json:
    """What is answered to a publication that was taken in, but whether it is a repeat."""
    standing = standings(settings)[Channel(wanted.channel or "")]
    return {
        "task_id": wanted.task_id,
        "command_id": f"{wanted.task_id}.1",
        "status": status_of(state),
        "channel": standing.channel,
        "is_live": standing.is_live,
        "where": standing.where,
        "publications": publications(state),
        "status_url": f"{settings.url}/api/orchestrator/status/{wanted.task_id}",
    }


def same_publication(known: TaskState, wanted: DispatchCommand, *, by_key: bool) -> None:
    """A repeat must be of the same publication, and of the same tenant.

    Raises:
        Conflict: it is another one.
    """
    asked = known.dispatched
    is_same = (
        known.tenant == wanted.tenant
        and asked is not None
        and (asked.channel, asked.payload) == (wanted.channel, wanted.payload)
    )
    if not is_same:
        pointer = "" if by_key else "/task_id"
        what = "the Idempotency-Key was used" if by_key else f"the task_id {wanted.task_id!r} is"
        used = "for another publication" if by_key else "taken"
        raise Conflict(f"{what} {used}", pointer=pointer, code="duplicate")


async def try_channel(settings: Settings, channel: Channel, clock: Clock) -> Json:
    """Ask the platform of a channel who we are; nothing is published.

    Raises:
        Conflict: its credentials are not complete.
    """
    standing = standings(settings)[channel]
    if standing.account is None:
        lacking = [f"{name} is not set" for name in standing.missing]
        raise Conflict("; ".join([*lacking, *standing.problems]))
    found = await identity(standing.account, clock)
    return {
        "channel": channel,
        "is_ok": found.is_ok,
        "who": found.who or None,
        "where": standing.where,
        "notes": list(found.notes),
        "error": found.error or None,
    }


def _variant(body: PublishBody) -> ChannelVariant:
    channel = body.platform
    parts = _parts(body)
    payload: Json = {"content": body.content, "metadata": body.metadata}
    payload["title"] = _text(body, "title")
    html = _text(body, "html")
    if parts:
        payload["variant"] = {"content": body.content, "parts": parts}
    elif html:
        payload["subject"] = _text(body, "subject") or payload["title"]
        payload["variant"] = {"content": body.content, "subject": payload["subject"], "html": html}
    subject = _text(body, "subject") if channel is Channel.EMAIL else ""
    if len(subject) > SUBJECT_LIMIT:
        detail = f"has {len(subject)} characters; a header line takes {SUBJECT_LIMIT}"
        raise InvalidRequest([{"pointer": "/metadata/subject", "detail": detail}])
    try:
        return variant_of(payload, channel)
    except ValueError as error:
        detail = f"{NAMES[channel]} does not take it: {error}"
        raise InvalidRequest([{"pointer": _pointer(channel, error), "detail": detail}]) from None


def _pointer(channel: Channel, error: ValueError) -> str:
    is_subject = channel is Channel.EMAIL and "subject" in str(error)
    return "/metadata/subject" if is_subject else "/content"


def _parts(body: PublishBody) -> list[str]:
    given = body.metadata.get("parts")
    if given is None:
        return []
    if body.platform is not Channel.TWITTER:
        wrong = "a thread can be posted on X alone"
    elif not isinstance(given, list) or not all(isinstance(p, str) and p.strip() for p in given):
        wrong = "must be a list of texts, none of them empty"
    elif not 1 <= len(given) <= 100:
        wrong = "must have 1 to 100 posts"
    else:
        return given
    raise InvalidRequest([{"pointer": "/metadata/parts", "detail": wrong}])


def _text(body: PublishBody, name: str) -> str:
    field, longest = _KINDS[name]
    given = body.metadata.get(field, "")
    if not isinstance(given, str) or len(given) > longest:
        detail = f"must be a text of at most {longest:,} characters"
        raise InvalidRequest([{"pointer": f"/metadata/{field}", "detail": detail}])
    return given.strip()
