"""A bank's file as rows of ours: the FIX of the Bank of Mexico, the parities of CFETS, the monthly rates of customs.

Nothing is guessed and nothing is kept of a file with a fault. Every fault has its file, line and column, and a rate that
lies more than a fifth from what is known is one too: it is mostly a pair the wrong way round.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from calculator.errors import Unpriceable
from calculator.money import ExchangeRate
from tariffs.findings import Finding
from tariffs.fx import FxTables, customs, snapshots
from tariffs.fx.figures import NOTHING, day_of, figure_of, month_of, of_one
from tariffs.fx.headings import NAMES, Pair, meaning, pair
from tariffs.fx.refreshing import plausible
from tariffs.importing.files import read_grid
from tariffs.importing.grids import FileRefused, GridRow
from tariffs.tables import Raw

MARKET, CUSTOMS = "market", "customs"
# Titles and remarks may stand above the headings.
MOST_TITLES = 60
YUAN = "CNY"


@dataclass(frozen=True, slots=True)
class Asked:
    """What to read and how; `columns` are the user's own meanings of headings, `known` the rates to compare with."""

    file: Path
    source: str
    known: FxTables
    today: date
    fetched_at: str
    desk: str = MARKET
    columns: Mapping[str, str] = field(default_factory=dict)
    pair: str = ""
    month: str = ""
    days: str = "ymd"
    decimal: str = "point"
    confidence: str = "A"
    force: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """The rows of a file, its faults, how many cells had no rate, how many rates stood twice, and what was not read."""

    rows: tuple[Raw, ...]
    faults: tuple[Finding, ...]
    empty: int
    double: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One rate of the file, with the heading that it stands under and what its row says beside it."""

    line: int
    heading: str
    text: str
    pair: Pair
    beside: Mapping[str, str]


def read(asked: Asked) -> Read:
    """The file as rows of the desk. Raises FileRefused where it cannot be read at all."""
    grid = read_grid(asked.file)
    at, columns = _headings(asked, grid.rows)
    headings = grid.rows[at].cells
    rows: dict[Raw, tuple[Raw, int]] = {}
    faults: list[Finding] = []
    empty = double = 0
    for row in grid.rows[at + 1 :]:
        for cell in _cells(asked, row, headings, columns, faults):
            if cell.text.strip().lower() in NOTHING:
                empty += 1
                continue
            try:
                made = _row(asked, cell)
            except ValueError as error:
                faults.append(_fault(asked, cell.line, cell.heading, str(error)))
                continue
            key = snapshots.keyed(made) if asked.desk == MARKET else made[:2]
            before = rows.setdefault(key, (made, cell.line))
            double += before[1] != cell.line and before[0] == made
            if before[0] != made:
                faults.append(
                    _fault(asked, cell.line, cell.heading, f"is another rate than on line {before[1]}", "double_row")
                )
    left_out = [name for name, each in zip(headings, columns, strict=True) if each is None and name.strip()]
    if not rows and not faults:
        faults.append(Finding(str(asked.file), None, None, "no_rows", "has no rates"))
    return Read(tuple(made for made, _ in rows.values()), tuple(faults), empty, double, tuple(left_out))


def _headings(asked: Asked, rows: tuple[GridRow, ...]) -> tuple[int, list[str | Pair | None]]:
    """Where the headings stand, and what each column is."""
    needed = "day" if asked.desk == MARKET else "month"
    for at, row in enumerate(rows[:MOST_TITLES]):
        columns = [meaning(each, asked.columns) for each in row.cells]
        told = needed in columns or (needed == "month" and bool(asked.month))
        if told and ("rate" in columns or any(isinstance(each, Pair) for each in columns)):
            return at, columns
    text = f"has no line of headings with a {needed} and a rate: say which column is which with --column HEADING=FIELD"
    raise FileRefused.whole(str(asked.file), "no_headings", text)


def _cells(
    asked: Asked,
    row: GridRow,
    headings: tuple[str, ...],
    columns: list[str | Pair | None],
    faults: list[Finding],
) -> Iterator[Cell]:
    """The rates of a row; one whose pair is not told is a fault."""
    if not any(each.strip() for each in row.cells):
        return
    cells = (*row.cells, *[""] * (len(columns) - len(row.cells)))
    beside = {name: cells[at] for at, name in enumerate(columns) if isinstance(name, str)}
    for at, each in enumerate(columns):
        if isinstance(each, Pair):
            yield Cell(row.line, headings[at], cells[at], each, beside)
        elif each == "rate":
            try:
                yield Cell(row.line, headings[at], cells[at], _pair_of(asked, beside), beside)
            except ValueError as error:
                faults.append(_fault(asked, row.line, headings[at], str(error)))


def _pair_of(asked: Asked, beside: Mapping[str, str]) -> Pair:
    """The pair of a row that names it in cells of its own, or that of the whole file."""
    if "base" in beside and "quote" in beside:
        return Pair(1, _currency(beside["base"]), _currency(beside["quote"]))
    if "currency" in beside:
        code = _currency(beside["currency"])
        foreign, yuan = customs.quoted_as(beside["quoted_as"]) if beside.get("quoted_as") else (Decimal(1), Decimal(0))
        return Pair(int(foreign), code, YUAN) if foreign else Pair(int(yuan), YUAN, code)
    text = beside.get("pair") or asked.pair
    found = pair(text)
    if found is None:
        raise ValueError(f"no pair is told{f' ({text!r} is none)' if text else ''}: say --pair USD/MXN")
    return found


def _currency(text: str) -> str:
    return snapshots.currency(NAMES.get(text.strip(), text.strip()))


def _row(asked: Asked, cell: Cell) -> Raw:
    """The row of a rate. Raises ValueError with what is wrong with it."""
    figure = figure_of(cell.text, asked.decimal)
    snapshots.source(asked.source)
    if cell.pair.base == cell.pair.quote:
        raise ValueError(f"{cell.pair.base}/{cell.pair.quote} is no pair")
    return _market(asked, cell, figure) if asked.desk == MARKET else _customs(asked, cell, figure)


def _market(asked: Asked, cell: Cell, figure: str) -> Raw:
    on, one = day_of(cell.beside["day"], asked.days), of_one(figure, cell.pair.units)
    if on > asked.today:
        raise ValueError(f"{on} is a day to come")
    base, quote = cell.pair.base, cell.pair.quote
    snapshots.rate(one)
    if not asked.force:
        _compare(f"1 {base} = {one} {quote}", Decimal(one), Decimal(1), _known(asked, base, quote, on))
    return (f"{on}", base, quote, one, asked.source, asked.fetched_at)


def _customs(asked: Asked, cell: Cell, figure: str) -> Raw:
    """An official rate keeps the direction and the units in which it is published."""
    month = month_of(cell.beside.get("month") or asked.month)
    units, base, quote = cell.pair.units, cell.pair.base, cell.pair.quote
    if YUAN not in (base, quote):
        raise ValueError(f"{base}/{quote} is no rate of the yuan")
    foreign, straight = (base, True) if quote == YUAN else (quote, False)
    words = f"CNY per {units}" if straight else f"per {units} CNY"
    if not asked.force:
        pair_ = (Decimal(figure), Decimal(units)) if straight else (Decimal(units), Decimal(figure))
        _compare(f"{figure} {words}", *pair_, _known_to_customs(asked, foreign, month))
    source_day = cell.beside.get("source_day", "").strip()
    told = f"{day_of(source_day, asked.days)}" if source_day else ""
    return (month, foreign, figure, words, told, asked.source, asked.confidence, "")


def _compare(words: str, multiplier: Decimal, divisor: Decimal, known: ExchangeRate | None) -> None:
    """Raises ValueError where a rate is more than a fifth from the one that is known."""
    if known is None:
        return
    figure = multiplier * known.divisor
    if not plausible(figure, divisor * known.multiplier, Decimal(1)):
        raise ValueError(f"{words} is more than a fifth from {known.published_as} of {known.on}; --force takes it")


def _known(asked: Asked, base: str, quote: str, on: date) -> ExchangeRate | None:
    try:
        return asked.known.market(base, quote, on)
    except Unpriceable:
        return None


def _known_to_customs(asked: Asked, currency: str, month: str) -> ExchangeRate | None:
    try:
        return asked.known.customs(currency, date(int(month[:4]), int(month[5:]), 1))
    except Unpriceable:
        return None


def _fault(asked: Asked, line: int, heading: str, text: str, code: str = "bad_cell") -> Finding:
    return Finding(str(asked.file), line, heading.strip() or None, code, text)
