"""How long a text is by each platform's own count, and where its links, emojis and hashtags are."""

import re
import unicodedata

# twitter-text configuration v3 (config/v3.json in the repository twitter/twitter-text): weight 100
# of scale 100 inside these ranges, 200 outside.
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
URL_WEIGHT = 23  # transformedURLLength: every link becomes one of t.co
EMOJI_WEIGHT = 2  # emojiParsingEnabled: a whole sequence has the default weight

_GENERIC = (
    "com|org|net|edu|gov|mil|int|info|biz|name|pro|mobi|jobs|travel|app|dev|io|ai|co|tv|me|"
    "online|site|store|shop|blog|tech|cloud|agency|company|digital|media|news|page|link|live|"
    "solutions|studio|systems|team|tools|work|works|world|xyz|berlin|hamburg|koeln|wien|london|"
    "software|space|design|events|finance|consulting|academy|social|email|support"
)
_HOST = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)"
_PATH = r"(?:/(?:[\w!*';:=+,.$/%#\[\]\-\u2013~@|&?]|\([^\s()]*\))*)?"
_QUERY = r"(?:\?[\w!*'();:&=+$/%#\[\]\-.,~|@]*)?"
LINK = re.compile(
    r"(?<![\w@$#/.-])(?:"
    rf"https?://{_HOST}{{1,9}}[^\W\d_]{{2,24}}(?::\d{{1,5}})?{_PATH}{_QUERY}"
    # Without a protocol X links generic domains, and country domains below a subdomain or a path.
    rf"|{_HOST}{{1,9}}(?:{_GENERIC})(?![\w-]|\.\w){_PATH}{_QUERY}"
    rf"|{_HOST}{{2,9}}[a-z]{{2}}(?![\w-]|\.\w){_PATH}{_QUERY}"
    rf"|{_HOST}[a-z]{{2}}(?=/){_PATH}{_QUERY}"
    r")",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"\.[^\W\d_]")  # every link has one, and most texts have none
_LINK_END = re.compile(r"[^\w=#/&+)-]+$")

_PICTURE = r"[\u2100-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_ONE = rf"(?:{_PICTURE}|[\u00a9\u00ae](?=\ufe0f))\ufe0f?[\U0001f3fb-\U0001f3ff]?\ufe0f?"
EMOJI = re.compile(
    r"[\U0001f1e6-\U0001f1ff]{2}"
    r"|[0-9#*]\ufe0f?\u20e3"
    rf"|{_ONE}(?:[\U000e0020-\U000e007e]{{1,12}}\U000e007f|(?:\u200d{_ONE}){{0,9}})"
)
PICTURE = re.compile(  # what readers call an emoji; arrows and mathematical signs are none
    r"(?:(?:[\u231a\u231b\u23e9-\u23fa\u25fd\u25fe\u2600-\u27bf\u2b1b\u2b1c\u2b50\u2b55"
    r"\U0001f000-\U0001faff]|[\u00a9\u00ae\u2100-\u2bff\u3030\u303d\u3297\u3299](?=\ufe0f)"
    r"|[0-9#*](?=\ufe0f?\u20e3))[\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*\u200d?)+"
)
HASHTAG = re.compile(r"(?<![\w&/#\uff03])[#\uff03](?=\w*[^\W\d_])\w+")


def links(text: str) -> list[tuple[int, int]]:
    """Where the links of a text are, as X finds them; punctuation after a link is not of it."""
    if not _DOTTED.search(text):
        return []
    found = []
    for match in LINK.finditer(text):
        url = _LINK_END.sub("", match.group())
        while url.endswith(")") and url.count(")") > url.count("("):
            url = _LINK_END.sub("", url[:-1])
        found.append((match.start(), match.start() + len(url)))
    return found


def hashtags(text: str) -> list[str]:
    """The hashtags of a text in their order, each once whatever its case."""
    outside, last = [], 0
    for start, end in links(text):
        outside.append(text[last:start])
        last = end
    outside.append(text[last:])
    tags = (tag for piece in outside for tag in HASHTAG.findall(piece))
    return list({tag.casefold(): tag for tag in reversed(list(tags))}.values())[::-1]


def weight(text: str) -> int:
    """The weighted length of a post on X.

    Source: "Counting characters when composing Tweets" (developer documentation of X) and
    twitter-text's configuration v3: NFC first; code points in 0-4351, 8192-8205, 8208-8223 and
    8242-8247 weigh 1, all others 2; a link weighs 23 whatever its length; an emoji weighs 2
    whatever it is composed of.
    """
    text = unicodedata.normalize("NFC", text)
    total, last = 0, 0
    for start, end in links(text):
        total += _plain_weight(text[last:start]) + URL_WEIGHT
        last = end
    return total + _plain_weight(text[last:])


def utf16_units(text: str) -> int:
    """The length in UTF-16 code units, as JavaScript counts; a lone surrogate is one."""
    return len(text) + sum(character > "\uffff" for character in text)


def _plain_weight(text: str) -> int:
    if text.isascii():
        return len(text)
    total, last = 0, 0
    for emoji in EMOJI.finditer(text):
        total += _sum(text[last : emoji.start()]) + EMOJI_WEIGHT
        last = emoji.end()
    return total + _sum(text[last:])


def _sum(text: str) -> int:
    return sum(1 if _is_light(ord(character)) else 2 for character in text)


def _is_light(code: int) -> bool:
    return any(first <= code <= last for first, last in _LIGHT)
