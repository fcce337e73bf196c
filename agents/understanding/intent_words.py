"""How an understood request is named and put in words: summary, requirements and implicit needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.figures.horizon import Horizon
from agents.figures.metric_names import label_of
from agents.figures.metric_notes import Phrase, say
from streams.domain.intent import DateRange
from streams.domain.values import Channel, Json


@dataclass(frozen=True, slots=True)
class Naming:
    """The intent's name, action and domain for one kind of work."""

    name: str
    action: str
    domain: str


NAMES: Mapping[str, Naming] = {
    "content": Naming("create_social_content", "create", "marketing"),
    "email": Naming("create_email", "create", "marketing"),
    "analysis": Naming("financial_analysis", "analyze", "analytics"),
    "check": Naming("compliance_check", "check", "compliance"),
    "market": Naming("market_insight", "analyze", "market"),
    "edit": Naming("edit_content", "edit", "marketing"),
    "publish": Naming("publish_content", "publish", "marketing"),
    "brief": Naming("co_founder_brief", "advise", "business"),
}
CHANNEL_NAMES = {Channel.LINKEDIN: "LinkedIn", Channel.TWITTER: "X", Channel.EMAIL: "e-mail"}
_OPENINGS: Mapping[str, Phrase] = {
    "create_social_content": ("Create content{where}", "Inhalt{where} erstellen"),
    "create_social_content_with_metrics": ("Create content{where}", "Inhalt{where} erstellen"),
    "create_email": ("Write an e-mail", "Eine E-Mail schreiben"),
    "financial_analysis": ("Analyze the metrics{where}", "Kennzahlen auswerten{where}"),
    "compliance_check": ("Check a text for compliance", "Einen Text auf Compliance prüfen"),
    "market_insight": ("Sum up the market{where}", "Den Markt zusammenfassen{where}"),
    "co_founder_brief": ("Prepare a briefing", "Ein Briefing vorbereiten"),
    "edit_content": ("Edit a text{where}", "Einen Text überarbeiten{where}"),
    "publish_content": (
        "Prepare a text for publication{where}",
        "Einen Text zur Veröffentlichung vorbereiten{where}",
    ),
}
_WHERE: Phrase = (" for {channels}", " für {channels}")
_ABOUT: Phrase = (" about {topic}", ", Thema: {topic}")
_FROM: Phrase = (", from {metrics}", ", aus {metrics}")
_FORECAST: Phrase = ("forecast of {what} for {span}", "Prognose ({what}) für {span}")
_FORECAST_OF_ALL: Phrase = ("forecast for {span}", "Prognose für {span}")
_AND: Phrase = (" and ", " und ")
_LENGTHS = (
    ("max_characters", "at most {:,} characters"), ("max_words", "at most {:,} words"),
    ("min_words", "at least {:,} words"), ("min_characters", "at least {:,} characters"),
    ("max_sentences", "at most {:,} sentences"), ("max_hashtags", "at most {:,} hashtags"),
)  # fmt: skip


def describe(
    name: str,
    channels: Sequence[Channel],
    topic: str,
    metrics: Sequence[str],
    period: DateRange | None,
    language: str,
) -> str:
    """The request in one sentence."""
    places = _listed([CHANNEL_NAMES[channel] for channel in channels], language)
    where = say(language, _WHERE, channels=places) if channels else ""
    sentence = say(language, _OPENINGS[name], where=where)
    if topic:
        sentence += say(language, _ABOUT, topic=topic[:160])
    if metrics:
        labels = [label_of(metric, language) for metric in metrics[:6]]
        sentence += say(language, _FROM, metrics=_listed(labels, language))
    if period is not None and period.label.lower() not in sentence.lower():
        sentence += f" ({period.label})"
    return sentence + "."


def forecast_topic(metrics: Sequence[str], horizon: Horizon, language: str) -> str:
    """What a forecast is about: the metrics and how far ahead."""
    labels = [label_of(name, language) for name in metrics]
    texts = {"what": _listed(labels, language), "span": horizon.words}
    return say(language, _FORECAST if labels else _FORECAST_OF_ALL, **texts)


def requirements(
    name: str,
    channels: Sequence[Channel],
    tone: str,
    period: DateRange | None,
    metrics: Sequence[str],
    demands: Json,
) -> tuple[str, ...]:
    """What the work must do, as a list for people to read."""
    when = f" of {period.label}" if period else ""
    wanted = []
    if metrics:
        wanted.append(f"Analyze the metrics{when}: {_listed(metrics)}")
    if name == "compliance_check":
        wanted.append("Check the given text against the compliance rules")
    elif name == "market_insight":
        wanted.append(f"Sum up what is known about the market{when}")
    elif name == "edit_content":
        wanted.append("Edit the given text and keep its facts")
    elif name == "publish_content":
        wanted.append("Keep the given text as it is")
    if name.startswith("create"):
        wanted.append(f"Write in a {tone} tone")
    wanted += [f"Fit the format and length of {CHANNEL_NAMES[c]}" for c in channels]
    if metrics and name.startswith("create"):
        wanted.append("Tell the story behind the numbers")
    if name.startswith("create"):
        wanted.append(
            f"Call to action: {demands.get('call_to_action') or 'invite the reader to act'}"
        )
    return (*wanted, *_demanded(demands))


def _demanded(demands: Json) -> list[str]:
    wanted = [f"Length: {text.format(demands[key])}" for key, text in _LENGTHS if key in demands]
    if demands.get("no_numbers"):
        wanted.append("Use no numbers")
    wanted += [f"Mention {phrase!r}" for phrase in demands.get("must_include", ())]
    wanted += [f"Do not mention {phrase!r}" for phrase in demands.get("must_avoid", ())]
    return wanted


def implicit_needs(
    kind: str, cues: frozenset[str], may_be_published: bool, has_comparison: bool
) -> tuple[str, ...]:
    """What the user did not say but will expect."""
    is_comparing = has_comparison or "compare" in cues
    needs = (
        ("quality_review", may_be_published),
        ("visualization", kind == "analysis" or "chart" in cues),
        ("comparison", is_comparing and kind in ("analysis", "content", "email", "market")),
        ("market_research", "market" in cues and kind not in ("check", "edit", "publish")),
    )
    return tuple(name for name, is_needed in needs if is_needed)


def _listed(names: Sequence[str], language: str = "en") -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])}{say(language, _AND)}{names[-1]}"
