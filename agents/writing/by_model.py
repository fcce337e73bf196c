"""Posts written by a model where one is there; the rules stay as the frame and the last resort.

The rules choose the facts, the title and the hashtags, the model finds the words. What it invents
is left in for the quality check to find, so that its findings, and what became of them, are
recorded. One refinement is a model's, of a higher tier than what failed, with the exact words that
were wrong; the next is written by rules. Each draft says in `details.writer` who wrote it and which
models failed the check before, so that a refinement knows it without reading any history.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from agents.contract import Agent, Done, Effect, GiveUp, Outcome
from agents.figures.metric_notes import Phrase
from agents.models.budget import Refused
from agents.models.complexity import assess
from agents.models.desk import Asked, Desk, Question
from agents.models.prompts import prompt
from agents.models.providers import BUILTIN
from agents.models.tiers import TaskType
from agents.quality import codes
from agents.writing.brief import Brief, as_object, read_brief, texts
from agents.writing.create import create_post, post_limits, within
from agents.writing.draft import draft_of
from agents.writing.guard import ungrounded
from agents.writing.outline import Line, Outline, Paragraph
from agents.writing.prose import without_emojis
from agents.writing.reading import text_of
from agents.writing.remarks import remark
from streams.domain.budget import BudgetMode
from streams.domain.commands import Command, CommandKind
from streams.domain.values import Json

MODEL_REFINEMENTS = 1  # by the model; then the rules write
MOST_WORDS = 150
CREATES = frozenset({"create_post", "generate_post", "write_post", "generate_content"})
_LANGUAGES = {"en": "English", "de": "German"}
_PARTS = {"hook": 120, "insight": 260, "meaning": 220, "call_to_action": 110}  # characters
_SCHEMA: Json = {
    "type": "object",
    "properties": {name: {"type": "string", "maxLength": most} for name, most in _PARTS.items()},
    "required": list(_PARTS),
    "additionalProperties": False,
}
_WRITTEN: Phrase = ("Written by {model}.", "Geschrieben von {model}.")
_NO_MODEL: Phrase = (
    "Written by rules, no model answered: {why}",
    "Nach Regeln geschrieben, kein Modell hat geantwortet: {why}",
)
_BY_RULES: Phrase = (
    "The model's text still had findings ({what}), so this one is written by rules.",
    "Der Text des Modells hatte weiterhin Befunde ({what}), daher ist dieser nach Regeln "
    "geschrieben.",
)
# What sentences of a model cannot be cured of by editing them.
_OF_THE_WORDS = frozenset(
    {
        codes.UNGROUNDED_NUMBER,
        codes.WRONG_DIRECTION,
        codes.WRONG_METRIC,
        codes.WRONG_PERIOD,
        codes.UNSUPPORTED_CHANGE,
        codes.UNVERIFIED_NUMBER,
        codes.MISSING_METRIC,
        codes.GENERIC_SENTENCE,
        codes.BROKEN_TEXT,
        codes.WRONG_LANGUAGE,
    }
)


def with_model(agent: Agent, desk: Desk) -> Agent:
    """The content agent, which asks a model for posts and for their refinement."""
    writer = _Writer(agent, desk)
    ours: dict[str, Effect] = dict.fromkeys((*CREATES, "content_generator"), writer.write)
    ours[CommandKind.REFINE.value] = writer.refine
    computes = {name: each for name, each in agent.computes.items() if name not in ours}
    return replace(agent, computes=computes, effects={**agent.effects, **ours}, pays_itself=True)


@dataclass(frozen=True, slots=True)
class _Writer:
    rules: Agent
    desk: Desk

    async def write(self, command: Command) -> Outcome:
        """A draft: posts by a model, all else by rules."""
        by_rules = self._by_rules(command)
        brief = replace(read_brief(command.payload), kind="post")
        if not isinstance(by_rules, Done) or not _is_for_model(command, brief, by_rules.output):
            return by_rules
        values = {
            "language": _LANGUAGES[brief.language],
            "tone": brief.tone,
            "words": str(_most_words(brief)),
            "request": brief.request,
            "facts": _facts(brief),
            "demands": _demands(brief),
        }
        asked = await self._ask(command, brief, "draft_post", TaskType.DRAFT, values)
        writer = self._signed(command, asked, TaskType.DRAFT)
        return _outcome(asked, brief, by_rules.output, writer)

    async def refine(self, command: Command) -> Outcome:
        """A better version: of a model's post by a model, once; all else by rules."""
        payload = command.payload
        output = as_object(payload.get("output"))
        brief = replace(read_brief(payload), kind="post")
        if not _model_of(output):
            return self._by_rules(command)
        refinements = _count(output, "refinements")
        wishes = texts(payload.get("feedback"))
        has_wishes = len(wishes) > _count(output, "wishes")
        if refinements >= MODEL_REFINEMENTS and not has_wishes:
            return self._last_resort(command, brief)
        values = {
            "language": _LANGUAGES[brief.language],
            "tone": brief.tone,
            "words": str(_most_words(brief)),
            "draft": text_of(output),
            "facts": _facts(brief),
            "findings": "\n".join(_findings(payload)),
            "wishes": "\n".join(wishes),
        }
        failed = _failed(output)
        asked = await self._ask(command, brief, "refine_post", TaskType.REFINE, values, failed)
        if asked.refused is not None and not _is_stopped(asked.refused):
            return asked.refused.outcome(asked.cost)
        done = 0 if has_wishes else refinements + 1  # words that a person asked for are a new start
        writer = self._signed(command, asked, TaskType.REFINE) | {
            "refinements": done,
            "wishes": len(wishes),
            "failed": list(failed),
        }
        better = _outcome(asked, brief, output, writer)
        if asked.answer is not None and not _still_invents(better, brief):
            return better
        last = _with_usage(self._last_resort(command, brief), asked)
        return last if asked.answer is None else _dropping(last, better)

    def _by_rules(self, command: Command) -> Outcome:
        handler = self.rules.compute(command)
        return handler(command) if handler else GiveUp("the rules do not know this work")

    def _last_resort(self, command: Command, brief: Brief) -> Outcome:
        """Written anew from the facts where the words are at fault, else repaired by rules."""
        payload = command.payload
        found = [str(i.get("code")) for i in _issues(payload) if i.get("code") in _OF_THE_WORDS]
        if not found:
            return self._by_rules(command)
        what = ", ".join(name.replace("_", " ") for name in dict.fromkeys(found))
        draft = create_post(brief)
        notes = [*texts(draft.get("notes")), remark(brief, _BY_RULES, what=what)]
        return Done(draft | {"notes": notes})

    async def _ask(
        self,
        command: Command,
        brief: Brief,
        name: str,
        task_type: TaskType,
        values: Mapping[str, str],
        failed: tuple[str, ...] = (),
    ) -> Asked:
        asking = prompt(name)
        question = Question(
            key=name,
            task_type=task_type,
            messages=asking.filled(values),
            prompt=asking.name,
            json_schema=_SCHEMA,
            complexity=assess(brief.request).complexity,
            language=brief.language,
            failed=failed,
        )
        return await self.desk.ask(command, question)

    def _signed(self, command: Command, asked: Asked, task_type: TaskType) -> Json:
        """Who wrote the words, by which the outcomes of quality checks are counted. The rules are
        counted only where the router preferred them.
        """
        account = asked.account
        name = account.model if account else asked.choice.model_id if asked.choice else None
        known = self.desk.table.by_id.get(name or "")
        signed: Json = {"task_type": task_type.value, "command_id": command.command_id}
        signed["tier"] = known.tier.value if known else None
        if account is None:
            return signed if name == BUILTIN else {}
        prompt_name = account.prompt.model_dump() if account.prompt else None
        return signed | {"model": account.model, "prompt": prompt_name}


