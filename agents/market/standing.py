"""Who stands where at the latest time: rank, share, concentration, gaps, price position."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from agents.figures.chart import bar_chart_svg
from agents.figures.facts import Fact, Unit
from agents.figures.metric_names import MONEY, word_set, words_of
from agents.figures.metric_notes import Phrase
from agents.figures.numbers import write
from agents.figures.period_keys import period_number
from agents.market.observations import Observation
from agents.market.telling import Findings, capital, listed, slug

MOST_SHOWN = 8
CONCENTRATED = 1_800  # US Merger Guidelines (2023), Guideline 1: highly concentrated above
_PRICES = word_set("price preis prices preise fee gebühr tarif abo rate_card listenpreis")
_PER_PIECE = word_set("arpu aov cac ltv clv per je pro average avg durchschnitt salary gehalt")
_SUMS = word_set("revenue customers users units orders visits traffic employees sales absatz")
_RANKED: Phrase = (
    "{Label}{when}, highest first: {list}.",
    "{Label}{when}, vom höchsten Wert an: {list}.",
)
_OUR_RANK: Phrase = (
    "By {label} we rank number {rank} among {field} companies, highest first.",
    "Nach {label} liegen wir auf Rang {rank} unter {field} Unternehmen, vom höchsten Wert an.",
)
_OUR_GAP: Phrase = (
    "{Label}: ours of {own} is {gap} {side} the median of {median}.",
    "{Label}: Unser Wert von {own} liegt {gap} {side} dem Median von {median}.",
)
_AT_MEDIAN: Phrase = (
    "{Label}: ours of {own} is the median of all.",
    "{Label}: Unser Wert von {own} ist der Median aller.",
)
_TO_BEST: Phrase = (
    "{Label}: {name}, the highest with {best}, is {gap} above us.",
    "{Label}: {name}, der höchste Wert mit {best}, liegt {gap} über uns.",
)
_LEADER: Phrase = (
    "{name} is {gap} above the median of {median}.",
    "{name} liegt {gap} über dem Median von {median}.",
)
_SHARE: Phrase = (
    "Of all {label} in these data {name} holds {share}.",
    "Von {label} in diesen Daten entfallen {share} auf {name}.",
)
_OUR_SHARE: Phrase = (
    "Our share of all {label} in these data is {share}.",
    "Unser Anteil an {label} in diesen Daten beträgt {share}.",
)
_HHI: Phrase = (
    "The concentration by {label} (HHI) is {hhi}, {side} the mark of {mark} from which the US "
    "Merger Guidelines speak of a highly concentrated market.",
    "Die Konzentration nach {label} (HHI) beträgt {hhi} und liegt {side} der Marke von {mark}, ab "
    "der die US Merger Guidelines von einem hoch konzentrierten Markt sprechen.",
)
_ONLY_THESE: Phrase = (
    "Shares and concentration are of the companies in these data alone; the market may hold more.",
    "Anteile und Konzentration gelten nur für die Unternehmen in diesen Daten; der Markt kann mehr "
    "umfassen.",
)
_PRICES_RUN: Phrase = (
    "{Label}{when}: from {low} ({cheapest}) to {high} ({dearest}), with a median of {median}.",
    "{Label}{when}: von {low} ({cheapest}) bis {high} ({dearest}), im Median {median}.",
)
_CHEAPER: Phrase = (
    "Of {field} prices, {n} are lower than ours.",
    "Von {field} Preisen sind {n} niedriger als unserer.",
)
_UNITS_DIFFER: Phrase = (
    "{label} is given in different units, so it was not compared.",
    "{label} ist in verschiedenen Einheiten angegeben und wurde nicht verglichen.",
)
_ABSENT: Phrase = (
    "{Label}{when}: no figure of {names}, so the comparison is without them.",
    "{Label}{when}: keine Zahl von {names}, daher ein Vergleich ohne sie.",
)


@dataclass(frozen=True, slots=True)
class Field:
    """The values of one figure at one time, the highest first; `us` is our own name in it."""

    metric: str
    label: str
    unit: Unit
    when: str
    facts: tuple[tuple[str, Fact], ...]
    us: str

    @property
    def middle(self) -> float:
        """The median."""
        return median(fact.value for _, fact in self.facts)

    def of_us(self) -> Fact | None:
        """Our own figure, if it is there."""
        return next((fact for name, fact in self.facts if name == self.us), None)


def tell_standing(found: Findings, rows: Sequence[Observation], us: str) -> None:
    """Compare the companies by each figure."""
    for metric in dict.fromkeys(row.metric for row in rows if row.who):
        of_it = [row for row in rows if row.metric == metric and row.who]
        if len({row.unit for row in of_it}) > 1:
            found.note(_UNITS_DIFFER, label=of_it[0].label)
            continue
        field = _field(found, of_it, us)
        if len(field.facts) > 1:
            _compare(found, field)


def fact_id_of(who: str, metric: str) -> str:
    """The id of a company's latest figure."""
    return f"{who}.{metric}" if who else metric


