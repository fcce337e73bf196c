"""The platforms together: their accounts, the settings that lead to them, and what reached them."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr

from agents.contract import Outcome
from agents.publishers.accounts import LinkedInAccount, MailAccount, XAccount
from agents.publishers.live import live_effects
from streams.clock import Clock, wall_clock
from streams.domain.commands import Command, CommandKind
from streams.domain.values import Channel, ExecutionPhase, Json
from tests.platforms.linkedin import LinkedIn
from tests.platforms.mail import Mail, MailServer
from tests.platforms.x import X

PEOPLE = ("bob@example.com", "eve@example.com", "kim@example.com")
SENDER = "Ann Example <ann@example.com>"


@dataclass
class World:
    """Three platforms, and their addresses."""

    linkedin: LinkedIn
    x: X
    mail: MailServer
    linkedin_url: str
    x_url: str
    smtp_port: int
    ca_file: Path

    def reset(self) -> None:
        """As new; what still hangs is let go."""
        self.release()
        for platform in (self.linkedin, self.x, self.mail):
            platform.reset()
            platform.faults.released.clear()

    def release(self) -> None:
        """Let go what hangs."""
        for platform in (self.linkedin, self.x, self.mail):
            platform.faults.released.set()

    def linkedin_account(self, **changes: Any) -> LinkedInAccount:
        """The member's account."""
        given = {
            "token": SecretStr(self.linkedin.token),
            "author": self.linkedin.authors[0],
            "url": self.linkedin_url,
        }
        return LinkedInAccount(**cast(Any, given | changes))

    def x_account(self, **changes: Any) -> XAccount:
        """The account, without a way to renew its token."""
        given = {"token": SecretStr(self.x.token), "url": self.x_url}
        return XAccount(**cast(Any, given | changes))

    def mail_account(self, **changes: Any) -> MailAccount:
        """The account, with three recipients."""
        given = {
            "host": "127.0.0.1",
            "port": self.smtp_port,
            "sender": SENDER,
            "recipients": PEOPLE,
            "user": self.mail.user,
            "password": SecretStr(self.mail.password),
            "unsubscribe_mail": "off@example.com",
            "ca_file": self.ca_file,
        }
        return MailAccount(**cast(Any, given | changes))

    @property
    def settings(self) -> dict[str, Any]:
        """The settings by which all three are live."""
        return {
            "live_channels": "linkedin,x,email",
            "linkedin_token": self.linkedin.token,
            "linkedin_author": self.linkedin.authors[0],
            "linkedin_url": self.linkedin_url,
            "x_token": self.x.token,
            "x_url": self.x_url,
            "smtp_host": "127.0.0.1",
            "smtp_port": self.smtp_port,
            "smtp_user": self.mail.user,
            "smtp_password": self.mail.password,
            "smtp_from": SENDER,
            "smtp_recipients": ",".join(PEOPLE),
            "smtp_unsubscribe_mail": "off@example.com",
            "smtp_ca_file": self.ca_file,
        }


async def publish(
    account: LinkedInAccount | XAccount | MailAccount,
    payload: Json,
    *,
    clock: Clock = wall_clock,
    **fields: Any,
) -> Outcome:
    """One attempt at a publication, as the runner asks for it."""
    channel = _CHANNELS[type(account)]
    given = {
        "command_id": "t1.12",
        "task_id": "t1",
        "kind": CommandKind.PUBLISH,
        "phase": ExecutionPhase.APPROVAL,
        "agent_type": "publisher",
        "action": "publish",
        "tool_id": f"{channel.value}_publisher",
        "channel": channel,
        "max_attempts": 3,
        "timeout": 5_000,
        "is_repeatable": False,
        "issued_at": clock(),
        "payload": {"key": "t1.12"} | payload,
    }
    command = Command(**cast(Any, given | fields))
    effect = live_effects({channel: account}, clock)[f"{channel.value}_publisher"]
    return await effect(command)


_CHANNELS = {
    LinkedInAccount: Channel.LINKEDIN,
    XAccount: Channel.TWITTER,
    MailAccount: Channel.EMAIL,
}


def read(mail: Mail) -> EmailMessage:
    """A message as a mail program reads it."""
    return cast(EmailMessage, message_from_bytes(mail.content, policy=default))
