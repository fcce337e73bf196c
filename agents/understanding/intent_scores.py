"""Which kind of work a request asks for: points for the cues it holds, by a table, and how sure
that is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.understanding.language import Token, filler_words, folded_words

CLEAR_SCORE = 5  # from here on a request is clear about what it wants
LEAST_SCORE = 3
LEAST_CONFIDENCE = 0.45  # below this the user is asked

VERBS = (
    "create", "analyze", "compare", "forecast", "check", "edit", "improve", "publish", "research",
)  # fmt: skip
OBJECTS = frozenset(
    {
        "post",
        "thread",
        "email",
        "linkedin",
        "twitter",
        "report",
        "compliance",
        "market",
        "text",
        "text_ref",
        "numbers",
    }
)
THINGS_TO_WRITE = frozenset({"post", "thread", "email", "linkedin", "twitter"})
NAMED_WORK = OBJECTS - {"numbers"}
MAKING = frozenset(  # verbs that say of no text that it is written
    folded_words(
        "make create creates creating produce generate design mach mache machen erzeuge erzeugen "
        "erstelle erstellen erstell erstellt generiere generieren gestalte gestalten prepare"
    )
)
_INTENT_OF_VERB: Mapping[str, tuple[str, ...]] = {
    "create": ("content", "email"), "analyze": ("analysis",), "compare": ("analysis",),
    "forecast": ("analysis",), "check": ("check",), "edit": ("edit",), "improve": ("edit",),
    "publish": ("publish",), "research": ("market",),
}  # fmt: skip
FIRST_VERB = 2  # points for the kind of work that the first verb belongs to

# (kind of work, points, cues that must be there, cues that must not)
_RULES: tuple[tuple[str, int, frozenset[str], frozenset[str]], ...] = tuple(
    (kind, points, frozenset(needed.split()), frozenset(excluded.split()))
    for kind, points, needed, excluded in (
        ("content", 2, "create", ""),
        ("content", 3, "post", "post_this"),
        ("content", 3, "thread", ""),
        ("content", 2, "linkedin", ""),
        ("content", 2, "twitter", ""),
        ("content", 2, "create post", ""),
        ("content", 1, "publish", "text text_ref"),
        ("content", 3, "email linkedin", ""),
        ("content", 3, "email twitter", ""),
        ("email", 2, "create", ""),
        ("email", 4, "email", ""),
        ("email", 2, "create email", ""),
        ("market", 4, "market", ""),
        ("market", 3, "research", ""),
        ("market", 2, "analyze market", ""),
        ("market", 5, "compare market", "create"),
        ("market", 2, "report market", "numbers"),
        ("market", 1, "asking market", ""),
        ("analysis", 4, "analyze", ""),
        ("analysis", 4, "compare", ""),
        ("analysis", 4, "forecast", ""),
        ("analysis", 3, "report", ""),
        ("analysis", 3, "create report", "post thread email linkedin twitter market"),
        ("analysis", 2, "numbers", ""),
        ("analysis", 2, "asking named", ""),
        ("analysis", 4, "check numbers", "text text_ref compliance"),
        ("analysis", 2, "improve numbers", "text text_ref"),
        ("analysis", 1, "chart", ""),
        ("check", 4, "compliance", "create_first"),
        ("check", 3, "check", ""),
        ("check", 1, "text", ""),
        ("check", 1, "compliance text_ref", ""),
        ("edit", 5, "edit", ""),
        ("edit", 3, "improve text", ""),
        ("edit", 3, "improve text_ref", "text"),
        ("edit", 4, "make_it", ""),
        ("edit", 2, "text", ""),
        ("edit", 1, "text_ref", ""),
        ("publish", 4, "publish text", "create"),
        ("publish", 4, "publish text_ref", "text create"),
        ("publish", 6, "post_this", ""),
        ("publish", 1, "text", ""),
    )
)
_ASKING = re.compile(
    r"^\W*(?:please |bitte )?(?:what|how|why|which|who|when|where|is|are|do|does|can|could|"
    r"show|list|give|tell(?!\s(?:our|all|the|my)\b)|"
    r"was|wie|warum|welche[rsn]?|wer|wann|wo|ist|sind|zeige?|kannst|gib|nenne)\b",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"\b(?:tell|inform|sag|sage|informiere)\s(?:our|all|the|my|unseren?|allen?|den|die)\s\w",
    re.IGNORECASE,
)
_TO_READERS = re.compile(
    r"^\W*(?:please |bitte )?(?:tell|inform|notify|remind|sage?|informiere?)\s"
    r"(?:(?:our|all|the|my|unsere[nr]?|alle[nr]?|den|die)\s){1,2}(?:customers|clients|users|"
    r"investors|employees|partners|subscribers|team|members|kunden|kundinnen|nutzer|investoren|"
    r"mitarbeiter|mitarbeitenden|partner|abonnenten)\b",
    re.IGNORECASE,
)
_MESSAGE = re.compile(
    r"\b(?:message|letter|note|memo|nachricht)\s(?:to|an)\s(?:our|the|all|my|unsere|die|alle)\b",
    re.IGNORECASE,
)
_TEXT_REF = re.compile(
    r"\b(?:this|these|that|it|the following|below|attached|my|our|the|diese[nrsm]?|"
    r"folgende[nrsm]?|den|das|unsere[nrm]?)\s"
    r"(?:(?:\w+\s)?(?:text|post|tweet|e-?mail|newsletter|draft|copy|paragraph|claim|statement|"
    r"sentence|caption|message|beitrag|entwurf|absatz|satz)"
    r"\b|$)|\b(?:this|the following|folgendes?|below)\b(?!\s(?:year|month|quarter|week|jahr|"
    r"quartal|monat))",
    re.IGNORECASE,
)
_MAKE_IT = re.compile(
    r"\b(?:make|mach\w*)\s(?:this|it|the text|the post|das|den text|"
    r"es)\b[^.!?\n]{0,30}\b(?:shorter|longer|clearer|simpler|better|"
    r"friendlier|more|less|kürzer|länger|klarer|einfacher|besser|freundlicher)\b|"
    r"\bformulier\w*\b[^.!?\n]{0,80}\bum\b",
    re.IGNORECASE,
)
_POST_THIS = re.compile(
    r"\b(?:post|poste|tweet|publish|share)\s(?:this|the following|it|das|dies|diesen|"
    r"folgende[ns]?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The best kind of work, its points, and its lead over the next."""

    kind: str
    score: int
    lead: int
    cues: frozenset[str]


