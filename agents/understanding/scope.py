"""What is not done here: requests outside the work, requests for harm, and instructions hidden in a
request."""

import re
from dataclasses import dataclass

OFFER = (
    "I can write posts, threads and e-mails, analyse the metrics you give, check a text for "
    "compliance, edit a text, sum up what is known about a market, "
    "or say from your figures what to do first."
)
OFFER_GERMAN = (
    "Ich kann Beiträge, Threads und E-Mails schreiben, die angegebenen Kennzahlen auswerten, "
    "einen Text auf Compliance "
    "prüfen, einen Text überarbeiten, zusammenfassen, was über einen Markt bekannt ist, oder aus "
    "Ihren Zahlen sagen, was zuerst zu tun ist."
)


@dataclass(frozen=True, slots=True)
class _Topic:
    """One kind of request that is declined: how it is recognised and what is said."""

    pattern: re.Pattern[str]
    english: str
    german: str


def _topic(pattern: str, english: str, german: str) -> _Topic:
    return _Topic(re.compile(pattern, re.IGNORECASE), english, german)


# Writing about a harm, or against it, is fine; making it is not.
_ABOUT_IT = re.compile(
    r"\b(?:about|against|prevent\w*|avoid\w*|awareness|protect\w*|detect\w*|fight\w*|stop\w*|"
    r"report\w*|policy|anti|combat\w*|warn\w*|"
    r"recogni[sz]e|spot|über|gegen|schutz|schütz\w*|verhinder\w*|vermeid\w*|erkenn\w*|warn\w*|"
    r"bekämpf\w*|vor)\b(?:(?!\bto\b|\bum\b)[^.!?\n]){0,60}$",
    re.IGNORECASE,
)
_MAKE = (
    r"(?:write|create|make|generate|draft|send|build|design|compose|produce|give|post|share|"
    r"schreibe?n?|erstelle?n?|verfasse?n?|sende?n?|baue?n?|schick\w*)"
)
_HARMFUL = (
    _topic(
        r"\bfake\s(?:\w+\s){0,2}(?:reviews?|testimonials?|ratings?|accounts?|comments?)\b|"
        r"\b(?:gefälschte|erfundene|falsche|fake)[nrs]?[\s-]"
        r"(?:\w+\s)?(?:bewertung|rezension|kundenstimme|testimonial)\w*",
        "I do not write fake reviews or testimonials: they deceive readers and are unlawful in "
        "many places. "
        "I can write a message that asks real customers for a review.",
        "Gefälschte Bewertungen schreibe ich nicht: Sie täuschen Leser und sind vielerorts "
        "verboten. "
        "Ich kann eine Nachricht schreiben, die echte Kunden um eine Bewertung bittet.",
    ),
    _topic(
        rf"\b{_MAKE}\b[^.!?\n]{{0,60}}\b(?:phishing|malware|ransomware|spyware|trojan\w*|"
        rf"keylogger|virus)\b|\b(?:steal|harvest|stehlen?|abgreifen)\b"
        r"[^.!?\n]{0,40}\b(?:passwords?|credentials|card numbers|passwörter|zugangsdaten)\b",
        "I do not help with phishing or malware. I can write a notice that teaches people how "
        "to recognise such attacks.",
        "Bei Phishing oder Schadsoftware helfe ich nicht. Ich kann einen Hinweis schreiben, "
        "wie man solche Angriffe erkennt.",
    ),
    _topic(
        rf"\b(?:{_MAKE}|blast|spam)\b[^.!?\n]{{0,40}}\b(?:spam|"
        rf"unsolicited (?:bulk )?e?-?mails?)\b|\bspam (?:e-?mails?|mails?|campaign|"
        rf"messages?)\b|"
        r"\bspam\s(?:all|every|people|them|everyone|our|the)\b|\bspam-?(?:mails?|kampagne)\b",
        "I do not write spam. I can write a newsletter for people who subscribed to it.",
        "Spam schreibe ich nicht. Ich kann einen Newsletter für Menschen schreiben, die ihn "
        "abonniert haben.",
    ),
    _topic(
        r"\b(?:impersonat\w+|pretend(?:ing)? to be|pos(?:e|ing) as|in the name of|im namen von|"
        r"gib dich als|ausgeben als|"
        r"als wär(?:e|en) (?:ich|wir|sie))\b(?!\s(?:our|the|my|unser\w*|a)\s?(?:company|team|"
        r"brand|founder|ceo|firma|unternehmen))",
        "I do not write in the name of somebody else as if they had written it. I can write it "
        "in your own or your company's name.",
        "Ich schreibe nichts im Namen anderer, als hätten sie es selbst verfasst. Ich kann es "
        "in Ihrem eigenen Namen schreiben.",
    ),
    _topic(
        r"\binsider\s?(?:tips?|info\w*|trading|knowledge|wissen|handel|tipps?)\b|"
        r"\b(?:guarantee\w*|garantiert\w*|risk-?free|risikofrei\w*)\s(?:\w+\s){0,2}"
        r"(?:profits?|returns?|gains?|income|gewinn\w*|rendite\w*|einkommen)\b|"
        r"\b(?:pump and dump|get[- ]rich[- ]quick|ponzi|schneeballsystem)\b",
        "I do not promise guaranteed profits or pass on insider tips: both mislead investors "
        "and are unlawful. "
        "I can write about your results with the numbers you give.",
        "Garantierte Gewinne verspreche ich nicht, und Insidertipps gebe ich nicht weiter: "
        "Beides täuscht Anleger und ist verboten. "
        "Ich kann mit Ihren Zahlen über Ihre Ergebnisse schreiben.",
    ),
    _topic(
        r"\b(?:harass|bully|bullies|threaten|humiliat|defam|slander|smear|insult|dox|beleidig|"
        r"bedroh|verleumd|mobb|belästig|diffamier)\w*|"
        r"\b(?:hateful|racist|sexist|hasserfüllt\w*|rassistisch\w*)\s(?:\w+\s)?(?:post|tweet|"
        r"message|text|email|e-mail|beitrag|nachricht)\b",
        "I do not write texts that attack or threaten people. I can write a fair comparison or "
        "a firm, polite reply.",
        "Texte, die Menschen angreifen oder bedrohen, schreibe ich nicht. Ich kann einen "
        "fairen Vergleich oder eine sachliche Antwort schreiben.",
    ),
)  # fmt: skip
_FOREIGN = (
    _topic(
        r"\b(?:book|reserve|find|cancel|buche?n?|reservier\w*|"
        r"storniere?n?)\b[^.!?\n]{0,40}\b(?:flights?|hotels?|tables?|restaurants?|taxi|train|"
        r"tickets?|"
        r"car rental|rental car|flug|flüge|zimmer|tisch|bahn|fahrkarte\w*)\b",
        "I cannot book anything.", "Buchungen kann ich nicht vornehmen.",
    ),
    _topic(
        r"\b(?:what(?:['\u2019]?s| is| will)?|how(?:['\u2019]?s| is)|tell me|is it|will it|"
        r"wie (?:ist|wird)|check)\b[^.!?\n]{0,40}\b(?:weather|raining|rain|"
        r"(?:high|low|outside) temperature|temperature outside|"
        r"forecast for (?:today|tomorrow)|wetter)\b",
        "I know nothing about the weather.", "Über das Wetter weiß ich nichts.",
    ),
    _topic(
        r"\b(?:homework|hausaufgaben?)\b|\b(?:write|debug|fix|code|implement|create|program|"
        r"schreibe?|programmiere?)\b[^.!?\n]{0,40}\b(?:python|javascript|java|c\+\+|rust|sql|"
        r"script|function|code|algorithm|regex|unit tests?|skript|funktion|"
        r"programm)\b(?!\s(?:of conduct|conference|community|launch|release))",
        "I do not write programs or homework.", "Programme oder Hausaufgaben schreibe ich nicht.",
    ),
    _topic(
        r"\b(?:tell|know|erzähl\w*)\b[^.!?\n]{0,20}\b(?:jokes?|witze?n?)\b|\b(?:recipe|rezept|"
        r"how (?:do|to|can) (?:i |you )?(?:cook|bake))\b|"
        r"\b(?:play|spiele?)\b[^.!?\n]{0,30}\b(?:song|music|playlist|musik|lied)\b|\b(?:set|"
        r"stelle?|start)\b[^.!?\n]{0,20}\b(?:alarm|timer|wecker|reminder)\b|"
        r"\b(?:poem|haiku|song lyrics|bedtime story|gedicht|horoscope|horoskop)\b",
        "That is outside of what I do.", "Das gehört nicht zu dem, was ich kann.",
    ),
    _topic(
        r"\b(?:diagnos\w+ (?:my|me)|symptoms?|medication|prescri\w+|medizinisch\w*|"
        r"symptome?)\b|\bshould i (?:buy|sell|invest)\b|\bsoll ich\b[^.!?\n]{0,30}\b(?:kaufen|"
        r"verkaufen|investieren)\b|"
        r"\b(?:file|do) my (?:tax|taxes)\b|\b(?:my|mein\w*) (?:bank|checking|savings|"
        r"credit card) ?(?:account|balance|konto)?\b|\b(?:transfer|overweis\w*|"
        r"überweis\w*)\s(?:money|\$|\d|geld)",
        "I give no medical, tax or investment advice and handle no accounts.",
        "Ich gebe keine medizinische, Steuer- oder Anlageberatung und verwalte keine Konten.",
    ),
)  # fmt: skip

