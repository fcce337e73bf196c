"""Says the same in fewer words: no throat-clearing, no hedges, relative clauses as main clauses."""

import re
from collections.abc import Callable

from agents.writing.edits import without_fillers
from agents.writing.prose import capital, ended, sentences

_GLAD = r"(?:excited|happy|pleased|proud|delighted|thrilled|glad|honou?red|stolz|froh|glücklich)"
_OPENERS = (
    rf"(?:today,?\s)?(?:we|i)(?:['\u2019](?:re|m)|\sare|\sam)\s(?:\w+\s){{0,3}}?{_GLAD}\s(?:to\s"
    r"(?:be able to\s)?(?:finally\s)?(?:announce|share|say|report|inform you|let you know|tell you)"
    r"(?:\swith you)?(?:\sthat)?),?\s",
    r"(?:we|i)\s(?:just\s)?(?:wanted|would like|want)\sto\s(?:let you know|inform you|tell you|"
    r"announce|share with you|take a moment to (?:say|announce))(?:\sthat)?,?\s",
    r"(?:it is|it's) (?:with )?(?:great|our) (?:pleasure|excitement)(?: that we| to) announce"
    r"(?: that)?,?\s",
    r"(?:as (?:you may|many of you) (?:already )?know|needless to say|that said),\s",
)
_OPENING = re.compile(rf"^(?:{'|'.join(_OPENERS)})", re.IGNORECASE)
# German puts the verb last after "dass"; it moves back where the subject is plain to see.
_GERMAN_OPENING = re.compile(
    r"^wir (?:freuen uns|möchten|wollen)\b[^.!?]{0,60}?\b(?:mitteilen|ankündigen|verkünden|"
    r"bekannt ?geben)"
    r"(?: zu (?:können|dürfen))?, dass\s(?P<who>wir|es|sie|(?:unser\w*|der|die|das|ein\w*)"
    r"(?:\s[a-zäöüß]+)*\s[A-ZÄÖÜ]\S+)\s(?P<rest>.+?)\s(?P<verb>ist|sind|hat|haben|kann|können|"
    r"wird|werden)(?P<end>[.!])$",
    re.IGNORECASE,
)
_ASIDES = re.compile(
    r",?\s?\bafter (?:many |long |several |countless )?(?:hours|weeks|months|years) of (?:very )?"
    r"(?:hard |intense |intensive )?(?:work|effort|development|preparation),?(?=\s)|"
    r",?\s?\bnach (?:vielen |langen )?(?:wochen|monaten|jahren) (?:harter |intensiver )?arbeit,?"
    r"(?=\s)",
    re.IGNORECASE,
)
_SHIPPED = re.compile(
    r"\b(?:we|our team|the team)(?:['\u2019]ve|\shave|\shas)?(?:\s(?:now|finally|just|also))*\s"
    r"(?:shipped|launched|released|rolled out)\s(?:the|our|a|an)\s(?P<what>[\w -]{3,60}?)"
    r"(?=[,.!;:]|$)",
    re.IGNORECASE,
)
_NOW_FINALLY = re.compile(r"\b(?:now finally|finally now|finally|endlich)\s(?=\w)", re.IGNORECASE)
_LETS = re.compile(
    r",\s(?:which|that)\s(?:lets|allows|enables)\s(?P<who>you|everyone|everybody|"
    r"(?:every|each)\s\w+|all\s\w+|\w+s)\s(?:to\s)?(?P<verb>[a-z]+)\b",
    re.IGNORECASE,
)
_WHICH = re.compile(
    r",\s(?:which|welche[rs]?)\s(?=(?:is|are|has|have|will|can|makes?|gives?|shows?|saves?|brings?|"
    r"helps?|means?|costs?|comes?|lets?|allows?)\b[^,]*$)",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"\b(?:we|i)\s?(?:would|['\u2019]d)\s(?:also\s)?(?:be\s(?:\w+\s)?(?:happy|glad|grateful|delighted|"
    r"thrilled)|love it|appreciate it|like it)\sif you (?:could |would )?(?P<acts>[^.!?]+)[.!]?",
    re.IGNORECASE,
)
_POLITE = (
    (re.compile(r"\b(?:please )?(?:do not|don['\u2019]t) hesitate to\b", re.I), "please"),
    (re.compile(r"\b(?:please )?feel free to\b", re.I), "please"),
    (re.compile(r"\bif you (?:have|get) (?:a chance|the chance|a moment|time),?\s", re.I), ""),
    (re.compile(r"\b(?:i think|we think|we believe|we feel) (?:that )?", re.I), ""),
    (re.compile(r"\bhard-?working (?=team)", re.I), ""),
)
_PRESENT = {
    "tried": "try", "told": "tell", "gave": "give", "used": "use", "shared": "share",
    "sent": "send", "took": "take", "came": "come", "wrote": "write", "spread": "spread",
    "let": "let", "read": "read", "had": "have", "made": "make", "left": "leave",
    "got": "get", "became": "become", "subscribed": "subscribe", "tested": "test",
}  # fmt: skip
_TRY_OUT = re.compile(r"\b(try) (it|them|this) out\b", re.IGNORECASE)