def cues_of(
    frame: str, words: Sequence[Token], *, has_text: bool, is_about_numbers: bool, has_named: bool
) -> frozenset[str]:
    """What in a request points to a kind of work."""
    cues = {concept for word in words for concept in word.concepts}
    tests = (
        ("asking", bool(_ASKING.search(frame))),
        ("text", has_text),
        ("text_ref", bool(_TEXT_REF.search(frame))),
        ("make_it", bool(_MAKE_IT.search(frame))),
        ("create", bool(_TELLING.search(frame))),
        ("create", bool(_TO_READERS.search(frame))),
        ("email", bool(_MESSAGE.search(frame)) or _is_to_readers(frame, cues)),
        ("post_this", bool(_POST_THIS.search(frame))),
        ("numbers", is_about_numbers),
        ("named", has_named),
    )
    if "text" in cues:  # the word "text" is no text
        cues = (cues - {"text"}) | {"text_ref"}
    cues |= {name for name, is_there in tests if is_there}
    if has_named and _is_only_a_trend(words):
        cues = (cues - {"market"}) | {"analyze"}
    verb = first_verb(words)
    if "create" in cues and not cues & NAMED_WORK and _makes_anything(words):
        cues.discard("create")  # "make a reservation" is no writing
        verb = "" if verb == "create" else verb
    return frozenset(cues | ({f"{verb}_first"} if verb else set()))


def _is_to_readers(frame: str, cues: set[str]) -> bool:
    """Whether readers are to be told something and no channel is named: by e-mail, then."""
    return bool(_TO_READERS.search(frame)) and not cues & THINGS_TO_WRITE


def _is_only_a_trend(words: Sequence[Token]) -> bool:
    """Whether nothing but "trend" speaks of a market: "how is churn trending?" is about churn."""
    spoken = [word.meant or word.word for word in words if "market" in word.concepts]
    return bool(spoken) and all(word.startswith("trend") for word in spoken)


def _makes_anything(words: Sequence[Token]) -> bool:
    verbs = {word.meant or word.word for word in words if "create" in word.concepts}
    return bool(verbs) and verbs <= MAKING


def first_verb(words: Sequence[Token]) -> str:
    """What the first verb of the request says is to be done; "post" and "report" count as nouns."""
    return next((verb for word in words for verb in VERBS if verb in word.concepts), "")


def rank(cues: frozenset[str], extra: Mapping[str, int] | None = None) -> Wanted:
    """The kind of work with the most points; among equals the one earlier in the table."""
    scores: dict[str, int] = {}
    for kind, points, needed, excluded in _RULES:
        scores.setdefault(kind, 0)
        if needed <= cues and not excluded & cues:
            scores[kind] += points
    for cue in cues:
        if cue.endswith("_first"):
            for kind in _INTENT_OF_VERB[cue.removesuffix("_first")]:
                scores[kind] += FIRST_VERB
    for kind, points in (extra or {}).items():
        scores[kind] += points
    ordered = sorted(scores, key=lambda kind: -scores[kind])
    return Wanted(ordered[0], scores[ordered[0]], scores[ordered[0]] - scores[ordered[1]], cues)


def confidence(
    wanted: Wanted, *, has_subject: bool, corrections: int, contradictions: int
) -> float:
    """How sure the understanding is.

    0.25 for a verb that says what to do, 0.35 for an object of ours (a post, metrics, a text …),
    0.25 for a subject, 0.15 if the kind of work leads by two points; less 0.03 for each corrected
    misspelling (at most 0.15) and 0.1 for each contradiction.
    """
    sure = 0.25 if wanted.cues & {*VERBS, "asking", "make_it", "post_this"} else 0.0
    sure += 0.35 if wanted.cues & OBJECTS else 0.0
    sure += 0.25 if has_subject else 0.0
    sure += 0.15 if wanted.lead >= 2 else 0.0
    sure -= min(0.15, 0.03 * corrections) + 0.1 * contradictions
    return round(min(1.0, max(0.0, sure)), 2)


def content_words(words: Sequence[Token]) -> list[str]:
    """Words that say something, though we may not know what."""
    return [word.word for word in words if word.word not in filler_words() and len(word.word) > 1]


def is_question(frame: str) -> bool:
    """Whether somebody asks to know something."""
    return bool(_ASKING.search(frame)) or frame.rstrip().endswith("?")


def is_making_over(frame: str) -> bool:
    """Whether a text is to be changed or put out as it is ("make this shorter", "post the
    following")."""
    return bool(_MAKE_IT.search(frame) or _POST_THIS.search(frame))
