"""What a task does, line by line as its events become durable, and its result at the end."""

import textwrap
from collections.abc import Callable
from typing import Any

import click

from api.verbs.common import coloured, money
from api.verbs.plain import plain

WIDTH = 92
LONGEST_FACT = 24  # characters for which the column of numbers is widened
Data = dict[str, Any]
Fact = Callable[["Progress", Data], str]


class Progress:
    """Turns events into lines. Each event is shown once, whichever way it came."""

    def __init__(self) -> None:
        self.sequence = 0
        self._phase = ""
        self._commands: dict[str, dict[str, Any]] = {}
        self._steps: dict[str, dict[str, Any]] = {}
        self._cost = 0.0

    def show(self, events: list[dict[str, Any]]) -> None:
        """Print what is new."""
        for event in events:
            if event["sequence"] <= self.sequence:
                continue
            self.sequence = event["sequence"]
            line = self._line(event["type"].split(".")[0], plain(event["data"] or {}))
            if line:
                click.echo(line)

    def _line(self, kind: str, data: dict[str, Any]) -> str | None:
        match kind:
            case "phase_started":
                self._phase = data["phase"]
                return click.style(f"● {data['phase']}", bold=True)
            case "phase_skipped":
                return click.style(f"○ {data['phase']}", dim=True) + f"  skipped: {data['reason']}"
            case "command_issued":
                self._commands[data["command_id"]] = data
                return (
                    None
                    if data["attempt"] == 1
                    else f"    {self._name(data)}: attempt {data['attempt']}"
                )
            case "command_completed":
                return self._completed(data)
            case "command_failed":
                later = "tried again" if data["retry_at"] else "given up"
                return click.style(
                    f"  ✗ {self._name_of(data)}: {data['reason']} ({later})", fg="red"
                )
        return _FACTS[kind](self, data) if kind in _FACTS else None

    def _completed(self, data: dict[str, Any]) -> str:
        self._cost += data["cost"]
        command = self._commands.get(data["command_id"], {})
        beside = self._beside(command)
        spent = f"{data['duration']} ms  {money(data['cost'])}"
        return f"  ✓ {self._name(command):<44} {command.get('agent_type', ''):<15} {spent}{beside}"

    def _beside(self, command: dict[str, Any]) -> str:
        """Which other steps run at the same time."""
        step = self._steps.get(command.get("step_id") or "")
        if step is None or command.get("kind") != "RunStep":
            return ""
        mates = [s for s in self._steps.values() if s["wave"] == step["wave"] and s is not step]
        return click.style(f"  ∥ {', '.join(s['name'] for s in mates)}", dim=True) if mates else ""

    def _name(self, command: dict[str, Any]) -> str:
        step = command.get("step_id")
        if command.get("kind") == "RunStep":
            return f"{step}  {command.get('tool_id') or ''}"
        if command.get("kind") == "Publish":
            return f"Publish  {command.get('channel')}"
        return f"{command.get('kind', '')}{f'  {step}' if step else ''}"

    def _name_of(self, data: dict[str, Any]) -> str:
        return self._name(self._commands.get(data["command_id"], {}))

    def planned(self, data: dict[str, Any]) -> str:
        """Remember which steps can run side by side, and describe the plan."""
        steps = {s["step_id"]: s for s in data["plan"]["steps"]}
        for step in data["plan"]["steps"]:
            needs = [*step["depends_on"], *step["needs"].values()]
            step["wave"] = 1 + max(
                (steps[n].get("wave", 0) for n in needs if n in steps), default=0
            )
        self._steps = {k: {"name": k, "wave": s["wave"]} for k, s in steps.items()}
        waves = max((s["wave"] for s in steps.values()), default=0)
        plan = data["plan"]
        estimate = f"{plan['estimated_duration']:g} s, {money(plan['estimated_cost'])} expected"
        return f"    {len(steps)} steps in {waves} waves, {estimate}"


