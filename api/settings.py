"""Configuration, read once and handed on as a value: flags over environment over `.env` over
`orchestrator.toml`."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.errors import UsageError

PREFIX = "ORCHESTRATOR_"
FILE = "orchestrator.toml"
MASKED = frozenset(
    {
        "secret", "token", "kafka_password", "kafka_key_password", "linkedin_token", "x_token",
        "x_refresh_token", "x_client_secret", "smtp_password", "smtp_recipients",
    }
)  # fmt: skip


class Settings(BaseModel):
    """All settings of a process. Names are the same in the file, as flags, and, with the prefix,
    as variables."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Path = Field(default=Path(".orchestrator"), description="the data directory")
    host: str = Field(default="127.0.0.1", description="where the server listens")
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str | None = Field(
        default=None, description="the address in links, if it is not host:port"
    )
    server: str | None = Field(
        default=None, description="the server that the command line talks to"
    )
    token: str | None = Field(
        default=None, description="the bearer token that the command line sends"
    )
    secret: str | None = Field(
        default=None, min_length=32, description="signs and checks bearer tokens"
    )
    max_body: int = Field(default=8_000_000, ge=1_000, description="bytes of a request body")
    quality_threshold: float = Field(default=0.85, ge=0, le=1)
    step_threshold: float = Field(default=0.75, ge=0, le=1)
    max_retries: int = Field(default=2, ge=0, le=20)
    max_attempts: int = Field(default=3, ge=1, le=20)
    budget: float | None = Field(default=None, ge=0, description="US dollars a task")
    budget_principal: float | None = Field(
        default=None, ge=0, description="US dollars a principal and UTC day"
    )
    budget_day: float | None = Field(default=None, ge=0, description="US dollars a tenant and day")
    budget_mode: Literal["audit", "ask", "stop"] = Field(
        default="stop", description="what happens to a call that would pass a limit"
    )
    budget_ask_above: float | None = Field(
        default=None, ge=0, description="a call that may cost more needs a human's yes first"
    )
    model: str = Field(
        default="off",
        max_length=200,
        description="who writes: auto (where a provider is set up), off, a model's name, or a tier",
    )
    model_urls: str = Field(
        default="", description="servers with OpenAI's interface: lab=http://host:8001/v1,…"
    )
    mcp: Path | None = Field(
        default=None, description="the file that names MCP servers, if not mcp.json in the data"
    )
    log_level: Literal["debug", "info", "warning", "error", "critical"] = "warning"
    kafka: str | None = Field(
        default=None, min_length=1, description="host:port of Apache Kafka; several with commas"
    )
    kafka_prefix: str = Field(
        default="orchestrator.",
        pattern=r"^[A-Za-z0-9._-]{1,100}$",
        description="before the names of all topics, groups and transactional ids",
    )
    kafka_partitions: int | None = Field(
        default=None, ge=1, le=10_000, description="of a new log; they never change"
    )
    kafka_replication: int = Field(default=1, ge=1, le=15, description="copies of a new log")
    kafka_security: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "PLAIN"
    kafka_username: str | None = None
    kafka_password: str | None = None
    kafka_ca_file: Path | None = Field(default=None, description="certificates to trust")
    kafka_certificate_file: Path | None = Field(default=None, description="our own certificate")
    kafka_key_file: Path | None = None
    kafka_key_password: str | None = None
    kafka_compression: Literal["gzip"] | None = None
    external_agents: str = Field(
        default="",
        pattern=r"^([A-Za-z0-9._-]+(,[A-Za-z0-9._-]+)*)?$",
        description="agent types left to agents elsewhere that poll for work: weather,financial",
    )
    agent_limits: str = Field(
        default="",
        pattern=r"^([A-Za-z0-9._-]+=[1-9]\d*(,[A-Za-z0-9._-]+=[1-9]\d*)*)?$",
        description="how many commands of a type agents elsewhere may hold at once: weather=4",
    )
    live_channels: str = Field(
        default="", description="where approved posts are really published: linkedin,twitter,email"
    )
    effect_seconds: float = Field(
        default=60.0, gt=0, le=3_600, description="in which a publication must have begun"
    )
    engagement_hours: str = Field(
        default="1,6,24,72,168",
        pattern=r"^(\d+(\.\d+)?(,\d+(\.\d+)?)*)?$",
        description="how long after a publication the platform is asked how it does",
    )
    linkedin_token: str | None = Field(default=None, min_length=1, repr=False)
    linkedin_author: str | None = Field(default=None, description="urn:li:person:… or organization")
    linkedin_version: str | None = Field(default=None, description="of LinkedIn's API, YYYYMM")
    linkedin_url: str | None = None
    x_token: str | None = Field(default=None, min_length=1, repr=False)
    x_refresh_token: str | None = Field(default=None, min_length=1, repr=False)
    x_client_id: str | None = None
    x_client_secret: str | None = Field(default=None, min_length=1, repr=False)
    x_url: str | None = None
    smtp_host: str | None = None
    smtp_port: int | None = Field(default=None, ge=1, le=65_535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password: str | None = Field(default=None, min_length=1, repr=False)
    smtp_from: str | None = None
    smtp_recipients: str | None = Field(
        default=None, repr=False, description="addresses with commas, or @FILE with one a line"
    )
    smtp_unsubscribe_url: str | None = Field(
        default=None, description="{recipient} in it stands for the address"
    )
    smtp_unsubscribe_mail: str | None = None
    smtp_ca_file: Path | None = Field(default=None, description="certificates to trust")

    @property
    def url(self) -> str:
        """The address that users see."""
        if self.public_url:
            return self.public_url.rstrip("/")
        return self.local_url

    @property
    def local_url(self) -> str:
        """The address by which other processes of this machine reach the server."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def external_types(self) -> frozenset[str]:
        """The agent types that no agent in this process works."""
        return frozenset(filter(None, self.external_agents.split(",")))

    @property
    def type_limits(self) -> dict[str, int]:
        """By agent type, how many of its commands agents elsewhere may hold at once."""
        pairs = (each.split("=") for each in self.agent_limits.split(",") if each)
        return {name: int(number) for name, number in pairs}

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in ("127.0.0.1", "::1", "localhost")

    def shown(self) -> dict[str, Any]:
        """The settings as JSON, with secrets masked."""
        values = self.model_dump(mode="json")
        return {k: "***" if k in MASKED and v is not None else v for k, v in values.items()}


def load(flags: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process.

    Args:
        flags: what was given on the command line; None stands for "not given".
        environment: the variables, `os.environ` unless stated.

    Raises:
        UsageError: a value does not fit; the message says which and where it came from.
    """
    variables = dict(os.environ if environment is None else environment)
    dotted = _read_env_file(Path(".env"))
    named = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in {**dotted, **variables}.items()
        if name.startswith(PREFIX)
    }
    known = {name: value for name, value in named.items() if name in Settings.model_fields}
    given = {name: value for name, value in flags.items() if value is not None}
    data = Path(given.get("data") or known.get("data") or Settings.model_fields["data"].default)
    # Only what is started by a person asks models by itself.
    merged = {"model": "auto", **_read_file(data / FILE), **known, **given}
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        source = "flag" if name in given else "variable" if name in known else str(data / FILE)
        raise UsageError(f"the setting {name!r} ({source}): {first['msg']}") from None


def _read_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid TOML: {error}") from None


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8: byte {error.start}") from None
    lines = (line.strip() for line in text.splitlines())
    pairs = (
        line.removeprefix("export ").split("=", 1)
        for line in lines
        if "=" in line and line[:1] != "#"
    )
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}