def order_of(when: str) -> tuple[int, str]:
    """By which times are ordered; those that are no period come first."""
    number = period_number(when)
    return (number[1] if number else -1, when)


def _field(found: Findings, rows: Sequence[Observation], us: str) -> Field:
    """The latest time for which most companies have a figure."""
    by_time: dict[str, dict[str, Observation]] = {}
    for row in rows:
        by_time.setdefault(row.when, {}).setdefault(row.who, row)
    most = max(len(at) for at in by_time.values())
    when = max((w for w, at in by_time.items() if len(at) * 2 > most), key=order_of)
    at, first = by_time[when], rows[0]
    missing = sorted({row.who for row in rows} - at.keys())
    if missing:
        names = listed(missing, found.language)
        found.note(_ABSENT, when=_at(when), Label=capital(first.label), names=names)
    facts = {who: found.given(fact_id_of(who, row.metric), row) for who, row in at.items()}
    ordered = sorted(facts.items(), key=lambda pair: (-pair[1].value, pair[0]))
    return Field(first.metric, first.label, first.unit, when, tuple(ordered), us)


def _at(when: str) -> str:
    return f" ({when})" if when else ""


def _compare(found: Findings, field: Field) -> None:
    when, label = _at(field.when), capital(field.label)
    bars = [(name, fact.value, fact.text) for name, fact in field.facts]
    title = f"{label}{when}"
    found.charts.append({"title": title, "svg": bar_chart_svg(title, bars)})
    mine = field.of_us()
    if mine is not None:
        _our_place(found, field, mine)
    shown = [f"{name} {fact.text}" for name, fact in field.facts]
    found.tell(_RANKED, Label=label, when=when, list=listed(shown, found.language, MOST_SHOWN))
    if is_price(field.metric, field.unit):
        _prices(found, field, mine, label, when)
    elif mine is None:
        _leader(found, field)
    if is_sum(field.metric, field.unit) or is_market_share(field.metric):
        _shares(found, field, mine)
    found.tables.append(
        {
            "metric": field.metric,
            "label": field.label,
            "period": field.when or None,
            "us": field.us if mine is not None else None,
            "ranking": [
                {"name": name, "value": fact.value, "text": fact.text, "source": fact.source}
                for name, fact in field.facts
            ],
        }
    )


def _our_place(found: Findings, field: Field, mine: Fact) -> None:
    source = f"{field.metric} of {len(field.facts)} companies, highest first"
    place = 1 + sum(fact.value > mine.value for _, fact in field.facts)
    rank = found.derive(
        f"{field.metric}_rank",
        found.either(f"rank by {field.label}", f"Rang nach {field.label}"),
        place, "number", source,
    )  # fmt: skip
    compared = found.derive(
        f"{field.metric}_ranked",
        found.either(f"companies compared by {field.label}", f"Verglichen nach {field.label}"),
        len(field.facts), "count", source,
    )  # fmt: skip
    found.lead(_OUR_RANK, label=field.label, rank=rank.text, field=compared.text)
    middle = _middle(found, field)
    gap = _gap(found, field, mine, middle, "median")
    if gap is None:
        found.tell(_AT_MEDIAN, Label=capital(field.label), own=mine.text)
    else:
        found.tell(_OUR_GAP, Label=capital(field.label), own=mine.text, gap=gap[0], side=gap[1],
                   median=middle.text)  # fmt: skip
    name, best = field.facts[0]
    if name != field.us and best.value > mine.value and not is_price(field.metric, field.unit):
        lack = _gap(found, field, best, mine, "best")
        if lack is not None:
            found.tell(_TO_BEST, Label=capital(field.label), name=name, best=best.text, gap=lack[0])


def _middle(found: Findings, field: Field) -> Fact:
    return found.derive(
        f"{field.metric}_median",
        found.either(f"median {field.label}", f"Median: {field.label}"),
        field.middle, field.unit, f"median of {field.metric} of {len(field.facts)} companies",
    )  # fmt: skip


