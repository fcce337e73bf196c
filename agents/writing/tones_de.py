"""How each tone frames a German text: first lines, greetings, remarks on news."""

from collections.abc import Mapping

Families = Mapping[str, tuple[str, ...]]

# Placeholders as in English.
HOOKS: Mapping[str, Families] = {
    "up": {
        "sober": ("{Figure}{when}. Das sind {change} mehr {than}.", "{S}{when}."),
        "stiff": ("{S}{when}.",),
        "bold": (
            "Plus {percent}{when}: {our} {lies} jetzt bei {now}.",
            "{Figure}{when}, ein Plus von {percent}. Die Richtung ist klar.",
        ),
        "warm": (
            "{Change} mehr {than}: {our} {lies} bei {now}{when}.",
            "Schritt für Schritt, und hier stehen wir: {figure}{when}.",
        ),
        "light": (
            "Es geht nach oben: {np}{when}.",
            "{Figure}{when}? Ja, und das sind {change} mehr {than}.",
        ),
    },
    "bad": {
        "sober": (
            "{S}{when}. Wir sagen es lieber, als es zu verschweigen.",
            "{S}{when}. Das ist nicht die Richtung, die wir wollen.",
        ),
        "stiff": ("{S}{when}. Wir berichten das so offen wie gute Nachrichten.", "{S}{when}."),
        "bold": ("{S}{when}. Das ist so, und wir reden nicht darum herum.",),
        "warm": ("Ganz ehrlich: {s}{when}.", "Nicht jeder Schritt führt nach oben: {s}{when}."),
        "light": ("Ohne Schönfärberei: {np}{when}.", "Manches läuft, das hier lief nicht: {np}."),
    },
    "good_down": {
        "sober": ("{S}{when}, und hier ist weniger besser.", "Weniger ist hier mehr: {np}{when}."),
        "stiff": ("{S}{when}.",),
        "bold": ("{S}{when}. Das ist die richtige Richtung.",),
        "warm": ("Eine Zahl, die wir gern schrumpfen sehen: {np}{when}.",),
        "light": ("Runter damit, und das ist die gute Nachricht: {np}{when}.",),
    },
    "span": {
        "sober": ("{S}{span}.", "Von {first} auf {now}: So hat sich {our}{span} entwickelt."),
        "stiff": ("{S}{span}.",),
        "bold": ("Von {first} auf {now}{span}. Das ist {our}.",),
        "warm": ("Am Anfang waren es {first}, jetzt sind es {now}. Wie ging das?",),
        "light": ("Erst {first}, jetzt {now}. So lief das{span}.",),
    },
    "growth": {
        "sober": ("{Figure}{when}. Was dahinter steht.", "Was heißt {figure}{when} in Zahlen?"),
        "stiff": ("{S}{when}.",),
        "bold": ("{Figure}{when}. Und das sind die Zahlen dahinter.",),
        "warm": ("{Figure}{when}, Schritt für Schritt.",),
        "light": ("{Figure}{when}. Lust auf die Zahlen dahinter?", "{Figure}{when}? Ganz genau."),
    },
    "level": {
        "sober": (
            "{Figure}{when}: Hier stehen wir.",
            "Wo stehen wir{when}? {Figure}.",
        ),
        "stiff": ("{S}{when}.",),
        "bold": ("{Figure}{when}. Das ist die Zahl, die es zu schlagen gilt.",),
        "warm": ("So weit hat uns unser Weg gebracht: {figure}{when}.",),
        "light": ("Frisch vom Dashboard: {figure}{when}.", "{Figure}{when}. Nicht schlecht, oder?"),
    },
    "milestone": {
        "sober": (
            "{Figure}{when}: ein Meilenstein für uns.",
            "Ein Meilenstein für uns: {np}{when}.",
        ),
        "stiff": ("Wir haben einen Meilenstein erreicht: {figure}{when}.",),
        "bold": ("Meilenstein erreicht: {figure}{when}.",),
        "warm": ("{Figure}{when}. Ein Meilenstein, und jeder Schritt dahin war es wert.",),
        "light": ("Meilenstein geknackt: {figure}{when}!",),
    },
    "wordless": {
        "sober": ("{S}.",),
        "stiff": ("{S}.",),
        "bold": ("{S}. Die Richtung ist klar.",),
        "warm": ("{S}. Schritt für Schritt.",),
        "light": ("{S}. Nicht schlecht, oder?",),
    },
    "wordless_topic": {
        "sober": ("Worauf achten wir gerade am meisten? Auf diese Kennzahl: {label}.",),
        "stiff": ("Im Mittelpunkt steht: {label}.",),
        "bold": ("Darauf kommt es uns an: {label}.",),
        "warm": ("Jeder Schritt zählt, auch hier: {label}.",),
        "light": ("Was schauen wir uns gerade an? Ganz klar: {label}.",),
    },
    "pair_good": {
        "sober": ("{Pair}{when}.",),
        "stiff": ("{Pair}{when}.",),
        "bold": ("{Pair}{when}. Die Richtung ist klar.",),
        "warm": ("{Pair}{when}. Danke an alle, die diese Schritte mitgegangen sind.",),
        "light": ("{Pair}{when}. So mögen wir das!",),
    },
    "pair_bad": {
        "sober": ("{Pair}{when}. Wir sagen es lieber, als es zu verschweigen.",),
        "stiff": ("{Pair}{when}.",),
        "bold": ("{Pair}{when}. Das ist so, und wir reden nicht darum herum.",),
        "warm": ("Ganz ehrlich: {pair}{when}.",),
        "light": ("Ohne Schönfärberei: {pair}{when}.",),
    },
    "pair_mixed": {
        "sober": ("{Pair}{when}. Beides gehört ins Bild.",),
        "stiff": ("{Pair}{when}.",),
        "bold": ("{Pair}{when}. Das ist das ganze Bild.",),
        "warm": ("Manches geht nach oben, manches nicht, und wir sagen beides: {pair}{when}.",),
        "light": ("Eins läuft, am anderen arbeiten wir: {pair}{when}.",),
    },
    "pair_levels": {
        "sober": ("{Pair}: Das war {our_when}.", "{Pair}. Was sagt uns das?"),
        "stiff": ("{Pair}: Das sind unsere Zahlen{when}.",),
        "bold": ("{Pair}{when}. Das sind die Zahlen, die es zu schlagen gilt.",),
        "warm": ("{Pair}{when}: Jede dieser Zahlen zählt.",),
        "light": ("Frisch vom Dashboard: {pair}{when}.",),
    },
}
GREETINGS: Mapping[str, tuple[str, str]] = {
    "sober": ("Guten Tag,", "Guten Tag,"),
    "stiff": ("Sehr geehrte Damen und Herren,", "Sehr geehrte Damen und Herren,"),
    "bold": ("Guten Tag,", "Guten Tag,"),
    "warm": ("Hallo zusammen,", "Hallo zusammen,"),
    "light": ("Hallo,", "Hallo,"),
}
SIGN_OFFS = {
    "sober": "Freundliche Grüße\nIhr Team",
    "stiff": "Mit freundlichen Grüßen\nIhr Team",
    "bold": "Freundliche Grüße\nIhr Team",
    "warm": "Herzliche Grüße\nEuer Team",
    "light": "Viele Grüße\nDein Team",
}
NEWS: Families = {
    "sober": ("Was gibt es Neues bei uns? {Topic}.", "Neu bei uns: {topic}."),
    "stiff": ("{Topic}: Das ist neu.", "Unser Thema heute: {topic}."),
    "bold": ("{Topic}. Das ist neu.", "Neu von uns: {topic}."),
    "warm": ("Das möchten wir euch erzählen: {topic}.", "Ein Schritt weiter: {topic}."),
    "light": ("Was gibt es Neues? {Topic}!", "Schon gehört? {Topic}!"),
}
NEWS_OF_QUESTIONS = ("Reden wir darüber, {topic}.",)
NEWS_OF_EVENTS = ("Bitte vormerken: {topic}.", "Zum Vormerken: {topic}.")
NEWS_OF_PLACES: Families = {
    "sober": ("Neu auf unserer Landkarte: {topic}.",),
    "stiff": ("{Topic}: Das ist neu.",),
    "bold": ("{Topic}. Hier findet man uns jetzt.",),
    "warm": ("Unser nächster Schritt: {topic}.",),
    "light": ("Hallo, {place}! Jetzt neu: {topic}.",),
}
NEWS_OF_THINGS: Families = {
    "sober": ("Neu bei uns: {topic}.",),
    "stiff": ("{Topic}: Das ist neu.",),
    "bold": ("Neu von uns: {topic}.",),
    "warm": ("Das möchten wir euch zeigen: {topic}.",),
    "light": ("Schon gesehen? {Topic}!",),
}
NEWS_REMARKS: Mapping[str, tuple[str, ...]] = {
    "jobs": ("{place} gehört damit zu den Orten, an denen man bei uns arbeiten kann.",),
    "support": ("Wer Hilfe braucht, erreicht damit jetzt auch Menschen in {place}.",),
    "office": ("Damit sind wir jetzt auch in {place} zu finden.",),
    "weekend": (
        "Wer an einem Samstag eine Frage hat, muss damit nicht mehr warten.",
        "Fragen, die an einem Samstag aufkommen, müssen damit nicht mehr warten.",
    ),
    "event": ("Wir freuen uns auf alle, die dabei sind.",),
    "partnership": ("Wir freuen uns auf das, was wir gemeinsam vorhaben.",),
    "hire": ("Herzlich willkommen.",),
}
NEWS_FOR = ("Das ist für {audience}.",)
BACKGROUND = ("Es geht um {topic}.",)
AFTER = ("Das ist der Stand {after}.",)
EMOJIS = {
    "growth": "📈",
    "milestone": "🎉",
    "efficiency": "📉",
    "level": "📊",
    "none": "📣",
    "steady": "📊",
    "change": "📊",
    "mixed": "",
    "decline": "",
}
