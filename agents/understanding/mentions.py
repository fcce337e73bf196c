"""What a request mentions: a given text, channels, tone, language, topic, audience and metrics."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from agents.figures.economics import names_economics
from agents.figures.facts import derived_facts, given_facts
from agents.figures.metric_reading import read_number
from agents.understanding.language import Token, fold, folded_words, tokens, vocabulary
from agents.understanding.same_words import heard_words, same_word
from streams.domain.values import Channel, Json

LONG_QUOTE = 4  # words; a shorter quotation is a phrase of the request, not a text to work on
NO_METRICS = frozenset({"previous"})  # names in business_metrics that hold no metric of their own

_QUOTED = re.compile(
    r"```[^`]*+```|“[^“”]++”|„[^„“”]++[“”]|«[^«»]++»|»[^«»]++«|\"[^\"]++\"|"
    r"(?<![\w'])'[^'\n]*+(?:(?<=\w)'\w[^'\n]*+)*+'(?!\w)"
)
_WHOLE = re.compile(
    r":\s*(?:\"(?P<text>[^\"]*(?:\"[^\"]*\"[^\"]*)+)\")\s*$",
    re.DOTALL,
)
# A quotation after these is a wording that is asked for, not a text to work on.
_WORDING = re.compile(
    r"\b(?:call[- ]to[- ]action|cta|handlungsaufforderung|headline|title|titel|subject(?: line)?|"
    r"betreff(?:zeile)?|slogan|motto|überschrift|hashtags?|phrase|words?|wörter|worte|satz|"
    r"sentence|include|mention|end with|close with|start with|begin with|ends? with|"
    r"beginne mit|ende mit|schließe mit|erwähne|nenne)\W{0,3}$",
    re.IGNORECASE,
)
_MARKS = "\"'“”„«»` \n\t"
_AFTER_COLON = re.compile(r"[:?]\s*+(?=\S)|\n\s*+\n")
_X = re.compile(
    r"(?:\b(?:on|for|to|auf|für|bei|via|and|und|or|oder|linkedin)\s|,\s|/|(?m:^))X(?=$|[\s,.!?/;:)]|-)|"
    r"\bX (?:post|thread|beitrag)\b|\bX/Twitter\b"
)
_LANGUAGE = re.compile(
    r"\b(?:in|into|auf|ins|to)\s(?P<adverb>[a-zäöü]{5,14})\b(?!\s(?:market|speaking|customers|"
    r"markt))|\b(?P<adjective>german|english|french|spanish|"
    r"deutsche[nrsm]?|englische[nrsm]?)\s(?:linkedin|post|tweet|e-?mail|newsletter|version|"
    r"thread|beitrag|text)",
    re.IGNORECASE,
)
_ALL_METRICS = re.compile(
    r"\b(?:all|every|each|alle|sämtliche)\s(?:of\s)?(?:our\s|the\s|my\s|unsere[nr]?\s|"
    r"die\s)?(?:[\w-]+\s)?"
    r"(?:metrics?|numbers|figures|kpis|data|zahlen|kennzahlen|metriken|daten)\b",
    re.IGNORECASE,
)
_WRITTEN = frozenset({"email", "post", "thread", "report", "text"})
_CHANNEL_OF = {"linkedin": Channel.LINKEDIN, "twitter": Channel.TWITTER, "email": Channel.EMAIL}


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Metrics: the given ones that the text names, and named kinds for which nothing was given."""

    names: tuple[str, ...]
    missing: tuple[str, ...]
    is_about_numbers: bool
    available: tuple[str, ...]  # all given ones that may be used


