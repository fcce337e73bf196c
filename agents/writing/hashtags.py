"""Hashtags from the period, the story, the metrics that are told and the topic; none invented."""

import re
from collections.abc import Iterator

from agents.figures.metric_names import word_set, words_of
from agents.understanding.language import filler_words, fold, tokens
from agents.writing.brief import Brief
from agents.writing.guard import forbidden_in, has_numbers
from agents.writing.prose import capital
from agents.writing.story import Story

MOST, MOST_ON_X = 5, 2
LONG_WORD = 6  # letters from which a word is recognised at the beginning of another
LONGEST_TAG = 30  # characters; longer ones nobody reads
_BY_STORY = {
    "growth": ("Growth", "Wachstum"),
    "milestone": ("Milestone", "Meilenstein"),
}
_BY_WORD = {
    "revenue": ("Revenue", "Umsatz"),
    "mrr": ("MRR", "MRR"),
    "arr": ("ARR", "ARR"),
    "conversion": ("ConversionRate", "Konversionsrate"),
    "customer": ("Customers", "Kunden"),
    "customers": ("Customers", "Kunden"),
    "churn": ("CustomerRetention", "Kundenbindung"),
    "retention": ("CustomerRetention", "Kundenbindung"),
    "traffic": ("WebTraffic", "Webseitenbesuche"),
    "profit": ("Profitability", "Profitabilität"),
    "margin": ("Profitability", "Profitabilität"),
    "users": ("Users", "Nutzer"),
    "subscribers": ("Subscribers", "Abonnenten"),
    "leads": ("LeadGeneration", "Leads"),
    "nps": ("CustomerExperience", "Kundenzufriedenheit"),
    "cac": ("UnitEconomics", "UnitEconomics"),
    "ltv": ("UnitEconomics", "UnitEconomics"),
    "employees": ("Team", "Team"),
    "signups": ("SignUps", "Anmeldungen"),
    "costs": ("Costs", "Kosten"),
}
# Only where more hashtags are asked for than the text has subjects.
_GENERAL = (("Business", "Unternehmen"), ("Company", "Firma"), ("Team", "Team"))
_NO_TOPIC = frozenset(
    map(
        fold,
        word_set(
            "metrics metric numbers figures results kpis kennzahlen zahlen post "
            "performance business "
            "company announcement announcing new launch launching how why what that unser unsere "
            "about thread mit für reached linkedin twitter email mail newsletter locker ton "
        ),
    )
)
_GENERAL_SUBJECTS = frozenset(
    map(
        fold,
        word_set(
            "story journey progress achievements achievement success quarter month year team "
            "highlights summary overview milestone milestones economics unit latest recent current "
            "strong key monthly quarterly annual yearly region regions country website site shop "
            "store product online total average rate number count base last previous compared "
            "geschichte erfolg erfolge quartal monat jahr überblick meilenstein letzte letzten "
            "aktuelle aktuellen starke starkes neueste neuesten december january "
            "february march april "
            "june july august september october november dezember januar februar märz "
            "mai juni juli "
            "oktober may after since nach seit joins matters "
            "celebrating celebrate sharing went goes going signups sign-ups ersten "
            "zweiten "
            "dritten vierten month months did does doing over two three four five six "
            "twelve so far zwei drei vier fünf sechs zwölf monaten monate wochen quartalen jahren "
            "sign ups compare compared comparison versus "
        ),
    )
)
_PART = re.compile(r"[^\W_]+(?:[-'\u2019][^\W_]+)*")
_PERIOD_WORD = re.compile(r"^(?:[qh][1-4]|(?:19|20)\d\d|\d+\w*)$", re.IGNORECASE)


def hashtags_of(brief: Brief, story: Story) -> tuple[str, ...]:
    """Up to five hashtags in CamelCase, the most telling first; fewer if that was asked for."""
    demands = brief.demands
    if demands.no_hashtags or demands.max_hashtags == 0 or brief.kind in ("email", "report"):
        return ()
    usual = MOST_ON_X if brief.channels == ("twitter",) else MOST
    most = max(usual, demands.min_hashtags or 0)
    most = most if demands.max_hashtags is None else demands.max_hashtags
    found: dict[str, str] = {}
    for word in _candidates(brief, story):
        _add(found, word, brief)
    for words in _GENERAL:
        if len(found) < (demands.min_hashtags or 0):
            _add(found, words[int(brief.is_german)], brief)
    return tuple(found.values())[: min(most, 30)]


