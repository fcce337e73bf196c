"""Words that make a text more formal, more casual or less promotional, one for another."""

import re
from collections.abc import Callable, Sequence

from agents.writing.edits import calm, unshouted
from agents.writing.prose import capital, without_emojis
from agents.writing.voice import Voice, contracted, spelt_out

Pairs = tuple[tuple[re.Pattern[str], str], ...]


def _pairs(*rows: tuple[str, str]) -> Pairs:
    return tuple((re.compile(rf"(?<!\w)(?:{a})(?!\w)", re.IGNORECASE), b) for a, b in rows)


_GREETING = re.compile(
    r"^(?:hey|hi|yo)(?: there| guys| folks| everyone| all| team)?[,!]+\s+(?=\w)", re.IGNORECASE
)
_FORMAL = _pairs(
    ("awesome|amazing|incredible|fantastic", "remarkable"),
    ("thrilled|super excited|excited|stoked|psyched", "pleased"),
    ("a lot of|lots of|tons of", "many"),
    ("kids", "children"),
    ("gonna", "going to"),
    ("wanna", "want to"),
    ("gotta", "have to"),
    ("yeah|yep", "yes"),
    ("hey there|hey|hi there|hi", "hello"),
    ("folks|guys", "everyone"),
    ("check out", "see"),
    ("huge|massive", "considerable"),
    ("stuff", "material"),
    ("pretty (?=\\w)", ""),
    ("cool", "good"),
    ("ok|okay", "acceptable"),
    ("thanks", "thank you"),
    ("find out", "learn"),
    ("so,", "therefore,"),
    ("super (?=\\w)", ""),
    ("get in touch", "contact us"),
    ("super|toll|mega|genial|krass", "gut"),
    ("hallo zusammen|hey|hi", "Guten Tag"),
    ("echt (?=\\w)", ""),
    ("ne", "eine"),
    ("nen", "einen"),
    ("riesig(e[nrsm]?)?", r"groß\1"),
    ("klasse", "gut"),
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


def less_promotional(text: str) -> str:
    """The sentence without promotional words, shouting and more than a full stop's noise."""
    return unshouted(calm(_swapped(text, _HYPE)))


def without_cliches(text: str) -> str:
    """The sentence without worn phrases."""
    return _swapped(text, _CLICHES)


def formal(text: str) -> str:
    """The sentence as one would write it to somebody one does not know."""
    text = _GREETING.sub("", text)
    return without_emojis(calm(_swapped(spelt_out(text), _FORMAL)))


def casual(text: str) -> str:
    """The sentence as one would say it."""
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
