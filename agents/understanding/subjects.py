"""What a request says it is about, and for whom it is to be written."""

import re

_ABOUT = "about|abuot|abotu|aobut|baout|abou|aboutt|abaut|abbout|ueber|übre"  # and its usual slips
# Up to the end of the sentence; a point in "Dr. Meyer", "acme.com" or "2.5" does not end one.
_SENTENCE = r"(?:[^.!?;\n]|(?<=\bDr)\.|(?<=\bProf)\.|(?<=\bMr)\.|(?<=\bMs)\.|(?<=\bSt)\.|\.(?=\w))"
_TOPIC = re.compile(
    rf"\b(?:{_ABOUT}|regarding|concerning|covering|announcing|celebrating|on the topic of|"
    r"on(?=\s(?:our|how|the|why|my)\b)|"
    r"über|zum thema|zu unsere[mnr]|zu den|(?<!vergleich )zu[mr](?!\s(?:vor|letzten|ersten|"
    r"vergleich))|bezüglich|rund um)\s++"
    rf"(?P<topic>{_SENTENCE}{{2,300}})",
    re.IGNORECASE,
)
_TOPIC_STOPS = (
    r"\s(?:in an? [\w-]{3,20}(?: and [\w-]{3,20})? (?:tone|style|voice)|in (?:english|"
    r"german)|auf (?:deutsch|englisch)|"
    r"(?:for|on|to|für|auf|via|als) (?:linkedin|twitter|x|e-?mail)\b|"
    r"(?:with|mit)\s(?:[\w-]+\s){0,3}(?:tone|style|voice|ton|stil|charts?|graphs?|diagramm\w*|"
    r"hashtags?|emojis?|numbers|figures|metrics|data|zahlen|kennzahlen|call|cta|hook|link|title|"
    r"subject|betreff|handlungsaufforderung|words|wörtern|characters|zeichen|tweets|parts|teilen)\b|"
    r"(?:without|ohne|but|aber|"
    r"in (?:under|at most|less than|max)|max(?:imal)?|no more than|please|bitte|ignore|"
    r"disregard)\b|and (?:ignore|don['\u2019]?t|"
    r"do not|list|show|keep|make|include|mention|use|add|publish|post|share|then)\b|"
    r"(?:and|und|plus|as well as|sowie) (?:an?|one|another|eine?n?|noch eine?n?) (?:\w+ )?"
    r"(?:e-?mail|newsletter|tweet|thread|x|linkedin|post|beitrag)\b|"
    r"und (?:dabei|liste|zeige|erwähne|nutze|halte|nenne)\b|"
    r"(?:schreiben|erstellen|verfassen|machen|posten|generieren)(?=\s*(?:$|,))|[-\u2013—(]\s)"
)
_TOPIC_END = re.compile(rf",\s|{_TOPIC_STOPS}", re.IGNORECASE)
_OUTRIGHT_END = re.compile(_TOPIC_STOPS, re.IGNORECASE)  # news may hold commas
_PLACE = (  # "for a LinkedIn post" says where it goes, not what it is about
    r"(?:an?|our|the|my|unsere[nrm]?|den|die|das|eine?n?)\s"
    r"(?:(?:linkedin|twitter|x)(?:[- ](?:post|beitrag|thread|update|channel|kanal|seite|page))?|"
    r"posts?|beitrag|tweet|thread|(?:e-?mail[- ])?newsletter|e-?mail)"
    r"(?=\s*(?:$|[.,;:!?\n])|\s(?:about|on|in|with|and|über|zu|im|mit|und)\b)"
)
_SUBJECT = re.compile(
    r"\b(?:announce|celebrate|promote|introduce|present|share|verkünde|feiere|bewirb|"
    r"präsentiere)\s++"
    rf"(?P<topic>(?!this\b|it\b|the following){_SENTENCE}{{3,300}})|"
    rf"\b(?:for|für)\s(?!{_PLACE})(?P<event>(?:our|the|my|an?(?!\s(?:linkedin|general|wide|business))|"
    r"unsere[nrm]?|den|die|das|eine?n?)\s[^.!?;\n]{3,200})|"
    r"(?:post|thread|tweet|e-?mail|newsletter|beitrag|announcement|ankündigung|update)"
    r"(?:\s(?:to|for|on|an|für|auf)\s[^:.!?\n]{1,40})?\s?:\s*+(?P<rest>[^\n]{8,400})|"
    r"\b(?:tell|inform|let|e-?mail|notify|remind|message|sage?|informiere?|schreibe?|teile?)\s"
    r"(?:bitte\s)?(?:our|all|the|my|unsere[nr]?|alle[nr]?|den|die|meinen)\s(?:[\w-]{3,20}\s?){1,2}"
    r"(?:know\b|mit\b)?(?:,?\s?(?:that|dass|about|darüber, dass)\s|\s?:\s*+)"
    r"(?P<told>[^\n]{8,400})",
    re.IGNORECASE,
)
# Sentences and clauses that say how it is to be written, and so are no part of what it is about.
_MANNER = (
    r"(?:please |bitte )?(?:(?:and |but |und |aber )?(?:please |bitte )?(?:keep|make it|make the|"
    r"end|close|finish|use|write it|be|no|don['\u2019]?t|do not|without|"
    r"add|include|mention|avoid|not|never|ohne|"
    r"keine?|halte|nutze|verwende|vermeide|nenne|erwähne|nicht|max(?:imal|imum)?|at most|"
    r"höchstens|in under|sign|ask|invite|lade|schreib es|mach es|link|publish|send it)\b|"
    r"(?:the )?(?:tone|style|tonfall|ton|stil|audience|target group|zielgruppe|cta|"
    r"call[- ]to[- ]action|hashtags?|emojis?|länge|length|language|sprache|deadline|format)\b|"
    r"(?:sehr |eher |very |rather |bitte )?[\w-]+(?: (?:und|and) [\w-]+)? "
    r"(?:im ton|in tone|im stil|tone|tonfall|ton|style)\b|"
    r"(?:in|im) (?:an? |einem )?[\w-]+ (?:tone|style|ton|stil)\b|"
    r"(?:locker|förmlich|formell|formal|casual|sachlich|freundlich|friendly|kurz|short|knapp|witzig|"
    r"seriös|professional|professionell|ausführlich)(?:,| und | and |\s*[.!]|\s*$))"
)
_MANNER_NEXT = re.compile(rf"(?:[.!?;]|,)\s+(?={_MANNER})", re.IGNORECASE)
_LEADING = re.compile(r"(?:that|dass|the fact that)\s", re.IGNORECASE)
_TRAILING = re.compile(
    r"(?:[^\w)%$€\"'”“]|\b(?:and|und|or|oder|but|aber|then|in|im|mit|with))+$", re.IGNORECASE
)
_AUDIENCE = re.compile(
    r"\b(?:(?:for|to|an|für)\s(?:all\s|alle\s)?(?:our|the|my|unsere[nr]?|die|"
    r"meine)?\s?|"
    r"(?:tell|inform|e-?mail|notify|remind|message|schreibe?|sage?|schicke?|sende?|informiere?|"
    r"teile?)\s(?:bitte\s)?(?:(?:our|all|the|my|unsere[nr]?|alle[nr]?|den|die|meinen)\s){1,2})"
    r"(?P<who>(?:[\w-]{3,20}\s)?(?:customers|clients|investors|"
    r"shareholders|employees|staff|team|partners|subscribers|followers|users|leads|prospects|"
    r"board|kunden|kundinnen|"
    r"investoren|aktionäre|mitarbeiter|mitarbeitenden|belegschaft|partner|abonnenten|nutzer|"
    r"team|vorstand))\b"
    r"|\b(?:target )?(?:audience|zielgruppe|target group)\s?(?::|is|are|ist|sind)\s*+"
    r"(?P<named>[^.!?;\n]{2,80})",
    re.IGNORECASE,
)
_READER = re.compile(
    r"\s(?:to|an)\s(?:(?:our|the|all|unsere|die|alle)\s)?(?:customers|clients|investors|"
    r"shareholders|employees|partners|subscribers|users|kunden|investoren|mitarbeiter|partner|"
    r"nutzer)$",
    re.IGNORECASE,
)


