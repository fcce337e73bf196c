"""Tokens and roles: off on loopback without a secret, required everywhere else."""

import time
from pathlib import Path

import jwt
import pytest

from api.errors import UsageError
from api.security import ALGORITHM, AUDIENCE, check_binding, create_token
from api.settings import Settings, load
from tests.api.serving import serving

SECRET = "a secret of more than thirty-two characters"
OTHER = "another secret of more than thirty-two chars"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, secret=SECRET)


def test_another_address_than_loopback_needs_a_secret() -> None:
    with pytest.raises(UsageError, match="ORCHESTRATOR_SECRET"):
        check_binding(Settings(host="0.0.0.0"))  # noqa: S104 - it must be refused

    check_binding(Settings(host="0.0.0.0", secret=SECRET))  # noqa: S104
    check_binding(Settings(host="127.0.0.1"))


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(UsageError, match="secret"):
        load({"secret": "short"}, {})


async def test_without_a_token_nothing_is_answered(tmp_path: Path) -> None:
    async with serving(tmp_path, secret=SECRET) as here:
        answer = await here.http.get("/api/orchestrator/status/x")
        alive = await here.http.get("/livez")

    assert answer.status_code == 401
    assert "token create" in answer.json()["detail"]
    assert alive.status_code == 200


@pytest.mark.parametrize(
    ("claims", "secret", "algorithm"),
    [
        ({}, OTHER, ALGORITHM),
        ({"aud": "somebody else"}, SECRET, ALGORITHM),
        ({"exp": 1}, SECRET, ALGORITHM),
        ({"role": "root"}, SECRET, ALGORITHM),
        ({}, "", "none"),
        ({}, SECRET + SECRET, "HS512"),
    ],
    ids=[
        "forged",
        "for something else",
        "expired",
        "no such role",
        "alg none",
        "another algorithm",
    ],
)
async def test_a_token_that_is_not_ours_is_refused(
    claims: dict[str, object], secret: str, algorithm: str, tmp_path: Path
) -> None:
    good = {"sub": "eve", "role": "admin", "aud": AUDIENCE, "exp": int(time.time()) + 60}
    token = jwt.encode(good | claims, secret or None, algorithm=algorithm)

    async with serving(tmp_path, secret=SECRET) as here:
        answer = await here.http.get("/api/orchestrator/status/x", headers=bearer(token))

    assert answer.status_code == 401


async def test_each_role_may_do_what_those_below_it_may(tmp_path: Path) -> None:
    async with serving(tmp_path, secret=SECRET) as here:
        found = {}
        for role in ("viewer", "operator", "approver"):
            token = bearer(create_token(settings(tmp_path), role, role, days=1))
            process = await here.http.post(
                "/api/orchestrator/process", json={"request": "x"}, headers=token
            )
            decision = {"task_id": "none", "approved": True}
            approve = await here.http.post(
                "/api/orchestrator/approve", json=decision, headers=token
            )
            found[role] = (process.status_code, approve.status_code)

    assert found == {"viewer": (403, 403), "operator": (202, 403), "approver": (202, 404)}


async def test_another_tenants_task_does_not_exist(tmp_path: Path) -> None:
    mine = bearer(create_token(settings(tmp_path), "ann", "admin", days=1, tenant="a"))
    theirs = bearer(create_token(settings(tmp_path), "bob", "admin", days=1, tenant="b"))
    async with serving(tmp_path, secret=SECRET) as here:
        taken = await here.http.post(
            "/api/orchestrator/process", json={"request": "x", "task_id": "t1"}, headers=mine
        )
        seen = [
            await here.http.get(f"/api/orchestrator/{path}", headers=theirs)
            for path in ("status/t1", "approval/t1", "tasks/t1/events")
        ]
        stolen = await here.http.post(
            "/api/orchestrator/process", json={"request": "x", "task_id": "t1"}, headers=theirs
        )

    assert taken.status_code == 202
    assert [answer.status_code for answer in seen] == [404, 404, 404]
    assert stolen.status_code == 409


def test_secrets_are_masked_where_settings_are_shown() -> None:
    shown = Settings(secret=SECRET, token="abc").shown()

    assert shown["secret"] == "***"
    assert shown["token"] == "***"
