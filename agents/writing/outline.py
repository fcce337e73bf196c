"""The parts of a text before it is put together, and how it is made to fit its limits."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from agents.platforms.limits import measure
from agents.writing.brief import Demands
from agents.writing.prose import join, sentences, without_hashtags, words
from streams.domain.values import Channel

HOOK, KEPT, POINT, DETAIL, MEANING = 100.0, 95.0, 80.0, 60.0, 45.0


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence or two that belong together; the lowest rank is left out first."""

    text: str
    rank: float = POINT


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that say one thing, and the words that lead into them."""

    lines: tuple[Line, ...]
    bridge: str = ""
    mark: str = " "  # between the lines; a line break in lists

    @property
    def text(self) -> str:
        """The paragraph as it is read."""
        said = join((line.text for line in self.lines), self.mark)
        return join((self.bridge, said), self.mark) if said else ""


@dataclass(frozen=True, slots=True)
class Outline:
    """A text in its parts. `short_call` takes the place of a call to action that is too long."""

    hook: str
    paragraphs: tuple[Paragraph, ...] = ()
    call: str = ""
    hashtags: tuple[str, ...] = ()
    short_call: str = ""
    is_call_fixed: bool = False
    greeting: str = ""
    sign_off: str = ""

    @property
    def body(self) -> list[str]:
        """The paragraphs that say something."""
        return [paragraph.text for paragraph in self.paragraphs if paragraph.text]

    @property
    def content(self) -> str:
        """The whole text as a person would post it."""
        tags = " ".join(self.hashtags)
        parts = (self.greeting, self.hook, *self.body, self.call, self.sign_off, tags)
        return join(parts, "\n\n")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a text may be; None is no limit. `weighted` counts as X does."""

    words: int | None = None
    characters: int | None = None
    sentences: int | None = None
    weighted: int | None = None

    def are_kept_by(self, text: str) -> bool:
        """Whether the text is short enough."""
        return (
            (self.words is None or len(words(text)) <= self.words)
            and (self.characters is None or len(text) <= self.characters)
            and (self.sentences is None or count_sentences(text) <= self.sentences)
            and (self.weighted is None or measure(Channel.TWITTER, text) <= self.weighted)
        )


def limits_of(
    demands: Demands, *, characters: int | None = None, weighted: int | None = None
) -> Limits:
    """The limits that were asked for, with the platform's own where nothing stricter was."""
    asked = demands.max_characters
    most = min((n for n in (asked, characters) if n is not None), default=None)
    return Limits(demands.max_words, most, demands.max_sentences, weighted)


def count_sentences(text: str) -> int:
    """How many sentences a text has, without its hashtags."""
    return len(sentences(without_hashtags(text)))


def fitted(outline: Outline, limits: Limits) -> tuple[Outline, bool]:
    """The outline with as much left out as the limits ask for, and whether they hold now."""
    for shorter in _shorter(outline):
        if limits.are_kept_by(shorter.content):
            return shorter, True
        outline = shorter
    return outline, limits.are_kept_by(outline.content)


def _shorter(outline: Outline) -> Iterator[Outline]:
    """The outline itself, then ever shorter ones."""
    yield outline
    for shorten in _WAYS:
        for outline in shorten(outline):  # noqa: B020 - each way goes on where the last one ended
            yield outline


def _meanings(outline: Outline) -> Iterator[Outline]:
    return _dropping(outline, MEANING + 5)


def _details(outline: Outline) -> Iterator[Outline]:
    return _dropping(outline, POINT - 20.5)


def _points(outline: Outline) -> Iterator[Outline]:
    return _dropping(outline, KEPT - 0.5)


def _demanded(outline: Outline) -> Iterator[Outline]:
    return _dropping(outline, HOOK)


def _dropping(outline: Outline, below: float) -> Iterator[Outline]:
    """Without its least important lines, one after another; of equal ones the last goes first."""
    while True:
        lines = [line for p in outline.paragraphs for line in p.lines if line.rank < below]
        if not lines:
            return
        lowest = min(line.rank for line in lines)
        gone = [line for line in lines if line.rank == lowest][-1]
        outline = changed(outline, lambda kept, g=gone: (one for one in kept if one is not g))  # type: ignore[misc]
        yield outline


def _fewer_tags(outline: Outline) -> Iterator[Outline]:
    for count in (3, 2):
        if len(outline.hashtags) > count:
            outline = replace(outline, hashtags=outline.hashtags[:count])
            yield outline


def _short_call(outline: Outline) -> Iterator[Outline]:
    if not outline.is_call_fixed and outline.short_call:
        outline = replace(outline, call=outline.short_call)
        yield outline


def _bare(outline: Outline) -> Iterator[Outline]:
    outline = replace(outline, hashtags=())
    yield outline


def _barest(outline: Outline) -> Iterator[Outline]:
    """What is left when everything that can go has gone."""
    outline = replace(outline, greeting="", sign_off="")
    yield outline
    if not outline.is_call_fixed:
        outline = replace(outline, call="")
        yield outline
    if outline.body or outline.call:
        yield replace(outline, hook="")


_WAYS: tuple[Callable[[Outline], Iterator[Outline]], ...] = (
    _meanings,
    _fewer_tags,
    _details,
    _short_call,
    _bare,
    _points,
    _barest,
    _demanded,
)


def changed(outline: Outline, change: Callable[[Iterable[Line]], Iterable[Line]]) -> Outline:
    """The outline with its lines changed, paragraph by paragraph."""
    paragraphs = tuple(replace(p, lines=tuple(change(p.lines))) for p in outline.paragraphs)
    return replace(outline, paragraphs=tuple(p for p in paragraphs if p.lines))
