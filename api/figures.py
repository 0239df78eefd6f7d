"""The figures of a request: decimals, quantities and currencies, as people write them and never through a float."""

import re
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from itertools import islice
from typing import Any, ClassVar

from babel.numbers import list_currencies

from api.fields import Exact, Fragment, KnownNow, number_text, text_of, wrong_type
from api.reading import LONGEST_ECHO, Refused, escaped
from calculator.errors import Unpriceable, Unreadable
from calculator.money import YUAN
from calculator.quantities import Quantity, read_decimal, read_quantity, unit

MOST_PAIRS = 60
USUAL_CURRENCIES = ("CNY", "USD", "MXN", "EUR")
_DENSITY = re.compile(r"(?P<number>[0-9., ]+?) ?(?P<unit>[A-Za-z0-9³]+ ?/ ?[A-Za-z0-9³]+)")
# Kilograms a litre: the densities that trade papers state. Others would not terminate.
DENSITIES = {
    "kg/L": Decimal(1),
    "g/mL": Decimal(1),
    "g/cm3": Decimal(1),
    "t/m3": Decimal(1),
    "kg/m3": Decimal("0.001"),
    "g/L": Decimal("0.001"),
}


class ExactDecimal(Exact):
    """A decimal of 0 or more: text or a JSON number, without an exponent; `positive` refuses zero."""

    schema: ClassVar[Fragment] = {"$ref": "#/components/schemas/Decimal"}

    def __init__(self, positive: bool = False, places: int = 9, **kwargs: Any) -> None:
        self.positive = positive
        self.places = places
        super().__init__(**kwargs)

    def read(self, value: object) -> Decimal:
        return decimal(value, positive=self.positive, places=self.places)


def decimal(value: object, pointer: str = "", *, positive: bool = False, places: int = 9) -> Decimal:
    """The decimal of a text or a JSON number."""
    text = number_text(value, pointer)
    result = read_decimal(text, pointer, places=places)
    if positive and result == 0:
        raise Unreadable("not_positive", pointer, text=text)
    return result


class Currency(Exact):
    """A currency (ISO 4217) of which this installation knows rates."""

    schema: ClassVar[Fragment] = {"$ref": "#/components/schemas/Currency"}

    def read(self, value: object) -> str:
        return currency(value)


def currency(value: object, pointer: str = "") -> str:
    """The code of a currency, or a refusal with the nearest ones."""
    text = text_of(value, pointer, USUAL_CURRENCIES)
    if text != YUAN and text not in KnownNow.get().currencies:
        known = KnownNow.get().currencies | {YUAN}
        wanted = text[:LONGEST_ECHO].strip().upper()
        nearest = [wanted] if wanted in known else get_close_matches(wanted, sorted(known), n=5, cutoff=0.6)
        raise Unreadable("unknown_currency", pointer, nearest or USUAL_CURRENCIES, currency=text[:LONGEST_ECHO])
    return text


def stated_currencies(document: object) -> frozenset[str]:
    """The currencies (ISO 4217) for which a request brings a rate to the yuan itself; its rates win over the tables."""
    found = set()
    for field in ("fx", "customs_fx"):
        pairs = document.get(field) if isinstance(document, dict) else None
        for pair in islice(pairs, MOST_PAIRS) if isinstance(pairs, dict) else ():
            base, _, quote = str(pair).partition("/")
            found |= {base, quote} if "CNY" in (base, quote) else set()
    return frozenset(found & iso_currencies())


@cache
def iso_currencies() -> frozenset[str]:
    """Every code that ISO 4217 has given to the money of a country."""
    return frozenset(each for each in list_currencies() if not each.startswith("X"))


class QuantityField(Exact):
    """A quantity: a text such as "20.16 t", or {"value", "unit"}; more than zero."""

    schema: ClassVar[Fragment] = {"$ref": "#/components/schemas/Quantity"}

    def read(self, value: object) -> Quantity:
        return quantity(value)


def quantity(value: object, pointer: str = "") -> Quantity:
    """The quantity of a text or of an object."""
    if isinstance(value, dict):
        number, name = pair_of(value, pointer)
        amount = decimal(number, f"{pointer}/value", positive=True)
        return Quantity(amount, unit(text_of(name, f"{pointer}/unit"), f"{pointer}/unit").code)
    return read_quantity(number_text(value, pointer), pointer)


