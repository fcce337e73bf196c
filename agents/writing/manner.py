"""Words that make a text more formal, more casual or less promotional, one for another."""

import re
from collections.abc import Callable, Sequence

from agents.writing.edits import calm, unshouted
from agents.writing.prose import capital, without_emojis
from agents.writing.voice import Voice, contracted, spelt_out

Pairs = tuple[tuple[re.Pattern[str], str], ...]


def _pairs(*rows: tuple[str, str]) -> Pairs:
    return tuple((re.compile(rf"(?<!\w)(?:{a})(?!\w)", re.IGNORECASE), b) for a, b in rows)


_GERMAN = re.compile(
    r"\b(?:der|die|das|und|ist|wir|ihr|sie|es|ein|eine|einen|unser\w*|mit|für|auf|von|zu|den|dem|"
    r"nicht|auch|sich|im|bei|sind|haben|wird|ich|euch?|uns|noch|jetzt|zum|zur|als|nach)\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"\b(?:the|and|is|we|you|they|it|a|an|our|your|with|for|on|of|to|not|also|at|are|have|will|i|"
    r"us|this|that|now|as|after|be|in|from|was)\b",
    re.IGNORECASE,
)
_INVERTED = re.compile(
    r"^(?P<verb>ist|sind|war|waren|wird|werden|hat|haben|kann|können|muss|müssen)\s"
    r"(?P<subject>das|dies|wir|es|sie|er|ich|man)\b",
    re.IGNORECASE,
)
_UMLAUT = re.compile(r"[äöüß]", re.IGNORECASE)
_GREETING = re.compile(
    r"^(?:hey|hi|yo)(?: there| guys| folks| everyone| all| team)?[,!]+\s+(?=\w)", re.IGNORECASE
)
_FORMAL = _pairs(
    ("awesome|amazing|incredible|fantastic", "remarkable"),
    ("thrilled|super excited|excited|stoked|psyched", "pleased"),
    ("a lot of|lots of|tons of", "many"),
    ("kids", "children"),
    ("have got(?=\\s(?:an?|the|no|some|many)\\b)", "have"),
    ("gonna", "going to"),
    ("wanna", "want to"),
    ("gotta", "have to"),
    ("yeah|yep", "yes"),
    ("hey there|hey|hi there|hi", "hello"),
    ("folks|guys", "everyone"),
    ("check out", "see"),
    ("huge|massive", "considerable"),
    ("stuff", "material"),
    ("(?:super|pretty)(?=\\s\\w)", ""),
    ("cool", "good"),
    ("ok|okay", "acceptable"),
    ("thanks", "thank you"),
    ("find out", "learn"),
    ("so,", "therefore,"),
    ("can(?:no|['\u2019])t wait for you to", "we invite you to"),
    ("get in touch", "contact us"),
    ("super", "good"),
)
_FORMAL_GERMAN = _pairs(
    ("super|toll|mega|genial|krass|cool|klasse", "gut"),
    ("hallo zusammen|hallo|hey|hi", "Guten Tag"),
    ("echt(?=\\s\\w)", ""),
    ("ne", "eine"),
    ("nen", "einen"),
    ("riesig(e[nrsm]?)?", r"groß\1"),
    ("okay|ok", "in Ordnung"),
)
_CASUAL = _pairs(
    ("in order to", "to"),
    ("therefore|consequently", "so"),
    ("however", "but"),
    ("purchase", "buy"),
    ("utili[sz]e", "use"),
    ("assist", "help"),
    ("commence", "start"),
    ("regarding|concerning", "about"),
    ("we are pleased to announce", "we are happy to share"),
    ("we are delighted to", "we are happy to"),
    ("prior to", "before"),
    ("subsequently", "then"),
    ("obtain", "get"),
    ("additionally|furthermore|moreover", "also"),
    ("inquire", "ask"),
    ("approximately", "about"),
    ("demonstrate", "show"),
    ("individuals", "people"),
)
_CASUAL_GERMAN = _pairs(
    ("jedoch", "aber"),
    ("des Weiteren|ferner", "außerdem"),
    ("erwerben", "kaufen"),
    ("diesbezüglich", "dazu"),
    ("bezüglich", "zu"),
    ("nutzen Sie", "nutz"),
)
_HYPE = _pairs(
    (
        "game[- ]chang(?:ing|er)|revolutionary|groundbreaking|disruptive|cutting[- ]edge|"
        "world[- ]class|best[- ]in[- ]class|next[- ]level|state[- ]of[- ]the[- ]art|unparalleled|"
        "unmatched|mind[- ]blowing|jaw[- ]dropping|one[- ]of[- ]a[- ]kind",
        "new",
    ),
    ("awesome|amazing|incredible|fantastic|phenomenal|stunning", "good"),
    ("skyrocket(?:ed)|explod(?:ed)|soar(?:ed)", "rose"),
    ("supercharge", "improve"),
    ("thrilled|super excited|beyond excited", "glad"),
    ("unlock", "use"),
    ("revolutioni[sz]e", "change"),
    ("crush(?:ed) it", "did well"),
    ("massive|huge", "large"),
    ("insane|crazy", "notable"),
    ("don['\u2019]t miss (?:out|this)[^.!?]*[.!?]?", ""),
    ("act now[.!]*|hurry[.!]*", ""),
    ("revolutionär(e[nrsm]?)?|bahnbrechend(e[nrsm]?)?|einzigartig(e[nrsm]?)?", r"neu\1\2\3"),
    ("unglaublich(e[nrsm]?)?|sensationell(e[nrsm]?)?|fantastisch(e[nrsm]?)?", r"gut\1\2\3"),
    ("jetzt zugreifen[.!]*", ""),
)
_CLICHES = _pairs(
    (
        "in today['\u2019]s fast-paced world,?|at the end of the day,?|it goes without saying that|"
        "last but not least,?|in der heutigen schnelllebigen Zeit|am Ende des Tages",
        "",
    ),
    ("think outside the box", "look for other ways"),
    ("low-hanging fruit", "easy first step"),
    ("move the needle", "make a difference"),
    ("deep dive", "closer look"),
    ("leverage", "use"),
    ("synerg(?:y|ies)", "cooperation"),
    ("the numbers speak for themselves[.!]?|die zahlen sprechen für sich[.!]?", ""),
)


def _swapped(text: str, pairs: Pairs) -> str:
    for pattern, word in pairs:

        def fitting(match: re.Match[str], word: str = word) -> str:
            said = match.expand(word) if "\\" in word else word
            return capital(said) if match.group()[:1].isupper() else said

        text = pattern.sub(fitting, text)
    return capital(re.sub(r"\s+([.,!?])", r"\1", re.sub(r" {2,}", " ", text)).strip(" ,"))


def is_german_text(text: str) -> bool:
    """Whether a sentence is German by its commonest words; in doubt it is English."""
    german, english = (len(pattern.findall(text)) for pattern in (_GERMAN, _ENGLISH))
    return german > english or (german == english and bool(_UMLAUT.search(text)))


def less_promotional(text: str) -> str:
    """The sentence without promotional words, shouting and more than a full stop's noise."""
    return unshouted(calm(_swapped(text, _HYPE)))


def without_cliches(text: str) -> str:
    """The sentence without worn phrases."""
    plain = _swapped(text, _CLICHES)
    return plain if plain == capital(text) else _INVERTED.sub(_in_order, plain)


def _in_order(match: re.Match[str]) -> str:
    """The subject first again, where what stood before the verb is gone: "ist das" at a start."""
    subject, verb = match["subject"], match["verb"].lower()
    return f"{capital(subject)} {verb}"


def formal(text: str) -> str:
    """The sentence as one would write it to somebody one does not know."""
    text = _GREETING.sub("", text)
    if is_german_text(text):
        return without_emojis(calm(_swapped(text, _FORMAL_GERMAN)))
    return without_emojis(calm(_swapped(spelt_out(text), _FORMAL)))


def casual(text: str) -> str:
    """The sentence as one would say it."""
    if is_german_text(text):
        return _swapped(text, _CASUAL_GERMAN)
    return contracted(_swapped(text, _CASUAL))


def in_voice(voice: Voice) -> Callable[[str], str]:
    """The change of manner that brings a sentence nearer to a voice."""
    by_family: dict[str, Sequence[Callable[[str], str]]] = {
        "stiff": (formal, less_promotional),
        "sober": (formal, less_promotional),
        "bold": (less_promotional, spelt_out),
        "warm": (less_promotional, casual if voice.contracts else spelt_out),
        "light": (casual,),
    }

    def change(text: str) -> str:
        for step in by_family[voice.family]:
            text = step(text)
        return text

    return change
