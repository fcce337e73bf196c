"""Answers on their way: going on after a lost connection, stopping, and a server that ends in the
middle."""

import asyncio
import shutil
from pathlib import Path

import pytest

from api.chat.live import Frame, Live
from tests.api.chat.talking import MODEL, Scripted, events, talking


async def test_a_stream_goes_on_behind_the_last_event_that_was_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Scripted(("One, ", None, "two."))
    async with talking(tmp_path, monkeypatch, model) as me:
        begun = await me.begin("hello")
        seen = await me.heard(begun["message_id"], "One, ")
        model.go_on.set()
        rest = await me.served.http.get(begun["stream_url"], headers={"Last-Event-ID": str(seen)})
        whole = await me.served.http.get(begun["stream_url"])

    assert [(name, data.get("text")) for _, name, data in events(rest.text)] == [
        ("token", "two."),
        ("end", None),
    ]
    said = "".join(data["text"] for _, name, data in events(whole.text) if name == "token")
    assert said == "One, two."


async def test_a_post_that_is_sent_again_goes_on_with_the_same_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talking(tmp_path, monkeypatch) as me:
        body = {"message": "hello", "model": MODEL, "conversationId": "default", "stream": True}
        headers = {"Idempotency-Key": "k"}
        first = await me.served.http.post("/api/chat", json=body, headers=headers)
        last = events(first.text)[-2][0]
        again = await me.served.http.post(
            "/api/chat", json=body, headers=headers | {"Last-Event-ID": str(last)}
        )

    assert [name for _, name, _ in events(again.text)] == ["end"]
    assert len(me.model.calls) == 1


async def test_stopping_keeps_what_was_said_and_closes_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Scripted(("So far ", None, "never said"))
    async with talking(tmp_path, monkeypatch, model) as me:
        begun = await me.begin("hello")
        await me.heard(begun["message_id"], "So far ")
        busy = await me.served.http.post(
            "/api/chat", json={"message": "and now?", "conversationId": "default"}
        )
        stopped = (await me.served.http.post(begun["stop_url"])).json()
        again = (await me.served.http.post(begun["stop_url"])).json()

    assert busy.status_code == 409
    assert "under way" in busy.text
    assert (stopped["status"], stopped["response"]) == ("stopped", "So far ")
    assert stopped["tokens"]["is_estimated"] is True
    assert again == stopped
    assert model.is_closed


async def test_whoever_leaves_and_does_not_come_back_stops_the_answer() -> None:
    live = Live("s", "m", grace=0.0)
    listening = live.after(0, 60)
    live.tell(Frame(1, "token", {"text": "a"}))
    await anext(listening)

    await listening.aclose()
    await live.stopping()

    assert live.is_stopped


async def test_whoever_comes_back_in_time_stops_nothing() -> None:
    live = Live("s", "m", grace=60.0)
    live.tell(Frame(1, "token", {"text": "a"}))
    first, second = live.after(0, 60), live.after(1, 60)
    await anext(first)
    await first.aclose()
    coming = asyncio.ensure_future(anext(second))
    await asyncio.sleep(0)

    live.tell(Frame(2, "token", {"text": "b"}))

    assert await coming == Frame(2, "token", {"text": "b"})
    assert not live.is_stopped
    live.end()
    await second.aclose()


async def test_silence_is_told_so_that_the_connection_stays() -> None:
    live = Live("s", "m")
    listening = live.after(0, 0.0)

    assert await anext(listening) is None
    live.end()
    await listening.aclose()


async def test_an_answer_that_a_crash_cut_off_is_kept_as_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Scripted(("Half a ", None, "story"))
    async with talking(tmp_path / "a", monkeypatch, model) as me:
        begun = await me.begin("tell me")
        await me.heard(begun["message_id"], "Half a ")
        shutil.copytree(
            tmp_path / "a" / "data", tmp_path / "b" / "data", ignore=shutil.ignore_patterns("lock")
        )

    async with talking(tmp_path / "b", monkeypatch) as me:
        kept = await me.get("/history/default")
        more = await me.say("go on")

    answer = kept["messages"][1]
    assert (answer["status"], answer["content"]) == ("interrupted", "Half a ")
    assert more["status"] == "complete"


async def test_an_orderly_end_of_the_server_keeps_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Scripted(("Half a ", None, "story"))
    async with talking(tmp_path, monkeypatch, model) as me:
        begun = await me.begin("tell me")
        await me.heard(begun["message_id"], "Half a ")

    async with talking(tmp_path, monkeypatch) as me:
        kept = await me.get("/history/default")
        whole = await me.served.http.get(begun["stream_url"])

    assert (kept["messages"][1]["status"], kept["messages"][1]["content"]) == (
        "interrupted",
        "Half a ",
    )
    assert events(whole.text)[-1][1] == "end"


async def test_a_new_conversation_is_found_again_by_the_key_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talking(tmp_path, monkeypatch) as me:
        me.headers["Idempotency-Key"] = "once"
        first = await me.say("hello", conversationId=None)
        second = await me.say("hello", conversationId=None)

    assert second == first
