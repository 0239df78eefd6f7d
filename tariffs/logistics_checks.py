"""What must be true of the tables of the way: known places, equipment and units, figures that can be, no two rows at once."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from calculator import logistics as way
from calculator.incoterms import DESTINATION_LEGS, ORIGIN_LEGS, Leg
from calculator.validity import Validity
from tariffs import logistics_rows as rows
from tariffs.findings import LETTERS, DatedPlace, Finding, at_row, figure_of, overlaps
from tariffs.records import Records
from tariffs.tables import CsvTable, day, open_day

# What a cell may be, where it is one word of a few; an empty one only where it stands here.
WORDS: dict[str, dict[str, frozenset[str]]] = {
    rows.PORTS: {"kind": frozenset({"seaport", "airport"})},
    rows.LOSSES: {"kind": frozenset({"fresh", "frozen", "other"})},
    rows.LANES: {"mode": frozenset({way.SEA, way.AIR})},
    rows.EQUIPMENT: {"kind": frozenset({"container", "pallet", "uld"}), "reefer": frozenset({"", rows.YES})},
    rows.FREIGHT_RATES: {
        "mode": frozenset(way.MODES),
        "basis": frozenset({way.CONTAINER, way.REVENUE_TON, way.CHARGEABLE_KG}),
        "planning": frozenset({"", "no", rows.YES}),
    },
    rows.CHARGES: {
        "leg": frozenset({*ORIGIN_LEGS, Leg.FREIGHT, *DESTINATION_LEGS}),
        "basis": frozenset(
            {way.SHIPMENT, way.CONTAINER, way.GROSS_KG, way.GROSS_TONNE, way.REVENUE_TON}
            | {way.CONTAINER_DAY, way.TONNE_DAY}
        ),
        "payee": frozenset(
            {"terminal", "carrier", "broker", "customs", "trucker", "inspector", "authority", "warehouse"}
        ),
        "usual": frozenset({"", "no", rows.YES}),
    },
}
# Figures that may be left out, all of which are above zero; those that may be zero are told apart.
ABOVE_ZERO = {
    rows.LOSSES: ("low", "high"),
    rows.LANES: ("distance_nm", "distance_km", "days_min", "days_typical", "days_max"),
    rows.EQUIPMENT: rows.COLUMNS[rows.EQUIPMENT][6:21],
    rows.FREIGHT_RATES: ("rate", "low"),
}
NOT_BELOW_ZERO = {rows.FREIGHT_RATES: ("minimum",), rows.CHARGES: ("amount", "minimum", "low", "high")}
BASIS_OF = {
    way.SEA: way.CONTAINER,
    way.LCL: way.REVENUE_TON,
    way.AIR: way.CHARGEABLE_KG,
    way.COURIER: way.CHARGEABLE_KG,
}
BY_THE_DAY = frozenset({way.CONTAINER_DAY, way.TONNE_DAY})
CURRENCY = re.compile(r"[A-Z]{3}")
CODE = re.compile(r"[a-z][a-z0-9_]*")
Cells = dict[str, str]
Fault = tuple[str, str, str]


def findings(records: Records) -> Iterator[Finding]:
    """The faults of the tables of the way."""
    tables = {name: records.file(name) for name in rows.COLUMNS}
    places = {row[0]: row[1] for row in tables[rows.PORTS].rows}
    equipment = {row[0] for row in tables[rows.EQUIPMENT].rows}
    own = frozenset[object]() if records.overlay is None else records.overlay.rows(rows.CHARGES)
    for name, table in tables.items():
        for at, row in enumerate(table.rows):
            cell = dict(zip(table.columns, row, strict=True))
            faults = [*_words(name, cell), *_figures(name, cell)]
            if name == rows.LANES:
                faults += _lane(cell, places)
            elif name == rows.FREIGHT_RATES:
                faults += [*_fits(cell, places, equipment), *_rate(cell)]
            elif name == rows.LOSSES:
                faults += _loss(cell)
            elif name == rows.CHARGES:
                faults += [*_fits(cell, places, equipment), *_charge(cell, ours=row not in own)]
            for column, code, text in faults:
                yield at_row(table, at, column, code, text)
    for name, columns in ((rows.PORTS, 1), (rows.EQUIPMENT, 1), (rows.LANES, 3)):
        yield from _twice(tables[name], columns)
    for name in rows.OWN:
        yield from _at_once(tables[name])
    yield from _modes(records)


def _words(name: str, cell: Cells) -> Iterator[Fault]:
    """Words of a few, names in three languages, currencies."""
    for column, known in WORDS[name].items():
        if cell[column] not in known:
            yield column, "unknown_word", f"{cell[column]!r} is not {', '.join(sorted(filter(None, known)))}"
    for language in ("en", "es", "zh"):
        if not cell.get(language, "-"):
            yield language, "no_text", "a name is missing"
    if not CURRENCY.fullmatch(cell.get("currency", "CNY")):
        yield "currency", "bad_currency", f"{cell['currency']!r} is not three capital letters"


def _figures(name: str, cell: Cells) -> Iterator[Fault]:
    for column in ABOVE_ZERO.get(name, ()):
        figure = figure_of(cell[column])
        if figure is None or (cell[column] and figure <= 0):
            yield column, "bad_number", f"{cell[column]!r} is no number above zero"
    for column in NOT_BELOW_ZERO.get(name, ()):
        figure = figure_of(cell[column])
        if figure is None or figure < 0:
            yield column, "bad_number", f"{cell[column]!r} is no number of zero or more"


def _loss(cell: Cells) -> Iterator[Fault]:
    low, high = figure_of(cell["low"]), figure_of(cell["high"])
    if low and high and not low <= high < 1:
        yield "high", "bad_order", "a loss is a share below one, the low end first"


def _lane(cell: Cells, places: dict[str, str]) -> Iterator[Fault]:
    kind = "seaport" if cell["mode"] == way.SEA else "airport"
    for column in ("from", "to"):
        if places.get(cell[column]) != kind:
            yield column, "unknown_place", f"{cell[column]!r} is no {kind} of {rows.PORTS}"
    days = [figure for name in ("days_min", "days_typical", "days_max") if (figure := figure_of(cell[name]))]
    if days != sorted(days):
        yield "days_typical", "bad_order", "the days do not ascend"


def _fits(cell: Cells, places: dict[str, str], equipment: set[str]) -> Iterator[Fault]:
    """The places, modes and equipment that a row is for."""
    for column in ("from", "to"):
        for code in cell.get(column, "-").split(" "):
            if code != "-" and code not in places:
                yield column, "unknown_place", f"{code!r} is no code of {rows.PORTS}"
    for code in filter(None, cell["equipment"].split(" ")):
        if code not in equipment:
            yield "equipment", "unknown_equipment", f"{code!r} is no code of {rows.EQUIPMENT}"
    for mode in filter(None, cell.get("modes", "").split(" ")):
        if mode not in way.MODES:
            yield "modes", "unknown_word", f"{mode!r} is not {', '.join(way.MODES)}"


def _rate(cell: Cells) -> Iterator[Fault]:
    if cell["basis"] != BASIS_OF.get(cell["mode"], cell["basis"]):
        yield "basis", "bad_basis", f"{cell['mode']} is charged for each {BASIS_OF[cell['mode']]}"
    if " " in cell["equipment"]:
        yield "equipment", "unknown_equipment", "a row is for one kind of equipment"
    if bool(cell["rate"]) == bool(cell["breaks"]):
        yield "rate", "no_rate", "needs a rate or breaks, and not both"
        return
    try:
        found = rows.breaks(cell["breaks"])
    except ValueError as error:
        yield "breaks", "bad_breaks", str(error)
        return
    starts = [each.start for each in found]
    if starts != sorted(set(starts)) or any(each.start < 0 or each.rate <= 0 for each in found):
        yield "breaks", "bad_breaks", "starts must ascend and rates be above zero"
    rates = [each.rate for each in found] or [figure_of(cell["rate"]) or Decimal(0)]
    low = figure_of(cell["low"])
    if low is not None and low > min(rates):
        yield "low", "bad_order", f"{low} is above the rate"


def _charge(cell: Cells, ours: bool) -> Iterator[Fault]:
    """Ours are usual only at the Chinese end and where they were seen; a firm knows better what its forwarder asks."""
    if not CODE.fullmatch(cell["code"]):
        yield "code", "bad_code", f"{cell['code']!r} is not small letters, digits and underscores"
    amount, low, high = (figure_of(cell[name]) for name in ("amount", "low", "high"))
    if not cell["amount"]:
        yield "amount", "bad_number", "an amount is missing"
    elif amount is not None and ((low or amount) > amount or (high or amount) < amount):
        yield "amount", "bad_order", f"{amount} is not between {low} and {high}"
    if cell["usual"] != rows.YES:
        return
    if cell["basis"] in BY_THE_DAY:
        yield "usual", "bad_usual", "what is charged by the day is never charged unasked"
    if ours and (cell["confidence"] == LETTERS[-1] or cell["leg"] not in DESTINATION_LEGS):
        yield "usual", "bad_usual", "is usual only where it was seen, and at the Chinese end"


def _twice(table: CsvTable, columns: int) -> Iterator[Finding]:
    seen: set[tuple[str, ...]] = set()
    for at, row in enumerate(table.rows):
        if row[:columns] in seen:
            yield at_row(table, at, table.columns[0], "double_row", f"{' '.join(row[:columns])} stands here twice")
        seen.add(row[:columns])


def _at_once(table: CsvTable) -> Iterator[Finding]:
    """No two rows of one charge, or of one carrier's rate, for the same goods on one day."""
    series: dict[str, dict[int, DatedPlace]] = {}
    for at, row in enumerate(table.rows):
        cell = dict(zip(table.columns, row, strict=True))
        try:
            place = DatedPlace(Validity(day(cell["valid_from"]), open_day(cell["valid_to"])), *table.place(at))
        except ValueError:
            continue  # told by the checks of cells
        for key in _keys(cell):
            series.setdefault(key, {})[at] = place
    # The same two rows meet in many keys, and are one fault.
    yield from dict.fromkeys(
        each for key, dated in series.items() for each in overlaps(key, dated.values(), gaps=False)
    )


