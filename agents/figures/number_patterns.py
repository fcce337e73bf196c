"""What numbers look like in English and German, and what has digits but claims nothing."""

import re

_MONTHS = (
    "Jan(?:uary|uar)?|Feb(?:ruary|ruar)?|Mar(?:ch)?|März|Apr(?:il)?|May|Mai|June?|Juni|July?|Juli|"
    "Aug(?:ust)?|Sept?(?:ember)?|O[ck]t(?:ober)?|Nov(?:ember)?|De[cz](?:ember)?"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_YEAR = r"(?:19|20)\d\d"
_NO_AMOUNT = r"(?!\d|[.,]\d|\s?%|\s?(?:percent|Prozent)\b|[kKmMbBxX\u00d7]\b)"

# Stretches of text whose digits are no claim about a quantity. Longer readings come first.
# Within a word none can begin, except behind a mark: most places are passed at once.
IGNORED = re.compile(
    r"(?:(?<![^\W\d_])|(?=[#@+]))(?:"
    + "|".join(
        (
            r"(?:https?://|www\.)\S+",
            r"(?<![^\s@])[^\s@]{1,64}+@[^\s@]{1,255}\.\w+",
            r"[#@]\w+",
            r"\+\d[\d\s()-]{8,}\d",  # telephone numbers
            rf"\b{_YEAR}-(?:0[1-9]|1[0-2])(?:-\d\d)?(?:T[\d:.Z+-]+)?\b",
            rf"\b{_YEAR}[\s-]?[QqHh][1-4]\b",
            rf"\b(?:[QqHh][1-4]|FY|[1-4][QH])['\u2019]?(?:[\s/-]*(?:{_YEAR}|['\u2019]?\d\d))?\b{_NO_AMOUNT}",
            r"\b[QqHh][1-4]\b",
            rf"\b{_YEAR}\s?[-\u2013/]\s?(?:{_YEAR}|\d\d)\b{_NO_AMOUNT}",
            r"\b\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})\b",
            rf"\b(?:{_MONTHS})\.?\s{_DAY}(?:st|nd|rd|th)?\b{_NO_AMOUNT}(?:,?\s{_YEAR}\b)?",
            rf"\b{_DAY}(?:st|nd|rd|th|\.)?\s(?:of\s)?(?:{_MONTHS})\b\.?(?:,?\s{_YEAR}\b)?",
            r"\b\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\b\.?)?(?:\sUhr)?",
            r"\b\d{1,2}\s?(?:[ap]\.m\.|[ap]m\b|[AP]M\b|Uhr\b)",
            r"\b24/7(?:/365)?\b|\b360\s?(?:°|-?degrees?\b|-?Grad\b)",
            r"\b\d{1,2}/\d{1,2}\b(?!/)",  # parts of a thread, fractions, days
            r"^[ \t]*\(?\d{1,2}(?:[.)]\s|/(?!\d)|\)\s)",  # list markers
            r"\b\d+(?:st|nd|rd|th)\b|\b\d{1,2}er\b|\b(?:19|20)?\d0s\b",
            r"(?<![\d.,])\d{1,2}\.\s(?=(?:Quartal|Halbjahr|Jahr|Monat|Platz|Rang|Stelle|Mal|Woche|"
            r"Tag)(?:s|es|e|en)?\b)",
            r"\b(?!(?:US|USD|EUR|GBP|CHF)\d)[^\W\d_]+\d\w*(?:\.\d+)*",  # B2B, Web3, v2.1
            rf"\b[A-Za-z]{{2,}}-\d+(?:\.\d+)?\b{_NO_AMOUNT}",  # COVID-19
            r"\b(?:ISO|SOC|GPT|Windows|[Vv]ersion|[Ll]evel|[Tt]ier|[Ss]tep|[Pp]hase|[Pp]art|[Tt]op|"
            r"No\.|Nr\.|[Ss]ection|§|[Aa]rticle|Art\.|[Rr]ule|[Pp]age|[Cc]hapter|[Ss]lide|[Ff]igure|"
            r"Schritt|Teil|Seite|Kapitel|Abschnitt|Regel|Stufe|Fortune|Forbes|iPhone|Gen|Day|Week|Tag|"
            rf"Woche)\s?#?\d+(?:[.:-]\d+)*(?:\s(?:of|von)\s\d+)?\b{_NO_AMOUNT}",
            r"(?<!\w)['\u2019]\d\d\b",  # '24
            r"\b\d+(?:\.\d+){2,}\b(?<!\.\d\d\d)",  # versions and addresses, not 1.234.567
            r"\b\d+(?:D|G|FA|P|p|s|h|min|ms|GB|MB|TB|px|pt|kg|km|cm|mm|°C?)\b",
            r"\b100\s?%\s(?:committed|free|online|remote|focused|transparent|sure|digital|kostenlos)\b",
        )
    )
    + ")",
    re.MULTILINE,
)

YEAR = re.compile(rf"(?<![\d.,$€£%+\u2212-]){_YEAR}(?!\d|[.,]\d)")
YEAR_BEFORE = re.compile(
    r"\b(?:in|since|by|of|for|until|during|year|from|to|vs\.?|than|end|early|late|mid|"
    r"seit|bis|ab|von|Jahre?s?|für|gegenüber)\s$",
    re.IGNORECASE,
)

NUMBER = re.compile(
    r"(?P<sign>(?<![\w%)$€£.,])[+\-\u2212\u2013](?:\s(?=\$))?)?"
    r"(?P<lead>US\$\s?|(?:USD|EUR|GBP|CHF)\s?|[$€£]\s?)?"
    r"(?P<inner>(?<=[$€£])[-\u2212])?"
    r"(?<![\w.,])(?P<digits>\d+(?:[.,'\u2019\u00a0\u202f]\d+)*)"
    r"|(?<![\w.,])(?P<bare>\.\d+)"
)  # fmt: skip

_SPACE = r"[\s\u00a0\u202f-]"
TAIL = re.compile(
    rf"""
    (?P<scale>
        {_SPACE}?(?:thousand|millions?|billions?|trillions?|tausend|millionen|milliarden?|billionen|
            hundred|hundert)\b
        | \s?(?:tsd|mio|mill|mrd)\b\.?
        | (?:k|mm|mn|m|bn|b|t)(?!\w) | \s[kM](?!\w)
    )?
    (?P<plus>\+(?!\d))?
    (?:
        (?P<percent>{_SPACE}?(?:%(?:-Punkte)?|percentage[ -]points?\b|percent\b|per\ cent\b|pct\b
            |pp\b|prozentpunkten?\b|prozentpunkt\b|prozent\b))
      | (?P<bps>\s?(?:bps|basis\ points?)\b)
      | (?P<ratio>\s?\u00d7 | \s?x(?!\w|\s?\d) | -?fold\b | -?fache?[snrm]?\b | (?<=\d):1\b
            | [\s-]times\b(?!\s(?:a|an|per|each|every|daily|this|in)\b)
            | [\s-]?mal\b(?!\s(?:pro|am|im|in)\b))
      | (?P<usd>{_SPACE}?(?:\$(?!\d)|USD\b|US-Dollar\b|US\ dollars?\b|dollars?\b|bucks\b))
      | (?P<eur>{_SPACE}?(?:€|EUR\b|euros?\b))
      | (?P<gbp>{_SPACE}?(?:£|GBP\b|pounds?\b))
      | (?P<chf>{_SPACE}?(?:CHF\b|franken\b))
      | {_SPACE}?(?P<months>months?\b|monate?n?\b)
      | {_SPACE}?(?P<years>years?\b|jahre?n?\b)
      | {_SPACE}?(?P<weeks>weeks?\b|wochen?\b)
      | {_SPACE}?(?P<days>days?\b|tage?n?\b)
    )?
    (?P<more>\+(?!\d))?
    """,
    re.IGNORECASE | re.VERBOSE,
)

SCALES = {
    "hundred": 1e2, "hundert": 1e2,
    "k": 1e3, "thousand": 1e3, "tausend": 1e3, "tsd": 1e3,
    "m": 1e6, "mm": 1e6, "mn": 1e6, "million": 1e6, "millionen": 1e6, "mio": 1e6, "mill": 1e6,
    "b": 1e9, "bn": 1e9, "billion": 1e9, "mrd": 1e9, "milliarde": 1e9, "milliarden": 1e9,
    "t": 1e12, "trillion": 1e12, "billionen": 1e12,
}  # fmt: skip

_PLAIN_WORD = (
    r"(?!(?:and|or|as|in|for|with|from|our|to|of|at|by|is|are|was|were|while|when|per|the|"
    r"und|oder|als|für|mit|von|aus|unsere?|bei|ist|sind|war|waren|pro|die|der|das|je)\b)[^\W\d_]+"
)
COUNTED = re.compile(
    rf"[\s-](?:{_PLAIN_WORD}\s){{0,2}}?(?:customers?|clients?|users?|visits?|visitors?|sessions?|"
    r"conversions?|leads?|orders?|sign-?ups?|subscribers?|followers?|employees|people|accounts?|"
    r"companies|members?|downloads?|clicks?|impressions?|deals?|purchases|sales\b|Kunden|Kundinnen|"
    r"Nutzer(?:n|innen)?|Besuchen?|Besucher(?:n|innen)?|Konversionen|Abschlüssen?|Bestellungen|"
    r"Abonnenten|Mitarbeiter(?:n|innen)?|Menschen|Unternehmen|Klicks|Anmeldungen|Käufen?)\b",
    re.IGNORECASE,
)
LISTED = re.compile(
    rf"[\s-](?:{_PLAIN_WORD}\s)?(?:things?|lessons?|tips?|ways?|reasons?|takeaways?|steps?|points?|"
    r"questions?|facts?|numbers?|metrics?|figures?|insights?|key|parts?|ideas?|minutes?|seconds?|"
    r"mins?|min|Dingen?|Tipps?|Gründen?|Schritten?|Fragen?|Erkenntnissen?|Punkten?|Zahlen|Kennzahlen|"
    r"Wegen?|Minuten?|Sekunden?|Lektionen|Teilen?)\b",
    re.IGNORECASE,
)
PERIOD_BEFORE = re.compile(
    r"\b(?:last|past|next|previous|first|every|coming|these|trailing|over|within|"
    r"letzten|vergangenen|nächsten|ersten|kommenden|alle|innerhalb von|binnen)\s$",
    re.IGNORECASE,
)

OVER = re.compile(
    r"(?:\b(?:over|more than|above|exceed(?:s|ed|ing)?|at least|surpass(?:ed|es|ing)?|north of|"
    r"mehr als|über|mindestens)\s|>\s?)$",
    re.IGNORECASE,
)
UNDER = re.compile(
    r"(?:\b(?:under|less than|below|fewer than|at most|almost|nearly|close to|"
    r"unter|weniger als|fast|knapp|höchstens|beinahe)\s|<\s?)$",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"(?:\b(?:about|around|approximately|roughly|some|circa|etwa|rund|ungefähr)\s|"
    r"\b(?:approx|ca)\.\s?|[~≈]\s?)$",
    re.IGNORECASE,
)

DIRECTION = re.compile(
    r"\b(?:(?P<down>down|fell|fall(?:en|s|ing)?|declin\w+|decreas\w+|drop(?:s|ped|ping)?|lost|loss|"
    r"lower|less|fewer|shrank|shr[iu]nk\w*|slid|reduc\w+|cut|minus|negative|gesunken|sank|sinkt|sanken|"
    r"fiel(?:en)?|gefallen|Rückgang|Verlust|weniger|niedriger|abgenommen|verringer\w*|reduzier\w*)|"
    r"(?P<up>up|grew|grow\w*|ris(?:e|en|es|ing)|rose|increas\w+|gain\w*|climb\w*|higher|more|jump\w*|"
    r"plus|gestiegen|steig\w*|stieg(?:en)?|Wachstum|wuchs(?:en)?|gewachsen|Zuwachs|mehr|höher\w*|Anstieg))\b",
    re.IGNORECASE,
)
NEXT_DIRECTION = re.compile(
    r"\s(?:(?P<down>below|lower|less|fewer|behind|decline|decrease|drop|fall|loss|reduction|under|"
    r"unter|weniger|niedriger|Rückgang|Verlust)|"
    r"(?P<up>above|higher|more|ahead|growth|increase|gain|rise|über|mehr|höher|Wachstum|Zuwachs))\b",
    re.IGNORECASE,
)
LEVEL_BEFORE = re.compile(
    r"\b(?:to|at|from|of|is|was|auf|bei|von|ist|war|beträgt)\s(?:\w+\s)?$", re.I
)
GROWTH_OF = re.compile(
    r"\b(?:growth|gain|increase|rise|decline|drop|loss|decrease|fall|change)\s(?:rate\s)?of\s(?:\w+\s)?$|"
    r"\b(?:Wachstum|Anstieg|Rückgang|Zuwachs|Verlust|Plus|Minus|Änderung)\svon\s(?:\w+\s)?$",
    re.I,
)
ONE_IN_FIVE = re.compile(
    r"\b(?P<part>\d|[^\W\d_]{3,6}) (?:in|out of|von) (?:every |je )?"
    r"(?P<whole>\d{1,2}|[^\W\d_]{3,6})\b(?!\s(?:months?|days?|weeks?|years?|Monaten|Tagen)|[.,]\d|%)"
)
RANGE_BETWEEN = re.compile(r"\s?(?:-|\u2013|—|to|bis)\s?|\s(?:and|und)\s", re.IGNORECASE)

# Phrases that stand for a number: (pattern, value, unit guess).
PHRASES: tuple[tuple[re.Pattern[str], float, str], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})", re.IGNORECASE), value, unit)
    for pattern, value, unit in (
        (r"half a million\b|eine halbe Million\b", 5e5, "number"),
        (
            r"doubl(?:ed|es|ing)\b(?!\sdown)|verdoppel\w+|twofold\b|doppelt so\b|das Doppelte\b|"
            r"(?:double|twice)(?=\s(?:the|our|their|its|last|as)\b)",
            2.0,
            "ratio",
        ),
        (
            r"tripl(?:ed|es|ing)\b|threefold\b|verdreifach\w+|triple(?=\s(?:the|our)\b)",
            3.0,
            "ratio",
        ),
        (r"quadrupl(?:ed|es|ing)\b|vervierfach\w+", 4.0, "ratio"),
        (r"tenfold\b|verzehnfach\w+", 10.0, "ratio"),
        (
            r"halved\b|halbier\w+|(?:die|der) Hälfte\b|(?<=by )half\b|"
            r"half(?=\s(?:of|our|their|all)\b)(?!\sof (?:the )?(?:year|month|battle|day|20\d\d))",
            0.5,
            "ratio",
        ),
        (r"two[ -]thirds\b|zwei Drittel\b", 2 / 3, "ratio"),
        (
            # "a third site" is the next after the second, no share.
            r"(?:a|one)[ -]third(?=\s(?:of|more|less|fewer|higher|lower)\b|\s*(?:[.,;:!?)]|$))"
            r"|ein Drittel\b",
            1 / 3,
            "ratio",
        ),
        (r"three[ -]quarters of\b|drei Viertel\b", 0.75, "ratio"),
        (r"(?:a|one)[ -]quarter of\b(?!\sgrowth)|ein Viertel\b", 0.25, "ratio"),
    )
)


