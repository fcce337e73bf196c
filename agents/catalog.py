"""The tools that are always there, as a versioned catalogue that MCP tools can join.

What a tool `consumes` must be there before it runs, unless its input schema has a property of that
name and does not require it: then it makes use of it where it is. `prerequisites` are tools that go
first where a plan has them. Durations are what the offline agents need; they cost nothing.
"""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256

from agents.contract import Done, Outcome
from agents.founder.tools import founder_tools
from streams.domain.commands import Command
from streams.domain.plan import ToolSpecification
from streams.domain.values import Channel, Json
from streams.phases.results import Catalogue

VERSION_LENGTH = 16  # hexadecimal digits
_MEASURED = frozenset({"estimated_cost", "estimated_duration", "success_rate", "runs"})
OFFLINE_NOTE = "built-in tools work offline by rules and templates; no model is used"

_TEXT: Json = {"type": "string"}
_OBJECT: Json = {"type": "object"}
_TEXTS: Json = {"type": "array", "items": {"type": "string"}}
_PERIOD: Json = {
    "type": ["object", "null"],
    "properties": {"label": _TEXT, "start": _TEXT, "end": _TEXT},
    "required": ["label", "start", "end"],
}


def _schema(required: Sequence[str] = (), **properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(required)}


_REPORT = _schema(
    ("facts", "insights", "narrative"),
    facts={"type": "array", "items": _OBJECT},
    insights=_TEXTS,
    narrative=_TEXT,
    period=_PERIOD,
    comparisons={"type": "array", "items": _OBJECT},
    notes=_TEXTS,
    chart={"type": ["string", "null"]},
    is_offline={"type": "boolean"},
)
_DRAFT = _schema(
    ("kind", "content"),
    kind={"enum": ["post", "thread", "email", "report", "check", "answer"]},
    title=_TEXT,
    hook=_TEXT,
    body=_TEXTS,
    content=_TEXT,
    call_to_action=_TEXT,
    hashtags=_TEXTS,
    alternatives=_TEXTS,
    subject={"type": ["string", "null"]},
    metrics_referenced=_OBJECT,
    narrative=_TEXT,
    details=_OBJECT,
    notes=_TEXTS,
    is_offline={"type": "boolean"},
)
_VARIANT = _schema(
    ("channel", "content"),
    channel={"enum": [channel.value for channel in Channel]},
    content=_TEXT,
    parts=_TEXTS,
    subject={"type": ["string", "null"]},
    hashtags=_TEXTS,
    characters={"type": "integer"},
    limit={"type": ["integer", "null"]},
    is_within_limits={"type": "boolean"},
    notes=_TEXTS,
)
_FINDINGS = _schema(
    (),
    risk_level=_TEXT,
    findings={"type": "array", "items": _OBJECT},
    is_offline={"type": "boolean"},
)
_SCORES = _schema(
    ("dimensions",), dimensions={"type": "array", "items": _OBJECT}, evaluator=_TEXT, summary=_TEXT
)
_RECEIPT = _schema(
    ("reference",),
    reference=_TEXT,
    url={"type": ["string", "null"]},
    is_dry_run={"type": "boolean"},
)
_MARKET = _schema(
    ("findings", "facts"),
    findings=_TEXTS,
    facts={"type": "array", "items": _OBJECT},
    notes=_TEXTS,
    is_offline={"type": "boolean"},
)
_CHANNEL_NAMES = {Channel.LINKEDIN: "LinkedIn", Channel.TWITTER: "X", Channel.EMAIL: "e-mail"}
_LIMITS = {
    Channel.LINKEDIN: "3,000 characters, the hook before the fold, hashtags at the end",
    Channel.TWITTER: "280 weighted characters a post, longer texts as a numbered thread",
    Channel.EMAIL: "subject, preview text, plain text and HTML",
}


@cache
def builtin_tools() -> tuple[ToolSpecification, ...]:
    """The tools that come with the package, in a fixed order."""
    formatters = (_formatter(channel) for channel in Channel)
    publishers = (_publisher(channel) for channel in Channel)
    return (*_analysts(), _writer(), *formatters, *_checkers(), *founder_tools(), *publishers)