def _keys(cell: Cells) -> Iterable[str]:
    boxes = cell["equipment"].split(" ")
    if "code" in cell:
        return (f"{cell['code']} {mode} {box}".strip() for mode in cell["modes"].split(" ") for box in boxes)
    ends = ((start, end) for start in cell["from"].split(" ") for end in cell["to"].split(" "))
    told = (cell["equipment"], cell["planning"].removesuffix("no"), cell["carrier"])
    return (" ".join(filter(None, (cell["mode"], *pair, *told))) for pair in ends)


def _modes(records: Records) -> Iterator[Finding]:
    """Every mode has a rule, with sources and figures that can be, and no day has two."""
    modes = records.transport_modes
    for mode in way.MODES:
        if mode not in modes.values:
            yield Finding(modes.file, None, mode, "gap", f"{mode} has no rule")
    for mode in modes.values:
        dated = []
        for at, raw in enumerate(modes.rows(mode)):
            place, rule = modes.place(mode, at), rows.mode_rule(mode, raw)
            dated.append(DatedPlace(rule.row.validity, *place))
            source = records.sources.get(rule.row.source)
            if source is None:
                yield Finding(*place, "source", "unknown_source", f"{rule.row.source!r} is not in sources.toml")
            if rule.row.confidence not in LETTERS or (source and rule.row.confidence < source.confidence):
                yield Finding(*place, "confidence", "bad_confidence", f"{rule.row.confidence!r} of {rule.row.source}")
            if any(figure is not None and figure <= 0 for figure in (rule.cm3_per_kg, rule.step_kg, rule.least)):
                yield Finding(*place, mode, "bad_number", "a figure is not above zero")
        yield from overlaps(mode, dated, gaps=True)