def _assessed(_: Progress, data: Data) -> str:
    scores = data["assessment"]["dimensions"]
    weight = sum(d["weight"] for d in scores) or 1.0
    overall = sum(d["weight"] * d["score"] for d in scores) / weight
    score = f"{overall:.3f} of {data['threshold']:.2f} on {len(scores)} dimensions"
    return f"    {data['subject']}: {score}: {_VERDICTS[data['verdict']]}"


def _understood(_: Progress, data: Data) -> str:
    intent = data["intent"]
    return _indent(f"{intent['name']} ({intent['confidence']:.0%} sure): {intent['summary']}", 4)


def _discovered(_: Progress, data: Data) -> str:
    return f"    {len(data['tools'])} tools, catalogue {data['catalogue_version']}"


def _plan_rejected(_: Progress, data: Data) -> str:
    return f"    plan refused: {'; '.join(p['message'] for p in data['problems'])}"


def _decided(_: Progress, data: Data) -> str:
    channels = f" for {', '.join(data['channels'])}" if data["channels"] else ""
    return f"    round {data['round']}: {data['decision']} by {data['by']}{channels}"


def _published(_: Progress, data: Data) -> str:
    receipt = data["receipt"]
    dry = " (dry run: nothing left this machine)" if receipt["is_dry_run"] else ""
    return f"    {data['channel']}: {receipt['reference']}{dry}"


def _cancelled(_: Progress, data: Data) -> str:
    reason = f": {data['reason']}" if data["reason"] else ""
    return f"    cancelled by {data['by']}{reason}"


def _closed(_: Progress, data: Data) -> str:
    end = f"{coloured(data['outcome'])} (decided by {data['decided_by']}), {money(data['cost'])}"
    return click.style("● ", bold=True) + end


def _asks(text: str) -> Fact:
    """A line about something that waits for a human."""
    return lambda _, data: click.style(f"  ? {text.format(**data)}", fg="yellow")


def _fails(text: str) -> Fact:
    """A line about something that failed."""
    return lambda _, data: click.style(f"  ✗ {text.format(**data)}", fg="red")


def _says(text: str) -> Fact:
    """A plain line."""
    return lambda _, data: f"    {text.format(**data)}"


_VERDICTS = {"pass": "passes", "refine": "is refined", "ask_human": "goes to a human"}
_FACTS: dict[str, Fact] = {
    "intent_parsed": _understood,
    "question_asked": _asks("{question[text]}"),
    "question_answered": _says("answered: {answer}"),
    "request_declined": _fails("{reason}"),
    "tools_discovered": _discovered,
    "plan_drafted": Progress.planned,
    "plan_rejected": _plan_rejected,
    "step_rerouted": _says("{step_id} goes on with {tool_id}"),
    "step_failed": _fails("{step_id}: {reason}"),
    "quality_assessed": _assessed,
    "output_refined": _says("refinement {refinement} of {subject}"),
    "approval_requested": _asks("round {round}: {reason}"),
    "approval_decided": _decided,
    "effect_uncertain": _asks("uncertain: {reason}"),
    "cost_questioned": _asks("{question[text]}"),
    "publication_completed": _published,
    "publication_failed": _fails("{channel}: {reason}"),
    "task_failed": _fails("failed in {phase}: {reason}"),
    "cancellation_requested": _cancelled,
    "task_closed": _closed,
}


def show_result(shown: dict[str, Any] | None) -> None:
    """The deliverable, its scores, its facts and its variants."""
    if shown is None:
        return
    shown = plain(shown)
    content = shown["main_content"]
    click.echo()
    _heading(content["title"])
    click.echo(_indent(content["content"]))
    _show_quality(shown["quality"])
    _show_facts(content["metrics_referenced"], shown["supporting_materials"]["metrics_summary"])
    _show_variants(shown["channel_variants"], content["content"])
    if shown["status"] == "pending_approval":
        show_places(places_of(shown, shown["requested_channels"]))
    meta = shown["metadata"]
    offline = ", offline: no model was used" if meta["is_offline"] else ""
    agents = ", ".join(meta["agents_involved"])
    click.echo(f"\nCost {meta['cost']}, {meta['execution_time']}, agents: {agents}{offline}")