def catalogue_version(tools: Iterable[ToolSpecification]) -> str:
    """The version of a catalogue: the beginning of the sha256 over its tools in a fixed order,
    without what is measured of them, so that it changes only when the catalogue does."""
    ordered = sorted((_identity(tool) for tool in tools), key=lambda tool: str(tool["tool_id"]))
    canonical = json.dumps(ordered, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(canonical.encode()).hexdigest()[:VERSION_LENGTH]


def _identity(tool: ToolSpecification) -> Json:
    return {name: value for name, value in tool.as_json.items() if name not in _MEASURED}


def catalogue(joined: Iterable[ToolSpecification] = (), notes: Iterable[str] = ()) -> Catalogue:
    """The built-in tools and those that join them; a built-in tool is never replaced."""
    tools = {tool.tool_id: tool for tool in builtin_tools()}
    remarks = [OFFLINE_NOTE, *notes]
    for tool in joined:
        if tool.tool_id in tools:
            remarks.append(f"a second tool with the id {tool.tool_id!r} was left out")
        else:
            tools[tool.tool_id] = tool
    found = tuple(tools.values())
    return Catalogue(version=catalogue_version(found), tools=found, notes=tuple(remarks))


def discover_tools(command: Command) -> Outcome:
    """The handler of DiscoverTools."""
    return Done(_builtin_catalogue().as_json)


@cache
def _builtin_catalogue() -> Catalogue:
    return catalogue()


def _analysts() -> tuple[ToolSpecification, ...]:
    return (
        ToolSpecification(
            tool_id="metrics_analyzer",
            name="Metrics analyzer",
            description="Reads the given business metrics as facts with units, period and changes. "
            "It computes and estimates nothing that was not given or derived by a named formula.",
            category="analysis",
            agent_type="financial",
            input_schema=_schema(
                (), date_range=_PERIOD, compare_to=_PERIOD, metrics=_TEXTS, action=_TEXT
            ),
            output_schema=_REPORT,
            produces=("metrics_data",),
            estimated_duration=0.02,
            success_rate=0.99,
            is_repeatable=True,
        ),
        ToolSpecification(
            tool_id="financial_agent.analyze_metrics",
            name="Financial analysis",
            description="Derives levels, changes, ratios, trends and forecasts with intervals "
            "from the facts, and says which insights they bear out.",
            category="analysis",
            agent_type="financial",
            input_schema=_schema(
                ("metrics_data",),
                metrics_data=_OBJECT,
                action=_TEXT,
                date_range=_PERIOD,
                compare_to=_PERIOD,
                forecast_for=_PERIOD,
                metrics=_TEXTS,
                language=_TEXT,
            ),
            output_schema=_REPORT,
            consumes=("metrics_data",),
            produces=("insights",),
            estimated_duration=0.03,
            success_rate=0.99,
            prerequisites=("metrics_analyzer",),
            is_repeatable=True,
        ),
        ToolSpecification(
            tool_id="market_insight.research",
            name="Market research",
            description="Ranks and compares the market data that come with the request, and shows "
            "their trends. It looks nothing up and says so.",
            category="research",
            agent_type="market_insight",
            input_schema=_schema(
                ("market_data",),
                market_data=_OBJECT,
                topic=_TEXT,
                language=_TEXT,
                date_range=_PERIOD,
            ),
            output_schema=_MARKET,
            consumes=("market_data",),
            produces=("research",),
            estimated_duration=0.02,
            success_rate=0.95,
            is_repeatable=True,
        ),
    )


def _writer() -> ToolSpecification:
    return ToolSpecification(
        tool_id="content_generator",
        name="Content generator",
        description="Composes posts, threads, e-mails and reports from facts and templates, and "
        "edits or refines a given text. Every number it writes comes from a fact.",
        category="content",
        agent_type="content",
        input_schema=_schema(
            ("action",),
            action={
                "enum": [
                    "create_post",
                    "create_thread",
                    "create_email",
                    "create_report",
                    "create_hooks",
                    "edit",
                    "refine",
                    "translate",
                ]
            },
            insights=_OBJECT,
            research=_OBJECT,
            compliance_report=_OBJECT,
            draft=_OBJECT,
            tone=_TEXT,
            language=_TEXT,
            channels=_TEXTS,
            topic=_TEXT,
            constraints=_OBJECT,
            date_range=_PERIOD,
            requirements=_TEXTS,
            kind=_TEXT,
        ),
        output_schema=_DRAFT,
        consumes=("insights", "research", "compliance_report", "draft"),
        produces=("draft", "report", "check"),
        estimated_duration=0.05,
        success_rate=0.97,
        is_repeatable=True,
    )


def _formatter(channel: Channel) -> ToolSpecification:
    name = _CHANNEL_NAMES[channel]
    return ToolSpecification(
        tool_id=f"{channel.value}_formatter",
        name=f"{name} formatter",
        description=f"Fits a draft to {name}: {_LIMITS[channel]}.",
        category="formatting",
        agent_type="publisher",
        input_schema=_schema(
            ("draft",), draft=_OBJECT, channel=_TEXT, language=_TEXT, constraints=_OBJECT
        ),
        output_schema=_VARIANT,
        consumes=("draft",),
        produces=(f"variant:{channel.value}",),
        estimated_duration=0.01,
        success_rate=0.99,
        prerequisites=("content_generator",),
        is_repeatable=True,
    )


def _publisher(channel: Channel) -> ToolSpecification:
    name = _CHANNEL_NAMES[channel]
    return ToolSpecification(
        tool_id=f"{channel.value}_publisher",
        name=f"{name} publisher",
        description=f"Publishes the approved variant on {name}; without credentials it is a dry "
        "run and says so.",
        category="publishing",
        agent_type="publisher",
        input_schema=_schema(("variant", "key"), variant=_OBJECT, key=_TEXT, title=_TEXT),
        output_schema=_RECEIPT,
        consumes=(f"variant:{channel.value}",),
        produces=(f"receipt:{channel.value}",),
        estimated_duration=1.0,
        success_rate=0.98,
        requires_approval=True,
        prerequisites=(f"{channel.value}_formatter",),
        is_repeatable=False,
    )


def _checkers() -> tuple[ToolSpecification, ...]:
    variants = tuple(f"variant:{channel.value}" for channel in Channel)
    return (
        ToolSpecification(
            tool_id="compliance_checker",
            name="Compliance checker",
            description="Checks a text against rule packs (guarantees, forward-looking "
            "statements, testimonials, personal data, confidential figures) and names rule and "
            "place. It is no legal advice.",
            category="compliance",
            agent_type="compliance",
            input_schema=_schema(
                ("draft",), draft=_OBJECT, channels=_TEXTS, language=_TEXT, constraints=_OBJECT
            ),
            output_schema=_FINDINGS,
            consumes=("draft",),
            produces=("compliance_report",),
            estimated_duration=0.02,
            success_rate=0.99,
            is_repeatable=True,
        ),
        ToolSpecification(
            tool_id="quality_checker",
            name="Quality checker",
            description="Scores a draft on at least seven dimensions with evidence; a wrong "
            "number fails it.",
            category="quality",
            agent_type="evaluator",
            input_schema=_schema(
                ("draft",),
                draft=_OBJECT,
                insights=_OBJECT,
                research=_OBJECT,
                compliance_report=_OBJECT,
                tone=_TEXT,
                language=_TEXT,
                channels=_TEXTS,
                constraints=_OBJECT,
                **dict.fromkeys(variants, _OBJECT),
            ),
            output_schema=_SCORES,
            consumes=("draft", "insights", "research", *variants, "compliance_report"),
            produces=("quality_report",),
            estimated_duration=0.03,
            success_rate=0.99,
            prerequisites=("content_generator",),
            is_repeatable=True,
        ),
    )
