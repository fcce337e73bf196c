"""Chat on a broker: the same answers, the same history after a new start, the same deletion."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.makers import Makers
from tests.kafka.cluster import fresh
from tests.kafka.conftest import kafka
from tests.kafka.serving import served, worked

pytestmark = pytest.mark.kafka
__all__ = ["kafka"]


async def test_it_is_kept_on_the_topic_and_deleted_like_anywhere(
    kafka: str,
    tmp_path: Path,
) -> None:
    broker = fresh(kafka)
    said: dict[str, Any] = {"conversationId": "ours"}
    async with served(broker, tmp_path) as http, worked(broker, tmp_path, Makers().agents()):
        hello = await http.post("/api/chat", json=said | {"message": "hello"})
        task = await http.post("/api/chat", json=said | {"message": "Write a post about Q4 growth"})
    async with served(broker, tmp_path) as http:
        kept = (await http.get("/api/chat/history/ours")).json()
        more = await http.post("/api/chat", json=said | {"message": "thanks"})
        gone = (await http.delete("/api/chat/ours")).json()
        after = await http.get("/api/chat/history/ours")

    assert [one.status_code for one in (hello, task, more)] == [200, 200, 200]
    assert task.json()["task"]["task_id"] in task.json()["response"]
    assert kept["message_count"] == 2
    assert kept["messages"][1]["content"] == hello.json()["response"]
    assert gone["tasks_kept"] == [task.json()["task"]["task_id"]]
    assert after.status_code == 404
