"""Hands messages to a mail server, one transaction a batch, and says what became of each recipient.

Sources: RFC 5321 (sections 3.3 and 4.2: MAIL, RCPT, DATA; 6.1: after the final dot and the reply
250 the server is responsible; what it does not confirm may have been taken all the same). RFC 3207
(STARTTLS: what was said before it counts no more). RFC 8314 (implicit TLS). RFC 4954 (AUTH: 535
refuses the credentials, 454 is for now). SMTP has no key that makes a second transaction harmless.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agents.publishers.accounts import MailAccount
from agents.publishers.verdicts import Meaning, of_reply
from streams.clock import Clock
from streams.domain.values import Milliseconds

if TYPE_CHECKING:
    from aiosmtplib import SMTP

GOODBYE = 1.0  # seconds
CONNECT = 15.0  # seconds in which the server must have taken us in


class NotConnected(Exception):
    """The server did not take us in; nothing was sent. `meaning` says whether it may later."""

    def __init__(self, reason: str, meaning: Meaning) -> None:
        super().__init__(reason)
        self.meaning = meaning


@dataclass(frozen=True, slots=True)
class Batch:
    """One message, and to whom it goes in one transaction."""

    recipients: tuple[str, ...] = field(repr=False)
    message: bytes = field(repr=False)


@dataclass(slots=True)
class Fates:
    """What became of each recipient so far. Values are the server's replies."""

    sent: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    deferred: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)

    def put(self, recipients: Sequence[str], meaning: Meaning, said: str) -> None:
        """Several recipients had the same fate."""
        places = {
            Meaning.TRY_AGAIN: self.deferred,
            Meaning.GIVE_UP: self.refused,
            Meaning.UNSURE: self.unknown,
        }
        places[meaning].update(dict.fromkeys(recipients, said))


async def deliver(
    account: MailAccount,
    batches: Sequence[Batch],
    *,
    begin_before: Milliseconds,
    until: Milliseconds,
    clock: Clock,
) -> Fates:
    """Hand over one batch after the other. A batch of unknown fate does not stop the next one: they
    have nothing to do with each other.

    Raises:
        NotConnected: the server did not take us in at the start; nothing was sent.
    """
    fates = Fates()
    waiting = list(batches)
    is_first = True
    while waiting:
        try:
            async with connected(account, _seconds(until, clock)) as client:
                is_first = False
                await _transactions(client, account, waiting, fates, begin_before, until, clock)
        except NotConnected as error:
            if is_first:
                raise
            for batch in waiting:
                fates.put(batch.recipients, Meaning.TRY_AGAIN, str(error))
            break
    return fates


@asynccontextmanager
async def connected(account: MailAccount, seconds: float) -> "AsyncIterator[SMTP]":
    """A session in which messages may be handed over: encrypted, unless it is this machine and said
    so, and with credentials, if there are any.

    Raises:
        NotConnected: with what is wrong.
    """
    from aiosmtplib import SMTP

    client = SMTP(
        hostname=account.host,
        port=account.port,
        use_tls=account.security == "tls",
        start_tls=account.security == "starttls",
        tls_context=await asyncio.to_thread(_trust, account),
        local_hostname=account.sender.rpartition("@")[2].strip("> ") or "localhost",
        timeout=max(0.001, min(CONNECT, seconds)),
    )
    transport = None
    try:
        await _connect(client, account)
        transport = client.transport
        await _log_in(client, account)
        yield client
    finally:
        await _leave(client, transport)


async def _leave(client: "SMTP", transport: asyncio.BaseTransport | None) -> None:
    """Say good-bye, as RFC 5321, 4.1.1.10, wants it; what was handed over does not depend on it,
    and a server that does not answer is not waited for."""
    from aiosmtplib import SMTPException

    if client.is_connected:
        with suppress(SMTPException, OSError):
            await client.quit(timeout=GOODBYE)
    client.close()
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()
    await asyncio.sleep(0)  # for the loop to let go of the connection


async def _connect(client: "SMTP", account: MailAccount) -> None:
    import aiosmtplib

    place = f"{account.host}:{account.port}"
    try:
        await client.connect()
    except aiosmtplib.SMTPResponseException as error:
        reason = f"{place} answers {said(error.code, error.message)}"
        raise NotConnected(reason, of_reply(error.code)) from None
    except (ssl.SSLError, aiosmtplib.SMTPException, OSError) as error:
        raise _not_connected(place, error) from None


