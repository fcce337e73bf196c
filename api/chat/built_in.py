"""Answers without a model: what is here, what waits, what can be done; never a pretence of more.

Deterministic rules in English and German, labelled offline. They tell the truth of this server and
offer to make a task of what they cannot talk about.
"""

import re
from collections.abc import Awaitable, Callable, Mapping

from agents.understanding.scope import OFFER, OFFER_GERMAN
from api.chat.parts import Asked, End, Parts, Plan, Text
from api.read_models import ReadModels
from streams.conversations.events import AnswerEnded, ChatAgent, Ending, Way
from streams.domain.values import Json

MODEL = "builtin"
SHOWN = 5  # tasks of a list
_TOPICS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "tasks",
            r"\b(?:tasks?|waits?|waiting|pending|approvals?|status|progress|queue|aufgaben?|wartet|warten|"
            r"freigaben?|stand|fortschritt)\b",
        ),
        ("models", r"\b(?:models?|gpt|claude|gemini|ollama|llms?|modelle?|api.?key|schlüssel)\b"),
        (
            "learned",
            r"\b(?:learn\w*|patterns?|history|training|gelernt|lern\w*|muster|verlauf|"
            r"works? best)\b",
        ),
        ("cost", r"\b(?:costs?|spent|spend|budgets?|kosten?|kostet|ausgegeben|money|geld)\b"),
        ("delete", r"\b(?:delete|erase|forget|privacy|lösch\w*|vergiss|datenschutz)\b"),
        (
            "able",
            r"\b(?:help|hilfe|what can|can you|do you do|how does|how do|who are you|what are you|"
            r"was kannst|kannst du|können sie|wer bist|wie funktioniert|capabilit\w+)\b",
        ),
        ("thanks", r"\b(?:thanks?|thank you|thx|danke\w*|vielen dank)\b"),
        (
            "greeting",
            r"^\W*(?:hi|hello|hey|good (?:morning|day|evening)|hallo|guten|moin|servus)\b",
        ),
    )
)
_ABLE = {"en": OFFER, "de": OFFER_GERMAN}
_FIXED: Mapping[str, Mapping[str, str]] = {
    "en": {
        "greeting": "Hello. I am the built-in chat of the orchestrator: rules, not a model.",
        "thanks": "You are welcome.",
        "offer": "Write what you want made: Create a LinkedIn post about our Q4 growth.",
        "nothing": (
            "No model is set up for this chat, so I cannot talk about that freely. I can tell what "
            "this server can do, which tasks wait, and what was learned; and I can make a task of "
            "your message: send it again with mode orchestration."
        ),
        "models": (
            "I answer by built-in rules. A model answers where one is set up: OPENAI_API_KEY, "
            "ANTHROPIC_API_KEY, GEMINI_API_KEY or OLLAMA_HOST in the environment of the server, "
            "then choose it by name. `GET /api/chat/models` lists what there is."
        ),
        "cost": "What I say costs nothing. `orchestrator budgets` shows what was spent today.",
        "delete": (
            "DELETE /api/chat/{name} destroys the key of this conversation: nothing that was said "
            "in it can be read any more. Tasks that were made of it are kept; they are histories "
            "of their own."
        ),
        "learned": "Ask that with mode learning: then the records of this server answer.",
    },
    "de": {
        "greeting": "Hallo. Ich bin der eingebaute Chat des Intelligent Orchestrator: Regeln, kein "
        "Modell.",
        "thanks": "Gern geschehen.",
        "offer": "Schreiben Sie, was entstehen soll, zum Beispiel: Erstelle einen LinkedIn-Beitrag "
        "über unser Wachstum im vierten Quartal.",
        "nothing": (
            "Für diesen Chat ist kein Modell eingerichtet, darüber kann ich also nicht frei "
            "sprechen. Ich kann sagen, was dieser Server kann, welche Aufgaben warten und was "
            "gelernt wurde; und ich kann aus Ihrer Nachricht eine Aufgabe machen: mit mode "
            "orchestration."
        ),
        "models": (
            "Ich antworte nach eingebauten Regeln. Ein Modell antwortet, wo eines eingerichtet "
            "ist: OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY oder OLLAMA_HOST in der "
            "Umgebung des Servers. `GET /api/chat/models` zeigt, was es gibt."
        ),
        "cost": "Was ich sage, kostet nichts. `orchestrator budgets` zeigt die Ausgaben von heute.",
        "delete": (
            "DELETE /api/chat/{name} vernichtet den Schlüssel dieses Gesprächs: Nichts davon ist "
            "danach noch lesbar. Aufgaben, die daraus entstanden, bleiben; sie haben einen eigenen "
            "Verlauf."
        ),
        "learned": "Fragen Sie das mit mode learning: Dann antworten die Aufzeichnungen.",
    },
}
_VIEWS: Mapping[str, Mapping[ChatAgent, str]] = {
    "en": {
        ChatAgent.CONTENT: "With agent content, my tasks write and edit.",
        ChatAgent.FINANCIAL: "With agent financial, my tasks compute from the figures you give.",
        ChatAgent.MARKET_INSIGHT: "With agent market_insight, my tasks read your market data.",
        ChatAgent.COMPLIANCE: "With agent compliance, my tasks check a text against rules.",
        ChatAgent.CO_FOUNDER: "With agent co_founder, my tasks say what to do first, and why.",
    },
    "de": {
        ChatAgent.CONTENT: "Mit agent content schreiben und überarbeiten meine Aufgaben.",
        ChatAgent.FINANCIAL: "Mit agent financial rechnen meine Aufgaben mit Ihren Zahlen.",
        ChatAgent.MARKET_INSIGHT: "Mit agent market_insight lesen meine Aufgaben Ihre Marktdaten.",
        ChatAgent.COMPLIANCE: "Mit agent compliance prüfen meine Aufgaben einen Text nach Regeln.",
        ChatAgent.CO_FOUNDER: "Mit agent co_founder sagen meine Aufgaben, was zuerst zu tun ist.",
    },
}
Lines = Callable[[Asked], Awaitable[list[str]]]