_TRANSLATION = _topic(
    r"\b(?:translate|translating|übersetze?n?)\b",
    "I cannot translate: no language model is connected.",
    "Übersetzen kann ich nicht: Es ist kein Sprachmodell angeschlossen.",
)

_SINGLE_REPLY = _topic(
    r"(?:^\W*(?:please |bitte )?(?:reply|respond|answer|antworte\w*|beantworte\w*)|"
    r"\b(?:write|draft|create|compose|send|prepare|give|help (?:me )?with|"
    r"schreib\w*|verfass\w*|formulier\w*|erstell\w*)\s(?:me\s|us\s|mir\s|uns\s|bitte\s)?(?:an?|the|my|our|eine|die|unsere)\s"
    r"(?:\w+\s){0,2}(?:reply|response|answer|antwort\w*))\b[^.!?\n]{0,20}?\s?(?:to|auf|an)?\s?"
    r"(?:an?|the|this|that|my|our|one of our|eine[nrms]?|die|den|der|diese[nrms]?|unsere[nrms]?)\s"
    r"(?:[\w-]+\s){0,3}(?:customers?|clients?|users?|complaints?|reviews?|message|inquiry|"
    r"kunden?|kundin|beschwerde|bewertung|nachricht|anfrage|reklamation)\b",
    "I do not answer a single message: only who knows the case can say what is true and what is "
    "offered. I can write an e-mail to all customers about what you name, or polish a reply that "
    "you have drafted.",
    "Eine einzelne Nachricht beantworte ich nicht: Was stimmt und was angeboten wird, weiß nur, "
    "wer den Fall kennt. Ich kann eine E-Mail an alle Kunden zu einem Thema schreiben oder eine "
    "vorbereitete Antwort überarbeiten.",
)

