"""The command queue over HTTP: dispatch, claim, report, and what becomes of lost leases."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.security import create_token
from streams.verification import verify_log
from tests.api.serving import Served, serving
from tests.streams.waiting import until as soon

QUEUE = "/api/commands/"
LOOK: dict[str, Any] = {"agent_type": "weather", "action": "look", "payload": {"place": "Rome"}}
SECRET = "s" * 40


async def put(here: Served, key: str | None = None, **more: Any) -> dict[str, Any]:
    """A command for agents elsewhere."""
    headers = {"Idempotency-Key": key} if key else {}
    answer = await here.http.post(QUEUE, json=LOOK | more, headers=headers)
    assert answer.status_code == 202, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def claim(here: Served, **query: Any) -> list[dict[str, Any]]:
    """What an agent gets."""
    given = {"claim": True, "agent_type": "weather", "agent": "ann"} | query
    answer = await here.http.get(QUEUE, params=given)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def patch(here: Served, command_id: str, what: str, **body: Any) -> httpx.Response:
    return await here.http.patch(f"{QUEUE}{command_id}/{what}", json={"agent": "ann"} | body)


async def show(here: Served, command_id: str) -> dict[str, Any]:
    document: dict[str, Any] = (await here.http.get(QUEUE + command_id)).json()
    return document


async def until_asking(here: Served, number: int) -> None:
    """Wait until so many agents wait for work."""
    await soon(lambda: here.parts.commands.queue.askers == number)


async def until(here: Served, command_id: str, **wanted: Any) -> dict[str, Any]:
    """Wait until a command stands so."""
    task_id = command_id.rpartition(".")[0]
    changed = asyncio.Event()
    stop = here.parts.core.listen(lambda _, states: changed.set() if task_id in states else None)
    try:
        while True:
            found = await show(here, command_id)
            if wanted.items() <= found.items():
                return found
            await changed.wait()
            changed.clear()
    finally:
        stop()


async def test_a_command_goes_through_the_queue_as_the_example_flow_has_it(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        made = await here.http.post(QUEUE, json=LOOK)
        command_id = made.json()["command_id"]
        pending = (await here.http.get(QUEUE, params={"status": "pending"})).json()["items"]
        reported = await here.http.patch(
            f"{QUEUE}{command_id}/result", json={"result": {"sky": "blue"}}
        )
        found = await show(here, command_id)
        task = await here.status(made.json()["task_id"])
        report = await verify_log(here.parts.log)

    assert made.headers["location"] == QUEUE + command_id
    assert [item["command_id"] for item in pending] == [command_id]
    assert reported.status_code == 200
    assert reported.json()["status"] == "completed"
    assert found["status"] == "completed"
    assert found["payload"] == {"place": "Rome"}
    assert found["result"] == {"sky": "blue"}
    assert task["outcome"] == "approved"
    assert report.findings == []


async def test_the_highest_priority_goes_first_then_the_longest_wait(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        names = [("early", 0), ("late", 0), ("urgent", 50), ("idle", -5)]
        for name, priority in names:
            await put(here, task_id=name, priority=priority)
        first = await claim(here)
        rest = await claim(here, limit=10)

    found = [item["task_id"] for item in (*first, *rest)]
    assert found == ["urgent", "early", "late", "idle"]
    assert first[0]["payload"] == {"place": "Rome"}
    assert first[0]["lease"]["runner"] == "ann"


async def test_nobody_else_gets_what_is_held(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        made = [await put(here) for _ in range(20)]
        taken = await asyncio.gather(*(claim(here, agent=f"a{n}", limit=5) for n in range(8)))

    found = [item["command_id"] for items in taken for item in items]
    assert sorted(found) == sorted(each["command_id"] for each in made)


async def test_work_that_comes_wakes_one_who_waits_for_it(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        waiting = [
            asyncio.create_task(
                here.http.get(
                    QUEUE,
                    params={"claim": True, "agent_type": "weather", "agent": f"a{n}"},
                    headers={"Prefer": "wait=30"},
                )
            )
            for n in range(3)
        ]
        await until_asking(here, 3)
        made = await put(here)
        await until_asking(here, 2)
        here.parts.commands.close()  # lets the others go with nothing
        answers = [(await each).json()["items"] for each in waiting]

    found = [item["command_id"] for items in answers for item in items]
    assert found == [made["command_id"]]


async def test_a_lease_that_ends_puts_the_command_back(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        command_id = (await put(here))["command_id"]
        await claim(here, lease_seconds=1)
        await until(here, command_id, attempt=2)
        again = await claim(here, agent="bob")
        late = await patch(here, command_id, "result", output={"sky": "old"}, attempt=1)
        repeat = await patch(here, command_id, "result", output={"sky": "old"}, attempt=1)
        beat = await here.http.post(
            f"{QUEUE}{command_id}/heartbeat", json={"agent": "ann", "attempt": 1}
        )
        good = await patch(here, command_id, "result", output={"sky": "new"}, agent="bob")
        found = await show(here, command_id)
        history = (await here.http.get(f"{QUEUE}{command_id}/history")).json()["events"]
        events = (await here.http.get(f"/api/orchestrator/tasks/{found['task_id']}/events")).json()[
            "events"
        ]

    assert again[0]["attempt"] == 2
    assert [late.status_code, repeat.status_code, beat.status_code] == [409, 409, 409]
    assert {late.json()["code"], repeat.json()["code"], beat.json()["code"]} == {"lost_lease"}
    assert good.status_code == 200
    assert found["result"] == {"sky": "new"}
    assert [each["outcome"] for each in found["attempts"]] == ["failed", "completed"]
    assert [each["runner"] for each in found["attempts"]][1] == "bob"
    refusals = [e for e in events if e["type"] == "input_refused.v1"]
    assert [refusal["data"]["by"] for refusal in refusals] == ["ann"]
    assert history[-1]["data"]["output"] == {"sky": "new"}
    assert [each["type"] for each in history].count("input_refused.v1") == 1


async def test_the_same_report_again_is_answered_the_same(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        command_id = (await put(here))["command_id"]
        await claim(here)
        first = await patch(here, command_id, "result", output={"a": 1}, attempt=1)
        again = await patch(here, command_id, "result", output={"a": 1}, attempt=1)
        other = await patch(here, command_id, "result", output={"a": 1}, agent="bob")

    assert first.json()["verdict"] == "accepted"
    assert again.json() | {"verdict": "accepted"} == first.json()
    assert again.headers["etag"] == first.headers["etag"]
    assert other.status_code == 409


async def test_a_failed_attempt_leaves_its_progress_to_the_next(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        command_id = (await put(here))["command_id"]
        await claim(here)
        failed = await patch(
            here,
            command_id,
            "error",
            error="half way",
            attempt=1,
            retry_after=0,
            progress={"done": 2},
            cost=0.5,
        )
        await until(here, command_id, attempt=2)
        again = await claim(here)
        found = await show(here, command_id)

    assert failed.json()["status"] == "pending"
    assert again[0]["progress"] == {"done": 2}
    assert found["attempts"][0]["reason"] == "half way"
    assert found["cost"] == 0.5


async def test_what_is_not_retryable_fails_for_good_and_can_be_tried_again(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        command_id = (await put(here))["command_id"]
        await claim(here)
        failed = await patch(here, command_id, "error", error="no such place", is_retryable=False)
        found = await show(here, command_id)
        again = await here.http.post(f"{QUEUE}{command_id}/retry")
        offered = await claim(here)

    assert failed.json()["status"] == "failed"
    assert found["error"] == "no such place"
    assert again.status_code == 200
    assert [item["task_id"] for item in offered] == [found["task_id"]]


async def test_a_pause_is_cut_short_by_a_retry(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        command_id = (await put(here))["command_id"]
        await claim(here)
        await patch(here, command_id, "error", error="busy", retry_after=3_600)
        nothing = await claim(here)
        await here.http.post(f"{QUEUE}{command_id}/retry")
        offered = await claim(here)

    assert nothing == []
    assert offered[0]["attempt"] == 2


async def test_a_cancelled_command_is_not_handed_out(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        command_id = (await put(here))["command_id"]
        ended = await here.http.post(f"{QUEUE}{command_id}/cancel", json={"reason": "too late"})
        offered = await claim(here)
        late = await patch(here, command_id, "result", output={"a": 1})
        found = await show(here, command_id)

    assert ended.status_code == 200
    assert offered == []
    assert late.status_code == 409
    assert found["status"] in ("cancelled", "failed")


async def test_what_cannot_be_repeated_needs_the_door(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        command_id = (await put(here, is_repeatable=False))["command_id"]
        await claim(here)
        early = await patch(here, command_id, "result", output={"sent": 1}, attempt=1)
        granted = await here.http.post(
            f"{QUEUE}{command_id}/grant", json={"agent": "ann", "attempt": 1}
        )
        again = await here.http.post(
            f"{QUEUE}{command_id}/grant", json={"agent": "ann", "attempt": 1}
        )
        other = await here.http.post(
            f"{QUEUE}{command_id}/grant", json={"agent": "bob", "attempt": 1}
        )
        beat = await here.http.post(f"{QUEUE}{command_id}/heartbeat", json={"agent": "ann"})
        done = await patch(here, command_id, "result", output={"sent": 1}, attempt=1)

    assert early.status_code == 409
    assert "door" in early.json()["detail"]
    assert granted.status_code == 200
    assert granted.json()["key"] == command_id
    assert 0 < granted.json()["seconds"] <= 54
    assert again.status_code == 200
    assert other.status_code == 409
    assert beat.json()["is_granted"] is True
    assert done.json()["status"] == "completed"


async def test_an_uncertain_effect_asks_a_human(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        made = await put(here, is_repeatable=False)
        command_id = made["command_id"]
        await claim(here)
        await here.http.post(f"{QUEUE}{command_id}/grant", json={"agent": "ann"})
        told = await patch(here, command_id, "error", error="line dead", is_uncertain=True)
        found = await show(here, command_id)
        status = await here.status(made["task_id"])

    assert told.json()["status"] == "processing"
    assert found["waits_for"]["kind"] == "question"
    assert status["status"] == "waiting_for_answer"


async def test_a_heartbeat_gives_more_time(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        command_id = (await put(here))["command_id"]
        (taken,) = await claim(here, lease_seconds=5)
        beat = await here.http.post(
            f"{QUEUE}{command_id}/heartbeat", json={"agent": "ann", "lease_seconds": 600}
        )
        found = await show(here, command_id)

    assert beat.json()["lease_until"] > taken["lease"]["until"]
    assert found["lease"] == {
        "runner": "ann",
        "until": beat.json()["lease_until"],
        "is_granted": False,
    }


async def test_an_answer_of_the_wrong_form_is_named(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        command_id = (await put(here))["command_id"]
        both = await patch(here, command_id, "result", output={}, result={})
        none = await patch(here, command_id, "result")
        text = await patch(here, command_id, "result", output="blue")
        silent = await patch(here, command_id, "error")
        unknown = await patch(here, "nothing.1", "result", output={})

    assert [both.status_code, none.status_code, text.status_code] == [422, 422, 422]
    assert text.json()["errors"][0]["pointer"] == "/output"
    assert silent.json()["errors"][0]["pointer"] == "/error"
    assert unknown.status_code == 404


async def test_the_same_key_is_the_same_command(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        first = await put(here, "k1")
        again = await put(here, "k1")
        other = await here.http.post(
            QUEUE, json=LOOK | {"action": "smell"}, headers={"Idempotency-Key": "k1"}
        )
        taken = await here.http.post(
            QUEUE, json=LOOK | {"task_id": first["task_id"], "priority": 3}
        )

    assert again == first | {"is_repeat": True}
    assert other.status_code == 409
    assert taken.status_code == 409
    assert taken.json()["errors"][0]["pointer"] == "/task_id"


async def test_types_that_are_worked_here_are_not_handed_out(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        refused = await here.http.get(QUEUE, params={"claim": True, "agent_type": "echo"})
        unable = await here.http.post(QUEUE, json={"agent_type": "echo", "action": "sing"})
    async with serving(tmp_path / "b", external_agents="echo") as there:
        made = await there.http.post(QUEUE, json={"agent_type": "echo", "action": "sing"})
        handed = await claim(there, agent_type="echo")

    assert refused.status_code == 409
    assert "ORCHESTRATOR_EXTERNAL_AGENTS=echo" in refused.json()["detail"]
    assert unable.status_code == 422
    assert unable.json()["errors"][0]["pointer"] == "/action"
    assert handed[0]["command_id"] == made.json()["command_id"]


async def test_a_type_has_no_more_at_work_than_its_limit(tmp_path: Path) -> None:
    async with serving(tmp_path, agent_limits="weather=2") as here:
        for _ in range(4):
            await put(here)
        taken = await claim(here, limit=10)
        more = await claim(here, agent="bob")
        waiting = asyncio.create_task(
            here.http.get(
                QUEUE,
                params={"claim": True, "agent_type": "weather", "agent": "bob"},
                headers={"Prefer": "wait=30"},
            )
        )
        await until_asking(here, 1)
        await patch(here, taken[0]["command_id"], "result", output={})
        freed = (await waiting).json()["items"]

    assert len(taken) == 2
    assert more == []
    assert len(freed) == 1


async def test_steps_of_a_plan_come_when_their_inputs_are_there(tmp_path: Path) -> None:
    async with serving(tmp_path, external_agents="echo") as here:
        accepted = await here.http.post("/api/orchestrator/process", json={"request": "hello"})
        task_id = accepted.json()["task_id"]
        seen = []
        while len(seen) < 3:
            (item,) = await claim(here, agent_type="echo", lease_seconds=30)
            seen.append((item["step_id"], await claim(here, agent_type="echo", agent="bob")))
            await patch(here, item["command_id"], "result", output={"echo": item["step_id"]})
        ended = await here.status(task_id)
        listed = (
            await here.http.get(QUEUE, params={"task_id": task_id, "agent_type": "echo"})
        ).json()["items"]
        last = await show(here, listed[0]["command_id"])

    assert [step for step, _ in seen] == ["step-1", "step-2", "step-3"]
    assert [others for _, others in seen] == [[], [], []]
    assert ended["outcome"] == "approved"
    assert [item["step_id"] for item in listed] == ["step-3", "step-2", "step-1"]
    assert len(last["depends_on"]) == 1


async def test_figures_say_how_commands_stand(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        for _ in range(3):
            await put(here)
        (taken,) = await claim(here)
        await patch(here, taken["command_id"], "result", output={}, duration=1.5, cost=0.25)
        figures = (await here.http.get(f"{QUEUE}statistics")).json()["items"]

    (weather,) = [each for each in figures if each["agent_type"] == "weather"]
    assert weather["by_status"] == {"pending": 2, "completed": 1}
    assert weather["running"] == {"p50": 1.5, "p95": 1.5}
    assert weather["cost"] == 0.25


def bearer(here: Served, name: str, role: str, tenant: str = "default") -> dict[str, str]:
    token = create_token(here.parts.settings, name, role, days=1, tenant=tenant)
    return {"Authorization": f"Bearer {token}"}


async def test_another_tenant_sees_and_gets_nothing(tmp_path: Path) -> None:
    async with serving(tmp_path, secret=SECRET) as here:
        ours, theirs = bearer(here, "ann", "operator"), bearer(here, "eve", "admin", "other")
        made = (await here.http.post(QUEUE, json=LOOK, headers=ours)).json()
        path = QUEUE + made["command_id"]
        tries = [
            await here.http.get(path, headers=theirs),
            await here.http.get(f"{path}/history", headers=theirs),
            await here.http.patch(f"{path}/result", json={"output": {}}, headers=theirs),
            await here.http.patch(f"{path}/error", json={"error": "x"}, headers=theirs),
            await here.http.post(f"{path}/grant", json={}, headers=theirs),
            await here.http.post(f"{path}/heartbeat", json={}, headers=theirs),
            await here.http.post(f"{path}/cancel", json={}, headers=theirs),
            await here.http.post(f"{path}/retry", headers=theirs),
        ]
        query = {"claim": True, "agent_type": "weather"}
        taken = (await here.http.get(QUEUE, params=query, headers=theirs)).json()["items"]
        listed = (await here.http.get(QUEUE, headers=theirs)).json()["items"]
        agents = (await here.http.get("/api/agents", headers=theirs)).json()

    assert {answer.status_code for answer in tries} == {404}
    assert taken == listed == []
    assert agents["waiting"] == []


async def test_roles_decide_who_may_claim_and_dispatch(tmp_path: Path) -> None:
    tool = {"agent_type": "publisher", "action": "linkedin_publisher", "payload": {}}
    unknown = LOOK | {"tool_id": "weather.look"}
    query = {"claim": True, "agent_type": "weather"}
    async with serving(tmp_path, secret=SECRET) as here:
        viewer, operator = bearer(here, "vic", "viewer"), bearer(here, "ann", "operator")
        answers = [
            await here.http.get(QUEUE, params=query, headers=viewer),
            await here.http.post(QUEUE, json=LOOK, headers=viewer),
            await here.http.get(QUEUE, headers=viewer),
            await here.http.get(QUEUE, params=query, headers=operator),
            await here.http.post(QUEUE, json=tool, headers=operator),
            await here.http.post(QUEUE, json=unknown, headers=operator),
            await here.http.post(QUEUE, json=unknown, headers=bearer(here, "al", "approver")),
        ]
        seen = await here.http.get(
            answers[-1].headers["location"], headers=bearer(here, "al", "approver")
        )

    assert [answer.status_code for answer in answers] == [403, 403, 200, 200, 403, 403, 202]
    assert seen.json()["is_repeatable"] is False


async def test_a_page_of_another_site_cannot_claim(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        await put(here)
        answer = await here.http.get(
            QUEUE,
            params={"claim": True, "agent_type": "weather"},
            headers={"Sec-Fetch-Site": "cross-site"},
        )

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"agent_type": "weather"}, ""),
        ({"agent_type": "no spaces", "action": "x"}, "/agent_type"),
        ({"agent_type": "weather", "action": "x", "priority": 101}, "/priority"),
        ({"agent_type": "weather", "action": "x", "max_attempts": 0}, "/max_attempts"),
        ({"agent_type": "weather", "action": "x", "timeout": 0}, "/timeout"),
        ({"agent_type": "weather", "action": "x", "payload": [1]}, "/payload"),
        ({"agent_type": "weather", "action": "x", "pirority": 1}, "/pirority"),
    ],
)
async def test_what_does_not_fit_a_command_is_named(
    body: dict[str, Any], pointer: str, tmp_path: Path
) -> None:
    async with serving(tmp_path) as here:
        answer = await here.http.post(QUEUE, json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
