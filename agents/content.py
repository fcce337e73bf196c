"""The content agent: writes, edits, refines and formats texts; offline, by rules and from facts."""

from collections.abc import Callable, Mapping

from agents.contract import Agent, Done, GiveUp, Outcome
from agents.platforms.deliverable import format_deliverable
from agents.writing.brief import Brief, as_object, read_brief
from agents.writing.check import create_check
from agents.writing.create import create_post
from agents.writing.edit import edit
from agents.writing.email import create_email
from agents.writing.first_lines import create_hooks
from agents.writing.recast import recast, with_own_text, with_text
from agents.writing.refine import refine
from agents.writing.report import create_report
from agents.writing.thread import create_thread
from agents.writing.translate import CannotTranslate, translate
from agents.writing.versions import with_versions
from streams.domain.commands import Command, CommandKind
from streams.domain.values import Json

Write = Callable[[Brief], Json]


def _writer(kind: str, write: Write) -> Write:
    """A text about the facts, in as many versions as are asked for; a given text in that form."""

    def made(brief: Brief) -> Json:
        of_text = with_text(brief)
        if of_text is not None:
            return recast(of_text, kind)
        return with_versions(write(brief), brief, write)

    return made


_ACTIONS: Mapping[str, Write] = {
    "create_post": _writer("post", create_post),
    "create_thread": _writer("thread", create_thread),
    "create_email": _writer("email", create_email),
    "create_hooks": create_hooks,
    "create_report": lambda brief: (create_check if brief.kind == "check" else create_report)(
        brief
    ),
    "edit": lambda brief: edit(with_own_text(brief)),
}


_WRITERS: Mapping[str, Write] = {
    "post": create_post,
    "thread": create_thread,
    "email": create_email,
    "report": create_report,
    "check": create_check,
}


# What a command that is dispatched by itself may be called.
_ALIASES: Mapping[str, str] = {
    "generate_post": "create_post",
    "write_post": "create_post",
    "generate_content": "create_post",
    "generate_thread": "create_thread",
    "write_thread": "create_thread",
    "generate_email": "create_email",
    "write_email": "create_email",
    "generate_report": "create_report",
    "write_report": "create_report",
    "hooks": "create_hooks",
    "generate_hooks": "create_hooks",
    "shorten": "edit",
    "rewrite": "edit",
}


def write(command: Command) -> Outcome:
    """Tool content_generator: a draft for the action that the step asks for."""
    asked = as_object(command.payload.get("inputs")).get("action")
    is_known = isinstance(asked, str) and asked in (*_ACTIONS, *_ALIASES, "refine", "translate")
    name = str(asked) if is_known else command.action
    action = _ACTIONS.get(_ALIASES.get(name, name))
    if name == "refine":
        return improve(command)
    if name == "translate":
        return in_other_language(command)
    if action is None:
        known = ", ".join(sorted((*_ACTIONS, "refine", "translate")))
        return GiveUp(f"the content generator has no action {name!r}; it has: {known}")
    return _checked(action(read_brief(command.payload)))


def improve(command: Command) -> Outcome:
    """The kind Refine: a better version of a step's output or of the deliverable."""
    return _checked(refine(command.payload, _WRITERS))


def in_other_language(command: Command) -> Outcome:
    """The draft in English or German, where it was composed from figures that are there."""
    try:
        return _checked(translate(command.payload, _WRITERS))
    except CannotTranslate as error:
        return GiveUp(str(error))


def _checked(draft: Json) -> Outcome:
    if not str(draft.get("content") or "").strip():
        return GiveUp(
            "there is nothing to say under these demands: name a topic or allow more words"
        )
    return Done(draft)


CONTENT = Agent(
    "content",
    computes=dict.fromkeys((*_ACTIONS, *_ALIASES, "refine", "translate"), write)
    | {
        "content_generator": write,
        CommandKind.REFINE.value: improve,
        CommandKind.FORMAT.value: format_deliverable,
    },
)
