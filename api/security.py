"""Who asks, and may they? Bearer tokens (JWT, HS256) with roles; off on loopback as long as no
secret is set."""

import time
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated

from fastapi import Depends, Request

from api.errors import ApiError, Forbidden, UsageError
from api.settings import Settings

ALGORITHM = "HS256"
AUDIENCE = "intelligent-orchestrator"
ROLES = ("viewer", "operator", "approver", "admin")  # each may do what those before it may
LEEWAY = 30  # seconds that two clocks may differ


class Unauthorised(ApiError):
    """There is no valid token: `orchestrator token create` makes one."""

    status = 401
    headers = MappingProxyType({"WWW-Authenticate": "Bearer"})


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks."""

    name: str
    role: str
    tenant: str = "default"

    def may(self, role: str) -> bool:
        """Whether this one may do what `role` may."""
        return ROLES.index(self.role) >= ROLES.index(role)


LOCAL = Principal("local", "admin")


def check_binding(settings: Settings) -> None:
    """Refuse to be reachable from elsewhere without tokens.

    Raises:
        UsageError: the address is not loopback and no secret is set.
    """
    if not settings.is_loopback and settings.secret is None:
        raise UsageError(
            f"{settings.host} can be reached from other machines: set ORCHESTRATOR_SECRET "
            "(32 characters or more) and give people tokens with `orchestrator token create`, "
            "or listen on 127.0.0.1"
        )


def create_token(
    settings: Settings, name: str, role: str, *, days: float, tenant: str = "default"
) -> str:
    """A bearer token for somebody.

    Raises:
        UsageError: there is no secret to sign with, or no such role.
    """
    import jwt

    if settings.secret is None:
        raise UsageError(
            "set ORCHESTRATOR_SECRET (32 characters or more) first: it signs the tokens"
        )
    if role not in ROLES:
        raise UsageError(f"{role!r} is no role: {', '.join(ROLES)}")
    now = int(time.time())
    claims = {
        "sub": name,
        "role": role,
        "tenant": tenant,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + int(days * 86_400),
    }
    return jwt.encode(claims, settings.secret, algorithm=ALGORITHM)


def read_token(secret: str, token: str) -> Principal:
    """Who a token stands for.

    Raises:
        Unauthorised: it is forged, expired, or for something else.
    """
    import jwt

    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            leeway=LEEWAY,
            options={"require": ["exp", "aud", "sub"]},
        )
    except jwt.PyJWTError as error:
        raise Unauthorised(f"the bearer token is not valid: {error}") from None
    role = claims.get("role")
    if role not in ROLES:
        raise Unauthorised("the bearer token names no role")
    return Principal(str(claims["sub"]), str(role), str(claims.get("tenant", "default")))


def authenticate(secret: str, header: str) -> Principal:
    """Who sent a request with this `Authorization` header.

    Raises:
        Unauthorised: it holds no valid token.
    """
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorised("send a bearer token: `orchestrator token create` makes one")
    return read_token(secret, token.strip())


async def principal(request: Request) -> Principal:
    """Who sent this request; the gate has found it out."""
    found: Principal = request.state.principal
    return found


class Needs:
    """Lets through whoever has a role; `let_through` is the dependency."""

    def __init__(self, role: str) -> None:
        self.role = role

    def __call__(self, who: Principal) -> Principal:
        if not who.may(self.role):
            raise Forbidden(f"this needs the role {self.role!r}; you are {who.role!r}")
        return who

    # Not a plain function: FastAPI would hand each call of one to a thread and back.
    async def let_through(self, who: Annotated[Principal, Depends(principal)]) -> Principal:
        """Who asks, if the role is enough."""
        return self(who)


Viewer = Annotated[Principal, Depends(Needs("viewer").let_through)]
Operator = Annotated[Principal, Depends(Needs("operator").let_through)]
Approver = Annotated[Principal, Depends(Needs("approver").let_through)]
Admin = Annotated[Principal, Depends(Needs("admin").let_through)]
