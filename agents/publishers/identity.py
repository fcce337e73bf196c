"""Asks each platform who we are there, without publishing anything.

Sources: "Sign In with LinkedIn using OpenID Connect" (Microsoft Learn): `GET /v2/userinfo` answers
`sub` and `name`; it needs the scopes openid and profile. "Get my User" (docs.x.com):
`GET /2/users/me` needs users.read. SMTP: EHLO, STARTTLS and AUTH without a transaction.
"""

from dataclasses import dataclass
from typing import assert_never

from agents.publishers.accounts import Account, LinkedInAccount, MailAccount, XAccount
from agents.publishers.calls import Answer, Call, send
from agents.publishers.linkedin import headers
from agents.publishers.smtp import NotConnected, connected
from agents.publishers.tokens import Tokens
from agents.publishers.verdicts import SAID, Broken
from streams.clock import Clock
from streams.domain.values import Milliseconds

PATIENCE: Milliseconds = 20_000


@dataclass(frozen=True, slots=True)
class Identity:
    """Whether the platform takes us in, as whom, and what is wrong otherwise."""

    is_ok: bool
    who: str = ""
    notes: tuple[str, ...] = ()
    error: str = ""


async def identity(account: Account, clock: Clock) -> Identity:
    """Who we are on the platform."""
    match account:
        case LinkedInAccount():
            return await _linkedin(account, clock)
        case XAccount():
            return await _x(account, clock)
        case MailAccount():
            return await _mail(account)
        case _:
            assert_never(account)


async def _linkedin(account: LinkedInAccount, clock: Clock) -> Identity:
    answer = await _ask(Call("GET", f"{account.url}/v2/userinfo", headers(account)), clock)
    if isinstance(answer, Broken) or answer.status != 200:
        return Identity(False, error=_wrong("LinkedIn", answer))
    member, name = str(answer.document.get("sub", "")), str(answer.document.get("name", ""))
    own = f"urn:li:person:{member}"
    if account.author.startswith("urn:li:person:") and account.author != own:
        error = f"the token is of {own}, but the author is {account.author}: it may not post so"
        return Identity(False, who=f"{name} ({own})", error=error)
    if account.author == own:
        return Identity(True, who=f"{name} ({own})")
    note = (
        f"posts appear as {account.author}; whether {own} may post for it shows with the first one"
    )
    return Identity(True, who=f"{name} ({own})", notes=(note,))


async def _x(account: XAccount, clock: Clock) -> Identity:
    tokens = Tokens(account, clock)
    now = clock()
    for _ in range(2):
        token = await tokens.token(begin_before=now + PATIENCE, until=now + PATIENCE)
        if not isinstance(token, str):
            return Identity(False, error=_wrong("X", token))
        bearer = {"Authorization": f"Bearer {token}"}
        answer = await _ask(Call("GET", f"{account.url}/2/users/me", bearer), clock)
        if isinstance(answer, Answer) and answer.status == 401 and tokens.can_renew:
            tokens.reject(token)
            continue
        break
    data = {} if isinstance(answer, Broken) else answer.document.get("data")
    if isinstance(answer, Broken) or answer.status != 200 or not isinstance(data, dict):
        return Identity(False, error=_wrong("X", answer))
    return Identity(True, who=f"@{data.get('username')} ({data.get('id')})")


async def _mail(account: MailAccount) -> Identity:
    try:
        async with connected(account, PATIENCE / 1000) as client:
            is_encrypted = client.get_transport_info("sslcontext") is not None
    except NotConnected as error:
        return Identity(False, error=str(error))
    notes = [] if account.user else ["no user is set: the server takes us without a password"]
    notes += [] if is_encrypted else ["the connection is not encrypted"]
    who = account.user or account.sender
    return Identity(True, who=f"{who} at {account.host}:{account.port}", notes=tuple(notes))


async def _ask(call: Call, clock: Clock) -> Answer | Broken:
    until = clock() + PATIENCE
    return await send(call, begin_before=until, until=until, clock=clock)


def _wrong(name: str, ending: Answer | Broken) -> str:
    if isinstance(ending, Broken):
        return f"{name} {SAID[ending]}"
    found = ending.document
    said = found.get("message") or found.get("detail") or found.get("error_description") or ""
    detail = f" ({str(said)[:200]})" if said else ""
    return f"{name} answered {ending.status}{detail}"
