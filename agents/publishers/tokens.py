"""The token of the X account: the configured one, or what its refresh token was last renewed to.

Source: "OAuth 2.0 Authorization Code Flow with PKCE" (docs.x.com): an access token is valid for two
hours; with the scope offline.access there is a refresh token, and `POST /2/oauth2/token` with
`grant_type=refresh_token` and `client_id` gives a new pair. Confidential clients authenticate with
HTTP Basic. A refresh token counts once, so its successor is on disk before it is used.
"""

import asyncio
import fcntl
import json
import os
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from agents.publishers.accounts import XAccount
from agents.publishers.calls import Answer, Call, send
from agents.publishers.verdicts import Broken
from streams.clock import Clock
from streams.domain.values import Json, Milliseconds

EARLY: Milliseconds = 60_000  # a token that ends so soon is renewed first


class Tokens:
    """Answers a token that should be valid. Renewing is done by one at a time."""

    def __init__(self, account: XAccount, clock: Clock) -> None:
        self._account = account
        self._clock = clock
        self._renewing = asyncio.Lock()
        self._rejected: set[str] = set()  # digests of tokens that the platform refused

    @property
    def can_renew(self) -> bool:
        """Whether there is a refresh token, and an app that it is of."""
        return self._account.refresh_token is not None and bool(self._account.client_id)

    def reject(self, token: str) -> None:
        """The platform does not take this token any more."""
        self._rejected.add(_digest(token))

    async def token(
        self, *, begin_before: Milliseconds, until: Milliseconds
    ) -> str | Answer | Broken:
        """A token, or how renewing it ended. Renewing posts nothing: whatever becomes of it, the
        post itself was not begun."""
        async with self._renewing:
            known = await asyncio.to_thread(self._known)
            token = str(known.get("token") or "")
            is_good = token and _digest(token) not in self._rejected
            if is_good and not self._ends(known):
                return token
            if not self.can_renew:
                return token or Answer(401, {}, b"{}")
            return await self._renew(known, begin_before, until)

    def _ends(self, known: Json) -> bool:
        ends_at = known.get("ends_at")
        return isinstance(ends_at, int) and self.can_renew and ends_at - EARLY <= self._clock()

    def _known(self) -> Json:
        """What was renewed last, as long as the configured refresh token is the one it came of."""
        configured = _secret(self._account.token)
        first: Json = {"token": configured, "refresh_token": _secret(self._account.refresh_token)}
        kept = _read(self._account.renewed)
        is_successor = kept.get("of") == self._origin() and bool(kept.get("token"))
        return kept if is_successor else first

    def _origin(self) -> str:
        return _digest(_secret(self._account.refresh_token))

    async def _renew(
        self, known: Json, begin_before: Milliseconds, until: Milliseconds
    ) -> str | Answer | Broken:
        async with _alone(self._account.renewed):
            newest = await asyncio.to_thread(self._known)  # another process may have been faster
            if newest != known:
                return str(newest["token"])
            answer = await send(
                self._request(str(known["refresh_token"])),
                begin_before=begin_before,
                until=until,
                clock=self._clock,
            )
            if isinstance(answer, Broken):
                return Broken.UNREACHABLE if answer is not Broken.UNTRUSTED else answer
            found = answer.document
            if answer.status != 200 or not isinstance(found.get("access_token"), str):
                return _as_refusal(answer)
            await asyncio.to_thread(self._keep, found, known)
            return str(found["access_token"])

    def _request(self, refresh_token: str) -> Call:
        account, client_id = self._account, self._account.client_id or ""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        headers: dict[str, str] = {}
        if account.client_secret is not None:
            pair = f"{quote(client_id)}:{quote(account.client_secret.get_secret_value())}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form["client_id"] = client_id
        return Call("POST", f"{account.url}/2/oauth2/token", headers, form=form)

    def _keep(self, found: Json, known: Json) -> None:
        lasts = found.get("expires_in")
        ends_at = self._clock() + int(lasts) * 1000 if isinstance(lasts, int) else None
        renewed = {
            "of": self._origin(),
            "token": found["access_token"],
            "refresh_token": found.get("refresh_token") or known["refresh_token"],
            "ends_at": ends_at,
        }
        if self._account.renewed is not None:
            _write(self._account.renewed, renewed)


def _as_refusal(answer: Answer) -> Answer | Broken:
    """A refused refresh token is as good as an expired token; a failing server is tried again."""
    if answer.status == 429:
        return answer
    is_refused = 400 <= answer.status < 500
    return Answer(401, {}, answer.body, answer.is_whole) if is_refused else Broken.UNREACHABLE


@asynccontextmanager
async def _alone(path: Path | None) -> AsyncIterator[None]:
    """Let no other process renew at the same time; it would use the same refresh token twice."""
    if path is None:
        yield
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with suppress(OSError):
            await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _read(path: Path | None) -> Json:
    try:
        found = json.loads(path.read_bytes()) if path is not None else {}
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, value: Json) -> None:
    """Replace the file at once, readable by its owner alone."""
    draft = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            json.dump(value, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _secret(value: Any) -> str:
    return "" if value is None else str(value.get_secret_value())


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