async def _log_in(client: "SMTP", account: MailAccount) -> None:
    import aiosmtplib

    if account.user is None or account.password is None:
        return
    place = f"{account.host}:{account.port}"
    try:
        await client.login(account.user, account.password.get_secret_value())
    except aiosmtplib.SMTPAuthenticationError as error:
        reason = f"{place} refuses the user or the password ({error.code})"
        raise NotConnected(reason, of_reply(error.code)) from None
    except aiosmtplib.SMTPResponseException as error:
        reason = f"{place} answers {said(error.code, error.message)}"
        raise NotConnected(reason, of_reply(error.code)) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _not_connected(place, error) from None


def _not_connected(place: str, error: Exception) -> NotConnected:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = f"the certificate of {place} is not trusted: {cause.verify_message}"
            return NotConnected(reason, Meaning.GIVE_UP)
        cause = cause.__cause__ or cause.__context__
    text = str(error)
    if "STARTTLS extension not supported" in text:
        return NotConnected(f"{place} offers no encryption (STARTTLS)", Meaning.GIVE_UP)
    if "AUTH extension" in text or "auth" in text.lower():
        return NotConnected(f"{place} takes no password (AUTH) in this way", Meaning.GIVE_UP)
    return NotConnected(f"{place} cannot be reached ({type(error).__name__})", Meaning.TRY_AGAIN)


def _trust(account: MailAccount) -> ssl.SSLContext | None:
    if account.security == "none":
        return None
    return ssl.create_default_context(cafile=str(account.ca_file) if account.ca_file else None)


async def _transactions(
    client: "SMTP",
    account: MailAccount,
    waiting: list[Batch],
    fates: Fates,
    begin_before: Milliseconds,
    until: Milliseconds,
    clock: Clock,
) -> None:
    """Take batches from the front until none is left or the connection is gone."""
    while waiting and client.is_connected:
        batch = waiting.pop(0)
        if clock() >= begin_before:
            late = "the time in which it might begin was over; nothing was sent"
            fates.put(batch.recipients, Meaning.TRY_AGAIN, late)
            continue
        client.timeout = _seconds(until, clock)
        await _transaction(client, account.sender, batch, fates, begin_before, clock)


async def _transaction(
    client: "SMTP",
    sender: str,
    batch: Batch,
    fates: Fates,
    begin_before: Milliseconds,
    clock: Clock,
) -> None:
    import aiosmtplib

    lost = (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError)
    taken: list[str] = []
    try:
        await client.mail(bare(sender))
        taken = await _recipients(client, batch, fates)
        if not taken or clock() >= begin_before:
            late = "the time in which it might begin was over; nothing was sent"
            fates.put(taken, Meaning.TRY_AGAIN, late)
            await client.rset()
            return
    except aiosmtplib.SMTPResponseException as error:
        answered = said(error.code, error.message)
        fates.put(_open(batch, fates), of_reply(error.code), answered)
        client.close()
        return
    except lost:
        fates.put(_open(batch, fates), Meaning.TRY_AGAIN, "the connection broke; nothing was sent")
        client.close()
        return
    await _content(client, batch.message, taken, fates, lost)


async def _recipients(client: "SMTP", batch: Batch, fates: Fates) -> list[str]:
    """Name the recipients; the answer is those whom the server takes."""
    import aiosmtplib

    taken = []
    for recipient in batch.recipients:
        try:
            await client.rcpt(recipient)
            taken.append(recipient)
        except aiosmtplib.SMTPRecipientRefused as error:
            fates.put([recipient], of_reply(error.code), said(error.code, error.message))
    return taken


async def _content(
    client: "SMTP",
    message: bytes,
    taken: list[str],
    fates: Fates,
    lost: tuple[type[Exception], ...],
) -> None:
    """Send the message. From here on, only a reply tells what became of it."""
    import aiosmtplib

    try:
        await client.data(message)
    except aiosmtplib.SMTPDataError as error:
        fates.put(taken, of_reply(error.code), said(error.code, error.message))
    except lost:
        fates.put(taken, Meaning.UNSURE, "the server did not say whether it took the message")
        client.close()
    else:
        fates.sent += taken


def _open(batch: Batch, fates: Fates) -> list[str]:
    """The recipients of a batch whose fate is not known yet."""
    decided = {*fates.sent, *fates.refused, *fates.deferred, *fates.unknown}
    return [recipient for recipient in batch.recipients if recipient not in decided]


def _seconds(until: Milliseconds, clock: Clock) -> float:
    return max(0.001, (until - clock()) / 1000)


def bare(address: str) -> str:
    """`ann@example.com` of `Ann <ann@example.com>`."""
    from email.utils import parseaddr

    return parseaddr(address)[1]


def said(code: int, message: str) -> str:
    """A reply of the server on one line."""
    return f"{code} {' '.join(message.split())[:160]}".strip()
