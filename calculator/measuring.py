"""How much of a good there is in a unit that somebody else asks for: a price, a duty, the tariff line."""

from dataclasses import replace
from decimal import Decimal

from calculator.blank import BlankQuantity
from calculator.dossier import LineDossier
from calculator.errors import Unpriceable, Unreadable
from calculator.goods import Package
from calculator.money import Number, divide
from calculator.plan import Fact
from calculator.quantities import Quantity, convert, format_decimal
from calculator.quantities import unit as read_unit
from calculator.request import GoodsLine
from calculator.units import UNITS

# The kind of units that only a product gives a content.
PACKAGE = "package"
# Two words for the same thing.
BOXES = frozenset({"carton", "case"})
# The field of the request that gives a quantity of a kind.
OR_AS = {"mass": '"net_weight"', "volume": '"volume"'}
# What helps where the trade counts otherwise than the law.
HINTS = {"thousand_sticks": "1 carton of 200 sticks = 0.2 thousand_sticks"}


def quantity_in(unit: str, line: GoodsLine, found: LineDossier, pointer: str, needed_for: str) -> Fact:
    """The quantity of a line in a unit, exact, with where it comes from.

    What the request states of that kind comes first (quantity, statutory quantities, weights, volume), then the
    package of the product, then a density. Raises `quantity_missing` with what may be given instead.
    """
    kind = UNITS[unit].kind
    if kind == PACKAGE:
        return _in_packages(unit, line, found, pointer, needed_for)
    for place, stated in _stated(line):
        if UNITS[stated.unit].kind == kind:
            return Fact.of_request(convert(stated, unit), f"{pointer}/{place}", unit)
    counted = _by_package(unit, kind, line, found, pointer)
    if counted is not None:
        return counted
    if line.density is not None:
        for _, stated in _stated(line):
            other = UNITS[stated.unit].kind
            if {kind, other} == {"mass", "volume"}:
                base = convert(stated, "kg" if other == "mass" else "L")
                through = base * line.density if kind == "mass" else divide(base, line.density)
                return Fact.of_request(_scaled(through, kind, unit), f"{pointer}/density", unit)
    raise Unpriceable(
        "quantity_missing",
        f"{pointer}/quantity" if needed_for == "price" else f"{pointer}/statutory",
        (
            HINTS.get(unit, ""),
            f'"statutory": ["… {unit}"]',
            '"net_weight"' if kind == "mass" else '"volume"' if kind == "volume" else "",
        ),
        unit=unit,
        given=_given(line.quantity),
        needed_for=needed_for,
    )


def _given(quantity: Quantity) -> object:
    """A quantity as it was stated; while goods are chosen for whatever their quantity, it is not looked at."""
    known = not isinstance(quantity.value, BlankQuantity)
    return f"{format_decimal(quantity.value)} {quantity.unit}" if known else quantity


def check_measures(line: GoodsLine, pointer: str) -> None:
    """What the request states of the same goods agrees: kinds of unit, net and gross, quantities told twice."""
    for name, stated, wanted in (
        ("net_weight", line.net_weight, "kg"),
        ("gross_weight", line.gross_weight, "kg"),
        ("volume", line.volume, "L"),
    ):
        if stated is not None:
            convert(stated, wanted, f"{pointer}/{name}")
    told: dict[str, tuple[str, Number]] = {}
    for place, stated in _stated(line):
        kind = UNITS[stated.unit].kind
        base = {"mass": "kg", "volume": "L"}.get(kind)
        # Volume of liquids and room they take are two things, and so are pieces counted in different ways.
        if base is None or place == "volume":
            continue
        amount = convert(stated, base)
        first = told.setdefault(kind, (place, amount))
        if first[1] != amount:
            raise Unpriceable("quantities_disagree", f"{pointer}/{place}", (), first=first[0], second=place)
    net = told.get("mass")
    if net is not None and line.gross_weight is not None and convert(line.gross_weight, "kg") < net[1]:
        raise Unpriceable("gross_below_net", f"{pointer}/gross_weight", ())


