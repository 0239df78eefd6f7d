"""Atlantis: an invented tariff that a reader can hold in the head, so that tests of the engine survive every change of China's.

Five lines, round rates, four currencies. `atlantis_dossier(request)` is the dossier that a book of Atlantis would give.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from calculator.citations import Source
from calculator.dossier import Dossier, LineDossier, Parameter, TableState
from calculator.incoterms import Incoterm
from calculator.money import ExchangeRate, Money
from calculator.origins import MFN, Origin
from calculator.quantities import read_quantity
from calculator.request import Costs, GoodsLine, Price, QuoteRequest
from calculator.tariff_line import (
    Excise,
    ExciseCase,
    ExciseForm,
    ExcisePerUnit,
    Measure,
    MeasureKind,
    Row,
    TariffLine,
    VatRate,
)
from calculator.validity import Validity
from tariffs.expressions import duty_rate

PEARLS, KELP, NECTAR, SPONGES, CORAL = "01010101", "01010102", "01010103", "01010104", "01010105"
TODAY = date(2030, 5, 10)
FIRST, LAST = date(2030, 1, 1), date(2030, 12, 31)

SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        key: Source(key, title, title_zh, "The Tritons", "", None, FIRST, f"https://atlantis.example/{key}", None, "A")
        for key, title, title_zh in (
            ("atlantis-tariff", "Tariff of Atlantis", "亚特兰蒂斯税则"),
            ("atlantis-taxes", "Tax code of Atlantis", "亚特兰蒂斯税法"),
            ("atlantis-mint", "Rates of the Mint of Atlantis", ""),
        )
    }
)
_NAMES = {
    PEARLS: {"en": "Pearls", "es": "Perlas", "zh": "珍珠"},
    KELP: {"en": "Kelp", "es": "Algas", "zh": "海带"},
    NECTAR: {"en": "Nectar", "es": "Néctar", "zh": "甘露"},
    SPONGES: {"en": "Sponges", "es": "Esponjas", "zh": "海绵"},
    CORAL: {"en": "Coral", "es": "Coral", "zh": "珊瑚"},
}
# Line, column, duty, last day.
_MEASURES: tuple[tuple[str, MeasureKind, str, date | None], ...] = (
    (PEARLS, MeasureKind.MFN, "10%", None),
    (PEARLS, MeasureKind.GENERAL, "80%", None),
    (KELP, MeasureKind.PROVISIONAL, "5%", LAST),
    (KELP, MeasureKind.MFN, "20%", None),
    (NECTAR, MeasureKind.MFN, "10% + 2 CNY/L", None),
    (SPONGES, MeasureKind.MFN, "3 CNY/kg", None),
    (CORAL, MeasureKind.MFN, "0%", None),
)
_VAT = {PEARLS: "0.13", KELP: "0.09", NECTAR: "0.13", SPONGES: "0.13", CORAL: "0.13"}
_PARAMETERS = (("duty_waiver", "50"), ("consumption_tax_waiver", "50"), ("import_vat_waiver", "50"))
# Yuan for one unit: dividend and divisor, the words in which it is published.
_CUSTOMS = {"USD": ("7", "1", "1 USD = 7 CNY"), "MXN": ("1", "3", "1 CNY = 3 MXN"), "EUR": ("8", "1", "1 EUR = 8 CNY")}
_MARKET = {
    "USD": ("7.1", "1", "1 USD = 7.1 CNY"),
    "MXN": ("2", "5", "5 MXN = 2 CNY"),
    "EUR": ("7.7", "1", "1 EUR = 7.7 CNY"),
    "JPY": ("1", "20", "1 CNY = 20 JPY"),
}


def row(table: str, source: str = "atlantis-tariff", confidence: str = "A", last: date | None = None) -> Row:
    """A row in force from the first day of Atlantis."""
    return Row(table, Validity(FIRST, last), source, confidence)


def line_dossier(hs_code: str, vat: tuple[str, ...] = ()) -> LineDossier:
    """What the tables of Atlantis hold of a line; nothing for "", a good outside them."""
    if not hs_code:
        return LineDossier()
    measures = tuple(
        Measure(kind, duty_rate(text), row("customs-schedule", last=last))
        for code, kind, text, last in _MEASURES
        if code == hs_code
    )
    rates = vat or (_VAT[hs_code],)
    taxes = row("vat", "atlantis-taxes")
    return LineDossier(
        tariff_line=TariffLine(hs_code, _NAMES[hs_code], "", ("kg",), "", "", row("tariff-lines")),
        measures=measures,
        vat=tuple(VatRate(Decimal(rate), "standard", taxes) for rate in rates),
        excise=(ExciseCase(_nectar()),) if hs_code == NECTAR else (),
        covered_from=FIRST,
        origin=Origin("MX", {"en": "Mexico", "es": "México", "zh": "墨西哥"}, MFN, (), row("origins")),
    )


def _nectar() -> Excise:
    per_unit = (ExcisePerUnit(Decimal(1), "L"),)
    return Excise("nectar", ExciseForm.COMPOUND, row("consumption-tax", "atlantis-taxes"), Decimal("0.2"), per_unit)


def rates(desk: str) -> dict[str, ExchangeRate]:
    """The rates of a desk of the Mint."""
    published = _CUSTOMS if desk == "customs" else _MARKET
    last = date(2030, 5, 31) if desk == "customs" else None
    return {
        currency: ExchangeRate(
            currency, "CNY", Decimal(up), Decimal(down), FIRST, desk, "atlantis-mint", "A", words, valid_to=last
        )
        for currency, (up, down, words) in published.items()
    }


def atlantis_dossier(request: QuoteRequest, **changed: Any) -> Dossier:
    """The dossier of a request by the tables of Atlantis; `changed` replaces whole parts of it."""
    parameters = {name: Parameter(name, Decimal(value), "CNY", row("import-taxes")) for name, value in _PARAMETERS}
    parameters["presumed_insurance"] = Parameter("presumed_insurance", Decimal("0.003"), "share", row("import-taxes"))
    parts = {
        "lines": tuple(line_dossier(line.hs_code) for line in request.goods),
        "customs_rates": rates("customs"),
        "market_rates": rates("market"),
        "parameters": parameters,
        "sources": SOURCES,
        "tables": (TableState("customs-schedule", "1", LAST, "A"), TableState("vat", "1", LAST, "A")),
        "release": "atlantis-1",
        "fx_release": "mint-1",
    }
    return Dossier(**(parts | changed))


def goods(hs_code: str, quantity: str, price: str, currency: str = "USD", per: str = "total", **more: Any) -> GoodsLine:
    """One line of goods."""
    return GoodsLine(read_quantity(quantity), Price(Decimal(price), currency, per), hs_code=hs_code, **more)


def asked(*lines: GoodsLine, freight: str = "", incoterm: str = "FOB", **more: Any) -> QuoteRequest:
    """A request on a day of Atlantis; freight in dollars."""
    if freight:
        more.setdefault("costs", Costs(freight=Money(Decimal(freight), "USD")))
    return QuoteRequest(lines, more.pop("declared_on", TODAY), incoterm=Incoterm(incoterm), **more)
