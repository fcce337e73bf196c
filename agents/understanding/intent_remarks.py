"""What is to be said about how a request was understood, in English or German."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agents.figures.metric_notes import Phrase, say

_REMARKS: Mapping[str, Phrase] = {
    "instruction": (
        "Instruction-like text was ignored: {text!r}.",
        "Anweisungsartiger Text wurde nicht befolgt: {text!r}.",
    ),
    "unknown_agent": (
        "There is no agent {agent!r}, so the request was understood by itself; there are {known}.",
        "Einen Agenten {agent!r} gibt es nicht; die Anfrage wurde für sich verstanden. Es gibt "
        "{known}.",
    ),
    "short_but_long": (
        "Contradiction: short, but {n:,} words.",
        "Widerspruch: kurz, aber {n} Wörter.",
    ),
    "long_but_short": (
        "Contradiction: long, but at most {n} words; the number of words counts.",
        "Widerspruch: lang, aber höchstens {n} Wörter; es gilt die Zahl der Wörter.",
    ),
    "words_exclude": (
        "Contradiction: at least {least:,} and at most {most:,} words.",
        "Widerspruch: mindestens {least} und höchstens {most} Wörter.",
    ),
    "characters_exclude": (
        "Contradiction: at least {least:,} and at most {most:,} characters.",
        "Widerspruch: mindestens {least} und höchstens {most} Zeichen.",
    ),
    "phrase": (
        "Contradiction: {wording!r} is both demanded and forbidden.",
        "Widerspruch: {wording!r} ist verlangt und zugleich verboten.",
    ),
    "all_but_none": (
        "Contradiction: no numbers, but all metrics.",
        "Widerspruch: keine Zahlen, aber alle Kennzahlen.",
    ),
    "tones": (
        "Contradiction: {one} and {other}; it will be {chosen}.",
        "Widerspruch: {one} und {other}; der Ton wird {chosen}.",
    ),
    "claims": (
        "The request states {stated}, which the given metrics do not bear out.",
        "Die Anfrage nennt {stated}; die angegebenen Kennzahlen belegen das nicht.",
    ),
    "no_figure": (
        "No figure was given for {word!r}.",
        "Für {word!r} wurde keine Zahl angegeben.",
    ),
    "no_subject": (
        "No subject was named, so all given metrics are the subject.",
        "Es wurde kein Thema genannt, daher sind alle angegebenen Kennzahlen das Thema.",
    ),
    "no_channel": (
        "No channel was named, so LinkedIn is assumed.",
        "Es wurde kein Kanal genannt, daher wird LinkedIn angenommen.",
    ),
    "not_published": (
        "A briefing is not published, so the channels are not used: ask for a post of its drafts.",
        "Ein Briefing wird nicht veröffentlicht; die Kanäle bleiben ungenutzt, bis Sie einen "
        "Beitrag aus seinen Entwürfen verlangen.",
    ),
    "no_address": (
        "A link was asked for without its address: add it before publishing.",
        "Ein Link wurde verlangt, aber ohne Adresse: Bitte vor dem Veröffentlichen ergänzen.",
    ),
    "dated_otherwise": (
        "No value was given for {asked}; the newest is of {newest}, and that is what is told.",
        "Für {asked} wurde kein Wert angegeben; der neueste ist von {newest} und wird genannt.",
    ),
    "named_otherwise": (
        "{names} names a quarter of its own, not {asked}, so the figures get no period.",
        "{names} nennt ein eigenes Quartal, nicht {asked}; die Zahlen bleiben daher ohne Zeitraum.",
    ),
    "preferred": (
        "The request names {named}, the preferences {chosen}: they count.",
        "Die Anfrage nennt {named}, die Vorgaben {chosen}: Diese gelten.",
    ),
    "other_language": (
        "Without a model, texts are in English or German only, not in {tongue!r}.",
        "Ohne Modell gibt es Texte nur auf Englisch oder Deutsch, nicht in {tongue!r}.",
    ),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark by its name in the table, with the values that it quotes."""

    name: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The sentence."""
        return say(language, _REMARKS[self.name], **self.values)


def remark(name: str, **values: object) -> Remark:
    """A remark by its name."""
    return Remark(name, values)
