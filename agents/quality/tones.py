"""What each tone asks of a text, as measurable features."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tone:
    """What a tone bears and what it wants. Numbers are the most that fits."""

    contractions: int = 99
    exclamations: int = 1
    emojis: int = 0
    hype: int = 0
    casual: int = 0  # informal words
    sentence: int = 24  # words of an average sentence
    german: str = ""  # "Sie" or "du" where the tone asks for one of them
    hedges: int = 99
    wants: tuple[str, ...] = ()  # cues, one of which should be there


TONES: Mapping[str, Tone] = {
    "professional": Tone(german="Sie", contractions=3),
    "formal": Tone(contractions=0, exclamations=0, german="Sie", sentence=28),
    "authoritative": Tone(contractions=2, exclamations=0, german="Sie", hedges=1),
    "neutral": Tone(contractions=3, exclamations=0, hype=0),
    "informative": Tone(contractions=4, exclamations=0),
    "confident": Tone(hedges=1, hype=1, wants=("assertion",)),
    "friendly": Tone(
        exclamations=2, emojis=3, hype=1, casual=2, sentence=20, german="du", wants=("warmth",)
    ),
    "casual": Tone(
        exclamations=2, emojis=3, hype=1, casual=6, sentence=18, german="du", wants=("ease",)
    ),
    "conversational": Tone(emojis=2, hype=1, casual=3, sentence=18, wants=("talk",)),
    "enthusiastic": Tone(
        exclamations=3, emojis=3, hype=3, casual=2, sentence=20, wants=("energy",)
    ),
    "inspirational": Tone(exclamations=2, emojis=1, hype=2, sentence=22, wants=("aspiration",)),
    "witty": Tone(exclamations=2, emojis=3, hype=1, casual=4, sentence=20, wants=("play",)),
    "urgent": Tone(exclamations=2, emojis=1, hype=1, sentence=18, wants=("time",)),
    "empathetic": Tone(exclamations=1, emojis=1, sentence=22, wants=("understanding",)),
}  # fmt: skip

HYPE = (
    r"game[- ]?chang\w+|revolutionary|revolutioni[sz]\w+|groundbreaking|cutting[- ]edge|"
    r"mind[- ]?blowing|insane(?:ly)?|epic|unbelievable|incredibl[ey]|amazing(?:ly)?|awesome|"
    r"skyrocket\w*|explosive|massive|crush(?:ed|ing) it|next[- ]level|world[- ]class|"
    r"unprecedented|phenomenal|jaw[- ]dropping|supercharg\w+|unleash\w*|disrupt\w+|"
    r"bahnbrechend\w*|revolutionär\w*|sensationell\w*|unglaublich\w*|gigantisch\w*|"
    r"atemberaubend\w*|fantastisch\w*|phänomenal\w*|einzigartig\w*|wahnsinn\w*|mega|krass\w*|"
    r"durchstarten|explodier\w+"
)
CASUAL = (
    r"gonna|wanna|gotta|kinda|yeah|yep|nope|hey|guys|folks|stuff|super|cool|lol|omg|btw|tbh|"
    r"y['\u2019]all|dude|crazy|ton of|tons of|no biggie|hella|huge shout-?out|"
    r"echt|geil|krass|mal eben|halt|irre|leute|na ja|klar doch|nix|übrigens mal"
)
HEDGES = (
    r"maybe|perhaps|possibly|somewhat|sort of|kind of|i think|we think|we believe|might|"
    r"hopefully|probably|vielleicht|eventuell|möglicherweise|irgendwie|ein bisschen|"
    r"wir glauben|hoffentlich|wahrscheinlich|könnte sein"
)
CUES: Mapping[str, tuple[str, str]] = {
    # a pattern, and how to bring it in
    "assertion": (
        r"\b(?:we (?:know|deliver\w*|built|proved|did|are|have)|this is|it works?|clear(?:ly)?|"
        r"proof|prove[sn]?|the (?:result|numbers?|figures?)|here is|wir (?:wissen|liefern|haben|"
        r"sind)|klar|beweis\w*|das (?:ist|zeigt)|die zahlen|"
        r"zeig(?:t|en)|fakt\w*|auf dem tisch|nachgerechnet|ohne umschweife)\b",
        "state what is known as known",
    ),
    "warmth": (
        r"\b(?:thank\w*|glad|happy|love|great|together|welcome|you(?:r|['\u2019]re)?|we(?:['\u2019]\w+)?|"
        r"enjoy|hi|hello|danke\w*|froh|gern\w*|freu\w+|gemeinsam|zusammen|du|ihr|euch|dir|schön\w*)\b",
        "speak to the reader and thank somebody",
    ),
    "ease": (
        r"\b(?:\w+['\u2019](?:s|re|ve|ll|t|d|m)|so|well|just|pretty|quick|hey|turns out|you|hier|"
        r"mal|du|ihr|euch|einfach|ganz|kurz)\b",
        "use contractions and short sentences",
    ),
    "talk": (r"\?|\b(?:you|your|du|ihr|euch|sie|ihnen)\b", "ask the reader something"),
    "energy": (
        r"!|\b(?:excit\w+|thrill\w+|proud|love|great|fantastic|wow|big|can['\u2019]t wait|"
        r"begeister\w+|stolz|freu\w+|großartig\w*|toll\w*|wow)\b",
        "show joy in one place",
    ),
    "aspiration": (
        r"\b(?:imagine|dream\w*|vision|possib\w+|future|together|journey|every|believe|build\w*|"
        r"grow\w*|step\w*|ahead|begin\w*|start\w*|purpose|stell\w* (?:dir|euch|sie)|traum\w*|"
        r"zukunft|möglich\w*|gemeinsam|weg|jede[rnms]?|schritt\w*|anfang\w*|wachs\w*)\b",
        "say what it makes possible",
    ),
    "play": (
        r"[?!:\u2013\u2014()]|\b(?:turns out|plot twist|spoiler|apparently|surprise|joke\w*|funny|"
        r"who knew|not bad|übrigens|überraschung|spoiler|witz\w*|ausgerechnet|immerhin)\b",
        "add one turn that the reader does not expect",
    ),
    "time": (
        r"\b(?:now|today|this (?:week|month|quarter)|immediately|before|until|deadline|time|soon|"
        r"right away|next (?:week|month|quarter)|jetzt|heute|sofort|diese[nr]? (?:woche|monat)|bis|"
        r"bevor|frist|zeit|bald|umgehend)\b",
        "say by when",
    ),
    "understanding": (
        r"\b(?:understand\w*|know how|feel\w*|hard|tough|difficult|care|support\w*|listen\w*|"
        r"help\w*|here for|thank\w*|honest\w*|verst(?:ehen|ändnis\w*)|wissen, (?:wie|dass)|"
        r"schwer\w*|schwierig\w*|unterstütz\w*|zuhör\w*|hilf\w*|helfen|danke\w*|ehrlich\w*|"
        r"open(?:ly)? with you|matters? to you|we read|wie (?:es|geht)|gefragt|offen\w*|"
        r"wir lesen)\b",
        "show that the reader's situation is understood",
    ),
}