def topic(frame: str) -> tuple[int, int]:
    """Where the text says what it is about; (0, 0) if nowhere."""
    for pattern in (_TOPIC, _SUBJECT):
        match = pattern.search(frame)
        if match is None:
            continue
        is_said_outright = match.lastgroup in ("rest", "told")
        if not is_said_outright and _AUDIENCE.match(frame, match.start()):
            continue
        start, end = match.span(match.lastgroup or 0)
        stops = (_OUTRIGHT_END, _MANNER_NEXT) if is_said_outright else (_TOPIC_END, _MANNER_NEXT)
        found = [stop.start() for pattern in stops if (stop := pattern.search(frame, start, end))]
        end = min(found, default=end)
        end = start + len(_TRAILING.sub("", frame[start:end]))
        reader = _READER.search(frame, start, end)
        end = reader.start() if reader else end
        lead = _LEADING.match(frame, start, end)
        start = lead.end() if lead else start
        if frame[start:end].strip():
            return start, end
    return 0, 0


def audience(frame: str) -> tuple[str, tuple[int, int]]:
    """For whom it is written, and where the text says so."""
    found = list(_AUDIENCE.finditer(frame))
    match = next((m for m in found if m["named"]), found[0] if found else None)
    if match is None:
        return "", (0, 0)
    return (match["who"] or match["named"]).strip(), match.span()
