"""Sentences about ratios, unit economics and comparisons with earlier years, and what is missing
for a figure that was asked for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.figures.facts import Fact
from agents.figures.formulas import missing_roles
from agents.figures.metric_names import is_german
from agents.figures.metric_notes import Phrase, is_about, say
from agents.figures.named_formulas import FORMULAS, ROLES, role_name
from agents.figures.numbers import write

_ID = re.compile(r"[^\W\d][\w.-]*(?:\[[^\]]+\])?")


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence: its weight, its text, and the facts that it rests on."""

    weight: float
    text: str
    facts: tuple[Fact, ...]


# By the end of the fact's id: the weight, and the sentence with the facts of its formula in order.
_SENTENCES: tuple[tuple[str, float, Phrase], ...] = (
    (
        "ltv_cac_ratio", 2.68,
        ("The customer lifetime value of {0} is {now} the customer acquisition cost of {1}.",
         "Der Kundenwert von {0} ist das {times}fache der Kosten je Neukunde von {1}."),
    ),
    (
        "cac_payback_on_margin_months", 2.66,
        ("The customer acquisition cost of {0} is paid back in {now}, at a revenue per customer of "
         "{1} and a gross margin of {2}.",
         "Die Kosten je Neukunde von {0} sind in {now_dative} verdient, bei einem Umsatz je Kunde "
         "von {1} und einer Bruttomarge von {2}."),
    ),
    (
        "runway_months", 2.68,
        ("The runway is {now}: cash of {0} at a monthly burn of {1}.",
         "Die Mittel reichen {now}: {0} bei einem monatlichen Mittelabfluss von {1}."),
    ),
    (
        "customer_lifetime_months", 1.45,
        ("At a churn rate of {0}, a customer stays {now} on average.",
         "Bei einer Abwanderungsrate von {0} bleibt ein Kunde im Mittel {now}."),
    ),
    (
        "break_even_count", 2.67,
        ("Break-even is at {now} units: {0} of fixed costs against a contribution of {1} per unit.",
         "Der Break-even liegt bei {now} Stück: {0} Fixkosten gegen einen Deckungsbeitrag von {1} "
         "je Stück."),
    ),
    (
        "break_even_revenue", 2.65,
        ("In revenue, break-even is at {now}, at a contribution margin of {1}.",
         "Als Umsatz liegt der Break-even bei {now}, bei einer Deckungsbeitragsquote von {1}."),
    ),
    (
        "net_revenue_retention", 2.6,
        ("Net revenue retention is {now}.", "Die Nettoumsatzbindung beträgt {now}."),
    ),
    (
        "gross_revenue_retention", 2.55,
        ("Gross revenue retention is {now}.", "Die Bruttoumsatzbindung beträgt {now}."),
    ),
    (
        "quick_ratio", 2.5,
        ("The quick ratio of recurring revenue is {now}.",
         "Der Quick Ratio des wiederkehrenden Umsatzes beträgt {now}."),
    ),
    (
        "_yoy_change_percent", 2.95,
        ("At {0}, {label} came in {size} {side} the same period last year ({1}).",
         "{Label}: {0}, das sind {size} {side} im Vorjahreszeitraum ({1})."),
    ),
    (
        "_ytd_change_percent", 2.9,
        ("For the year so far, the total of {label} is {0}, {size} {side} the same part of the "
         "year before ({1}).",
         "Im Jahr bisher ergibt sich ({label}) {0}, {size} {side} im selben Teil des Vorjahres "
         "({1})."),
    ),
    (
        "_ytd", 1.7,
        ("For the year so far, the total of {label} is {now}.",
         "Im Jahr bisher ergibt sich ({label}) {now}."),
    ),
    (
        "_cagr", 2.62,
        ("Over whole years, {label} changed by {now} a year on average, compounded.",
         "Über ganze Jahre ({label}): im Mittel {now} im Jahr."),
    ),
)  # fmt: skip

_ON_YEARS: tuple[tuple[str, re.Pattern[str], Phrase], ...] = (
    (
        "_ytd_change_percent",
        re.compile(r"\byear[- ]to[- ]date\b|\bytd\b|\byear so far\b|\bim jahr bisher\b|"
                   r"\bseit jahresbeginn\b|\bkumuliert\b", re.IGNORECASE),
        ("The year so far could not be compared with the same part of the year before: not all of "
         "its values are there.",
         "Das Jahr bisher ließ sich nicht mit demselben Teil des Vorjahres vergleichen: Es fehlen "
         "Werte dafür."),
    ),
    (
        "_yoy_change",
        re.compile(r"\bsame (?:month|quarter|period)\b|\byear[- ](?:over|on)[- ]year\b|\byoy\b|"
                   r"\bvorjahr\w*", re.IGNORECASE),
        ("There is no value for the same period last year to compare with.",
         "Es gibt keinen Wert für den Vorjahreszeitraum zum Vergleich."),
    ),
)  # fmt: skip
_NAMED = re.compile(
    r"\bunit economics\b|\bst[üu]ckökonomie\b|\b(?:cac|c?ltv|clv|nrr|grr)\b|\blifetime value\b|"
    r"\bacquisition costs?\b|\bpay-?back\b|\brunway\b|\bbreak[- ]?even\b|\bcontribution margin\b|"
    r"\bkundenwert\b|\bdeckungsbeitr\w+|\bgewinnschwelle\b",
    re.IGNORECASE,
)
_SIDES = {True: ("above", "mehr als"), False: ("below", "weniger als")}
_NOT_COMPUTED: Phrase = (
    "Not computed for want of inputs: {what}.",
    "Mangels Angaben nicht berechnet: {what}.",
)
_NEEDS: Phrase = ("{label} (give {names})", "{label} (es fehlt {names})")