def _add(found: dict[str, str], word: str, brief: Brief) -> None:
    tag = f"#{word}"
    if 2 < len(tag) <= LONGEST_TAG and _may_stand(tag, brief):
        found.setdefault(tag.casefold().removesuffix("s"), tag)


def _may_stand(tag: str, brief: Brief) -> bool:
    if brief.demands.no_numbers and has_numbers(tag.lstrip("#")):
        return False
    return not forbidden_in(tag, brief.demands.must_avoid)


def _candidates(brief: Brief, story: Story) -> Iterator[str]:
    tongue = int(brief.is_german)
    topic = list(_topic_tags(brief))
    if story.points:
        yield from _BY_STORY.get(story.kind, ("", ""))[tongue : tongue + 1]
        yield from _period_tag(brief)
        told = [word for p in story.points[:5] for f in p.facts for word in words_of(f.fact_id)]
        named = list(dict.fromkeys(_BY_WORD[word][tongue] for word in told if word in _BY_WORD))
        yield from named[:2]
        yield from topic[:1]
        yield from _audience_tag(brief)
    else:
        yield from topic[:3]
        yield from _audience_tag(brief)
        yield from _period_tag(brief)


def _period_tag(brief: Brief) -> Iterator[str]:
    period = "".join(brief.period.split())
    match = re.fullmatch(r"(?P<part>[QH][1-4])(?:\d{4})?|(?P<year>FY\d{4})", period)
    if match:
        yield match["part"] or match["year"]  # nobody searches for Q42025


def _audience_tag(brief: Brief) -> Iterator[str]:
    """The readers, where one word names them: engineers, investors."""
    words = [word for word in _PART.findall(brief.demands.audience) if _is_telling(word)]
    yield from (capital(word) for word in words[:1] if word.islower() or brief.is_german)


def _topic_tags(brief: Brief) -> Iterator[str]:
    """The topic's own words: names first, then what is left without filler."""
    runs = list(_runs(brief))
    yield from runs
    words = [word for word in _PART.findall(brief.topic) if _is_telling(word)]
    words = [word for word in words if not any(capital(word) in run for run in runs)]
    names = [word for word in words if word[:1].isupper()]
    for word in (*names, *(word for word in words if word not in names)):
        yield "".join(capital(part) for part in re.split(r"[-'\u2019]", word))


def has_own_subject(topic: str, brief: Brief) -> bool:
    """Whether a topic names something besides metrics, periods and general words."""
    named = {
        fold(word)
        for fact in brief.facts
        for word in (*words_of(fact.fact_id), *fact.label.split())
    }
    return any(
        not _is_of(token.word.replace("-", ""), named)
        and not token.concepts
        and token.word not in _GENERAL_SUBJECTS
        and _is_telling(token.word)
        for token in tokens(topic)
    )


def _is_of(word: str, named: set[str]) -> bool:
    """Whether a word is one of the names, or the beginning of one, as in German compounds."""
    is_long = len(word) >= LONG_WORD
    return word in named or (is_long and any(name.startswith(word) for name in named))


def _runs(brief: Brief) -> Iterator[str]:
    """Telling words that stand side by side, as one tag: "customer service tips"."""
    run: list[str] = []
    for word in (*_PART.findall(brief.topic), ""):
        if word and _is_telling(word):
            run.append(capital(re.sub(r"[-'\u2019]", "", word)))
        elif run:
            if 1 < len(run) < 4 and sum(map(len, run)) < LONGEST_TAG:
                yield "".join(run)
            run = []


def _is_telling(word: str) -> bool:
    folded = fold(word)
    is_verb = len(word) > 5 and word.islower() and word.endswith("ed")
    if (
        is_verb
        or len(word) < 3
        or _PERIOD_WORD.match(word)
        or folded in filler_words() | _NO_TOPIC | _GENERAL_SUBJECTS
    ):
        return False
    is_measured = {"growth", "wachstum", "revenue", "umsatz"}  # said by the story, if it is true
    return not (folded in is_measured or re.search(r"wachstum", folded))