def _words(text: str) -> list[str]:
    return text.split()


_EN_SMALL = _words(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_EN_TENS = _words("twenty thirty forty fifty sixty seventy eighty ninety")
_DE_SMALL = _words(
    "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn "
    "sechzehn siebzehn achtzehn neunzehn"
)
_DE_TENS = _words("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")


def _english() -> dict[str, int]:
    words = {word: n for n, word in enumerate(_EN_SMALL, 1)}
    for tens, word in enumerate(_EN_TENS, 2):
        words[word] = 10 * tens
        words |= {f"{word}-{small}": 10 * tens + n for n, small in enumerate(_EN_SMALL[:9], 1)}
    return words


def _german() -> dict[str, int]:
    words = {word: n for n, word in enumerate(_DE_SMALL, 1)} | {"ein": 1, "eine": 1, "einem": 1}
    stems = ["ein", *_DE_SMALL[1:9]]
    for tens, word in enumerate(_DE_TENS, 2):
        words[word] = 10 * tens
        words |= {f"{stem}und{word}": 10 * tens + n for n, stem in enumerate(stems, 1)}
    words |= {f"{stem}hundert": 100 * n for n, stem in enumerate(stems, 1)}
    return words


WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
WORD_VALUES = {"en": _english(), "de": _german()}
