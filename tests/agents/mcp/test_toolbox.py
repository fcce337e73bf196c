"""Servers that behave: listed, watched, called, and stopped."""

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from agents.contract import Done, GiveUp, Retry
from agents.tools.servers import Server
from agents.tools.settings import OwnSettings
from agents.tools.toolbox import Toolbox
from streams.domain.fingerprint import AGREED, fingerprint
from streams.domain.values import Permission
from tests.agents.mcp.boxes import (
    SERVERS,
    SHORT,
    is_alive,
    misbehaving,
    opened,
    report,
    step,
    until,
)


async def test_a_server_made_with_the_official_sdk_is_listed_and_called() -> None:
    ledger = Server(
        "ledger", "stdio", command=sys.executable, arguments=(str(SERVERS / "good.py"),)
    )
    async with opened(ledger) as box:
        found = box.found()
        outcome = await box.call(step("ledger.revenue", quarter="Q2 2025", unknown="kept here"))

    assert [tool.tool_id for tool in found.tools] == [
        "ledger.revenue",
        "ledger.remember",
        "ledger.chart",
    ]
    revenue = found.tools[0]
    assert revenue.produces == ("quarter", "revenue", "currency")
    assert revenue.permission is Permission.ASK
    assert (revenue.is_destructive, revenue.is_repeatable) == (False, False)
    assert isinstance(outcome, Done)
    assert outcome.output["revenue"] == 1_200_000.0
    assert outcome.output["source"] == "mcp:ledger"
    assert outcome.output["is_untrusted"] is True


async def test_the_report_says_how_a_server_is_doing() -> None:
    async with opened(misbehaving("echo"), clock=iter(range(1_000, 9_000, 10)).__next__) as box:
        ready = report(box)
    stopped = report(box)

    assert (ready.name, ready.transport, ready.state, ready.tools) == ("odd", "stdio", "ready", 1)
    assert ready.reason == ""
    assert ready.latency is not None
    assert ready.latency > 0
    assert ready.since > 1_000
    assert len(ready.version) == 16
    assert (stopped.state, stopped.tools) == ("stopped", 0)


async def test_a_disabled_server_is_not_started(tmp_path: Path) -> None:
    lives = tmp_path / "lives"
    async with opened(misbehaving("counted", str(lives), is_disabled=True)) as box:
        await box.refresh()
        outcome = await box.call(step("odd.echo", text="x"))

        assert report(box).state == "stopped"
        assert "disabled" in report(box).reason
    assert isinstance(outcome, GiveUp)
    assert not lives.exists()


async def test_a_server_that_lacks_a_variable_is_not_started() -> None:
    problem = "the environment has no variable 'KEY'"
    async with opened(misbehaving("echo", problem=problem)) as box:
        assert report(box).state == "failed"
        assert report(box).reason == problem
        assert isinstance(await box.call(step("odd.echo", text="x")), GiveUp)


async def test_a_tool_of_no_server_is_given_up() -> None:
    async with opened(misbehaving("echo")) as box:
        for tool in ("none.echo", "odd.none", "odd", ""):
            outcome = await box.call(step("odd.x").model_copy(update={"tool_id": tool}))

            assert isinstance(outcome, GiveUp)


