"""The channels as they are configured: what is missing, which are live, and where a post goes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from agents.contract import Agent
from agents.platforms.limits import NAMES
from agents.publishers.accounts import (
    LINKEDIN_URL,
    LINKEDIN_VERSION,
    X_URL,
    Account,
    LinkedInAccount,
    MailAccount,
    XAccount,
)
from agents.publishers.calls import LOOPBACK
from agents.publishers.guide import GUIDES
from agents.publishers.live import live_effects
from agents.publishers.smtp import bare
from api.settings import PREFIX, Settings
from streams.clock import Clock, wall_clock
from streams.domain.values import Channel, Json

MOST_RECIPIENTS = 2_000  # what one attempt can do, and the history can keep of it
PORTS: Mapping[str, int] = {"starttls": 587, "tls": 465, "none": 25}
_AUTHOR = re.compile(r"urn:li:(?:person|organization):[A-Za-z0-9_-]+")
_ADDRESS = re.compile(r"[!-?A-~]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_VERSION = re.compile(r"20\d\d(?:0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a channel stands. `account` is there when nothing is missing and nothing is wrong."""

    channel: Channel
    account: Account | None
    missing: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    is_named: bool = False

    @property
    def is_live(self) -> bool:
        """Whether approved posts are really published here."""
        return self.is_named and self.account is not None

    @property
    def where(self) -> str:
        """Where a post goes, for people."""
        if self.account is not None and self.is_named:
            return self.account.where
        return f"the outbox: a dry run, nothing leaves this machine for {NAMES[self.channel]}"

    @property
    def as_json(self) -> Json:
        """As it is answered and printed."""
        return {
            "channel": self.channel.value,
            "name": NAMES[self.channel],
            "mode": "live" if self.is_live else "dry_run",
            "is_live": self.is_live,
            "is_complete": self.account is not None,
            "is_named": self.is_named,
            "where": self.where,
            "missing": list(self.missing),
            "problems": list(self.problems),
        }


def standings(settings: Settings) -> dict[Channel, Standing]:
    """How each channel stands; an unknown name in `live_channels` is a problem of all of them."""
    named, unknown = _named(settings.live_channels)
    strange = tuple(f"{PREFIX}LIVE_CHANNELS names {name!r}: no such channel" for name in unknown)
    makers = {
        Channel.LINKEDIN: _linkedin,
        Channel.TWITTER: _x,
        Channel.EMAIL: _mail,
    }
    found = {}
    for channel, make in makers.items():
        missing = _missing(settings, channel)
        account, problems = (None, ()) if missing else make(settings)
        account = None if problems else account
        found[channel] = Standing(
            channel, account, missing, (*problems, *strange), channel in named
        )
    return found


def with_live_channels(
    agents: Iterable[Agent], settings: Settings, clock: Clock = wall_clock
) -> tuple[Agent, ...]:
    """The same agents, of which the publisher really publishes on the channels that are live."""
    live = {
        channel: standing.account
        for channel, standing in standings(settings).items()
        if standing.is_named and standing.account is not None
    }
    effects = live_effects(live, clock)
    return tuple(
        replace(agent, effects={**agent.effects, **effects})
        if agent.agent_type == "publisher" and effects
        else agent
        for agent in agents
    )


def announcement(settings: Settings) -> Json:
    """For whoever approves: is it really published, and where?"""
    return {
        channel.value: {"is_live": standing.is_live, "where": standing.where}
        for channel, standing in standings(settings).items()
    }


def channel_named(name: str) -> Channel | None:
    """A channel by the name that people type; X is twitter."""
    wanted = name.strip().lower()
    wanted = {"x": "twitter", "e-mail": "email", "mail": "email"}.get(wanted, wanted)
    return next((channel for channel in Channel if channel.value == wanted), None)


def _named(listed: str) -> tuple[frozenset[Channel], tuple[str, ...]]:
    names = [name.strip() for name in listed.split(",") if name.strip()]
    found = {name: channel_named(name) for name in names}
    known = frozenset(channel for channel in found.values() if channel is not None)
    return known, tuple(name for name, channel in found.items() if channel is None)


def _missing(settings: Settings, channel: Channel) -> tuple[str, ...]:
    given = {name for name in GUIDES[channel].variables if getattr(settings, name) is not None}
    if settings.x_refresh_token is not None:
        given.add("x_token")
    if settings.smtp_unsubscribe_url is not None:
        given.add("smtp_unsubscribe_mail")
    needed = [name for name in GUIDES[channel].variables if name not in given]
    return tuple(f"{PREFIX}{name.upper()}" for name in needed)


def _linkedin(settings: Settings) -> tuple[Account | None, tuple[str, ...]]:
    author = (settings.linkedin_author or "").strip()
    version = settings.linkedin_version or LINKEDIN_VERSION
    url, problems = _address("LINKEDIN_URL", settings.linkedin_url, LINKEDIN_URL)
    if not _AUTHOR.fullmatch(author):
        problems.append(f"{PREFIX}LINKEDIN_AUTHOR must be urn:li:person:ID or …organization:ID")
    if not _VERSION.fullmatch(version):
        problems.append(f"{PREFIX}LINKEDIN_VERSION must be a year and a month: 202603")
    problems += _token("LINKEDIN_TOKEN", settings.linkedin_token)
    token = SecretStr(settings.linkedin_token or "")
    return LinkedInAccount(token, author, version, url), tuple(problems)


