"""E-mail to the recipients of the settings: who gets which message, and what came of it.

Sources: RFC 5322, 3.6.4 (Message-ID) and 3.6.3 (a group without members as To). RFC 2369
(List-Unsubscribe). RFC 8058, 3.1 (one-click: an https address that names the recipient, and
`List-Unsubscribe-Post: List-Unsubscribe=One-Click`; the server must sign both by DKIM).
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from urllib.parse import quote

from agents.contract import Done, GiveUp, Outcome, Retry, Uncertain
from agents.publishers import limited
from agents.publishers.accounts import MailAccount
from agents.publishers.attempt import Attempt
from agents.publishers.letter import Envelope, sealed
from agents.publishers.safe_file import name_of
from agents.publishers.smtp import Batch, Fates, NotConnected, bare, deliver
from agents.publishers.verdicts import outcome
from streams.clock import Clock
from streams.domain.deliverable import Receipt
from streams.domain.values import Channel, Json

UNSEEN = "undisclosed-recipients:;"
PLACE = "{recipient}"  # in the unsubscribe address, where the recipient belongs
BATCH = 50  # recipients in one transaction; RFC 5321, 4.5.3.1.8: a server takes at least 100
TOLD = 5  # replies of the server that a reason or a receipt quotes


async def publish(account: MailAccount, attempt: Attempt, clock: Clock) -> Outcome:
    """Send to all who have not surely got it yet."""
    known = already(attempt.progress)
    open_ones = [r for r in account.recipients if mark(attempt.key, r) not in known]
    fates = Fates(sent=[r for r in account.recipients if r not in open_ones])
    if open_ones:
        try:
            found = await deliver(
                account,
                list(batches(account, attempt, open_ones)),
                begin_before=attempt.begin_before,
                until=attempt.until,
                clock=clock,
            )
        except NotConnected as error:
            after = limited.backing_off(attempt.number)
            reason = f"nothing was sent: {error}"
            return outcome(error.meaning, reason, after=after, progress=attempt.progress)
        fates = Fates([*fates.sent, *found.sent], found.refused, found.deferred, found.unknown)
    return judged(account, attempt, fates)


def batches(account: MailAccount, attempt: Attempt, recipients: Sequence[str]) -> Iterator[Batch]:
    """The messages. One each where the message names its recipient, else one for many."""
    is_personal = PLACE in (account.unsubscribe_url or "")
    size = 1 if is_personal else BATCH
    for start in range(0, len(recipients), size):
        some = tuple(recipients[start : start + size])
        name = name_of(Channel.EMAIL.value, attempt.key)
        way = _envelope(account, some[0] if is_personal else None, name)
        yield Batch(some, sealed(attempt.variant, way, name, attempt.issued_at))


def _envelope(account: MailAccount, recipient: str | None, name: str) -> Envelope:
    domain = bare(account.sender).rpartition("@")[2]
    url, mail = account.unsubscribe_url, account.unsubscribe_mail
    whose = f".{mark(name, recipient)}" if recipient else ""
    address = url.replace(PLACE, quote(recipient or "", safe="")) if url else None
    ways = [f"<{address}>"] if address else []
    ways += [f"<mailto:{mail}>"] if mail else []
    return Envelope(
        sender=account.sender,
        to=recipient or UNSEEN,
        message_id=f"<{name}{whose}@{domain}>",
        unsubscribe=tuple(ways),
        is_one_click=bool(recipient and address and address.startswith("https://")),
    )


def mark(key: str, recipient: str) -> str:
    """What stands for a recipient in the history, which is for ever: nothing that names anybody."""
    return sha256(f"{key}\n{recipient}".encode()).hexdigest()[:12]


def already(progress: Json) -> frozenset[str]:
    """The marks of those who surely have it."""
    found = progress.get("sent")
    return frozenset(map(str, found)) if isinstance(found, list) else frozenset()


def judged(account: MailAccount, attempt: Attempt, fates: Fates) -> Outcome:
    """What the fates of all recipients mean together; a pure function of its arguments."""
    progress: Json = {"sent": [mark(attempt.key, r) for r in fates.sent]} if fates.sent else {}
    if fates.unknown:
        return Uncertain(_unsure(fates), progress=progress)
    is_over = attempt.is_last and bool(fates.sent)
    if fates.deferred and not is_over:
        told = _told(fates.deferred)
        reason = f"{_people(len(fates.deferred))} could not be reached for now: {told}"
        return Retry(reason, progress=progress)
    if not fates.sent:
        return GiveUp(
            f"nothing was sent: the server refuses every recipient: {_told(fates.refused)}"
        )
    return Done(receipt(account, attempt, fates).as_json)


def receipt(account: MailAccount, attempt: Attempt, fates: Fates) -> Receipt:
    """What is kept of an e-mail that the server took; it names no recipient."""
    name = name_of(Channel.EMAIL.value, attempt.key)
    domain = bare(account.sender).rpartition("@")[2]
    details: Json = {
        "server": account.host,
        "sent": len(fates.sent),
        "refused": len(fates.refused),
        "not_reached": len(fates.deferred),
        "replies": _replies({**fates.refused, **fates.deferred}),
    }
    return Receipt(reference=f"<{name}@{domain}>", details=details)


def _unsure(fates: Fates) -> str:
    """Two answers have to do for three fates, so the question says what each of them does."""
    about = f"{_people(len(fates.unknown))} may or may not have it: {_told(fates.unknown)}"
    sent = f"; {_people(len(fates.sent))} surely got it" if fates.sent else ""
    late = f"; {_people(len(fates.deferred))} surely not" if fates.deferred else ""
    return (
        f"{about}{sent}{late}. Look into the server's log: 'not done' sends it to all of those who "
        "have not surely got it, 'done' to nobody more"
    )


def _people(number: int) -> str:
    return f"{number:,} recipient{'' if number == 1 else 's'}"


def _replies(given: dict[str, str]) -> list[str]:
    """The server's words without the addresses that it may have repeated."""
    cleaned = (_without(reply, address) for address, reply in given.items())
    return list(dict.fromkeys(cleaned))[:TOLD]


def _without(reply: str, address: str) -> str:
    return reply.replace(address, "…")


def _told(given: dict[str, str]) -> str:
    return "; ".join(_replies(given))
