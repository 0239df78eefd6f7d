"""The exact factor of every unit to the base of its kind, derived by pint from units.txt into unit_factors.csv.

Run `python -m calculator.unit_factors` after a change of units.txt; a test holds the file to the definitions. Nothing that
serves quotes imports this: pint costs a third of a second, and numpy with it where that is installed.
"""

import csv
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass

HERE = Path(__file__).parent
FILE = HERE / "unit_factors.csv"
# The base of each kind that has factors, by its name in units.txt. A package holds what its product declares and a
# chargeable weight is worked out from a shipment, so neither kind is here.
BASES = {
    "mass": "kg",
    "dry mass": "kg_dry",
    "mass of metal": "kg_metal",
    "volume": "m3",
    "alcohol volume": "m3_alcohol",
    "length": "m",
    "area": "m2",
    "count": "unit",
    "equipment": "TEU",
    "ratio": "whole",
    "energy": "joule",
    "activity": "becquerel",
}


def factors() -> dict[str, Fraction]:
    """The factor of each unit of trade that has one, by its code. Raises TypeError for one that is not exact."""
    import pint

    definitions = (HERE / "units.txt").read_text(encoding="utf-8").splitlines()
    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(definitions, non_int_type=Fraction)
    found = {}
    with (HERE / "trade_units.csv").open(encoding="utf-8", newline="") as units:
        for row in csv.DictReader(units):
            if row["kind"] in BASES:
                factor = registry.convert(Fraction(1), row["code"], BASES[row["kind"]])
                if not isinstance(factor, Fraction):
                    raise TypeError(f"units.txt: the factor of {row['code']} is not exact: {factor!r}")
                found[row["code"]] = factor
    return found


def text() -> str:
    """What unit_factors.csv must hold."""
    rows = (f"{code},{factor.numerator},{factor.denominator}" for code, factor in factors().items())
    return "\n".join(("code,numerator,denominator", *rows)) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
