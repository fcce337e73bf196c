"""Deletion: nothing that was said is found in any byte of the data directory, and the log is whole;
and what others may see, and what logs may hold."""

import logging
from pathlib import Path
from typing import Any

import pytest

from api.security import create_token
from streams.conversations.codec import ChatHead, after, follows, read
from streams.topics import CONVERSATIONS
from tests.api.chat.talking import MODEL, Scripted, talking

SECRET = "xylophone-merger-4711"
ANSWER = "quetzal-answer-0815"


def bytes_of(directory: Path) -> bytes:
    """Everything in a directory."""
    return b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


async def test_after_deletion_no_byte_of_it_is_readable_and_the_chain_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Scripted((ANSWER[:5], ANSWER[5:]))
    async with talking(tmp_path, monkeypatch, model) as me:
        await me.say(SECRET, model=MODEL, conversationId="plan-b")
        await me.say("hello")
        key = bytes_of_key(tmp_path)
        deleted = (await me.served.http.delete("/api/chat/plan-b")).json()
        await me.get("/history/plan-b", status=404)
        listed = await me.get("/conversations")
        log = me.served.parts.log
        records = await log.read(CONVERSATIONS, 0, 0, 1_000)
        alarms = await me.served.parts.chat.book.alarms()

    everything = bytes_of(tmp_path)
    assert deleted["messages"] == 1
    for word in (SECRET, ANSWER, "plan-b"):
        assert word.encode() not in everything
        assert word.encode("utf-16-le") not in everything
    assert key not in everything
    assert [one["conversation_id"] for one in listed["items"]] == ["default"]
    assert alarms == []
    heads: dict[str, ChatHead] = {}
    for record in records:
        written = read(record)
        assert follows(heads.get(record.key, ChatHead()), written)
        heads[record.key] = after(written)
    assert len(heads) == 2


def bytes_of_key(directory: Path) -> bytes:
    """The key that was made first."""
    import sqlite3

    with sqlite3.connect(directory / "data" / "chat-keys.sqlite") as database:
        found: bytes = database.execute("select key from keys order by rowid").fetchone()[0]
    return found


async def test_what_was_said_is_on_disk_only_sealed_even_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talking(tmp_path, monkeypatch, Scripted((ANSWER,))) as me:
        await me.say(SECRET, model=MODEL)
        await me.get("/conversations")

    everything = bytes_of(tmp_path)
    assert SECRET.encode() not in everything
    assert ANSWER.encode() not in everything


async def test_a_name_can_be_used_again_for_another_conversation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talking(tmp_path, monkeypatch) as me:
        await me.say(SECRET)
        await me.served.http.delete("/api/chat/default")
        await me.say("hello")
        kept = await me.get("/history/default")
        gone = await me.served.http.delete("/api/chat/never-there")

    assert [m["content"] for m in kept["messages"] if m["role"] == "user"] == ["hello"]
    assert gone.status_code == 404


async def test_deleting_stops_what_is_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Scripted((ANSWER, None))
    async with talking(tmp_path, monkeypatch, model) as me:
        begun = await me.begin("hello")
        await me.heard(begun["message_id"], ANSWER)
        deleted = await me.served.http.delete("/api/chat/default")

    assert deleted.json()["deleted"] is True
    assert model.is_closed
    assert ANSWER.encode() not in bytes_of(tmp_path)


async def test_tasks_made_of_it_are_kept_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talking(tmp_path, monkeypatch) as me:
        told = await me.say("Create a LinkedIn post about our Q4 growth metrics")
        deleted = (await me.served.http.delete("/api/chat/default")).json()
        task = await me.served.status(told["task"]["task_id"])

    assert deleted["tasks_kept"] == [told["task"]["task_id"]]
    assert task["request"].startswith("Create a LinkedIn post")


class TestOthers:
    """Whose conversation it is."""

    KEY = "a-secret-of-thirty-two-characters!"

    def _bearer(self, settings: Any, name: str, role: str, tenant: str) -> dict[str, str]:
        token = create_token(settings, name, role, days=1, tenant=tenant)
        return {"Authorization": f"Bearer {token}"}

    async def test_nobody_else_sees_stops_or_deletes_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with talking(tmp_path, monkeypatch, secret=self.KEY) as me:
            settings = me.served.parts.settings
            me.headers = self._bearer(settings, "ann", "operator", "acme")
            told = await me.say(SECRET)
            for name, tenant in (("bob", "acme"), ("ann", "other")):
                me.headers = self._bearer(settings, name, "admin", tenant)
                await me.get("/history/default", status=404)
                stream = await me.served.http.get(told["stream_url"], headers=me.headers)
                gone = await me.served.http.delete("/api/chat/default", headers=me.headers)
                listed = await me.get("/conversations")
                assert (stream.status_code, gone.status_code, listed["items"]) == (404, 404, [])
            me.headers = self._bearer(settings, "ann", "operator", "acme")
            kept = await me.get("/history/default")

        assert kept["message_count"] == 1

    async def test_a_viewer_reads_and_does_not_talk_and_only_approvers_approve_beforehand(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with talking(tmp_path, monkeypatch, secret=self.KEY) as me:
            settings = me.served.parts.settings
            me.headers = self._bearer(settings, "eve", "viewer", "acme")
            await me.say("hello", status=403)
            await me.get("/models")
            me.headers = self._bearer(settings, "ann", "operator", "acme")
            refused = await me.say("hello", status=403, preferences={"auto_approve": True})
            me.headers = {}
            await me.get("/conversations", status=401)

        assert "approver" in refused["detail"]


async def test_nothing_that_was_said_is_in_the_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    class Broken(Scripted):
        async def stream(self, call: Any) -> Any:
            yield  # type: ignore[misc]
            raise ValueError(f"cannot read {call.messages}")

    async with talking(tmp_path, monkeypatch, Broken()) as me:
        told = await me.say(SECRET, model=MODEL)

    assert told["status"] == "failed"
    assert "sent again" in told["notes"][0]
    assert SECRET not in caplog.text
    assert SECRET not in "".join(str(record.__dict__) for record in caplog.records)
