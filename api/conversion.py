"""From one unit to another, exactly; and by what a package of a product holds, from packages, pallets and containers too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from api.wording import decimal_of, plain
from calculator.errors import Unpriceable
from calculator.goods import Package, Product
from calculator.logistics import Equipment
from calculator.measuring import BOXES, names_package, package_word
from calculator.money import Number, Quotient
from calculator.quantities import Quantity, convert
from calculator.units import UNITS
from tariffs.rows import weaker

# Kinds that only a product relates to each other.
PACKED, MASS, VOLUME, EQUIPMENT = "package", "mass", "volume", "equipment"
PALLET, CONTAINER = "pallet", "container"


@dataclass
class Reasons:
    """What a conversion rests on: statements with their source, each once, and the weakest of their letters."""

    statements: dict[str, str] = field(default_factory=dict)
    confidence: str = "A"

    def add(self, statement: str, source: str, confidence: str) -> None:
        self.statements[statement] = source
        self.confidence = weaker(self.confidence, confidence)

    def unit(self, code: str) -> None:
        """What a unit is by its definition."""
        found = UNITS[code]
        self.add(f"1 {code} = {found.definition}", found.source, found.confidence)


@dataclass(frozen=True)
class Conversion:
    """A value in the unit asked for, whether all of its digits are shown, and what it rests on."""

    value: str
    exact: bool
    reasons: Reasons


def converted(
    quantity: Quantity, to: str, product: Product | None, package: Package | None, equipment: Mapping[str, Equipment]
) -> Conversion:
    """The quantity in the unit `to`. Raises Unpriceable: what convert raises, "conversion_needs_product", "package_unknown"."""
    reasons = Reasons()
    through_teu = _in_teu(quantity, to, equipment, reasons)
    if through_teu is not None:
        return _told(through_teu, reasons)
    kinds = {UNITS[quantity.unit].kind, UNITS[to].kind}
    if quantity.unit == to or (len(kinds) == 1 and PACKED not in kinds):
        found = convert(quantity, to, "?/to")
        derived = [code for code in (quantity.unit, to) if UNITS[code].numerator != UNITS[code].denominator]
        for code in derived or (to,):
            reasons.unit(code)
        return _told(_fraction(found), reasons)
    if product is None or package is None:
        if PACKED not in kinds:
            convert(quantity, to, "?/to")  # refuses, with the units that would do
        raise Unpriceable("conversion_needs_product", "?/product", ("avocado-fresh",), unit=quantity.unit, wanted=to)
    packed = Packed(product, package, equipment, reasons)
    packages = Fraction(quantity.value) * packed.packages_in(quantity.unit, "?/q")
    return _told(packages / packed.packages_in(to, "?/to"), reasons)


@dataclass(frozen=True)
class Packed:
    """The packages of a product as the measure of everything else."""

    product: Product
    package: Package
    equipment: Mapping[str, Equipment]
    reasons: Reasons

    def packages_in(self, code: str, pointer: str) -> Fraction:
        """How many packages one of a unit makes. Raises "package_unknown", with the units that the package knows."""
        package, kind = self.package, UNITS[code].kind
        content = {MASS: (package.net_weight_kg, "kg"), VOLUME: (package.net_volume_l, "L")}.get(kind)
        if content is not None:
            return self._by_content(code, *content, pointer)
        if code == PALLET:
            return self._load(code, package.packages_per_pallet, pointer)
        if code == CONTAINER or code in self.equipment:
            fits = code in (CONTAINER, package.equipment)
            return self._load(
                code if code != CONTAINER else f"{CONTAINER} ({package.equipment})",
                package.packages_per_container if fits else None,
                pointer,
            )
        if not names_package(code, package.code):
            raise self._refusal(code, pointer)
        return Fraction(1)

    def _by_content(self, code: str, content: Decimal | None, base: str, pointer: str) -> Fraction:
        if not content:
            raise self._refusal(code, pointer)
        row = self.package.row
        self.reasons.add(f"1 {self.package.code} = {plain(content)} {base}", row.source, row.confidence)
        if code != base:
            self.reasons.unit(code)
        return _fraction(convert(Quantity(Decimal(1), code), base)) / Fraction(content)

    def _load(self, whole: str, count: int | None, pointer: str) -> Fraction:
        if not count:
            raise self._refusal(whole.partition(" ")[0], pointer)
        row = self.package.row
        self.reasons.add(f"1 {whole} = {count} {self.package.code}", row.source, row.confidence)
        return Fraction(count)

    def _refusal(self, code: str, pointer: str) -> Unpriceable:
        return Unpriceable(
            "package_unknown",
            pointer,
            tuple(self._known()),
            unit=code,
            product=f"{self.product.slug}, {self.package.code}",
        )

    def _known(self) -> Iterator[str]:
        package = self.package
        word = package_word(package.code)
        yield from (
            (code for code in ("carton", "case") if word in BOXES) if word in BOXES else ((word,) if word else ())
        )
        if package.packages_per_pallet:
            yield PALLET
        if package.packages_per_container:
            yield package.equipment
        yield from (base for held, base in ((package.net_weight_kg, "kg"), (package.net_volume_l, "L")) if held)


def _in_teu(quantity: Quantity, to: str, equipment: Mapping[str, Equipment], reasons: Reasons) -> Fraction | None:
    """A count of containers in TEU or FEU, or the other way; None where neither side is such a count."""
    codes = (quantity.unit, to)
    if EQUIPMENT not in {UNITS[code].kind for code in codes} or quantity.unit == to:
        return None
    sizes = [_teu(code, equipment, reasons) for code in codes]
    if sizes[0] is None or sizes[1] is None:
        return None
    return Fraction(quantity.value) * sizes[0] / sizes[1]


def _teu(code: str, equipment: Mapping[str, Equipment], reasons: Reasons) -> Fraction | None:
    if UNITS[code].kind == EQUIPMENT:
        return _fraction(convert(Quantity(Decimal(1), code), "TEU"))
    box = equipment.get(code)
    if box is None or not box.teu:
        return None
    reasons.add(f"1 {code} = {plain(box.teu)} TEU", box.row.source, box.row.confidence)
    return Fraction(box.teu)


def _fraction(number: Number) -> Fraction:
    if isinstance(number, Quotient):
        return Fraction(number.numerator) / Fraction(number.denominator)
    return Fraction(number)


def _told(number: Fraction, reasons: Reasons) -> Conversion:
    value, exact = decimal_of(Quotient(Decimal(number.numerator), Decimal(number.denominator)))
    text = plain(value)
    return Conversion(text.rstrip("0").rstrip(".") if "." in text else text, exact, reasons)