async def test_arguments_that_do_not_fit_are_never_sent(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    async with opened(misbehaving("noting", str(seen))) as box:
        wrong = await box.call(step("odd.echo", text=7))
        missing = await box.call(step("odd.echo"))

    assert isinstance(wrong, GiveUp)
    assert "'/text'" in wrong.reason
    assert isinstance(missing, GiveUp)
    assert "required" in missing.reason
    assert not seen.exists()


async def test_nothing_is_begun_after_the_last_moment_to_act(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    late = step("odd.echo", is_repeatable=False, text="x")
    object.__setattr__(late, "act_before", 5_000)
    async with opened(misbehaving("noting", str(seen)), clock=lambda: 5_000) as box:
        outcome = await box.call(late)

    assert isinstance(outcome, Retry)
    assert "too late" in outcome.reason
    assert not seen.exists()


async def test_a_cancelled_call_is_cancelled_on_the_server(tmp_path: Path) -> None:
    seen = tmp_path / "seen"

    def requests() -> list[dict[str, Any]]:
        lines = seen.read_text().splitlines() if seen.exists() else []
        return [json.loads(line) for line in lines]

    async with opened(misbehaving("noting", str(seen))) as box:
        call = asyncio.create_task(box.call(step("odd.echo", text="x")))
        await until(requests)
        call.cancel()
        await until(lambda: len(requests()) == 2)

    called, cancelled = requests()
    assert called["params"]["arguments"] == {"text": "x"}
    assert cancelled["method"] == "notifications/cancelled"
    assert cancelled["params"]["requestId"] == called["id"]


async def test_the_servers_own_timeout_is_kept_to() -> None:
    own = OwnSettings(timeout=40)
    async with opened(misbehaving("hang-call", own=own)) as box:
        outcome = await box.call(step("odd.echo", timeout=600_000, text="x"))

    assert isinstance(outcome, Retry)
    assert "0.04 s" in outcome.reason


async def test_not_more_calls_at_once_than_the_user_says(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    own = OwnSettings(concurrency=2)
    async with opened(misbehaving("noting", str(seen), own=own)) as box:
        calls = [asyncio.create_task(box.call(step("odd.echo", text=str(n)))) for n in range(5)]
        await until(lambda: seen.exists() and len(seen.read_text().splitlines()) == 2)
        await box.refresh()  # the server has answered since: no third call has gone out before
        begun = len(seen.read_text().splitlines())
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)

    assert begun == 2
    assert box.agent().concurrency == 2


async def test_a_change_of_the_list_is_noticed_and_said() -> None:
    async with opened(misbehaving("changing")) as box:
        before = box.found()
        await box.call(step("odd.echo", text="x"))
        await until(lambda: report(box).version != before.servers[0].version)
        now = box.found()

    assert [tool.tool_id for tool in now.tools] == ["odd.echo", "odd.new"]
    assert fingerprint(now.tools[0]) != fingerprint(before.tools[0])
    said = " ".join(now.notes)
    assert "'odd.old' is gone" in said
    assert "'odd.new' is new" in said
    assert "'odd.echo' has another description or schema" in said


async def test_a_tool_that_changed_after_it_was_planned_with_is_not_called(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    async with opened(misbehaving("turning", str(seen))) as box:
        planned = {AGREED: fingerprint(box.found().tools[0]), "inputs": {"text": "x"}}
        command = step("odd.echo").model_copy(update={"payload": planned})
        before = await box.call(command)
        await box.refresh()
        after = await box.call(command)
        unplanned = await box.call(step("odd.echo", text="x"))

    assert isinstance(before, Done)
    assert isinstance(after, GiveUp)
    assert "another description or schema than the one that was planned with" in after.reason
    assert "orchestrator tools show odd.echo" in after.reason
    assert isinstance(unplanned, Done)
    assert seen.read_text() == "call\ncall\n"


async def test_a_server_that_speaks_only_the_newest_version_is_understood() -> None:
    async with opened(misbehaving("newest")) as box:
        before = report(box)
        outcome = await box.call(step("odd.echo", text="x"))
        await until(lambda: report(box).tools == 2)

    assert (before.state, before.tools) == ("ready", 1)
    assert isinstance(outcome, Done)
    assert outcome.output["text"] == "heard"


async def test_the_list_is_looked_at_again_from_time_to_time() -> None:
    async with opened(misbehaving("changing"), limits=replace(SHORT, refresh=20)) as box:
        await until(lambda: any("'odd.new' is new" in note for note in box.found().notes))


async def test_a_refresh_looks_at_once() -> None:
    async with opened(misbehaving("changing")) as box:
        await box.refresh()

        assert any("'odd.new' is new" in note for note in box.found().notes)


async def test_starting_and_finding_wait_for_nobody() -> None:
    box = Toolbox([misbehaving("hang-initialize")], limits=SHORT)

    box.start()
    found = box.found()
    await box.settled(0.01)
    await box.close()

    assert found.tools == ()
    assert found.servers[0].state == "connecting"


async def test_a_call_right_after_the_start_waits_for_its_server() -> None:
    box = Toolbox([misbehaving("echo")], limits=SHORT)

    box.start()
    outcome = await box.call(step("odd.echo", text="x"))
    await box.close()

    assert isinstance(outcome, Done)


async def test_closing_ends_the_process_of_a_server(tmp_path: Path) -> None:
    seen = tmp_path / "pid"
    script = tmp_path / "server.py"
    script.write_text(
        "import os, sys\n"
        f"sys.path.insert(0, {str(SERVERS)!r})\n"
        f"open({str(seen)!r}, 'w').write(str(os.getpid()))\n"
        "import raw\nraw.serve()\n"
    )
    server = Server("odd", "stdio", command=sys.executable, arguments=("-S", str(script)))

    async with opened(server) as box:
        assert report(box).state == "ready"
        pid = int(seen.read_text())
        assert is_alive(pid)

    assert not is_alive(pid)