def given_text(request: str, context: Json, *, is_expected: bool) -> tuple[str, str]:
    """The text to work on, and the request with it blanked out, as long as before.

    The text is the longest quotation of some length; else the context's text; else, where a text
    `is_expected`, what follows the first colon or empty line.
    """
    frame = request
    whole = _WHOLE.search(request)
    if whole and _is_long(whole["text"]):  # a quotation that holds others is still one text
        return whole["text"].strip(), request[: whole.start("text")] + " " * len(whole["text"])
    quotes = [
        m
        for m in _QUOTED.finditer(request)
        if _is_long(m.group())
        and m.end() - m.start() < len(request)
        and not _WORDING.search(request[max(0, m.start() - 30) : m.start()])
    ]
    for match in quotes:
        frame = frame[: match.start()] + " " * len(match.group()) + frame[match.end() :]
    if quotes:
        longest = max(quotes, key=lambda m: len(m.group()))
        return longest.group().strip(_MARKS), frame
    for name in ("text", "content", "draft"):
        text = context.get(name)
        if isinstance(text, str) and text.strip():
            return text.strip(), frame
    cut = _AFTER_COLON.search(request) if is_expected else None
    if cut and _is_long(request[cut.end() :]):
        rest = request[cut.end() :]
        return rest.strip(_MARKS), request[: cut.end()] + " " * len(rest)
    return "", frame


def _is_long(text: str) -> bool:
    return len(text.split(maxsplit=LONG_QUOTE)) >= LONG_QUOTE


def has_concept(words: Iterable[Token], *names: str) -> bool:
    """Whether a word stands for one of these."""
    return any(not word.concepts.isdisjoint(names) for word in words)


def channels(frame: str, words: Sequence[Token], topic_at: tuple[int, int]) -> tuple[Channel, ...]:
    """The channels that the text names, in its order; what it is about names none."""
    places = [
        (word.start, channel)
        for word in words
        for name, channel in _CHANNEL_OF.items()
        if name in word.concepts
    ]
    places += [(m.start(), Channel.TWITTER) for m in _X.finditer(frame)]
    free = sorted(place for place in places if not topic_at[0] <= place[0] < topic_at[1])
    return tuple(dict.fromkeys(channel for _, channel in free))


def other_channels(words: Sequence[Token]) -> tuple[str, ...]:
    """Named channels that nothing here can serve."""
    return tuple(dict.fromkeys(w.word.title() for w in words if "other_channel" in w.concepts))


def tones(words: Sequence[Token], topic_at: tuple[int, int]) -> tuple[str, ...]:
    """The tones that the text asks for, outside of what it is about."""
    found = [
        concept.removeprefix("tone:")
        for word in outside(words, topic_at)
        for concept in sorted(word.concepts)
        if concept.startswith("tone:")
    ]
    return tuple(dict.fromkeys(found))


def tone_conflict(found: Sequence[str]) -> tuple[str, str] | None:
    """The first two tones that exclude each other."""
    for pair in vocabulary()["conflicting_tones"]:
        if set(pair) <= set(found):
            first, second = sorted(pair, key=found.index)
            return first, second
    return None


@cache
def _languages() -> dict[str, str]:
    lists: Mapping[str, str] = vocabulary()["languages"]
    return {word: code for code, words in lists.items() for word in folded_words(words)}


def named_language(frame: str) -> str:
    """The language the text asks for ("in German", "auf Englisch"), or nothing."""
    for match in _LANGUAGE.finditer(frame):
        word = fold(match.group("adverb") or match.group("adjective"))
        code = _languages().get(word) or _languages().get(re.sub(r"e[nrsm]?$", "", word))
        if code:
            return code
    return ""


def outside(words: Sequence[Token], place: tuple[int, int]) -> list[Token]:
    """The words that do not lie in this place."""
    return [word for word in words if not place[0] <= word.start < place[1]]


def market_data(context: Json) -> tuple[str, ...]:
    """The names in a request's context under which market data with figures lie."""
    found = [name for name in ("market", "competitors") if _has_figures(context.get(name))]
    return (*found, "market_data") if _is_data(context.get("market_data")) else tuple(found)


def _is_data(value: object) -> bool:
    """Whether it holds figures, or a table as text, packed or in a file."""
    if isinstance(value, dict):
        names = ("csv", "csv_base64", "parquet_base64", "file")
        return _has_figures(value) or any(isinstance(value.get(name), str) for name in names)
    if isinstance(value, list):
        return any(_is_data(one) for one in value) or _has_figures(value)
    return isinstance(value, str) and "\n" in value.strip()


