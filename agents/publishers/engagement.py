"""Asks the platforms what people did with publications, and names it as the product does.

Sources:
- LinkedIn, a member's post: "Member Post Statistics" (Microsoft Learn):
  `GET /rest/memberCreatorPostAnalytics?q=entity&entity=(share:URN)&queryType=…&aggregation=TOTAL`,
  one call a metric: IMPRESSION, RESHARE, REACTION, COMMENT. Needs r_member_postAnalytics.
- LinkedIn, an organization's post: "Organization Share Statistics":
  `GET /rest/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity=URN&
  shares=List(URN,…)` (or ugcPosts). Needs rw_organization_admin.
- X: "Metrics" and "Get Posts by IDs" (docs.x.com): `GET /2/tweets?ids=…&
  tweet.fields=public_metrics`, up to 100 ids.
- E-mail: SMTP tells nothing about readers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, assert_never
from urllib.parse import quote

from agents.publishers.accounts import Account, LinkedInAccount, MailAccount, XAccount
from agents.publishers.calls import Answer, Call, send
from agents.publishers.linkedin import URN, headers
from agents.publishers.tokens import Tokens
from agents.publishers.twitter import ID
from agents.publishers.verdicts import SAID, Broken
from streams.clock import Clock
from streams.domain.values import Channel, Json, Milliseconds

PATIENCE: Milliseconds = 20_000
AT_ONCE: Mapping[Channel, int] = MappingProxyType({Channel.TWITTER: 100, Channel.LINKEDIN: 20})
OF_MEMBER: Mapping[str, str] = MappingProxyType(
    {"IMPRESSION": "impressions", "RESHARE": "shares", "REACTION": "likes", "COMMENT": "comments"}
)
OF_ORGANIZATION: Mapping[str, str] = MappingProxyType(
    {
        "impressionCount": "impressions",
        "clickCount": "clicks",
        "shareCount": "shares",
        "likeCount": "likes",
        "commentCount": "comments",
    }
)
OF_X: Mapping[str, str] = MappingProxyType(
    {
        "impression_count": "impressions",
        "like_count": "likes",
        "reply_count": "comments",
        "bookmark_count": "bookmarks",
    }
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """Metrics by reference. `error` says why some are not there; a reference that the platform does
    not know is simply absent."""

    metrics: Mapping[str, Json] = field(default_factory=dict)
    error: str = ""


def can_be_asked(channel: Channel, reference: str) -> bool:
    """Whether a platform can say something about a publication of this reference."""
    match channel:
        case Channel.LINKEDIN:
            return URN.fullmatch(reference) is not None
        case Channel.TWITTER:
            return ID.fullmatch(reference) is not None
        case Channel.EMAIL:
            return False
        case _:
            assert_never(channel)


async def fetch(account: Account, references: Sequence[str], clock: Clock) -> Fetched:
    """What the platform counts now, for at most as many references as `AT_ONCE` says."""
    match account:
        case LinkedInAccount() if account.author.startswith("urn:li:organization:"):
            return await _of_organization(account, references, clock)
        case LinkedInAccount():
            return await _of_member(account, references, clock)
        case XAccount():
            return await _of_x(account, references, clock)
        case MailAccount():
            return Fetched(error="SMTP tells nothing about readers")
        case _:
            assert_never(account)


def named(counts: Mapping[str, Any], names: Mapping[str, str]) -> Json:
    """Counts under the product's names, with the engagement rate where clicks are known."""
    found: Json = {
        name: counts[theirs]
        for theirs, name in names.items()
        if isinstance(counts.get(theirs), int | float) and not isinstance(counts[theirs], bool)
    }
    return found | rate(found)


def rate(metrics: Json) -> Json:
    """(clicks + shares) / impressions; nothing where one of them is not known."""
    if not metrics.get("impressions") or not {"clicks", "shares"} <= metrics.keys():
        return {}
    share = (metrics["clicks"] + metrics["shares"]) / metrics["impressions"]
    return {"engagement_rate": round(share, 6)}


