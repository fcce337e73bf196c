"""What people decide at the command line: approve with edits, revise, reject, answer, retry."""

import pytest

from tests.api.makers import Makers
from tests.api.terminal import Terminal


def test_what_waits_is_listed_approved_and_published(
    orchestrator: Terminal, makers: Makers
) -> None:
    ran = orchestrator("run", "hello")
    waiting = orchestrator("list", "--waiting", "--json").json["items"]
    listed = orchestrator("list")
    task = waiting[0]["task_id"]
    status = orchestrator("status", task)
    approved = orchestrator("approve", task, "--channel", "X", "--feedback", "Perfect tone.")
    again = orchestrator("approve", task, "--channel", "x")

    assert ran.code == 0
    assert f"orchestrator approve {task}" in ran.out
    assert "1 task waits for you" in listed.out
    assert "Q4 Growth Story" in status.out
    assert f"Task {task} is approved." in approved.out
    assert "dry run: nothing left this machine" in approved.out
    assert [p["channel"] for p in makers.published] == ["twitter"]
    assert "it was so already" in again.out


def test_approve_in_advance_publishes_what_passes_and_nothing_else(
    orchestrator: Terminal, makers: Makers
) -> None:
    passing = orchestrator("run", "hello", "--approve", "--json")
    makers.score = 0.8
    failing = orchestrator("run", "hello", "--approve")

    assert passing.json["outcome"] == "approved"
    assert len(makers.published) == 2
    assert "This does not: it waits for you." in failing.out


@pytest.mark.parametrize(
    ("name", "content", "channels", "expected"),
    [
        ("post.txt", "Said better.\n", ["linkedin"], {"linkedin": "Said better."}),
        ("post.txt", "For all.", [], {"linkedin": "For all.", "twitter": "For all."}),
        (
            "edits.json",
            '{"channel_variants": {"twitter": {"content": "Short."}}}',
            ["x"],
            {"twitter": "Short."},
        ),
    ],
)
def test_edits_come_from_a_file(
    name: str,
    content: str,
    channels: list[str],
    expected: dict[str, str],
    orchestrator: Terminal,
    makers: Makers,
) -> None:
    (orchestrator.directory / name).write_text(content)
    task = orchestrator("run", "hello", "--json").json["task"]

    chosen = [part for channel in channels for part in ("--channel", channel)]
    approved = orchestrator("approve", task, *chosen, "--edit", name)

    assert approved.code == 0, approved.err
    assert {p["channel"]: p["variant"]["content"] for p in makers.published} == expected


def test_a_task_is_revised_rejected_and_never_approved_unseen(
    orchestrator: Terminal, makers: Makers
) -> None:
    task = orchestrator("run", "hello", "--json").json["task"]

    revised = orchestrator("revise", task, "--feedback", "shorter")
    stale = orchestrator("approve", task, "--round", "1")
    late = orchestrator("revise", task, "--feedback", "longer", "--round", "1")
    rejected = orchestrator("reject", task, "--reason", "not ours", "--json")

    assert f"orchestrator approve {task} --round 2" in revised.out
    assert stale.code == 1
    assert "round 2 is open" in stale.err
    assert late.code == 1
    assert rejected.json["status"] == "rejected"
    assert makers.published == []


def test_a_question_is_answered_at_the_command_line(orchestrator: Terminal, makers: Makers) -> None:
    makers.question = "Which year?"
    ran = orchestrator("run", "hello")
    task = ran.out.split()[1]
    answered = orchestrator("answer", task, "2024")

    assert "It asks: Which year?" in ran.out
    assert "one of: 2023 | 2024" in ran.out
    assert "is pending_approval" in answered.out


def test_a_failed_task_is_exit_code_1_and_can_be_tried_again(
    orchestrator: Terminal, makers: Makers
) -> None:
    makers.is_failing = True
    ran = orchestrator("run", "hello", "--json")
    makers.is_failing = False
    retried = orchestrator("retry", ran.json["task"], "--json")
    cancelled = orchestrator("cancel", ran.json["task"], "--reason", "too late", "--json")

    assert ran.code == 1
    assert "out of paper" in ran.json["error"]
    assert retried.json["status"] == "pending_approval"
    assert cancelled.json["status"] == "cancelled"


def test_a_task_handed_in_is_done_by_whoever_watches_it(
    orchestrator: Terminal, makers: Makers
) -> None:
    submitted = orchestrator("submit", "hello", "--key", "k", "--tone", "friendly")
    again = orchestrator("submit", "hello", "--key", "k", "--tone", "friendly", "--json")
    watched = orchestrator("watch", again.json["task_id"])

    assert "No server is running" in submitted.out
    assert again.json["is_repeat"]
    assert "waits for your decision" in watched.out
