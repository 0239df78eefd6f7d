"""What must be true of the ways of paying: words of a few, figures that can be, and one usual row of a fee on a day."""

import re
from collections.abc import Iterator

from calculator.rails import AMOUNT, BUYER, CHARGES, EXCHANGE, SELLER, TRANSFER
from calculator.validity import Validity
from tariffs import rail_rows as rows
from tariffs.findings import DatedPlace, Finding, at_row, figure_of, overlaps
from tariffs.records import Records
from tariffs.tables import CsvTable, day, open_day

YES_OR_NO = frozenset({"", "no", rows.YES})
WORDS = {
    rows.RAILS: {"charges": YES_OR_NO, "reachable": YES_OR_NO},
    rows.FEES: {"basis": frozenset({AMOUNT, TRANSFER, EXCHANGE}), "usual": YES_OR_NO},
}
# Figures that are a part of something, and those that are zero or more.
SHARES = {rows.FEES: ("share", "tax")}
NOT_BELOW_ZERO = {
    rows.RAILS: ("days_min", "days_max", "least", "most"),
    rows.FEES: ("fixed", "minimum", "maximum", "low"),
}
ASCENDING = {rows.RAILS: (("days_min", "days_max"), ("least", "most")), rows.FEES: (("minimum", "maximum"),)}
RAIL_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FEE_CODE = re.compile(r"[a-z][a-z0-9_]*")
CURRENCY = re.compile(r"[A-Z]{3}")
PAYER = re.compile(f"({BUYER}|{SELLER})|({'|'.join(CHARGES)}):({BUYER}|{SELLER})")
Cells = dict[str, str]
Fault = tuple[str, str, str]


def findings(records: Records) -> Iterator[Finding]:
    """The faults of the rails and of their fees."""
    rails, fees = records.file(rows.RAILS), records.file(rows.FEES)
    choices = {cell["code"]: cell["charges"] == rows.YES for cell in _cells(rails)}
    seen: set[str] = set()
    for at, cell in enumerate(_cells(rails)):
        faults = [*_shared(rows.RAILS, cell), *_rail(cell)]
        if cell["code"] in seen:
            faults.append(("code", "double_row", f"{cell['code']} stands here twice"))
        seen.add(cell["code"])
        yield from (at_row(rails, at, *fault) for fault in faults)
    for at, cell in enumerate(_cells(fees)):
        faults = [*_shared(rows.FEES, cell), *_payer(cell, choices), *_fee(cell)]
        yield from (at_row(fees, at, *fault) for fault in faults)
    yield from _at_once(fees)


def _cells(table: CsvTable) -> Iterator[Cells]:
    return (dict(zip(table.columns, row, strict=True)) for row in table.rows)


def _shared(name: str, cell: Cells) -> Iterator[Fault]:
    """What holds in both tables: words, names in three languages, figures and their order."""
    for column, known in WORDS[name].items():
        if cell[column] not in known:
            yield column, "unknown_word", f"{cell[column]!r} is not {', '.join(sorted(filter(None, known)))}"
    for language in ("en", "es", "zh"):
        if not cell[language]:
            yield language, "no_text", "a name is missing"
    for column in SHARES.get(name, ()):
        if (figure := figure_of(cell[column])) is None or not 0 <= figure < 1:
            yield column, "bad_number", f"{cell[column]!r} is no share below 1"
    for column in NOT_BELOW_ZERO[name]:
        if (figure := figure_of(cell[column])) is None or figure < 0:
            yield column, "bad_number", f"{cell[column]!r} is no number of zero or more"
    for least, most in ASCENDING[name]:
        low, high = figure_of(cell[least]), figure_of(cell[most])
        if cell[least] and cell[most] and low is not None and high is not None and low > high:
            yield least, "bad_order", f"{cell[least]} is above {cell[most]}"


def _rail(cell: Cells) -> Iterator[Fault]:
    if not RAIL_CODE.fullmatch(cell["code"]):
        yield "code", "bad_code", f"{cell['code']!r} is not small letters and digits with hyphens"
    for currency in cell["currencies"].split():
        if not CURRENCY.fullmatch(currency):
            yield "currencies", "bad_currency", f"{currency!r} is not three capital letters"


def _payer(cell: Cells, choices: dict[str, bool]) -> Iterator[Fault]:
    """A fee is of a rail that there is, and is told apart by the option of charges only where the rail has the choice."""
    rail, words = cell["rail"], cell["payer"].split(" ")
    if rail not in choices:
        yield "rail", "orphan_row", f"{rail!r} is no code of {rows.RAILS}"
    if not all(PAYER.fullmatch(word) for word in words):
        yield "payer", "bad_payer", f"{cell['payer']!r} is neither buyer, seller nor OUR:buyer SHA:seller"
        return
    options = [word.rpartition(":")[0] for word in words]
    if len(set(options)) < len(options) or ("" in options and len(options) > 1):
        yield "payer", "bad_payer", f"{cell['payer']!r} names an option twice"
    if options != [""] and (not choices.get(rail, True) or cell["basis"] == EXCHANGE):
        yield "payer", "bad_payer", "is told by the option of charges, which is not chosen here"


def _fee(cell: Cells) -> Iterator[Fault]:
    if not FEE_CODE.fullmatch(cell["code"]):
        yield "code", "bad_code", f"{cell['code']!r} is not small letters, digits and underscores"
    if not CURRENCY.fullmatch(cell["currency"]):
        yield "currency", "bad_currency", f"{cell['currency']!r} is not three capital letters"
    if not cell["share"] and not cell["fixed"]:
        yield "share", "no_rate", "needs a share or a fixed amount"
    if (cell["minimum"] or cell["maximum"]) and not cell["share"]:
        yield "share", "no_rate", "the limits are those of a share, which is missing"
    if cell["basis"] == TRANSFER and cell["share"]:
        yield "share", "bad_basis", "is asked once, so it has no share"
    if cell["basis"] == EXCHANGE and any(cell[name] for name in ("fixed", "minimum", "maximum")):
        yield "fixed", "bad_basis", "a margin is a share alone"
    figure, low = figure_of(cell["share"] or cell["fixed"]), figure_of(cell["low"])
    if cell["low"] and figure is not None and low is not None and low > figure:
        yield "low", "bad_order", f"{cell['low']} is above the figure"


def _at_once(table: CsvTable) -> Iterator[Finding]:
    """No two usual rows of one fee on a day, nor usual margins of one side; of the others, none twice by one name."""
    series: dict[str, list[DatedPlace]] = {}
    for at, cell in enumerate(_cells(table)):
        try:
            validity = Validity(day(cell["valid_from"]), open_day(cell["valid_to"]))
        except ValueError:
            continue  # told by the checks of cells
        usual = cell["usual"] == rows.YES
        keys = [f"{cell['rail']} {cell['code']}" if usual else f"{cell['rail']} {cell['code']} ({cell['en']})"]
        if usual and cell["basis"] == EXCHANGE:
            keys.append(f"the margin of the {cell['payer']} by {cell['rail']}")
        for key in keys:
            series.setdefault(key, []).append(DatedPlace(validity, *table.place(at)))
    # Two margins of one side under one code are one fault.
    found = {(each.file, each.line): each for key, dated in series.items() for each in overlaps(key, dated, gaps=False)}
    yield from found.values()