def _gap(
    found: Findings, field: Field, one: Fact, other: Fact, name: str
) -> tuple[str, str] | None:
    """How far one value is from another and on which side; None where they are equal or a ratio
    would mean nothing."""
    if one.value == other.value:
        return None
    is_share = field.unit == "percent"
    if not is_share and other.value <= 0:
        return None
    value = one.value - other.value if is_share else one.value / other.value - 1
    sign = "\u2212" if is_share else "÷"
    formula = f"{one.fact_id} {sign} {other.fact_id}" + ("" if is_share else " - 1")
    label = found.either(
        f"difference in {field.label} ({name})", f"Unterschied: {field.label} ({name})"
    )
    if is_share:
        label = f"{label} {found.either('(percentage points)', '(Prozentpunkte)')}"
    gap = found.derive(f"{field.metric}_to_{slug(name)}_gap", label, value, "percent", formula)
    text = found.points(value) if is_share else write(abs(gap.value), "percent", found.language)
    above = found.either("above", "über")
    below = found.either("below", "unter")
    return text, above if value > 0 else below


def _leader(found: Findings, field: Field) -> None:
    (name, first), middle = field.facts[0], _middle(found, field)
    gap = _gap(found, field, first, middle, f"{name} to median")
    if gap is not None and len(field.facts) > 2:
        found.lead(_LEADER, name=name, gap=gap[0], median=middle.text)


def _prices(found: Findings, field: Field, mine: Fact | None, label: str, when: str) -> None:
    (dearest, high), (cheapest, low) = field.facts[0], field.facts[-1]
    middle = _middle(found, field)
    found.tell(_PRICES_RUN, Label=label, when=when, low=low.text, cheapest=cheapest,
               high=high.text, dearest=dearest, median=middle.text)  # fmt: skip
    if mine is not None:
        lower = sum(fact.value < mine.value for _, fact in field.facts)
        n = found.derive(
            f"{field.metric}_lower",
            found.either("prices lower than ours", "Preise unter unserem"),
            lower, "count", f"{field.metric} below {mine.fact_id}",
        )  # fmt: skip
        others = found.derive(
            f"{field.metric}_others",
            found.either("prices of others", "Preise anderer"),
            len(field.facts) - 1, "count", f"companies with {field.metric} besides us",
        )  # fmt: skip
        found.tell(_CHEAPER, field=others.text, n=n.text)


def _shares(found: Findings, field: Field, mine: Fact | None) -> None:
    """Shares of the sum, and the Herfindahl-Hirschman index: the sum of squared shares in percent.

    Given market shares are taken as they are.
    """
    total = sum(fact.value for _, fact in field.facts)
    is_given = is_market_share(field.metric)
    if total <= 0 or any(fact.value < 0 for _, fact in field.facts) or (is_given and total > 1.02):
        return
    shares: Mapping[str, float] = {
        name: fact.value if is_given else fact.value / total for name, fact in field.facts
    }
    if not is_given:
        _tell_share(found, field, shares, mine)
    hhi = found.derive(
        f"{field.metric}_hhi", f"HHI ({field.label})",
        sum((100 * share) ** 2 for share in shares.values()), "number",
        f"sum of squared shares of {field.metric} in percent",
    )  # fmt: skip
    mark = found.derive(
        "hhi_mark", found.either("HHI mark", "HHI-Marke"), CONCENTRATED, "number",
        "US Merger Guidelines (2023), Guideline 1",
    )  # fmt: skip
    side = ("above", "über") if hhi.value > CONCENTRATED else ("not above", "nicht über")
    found.tell(_HHI, label=field.label, hhi=hhi.text, side=found.either(*side), mark=mark.text)
    found.note(_ONLY_THESE)


def _tell_share(
    found: Findings, field: Field, shares: Mapping[str, float], mine: Fact | None
) -> None:
    for name, share in shares.items():
        fact = found.derive(
            f"{fact_id_of(name, field.metric)}_share",
            found.either(f"share of {field.label} ({name})", f"Anteil an {field.label} ({name})"),
            share, "percent", f"{fact_id_of(name, field.metric)} ÷ sum of {field.metric}",
        )  # fmt: skip
        if name == (field.us if mine is not None else field.facts[0][0]):
            phrase = _OUR_SHARE if mine is not None else _SHARE
            found.tell(phrase, label=field.label, name=name, share=fact.text)


def is_price(metric: str, unit: Unit) -> bool:
    """Whether it is a price, of which less may be better."""
    return bool(_PRICES & set(words_of(metric))) and unit != "percent"


def is_market_share(metric: str) -> bool:
    """Whether it is a share of the market as it was given."""
    return metric in ("market_share", "share", "marktanteil")


def is_sum(metric: str, unit: Unit) -> bool:
    """Whether the values of all companies add up to something."""
    words = set(words_of(metric))
    if words & (_PRICES | _PER_PIECE) or unit in ("percent", "ratio", "months", "days"):
        return False
    return unit in MONEY or unit == "count" or bool(words & _SUMS)
