"""What happens where a task needs its human while `run` or `watch` looks on."""

import getpass
import os
import sys
from typing import Any

import click

from api.client import Client
from api.verbs import common
from api.verbs.following import approval_of
from api.verbs.plain import plain
from api.verbs.progress import show_result
from api.verbs.terminal import ask

CHOICES = "  [a]pprove, re[v]ise, [r]eject, or [l]ater: "


async def decide(
    client: Client, status: dict[str, Any], is_approved: bool | None, is_json: bool
) -> bool:
    """Approve what passes, or ask; False leaves the task waiting.

    Args:
        client: the way to the task.
        status: its status; it waits for a human.
        is_approved: True approves what passes, False asks, None asks where there is a terminal.
        is_json: nothing is printed, and nobody asked.
    """
    has_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    may_ask = not is_json and (is_approved is False or (is_approved is None and has_terminal))
    if status["status"] != "pending_approval":
        return may_ask and await _answer(client, status)
    if is_approved:
        return await _approve_what_passes(client, status["task_id"], is_json)
    return may_ask and await _ask_for_decision(client, status)


async def _answer(client: Client, status: dict[str, Any]) -> bool:
    for asked in plain(status["questions"]):
        options = f" ({' | '.join(asked['options'])})" if asked["options"] else ""
        said = await ask(f"{asked['question']}{options}\n  ")
        if not said:
            return False
        body = {"answer": said, "question_id": asked["question_id"]}
        await client.post(f"/api/orchestrator/tasks/{status['task_id']}/answer", body)
    return True


async def _approve_what_passes(client: Client, task_id: str, is_json: bool) -> bool:
    shown = await approval_of(client, task_id)
    has_passed = shown is not None and shown["quality_passed"]
    if not is_json:
        click.echo(
            click.style("  Approved on your behalf, since you gave --approve.", fg="green")
            if has_passed
            else "--approve is for what passes the threshold. This does not: it waits for you."
        )
    if has_passed:
        await _send(client, task_id, is_approved=True, feedback=f"approved by {_user()} in advance")
    return has_passed


async def _ask_for_decision(client: Client, status: dict[str, Any]) -> bool:
    task_id = status["task_id"]
    show_result(await approval_of(client, task_id))
    click.echo()
    while (said := await ask(CHOICES)) is not None:
        word, _, more = said.partition(" ")
        match word.lower():
            case "a" | "approve" | "y" | "yes":
                await _send(client, task_id, is_approved=True, feedback=more)
                return True
            case "r" | "reject" | "n" | "no":
                reason = more or await ask("  Why? ") or ""
                await _send(client, task_id, is_approved=False, feedback=reason)
                return True
            case "v" | "revise":
                feedback = more or await ask("  What should change? ")
                if feedback:
                    path = f"/api/orchestrator/tasks/{task_id}/revise"
                    await client.post(path, {"feedback": feedback})
                    return True
            case "l" | "later":
                return False
    return False


async def _send(client: Client, task_id: str, *, is_approved: bool, feedback: str) -> None:
    decision = {"task_id": task_id, "approved": is_approved, "feedback": feedback}
    await client.post("/api/orchestrator/approve", decision)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def offer(status: dict[str, Any]) -> None:
    """What the user can do now, in full lines to copy."""
    status = plain(status)
    task = status["task_id"]
    click.echo()
    match status["status"]:
        case "pending_approval":
            number = status["approval_round"]
            seen = f" --round {number}" if number and number > 1 else ""
            why = status.get("approval_reason") or "ready for your decision"
            click.echo(f"It waits for your decision:  {common.coloured('pending_approval')}")
            click.echo(f"  because: {why}")
            click.echo(f"  orchestrator approve {task}{seen}")
            click.echo(f'  orchestrator revise {task} --feedback "shorter"')
            click.echo(f'  orchestrator reject {task} --reason "…"')
        case "waiting_for_answer" | "publication_uncertain":
            for asked in status["questions"]:
                click.echo(f"It asks: {asked['question']}")
                if asked["options"]:
                    click.echo(f"  one of: {' | '.join(asked['options'])}")
            click.echo(f'  orchestrator answer {task} "…"')
        case "failed":
            click.echo(f"It failed: {status['error']}\n  orchestrator retry {task}")
        case "approved" | "rejected" | "cancelled":
            if status["error"]:
                click.echo(f"{status['error']}")
            click.echo("Look further:")
        case _:
            click.echo(f"It goes on:\n  orchestrator watch {task}")
    click.echo(f"  orchestrator status {task}")
    click.echo(f"  orchestrator events {task}     (--at N: its state after event N)")
