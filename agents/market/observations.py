"""The single figures of tables: whose, which, when, how much, and in which cell it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from agents.figures.metric_names import Unit, word_set
from agents.figures.metric_notes import Phrase
from agents.figures.period_keys import coarser, key_of, period_number
from agents.market.cells import is_missing, read_numbers
from agents.market.columns import Metric, Shape, called, canonical, shape_of, unit_for
from agents.market.table import Remark, Table, plain_name
from agents.understanding.scope import without_instructions

MOST_WORDS = 6  # of a name
MOST_TOLD = 6  # gaps and double rows that are told one by one
_UNREAD: Phrase = (
    "{path} of {source} holds no number ({text!r}); it was left out.",
    "{path} von {source} enthält keine Zahl ({text!r}); ausgelassen.",
)
_TWICE: Phrase = (
    "{who} stands twice in {source} for {what}; the first was used ({path}).",
    "{who} steht in {source} zweimal für {what}; der erste Wert galt ({path}).",
)
_GAPS: Phrase = (
    "In {source} {n} values are missing: {where}.",
    "In {source} fehlen {n} Werte: {where}.",
)
_ONE_GAP: Phrase = (
    "One value is missing in {source}: {where}.",
    "In {source} fehlt ein Wert: {where}.",
)
_NO_FIGURES: Phrase = (
    "{source} has no column of numbers.",
    "{source} hat keine Spalte mit Zahlen.",
)
_NO_CURRENCY: Phrase = (
    "{source} names no currency for {label}, so its figures stand without one.",
    "{source} nennt keine Währung für {label}; die Zahlen stehen daher ohne.",
)
_CURRENCIES: Phrase = (
    "{label} in {source} is in several currencies ({names}), so it was not compared.",
    "{label} in {source} steht in mehreren Währungen ({names}) und wurde nicht verglichen.",
)
_CURRENCY = frozenset({"currency", "währung", "waehrung", "currency code", "currency_code"})
_AS_PERCENT: Phrase = (
    "{label} in {source} was read as percent.",
    "{label} in {source} wurde als Prozent gelesen.",
)
_MONEY_WORDS = word_set(
    "revenue price profit costs cost arpu mrr arr cac ltv aov revenue_monthly spend budget "
    "market_size valuation"
)


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure. An empty `who` is the market itself; an empty `when` is no certain time."""

    who: str
    metric: str
    label: str
    unit: Unit
    when: str
    value: float
    source: str
    is_untrusted: bool = False


@dataclass(frozen=True, slots=True)
class Observed:
    """All figures of some tables, and remarks on what could not be used."""

    rows: tuple[Observation, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(slots=True)
class _Gathering:
    table: Table
    found: dict[tuple[str, str, str], Observation] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)


def observe(tables: Sequence[Table], language: str) -> Observed:
    """The figures of all tables, each with its cell."""
    rows: list[Observation] = []
    remarks: list[Remark] = []
    for given in tables:
        named = _currencies(given)
        table = replace(given, currency=named[0]) if len(named) == 1 else given
        gathered = _Gathering(table)
        shape = shape_of(table, language)
        if len(named) > 1:
            shape = _without_money(gathered, shape, named)
        if not shape.metrics:
            gathered.remarks.append((_NO_FIGURES, {"source": table.source}))
        elif shape.value is not None:
            _long(gathered, shape, language)
        else:
            _wide(gathered, shape)
        rows += gathered.found.values()
        remarks += [*_on_metrics(table, shape), *gathered.remarks[:MOST_TOLD], *_on_gaps(gathered)]
    return Observed(tuple(_with_periods(rows)), tuple(remarks))


def _currencies(table: Table) -> list[str]:
    """The currencies that a column of the table names."""
    places = (i for i, header in enumerate(table.columns) if header.strip().lower() in _CURRENCY)
    cells = [row[i] for i in places for row in table.rows]
    return list(dict.fromkeys(plain_name(cell).upper() for cell in cells if not is_missing(cell)))


def _without_money(g: _Gathering, shape: Shape, named: Sequence[str]) -> Shape:
    """Money in several currencies can be neither compared nor added up."""
    mixed = [m for m in shape.metrics if m.name in _MONEY_WORDS and not m.is_named_unit]
    texts = {"source": g.table.source, "names": ", ".join(named[:MOST_TOLD])}
    g.remarks += [(_CURRENCIES, {**texts, "label": metric.label}) for metric in mixed]
    return replace(shape, metrics=tuple(m for m in shape.metrics if m not in mixed))