def _still_invents(outcome: Outcome, brief: Brief) -> bool:
    """Whether figures that are no facts have survived the refinement: then nobody asks again."""
    return isinstance(outcome, Done) and bool(ungrounded(text_of(outcome.output), brief))


def _is_for_model(command: Command, brief: Brief, draft: Json) -> bool:
    """Whether it is a post to be composed, rather than given words to be kept."""
    asked = as_object(command.payload.get("inputs")).get("action")
    name = str(asked) if isinstance(asked, str) else command.action
    is_given = _writer_of(draft).get("is_given") is True
    is_post = draft.get("kind") == "post" and name in CREATES
    return is_post and not is_given and not brief.demands.verbatim and brief.take == 0


def _outcome(asked: Asked, brief: Brief, draft: Json, writer: Json) -> Outcome:
    """The model's words in the frame of a draft; the draft as it is where there are none."""
    if asked.refused is not None and not _is_stopped(asked.refused):
        return asked.refused.outcome(asked.cost)
    if asked.answer is None or asked.answer.data is None or asked.account is None:
        note = remark(brief, _NO_MODEL, why=asked.note)
        notes = list(dict.fromkeys((*texts(draft.get("notes")), note)))
        was_wanted = asked.account is not None or asked.refused is not None
        details = as_object(draft.get("details"))
        said: Json = {"notes": notes} if was_wanted else {}
        if asked.account is None and writer:  # the router preferred the rules
            said["details"] = details | {"writer": _writer_of(draft) | writer}
        return Done(draft | said, asked.cost, asked.usage)
    written = _composed(asked.answer.data, brief, draft)
    model = asked.account.model
    kept = [
        note for note in texts(draft.get("notes")) if note != remark(brief, _WRITTEN, model=model)
    ]
    return Done(
        written
        | {
            "is_offline": False,
            "notes": list(dict.fromkeys((*kept, remark(brief, _WRITTEN, model=model)))),
            "details": as_object(draft.get("details")) | {"writer": writer},
        },
        asked.cost,
        asked.usage,
    )