def show_plan(plan: dict[str, Any] | None) -> None:
    """Why this plan was chosen, and which others there were."""
    if plan is None:
        return
    plan = plain(plan)
    _heading("Why this plan")
    for reason in plan["reasons"] or ["no reasons were recorded"]:
        click.echo(_bullet(reason))
    if not plan["alternatives"]:
        click.echo("  There was no other plan to choose from.")
        return
    _heading(f"Other plans: {len(plan['alternatives'])}")
    for other in plan["alternatives"]:
        click.echo(_bullet(other.get("summary") or ", ".join(other.get("tools", ()))))
        figures = f"{other['estimated_duration']:g} s, {money(other['estimated_cost'])}"
        click.echo(click.style(f"    {figures}, {other['success_probability']:.0%} sure", dim=True))


def _bullet(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="  • ", subsequent_indent="    ")


def _show_quality(quality: dict[str, Any] | None) -> None:
    if quality is None:
        return
    word = "passes" if quality["passed"] else "does not pass"
    _heading(f"Quality {quality['overall']:.3f}, threshold {quality['threshold']:.2f}: {word}")
    for d in quality["dimensions"]:
        bar = "█" * round(d["score"] * 20)
        gate = (" gate passed" if d["has_passed"] else " GATE FAILED") if d["is_gate"] else ""
        click.echo(f"  {d['name']:<22} {d['score']:.2f} {bar:<20}{gate}")
        for issue in d["issues"][:3]:
            click.echo(click.style(f"      {issue['severity']}: {issue['message']}", dim=True))


def _show_facts(used: dict[str, Any], facts: dict[str, dict[str, Any]]) -> None:
    if not used:
        return
    _heading("Where the numbers come from")
    width = min(max(len(str(text)) for text in used.values()), LONGEST_FACT)
    for name, text in used.items():
        fact = facts.get(name, {})
        origin = fact.get("source") or fact.get("label") or name
        kind = f"{fact['kind']}: " if "kind" in fact else ""
        click.echo(f"  {text!s:<{width}}  {kind}{origin}")


def _show_variants(variants: dict[str, dict[str, Any]], content: str) -> None:
    """The variants that say something else than what was shown already."""
    if not variants:
        return
    _heading(f"Variants: {', '.join(map(_channel, variants))}")
    for channel, variant in variants.items():
        if variant["content"] == content:
            continue
        limit = f" of {variant['limit']:,}" if variant["limit"] else ""
        size = f"{_channel(channel)}: {variant['characters']:,}{limit} characters"
        click.echo(click.style(f"  {size}", bold=True))
        parts = variant["parts"] or [variant["content"]]
        subject = [f"Subject: {variant['subject']}"] if variant["subject"] else []
        click.echo(_indent("\n".join([*subject, *parts]), 4))


def places_of(shown: dict[str, Any], channels: list[str]) -> dict[str, dict[str, Any]]:
    """Where each of these channels leads, of what an approval document says."""
    places: dict[str, dict[str, Any]] = shown.get("publishing", {})
    return {name: places[name] for name in channels if name in places}


def show_places(places: dict[str, dict[str, Any]]) -> None:
    """Whether approving really publishes, and where."""
    if not places:
        return
    click.echo()
    for name, place in places.items():
        word = click.style("PUBLISHES", fg="yellow") if place["is_live"] else "dry run"
        click.echo(f"  Approved, {_channel(name)} goes to {place['where']} [{word}]")


def _channel(name: str) -> str:
    return "X (twitter)" if name == "twitter" else name


def _heading(text: str) -> None:
    click.echo("\n" + click.style(text, bold=True) + "\n" + "─" * min(WIDTH, max(len(text), 20)))


def _indent(text: str, by: int = 2) -> str:
    lines = [
        wrapped
        for line in text.splitlines()
        for wrapped in (textwrap.wrap(line, WIDTH - by, break_long_words=False) or [""])
    ]
    return textwrap.indent("\n".join(lines), " " * by)