def _wide(g: _Gathering, shape: Shape) -> None:
    """A column for each figure, or for each period."""
    for metric in shape.metrics:
        for i, row in enumerate(g.table.rows):
            who, when = _who(g, i, shape), metric.period or _when(row, shape)
            _add(g, metric, i, who, when, metric.numbers.values[i])


def _long(g: _Gathering, shape: Shape, language: str) -> None:
    """A row for each figure: its name stands in one column, its value in another."""
    table, which, value = g.table, shape.which or 0, shape.value or 0
    names = [plain_name(row[which]) for row in table.rows]
    for given in dict.fromkeys(names):
        at = [i for i, name in enumerate(names) if name == given]
        numbers = read_numbers(
            given, [table.rows[i][value] for i in at], is_german=table.is_semicolon
        )
        if numbers is None:
            continue
        name = canonical(given)
        unit, is_named = unit_for(name, numbers, table)
        label = called(name, given, language)
        metric = Metric(name, label, unit, value, "", numbers, is_named)
        for place, i in enumerate(at):
            when = _when(table.rows[i], shape)
            _add(g, metric, i, _who(g, i, shape), when, numbers.values[place])


def _add(g: _Gathering, m: Metric, row: int, who: str, when: str, value: float | None) -> None:
    cell, path = g.table.rows[row][m.column], g.table.path(row, m.column)
    if value is None:
        if is_missing(cell):
            g.gaps.append(" ".join(filter(None, (who, m.label, when))))
        else:
            texts = {"path": path.removeprefix(f"{g.table.source} "), "source": g.table.source}
            g.remarks.append((_UNREAD, {**texts, "text": plain_name(cell)}))
        return
    key = (who.lower(), m.name, when)
    if key in g.found:
        what = " ".join(filter(None, (m.label, when)))
        values = {"who": who or "?", "what": what, "source": g.table.source}
        g.remarks.append((_TWICE, {**values, "path": g.found[key].source}))
        return
    g.found[key] = Observation(
        who, m.name, m.label, m.unit, when, value, path, g.table.is_untrusted
    )


def _who(g: _Gathering, i: int, shape: Shape) -> str:
    """Whose figure it is. A name of a foreign tool that reads like a sentence is not repeated."""
    cell = g.table.rows[i][shape.who] if shape.who is not None else None
    if is_missing(cell):
        return ""
    name = plain_name(cell)
    is_sentence = len(name.split()) > MOST_WORDS or bool(without_instructions(name)[1])
    return f"unnamed {_letters(i)}" if g.table.is_untrusted and is_sentence else name


def _letters(number: int) -> str:
    """A, B, … Z, AA: what tells nameless rows apart and claims no number."""
    first, last = divmod(number, 26)
    return (_letters(first - 1) if first else "") + chr(ord("A") + last)


def _when(row: Sequence[object], shape: Shape) -> str:
    cell = row[shape.when] if shape.when is not None else None
    return "" if is_missing(cell) else plain_name(cell)


def _on_metrics(table: Table, shape: Shape) -> Iterator[Remark]:
    for metric in shape.metrics:
        if not metric.is_named_unit and metric.name in _MONEY_WORDS:
            yield _NO_CURRENCY, {"source": table.source, "label": metric.label}
        if metric.numbers.as_percent:
            yield _AS_PERCENT, {"source": table.source, "label": metric.label}


def _on_gaps(g: _Gathering) -> Iterator[Remark]:
    if g.gaps:
        told = ", ".join(g.gaps[:MOST_TOLD]) + (" …" if len(g.gaps) > MOST_TOLD else "")
        values = {"n": len(g.gaps), "source": g.table.source, "where": told}
        yield _ONE_GAP if len(g.gaps) == 1 else _GAPS, values


def _with_periods(rows: Sequence[Observation]) -> Iterator[Observation]:
    """Days that stand for months, quarters or years are called by these."""
    numbers = {when: period_number(when) for when in {row.when for row in rows} if when}
    days = sorted({n[1] for n in numbers.values() if n and n[0] == "day"})
    names = dict(zip(days, (key_of(*one) for one in coarser(days)), strict=True)) if days else {}
    for row in rows:
        number = numbers.get(row.when)
        when = row.when
        if number is not None:
            when = names[number[1]] if number[0] == "day" else key_of(*number)
        yield Observation(
            row.who, row.metric, row.label, row.unit, when, row.value, row.source, row.is_untrusted
        )