_TO_ALL = (
    r"to (?:everyone|everybody|all (?:channels|users|contacts|customers at once|"
    r"the world))\b"
)
# Whole sentences that try to tell the system how to work …
_INSTRUCTIONS = re.compile(
    r"\b(?:(?:ignore|disregard|forget|override|bypass)\s(?:\w+\s){0,3}(?:instructions?|rules?|"
    r"prompts?|guidelines|polic(?:y|ies)|approval|safeguards?|restrictions?|checks)"
    r"|(?:ignoriere?|vergiss|missachte|umgehe)\s(?:\w+\s){0,3}(?:anweisung\w*|regeln?|"
    r"vorgaben?|freigabe\w*|prüfung\w*)"
    r"|(?:system|developer)\s(?:prompt|message)\s?:?|you are now|from now on,? you|"
    r"du bist (?:jetzt|ab jetzt)"
    r"|(?:reveal|print|show|repeat|zeige?|verrate?)\s(?:\w+\s){0,2}"
    r"(?:system[\s-]prompt|instructions|api keys?|secrets?|passwords?|anweisungen)"
    rf"|(?:publish|post|send)\s(?:it|this|that|them|everything|all)\s(?:\w+\s){{0,3}}{_TO_ALL}"
    r"|(?:call|invoke|execute|run|use)\sthe\s(?:tool|function|command|\w+_publisher)\b"
    r"|auto-?approve|approve (?:it|this|everything) (?:yourself|automatically|immediately))"
    r"[^.!?\n]*+",
    re.IGNORECASE,
)
# … and words in an honest wish that cannot be granted here: people approve, and see who gets it.
_IN_PASSING = re.compile(
    rf"\b{_TO_ALL}"
    r"|\b(?:without|skip(?:ping)?|do not (?:ask|wait) for|don['\u2019]?t (?:ask|wait) for|"
    r"no need for)\s(?:\w+\s){0,3}(?:approval|human review|confirmation|permission)\b"
    r"|\bohne\s(?:\w+\s){0,2}(?:freigabe|genehmigung|rückfrage)\b",
    re.IGNORECASE,
)