def check_package(line: GoodsLine, found: LineDossier, pointer: str) -> None:
    """What is stated of goods counted in packages agrees with what the packages of the product hold."""
    package, count = found.package, packages(line, found)
    unit = line.quantity.unit
    if (
        UNITS[unit].kind == PACKAGE
        and _holds_packages(unit)
        and count is None
        and not (line.net_weight or line.statutory)
    ):
        known = (package.equipment,) if package is not None and package.packages_per_container else ()
        raise Unpriceable("load_unknown", f"{pointer}/quantity", known, unit=unit, product=line.named)
    if package is None or count is None or package.net_weight_kg is None or UNITS[line.quantity.unit].kind != PACKAGE:
        return
    net = count.value * package.net_weight_kg
    facts = {"package": package.code, "net": net}
    if line.net_weight is not None and convert(line.net_weight, "kg") != net:
        raise Unpriceable(
            "weight_contradicts_package",
            f"{pointer}/net_weight",
            (f"{format_decimal(net)} kg",) if isinstance(net, Decimal) else (),
            **facts,
        )
    if line.gross_weight is not None and convert(line.gross_weight, "kg") < net:
        raise Unpriceable("weight_contradicts_package", f"{pointer}/gross_weight", (), **facts)


def packages(line: GoodsLine, found: LineDossier) -> Fact | None:
    """How many packages of the product the line makes.

    None where the product has no package, or the line is counted in another one: a bottle is not the case of six it comes in.
    """
    package = found.package
    if package is None:
        return None
    unit = line.quantity.unit
    if UNITS[unit].kind == PACKAGE:
        if not _holds_packages(unit):
            return (
                None if _names_another(unit, package.code) else Fact.of_request(line.quantity.value, "", package.code)
            )
        holds = _load(unit, package)
        if holds is None:
            return None
        return Fact.of_row(line.quantity.value * holds, package.row, package.code, package.code)
    for content, unit in ((package.net_weight_kg, "kg"), (package.net_volume_l, "L")):
        if content and UNITS[line.quantity.unit].kind == UNITS[unit].kind:
            return Fact.of_row(divide(convert(line.quantity, unit), content), package.row, package.code, package.code)
    return None


def _holds_packages(unit: str) -> bool:
    """Whether a unit is a pallet or a container, which take packages; any other is a package itself."""
    return unit in ("pallet", "container") or unit[0].isdigit()


def names_package(code: str, package: str) -> bool:
    """Whether a unit names a package: "sack" a sack-25kg, "carton" and "case" each other."""
    word = package_word(package)
    return code == word or (code in BOXES and word in BOXES)


def _names_another(code: str, package: str) -> bool:
    """Whether a unit is another package than this one; a package whose name is no unit of ours goes by any."""
    return bool(package_word(package)) and not names_package(code, package)


def package_word(package: str) -> str:
    """The unit that the name of a package begins with, "" where that is no package of ours: tank-L, bulk-t."""
    try:
        found = read_unit(package.partition("-")[0])
    except Unreadable:
        return ""
    return found.code if found.kind == PACKAGE else ""


def _load(unit: str, package: Package) -> int | None:
    """How many packages of the product a pallet or a container takes, None where nobody has counted."""
    loads = {"pallet": package.packages_per_pallet, "container": package.packages_per_container}
    return {**loads, package.equipment: package.packages_per_container}.get(unit)


def _stated(line: GoodsLine) -> list[tuple[str, Quantity]]:
    stated = [("quantity", line.quantity)]
    stated += [(f"statutory/{place}", quantity) for place, quantity in enumerate(line.statutory)]
    if line.net_weight is not None:
        stated.append(("net_weight", line.net_weight))
    if line.volume is not None:
        stated.append(("volume", line.volume))
    return stated


def _by_package(unit: str, kind: str, line: GoodsLine, found: LineDossier, pointer: str) -> Fact | None:
    package = found.package
    count = packages(line, found)
    if package is None or count is None:
        return None
    content = {"mass": package.net_weight_kg, "volume": package.net_volume_l}.get(kind)
    if content is None:
        return None
    return Fact.of_row(_scaled(count.value * content, kind, unit), package.row, package.code, unit)


def _in_packages(unit: str, line: GoodsLine, found: LineDossier, pointer: str, needed_for: str) -> Fact:
    if line.quantity.unit == unit:
        return Fact.of_request(line.quantity.value, f"{pointer}/quantity", unit)
    count = packages(line, found)
    if count is not None and found.package is not None and _holds_packages(unit):
        load = _load(unit, found.package)
        if load is not None:
            return replace(count, value=divide(count.value, Decimal(load)), unit=unit)
        count = None
    elif found.package is not None and _names_another(unit, found.package.code):
        count = None
    if count is None:
        raise Unpriceable(
            "package_unknown",
            f"{pointer}/package",
            (),
            unit=unit,
            product=line.named,
            for_=needed_for,
        )
    return count


def _scaled(amount: Number, kind: str, unit: str) -> Number:
    """An amount of kilograms or litres in another unit of its kind."""
    one = convert(Quantity(Decimal(1), unit), "kg" if kind == "mass" else "L")
    return divide(amount, one)
