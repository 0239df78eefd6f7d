"""The rows of the way as the calculator's types: places, lanes, equipment, freight rates, charges and modes.

A rate or a charge is kept with what it fits (places, modes, equipment): the calculator gets those that fit and need not ask.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from calculator.logistics import Break, Charge, Equipment, FreightRate, Lane, LossRange, ModeRule, Place
from calculator.tariff_line import Row
from calculator.validity import Validity
from tariffs.tables import Raw, TomlRow, day, names_of, number, open_day, open_number

PORTS, LANES, EQUIPMENT = "logistics/ports.csv", "logistics/lanes.csv", "logistics/equipment.csv"
LOSSES = "logistics/losses.csv"
FREIGHT_RATES, CHARGES, MODES = "logistics/freight_rates.csv", "logistics/charges.csv", "logistics/modes.toml"
# The two tables that a firm has of its own.
OWN = (FREIGHT_RATES, CHARGES)
COLUMNS: dict[str, tuple[str, ...]] = {
    file: tuple(heading.split())
    for file, heading in {
        LOSSES: "kind low high valid_from valid_to source confidence note",
        PORTS: "code kind country en es zh official iata latitude longitude source confidence note",
        LANES: (
            "mode from to distance_nm distance_km days_min days_typical days_max days_confidence service source confidence "
            "note"
        ),
        EQUIPMENT: (
            "code kind iso_type en es zh teu length_m width_m height_m load_line_m door_width_m door_height_m volume_m3 "
            "tare_kg gross_kg payload_kg road_limit_kg pallets_iso pallets_eur pallets_gma reefer source confidence note"
        ),
        FREIGHT_RATES: (
            "mode from to equipment basis currency rate breaks minimum low planning carrier valid_from valid_to source "
            "confidence note"
        ),
        CHARGES: (
            "code side leg en es zh basis modes equipment currency amount minimum low high payee usual valid_from valid_to "
            "source confidence note"
        ),
    }.items()
}
YES = "yes"


@dataclass(frozen=True, slots=True)
class FittingRate:
    """A freight rate and the places that it is for."""

    rate: FreightRate
    origins: frozenset[str]
    destinations: frozenset[str]


@dataclass(frozen=True, slots=True)
class FittingCharge:
    """A charge, the modes and the equipment that it is for; none of either where it is for all."""

    charge: Charge
    modes: frozenset[str]
    equipment: frozenset[str]


def place(raw: Raw, first: date) -> Place:
    """A row of the ports."""
    code, kind, country, en, es, zh, official, iata, _, _, source, confidence, note = raw
    row = Row("ports", Validity(first), source, confidence, note)
    return Place(code, kind, country, MappingProxyType({"en": en, "es": es, "zh": zh}), official, iata, row)


def lane(raw: Raw, first: date) -> Lane:
    """A row of the lanes."""
    mode, origin, destination, *figures, days_confidence, service, source, confidence, note = raw
    miles, kilometres, least, typical, most = map(open_number, figures)
    row = Row("lanes", Validity(first), source, confidence, note)
    return Lane(mode, origin, destination, miles, kilometres, least, typical, most, days_confidence, service, row)


def equipment(raw: Raw, first: date) -> Equipment:
    """A row of the equipment."""
    cell = dict(zip(COLUMNS[EQUIPMENT], raw, strict=True))
    return Equipment(
        code=cell["code"],
        kind=cell["kind"],
        iso_type=cell["iso_type"],
        names=names_of(cell),
        volume_m3=open_number(cell["volume_m3"]),
        tare_kg=open_number(cell["tare_kg"]),
        payload_kg=open_number(cell["payload_kg"]),
        road_limit_kg=open_number(cell["road_limit_kg"]),
        pallets=open_number(cell["pallets_iso"]),
        reefer=cell["reefer"] == YES,
        teu=open_number(cell["teu"]),
        row=Row("equipment", Validity(first), cell["source"], cell["confidence"], cell["note"]),
    )


def breaks(text: str) -> tuple[Break, ...]:
    """Rates from so many units on, written "0:5.00 45:4.20 100:3.80"."""
    found = []
    for each in text.split():
        start, colon, rate = each.partition(":")
        if not colon:
            raise ValueError(f"{each!r} is not a start and a rate such as 45:4.20")
        found.append(Break(number(start), number(rate)))
    return tuple(found)


def freight_rate(raw: Raw) -> FittingRate:
    """A row of the freight rates; one rate alone holds from nothing on."""
    cell = dict(zip(COLUMNS[FREIGHT_RATES], raw, strict=True))
    rate = FreightRate(
        mode=cell["mode"],
        equipment=cell["equipment"],
        basis=cell["basis"],
        currency=cell["currency"],
        breaks=breaks(cell["breaks"]) or (Break(Decimal(0), number(cell["rate"])),),
        minimum=open_number(cell["minimum"]),
        low=open_number(cell["low"]),
        planning=cell["planning"] == YES,
        carrier=cell["carrier"],
        row=_row("freight-rates", cell),
    )
    return FittingRate(rate, frozenset(cell["from"].split()), frozenset(cell["to"].split()))


def charge(raw: Raw) -> FittingCharge:
    """A row of the charges."""
    cell = dict(zip(COLUMNS[CHARGES], raw, strict=True))
    typed = Charge(
        code=cell["code"],
        leg=cell["leg"],
        names=names_of(cell),
        basis=cell["basis"],
        currency=cell["currency"],
        amount=number(cell["amount"]),
        minimum=open_number(cell["minimum"]),
        payee=cell["payee"],
        usual=cell["usual"] == YES,
        row=_row("charges", cell),
        low=open_number(cell["low"]),
        high=open_number(cell["high"]),
    )
    return FittingCharge(typed, frozenset(cell["modes"].split()), frozenset(cell["equipment"].split()))


def loss_range(raw: Raw) -> LossRange:
    """A row of what goods usually lose."""
    cell = dict(zip(COLUMNS[LOSSES], raw, strict=True))
    return LossRange(cell["kind"], number(cell["low"]), number(cell["high"]), _row("losses", cell))


def mode_rule(mode: str, raw: TomlRow) -> ModeRule:
    """A `[[mode]]` row."""
    first = raw.day("valid_from")
    if first is None:
        raise raw.error("valid_from", "a day is missing")
    validity = Validity(first, raw.day("valid_to"))
    row = Row("transport-modes", validity, raw.text("source"), raw.text("confidence"), raw.text("note", ""))
    return ModeRule(mode, raw.number("cm3_per_kg"), raw.number("step_kg"), raw.number("least"), row)


def _row(table: str, cell: dict[str, str]) -> Row:
    validity = Validity(day(cell["valid_from"]), open_day(cell["valid_to"]))
    return Row(table, validity, cell["source"], cell["confidence"], cell["note"])
