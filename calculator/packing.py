"""What the goods of a line are on the way: packages, pallets, gross kilograms and the cubic metres they take."""

from decimal import Decimal

from calculator.dossier import LineDossier
from calculator.logistics import Equipment
from calculator.measuring import packages, quantity_in
from calculator.money import Number, divide, upwards
from calculator.plan import Fact, Packing
from calculator.quantities import convert
from calculator.request import GoodsLine

WHOLE = upwards(Decimal(1))


def packing(line: GoodsLine, found: LineDossier, pointer: str, pallet: Equipment | None) -> Packing:
    """What the request states, else what the packages come to; on pallets, their weight as well (`pallet` is one)."""
    count = packages(line, found)
    pallets = _pallets(line, found, count)
    return Packing(
        count,
        pallets,
        _gross(line, found, count, pallets, pallet, pointer),
        _volume(line, found, count, pointer),
    )


def _pallets(line: GoodsLine, found: LineDossier, count: Fact | None) -> Fact | None:
    if line.quantity.unit == "pallet":
        return Fact.of_request(WHOLE(line.quantity.value), "", "pallet")
    package = found.package
    if package is None or count is None or not package.packages_per_pallet:
        return None
    number = WHOLE(divide(count.value, Decimal(package.packages_per_pallet)))
    return Fact.of_row(number, package.row, package.code, "pallet")


def _gross(
    line: GoodsLine,
    found: LineDossier,
    count: Fact | None,
    pallets: Fact | None,
    pallet: Equipment | None,
    pointer: str,
) -> Fact | None:
    if line.gross_weight is not None:
        return Fact.of_request(convert(line.gross_weight, "kg"), f"{pointer}/gross_weight", "kg")
    package = found.package
    if package is None or count is None or package.gross_weight_kg is None:
        return None
    weight: Number = count.value * package.gross_weight_kg
    if pallet is not None and pallets is not None and pallet.tare_kg is not None:
        weight = weight + pallets.value * pallet.tare_kg
    return Fact.of_row(weight, package.row, package.code, "kg")


def _volume(line: GoodsLine, found: LineDossier, count: Fact | None, pointer: str) -> Fact | None:
    if line.volume is not None:
        return Fact.of_request(convert(line.volume, "m3"), f"{pointer}/volume", "m3")
    package = found.package
    if package is not None and count is not None and package.volume_m3 is not None:
        return Fact.of_row(count.value * package.volume_m3, package.row, package.code, "m3")
    if line.density is not None:
        return quantity_in("m3", line, found, pointer, "freight")
    return None