def tightened(text: str) -> str:
    """One or more sentences with the same meaning and numbers in fewer words."""
    for step in _STEPS:
        text = step(text)
    text = re.sub(r"\s+([.,!?:])", r"\1", re.sub(r" {2,}", " ", text)).strip(" ,")
    return " ".join(capital(sentence) for sentence in sentences(text))


def _without_opening(text: str) -> str:
    def plain(one: str) -> str:
        german = _GERMAN_OPENING.match(one)
        if german:
            one = f"{german['who']} {german['verb']} {german['rest']}{german['end']}"
        return capital(_OPENING.sub("", one, count=1))

    return " ".join(plain(one) for one in sentences(text))


def _without_asides(text: str) -> str:
    text = re.sub(r"^\s*,\s*", "", _ASIDES.sub("", text))
    text = _NOW_FINALLY.sub("", text)
    for pattern, word in _POLITE:
        text = pattern.sub(word, text)
    return capital(text.strip())


def _as_live(text: str) -> str:
    """ "We have shipped the new dashboard" is "our new dashboard is live"."""

    def live(match: re.Match[str]) -> str:
        what = match["what"].strip()
        is_many = what.endswith("s") and not what.endswith("ss")
        return f"our {what} {'are' if is_many else 'is'} live"

    return capital(_SHIPPED.sub(live, text, count=1))


def _as_main_clauses(text: str) -> str:
    """ "…, which lets every customer see" is "…: every customer sees"."""

    def main(match: re.Match[str]) -> str:
        who, verb = match["who"], match["verb"]
        is_one = who.lower().startswith(("every", "each"))
        return f": {who} {_third(verb) if is_one else verb}"

    found = (_LETS.sub(main, one, count=1) for one in sentences(text))
    return " ".join(_WHICH.sub(". It ", one) for one in found)


def _third(verb: str) -> str:
    """A verb as it goes with one person: see, sees; try, tries."""
    if verb == "have":
        return "has"
    if verb == "be":
        return "is"
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ies"
    return f"{verb}es" if re.search(r"(?:s|x|z|ch|sh|o)$", verb) else f"{verb}s"


def _as_requests(text: str) -> str:
    """ "We would be happy if you tried it and told us" is "Try it and tell us"."""

    def request(match: re.Match[str]) -> str:
        acts = re.split(r"\s(?:and|,)\s", match["acts"].strip())
        asked = " and ".join(_imperative(act) for act in acts)
        return capital(ended(_TRY_OUT.sub(r"\1 \2", asked)))

    return _WISH.sub(request, text)


def _imperative(act: str) -> str:
    verb, _, rest = act.partition(" ")
    low = verb.lower()
    if low in _PRESENT:
        verb = _PRESENT[low]
    elif low.endswith("ied"):
        verb = f"{verb[:-3]}y"
    elif low.endswith("ed"):
        verb = verb[:-2]
    return f"{verb} {rest}".strip()


_STEPS: tuple[Callable[[str], str], ...] = (
    without_fillers,
    _without_opening,
    _without_asides,
    _as_live,
    _as_main_clauses,
    _as_requests,
)
