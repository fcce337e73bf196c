"""What a request demands of the result: lengths, what must or must not be in it, and numbers it
claims itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.figures.facts import Fact
from agents.figures.numbers import find_numbers, matches
from agents.understanding.asked_of_readers import asked_of_readers
from agents.understanding.intent_remarks import Remark, remark
from streams.domain.values import Json

SHORT_WORDS = 500  # more words than this are no longer "short"
LONG_WORDS = 60  # fewer words than this are not "long"
MOST_PHRASES = 20
MOST_CLAIM_TEXT = (
    4_000  # characters searched for claims; a request that says more gives a text to work on
)

_COUNT = r"(?P<n>\d{1,3}(?:[.,]\d{3})+|\d{1,6})"
_LIMIT = re.compile(
    r"(?P<bound>under|below|less than|fewer than|no more than|not more than|at most|up to|"
    r"max(?:imum)?(?: of)?|within|"
    r"shorter than|at least|more than|minimum(?: of)?|over|exactly|in|of|unter|höchstens|"
    r"maximal|weniger als|nicht mehr als|"
    r"bis zu|mindestens|mehr als|genau|mit|auf)?"
    rf"\s?\b{_COUNT}(?:\s?-\s?|\s)(?P<unit>characters?|chars?|zeichen|words?|wörtern?|worten?|"
    rf"sentences?|sätzen?|hashtags?|"
    r"tweets?|posts?|parts?|teilen?)\b(?P<tail>\s(?:max(?:imum)?|or less|or fewer|oder weniger))?",
    re.IGNORECASE,
)
_AT_LEAST = frozenset(
    {"at least", "more than", "minimum", "minimum of", "over", "mindestens", "mehr als"}
)
_NUMBERS = (
    r"(?:numbers?|figures|statistics|stats|digits|metrics|zahlen|ziffern|statistiken|kennzahlen)"
)
_NO_NUMBERS = re.compile(
    rf"\b(?:no|without(?: any| using| mentioning| giving| showing)?(?: the| our)?|"
    rf"don['\u2019]?t (?:use|include|mention|show)(?: any)?|"
    rf"do not (?:use|include|mention|show)(?: any)?|avoid(?: any)?|"
    rf"leave out(?: all| the)?|ohne(?: konkrete| jegliche)?|"
    rf"keine(?: konkreten)?)\s(?:specific |concrete |exact )?{_NUMBERS}\b|"
    rf"\bnumber-free\b|\b(?:verzichte|verzichten) auf {_NUMBERS}\b",
    re.IGNORECASE,
)
_SWITCHES = (
    (
        "no_hashtags",
        re.compile(
            r"\b(?:no|without(?: any)?|ohne|keine|don['\u2019]?t use(?: any)?|avoid)\s?hashtags?\b",
            re.I,
        ),
    ),
    (
        "no_emojis",
        re.compile(
            r"\b(?:no|without(?: any)?|ohne|keine|don['\u2019]?t use(?: any)?|avoid)\s?emojis?\b",
            re.I,
        ),
    ),
)
_AVOID = re.compile(
    r"\b(?:(?:don['\u2019]?t|do not|never|must not|should not|without|"
    r"avoid)\s(?:mention(?:ing)?|nam(?:e|ing)|referenc(?:e|ing)|refer(?:ring)? to|"
    r"includ(?:e|ing)|us(?:e|ing)(?: the words?)?|talk(?:ing)? about|say(?:ing)?|disclos(?:e|"
    r"ing)|reveal(?:ing)?)|leave out|exclude|avoid|"
    r"(?:nicht erwähnen|nicht nennen)\s?:|vermeide|verzichte auf|without|"
    r"ohne)\s++(?P<what>[^.!?;\n]{2,200})",
    re.IGNORECASE,
)
_AVOID_GERMAN = re.compile(
    r"\b(?:erwähne|nenne|zeige|verwende|"
    r"nutze)\s(?:bitte\s)?(?P<what>[^.!?;,\n]{2,80}?)\s(?:bitte\s)?nicht\b"
    r"|\b(?:erwähne|nenne|zeige|verwende|nutze)\s(?:bitte\s|dabei\s)?(?:auf keinen fall|nicht|"
    r"niemals|nie|ja nicht|bloß nicht)\s(?P<later>[^.!?;\n]{2,80})"
    r"|\blass(?:e)?\s(?P<left>[^.!?;,\n]{2,80}?)\s(?:weg|aus)\b",
    re.IGNORECASE,
)
_INCLUDE = re.compile(
    r"\b(?:(?:make sure to |please |and |should |must |to )?(?:include|mention|reference|"
    r"use the (?:words?|phrase)|name)|"
    r"(?:erwähne|nenne)(?: bitte| dabei| auch)*)\s++(?P<what>[^.!?;\n]{2,200})",
    re.IGNORECASE,
)
_PIECES = re.compile(
    r",\s*(?:and |or |und |oder )?|\s(?:and|or|und|oder|nor|noch)\s", re.IGNORECASE
)
_NEXT_CLAUSE = re.compile(
    r"^(?:but|aber|include|mention|add|use|keep|make|write|create|don|do|please|then|bitte|"
    r"halte|nutze|schreibe|"
    r"it|publish|post|share|sondern|under|in|max)\b|\b(?:should|must|soll|approval|freigabe)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"[\"“„«](?P<phrase>[^\"“”„«»]{2,80})[\"”“»]|(?<!\w)'(?P<single>[^']{2,80})'(?!\w)"
)
_LEADING = re.compile(
    r"^(?:that|our|the|any|a|an|all|der|die|das|den|dass|unsere[nrm]?|ein|eine|einen|of)\s+", re.I
)
_NAMING = re.compile(
    r"^(?:the\s|die\s|das\s|den\s)?(?:words?|phrases?|sentence|worte?|wörter|satz)\s*:?\s+", re.I
)
_TAIL = re.compile(
    r"\s(?:in (?:an?|the|einem|einer|dem|der)|for|but|aber|für|on linkedin|at the end|please|"
    r"bitte)\b",
    re.IGNORECASE,
)
_NO_PHRASE = re.compile(
    r"^(?:(?:[\w-]+\s)?(?:call[- ]to[- ]action|cta|hashtags?|emojis?|numbers?|metrics|figures|"
    r"data|statistics|charts?|"
    r"graphs?|narrative|story|link|links|image|zahlen|kennzahlen|grafik|handlungsaufforderung|"
    r"hook|key insights?|insights?|"
    r"approval|review|question|them|it|this|freigabe|jargon|delay|fail|"
    r"(?!(?:pricing|marketing|funding|training|hiring|meeting|building|banking|shipping|staffing|"
    r"engineering|manufacturing|restructuring)\b)\w+ing(?: .*)?)|"
    r"\d+ (?:\w+ )?(?:hashtags?|emojis?|tweets?|posts?|parts?|words?|characters?|sentences?|"
    r"points?|metrics?|numbers?|facts?|bullets?|examples?|links?|wörter|zeichen|sätze|beispiele|fakten)|"
    r".*\d+ (?:words|characters|zeichen))$",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"\b(?:short|brief|concise|kurz(?:e[nrs]?)?|knapp(?:e[nrs]?)?)\b", re.IGNORECASE
)
_LONG = re.compile(
    r"\b(?:long|detailed|in-depth|ausführlich(?:e[nrs]?)?|lang(?:e[nrs]?))\b", re.IGNORECASE
)
_LONG_MEASURE = re.compile(
    r"(?:words?|characters?|zeichen|wörter|worte)\s(?:long|lang)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Demands:
    """The constraints as they go into the intent, the text without the words that said them, and
    contradictions.

    `conflicts` names contradictions that only the user can settle: "length", "numbers",
    "phrase:<words>". `occasion` is what readers are invited to.
    """

    constraints: Json
    rest: str
    remarks: tuple[Remark, ...] = ()
    conflicts: tuple[str, ...] = ()
    occasion: str = ""


def read_demands(frame: str) -> Demands:
    """The demands in a request whose given text has been blanked out."""
    constraints: Json = {}
    asked = asked_of_readers(frame)
    if asked.call:
        constraints["call_to_action"] = asked.call
    rest = _limits(asked.rest, constraints)
    for match in _NO_NUMBERS.finditer(rest):
        constraints["no_numbers"] = True
        rest = _blank(rest, match)
    for name, pattern in _SWITCHES:
        for match in pattern.finditer(rest):
            constraints[name] = True
            rest = _blank(rest, match)
    rest = _phrases(rest, constraints)
    remarks, conflicts = _contradictions(frame, constraints)
    if asked.lacks_address:
        remarks.append(remark("no_address"))
    return Demands(constraints, rest, tuple(remarks), tuple(conflicts), asked.occasion)


def claimed_numbers(frame: str, facts: Sequence[Fact], language: str) -> list[str]:
    """Numbers that the request itself states and that no given metric bears out, as they are
    written."""
    claims = []
    for mention in find_numbers(frame[:MOST_CLAIM_TEXT], language):
        is_amount = (
            mention.unit in ("usd", "percent", "ratio", "currency") or mention.unit == "count"
        )
        if is_amount and not any(matches(mention, fact) for fact in facts):
            claims.append(mention.quote.strip())
    return list(dict.fromkeys(claims))[:MOST_PHRASES]


def given_facts(metrics: Json) -> list[Fact]:
    """Every number among the given metrics, as a fact of each unit it may have, to compare claims
    with."""
    facts = []
    for number in _numbers(metrics):
        for unit in ("number", "usd", "count", "ratio", "percent"):
            facts.append(Fact(fact_id="given", label="given", value=number, unit=unit))
    return facts


def _numbers(value: object) -> Iterator[float]:
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield float(value)
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _numbers(part)


def _limits(rest: str, constraints: Json) -> str:
    for match in _LIMIT.finditer(rest):
        count = int(re.sub(r"[.,]", "", match.group("n")))
        unit, bound = match.group("unit").lower(), (match.group("bound") or "").lower().strip()
        if unit.startswith(("tweet", "post", "part", "teil")):
            if count > 1:
                constraints.setdefault("parts", count)
            continue
        name = {"c": "characters", "z": "characters", "w": "words", "h": "hashtags"}.get(
            unit[0], "sentences"
        )
        key = ("min_" if bound in _AT_LEAST else "max_") + name
        constraints.setdefault(key, count)
        rest = _blank(rest, match)
    return rest


def _phrases(rest: str, constraints: Json) -> str:
    avoid: list[str] = []
    include: list[str] = []
    for pattern, phrases in ((_AVOID_GERMAN, avoid), (_AVOID, avoid), (_INCLUDE, include)):
        start = 0
        while match := pattern.search(rest, start):
            group = next(name for name, value in match.groupdict().items() if value)
            places = _split(rest, *match.span(group))
            phrases += [phrase for phrase, _ in places]
            # What comes after the last phrase may be another demand.
            start = places[-1][1] if places else match.start(group)
            if places:
                if pattern is _AVOID_GERMAN and start == match.end(group):
                    start = match.end()  # "nicht" belongs to what it forbids
                rest = rest[: match.start()] + " " * (start - match.start()) + rest[start:]
    if avoid:
        constraints["must_avoid"] = list(dict.fromkeys(avoid))[:MOST_PHRASES]
    if include:
        constraints["must_include"] = list(dict.fromkeys(include))[:MOST_PHRASES]
    return rest


def _split(text: str, start: int, stop: int) -> list[tuple[str, int]]:
    """The phrases of an enumeration, up to where another clause begins, each with its end."""
    places: list[tuple[str, int]] = []
    quotes = [match.span() for match in _QUOTED.finditer(text, start, stop)]
    cuts = [
        cut
        for cut in _PIECES.finditer(text, start, stop)
        if not any(first < cut.start() < last for first, last in quotes)
    ]
    for cut in [*cuts, None]:
        end = cut.start() if cut else stop
        phrase, length = _clean(text[start:end])
        if _NEXT_CLAUSE.search(phrase):
            break
        if len(phrase) > 1 and len(phrase.split()) <= 6 and not _NO_PHRASE.match(phrase):
            places.append((phrase, start + length))
        if length < len(text[start:end].rstrip(" .\"'“”")):
            break  # what follows the phrase says where or for whom
        start = cut.end() if cut else end
    return places


def _clean(piece: str) -> tuple[str, int]:
    """The phrase that a piece of an enumeration names, and where in it the phrase ends."""
    quoted = _QUOTED.search(piece)
    if quoted:
        return (quoted.group("phrase") or quoted.group("single")).strip(), quoted.end()
    tail = _TAIL.search(piece)
    end = tail.start() if tail else len(piece)
    named = _NAMING.sub("", piece[:end].strip()).strip(" \t\"'“”„«»:,-")
    return _LEADING.sub("", named).strip(), end


def _contradictions(frame: str, constraints: Json) -> tuple[list[Remark], list[str]]:
    remarks: list[Remark] = []
    conflicts: list[str] = []
    words = constraints.get("max_words") or constraints.get("min_words") or 0
    if _SHORT.search(frame) and words >= SHORT_WORDS:
        remarks.append(remark("short_but_long", n=words))
        conflicts.append("length")
    elif 0 < constraints.get("max_words", 0) < LONG_WORDS and _is_to_be_long(frame):
        remarks.append(remark("long_but_short", n=words))
    for name in ("words", "characters"):
        most, least = constraints.get(f"max_{name}"), constraints.get(f"min_{name}")
        if most is not None and least is not None and least > most:
            remarks.append(remark(f"{name}_exclude", least=least, most=most))
            conflicts.append("length")
    avoided = {phrase.lower() for phrase in constraints.get("must_avoid", ())}
    for phrase in constraints.get("must_include", ()):
        if phrase.lower() in avoided:
            remarks.append(remark("phrase", wording=phrase))
            conflicts.append(f"phrase:{phrase}")
    return remarks, list(dict.fromkeys(conflicts))


def _is_to_be_long(frame: str) -> bool:
    return bool(_LONG.search(_LONG_MEASURE.sub("", frame)))


def _blank(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
