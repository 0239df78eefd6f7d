"""The goods themselves: what a product and its packages are, and how much of it there is in each unit the law asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from calculator.tariff_line import Row


@dataclass(frozen=True, slots=True)
class Package:
    """One package of a product: kilograms, litres and cubic metres of one; None where nobody has declared it.

    `packages_per_container` is how many go into one `equipment`; temperatures and days of storage are those of the goods.
    """

    code: str
    description: str
    net_weight_kg: Decimal | None
    net_volume_l: Decimal | None
    gross_weight_kg: Decimal | None
    volume_m3: Decimal | None
    packages_per_pallet: int | None
    row: Row
    equipment: str = ""
    packages_per_container: int | None = None
    temperature_min_c: Decimal | None = None
    temperature_max_c: Decimal | None = None
    storage_days_max: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A good with a name of its own, its Chinese line and its packages, the first being the usual one."""

    slug: str
    names: Mapping[str, str]
    hs_code: str
    subheading: str
    packages: tuple[Package, ...]
    row: Row
