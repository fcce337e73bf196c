"""Who publishes on each platform: what a channel needs to know before it can go live."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from streams.domain.values import Channel

LINKEDIN_URL = "https://api.linkedin.com"
X_URL = "https://api.x.com"
# "Member Post Statistics" and "Posts API" (Microsoft Learn, LinkedIn marketing, view li-lms-2026-03
# and 2026-01): every call names a version as YYYYMM; versions are sunset about a year later.
LINKEDIN_VERSION = "202603"

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class LinkedInAccount:
    """A token, and the member or organization in whose name it posts."""

    token: SecretStr
    author: str
    version: str = LINKEDIN_VERSION
    url: str = LINKEDIN_URL

    @property
    def where(self) -> str:
        """Where a post appears, for people."""
        return f"LinkedIn as {self.author}"


@dataclass(frozen=True, slots=True)
class XAccount:
    """A user's OAuth 2.0 token. With a refresh token, `renewed` keeps what it was renewed to."""

    token: SecretStr | None
    refresh_token: SecretStr | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    url: str = X_URL
    renewed: Path | None = None

    @property
    def where(self) -> str:
        """Where a post appears, for people."""
        return "X, as the account that the token is of"


@dataclass(frozen=True, slots=True)
class MailAccount:
    """A mail server, a sender, and to whom it goes; nothing else ever adds a recipient."""

    host: str
    port: int
    sender: str
    recipients: tuple[str, ...] = field(repr=False)
    security: Security = "starttls"
    user: str | None = None
    password: SecretStr | None = None
    unsubscribe_url: str | None = None
    unsubscribe_mail: str | None = None
    ca_file: Path | None = None

    @property
    def where(self) -> str:
        """To whom it goes and by which server, for people."""
        people = f"{len(self.recipients):,} recipient{'' if len(self.recipients) == 1 else 's'}"
        return f"e-mail to {people} from {self.sender} by {self.host}"


Account = LinkedInAccount | XAccount | MailAccount


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of the channels that are complete, whether or not they may go live."""

    linkedin: LinkedInAccount | None = None
    twitter: XAccount | None = None
    email: MailAccount | None = None

    def of(self, channel: Channel) -> Account | None:
        """The account of a channel."""
        match channel:
            case Channel.LINKEDIN:
                return self.linkedin
            case Channel.TWITTER:
                return self.twitter
            case Channel.EMAIL:
                return self.email

    def __iter__(self) -> Iterator[Channel]:
        return (channel for channel in Channel if self.of(channel) is not None)
