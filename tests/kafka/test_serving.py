"""The API against a broker answers as the embedded one does, whoever decides."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.makers import Makers
from tests.kafka.cluster import fresh
from tests.kafka.serving import served, worked
from tests.streams.waiting import until

pytestmark = pytest.mark.kafka

PROCESS = "/api/orchestrator/process"
BODY = {"request": "Create a LinkedIn post about our Q4 growth metrics"}


async def shown(http: httpx.AsyncClient, task_id: str) -> dict[str, Any]:
    """The status of a task that has ended or needs a human."""
    answer = await http.get(f"/api/orchestrator/status/{task_id}", params={"wait": 30})
    document: dict[str, Any] = answer.json()
    return document


async def test_a_request_is_taken_in_shown_and_decided(kafka: str, tmp_path: Path) -> None:
    broker, makers = fresh(kafka), Makers()
    async with served(broker, tmp_path) as http, worked(broker, tmp_path, makers.agents()):
        taken = await http.post(PROCESS, json=BODY | {"task_id": "mine"})
        assert taken.status_code == 202
        assert taken.json()["is_repeat"] is False
        before = await shown(http, "mine")

        decision = {"task_id": "mine", "approved": True}
        late = await http.post("/api/orchestrator/approve", json=decision | {"round": 7})
        approved = await http.post("/api/orchestrator/approve", json=decision | {"round": 1})
        again = await http.post("/api/orchestrator/approve", json=decision | {"round": 1})
        after = await shown(http, "mine")

    assert before["status"] == "pending_approval"
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert (approved.status_code, approved.json()["verdict"]) == (200, "accepted")
    assert (again.status_code, again.json()["verdict"]) == (200, "repeated")
    assert after["outcome"] == "approved"
    assert len(makers.published) == 2


async def test_a_repeat_is_the_same_task_and_another_request_under_its_id_is_refused(
    kafka: str, tmp_path: Path
) -> None:
    broker = fresh(kafka)
    async with served(broker, tmp_path) as http, worked(broker, tmp_path, Makers().agents()):
        first = await http.post(PROCESS, json=BODY | {"task_id": "mine"})
        again = await http.post(PROCESS, json=BODY | {"task_id": "mine"})
        other = await http.post(PROCESS, json={"request": "something else", "task_id": "mine"})

    assert [first.json()["is_repeat"], again.json()["is_repeat"]] == [False, True]
    assert (other.status_code, other.json()["code"]) == (409, "duplicate")


async def test_lines_for_the_topic_become_tasks_or_dead_letters_that_can_be_put_back(
    kafka: str, tmp_path: Path
) -> None:
    lines = b'{"request": "one", "task_id": "a"}\n{"request": 7}\n{"request": "two"}'
    kind = {"Content-Type": "application/x-ndjson"}
    broker = fresh(kafka)
    async with served(broker, tmp_path) as http, worked(broker, tmp_path, Makers().agents()):
        first = (await http.post("/api/requests", content=lines, headers=kind)).json()
        again = (await http.post("/api/requests", content=lines[:34], headers=kind)).json()

        async def letters() -> list[dict[str, Any]]:
            return list((await http.get("/api/dead-letters")).json()["items"])

        async def is_kept() -> bool:
            return len(await letters()) == 1

        await until(is_kept)
        (letter,) = await letters()
        number = letter["offset"]
        one = (await http.get(f"/api/dead-letters/{number}")).json()
        back = (await http.post(f"/api/dead-letters/{number}/requeue")).json()
        nobody = await http.get(f"/api/dead-letters/{number + 1}")

    assert (first["accepted"], first["refused"]) == (2, 1)
    assert [o["is_repeat"] for o in first["outcomes"]] == [False, False, False]
    assert again["outcomes"][0] | {"offset": 0} == {
        "offset": 0,
        "task_id": "a",
        "is_repeat": True,
        "errors": [],
    }
    assert one == letter
    assert (letter["pointer"], letter["body"]) == ("/request", '{"request": 7}')
    assert back["refused"] == 1
    assert nobody.status_code == 404


async def test_lists_and_counts_hold_what_has_just_been_decided(kafka: str, tmp_path: Path) -> None:
    broker = fresh(kafka, partitions=3)
    async with served(broker, tmp_path) as http, worked(broker, tmp_path, Makers().agents()):
        for number in range(5):
            await http.post(PROCESS, json=BODY | {"task_id": f"t{number}"})
            found = (await http.get("/api/orchestrator/history")).json()["items"]
            assert {item["task_id"] for item in found} == {f"t{n}" for n in range(number + 1)}
        for number in range(5):
            await shown(http, f"t{number}")
        counts = (await http.get("/api/orchestrator/counts")).json()
        rebuilt = (await http.post("/api/orchestrator/replay", json={})).json()

    assert counts == {"pending_approval": 5}
    assert rebuilt["rows"] == 5


async def test_another_server_shows_the_same_tasks_and_goes_on_with_them(
    kafka: str, tmp_path: Path
) -> None:
    broker = fresh(kafka)
    async with worked(broker, tmp_path, Makers().agents()):
        async with served(broker, tmp_path / "first") as http:
            await http.post(PROCESS, json=BODY | {"task_id": "mine"})
            before = await shown(http, "mine")
        async with served(broker, tmp_path / "second") as http:
            same = await shown(http, "mine")
            await http.post(
                "/api/orchestrator/tasks/mine/cancel", json={"reason": "not needed any more"}
            )
            ended = await shown(http, "mine")
            events = (await http.get("/api/orchestrator/tasks/mine/events")).json()["events"]

    assert same | {"duration": 0} == before | {"duration": 0}
    assert ended["outcome"] == "cancelled"
    assert events[-1]["type"] == "task_closed.v1"
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))


async def test_a_task_that_has_ended_and_was_forgotten_can_be_opened_again(
    kafka: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.cluster.fold.CLOSED_KEPT", 0)
    broker = fresh(kafka)
    async with served(broker, tmp_path) as http, worked(broker, tmp_path, Makers().agents()):
        await http.post(PROCESS, json=BODY | {"task_id": "mine"})
        await shown(http, "mine")
        decision = {"task_id": "mine", "approved": False, "feedback": "too long"}
        await http.post("/api/orchestrator/approve", json=decision)
        ended = await shown(http, "mine")

        revised = await http.post(
            "/api/orchestrator/tasks/mine/revise", json={"feedback": "shorter"}
        )
        opened = await shown(http, "mine")

    assert ended["outcome"] == "rejected"
    assert revised.status_code == 200, revised.text
    assert (opened["status"], opened["approval_round"]) == ("pending_approval", 2)


async def test_without_a_worker_requests_are_kept_and_decisions_are_said_to_be_late(
    kafka: str, tmp_path: Path
) -> None:
    broker = fresh(kafka)
    async with served(broker, tmp_path, patience=0.3) as http:
        taken = await http.post(PROCESS, json=BODY | {"task_id": "mine"})
        unknown = await http.get("/api/orchestrator/status/mine")
        async with worked(broker, tmp_path, Makers().agents()):
            await until(lambda: is_known(http, "mine"))
            assert (await shown(http, "mine"))["status"] == "pending_approval"
        late = await http.post("/api/orchestrator/tasks/mine/cancel")

    assert (taken.status_code, unknown.status_code) == (202, 404)
    assert late.status_code == 503
    assert "orchestrator work" in late.json()["detail"]


async def is_known(http: httpx.AsyncClient, task_id: str) -> bool:
    """Whether the API has seen a task."""
    return (await http.get(f"/api/orchestrator/status/{task_id}")).status_code == 200
