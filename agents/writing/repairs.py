"""Repairs of a text by the code of a finding: each acts on the sentence that the evidence names."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from agents.figures.metric_names import MONEY
from agents.figures.metric_notes import is_about
from agents.quality import codes
from agents.writing import edits
from agents.writing.calls import call_of
from agents.writing.create import post_limits
from agents.writing.faults import Bench, Finding, holds
from agents.writing.guard import fact_of, is_allowed, mentions, ungrounded
from agents.writing.hashtags import hashtags_of
from agents.writing.manner import in_voice, less_promotional, without_cliches
from agents.writing.meaning import meanings_of
from agents.writing.outline import DETAIL, MEANING, Line, Outline, Paragraph, fitted, limits_of
from agents.writing.post import compose
from agents.writing.prose import sentences, without_emojis
from agents.writing.softening import softened
from agents.writing.telling import Teller

FEWEST_LINES = 2  # of a body that sentences are taken from
MOST_ADDED = 3  # sentences that a text which is too short gets at once
_CONTACT = re.compile(r"\S+@\S+\.\w+|\+?\d[\d\s()/-]{7,}\d")
Repair = Callable[[Outline, Finding, Bench], Outline]


def repaired(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    """The outline after the repair for a finding; unchanged if there is none."""
    repair = REPAIRS.get(finding.code)
    return repair(outline, finding, bench) if repair else outline


# ------------------------------------------------------------------------------- sentences


def _drop(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    """Without the sentences that hold the quote; a bridge or hashtag that holds it goes too."""
    if not finding.quote:
        return outline
    return _purged(outline, lambda text: holds(text, finding))


def _purged(outline: Outline, is_wrong: Callable[[str], bool]) -> Outline:
    paragraphs = tuple(
        replace(p, bridge="" if is_wrong(p.bridge) else p.bridge) for p in outline.paragraphs
    )
    tags = tuple(tag for tag in outline.hashtags if not is_wrong(tag))
    trimmed = replace(outline, paragraphs=paragraphs, hashtags=tags)
    hook = " ".join(s for s in sentences(outline.hook) if not is_wrong(s))
    call = " ".join(s for s in sentences(outline.call) if not is_wrong(s))
    trimmed = replace(trimmed, hook=hook, call=call)
    return edits.without_sentences(trimmed, is_wrong)


def _changing(change: Callable[[str], str]) -> Repair:
    def repair(outline: Outline, finding: Finding, bench: Bench) -> Outline:
        return edits.every_text(outline, edits.keeping_quotes(change))

    return repair


def _ground(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    """Each number that is no fact becomes the fact that its sentence is about, or goes."""
    quote = finding.quote

    def ground(text: str) -> str:
        wrong = ungrounded(text, bench.brief) if not quote or holds(text, finding) else []
        if not wrong:
            return text
        fixed = text
        for mention in reversed(wrong):
            fact = _meant(fixed, mention.unit, bench)
            if fact is None:
                return ""
            fixed = fixed[: mention.start] + fact + fixed[mention.end :]
        return "" if ungrounded(fixed, bench.brief) else fixed

    hook = " ".join(filter(None, (ground(s) for s in sentences(outline.hook))))
    grounded = edits.every_text(replace(outline, hook=hook), ground)
    return _purged(
        grounded,
        lambda text: holds(text, finding) and bool(ungrounded(text, bench.brief)),
    )


def _meant(text: str, unit: str, bench: Bench) -> str | None:
    """The text of the one fact that the sentence names and does not state yet."""
    units = {unit} if unit != "number" else MONEY | {"count", "percent", "number", "ratio"}
    there = {fact_of(m, bench.brief.known) for m in mentions(text, bench.brief.language)}
    said = {word.casefold().strip(".,:;!?") for word in text.split()}
    scored = [
        (len(said & set(label)) / len(label), fact.text)
        for fact in bench.brief.facts
        if fact.kind == "given"
        and fact.unit in units
        and fact not in there
        and "_previous" not in fact.fact_id
        and (label := fact.label.casefold().split())
    ]
    best = sorted((row for row in scored if row[0] >= 0.5), reverse=True)
    is_clear = best and (len(best) == 1 or best[0][0] > best[1][0])
    return best[0][1] if is_clear else None


def _soften(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    """The sentence with cautious words; without it where there are none for it."""

    def soften(text: str) -> str:
        if not holds(text, finding):
            return text
        soft = softened(text, finding.code, bench.brief.is_german)
        return "" if holds(soft, finding) else soft

    hook = " ".join(filter(None, (soften(s) for s in sentences(outline.hook))))
    return edits.every_text(replace(outline, hook=hook), soften)


# --------------------------------------------------------------------------------- additions


def _tell_metrics(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    """A sentence on each metric that was asked for and is not told yet."""
    brief, told = bench.brief, outline.content
    have = {fact_of(m, brief.known) for m in mentions(told, brief.language)}
    lines = []
    for name in brief.wanted or tuple(p.about.fact_id for p in bench.story.points[:2]):
        points = [p for p in bench.story.points if is_about(p.about, name)]
        if points and not any(fact and is_about(fact, name) for fact in have):
            lines.append(Line(Teller(brief).sentence(points[0]), DETAIL))
    fresh = tuple(line for line in lines if line.text and line.text not in told)
    paragraphs = (*outline.paragraphs, Paragraph(fresh)) if fresh else outline.paragraphs
    return replace(outline, paragraphs=paragraphs)


def _new_hook(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    """Another first line from the facts; the old one stays as a sentence if it says something."""
    if not bench.story.points:
        return outline
    composed, others = compose(bench.brief, bench.story)
    fresh = next((h for h in (composed.hook, *others) if h and h != outline.hook), outline.hook)
    return replace(outline, hook=fresh)


def _call(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    if outline.call:
        return outline
    call = call_of(Teller(bench.brief), bench.story)
    return replace(outline, call=call, is_call_fixed=bool(bench.brief.demands.call_to_action))


def _period(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    """The period in the first line, if it says nothing of it yet."""
    when = Teller(bench.brief).when
    if not when or when in outline.content:
        return outline
    if outline.hook.endswith(".") and len(sentences(outline.hook)) == 1:
        return replace(outline, hook=f"{outline.hook[:-1]} {when}.")
    english, german = f"The figures are from {bench.brief.period}.", f"Stand: {bench.brief.period}."
    line = Line(german if bench.brief.is_german else english, DETAIL)
    return replace(outline, paragraphs=(*outline.paragraphs, Paragraph((line,))))


# -------------------------------------------------------------------------- length and form


def _shorter(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    outline = edits.every_text(outline, edits.without_fillers)
    is_post = bench.brief.kind == "post"
    limits = post_limits(bench.brief) if is_post else limits_of(bench.brief.demands)
    return fitted(outline, limits)[0]


def _longer(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    """More of what the facts bear out, and what it means."""
    told, teller = outline.content, Teller(bench.brief)
    fresh: list[Line] = []
    for point in bench.story.points:
        sentence = teller.sentence(point, told)
        is_new = bool(sentence) and sentence not in told
        if is_new and len(fresh) < MOST_ADDED and is_allowed(sentence, bench.brief.demands):
            fresh.append(Line(sentence, DETAIL))
    meanings: list[Line] = []
    if bench.story.points:
        lead, *others = bench.story.points
        said = meanings_of(teller, bench.story, lead, others[:MOST_ADDED], outline.hook)
        meanings = [Line(teller.spoken(text), MEANING) for text in said if text not in told]
    added = (Paragraph(tuple(lines)) for lines in (fresh, meanings) if lines)
    return replace(outline, paragraphs=(*outline.paragraphs, *added))


def _split(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    return edits.split_long(outline)


def _fewer_tags(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    most = 2 if bench.brief.channels == ("twitter",) else 5
    asked = bench.brief.demands.max_hashtags
    return replace(
        outline, hashtags=outline.hashtags[: min(most, most if asked is None else asked)]
    )


def _tags(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    return replace(outline, hashtags=outline.hashtags or hashtags_of(bench.brief, bench.story))


def _no_tags(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    bare = edits.every_text(outline, lambda text: re.sub(r"#(?=\w)", "", text))
    return replace(bare, hashtags=())


def _no_numbers(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    return edits.without_numbers(outline)


def _voice(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    return edits.every_text(outline, in_voice(Teller(bench.brief).voice))


def _once(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    """Each sentence once."""
    seen = {outline.hook.casefold(), outline.call.casefold()} - {""}

    def is_repeated(text: str) -> bool:
        is_known = text.casefold() in seen
        seen.add(text.casefold())
        return is_known

    paragraphs = tuple(
        replace(p, lines=tuple(line for line in p.lines if not is_repeated(line.text)))
        for p in outline.paragraphs
    )
    return replace(outline, paragraphs=tuple(p for p in paragraphs if p.lines))


def _halved(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    """Long paragraphs in two."""
    found: list[Paragraph] = []
    for paragraph in outline.paragraphs:
        middle = (len(paragraph.lines) + 1) // 2
        if len(paragraph.text) > 400 and len(paragraph.lines) > 1:
            found += [
                replace(paragraph, lines=paragraph.lines[:middle]),
                Paragraph(paragraph.lines[middle:], mark=paragraph.mark),
            ]
        else:
            found.append(paragraph)
    return replace(outline, paragraphs=tuple(found))


def _private(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    """Without the sentences that hold the data: what is left of them would be no sentence."""
    return _drop(_purged(outline, lambda text: bool(_CONTACT.search(text))), finding, bench)


def _without_placeholders(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    return _purged(outline, edits.has_placeholder)


def _drop_common(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    """Without a sentence of the body that says nothing of its own.

    It stays where it answers a question, and where hardly anything would be left.
    """
    if _answers_a_question(outline, finding):
        return outline
    bare = replace(outline, hook="", call="")
    slim = edits.without_sentences(bare, lambda text: holds(text, finding))
    left = [line for paragraph in slim.paragraphs for line in paragraph.lines]
    enough = len(left) >= FEWEST_LINES
    return replace(slim, hook=outline.hook, call=outline.call) if enough else outline


def _answers_a_question(outline: Outline, finding: Finding) -> bool:
    texts = [line.text for paragraph in outline.paragraphs for line in paragraph.lines]
    return any(
        before.endswith("?") and holds(after, finding)
        for before, after in pairwise((outline.hook, *texts))
    )


def _off_topic_tag(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    tags = tuple(t for t in outline.hashtags if t.casefold() != finding.quote.casefold())
    return replace(outline, hashtags=tags)


def _other_call(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    """The call that was asked for, else one about the subject of the text."""
    return _call(replace(outline, call="", is_call_fixed=False), finding, bench)


def _repeated(outline: Outline, finding: Finding, bench: Bench) -> Outline:
    """Without the sentence that tells a fact again, unless it brings another figure."""

    def is_empty(text: str) -> bool:
        others = [m for m in mentions(text, bench.brief.language) if m.quote != finding.quote]
        return holds(text, finding) and text == finding.sentence and not others

    return edits.without_sentences(outline, is_empty)


# Repairs that look at what is there come after those that take something away.
_LAST = (codes.MISSING_METRIC, codes.NO_SPECIFICS, codes.THIN, codes.TOO_SHORT)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in the order in which they are best repaired."""
    return sorted(findings, key=lambda f: _LAST.index(f.code) + 1 if f.code in _LAST else 0)