class BuiltIn:
    """Answers from what this server knows of itself."""

    def __init__(self, read_models: ReadModels) -> None:
        self._read_models = read_models

    def plan(self, asked: Asked, notes: tuple[str, ...] = ()) -> Plan:
        """How it will answer."""

        async def answer() -> Parts:
            async for part in self.answer(asked):
                yield End(part.ended, (*notes, *part.notes)) if isinstance(part, End) else part

        return Plan(Way.BUILT_IN, "", MODEL, answer, lambda text: _ended(asked, Ending.STOPPED))

    async def answer(self, asked: Asked) -> Parts:
        """The answer, a line at a time."""
        lines = await self._lines(asked)
        for number, line in enumerate(lines):
            yield Text(line if number == len(lines) - 1 else f"{line}\n")
        yield End(_ended(asked, Ending.COMPLETE))

    async def _lines(self, asked: Asked) -> list[str]:
        language, fixed = asked.wish.language, _FIXED[asked.wish.language]
        topic = _topic(asked.exchange.question)
        agent = asked.exchange.agent
        view = [_VIEWS[language][agent]] if agent else []
        match topic:
            case "tasks":
                return await self._tasks(asked.wish.tenant, language)
            case "greeting" | "able":
                first = [fixed["greeting"]] if topic == "greeting" else []
                return [*first, _ABLE[language], *view, fixed["offer"]]
            case "delete":
                return [fixed["delete"].format(name=asked.conversation.conversation_id)]
            case "thanks" | "cost" | "learned" | "models":
                return [fixed[topic]]
        return [fixed["nothing"], *view]

    async def _tasks(self, tenant: str, language: str) -> list[str]:
        counts = await self._read_models.counts(tenant)
        waiting = await self._read_models.history(tenant=tenant, limit=SHOWN, is_waiting=True)
        total = sum(counts.values())
        if not total:
            nothing = {"en": "There are no tasks yet.", "de": "Es gibt noch keine Aufgaben."}
            return [nothing[language], _FIXED[language]["offer"]]
        told = ", ".join(f"{number} {status}" for status, number in sorted(counts.items()))
        first = {"en": f"Tasks: {told}.", "de": f"Aufgaben: {told}."}[language]
        if not waiting["items"]:
            nobody = {"en": "None waits for you.", "de": "Keine wartet auf Sie."}
            return [first, nobody[language]]
        heading = {"en": "These wait for you:", "de": "Diese warten auf Sie:"}[language]
        return [first, heading, *(_task_line(one) for one in waiting["items"])]


def _task_line(item: Json) -> str:
    title = " ".join(str(item.get("title") or item["request"]).split())[:80]
    return f"- {title} ({item['status']}, {item['task_id']})"


def _topic(text: str) -> str:
    return next((name for name, pattern in _TOPICS if pattern.search(text)), "")


def _ended(asked: Asked, ending: Ending) -> AnswerEnded:
    message_id = asked.exchange.message_id
    return AnswerEnded(message_id=message_id, ending=ending, way=Way.BUILT_IN, model=MODEL)
