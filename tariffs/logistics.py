"""What the tables know of the way: places by any of their codes, lanes, equipment, and the rates and charges that fit.

Everything is typed once, when it is first asked for: most quotes name no route.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache

from calculator.logistics import (
    AIR,
    COURIER,
    LCL,
    SEA,
    Charge,
    Equipment,
    FreightRate,
    Lane,
    LossRange,
    ModeRule,
    Place,
)
from tariffs import logistics_rows as rows
from tariffs.dated import Series, row_of_day, typed_series
from tariffs.folding import folded
from tariffs.likeness import LIKE_WORD, MOST, likeness
from tariffs.manifest import Standing
from tariffs.tables import CsvTable, Raw, TomlTable

# Goods that do not fill a container sail on the same lanes, and parcels fly on those of the air.
LANE_OF = {SEA: SEA, LCL: SEA, AIR: AIR, COURIER: AIR}
PAST_ITS_DATE, UNSURE = "past its date", "C"


class Logistics:
    """The tables of the way, typed; `own_rates` are the rows of freight rates that the user laid over ours."""

    def __init__(
        self,
        tables: Mapping[str, CsvTable],
        modes: TomlTable,
        standings: Mapping[str, Standing],
        own_rates: frozenset[Raw] = frozenset(),
    ) -> None:
        first = {name: standings[name].valid_from for name in ("ports", "lanes", "equipment")}
        self.places = tuple(rows.place(raw, first["ports"]) for raw in tables[rows.PORTS].rows)
        self.lanes = tuple(rows.lane(raw, first["lanes"]) for raw in tables[rows.LANES].rows)
        self.equipment = tuple(rows.equipment(raw, first["equipment"]) for raw in tables[rows.EQUIPMENT].rows)
        self.modes: Series[ModeRule] = typed_series(modes.values, rows.mode_rule, modes)
        raws = sorted(tables[rows.FREIGHT_RATES].rows, key=lambda raw: raw not in own_rates)
        self._rates = tuple(map(rows.freight_rate, raws))
        self._charges = tuple(map(rows.charge, tables[rows.CHARGES].rows))
        self._losses = tuple(map(rows.loss_range, tables[rows.LOSSES].rows))
        self._places = _named((each.code, each.official, each.iata) for each in self.places)
        self._equipment = _named((each.code, each.iso_type) for each in self.equipment)
        self._place_names = _words((each.code, each.official, each.iata, *each.names.values()) for each in self.places)
        self._equipment_names = _words((each.code, each.iso_type, *each.names.values()) for each in self.equipment)
        # Many quotes go the same way on the same days.
        self.lanes_of = lru_cache(maxsize=512)(self._lanes_of)
        self.charges = lru_cache(maxsize=512)(self._charges_on)
        self.freight_rates = lru_cache(maxsize=512)(self._rates_on)

    def place(self, code: str) -> Place | None:
        """A place by the code of the trade, the official one, or that of an airport."""
        at = self._places.get(code.strip().upper())
        return None if at is None else self.places[at]

    def equipment_of(self, code: str) -> Equipment | None:
        """Equipment by its code or its ISO type, of which the first that has it."""
        at = self._equipment.get(code.strip().upper())
        return None if at is None else self.equipment[at]

    def nearest_places(self, text: str, country: str) -> tuple[str, ...]:
        """Up to five places that may be meant, by code or by name, those of a country alone where it has any."""
        near = [self.places[at] for at in _nearest(text, self._place_names)]
        here = [each for each in near if each.country == country]
        return tuple(each.code for each in here or near)[:MOST]

    def nearest_equipment(self, text: str, kind: str) -> tuple[str, ...]:
        """The equipment of a kind that may be meant, or else all of that kind."""
        near = [self.equipment[at] for at in _nearest(text, self._equipment_names)]
        here = [each.code for each in near if each.kind == kind][:MOST]
        return tuple(here) or tuple(each.code for each in self.equipment if each.kind == kind)

    def _lanes_of(self, mode: str, origin: str, destination: str) -> tuple[Lane, ...]:
        """The lanes of a mode between places, each of which may be left open."""
        return tuple(
            each
            for each in self.lanes
            if (not mode or each.mode == LANE_OF.get(mode))
            and (not origin or each.origin == origin)
            and (not destination or each.destination == destination)
        )

    def losses(self, on: date) -> dict[str, LossRange]:
        """What goods of each kind usually lose; a guess of ours, so that any day has one."""
        return {each.kind: each for each in sorted(self._losses, key=lambda each: each.row.validity.covers(on))}

    def mode_rule(self, mode: str, on: date) -> ModeRule:
        """How a mode counts on a day. Raises NotInForce."""
        return row_of_day("transport-modes", mode, self.modes[mode], on)

    def _rates_on(
        self, mode: str, origin: str, destination: str, equipment: str, on: date, planning: bool
    ) -> tuple[FreightRate, ...]:
        """The rates that fit, the user's before ours. A planning rate has no days: it is a guess on any of them."""
        return tuple(
            each.rate
            for each in self._rates
            if each.rate.mode == mode
            and origin in each.origins
            and destination in each.destinations
            and each.rate.equipment in ("", equipment)
            and (planning if each.rate.planning else each.rate.row.validity.covers(on))
        )

    def _charges_on(self, mode: str, equipment: str, on: date) -> tuple[Charge, ...]:
        """The newest row of each code that fits and has begun; one that ended is carried on, and says so.

        Of two that began on one day, the one that names the equipment.
        """
        newest: dict[str, tuple[tuple[date, bool], Charge]] = {}
        for each in self._charges:
            begun = each.charge.row.validity.valid_from
            fits = (not each.modes or mode in each.modes) and (not each.equipment or equipment in each.equipment)
            rank = (begun, bool(each.equipment))
            if fits and begun <= on and (each.charge.code not in newest or newest[each.charge.code][0] < rank):
                newest[each.charge.code] = rank, each.charge
        return tuple(_carried(charge, on) for _, charge in newest.values())


