"""What the writer tells the user about a text, in the user's language."""

from agents.figures.metric_notes import Phrase, say
from agents.writing.brief import Brief

NO_GROWTH: Phrase = (
    "The request speaks of growth, but no figure shows any: the text tells levels instead. "
    "Give the previous period's values to show growth.",
    "Die Anfrage spricht von Wachstum, aber keine Zahl belegt es: Der Text nennt Stände. Mit den "
    "Werten der Vorperiode ließe sich Wachstum zeigen.",
)
NOT_GROWTH: Phrase = (
    "The request speaks of growth, but the figures show a decline: the text says so.",
    "Die Anfrage spricht von Wachstum, die Zahlen zeigen aber einen Rückgang: Der Text sagt das.",
)
CLAIMED: Phrase = (
    "These figures come from the request and no metric bears them out: {what}. Please check them.",
    "Diese Angaben stammen aus der Anfrage und sind durch keine Kennzahl belegt: {what}. Bitte "
    "prüfen.",
)
UNTOLD: Phrase = (
    "Left out, since the request forbids it: {what}.",
    "Weggelassen, da die Anfrage es verbietet: {what}.",
)
BARE: Phrase = (
    "The text rests on the request alone. It gets better with: {what}.",
    "Der Text beruht allein auf der Anfrage. Besser wird er mit: {what}.",
)
MISSING_PHRASE: Phrase = (
    "{what!r} could not be included: {why}.",
    "„{what}“ konnte nicht aufgenommen werden: {why}.",
)
IS_FORBIDDEN: Phrase = ("the request also forbids it", "die Anfrage verbietet es zugleich")
HAS_NUMBERS: Phrase = (
    "it holds a number, and numbers are forbidden",
    "darin steht eine Zahl, und Zahlen sind verboten",
)
HAS_EMOJI: Phrase = (
    "it holds an emoji, and emojis are forbidden",
    "darin steht ein Emoji, und Emojis sind verboten",
)
NO_ROOM: Phrase = ("the length asked for leaves no room", "die verlangte Länge lässt keinen Platz")
CALL_LEFT_OUT: Phrase = (
    "The call to action {what!r} could not be used: {why}.",
    "Die Handlungsaufforderung „{what}“ konnte nicht verwendet werden: {why}.",
)
SHORTENED: Phrase = (
    "Shortened to keep to the length asked for.",
    "Gekürzt, um die verlangte Länge einzuhalten.",
)
CUT: Phrase = (
    "The length asked for is so small that a sentence had to be cut.",
    "Die verlangte Länge ist so klein, dass ein Satz abgeschnitten wurde.",
)
TOO_LITTLE: Phrase = (
    "The text is shorter than asked for ({what}): more would have to be invented.",
    "Der Text ist kürzer als verlangt ({what}): Mehr wäre erfunden.",
)
FEWER_PARTS: Phrase = (
    "There is enough to say for {have} parts, not for {wanted}.",
    "Es gibt genug zu sagen für {have} Teile, nicht für {wanted}.",
)


def remark(brief: Brief, phrase: Phrase, **values: object) -> str:
    """A remark in the language of the brief."""
    return say(brief.language, phrase, **values)