async def _of_member(account: LinkedInAccount, references: Sequence[str], clock: Clock) -> Fetched:
    found: dict[str, Json] = {}
    for urn in references:
        counts: Json = {}
        for kind in OF_MEMBER:
            entity = f"({'ugc' if ':ugcPost:' in urn else 'share'}:{quote(urn, safe='')})"
            query = f"q=entity&entity={entity}&queryType={kind}&aggregation=TOTAL"
            url = f"{account.url}/rest/memberCreatorPostAnalytics?{query}"
            answer = await _ask(Call("GET", url, headers(account)), clock)
            if isinstance(answer, Answer) and answer.status == 404:
                break
            wrong = _wrong("LinkedIn", answer)
            if wrong or isinstance(answer, Broken):
                return Fetched(found, wrong)
            counts |= {kind: sum(_numbers(_elements(answer), "count"))}
        if counts:
            found[urn] = named(counts, OF_MEMBER)
    return Fetched(found)


async def _of_organization(
    account: LinkedInAccount, references: Sequence[str], clock: Clock
) -> Fetched:
    found: dict[str, Json] = {}
    for name, field_name in (("shares", "share"), ("ugcPosts", "ugcPost")):
        urns = [urn for urn in references if f":{field_name}:" in urn]
        if not urns:
            continue
        listed = ",".join(quote(urn, safe="") for urn in urns)
        author = quote(account.author, safe="")
        query = f"q=organizationalEntity&organizationalEntity={author}&{name}=List({listed})"
        url = f"{account.url}/rest/organizationalEntityShareStatistics?{query}"
        answer = await _ask(Call("GET", url, headers(account)), clock)
        wrong = _wrong("LinkedIn", answer)
        if wrong or isinstance(answer, Broken):
            return Fetched(found, wrong)
        for element in _elements(answer):
            counts, urn = element.get("totalShareStatistics"), element.get(field_name)
            if isinstance(counts, dict) and urn in urns:
                found[str(urn)] = named(counts, OF_ORGANIZATION)
    return Fetched(found)


async def _of_x(account: XAccount, references: Sequence[str], clock: Clock) -> Fetched:
    tokens = Tokens(account, clock)
    url = f"{account.url}/2/tweets?ids={','.join(references)}&tweet.fields=public_metrics"
    for _ in range(2):
        until = clock() + PATIENCE
        token = await tokens.token(begin_before=until, until=until)
        if not isinstance(token, str):
            return Fetched(error=_wrong("X", token))
        answer = await _ask(Call("GET", url, {"Authorization": f"Bearer {token}"}), clock)
        if isinstance(answer, Broken) or answer.status != 401 or not tokens.can_renew:
            break
        tokens.reject(token)
    wrong = _wrong("X", answer)
    if wrong or isinstance(answer, Broken):
        return Fetched(error=wrong)
    posts = answer.document.get("data")
    return Fetched(
        {
            str(post.get("id")): _counts(post["public_metrics"])
            for post in (posts if isinstance(posts, list) else ())
            if isinstance(post, dict) and isinstance(post.get("public_metrics"), dict)
        }
    )


def _counts(metrics: Json) -> Json:
    """X counts reposts and quotes apart; both are shares."""
    found = named(metrics, OF_X)
    shares = list(_numbers([metrics], "retweet_count")) + list(_numbers([metrics], "quote_count"))
    return found | ({"shares": sum(shares)} if shares else {})


def _elements(answer: Answer) -> list[Json]:
    found = answer.document.get("elements")
    return [e for e in found if isinstance(e, dict)] if isinstance(found, list) else []


def _numbers(elements: Iterable[Json], name: str) -> Iterable[int]:
    return (e[name] for e in elements if isinstance(e.get(name), int))


async def _ask(call: Call, clock: Clock) -> Answer | Broken:
    until = clock() + PATIENCE
    return await send(call, begin_before=until, until=until, clock=clock)


def _wrong(name: str, ending: Answer | Broken) -> str:
    """What went wrong, empty if nothing did."""
    if isinstance(ending, Broken):
        return f"{name} {SAID[ending]}"
    if ending.status == 200:
        return ""
    found = ending.document
    said = str(found.get("message") or found.get("detail") or found.get("title") or "")[:200]
    return f"{name} answered {ending.status}{f' ({said})' if said else ''}"
