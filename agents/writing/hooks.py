"""First lines of a text about figures: the strongest true statement, in the words of the tone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agents.figures.merit import merit_of
from agents.writing.brief import choose
from agents.writing.guard import is_allowed
from agents.writing.prose import capital, small
from agents.writing.story import Point, Story
from agents.writing.telling import Teller, framed

LONGEST = 140  # characters, so that it stands before the fold whatever follows
CHANGES = ("up", "down", "points_up", "points_down")
# Frames that announce more than a lone figure can keep.
_PROMISES = re.compile(
    r"behind (?:it|the number)|numbers behind|whole picture|dahinter|ganze Bild|in Zahlen|"
    r"where it leaves us",
    re.IGNORECASE,
)
_PLAIN = ("{S}{when}.", "{When}, {s}.", "{NP}{when}.")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which points are told where: the lead in the first line, the others in the body."""

    lead: Point
    told: tuple[Point, ...]
    arithmetic: tuple[Point, ...]
    left_out: tuple[Point, ...]


def title_of_story(teller: Teller, story: Story) -> str:
    """The strongest point as a title, without a frame around it."""
    for point in story.points:
        _, short = teller.core(point)
        short = re.sub(r"^(?:an? |eine? )", "", short)
        when = teller.span if point.kind.startswith("span") else teller.when
        title = capital(f"{short} {when}".strip())
        if is_allowed(title, teller.brief.demands):
            return title
    return ""


def hooks(teller: Teller, story: Story, chosen: Chosen) -> list[str]:
    """First lines that fit, the chosen one first; never empty as long as anything may be said."""
    lead, others = chosen.lead, (*chosen.told, *chosen.arithmetic, *chosen.left_out)
    pairs = [*_paired(teller, story, chosen)]
    singles = [*_framed(teller, story, lead)]
    found = pairs if pairs and _asks_for_several(teller, chosen) else [*singles, *pairs]
    if found:
        first = choose(tuple(found), teller.brief, "hook")
        found = list(dict.fromkeys((first, *found, *singles)))
    for point in others[:2]:
        found += list(_framed(teller, story, point))[:1]
    found += [text for p in (lead, *others) for text in _bare(teller, p)]
    return list(dict.fromkeys(found)) or [""]


def _asks_for_several(teller: Teller, chosen: Chosen) -> bool:
    """Whether the request names more than one metric, so that one alone would miss the point."""
    return len(teller.brief.wanted) > 1 or (
        bool(chosen.told) and chosen.told[0].about.label.casefold() in teller.brief.request
    )


# ------------------------------------------------------------------------------ one metric


def _framed(teller: Teller, story: Story, point: Point) -> Iterator[str]:
    category = _category(teller, story, point)
    families = teller.tones.HOOKS.get(category)
    frames = families[teller.voice.family] if families else _PLAIN
    yield from _filled(teller, story, frames, _texts(teller, point))


def _category(teller: Teller, story: Story, point: Point) -> str:
    if teller.brief.demands.no_numbers:
        return "wordless" if teller.sentence(point) else "wordless_topic"
    if story.kind == "milestone" and point == story.points[0]:
        return "milestone"
    if point.merit < 0:
        return "bad"
    if point.kind in ("level", "revenue"):
        return "level" if merit_of(point.about) > 0 else "plain"
    if point.kind == "growth" or point.kind.startswith("span"):
        return "growth" if point.kind == "growth" else "span"
    if point.kind in CHANGES and point.merit > 0:
        return "up" if point.kind in ("up", "points_up") else "good_down"
    return "plain"


def _texts(teller: Teller, point: Point) -> Mapping[str, str]:
    """What fills the placeholders of first lines about a point."""
    texts = teller.texts(point)
    full, short = teller.core(point)
    if point.kind.startswith("span"):
        texts |= {"moved": "rose" if point.kind == "span_up" else "fell"}
    figure = "" if teller.brief.demands.no_numbers else teller.figure(point)
    return texts | {
        "S": capital(full),
        "s": small(full),
        "NP": capital(short),
        "np": short,
        "short": short,
        "figure": figure,
        "Figure": capital(figure),
        "Change": texts["change"],
        **_time(teller),
    }


