"""Servers that misbehave cost a bounded time and are marked; the others go on."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from agents.contract import Done, GiveUp, Retry, Uncertain
from agents.tools.limits import Limits
from agents.tools.servers import Server
from agents.tools.toolbox import Toolbox
from tests.agents.mcp.boxes import ONCE, SHORT, misbehaving, opened, report, step, until


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ("die-list", "ended with code 3; its last words: no space left for the index"),
        ("exit", "ended with code 5"),
        ("no-list", "in a form that is none"),
        ("old-version", "version of the protocol"),
    ],
)
async def test_a_server_that_cannot_be_connected_fails_alone(way: str, reason: str) -> None:
    async with opened(misbehaving(way), misbehaving("echo", name="good"), limits=ONCE) as box:
        odd, good = box.found().servers

        assert (odd.state, odd.tools) == ("failed", 0)
        assert reason in odd.reason
        assert good.state == "ready"
        assert [tool.tool_id for tool in box.found().tools] == ["good.echo"]
        assert isinstance(await box.call(step("good.echo", text="x")), Done)
        assert isinstance(await box.call(step("odd.echo", text="x")), GiveUp | Retry)


@pytest.mark.parametrize("way", ["hang-initialize", "hang-list"])
async def test_a_server_that_hangs_holds_up_no_other(way: str) -> None:
    box = Toolbox([misbehaving(way), misbehaving("echo", name="good")], limits=SHORT)
    box.start()
    await until(lambda: box.found().tools)

    outcome = await box.call(step("good.echo", text="x"))
    found = box.found()
    await box.close()

    assert isinstance(outcome, Done)
    assert [server.state for server in found.servers] == ["connecting", "ready"]


@pytest.mark.parametrize(
    ("way", "limits", "reason"),
    [
        ("hang-initialize", replace(ONCE, connect=200), "did not answer within 0.2 s"),
        ("hang-list", replace(ONCE, listing=200), "did not list its tools within 0.2 s"),
    ],
)
async def test_a_server_that_hangs_is_marked_in_time(way: str, limits: Limits, reason: str) -> None:
    async with opened(misbehaving(way), limits=limits) as box:
        assert report(box).state == "failed"
        assert reason in report(box).reason


async def test_a_program_that_does_not_exist_is_a_reason() -> None:
    async with opened(Server("odd", "stdio", command="/nowhere/server"), limits=ONCE) as box:
        assert report(box).state == "failed"
        assert "could not be started" in report(box).reason
        assert isinstance(await box.call(step("odd.echo", text="x")), GiveUp | Retry)


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ("die-call", "ended with code 3; its last words: no space left"),
        ("flood-result", "more than 8 MB"),
        ("junk", "no message"),
        ("chatter", "nobody asked for"),
        ("strange-result", "the protocol does not know"),
        ("deep-result", "cannot be read"),
    ],
)
async def test_a_call_that_goes_wrong_ends_at_once_and_never_twice_by_itself(
    way: str, reason: str
) -> None:
    async with opened(misbehaving(way)) as box:
        once = await box.call(step("odd.echo", is_repeatable=False, text="x"))

        assert isinstance(once, Uncertain)
        assert reason in once.reason


async def test_a_call_without_an_answer_ends_in_its_time() -> None:
    async with opened(misbehaving("hang-call")) as box:
        once = await box.call(step("odd.echo", is_repeatable=False, timeout=60, text="x"))

        assert isinstance(once, Uncertain)
        assert "no answer within" in once.reason


async def test_a_server_that_does_not_answer_any_more_is_noticed() -> None:
    async with opened(misbehaving("hang-call"), limits=replace(SHORT, listing=200)) as box:
        await box.call(step("odd.echo", timeout=60, text="x"))
        await until(lambda: "did not list its tools" in report(box).reason)


async def test_a_server_that_asks_for_a_model_gets_none_and_the_call_goes_on() -> None:
    async with opened(misbehaving("asks-back")) as box:
        outcome = await box.call(step("odd.echo", text="x"))

        assert isinstance(outcome, Done)
        assert outcome.output["text"] == "done"


@pytest.mark.parametrize("way", ["some-junk", "complain", "modest"])
async def test_noise_is_no_reason_to_fail(way: str) -> None:
    async with opened(misbehaving(way)) as box:
        assert isinstance(await box.call(step("odd.echo", text="x")), Done)


async def test_long_text_is_cut_and_that_is_said() -> None:
    async with opened(misbehaving("large-text")) as box:
        outcome = await box.call(step("odd.echo", text="x"))

        assert isinstance(outcome, Done)
        assert len(outcome.output["text"]) == SHORT.text
        assert outcome.output["is_cut"] is True


@pytest.mark.parametrize("way", ["lie", "lie-silent"])
async def test_a_server_that_lies_about_its_schema_is_found_out(way: str) -> None:
    async with opened(misbehaving(way)) as box:
        outcome = await box.call(step("odd.number", text="x"))

        assert isinstance(outcome, GiveUp)
        assert "does not keep its own schema" in outcome.reason


@pytest.mark.parametrize(
    ("way", "tools", "note"),
    [
        ("many-tools", 2_000, "offers more than 2,000 tools"),
        ("endless-pages", 200, "more than 200 pages"),
        ("circle", 1, "in a circle"),
        ("no-tools", 0, "offers no tools"),
    ],
)
async def test_a_list_without_end_is_cut_and_that_is_said(way: str, tools: int, note: str) -> None:
    async with opened(misbehaving(way)) as box:
        assert report(box).state == "ready"
        assert report(box).tools == tools
        assert any(note in said for said in box.found().notes)


async def test_a_hundred_thousand_tools_in_one_message_are_refused() -> None:
    async with opened(misbehaving("flood-tools")) as box:
        assert report(box).state == "failed"
        assert "more than 8 MB" in report(box).reason


async def test_no_schema_makes_anything_be_fetched() -> None:
    asked: list[bytes] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.read(100))
        writer.close()

    async with await asyncio.start_server(note, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        async with opened(misbehaving("schemas", f"http://127.0.0.1:{port}")) as box:
            await box.call(step("odd.echo", text="x"))
            await box.call(step("odd.remote", text="x"))

            found = box.found()

    assert asked == []
    assert [tool.tool_id for tool in found.tools] == ["odd.echo"]
    left_out = " ".join(found.notes)
    for name in ("typo", "huge", "deep", "remote", "out"):
        assert f"'{name}'" in left_out


async def test_names_and_words_are_harmless_whatever_they_are() -> None:
    async with opened(misbehaving("names")) as box:
        found = box.found()

    ids = [tool.tool_id for tool in found.tools]
    assert ids[0] == "odd.echo"
    assert len(ids) == len(set(ids)) == 4
    assert found.tools[0].description == "Says it again."
    wordy = next(tool for tool in found.tools if tool.tool_id == "odd.wordy")
    assert wordy.description.startswith("Hello very")
    shown = repr(found)
    assert "\\x1b" not in shown
    assert "\\u202e" not in shown


async def test_a_server_that_dies_in_a_call_is_started_again(tmp_path: Path) -> None:
    lives = tmp_path / "lives"
    async with opened(misbehaving("mortal", str(lives))) as box:
        first = await box.call(step("odd.echo", text="x"))
        second = await box.call(step("odd.echo", text="x"))

    assert isinstance(first, Retry)
    assert isinstance(second, Done)
    assert lives.read_text().split() == ["life", "life"]


async def test_a_server_that_keeps_dying_is_left_alone_until_somebody_refreshes(
    tmp_path: Path,
) -> None:
    lives = tmp_path / "lives"

    def count() -> int:
        return len(lives.read_text().split())

    async with opened(misbehaving("counted", str(lives))) as box:
        await until(lambda: count() == SHORT.starts)
        await until(lambda: report(box).state == "failed")
        left = await box.call(step("odd.echo", text="x"))
        before = count()
        await box.refresh("odd")
        await until(lambda: count() > before)

    assert before == SHORT.starts
    assert isinstance(left, GiveUp)
    assert "ended with code 7" in left.reason