def without_instructions(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with instructions to the system blanked out, and those instructions."""
    found: list[str] = []
    for pattern in (_INSTRUCTIONS, _IN_PASSING):
        for match in pattern.finditer(text):
            found.append(match.group().strip())
            text = text[: match.start()] + " " * len(match.group()) + text[match.end() :]
    return text, tuple(found)


def harmful(frame: str, language: str) -> str | None:
    """Why the request is not served, if it asks for harm."""
    for topic in _HARMFUL:
        for match in topic.pattern.finditer(frame):
            if not _ABOUT_IT.search(frame[max(0, match.start() - 90) : match.end()]):
                return topic.german if language == "de" else topic.english
    return None


def foreign(frame: str, language: str, *, is_clear: bool) -> str | None:
    """Why the request is not served, if it asks for something that nothing here does.

    `frame` is the request without its topic: a post about flights books none. A request that
    `is_clear` about what it wants from us is only declined for a translation or a reply to one
    person.
    """
    for topic in (_TRANSLATION, _SINGLE_REPLY, *(() if is_clear else _FOREIGN)):
        if topic.pattern.search(frame):
            return decline(topic.english, topic.german, language)
    return None


def decline(english: str, german: str, language: str) -> str:
    """A refusal that says what can be done instead."""
    return f"{german} {OFFER_GERMAN}" if language == "de" else f"{english} {OFFER}"


def unknown_work(language: str) -> str:
    """The refusal of something that is no work of ours."""
    return decline(
        "That is outside of what I do.", "Das gehört nicht zu dem, was ich kann.", language
    )


_STILL_MISSING = {
    "text": (
        "Without the text there is nothing to work on: send the request again with the text in "
        "quotation marks or in context.text.",
        "Ohne den Text kann ich nicht arbeiten: Senden Sie die Anfrage noch einmal mit dem "
        "Text in Anführungszeichen oder in context.text.",
    ),
    "analysis": (
        "I calculate only with figures that are given: send the request again with "
        "business_metrics.",
        "Ich rechne nur mit angegebenen Zahlen: Senden Sie die Anfrage noch einmal mit "
        "business_metrics.",
    ),
    "topic": (
        "Without a subject I would only make something up: send the request again and say what "
        "it is about.",
        "Ohne Thema müsste ich etwas erfinden: Senden Sie die Anfrage noch einmal und sagen "
        "Sie, worum es geht.",
    ),
}  # fmt: skip


def still_missing(kind: str, language: str) -> str:
    """The refusal when a question was answered and what is essential is still missing."""
    if kind not in _STILL_MISSING:
        return unknown_work(language)
    return _STILL_MISSING[kind][1 if language == "de" else 0]
