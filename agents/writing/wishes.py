"""What a human asks to change, read by rules: length, tone, phrases, hashtags, paragraphs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from agents.understanding.constraints import read_demands as read_constraints
from agents.understanding.language import fold, tokens
from agents.writing.brief import Brief, Demands, read_demands

SHORTER, LONGER = 0.7, 1.3
_NO = (
    r"(?:no|without(?: any)?|remove(?: all)?(?: the)?|drop(?: the)?|delete(?: the)?|"
    r"leave out(?: the)?|ohne|keine|entferne(?: die| alle)?|lösche(?: die)?|streiche(?: die)?)"
)


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


_SHORTER = _any(
    "shorter",
    "shorten(?:ed)?",
    "too long",
    "more concise",
    "condense",
    "trim(?: it)?",
    "cut (?:it )?down",
    "brief(?:er)?",
    "tighten",
    "kürzer",
    "(?:ver)?kürzen?",
    "knapper",
    "zu lang",
    "straffe[nr]?",
)
_LONGER = _any(
    "longer",
    "too short",
    "more detail(?:s|ed)?",
    "expand",
    "elaborate",
    "länger",
    "zu kurz",
    "ausführlicher",
    "mehr details",
)
_SOBER = _any(
    "less sales-?y",
    "less promotional",
    "less hype",
    "less marketing",
    "too sales-?y",
    "less pushy",
    "too pushy",
    "more factual",
    "less enthusiastic",
    "toned? down",
    "weniger werblich",
    "weniger reißerisch",
    "zu werblich",
    "sachlicher",
    "nüchterner",
    "no hype",
)
_TAGS = re.compile(rf"\b{_NO}\s?hashtags?\b|\bhashtags?\s(?:weg|raus|away|out)\b", re.I)
_EMOJIS = re.compile(rf"\b{_NO}\s?emojis?\b|\bemojis?\s(?:weg|raus|away|out)\b", re.I)
_NUMBERS = re.compile(rf"\b{_NO}\s?(?:numbers|figures|zahlen)\b", re.I)
_ADD_EMOJI = _any("add (?:some |an )?emojis?", "mit emojis?", "more emojis?")
_HOOK = _any(
    "(?:an?)?other (?:hook|opening|first line|headline)",
    "(?:better|stronger|new|different) (?:hook|opening|first line|headline|intro)",
    "(?:change|rewrite) the (?:hook|opening|first line|headline)",
    "(?:anderer|besserer|neuer|stärkerer) (?:einstieg|hook|anfang)",
    "(?:andere|bessere|neue) (?:überschrift|erste zeile)",
)
_EDGE = (
    r"(?P<which>first|second|third|fourth|last|1st|2nd|3rd|4th|\d|ersten?|zweiten?|dritten?|"
    r"vierten?|letzten?)\.?"
)
_REMOVE = re.compile(
    r"\b(?:remove|delete|drop|cut|omit|leave out|without|skip|entferne|lösche|streiche|ohne|"
    rf"weglassen|lass)\b(?:\s(?:the|den|die|das))?\s{_EDGE}\s(?P<what>paragraph|sentence|line|absatz|"
    r"satz|zeile)",
    re.IGNORECASE,
)
_NUMBER = {
    "first": 0,
    "1st": 0,
    "erste": 0,
    "second": 1,
    "2nd": 1,
    "zweite": 1,
    "third": 2,
    "3rd": 2,
    "dritte": 2,
    "fourth": 3,
    "4th": 3,
    "vierte": 3,
    "last": -1,
    "letzte": -1,
}
_MENTION = re.compile(
    r"\b(?:mention|include|add|talk about|bring in|refer to|highlight|erwähne|nenne|ergänze|"
    r"füge|nimm)\b\s(?:also |auch |noch |bitte )?(?:the |our |a |that |die |den |das |unsere?n? |"
    r"dass )*(?P<what>[^.!?;\n]{2,120})",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"(?:n['\u2019]t|\bnot|\bnever|\bnicht|\bavoid|\bno)\s+$", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“„«](?P<phrase>[^\"“”„«»]{2,200})[\"”“»]")
_INSTEAD = re.compile(
    r"\b(?:replace|change|ersetze|ändere)\s[\"“„«](?P<old>[^\"“”„«»]{1,200})[\"”“»]\s"
    r"(?:with|by|to|into|durch|in|zu)\s[\"“„«](?P<new>[^\"“”„«»]{0,200})[\"”“»]",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\s(?:hinzu|ein|auf|too|as well|please|bitte|again)\s*$", re.IGNORECASE)
_REMOVE_PHRASE = re.compile(
    r"\b(?:remove|delete|drop|don['\u2019]t (?:say|mention|use)|do not (?:say|mention|use)|avoid|"
    r"entferne|lösche|streiche|vermeide|ohne)\b(?:\s(?:the|das|die|den)?\s?(?:words?|phrases?|"
    r"wort|wörter|satz)?)?\s?[\"“„«](?P<phrase>[^\"“”„«»]{1,200})[\"”“»]",
    re.IGNORECASE,
)
_CALL = _any(
    "(?:stronger|clearer|better|different|new|other) (?:cta|call[- ]to[- ]action)",
    "add a (?:cta|call[- ]to[- ]action)",
    "(?:bessere|klarere|andere) handlungsaufforderung",
)
_SIMPLER = _any(
    "simpler",
    "simplify",
    "easier to read",
    "plain(?:er)? (?:english|language)",
    "einfacher",
    "verständlicher",
    "shorter sentences",
    "kürzere sätze",
)
_PRAISE = re.compile(
    r"^\W*(?:(?:great|good|nice|perfect|thanks?|thank you|looks good|lgtm|"
    r"love it|ok(?:ay)?|"
    r"super|gut|danke|perfekt|passt|sehr gut)\b[\s,!.]*)+[^,;]{0,30}$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """One remark, as what it changes. `unread` is what could not be understood."""

    scale: float = 1.0  # of the length
    tone: str = ""
    demands: dict[str, Any] = field(default_factory=dict)
    removals: tuple[tuple[str, int], ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()
    mentions: tuple[str, ...] = ()
    is_other_hook: bool = False
    is_other_call: bool = False
    is_simpler: bool = False
    is_sober: bool = False
    unread: str = ""


def read_wish(remark: str, brief: Brief) -> Wish:
    """What a remark asks for; a remark may ask for several things at once."""
    said = remark.strip()
    replaced = tuple((m["old"], m["new"]) for m in _INSTEAD.finditer(said))
    rest = _INSTEAD.sub(" ", said)
    removed = tuple(m["phrase"] for m in _REMOVE_PHRASE.finditer(rest))
    rest = _REMOVE_PHRASE.sub(" ", rest)
    demands = _demands(rest)
    demands |= {"must_avoid": (*demands.get("must_avoid", ()), *removed)} if removed else {}
    wish = Wish(
        scale=_scale(rest, demands),
        tone=_tone(rest),
        demands=demands,
        removals=tuple(_removals(rest)),
        replaced=replaced,
        mentions=tuple(_mentions(rest, demands)),
        is_other_hook=bool(_HOOK.search(rest)),
        is_other_call=bool(_CALL.search(rest)) and "call_to_action" not in demands,
        is_simpler=bool(_SIMPLER.search(rest)),
        is_sober=bool(_SOBER.search(rest)),
    )
    is_read = wish != Wish() or _PRAISE.match(said) or not said
    return wish if is_read else replace(wish, unread=said)


def _demands(text: str) -> dict[str, Any]:
    """What the same rules read that read a request, without what is only praise or position."""
    plain = _REMOVE.sub(" ", text)
    found: dict[str, Any] = dict(read_constraints(plain).constraints)
    found.pop("must_include", None)  # read here, with quotes and metrics
    for name, pattern in (("no_hashtags", _TAGS), ("no_emojis", _EMOJIS), ("no_numbers", _NUMBERS)):
        if pattern.search(plain):
            found[name] = True
    if _ADD_EMOJI.search(plain):
        found.pop("no_emojis", None)
    avoided = [p for p in found.get("must_avoid", ()) if not _is_a_thing(p)]
    found.pop("must_avoid", None)
    return found | ({"must_avoid": tuple(avoided)} if avoided else {})


def _is_a_thing(phrase: str) -> bool:
    """Whether "without …" spoke of hashtags and the like, which are demands of their own."""
    pattern = r"(?:the |all |die |alle )?(?:hashtags?|emojis?|numbers?|figures|zahlen|hype)"
    return bool(re.fullmatch(pattern, phrase, re.IGNORECASE))


def _scale(text: str, demands: dict[str, Any]) -> float:
    is_exact = any(name in demands for name in ("max_words", "max_characters", "max_sentences"))
    if _SHORTER.search(text) and not is_exact:
        return SHORTER
    return LONGER if _LONGER.search(text) and not is_exact else 1.0


def _tone(text: str) -> str:
    """The tone that is named, unless it is named as too much or to be less."""
    for token in tokens(text):
        names = [c.removeprefix("tone:") for c in sorted(token.concepts) if c.startswith("tone:")]
        before = text[max(0, token.start - 12) : token.start].lower()
        if names and not re.search(r"\b(?:less|too|not|weniger|zu|nicht)\s(?:so\s)?$", before):
            return names[0]
    return _OPPOSITE.get(_named_too_much(text), "")


_OPPOSITE = {
    "formal": "friendly",
    "casual": "professional",
    "enthusiastic": "informative",
    "professional": "friendly",
    "friendly": "professional",
    "witty": "professional",
    "confident": "informative",
    "urgent": "informative",
}


def _named_too_much(text: str) -> str:
    for token in tokens(text):
        for concept in sorted(token.concepts):
            if concept.startswith("tone:"):
                return concept.removeprefix("tone:")
    return ""


def _removals(text: str) -> Iterator[tuple[str, int]]:
    for match in _REMOVE.finditer(text):
        which = fold(match["which"]).removesuffix("n")
        number = int(which) - 1 if which.isdigit() else _NUMBER.get(which, 0)
        is_paragraph = fold(match["what"]) in ("paragraph", "absatz")
        yield ("paragraph" if is_paragraph else "sentence"), number


def _mentions(text: str, demands: dict[str, Any]) -> Iterator[str]:
    """Phrases and metrics that are to be mentioned; quoted ones word by word."""
    for match in _MENTION.finditer(text):
        if _NEGATED.search(text[: match.start()]):
            continue
        quoted = _QUOTED.search(match["what"])
        phrase = quoted["phrase"] if quoted else _TAIL.sub("", match["what"]).strip(" ,:'\"")
        phrase = re.split(
            r",?\s(?:and|but|und|aber)\s(?:make|keep|use|write|remove|"
            r"drop|mach|halte)\b",
            phrase,
        )[0]
        is_a_demand = _is_a_thing(phrase) or re.match(
            r"(?:an? |eine? |some )?(?:call[- ]to[- ]action|cta|hashtags?|emojis?|handlungsauff\w+|"
            r"more |detail|mehr )",
            phrase,
            re.IGNORECASE,
        )
        if phrase and not is_a_demand and phrase != demands.get("call_to_action"):
            yield phrase


def with_wish(brief: Brief, wish: Wish, length: int) -> Brief:
    """The brief as the wish changes it. `length` is that of the text it speaks of."""
    changes: dict[str, Any] = {n: v for n, v in wish.demands.items() if v not in (None, "", ())}
    changes = {n: v for n, v in _typed(changes).items() if v != getattr(Demands(), n)}
    for name in ("must_avoid", "must_include"):
        if name in changes:
            changes[name] = tuple(dict.fromkeys((*getattr(brief.demands, name), *changes[name])))
    if wish.mentions:
        included = (*changes.get("must_include", brief.demands.must_include), *wish.mentions)
        changes["must_include"] = tuple(dict.fromkeys(included))
        changes["must_avoid"] = tuple(
            phrase
            for phrase in changes.get("must_avoid", brief.demands.must_avoid)
            if phrase.casefold() not in {m.casefold() for m in wish.mentions}
        )
    if wish.scale < 1:
        changes["max_characters"] = max(60, int(length * wish.scale))
        changes |= {"min_characters": None, "min_words": None}
    elif wish.scale > 1:
        changes |= {"min_characters": int(length * wish.scale), "max_characters": None}
    tone = wish.tone or ("informative" if wish.is_sober else brief.tone)
    return replace(brief, tone=tone, demands=replace(brief.demands, **changes))


def _typed(changes: dict[str, Any]) -> dict[str, Any]:
    demands = read_demands(changes)
    return {name: getattr(demands, name) for name in changes if hasattr(demands, name)}