# What may be mended in words that are the user's own: form, and nothing that they say.
MAY_TOUCH = frozenset(
    (
        codes.FORBIDDEN_HASHTAG,
        codes.FORBIDDEN_EMOJI,
        codes.TOO_MANY_EXCLAMATIONS,
        codes.SHOUTING,
        codes.MARKDOWN_LEAK,
        codes.TOO_MANY_HASHTAGS,
        codes.CONTROL_CHARACTER,
        codes.UNTIDY_SPACE,
        codes.TOO_LONG,
        codes.HARD_TO_READ,
        codes.LONG_SENTENCE,
        codes.WALL_OF_TEXT,
        codes.MIXED_PARAGRAPH,
        codes.REPETITION,
    )
)
REPAIRS: Mapping[str, Repair] = {
    codes.UNGROUNDED_NUMBER: _ground,
    codes.WRONG_METRIC: _drop,
    codes.WRONG_DIRECTION: _drop,
    codes.WRONG_PERIOD: _drop,
    codes.UNSUPPORTED_CHANGE: _drop,
    codes.MISSING_METRIC: _tell_metrics,
    codes.NO_SPECIFICS: _tell_metrics,
    codes.MISSING_PERIOD: _period,
    codes.FORBIDDEN_NUMBER: _no_numbers,
    codes.FORBIDDEN_HASHTAG: _no_tags,
    codes.FORBIDDEN_EMOJI: _changing(without_emojis),
    codes.TONE_MISMATCH: _voice,
    codes.WRONG_ADDRESS: _drop,
    codes.TOO_MANY_EXCLAMATIONS: _changing(edits.calm),
    codes.HYPE: _changing(less_promotional),
    codes.SHOUTING: _changing(edits.unshouted),
    codes.MARKDOWN_LEAK: _changing(edits.without_markdown),
    codes.PLACEHOLDER: _without_placeholders,
    codes.BROKEN_LINK: _drop,
    codes.TOO_MANY_HASHTAGS: _fewer_tags,
    codes.NO_HASHTAGS: _tags,
    codes.CONTROL_CHARACTER: _changing(edits.cleaned),
    codes.UNTIDY_SPACE: _changing(edits.cleaned),
    codes.TOO_LONG: _shorter,
    codes.TOO_SHORT: _longer,
    codes.HARD_TO_READ: _split,
    codes.LONG_SENTENCE: _split,
    codes.WALL_OF_TEXT: _halved,
    codes.NO_HOOK: _new_hook,
    codes.WEAK_HOOK: _new_hook,
    codes.GENERIC_SENTENCE: _drop_common,
    codes.REPEATED_FACT: _repeated,
    codes.THIN: _longer,
    codes.UNFIT_CALL_TO_ACTION: _other_call,
    codes.OFF_TOPIC_HASHTAG: _off_topic_tag,
    codes.MIXED_PARAGRAPH: _halved,
    codes.NO_CALL_TO_ACTION: _call,
    codes.GUARANTEE: _soften,
    codes.SUPERLATIVE: _soften,
    codes.FORWARD_LOOKING: _soften,
    codes.HEALTH_CLAIM: _drop,
    codes.GREEN_CLAIM: _soften,
    codes.TESTIMONIAL: _drop,
    codes.DISCRIMINATION: _drop,
    codes.URGENCY_PRESSURE: _soften,
    codes.PERSONAL_DATA: _private,
    codes.CONFIDENTIAL_METRIC: _drop,
    codes.REPETITION: _once,
    codes.COPIED_REQUEST: _drop,
    codes.CLICHE: _changing(without_cliches),
}