class Quantities(Exact):
    """A few quantities."""

    schema: ClassVar[Fragment] = {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Quantity"},
        "minItems": 1,
        "maxItems": 4,
    }

    def read(self, value: object) -> tuple[Quantity, ...]:
        if not isinstance(value, list) or not 1 <= len(value) <= 4:
            raise wrong_type("list_of_quantities")
        return tuple(quantity(each, f"/{place}") for place, each in enumerate(value))


class Density(Exact):
    """The density of a good in kilograms a litre: "0.95 kg/L"."""

    schema: ClassVar[Fragment] = {"$ref": "#/components/schemas/Density"}

    def read(self, value: object) -> Decimal:
        if isinstance(value, dict):
            number, name = pair_of(value, "")
            per, where = text_of(name, "/unit"), "/value"
        else:
            text = text_of(value, "", ("0.95 kg/L",)).strip()
            match = _DENSITY.fullmatch(text[:LONGEST_ECHO])
            if match is None:
                raise Unreadable("unreadable_density", "", ("0.95 kg/L",), text=text[:LONGEST_ECHO])
            number, per, where = match["number"], match["unit"], ""
        spelled = per.replace("³", "3").replace(" ", "")
        factor = next((DENSITIES[each] for each in DENSITIES if each.lower() == spelled.lower()), None)
        if factor is None:
            raise Unreadable("unreadable_density", "", DENSITIES, text=per[:LONGEST_ECHO])
        return decimal(number, where, positive=True) * factor


class UnitOfPrice(Exact):
    """What a price is for: a unit, a package, or "total"."""

    schema: ClassVar[Fragment] = {"type": "string", "maxLength": 32, "examples": ["kg", "t", "L", "carton", "total"]}

    def read(self, value: object) -> str:
        text = text_of(value)
        return text if text == "total" else unit(text).code


class Rates(Exact):
    """Exchange rates by pair, in either direction, one side of which is the yuan: {"USD/CNY": "6.7628"}."""

    schema: ClassVar[Fragment] = {"$ref": "#/components/schemas/ExchangeRates", "maxProperties": MOST_PAIRS}
    hubs: ClassVar[tuple[str, ...]] = (YUAN,)

    def read(self, value: object) -> dict[tuple[str, str], Decimal]:
        if not isinstance(value, dict):
            raise wrong_type("object")
        if len(value) > MOST_PAIRS:
            raise Unreadable("too_many", most=MOST_PAIRS)
        rates = {}
        refusals = []
        for pair, figure in value.items():
            pointer = f"/{escaped(pair)}"
            try:
                rates[_pair(pair, pointer, self.hubs)] = decimal(figure, pointer, positive=True, places=12)
            except Unpriceable as refusal:
                refusals.append(refusal)
        if refusals:
            raise Refused(refusals)
        return rates


class MarketRates(Rates):
    """Exchange rates by pair, one side of which is the yuan or, for what the seller receives, the peso."""

    schema: ClassVar[Fragment] = {"$ref": "#/components/schemas/MarketRates", "maxProperties": MOST_PAIRS}
    hubs: ClassVar[tuple[str, ...]] = (YUAN, "MXN")


def _pair(text: str, pointer: str, hubs: tuple[str, ...]) -> tuple[str, str]:
    """The two currencies of a pair, one of which is among the `hubs`."""
    base, slash, quote = text.partition("/")
    if not slash or "/" in quote:
        raise Unreadable("not_a_pair", pointer, ("USD/CNY",), text=text[:LONGEST_ECHO])
    if not base.strip() or not quote.strip():
        raise Unreadable("not_a_pair", pointer, ("USD/CNY",), text=text[:LONGEST_ECHO])
    pair = currency(base, pointer), currency(quote, pointer)
    if pair[0] == pair[1] or not set(hubs) & set(pair):
        other = next((each for each in pair if each != YUAN), "USD")
        raise Unreadable("pair_without_yuan", pointer, (f"{other}/CNY",), text=text)
    return pair


def pair_of(
    value: dict[str, object], pointer: str, names: tuple[str, str] = ("value", "unit")
) -> tuple[object, object]:
    """The two parts of an object, a number and its unit; everything that is missing or too much is told."""
    refusals = [Unreadable("missing_field", f"{pointer}/{name}") for name in names if name not in value]
    refusals += [
        Unreadable("unknown_field", f"{pointer}/{escaped(name)}", names, field=name[:LONGEST_ECHO])
        for name in value
        if name not in names
    ]
    if refusals:
        raise Refused(refusals)
    return value[names[0]], value[names[1]]