def _is_stopped(refused: Refused) -> bool:
    """Whether nobody may still allow the money: then the rules write, which cost nothing."""
    return refused.need is not None and refused.mode is BudgetMode.STOP


def _composed(data: Json, brief: Brief, draft: Json) -> Json:
    said = {name: _clean(data.get(name), brief) for name in _PARTS}
    paragraphs = tuple(
        Paragraph((Line(said[name]),)) for name in ("insight", "meaning") if said[name]
    )
    call = brief.demands.call_to_action or said["call_to_action"]
    outline = Outline(
        hook=said["hook"],
        paragraphs=paragraphs,
        call=call,
        hashtags=texts(draft.get("hashtags")),
        is_call_fixed=bool(brief.demands.call_to_action),
    )
    outline, notes = within(outline, post_limits(brief), brief)
    return draft_of(
        outline,
        brief,
        title=str(draft.get("title") or ""),
        alternatives=texts(draft.get("alternatives")),
        notes=notes,
    )


def _clean(value: object, brief: Brief) -> str:
    """One part as plain text on one line."""
    text = " ".join(str(value or "").replace("*", "").replace("#", "").split())
    return without_emojis(text) if brief.demands.no_emojis else text


def _most_words(brief: Brief) -> int:
    return min(MOST_WORDS, brief.demands.max_words or MOST_WORDS)


def _facts(brief: Brief) -> str:
    lines = (
        f"- {fact.label}{f' ({fact.period})' if fact.period else ''}: {fact.text}"
        for fact in brief.known
    )
    return "\n".join(lines)


def _demands(brief: Brief) -> str:
    demands = brief.demands
    said = {
        "about": brief.topic,
        "for": demands.audience,
        "must contain": "; ".join(demands.must_include),
        "must not contain": "; ".join((*demands.must_avoid, *demands.confidential)),
        "figures": "none at all" if demands.no_numbers else "",
    }
    return "\n".join(f"{name}: {value}" for name, value in said.items() if value)


def _issues(payload: Json) -> Sequence[Json]:
    raw = payload.get("issues")
    return [issue for issue in raw if isinstance(issue, dict)] if isinstance(raw, list) else []


def _findings(payload: Json) -> Iterator[str]:
    """Each finding with the exact words that it is about."""
    for issue in _issues(payload):
        quote = str(as_object(issue.get("evidence")).get("quote") or "")
        at = f' (in your text: "{quote}")' if quote else ""
        suggestion = str(issue.get("suggestion") or "")
        yield f"- {issue.get('message')}{at}{f' {suggestion}' if suggestion else ''}"


def _writer_of(draft: Json) -> Json:
    return as_object(as_object(draft.get("details")).get("writer"))


def _count(draft: Json, name: str) -> int:
    value = _writer_of(draft).get(name)
    return value if isinstance(value, int) and value > 0 else 0


def _model_of(draft: Json) -> str:
    model = _writer_of(draft).get("model")
    return model if isinstance(model, str) else ""


def _failed(draft: Json) -> tuple[str, ...]:
    """The models whose words on this were sent back, by the check or by a person, in order."""
    return texts([*texts(_writer_of(draft).get("failed")), _model_of(draft)])


def _dropping(outcome: Outcome, better: Outcome) -> Outcome:
    """The last resort, which names the model whose words were dropped: that too is an outcome."""
    if not isinstance(outcome, Done) or not isinstance(better, Done):
        return outcome
    details = as_object(outcome.output.get("details"))
    said = _writer_of(better.output)
    dropped = {name: said.get(name) for name in ("model", "tier", "task_type", "command_id")}
    writer = _writer_of(outcome.output) | {"dropped": dropped}
    return replace(outcome, output=outcome.output | {"details": details | {"writer": writer}})


def _with_usage(outcome: Outcome, asked: Asked) -> Outcome:
    if isinstance(outcome, Done):
        return replace(outcome, cost=outcome.cost + asked.cost, usage=asked.usage)
    return outcome