class LogisticsRecords(ABC):
    """The part of the records room that answers about the way."""

    @property
    @abstractmethod
    def logistics(self) -> Logistics:
        """The tables of the way, typed when they are first asked for."""

    @property
    def places(self) -> tuple[Place, ...]:
        """Every port and airport."""
        return self.logistics.places

    def place(self, code: str) -> Place | None:
        """A place by the code of the trade, the official one, or that of an airport; None where there is none."""
        return self.logistics.place(code)

    def lanes(self, mode: str = "", origin: str = "", destination: str = "") -> tuple[Lane, ...]:
        """The lanes of a mode between places, each of which may be left open."""
        return self.logistics.lanes_of(mode, origin, destination)

    @property
    def all_equipment(self) -> tuple[Equipment, ...]:
        """Every container, pallet and air unit load."""
        return self.logistics.equipment

    def equipment(self, code: str) -> Equipment | None:
        """Equipment by its code or its ISO type; None where there is none."""
        return self.logistics.equipment_of(code)

    def freight_rates(
        self, mode: str, origin: str, destination: str, equipment: str, on: date, planning: bool = False
    ) -> tuple[FreightRate, ...]:
        """The freight rates of a day that fit, the user's own first; planning ones only where they are asked for."""
        return self.logistics.freight_rates(mode, origin, destination, equipment, on, planning)

    def charges(self, mode: str, equipment: str, on: date) -> tuple[Charge, ...]:
        """The charges of a mode and of equipment on a day, one of each code."""
        return self.logistics.charges(mode, equipment, on)

    def mode_rule(self, mode: str, on: date) -> ModeRule:
        """How a mode counts weight on a day. Raises NotInForce."""
        return self.logistics.mode_rule(mode, on)


def _named(keys: Iterable[tuple[str, ...]]) -> dict[str, int]:
    """Where things stand by each of their codes; a code of the trade wins over an official one of another place."""
    listed = list(keys)
    found: dict[str, int] = {}
    for column in zip(*listed, strict=True):
        for at, code in enumerate(column):
            if code:
                found.setdefault(code, at)
    return found


def _words(names: Iterable[tuple[str, ...]]) -> dict[str, set[str]]:
    """The names of things, whole and word by word, with where they stand, as text since that is what is scored."""
    found: dict[str, set[str]] = {}
    for at, each in enumerate(names):
        for name in map(folded, filter(None, each)):
            for word in (name, *name.replace("(", " ").replace(")", " ").replace("-", " ").split()):
                found.setdefault(word, set()).add(str(at))
    return found


def _nearest(text: str, names: Mapping[str, set[str]]) -> list[int]:
    """What may be meant, the likeliest first and else in the order of the table."""
    scores = likeness(folded(text).strip(), names, LIKE_WORD)
    return sorted(map(int, scores), key=lambda at: (-scores[str(at)], at))


def _carried(charge: Charge, on: date) -> Charge:
    row = charge.row
    if row.validity.covers(on):
        return charge
    note = "; ".join(filter(None, (PAST_ITS_DATE, row.note)))
    return replace(charge, row=replace(row, confidence=UNSURE, note=note))
