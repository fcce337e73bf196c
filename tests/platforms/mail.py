"""A mail server on loopback: real SMTP with STARTTLS or implicit TLS and AUTH, which keeps what it
accepted.

RFC 5321 (transactions and replies), RFC 3207 (STARTTLS), RFC 8314 (implicit TLS), RFC 4954 (AUTH).
"""

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.platforms.faults import Fault, Faults, Stage

Kind = Literal["starttls", "tls", "none"]


@dataclass(frozen=True)
class Mail:
    """A message that the server took responsibility for."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


@dataclass
class MailServer:
    """The server. `replies`: what it says to recipients whom it does not take."""

    user: str = "ann"
    password: str = "smtp-password"
    faults: Faults = field(default_factory=Faults)
    mails: list[Mail] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    sender_reply: str = ""
    logins: int = 0

    def reset(self) -> None:
        """As new."""
        self.faults.reset()
        self.mails.clear()
        self.replies.clear()
        self.sender_reply = ""
        self.logins = 0

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        """Whether user and password are right."""
        self.logins += 1
        is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (
            self.user.encode(),
            self.password.encode(),
        )
        return AuthResult(success=is_right, handled=False)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.sender_reply:
            return self.sender_reply
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        fault = self.faults.take()
        what = envelope.rcpt_tos[0]
        content = bytes(envelope.original_content or b"")
        self.faults.hook(Stage.ARRIVED, content.decode("ascii", "replace"))
        if fault is Fault.RATE_LIMITED:
            return "451 4.7.1 try again later"
        if fault is Fault.SERVER_ERROR:
            return "554 5.7.1 not this message"
        if fault in (Fault.CLOSE_BEFORE, Fault.HANG_BEFORE):
            return await self._vanish(server, fault)
        mail = Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), content)
        self.mails.append(mail)
        self.faults.hook(Stage.ACCEPTED, content.decode("ascii", "replace"))
        if fault in (Fault.CLOSE_AFTER, Fault.HANG_AFTER, Fault.HALF):
            return await self._vanish(server, fault)
        return f"250 OK: queued for {what}"

    async def _vanish(self, server: SMTP, fault: Fault) -> str:
        if fault in (Fault.CLOSE_BEFORE, Fault.CLOSE_AFTER, Fault.HALF):
            transport = server.transport
            assert transport is not None
            transport.abort()
            return "421 gone"
        await self.faults.hang()
        return "421 gone"


class _Starter(Controller):
    """Speaks plainly until STARTTLS, and takes AUTH only after it."""

    def factory(self) -> SMTP:
        return SMTP(self.handler, **self.SMTP_kwargs)


@contextmanager
def mail_serving(
    server: MailServer, kind: Kind = "starttls", certificates: "Certificates | None" = None
) -> Iterator[int]:
    """Serve on a free port, which is the value."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # it tells of every broken session
    context = None if certificates is None else certificates.context
    common: dict[str, Any] = {
        "authenticator": server.authenticate,
        "auth_required": kind == "starttls",
        "auth_require_tls": kind == "starttls",
    }
    if kind == "starttls":
        common |= {"tls_context": context, "require_starttls": True}
    implicit = context if kind == "tls" else None
    controller = _Starter(
        server, hostname="127.0.0.1", port=_free(), ssl_context=implicit, **common
    )
    controller.start()
    try:
        yield controller.port
    finally:
        server.faults.released.set()
        controller.stop(no_assert=True)


def _free() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Certificates:
    """An authority of the test's own, and a certificate of loopback that it signed."""

    ca_file: Path
    context: ssl.SSLContext

    @classmethod
    def make(cls, folder: Path) -> "Certificates":
        """Write the authority's certificate into a folder."""
        authority = trustme.CA()
        ca_file = folder / "ca.pem"
        authority.cert_pem.write_to_path(str(ca_file))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        return cls(ca_file, context)
