"""A request taken apart: what the user says, the text to work on, what it is about, and which work
it asks for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.compliance_rules.scope import named_jurisdictions
from agents.understanding import (
    by_agent,
    constraints,
    intent_scores,
    mentions,
    questions,
    scope,
    subjects,
)
from agents.understanding.intent_scores import Wanted
from agents.understanding.language import Token, detect_language, tokens
from streams.domain.values import Channel, Json

MOST_WORDS_READ = (
    1_500  # a request that is longer than this is, for the rest of it, a text and no wish
)
# Words that mean something else here than figures, reports and posts of the company.
_OTHER_MEANINGS = re.compile(
    r"\bdata(?=[\s-](?:engineer|scien|analyst|cent|protect|privacy|breach|secur|team|driven|lake|"
    r"platform))|\bdaten(?=schutz)|\bnumber(?=\s(?:one|1)\b)|\bfigur(?:e|ed|ing)(?=\sout\b)"
    r"|\bpost(?=\soffice)|\b(?:in|by)\sthe\smail\b|\bmy\s(?:income|earnings)\b"
    r"|\bconversion rate(?=\s(?:of \d|from|between))|\bcurrency conversion rate"
    r"|\bconvert(?=[^.!?\n]{0,20}\b(?:euros?|dollars|pounds|yen|pesos)\b)"
    r"|(?:^|\b(?:to|i|we|you|of|please)\s)report(?:ing)?\b"
    r"(?=\s(?:it|that|this|a|an|my|card|lost|stolen|theft)\b)"
    r"|\breport(?:ed|ing)?\b(?=[^.!?\n]{0,30}\b(?:card|lost|stolen|theft)\b)"
    r"|\btraffic(?=\s(?:near|at|be like|backed up|conditions|waiting|jam)\b"
    r"|[^.!?\n]{0,40}\b(?:way|road|route|rt|highway|street|beach|bank|airport|work)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A request taken apart. `frame` is what the user says, without the given text and without
    instructions."""

    frame: str
    words: tuple[Token, ...]
    text: str
    topic: tuple[int, int]
    audience: str
    metrics: mentions.Mentioned
    demands: constraints.Demands
    instructions: tuple[str, ...]
    answered: dict[str, str]
    wanted: Wanted
    language: str  # in which it is asked
    market_data: tuple[str, ...] = ()  # where in the context market data lie
    supplied: frozenset[str] = frozenset()  # the artifacts that tools of others can bring
    jurisdictions: tuple[str, ...] = ()  # whose law counts, as it was named
    agent: str = ""  # for whom the preferences say it is

    @property
    def subject(self) -> str:
        """What it is about, in the user's words or from an answer."""
        if self.answered.get("topic"):
            return self.answered["topic"]
        start, end = self.topic
        named = self.demands.rest[start:end]
        for word in reversed(self.words):
            is_slip = bool(word.meant) and self.demands.rest[word.start].islower()  # no name
            if is_slip and start <= word.start and word.end <= end:
                named = named[: word.start - start] + word.meant + named[word.end - start :]
        return " ".join(named.split()).strip(" ,:-\"'“”„") or self.demands.occasion

    @property
    def without_topic(self) -> str:
        """What the user says, without what it is about."""
        start, end = self.topic
        return self.frame[:start] + " " * (end - start) + self.frame[end:]


def read(payload: Json, given: Json) -> Reading:
    """The request taken apart."""
    answered = questions.read_answers(payload.get("answers") or ())
    request = str(payload.get("request", ""))
    context: Json = payload.get("context") or {}
    opening = tokens(request[:400])
    is_expected = mentions.has_concept(opening, "check", "edit", "improve", "publish", "compliance")
    is_expected = is_expected or intent_scores.is_making_over(request[:400])
    text, frame = mentions.given_text(request, context, is_expected=is_expected)
    text = answered.get("text") or text
    frame, instructions = scope.without_instructions(frame)
    wishes, more = scope.without_instructions(questions.wishes(answered))
    frame = f"{frame}\n{wishes}" if wishes else frame
    demands = constraints.read_demands(frame)
    spoken = _OTHER_MEANINGS.sub(lambda match: " " * len(match.group()), demands.rest)
    words = tuple(tokens(spoken)[:MOST_WORDS_READ])
    who, who_at = subjects.audience(demands.rest)
    topic = subjects.topic(demands.rest)
    metrics = _metrics(words, demands.constraints, given, who_at, topic)
    cues = _cues(demands.rest, words, topic, bool(text), metrics)
    agent = by_agent.agent_named(payload.get("preferences") or {})
    wanted = intent_scores.rank(cues, _points_of_answers(wishes))
    market_data = mentions.market_data(context)
    is_market_only = bool(market_data) and not given
    wanted = by_agent.chosen(wanted, agent, demands.rest, has_market_only=is_market_only)
    found = (*instructions, *more, *scope.without_instructions(text)[1])
    return Reading(
        frame, words, text, topic, who, metrics, demands, found, answered, wanted,
        language=detect_language(frame), market_data=market_data,
        supplied=frozenset(map(str, payload.get("supplied") or ())),
        jurisdictions=tuple(named_jurisdictions(context, payload.get("preferences") or {})),
        agent=agent,
    )  # fmt: skip


def _metrics(
    words: Sequence[Token],
    demands: Json,
    given: Json,
    who_at: tuple[int, int],
    topic: tuple[int, int],
) -> mentions.Mentioned:
    """The metrics the request is about, with what must be mentioned, without what must not be."""
    avoided = tokens(" ".join(demands.get("must_avoid", ())))
    spoken = [*mentions.outside(words, who_at), *tokens(" ".join(demands.get("must_include", ())))]
    found = mentions.metrics(spoken, given, avoided)
    subject = [word for word in words if topic[0] <= word.start < topic[1]]
    if not mentions.has_concept(subject, "metrics", "results"):
        return found
    # A post about "our metrics" is about all of them, whichever is named besides.
    whole = mentions.metrics(subject, given, avoided)
    if len(whole.names) < len(found.names):
        return found
    return replace(found, names=tuple(dict.fromkeys((*found.names, *whole.names))))


def _cues(
    rest: str,
    words: Sequence[Token],
    topic: tuple[int, int],
    has_text: bool,
    metrics: mentions.Mentioned,
) -> frozenset[str]:
    """The cues of the request; where it names a thing to write, its topic gives none: a post about
    an audit is a post."""
    own = mentions.outside(words, topic)
    if mentions.has_concept(own, *intent_scores.THINGS_TO_WRITE):
        words = own
        rest = rest[: topic[0]] + " " * (topic[1] - topic[0]) + rest[topic[1] :]
    cues = intent_scores.cues_of(
        rest,
        words,
        has_text=has_text,
        is_about_numbers=metrics.is_about_numbers,
        has_named=bool(metrics.names),
    )
    # "on X" is no word of a list: it takes a look at what stands around it.
    is_for_x = Channel.TWITTER in mentions.channels(rest, words, (0, 0))
    return cues | {"twitter"} if is_for_x else cues


def _points_of_answers(wishes: str) -> dict[str, int]:
    """An answer counts more than the request: it was given to make that clear."""
    if not wishes:
        return {}
    words = tokens(wishes)
    cues = intent_scores.cues_of(
        wishes, words, has_text=False, is_about_numbers=False, has_named=False
    )
    answer = intent_scores.rank(cues)
    return {answer.kind: 2 * answer.score} if answer.score else {}