def _has_figures(value: object, depth: int = 6) -> bool:
    if isinstance(value, dict | list) and depth:
        parts = value.values() if isinstance(value, dict) else value
        return any(_has_figures(part, depth - 1) for part in parts)
    return isinstance(value, int | float) and not isinstance(value, bool)


def asks_for_all_metrics(frame: str) -> bool:
    """Whether the text wants every metric."""
    return bool(_ALL_METRICS.search(frame))


def metrics(words: Sequence[Token], given: Json, avoided: Sequence[Token] = ()) -> Mentioned:
    """Which of the given metrics the words are about, without those that are to be avoided.

    A metric is named by its own words ("churn rate") or by a word of the same kind ("sales" for
    revenue_monthly). "our metrics" or "growth" without such a name means all that were given.
    """
    names = _without(metric_names(given), avoided)
    kinds = _kinds(words)
    heard = heard_words([word for word in words if not _is_a_thing_to_write(word)])
    if has_concept(words, "metrics", "results"):
        heard -= {"growth", "wachstum"}  # "growth metrics" are all that show growth
    chosen = [n for n in names if _kinds_of_name(n) & kinds.keys() or _is_spelt_out(n, heard)]
    covered = {kind for name in chosen for kind in _kinds_of_name(name)}
    is_general = has_concept(words, "metrics", "results", "growth", "forecast")
    is_general = is_general or names_economics(" ".join(word.word for word in words))
    if is_general and not chosen:
        chosen = list(names)
    missing = tuple(word for kind, word in kinds.items() if kind not in covered)
    missing = _underivable(missing, given)
    return Mentioned(
        tuple(chosen), missing, is_general or bool(chosen) or bool(missing), tuple(names)
    )


def _underivable(missing: tuple[str, ...], given: Json) -> tuple[str, ...]:
    """The missing ones that do not follow from what was given either: CAC from spend and count."""
    if not missing:
        return ()
    known = {fact.fact_id for fact in derived_facts(given_facts(given))}
    return tuple(word for word in missing if word not in known)


def _is_a_thing_to_write(word: Token) -> bool:
    """Whether it is the e-mail to be written, and not one of the e-mails that are counted."""
    return not word.concepts.isdisjoint(_WRITTEN) and not word.word.endswith("s")


def _without(names: Sequence[str], avoided: Sequence[Token]) -> list[str]:
    kinds, heard = _kinds(avoided).keys(), heard_words(avoided)
    return [n for n in names if not (_kinds_of_name(n) & kinds or _is_spelt_out(n, heard))]


def metric_names(given: Json) -> tuple[str, ...]:
    """The given metrics that hold numbers, in their order."""
    return tuple(
        name
        for name, value in given.items()
        if name not in NO_METRICS
        and (isinstance(value, int | float | list | dict) or _is_written_number(value))
        and value not in ([], {})
    )


def _is_written_number(value: object) -> bool:
    return isinstance(value, str) and read_number(value) is not None


def _kinds(words: Iterable[Token]) -> dict[str, str]:
    """The kinds of metrics that words name, with the first word for each."""
    kinds: dict[str, str] = {}
    for word in words:
        for concept in sorted(word.concepts):
            if concept.startswith("metric:"):
                kinds.setdefault(concept, word.meant or word.word)
    return kinds


@lru_cache(maxsize=4096)
def _kinds_of_name(name: str) -> frozenset[str]:
    """The kinds of metric that the words of a metric's name stand for."""
    found = (concept for word in tokens(_spaced(name)) for concept in word.concepts)
    return frozenset(concept for concept in found if concept.startswith("metric:"))


def _is_spelt_out(name: str, heard: set[str]) -> bool:
    """Whether the text names this metric by its own words; words such as "rate" or "monthly" name
    none."""
    own = [fold(word) for word in _spaced(name).split()]
    telling = [same_word(w) for w in own if w not in _UNTELLING and not w.isdigit()]
    return bool(telling) and ("".join(telling) in heard or all(word in heard for word in telling))


_UNTELLING = frozenset(
    folded_words("rate monthly total count number avg average per of q1 q2 q3 q4 yearly annual")
)


def _spaced(name: str) -> str:
    return re.sub(r"[_.%-]+", " ", name)
