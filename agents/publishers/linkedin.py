"""Posts on LinkedIn by the Posts API.

Sources (Microsoft Learn, LinkedIn marketing and consumer documentation):
- "Posts API": `POST /rest/posts`; every call carries `LinkedIn-Version: YYYYMM` and
  `X-Restli-Protocol-Version: 2.0.0`; the answer is 201 with the post's URN in `x-restli-id`; it
  needs `w_member_social` for a member and `w_organization_social` for an organization.
- "Error Handling": an error is `message`, `serviceErrorCode` and `status`.
- "API Rate Limiting": 429; limits are of a day and end at midnight UTC.
- "Sign In with LinkedIn using OpenID Connect": `GET /v2/userinfo` tells who a token is of.

The documentation knows no idempotency key. A post whose text was there before is refused as 422
with the code DUPLICATE_POST, which is observed and not promised: nothing here relies on it.
"""

import re

from agents.contract import Done, Outcome
from agents.publishers import limited
from agents.publishers.accounts import LinkedInAccount
from agents.publishers.attempt import Attempt
from agents.publishers.calls import Answer, Call, send
from agents.publishers.verdicts import (
    OF_BREAK,
    OTHERWISE,
    SAID,
    Broken,
    Meaning,
    of_status,
    outcome,
)
from agents.publishers.wire import request_of
from streams.clock import Clock
from streams.domain.deliverable import Receipt
from streams.domain.values import Json, Milliseconds

PROTOCOL = "2.0.0"
URN = re.compile(r"urn:li:(?:share|ugcPost|post):[A-Za-z0-9_-]+")
DUPLICATE = "DUPLICATE_POST"
_HINTS = {
    400: "LinkedIn could not read the request",
    401: "the token is not valid or has expired: get a new one, see "
    "`orchestrator channels connect linkedin`",
    403: "the token may not post as this author: it needs w_member_social for a member, "
    "w_organization_social for an organization",
    404: "there is nothing at this address: check ORCHESTRATOR_LINKEDIN_URL",
    422: "LinkedIn does not take this content",
    426: "this LinkedIn-Version is not served any more: set ORCHESTRATOR_LINKEDIN_VERSION",
    429: "LinkedIn takes no more for now",
}


async def publish(account: LinkedInAccount, attempt: Attempt, clock: Clock) -> Outcome:
    """Publish one post."""
    answer = await send(
        Call("POST", f"{account.url}/rest/posts", headers(account), request(account, attempt)),
        begin_before=attempt.begin_before,
        until=attempt.until,
        clock=clock,
    )
    if isinstance(answer, Broken):
        after = limited.backing_off(attempt.number)
        return outcome(OF_BREAK[answer], f"LinkedIn {SAID[answer]}", after=after)
    urn = answer.headers.get("x-restli-id", "")
    if answer.status == 201 and URN.fullmatch(urn):
        return Done(receipt(account, urn).as_json)
    return refused(answer, attempt, clock())


def headers(account: LinkedInAccount) -> dict[str, str]:
    """What every call of a versioned LinkedIn API carries."""
    return {
        "Authorization": f"Bearer {account.token.get_secret_value()}",
        "LinkedIn-Version": account.version,
        "X-Restli-Protocol-Version": PROTOCOL,
    }


def request(account: LinkedInAccount, attempt: Attempt) -> Json:
    """The body, with the fields of the documented sample."""
    common = request_of(attempt.variant, "")
    distribution = common["distribution"] | {
        "targetEntities": [],
        "thirdPartyDistributionChannels": [],
    }
    return common | {
        "author": account.author,
        "distribution": distribution,
        "isReshareDisabledByAuthor": False,
    }


def receipt(account: LinkedInAccount, urn: str) -> Receipt:
    """What is kept of a post that LinkedIn took."""
    return Receipt(
        reference=urn,
        url=f"https://www.linkedin.com/feed/update/{urn}/",
        details={"author": account.author, "api_version": account.version},
    )


def refused(answer: Answer, attempt: Attempt, now: Milliseconds) -> Outcome:
    """What an answer without a post means; a pure function of its arguments."""
    document = answer.document
    said = str(document.get("message") or "").strip()[:300]
    if answer.status == 422 and DUPLICATE in answer.body.decode("utf-8", "replace"):
        return _duplicate(answer, attempt)
    if answer.is_success:
        reason = f"LinkedIn answered {answer.status} without naming the post: look whether it is "
        return outcome(Meaning.UNSURE, f"{reason}there")
    hint = _HINTS.get(answer.status) or OTHERWISE.get(answer.status // 100, "it was refused")
    reason = f"LinkedIn answered {answer.status}: {hint}{f' ({said})' if said else ''}"
    after = limited.pause(answer.headers, now) if answer.status == 429 else None
    return outcome(of_status(answer.status), reason, after=after)


def _duplicate(answer: Answer, attempt: Attempt) -> Outcome:
    """LinkedIn has this text already. On a later attempt that may be the earlier one's post."""
    found = URN.search(answer.body.decode("utf-8", "replace"))
    same = f" as {found.group()}" if found else ""
    if attempt.number > 1:
        reason = f"LinkedIn has this text already{same}: an earlier attempt may have published it"
        return outcome(Meaning.UNSURE, reason)
    reason = f"LinkedIn has this text already{same} and takes none twice: change the text"
    return outcome(Meaning.GIVE_UP, reason)