def _time(teller: Teller) -> dict[str, str]:
    when = teller.when if not teller.when.startswith("(") else ""
    words = when.split(" ", 1)
    ours = "unser" if teller.brief.is_german else "our"
    return {
        "when": f" {teller.when}" if teller.when else "",
        "When": capital(when),
        "our_when": f"{ours} {words[1]}" if len(words) > 1 and words[0] in ("in", "im") else "",
    }


def _filled(
    teller: Teller, story: Story, frames: tuple[str, ...], texts: Mapping[str, str]
) -> Iterator[str]:
    is_lone = len(story.points) < 3
    for frame in frames:
        text = None if is_lone and _PROMISES.search(frame) else framed(frame, texts)
        if text is not None:
            text = _with_emoji(teller, story, teller.spoken(text))
            if len(text) <= LONGEST and is_allowed(text, teller.brief.demands):
                yield text


def _bare(teller: Teller, point: Point) -> Iterator[str]:
    """The point without any frame, at full length and as short as it gets."""
    full, short = teller.core(point)
    when = f" {teller.when}" if teller.when else ""
    for text in (f"{capital(full)}{when}.", f"{capital(full)}.", f"{capital(short)}."):
        if is_allowed(text, teller.brief.demands):
            yield teller.spoken(text)


def _with_emoji(teller: Teller, story: Story, text: str) -> str:
    emoji = teller.tones.EMOJIS.get(story.kind, "")
    if not teller.voice.has_emojis or teller.brief.demands.no_emojis or not emoji:
        return text
    return f"{text} {emoji}"


# ------------------------------------------------------------------------------ two metrics


def _paired(teller: Teller, story: Story, chosen: Chosen) -> Iterator[str]:
    """Two metrics in one line: how both moved, or where both stand."""
    if teller.brief.demands.no_numbers or story.kind == "milestone":
        return
    lead, others = chosen.lead, chosen.told
    second = next((p for p in others if p.kind in CHANGES and p.about != lead.about), None)
    if lead.kind in CHANGES and second is not None:
        side = _side(lead, second)
        pair = ", ".join((teller.move(lead), teller.move(second)))
        yield from _of_pair(teller, story, side, pair)
        both = teller.wording.AND.join(teller.move(p, is_clause=True) for p in (lead, second))
        yield from _of_pair(teller, story, side, both)
    elif lead.kind in ("revenue", "level"):
        beside = _level_beside(chosen)
        if beside is not None:
            pair = f"{teller.figure(lead)}{teller.wording.AND}{teller.figure(beside)}"
            yield from _of_pair(teller, story, "pair_levels", pair)


def _side(first: Point, second: Point) -> str:
    if not first.merit or not second.merit:
        return "pair_plain"
    if first.merit != second.merit:
        return "pair_mixed"
    return "pair_good" if first.merit > 0 else "pair_bad"


def _of_pair(teller: Teller, story: Story, category: str, pair: str) -> Iterator[str]:
    families = teller.tones.HOOKS.get(category)
    frames = families[teller.voice.family] if families else ("{Pair}{when}.",)
    texts = {"pair": pair, "Pair": capital(pair), **_time(teller)}
    yield from _filled(teller, story, frames, texts)


def _level_beside(chosen: Chosen) -> Point | None:
    """The level of another metric that the text tells: the customers that revenue is shared by."""
    for point in chosen.told:
        if point.kind == "level" and point.about != chosen.lead.about:
            return point
    for point in chosen.arithmetic:
        if point.kind == "per_customer" and chosen.lead.about in point.facts:
            return Point("level", (point.facts[2],), point.weight)
    return None
