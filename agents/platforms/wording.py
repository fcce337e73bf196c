"""The sentences that formatting says to the user, in English and German."""

from collections.abc import Mapping
from types import MappingProxyType

Phrase = tuple[str, str]  # English, German

PHRASES: Mapping[str, Phrase] = MappingProxyType(
    {
        "other_language": (
            "There are no wordings in {language!r}: what formatting adds is in English.",
            "Für {language!r} gibt es keine Wendungen: Ergänzungen sind auf Englisch.",
        ),
        "shortened": (
            "Shortened for {name} from the end of the body, to {limit}; sentences left out: "
            "{count}.",
            "Für {name} vom Ende des Textes her gekürzt, auf {limit}; weggelassene Sätze: {count}.",
        ),
        "cut": (
            "The text did not fit {name} by whole sentences and was cut within one, to {limit}.",
            "Der Text passte nicht in ganzen Sätzen in {name} und wurde im Satz gekürzt, auf "
            "{limit}.",
        ),
        "too_long": (
            "The text does not fit {limit}: what must stay is longer than that.",
            "Der Text hält {limit} nicht ein: Was bleiben muss, ist länger.",
        ),
        "tags_left_out": (
            "Hashtags left out on {name}: {tags}.",
            "Auf {name} weggelassene Hashtags: {tags}.",
        ),
        "marks_removed": (
            "Formatting marks that {name} would show as typed were removed.",
            "Auszeichnungen, die {name} als Zeichen zeigen würde, wurden entfernt.",
        ),
        "characters_removed": (
            "Characters that cannot be shown were removed.",
            "Nicht darstellbare Zeichen wurden entfernt.",
        ),
        "emojis_removed": ("Emojis were removed.", "Emojis wurden entfernt."),
        "single_post": (
            "One post of {count} of {total} sentences; the whole text is ready as a thread.",
            "Ein Beitrag mit {count} von {total} Sätzen; der ganze Text liegt als Thread bereit.",
        ),
        "parts": (
            "{wanted} parts were asked for; the text makes {count}.",
            "{wanted} Teile waren gewünscht; der Text ergibt {count}.",
        ),
        "subject_made": (
            "The subject was made from the text: “{subject}”.",
            "Der Betreff wurde aus dem Text gebildet: „{subject}“.",
        ),
        "subject_cut": (
            "The subject was shortened to {limit} characters.",
            "Der Betreff wurde auf {limit} Zeichen gekürzt.",
        ),
        "signed": (
            "Greeting and closing were added.",
            "Anrede und Gruß wurden ergänzt.",
        ),
        "unsigned": (
            "A greeting was added, but no closing: context.sender or context.company says who "
            "signs.",
            "Eine Anrede wurde ergänzt, kein Gruß: context.sender oder context.company sagt, wer "
            "unterschreibt.",
        ),
        "beside": (
            "Prepared besides what was asked for: {names}.",
            "Zusätzlich zum Gewünschten vorbereitet: {names}.",
        ),
        "no_origin": (
            "The tool that wrote the text did not say whether a model was used.",
            "Das Werkzeug hinter dem Text hat nicht gesagt, ob ein Modell benutzt wurde.",
        ),
        "odd_shape": (
            "The text came in an unknown form and is shown as it could be read.",
            "Der Text kam in unbekannter Form und wird gezeigt, soweit er lesbar war.",
        ),
    }
)
LIMIT_WORDS: Mapping[str, Phrase] = MappingProxyType(
    {
        "characters": ("{most:,} characters", "{most} Zeichen"),
        "words": ("{most:,} words", "{most} Wörter"),
        "sentences": ("{most:,} sentences", "{most} Sätze"),
    }
)
GREETING: Mapping[bool, Phrase] = MappingProxyType(
    {True: ("Hello,", "Guten Tag,"), False: ("Hi,", "Hallo,")}  # is it formal?
)
CLOSING: Mapping[bool, Phrase] = MappingProxyType(
    {
        True: ("Kind regards,\n{sender}", "Mit freundlichen Grüßen\n{sender}"),
        False: ("Best wishes,\n{sender}", "Viele Grüße\n{sender}"),
    }
)
FORMAL_TONES = frozenset({"professional", "formal", "authoritative", "neutral", "informative"})


def in_language(phrase: Phrase, language: str) -> str:
    """The German wording for "de", else the English one."""
    return phrase[1] if language == "de" else phrase[0]


def say(note: str, tongue: str, /, **values: object) -> str:
    """The note of this name."""
    return in_language(PHRASES[note], tongue).format(**values)
