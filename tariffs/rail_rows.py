"""The rows of the ways of paying as the calculator's types: rails, and the fees that each of them asks."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from calculator.rails import Fee, Rail
from calculator.tariff_line import Row
from calculator.validity import Validity
from tariffs.tables import Raw, day, names_of, number, open_day, open_number

TABLE = "payment-rails"
RAILS, FEES = "payment/rails.csv", "payment/rail_fees.csv"
COLUMNS: dict[str, tuple[str, ...]] = {
    file: tuple(heading.split())
    for file, heading in {
        RAILS: "code en es zh currencies charges reachable days_min days_max least most source confidence note",
        FEES: (
            "rail code en es zh payer basis share fixed minimum maximum currency tax low usual valid_from valid_to source "
            "confidence note"
        ),
    }.items()
}
YES = "yes"


def rail(raw: Raw, fees: tuple[Fee, ...], first: date) -> Rail:
    """A row of the rails, with its fees."""
    cell = dict(zip(COLUMNS[RAILS], raw, strict=True))
    return Rail(
        code=cell["code"],
        names=names_of(cell),
        currencies=tuple(cell["currencies"].split()),
        charges=cell["charges"] == YES,
        reachable=cell["reachable"] == YES,
        days_min=open_number(cell["days_min"]),
        days_max=open_number(cell["days_max"]),
        least=open_number(cell["least"]),
        most=open_number(cell["most"]),
        fees=fees,
        row=Row(TABLE, Validity(first), cell["source"], cell["confidence"], cell["note"]),
    )


def fee(raw: Raw) -> Fee:
    """A row of the fees; a share, an amount or a tax that is left out is none."""
    cell = dict(zip(COLUMNS[FEES], raw, strict=True))
    validity = Validity(day(cell["valid_from"]), open_day(cell["valid_to"]))
    return Fee(
        code=cell["code"],
        names=names_of(cell),
        payer=payers(cell["payer"]),
        basis=cell["basis"],
        share=_figure(cell["share"]),
        fixed=_figure(cell["fixed"]),
        minimum=open_number(cell["minimum"]),
        maximum=open_number(cell["maximum"]),
        currency=cell["currency"],
        tax=_figure(cell["tax"]),
        low=open_number(cell["low"]),
        usual=cell["usual"] == YES,
        row=Row(TABLE, validity, cell["source"], cell["confidence"], cell["note"]),
    )


def payers(text: str) -> Mapping[str, str]:
    """Who pays: "seller", or by the option of charges, "OUR:buyer SHA:seller"; under an option that is not there nobody does."""
    found = {}
    for each in text.split():
        option, _, payer = each.rpartition(":")
        found[option] = payer
    return MappingProxyType(found)


def _figure(text: str) -> Decimal:
    return number(text) if text else Decimal(0)
