"""Posts and threads on X by the API v2.

Sources:
- "Create or Edit Post" (docs.x.com/x-api/posts/create-or-edit-post): `POST /2/tweets` with `text`,
  and `reply.in_reply_to_tweet_id` for each further post of a thread; 201 with `data.id`; errors as
  problem documents of RFC 7807.
- "Response codes and errors" (developer.x.com): 403, "the request is understood, but it has been
  refused", is also the answer to a text that was posted before.
- "Rate limits" (docs.x.com): 429, with the end of the window in `x-rate-limit-reset`.

There is no idempotency key. Posts of a thread are kept as progress one by one, so that another
attempt goes on after the last one that is surely there.
"""

import re
from dataclasses import dataclass

from agents.contract import Done, Outcome
from agents.publishers import limited
from agents.publishers.accounts import XAccount
from agents.publishers.attempt import Attempt
from agents.publishers.calls import Answer, Call, send
from agents.publishers.tokens import Tokens
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

ID = re.compile(r"[0-9]{1,19}")
_HINTS = {
    401: "the token is not valid or has expired: get a new one, or set a refresh token, see "
    "`orchestrator channels connect twitter`",
    402: "the account has no credits left for posting",
    403: "the token may not post: it needs the scopes tweet.read, tweet.write and users.read",
    404: "there is nothing at this address: check ORCHESTRATOR_X_URL",
    429: "X takes no more for now",
}


@dataclass(frozen=True, slots=True)
class _Ended:
    """The post that could not be made."""

    ending: Answer | Broken


async def publish(account: XAccount, tokens: Tokens, attempt: Attempt, clock: Clock) -> Outcome:
    """Publish a post, or what is missing of a thread."""
    posts = [post["text"] for post in request_of(attempt.variant, "")["posts"]]
    posted = already(attempt.progress)[: len(posts)]
    while len(posted) < len(posts):
        made = await _post(account, tokens, posts[len(posted)], posted, attempt, clock)
        if isinstance(made, _Ended):
            return stopped(made.ending, attempt, posted, len(posts), clock())
        posted = [*posted, made]
    return Done(receipt(posted).as_json)


def already(progress: Json) -> list[str]:
    """The ids of the posts that earlier attempts have surely made, in their order."""
    found = progress.get("posted")
    ids = found if isinstance(found, list) else []
    return [str(post) for post in ids if isinstance(post, str) and ID.fullmatch(post)]


def receipt(posted: list[str]) -> Receipt:
    """What is kept of a post or a thread that X took."""
    return Receipt(
        reference=posted[0],
        url=f"https://x.com/i/web/status/{posted[0]}",
        details={"posts": posted},
    )


async def _post(
    account: XAccount,
    tokens: Tokens,
    text: str,
    posted: list[str],
    attempt: Attempt,
    clock: Clock,
) -> str | _Ended:
    """Make one post; the answer is its id."""
    body: Json = {"text": text}
    if posted:
        body["reply"] = {"in_reply_to_tweet_id": posted[-1]}
    is_renewed = False
    while True:
        token = await tokens.token(begin_before=attempt.begin_before, until=attempt.until)
        if isinstance(token, Broken | Answer):
            return _Ended(token)
        answer = await send(
            Call("POST", f"{account.url}/2/tweets", _bearer(token), body),
            begin_before=attempt.begin_before,
            until=attempt.until,
            clock=clock,
        )
        is_expired = isinstance(answer, Answer) and answer.status == 401
        if not is_expired or is_renewed or not tokens.can_renew:
            return _id(answer)
        is_renewed = True
        tokens.reject(token)  # a 401 took nothing: it is asked once more with a new token


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _id(answer: Answer | Broken) -> str | _Ended:
    if isinstance(answer, Answer) and answer.status == 201:
        data = answer.document.get("data")
        found = data.get("id") if isinstance(data, dict) else None
        if isinstance(found, str) and ID.fullmatch(found):
            return found
    return _Ended(answer)


def stopped(
    ending: Answer | Broken, attempt: Attempt, posted: list[str], total: int, now: Milliseconds
) -> Outcome:
    """What it means that the post after `posted` could not be made; a pure function."""
    progress: Json = {"posted": posted} if posted else {}
    where = _place(len(posted), total)
    after: Milliseconds | None
    if isinstance(ending, Broken):
        meaning, after = OF_BREAK[ending], limited.backing_off(attempt.number)
        reason = f"X {SAID[ending]}"
    else:
        meaning, reason = _meaning(ending, attempt, bool(posted))
        after = limited.pause(ending.headers, now) if ending.status == 429 else None
    if posted and (meaning is Meaning.GIVE_UP or attempt.is_last):
        meaning = Meaning.UNSURE  # half a thread is out: giving up would call that nothing
    if meaning is Meaning.UNSURE:
        reason += _to_look(len(posted), total, posted)
    return outcome(meaning, f"{where}{reason}", after=after, progress=progress)


def _meaning(answer: Answer, attempt: Attempt, has_begun: bool) -> tuple[Meaning, str]:
    said = _detail(answer.document)
    if answer.status == 403 and "duplicate content" in said.lower():
        if attempt.number > 1 or has_begun:
            reason = "X has this text already: an earlier attempt may have posted it"
            return Meaning.UNSURE, reason
        return Meaning.GIVE_UP, "X has this text already and takes none twice: change the text"
    if answer.is_success:
        return Meaning.UNSURE, f"X answered {answer.status}, but not which post it made"
    hint = _HINTS.get(answer.status) or OTHERWISE.get(answer.status // 100, "it was refused")
    detail = f" ({said})" if said else ""
    return of_status(answer.status), f"X answered {answer.status}: {hint}{detail}"


def _detail(document: Json) -> str:
    """The problem in words, as RFC 7807 has it, or as older errors do."""
    errors = document.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else {}
    first = first if isinstance(first, dict) else {}
    found = document.get("detail") or first.get("detail") or first.get("message")
    return str(found or document.get("error_description") or document.get("title") or "")[:300]


def _place(done: int, total: int) -> str:
    return f"post {done + 1} of {total}: " if total > 1 else ""


def _to_look(done: int, total: int, posted: list[str]) -> str:
    """What to look for before answering; a thread has more than there and not there."""
    if total == 1:
        return ""
    those = "post 1 is there" if done == 1 else f"posts 1 to {done} are there, the last"
    before = f"; {those} as {posted[-1]}" if done else ""
    return (
        f"{before}. Answer 'done' only when the whole thread stands there. With 'not done' it goes "
        f"on with post {done + 1}: if that one is there, delete it first"
    )