def _x(settings: Settings) -> tuple[Account | None, tuple[str, ...]]:
    url, problems = _address("X_URL", settings.x_url, X_URL)
    problems += _token("X_TOKEN", settings.x_token)
    if settings.x_refresh_token and not settings.x_client_id:
        problems.append(f"{PREFIX}X_CLIENT_ID is needed to renew with the refresh token")
    account = XAccount(
        token=_secret(settings.x_token),
        refresh_token=_secret(settings.x_refresh_token),
        client_id=settings.x_client_id,
        client_secret=_secret(settings.x_client_secret),
        url=url,
        renewed=settings.data / "credentials" / "x.json",
    )
    return account, tuple(problems)


def _mail(settings: Settings) -> tuple[Account | None, tuple[str, ...]]:
    host, security = settings.smtp_host or "", settings.smtp_security
    recipients, problems = _recipients(settings.smtp_recipients or "")
    if security == "none" and host not in LOOPBACK:
        problems.append(f"{PREFIX}SMTP_SECURITY may be 'none' on this machine alone")
    if not _ADDRESS.fullmatch(bare(settings.smtp_from or "")):
        problems.append(f"{PREFIX}SMTP_FROM is no address: ann@example.com")
    if settings.smtp_unsubscribe_mail and not _ADDRESS.fullmatch(settings.smtp_unsubscribe_mail):
        problems.append(f"{PREFIX}SMTP_UNSUBSCRIBE_MAIL is no address")
    if not _is_plain(settings.smtp_from, settings.smtp_unsubscribe_url, host):
        problems.append(f"{PREFIX}SMTP_FROM, …_HOST and …_UNSUBSCRIBE_URL must be of one line")
    url = settings.smtp_unsubscribe_url or "https://"
    if not url.startswith("https://") or not url.isascii() or any(c in url for c in " <>,"):
        problems.append(f"{PREFIX}SMTP_UNSUBSCRIBE_URL must be an https address (RFC 8058)")
    if bool(settings.smtp_user) != bool(settings.smtp_password):
        problems.append(f"{PREFIX}SMTP_USER and {PREFIX}SMTP_PASSWORD go together")
    if settings.smtp_ca_file is not None and not settings.smtp_ca_file.is_file():
        problems.append(f"{PREFIX}SMTP_CA_FILE is no file")
    account = MailAccount(
        host=host,
        port=settings.smtp_port or PORTS[security],
        sender=settings.smtp_from or "",
        recipients=recipients,
        security=security,
        user=settings.smtp_user,
        password=_secret(settings.smtp_password),
        unsubscribe_url=settings.smtp_unsubscribe_url,
        unsubscribe_mail=settings.smtp_unsubscribe_mail,
        ca_file=settings.smtp_ca_file,
    )
    return account, tuple(problems)


def _address(name: str, given: str | None, usual: str) -> tuple[str, list[str]]:
    """An address that a token may be sent to: encrypted, or on this machine."""
    url = (given or usual).rstrip("/")
    try:
        parts = urlsplit(url)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        is_whole = bool(parts.hostname) and not (parts.query or parts.fragment or parts.username)
    except ValueError:
        is_safe = is_whole = False
    if is_safe and is_whole:
        return url, []
    return url, [f"{PREFIX}{name} must be https://HOST, or http on this machine"]


def _recipients(given: str) -> tuple[tuple[str, ...], list[str]]:
    """The addresses, each once, in their order; they are quoted by their place alone."""
    if given.startswith("@"):
        try:
            lines = Path(given[1:]).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            what = getattr(error, "strerror", None) or "it is not UTF-8"
            return (), [f"{PREFIX}SMTP_RECIPIENTS: the file cannot be read: {what}"]
        entries = [line.partition("#")[0].strip() for line in lines]
    else:
        entries = [entry.strip() for entry in given.split(",")]
    found = tuple(dict.fromkeys(entry for entry in entries if entry))
    wrong = [n for n, entry in enumerate(found, 1) if not _ADDRESS.fullmatch(entry)]
    problems = []
    if wrong:
        places = ", ".join(map(str, wrong[:5]))
        problems.append(f"{PREFIX}SMTP_RECIPIENTS: no plain address at place {places}")
    if not found:
        problems.append(f"{PREFIX}SMTP_RECIPIENTS names nobody")
    if len(found) > MOST_RECIPIENTS:
        problems.append(f"{PREFIX}SMTP_RECIPIENTS: at most {MOST_RECIPIENTS:,} are taken")
    return found, problems


def _token(name: str, token: str | None) -> list[str]:
    is_header = token is None or (token.isascii() and token.isprintable() and " " not in token)
    return [] if is_header else [f"{PREFIX}{name} has characters that no token has"]


def _is_plain(*texts: str | None) -> bool:
    return all(text is None or text.isprintable() for text in texts)


def _secret(value: str | None) -> SecretStr | None:
    return None if value is None else SecretStr(value)
