"""The topic `requests`: valid lines become tasks, the others dead letters, whatever happens in
between."""

import base64
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.security import create_token
from streams.log import DEAD_LETTERS, REQUESTS, Record
from tests.api.serving import Served, serving

LINES = b"\n".join(
    [b'{"request": "one"}', b'{"request": 2, "preferences": {"budget": -1}}', b"", b"\xff\xfe"]
)


async def produce(here: Served, lines: bytes, **headers: str) -> httpx.Response:
    return await here.http.post(
        "/api/requests", content=lines, headers={"Content-Type": "application/x-ndjson"} | headers
    )


async def letters(here: Served, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await here.http.get("/api/dead-letters", params=query)).json()[
        "items"
    ]
    return found


async def test_valid_lines_become_tasks_and_the_others_dead_letters(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        answer = (await produce(here, LINES)).json()
        task = await here.status(answer["outcomes"][0]["task_id"])
        kept = await letters(here)
        one = (await here.http.get(f"/api/dead-letters/{kept[1]['offset']}")).json()

    assert (answer["accepted"], answer["refused"]) == (1, 2)
    assert task["outcome"] == "approved"
    assert {e["pointer"] for e in answer["outcomes"][1]["errors"]} == {
        "/request",
        "/preferences/budget",
    }
    assert kept[0]["body"] == '{"request": 2, "preferences": {"budget": -1}}'
    assert kept[0]["pointer"] == "/request"
    assert "/preferences/budget" in kept[0]["reason"]
    assert kept[0]["origin"] == {"topic": "requests", "partition": 0, "offset": 1}
    assert base64.b64decode(one["body"]) == b"\xff\xfe"


async def test_what_a_crash_left_unread_is_read_at_the_next_start(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        await here.parts.log.append([Record(REQUESTS, 0, "", b'{"request": "left"}')])
    async with serving(tmp_path) as here:
        page = (await here.http.get("/api/orchestrator/history")).json()

    assert [item["request"] for item in page["items"]] == ["left"]


async def test_reading_again_after_a_crash_makes_nothing_twice(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        first = (await produce(here, LINES)).json()
        await here.parts.log.save_position("inbox", REQUESTS, 0, 0)  # as if it had not been saved
        read = await here.parts.inbox.drain()
        page = (await here.http.get("/api/orchestrator/history")).json()
        kept = await here.parts.log.end(DEAD_LETTERS, 0)

    assert read == 3
    assert [item["task_id"] for item in page["items"]] == [first["outcomes"][0]["task_id"]]
    assert kept == 2


async def test_the_same_task_id_or_key_is_the_same_task(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        line = b'{"request": "one", "task_id": "mine"}'
        both = (await produce(here, line + b"\n" + line)).json()
        other = (await produce(here, b'{"request": "two", "task_id": "mine"}')).json()
        key = {"Idempotency-Key": "k"}
        keyed = [(await produce(here, b'{"request": "three"}', **key)).json() for _ in range(2)]

    assert [o["is_repeat"] for o in both["outcomes"]] == [False, True]
    assert other["outcomes"][0]["errors"][0]["pointer"] == "/task_id"
    assert keyed[0]["outcomes"][0]["task_id"] == keyed[1]["outcomes"][0]["task_id"]


async def test_a_request_can_be_put_back(tmp_path: Path) -> None:
    async with serving(tmp_path, max_body=1_000) as here:
        await here.parts.inbox.take([b'{"request": "%s"}' % (b"a" * 1_500)])
    async with serving(tmp_path) as here:
        put_back = (await here.http.post("/api/dead-letters/0/requeue")).json()
        missing = await here.http.post("/api/dead-letters/7/requeue")

    assert put_back["accepted"] == 1
    assert missing.status_code == 404


@pytest.mark.parametrize(
    ("lines", "headers", "said"),
    [
        (b"", {}, "no request"),
        (b"\n \n", {}, "no request"),
        (b"{}\n" * 5_001, {}, "too many"),
        (b"{}\n{}", {"Idempotency-Key": "k"}, "single message"),
    ],
    ids=["empty", "blank", "too many", "a key for two"],
)
async def test_what_cannot_be_appended_is_refused_as_a_whole(
    lines: bytes, headers: dict[str, str], said: str, tmp_path: Path
) -> None:
    async with serving(tmp_path) as here:
        answer = await produce(here, lines, **headers)
        end = await here.parts.log.end(REQUESTS, 0)

    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert end == 0


async def test_dead_letters_are_read_page_by_page(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        await produce(here, b"1\n2\n3")
        first = (await here.http.get("/api/dead-letters", params={"limit": 2})).json()
        rest = await letters(here, after=first["next_after"])

    assert [item["body"] for item in first["items"]] == ["1", "2"]
    assert [item["body"] for item in rest] == ["3"]


async def test_only_who_may_approve_may_have_it_approved_in_advance(tmp_path: Path) -> None:
    line = b'{"request": "x", "preferences": {"auto_approve": true}}'
    async with serving(tmp_path, secret="s" * 40) as here:
        tokens = {
            role: create_token(here.parts.settings, role, role, days=1, tenant=tenant)
            for role, tenant in (("operator", "a"), ("approver", "a"), ("admin", "b"))
        }
        bearer = {role: {"Authorization": f"Bearer {token}"} for role, token in tokens.items()}
        refused = (await produce(here, line, **bearer["operator"])).json()
        taken = (await produce(here, line, **bearer["approver"])).json()
        theirs = (await here.http.get("/api/dead-letters", headers=bearer["admin"])).json()

    assert refused["outcomes"][0]["errors"][0]["pointer"] == "/preferences/auto_approve"
    assert taken["accepted"] == 1
    assert theirs["items"] == []