# What is asked for by which words; "unit economics" asks for the first five.
_ASKED: tuple[tuple[str, str], ...] = (
    ("cac", r"\bcac\b|acquisition costs?|kosten je neukunde|akquisekosten"),
    ("ltv", r"\b(?:c?ltv|clv)\b|lifetime value|kundenwert"),
    ("ltv_cac_ratio", r"\bltv\s?[/:]\s?cac\b|\bltv[ -]to[ -]cac\b"),
    ("cac_payback_on_margin_months", r"\bpay-?back\b|amortis\w+"),
    ("customer_lifetime_months", r"\b(?:customer )?lifetime\b(?! value)|kundendauer"),
    ("runway_months", r"\brunway\b|reichweite der mittel|reicht (?:das|unser) geld"),
    ("break_even_count", r"\bbreak[- ]?even\b|gewinnschwelle"),
    ("contribution_margin", r"\bcontribution(?: margin)?\b|deckungsbeitr\w+"),
    ("net_revenue_retention", r"\bnrr\b|net revenue retention|nettoumsatzbindung"),
    ("gross_revenue_retention", r"\bgrr\b|gross revenue retention"),
    ("quick_ratio", r"\bquick ratio\b"),
    ("gross_margin", r"\bgross margin\b|bruttomarge"),
    ("churn_rate", r"\bchurn\b|abwanderung"),
)
_PATTERNS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _ASKED)
_UNIT_ECONOMICS = re.compile(r"\bunit economics\b|\bst[üu]ckökonomie\b", re.IGNORECASE)
_MAIN = 5
_SAME = {"gross_margin": ("gross_margin_monthly",), "cac_payback_on_margin_months": (
    "payback_months",)}  # fmt: skip


def names_economics(request: str) -> bool:
    """Whether a figure is named that is computed from others rather than given."""
    return bool(_NAMED.search(request))


def without_earlier_years(request: str, facts: Sequence[Fact], language: str) -> Iterator[str]:
    """Remarks on comparisons with earlier years that were asked for and cannot be had."""
    for part, pattern, phrase in _ON_YEARS:
        if pattern.search(request) and not any(part in fact.fact_id for fact in facts):
            yield say(language, phrase)


def told_of(by_id: Mapping[str, Fact], language: str, request: str = "") -> Iterator[Told]:
    """A sentence for each ratio and comparison that is best told with what it rests on."""
    asked = [part for part, pattern, _ in _ON_YEARS if pattern.search(request)]
    is_economics = names_economics(request)
    for fact in by_id.values():
        if fact.kind != "derived":
            continue
        for end, weight, phrase in _SENTENCES:
            is_it = fact.fact_id == end or (end.startswith("_") and fact.fact_id.endswith(end))
            used = [by_id[name] for name in _ID.findall(fact.source) if name in by_id]
            used = [one for one in dict.fromkeys(used) if one is not fact]
            if is_it and used and f"{fact.fact_id}_change_percent" not in by_id:
                is_asked = any(one.startswith(end) or end.startswith(one) for one in asked)
                is_asked = is_asked or (is_economics and not end.startswith("_"))
                more = 2.0 if is_asked else 0.0
                text = _said(fact, used, phrase, by_id, language)
                yield Told(weight + more, text, (fact, *used))


def _said(
    fact: Fact, used: Sequence[Fact], phrase: Phrase, by_id: Mapping[str, Fact], language: str
) -> str:
    metric = by_id.get(re.sub(r"_(?:yoy|ytd)_change_percent$|_cagr$|_ytd$", "", fact.fact_id), fact)
    tongue = int(is_german(language))
    months = fact.text.replace("Monate", "Monaten") if tongue else fact.text
    return say(
        language,
        phrase,
        *(one.text for one in used),
        now=fact.text,
        times=fact.text.rstrip("\u00d7"),
        now_dative=months,
        label=metric.label,
        Label=metric.label[:1].upper() + metric.label[1:],
        size=write(abs(fact.value), fact.unit, language),
        side=_SIDES[fact.value >= 0][tongue],
    )


def missing(request: str, wanted: Sequence[str], facts: Sequence[Fact], language: str) -> str:
    """One remark on the figures that were asked for and what they lack; empty for none."""
    known = [fact.fact_id for fact in facts]
    asked = [name for name, pattern in _PATTERNS if pattern.search(request)]
    if _UNIT_ECONOMICS.search(request):
        asked = [*(name for name, _ in _ASKED[:_MAIN]), *asked]
    for name, _ in _ASKED:
        if name in wanted:
            asked.append(name)
    roles = {
        name: missing_roles(name, known)
        for name in dict.fromkeys(asked)
        if not _is_there(name, known, facts)
    }
    lacking = [
        say(language, _NEEDS, label=_label(name, language), names=", ".join(map(role_name, needed)))
        for name, every in roles.items()
        if (needed := [role for role in every if roles.keys().isdisjoint(ROLES[role])])
    ]
    return say(language, _NOT_COMPUTED, what="; ".join(lacking)) if lacking else ""


def _label(name: str, language: str) -> str:
    labels = next(one.labels for one in FORMULAS if one.fact_id == name)
    return labels[int(is_german(language))]


def _is_there(name: str, known: Sequence[str], facts: Sequence[Fact]) -> bool:
    is_computed = any(one in known for one in (name, *_SAME.get(name, ())))
    return is_computed or _is_given(name, facts)


def _is_given(name: str, facts: Sequence[Fact]) -> bool:
    return any(fact.kind == "given" and is_about(fact, name) for fact in facts)
