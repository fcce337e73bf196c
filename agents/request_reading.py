"""A request taken apart: what the user says, the text to work on, what it is about, and which work
it asks for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents import constraints, intent_scores, mentions, questions, scope
from agents.intent_scores import Wanted
from agents.language import Token, tokens
from streams.domain.values import Json

MOST_WORDS_READ = (
    1_500  # a request that is longer than this is, for the rest of it, a text and no wish
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A request taken apart. `frame` is what the user says, without the given text and without
    instructions.
    """

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

    @property
    def subject(self) -> str:
        """What it is about, in the user's words or from an answer."""
        if self.answered.get("topic"):
            return self.answered["topic"]
        start, end = self.topic
        named = self.demands.rest[start:end]
        for word in reversed(self.words):
            if word.meant and start <= word.start and word.end <= end:
                named = named[: word.start - start] + word.meant + named[word.end - start :]
        return " ".join(named.split()).strip(" ,:-\"'“”„")

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
    words = tuple(tokens(demands.rest)[:MOST_WORDS_READ])
    who, who_at = mentions.audience(demands.rest)
    metrics = _metrics(words, demands.constraints, given, who_at)
    topic = mentions.topic(demands.rest)
    cues = _cues(demands.rest, words, topic, bool(text), metrics)
    wanted = intent_scores.rank(cues, _points_of_answers(wishes))
    found = (*instructions, *more, *scope.without_instructions(text)[1])
    return Reading(frame, words, text, topic, who, metrics, demands, found, answered, wanted)


def _metrics(
    words: Sequence[Token], demands: Json, given: Json, who_at: tuple[int, int]
) -> mentions.Mentioned:
    """The metrics the request is about: what must be mentioned counts, what must not be does
    not.
    """
    spoken = [*mentions.outside(words, who_at), *tokens(" ".join(demands.get("must_include", ())))]
    return mentions.metrics(spoken, given, tokens(" ".join(demands.get("must_avoid", ()))))


def _cues(
    rest: str,
    words: Sequence[Token],
    topic: tuple[int, int],
    has_text: bool,
    metrics: mentions.Mentioned,
) -> frozenset[str]:
    """The cues of the request; where it names a thing to write, its topic gives none: a post about
    an audit is a post.
    """
    own = mentions.outside(words, topic)
    if mentions.has_concept(own, *intent_scores.THINGS_TO_WRITE):
        words = own
        rest = rest[: topic[0]] + " " * (topic[1] - topic[0]) + rest[topic[1] :]
    return intent_scores.cues_of(
        rest,
        words,
        has_text=has_text,
        is_about_numbers=metrics.is_about_numbers,
        has_named=bool(metrics.names),
    )


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
