"""Requests in a line or two, and the real book, for tests of choosing and pricing."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from calculator.incoterms import Incoterm
from calculator.money import Money
from calculator.quantities import read_quantity
from calculator.quote import Quote, quote_of
from calculator.request import Costs, GoodsLine, Price, QuoteRequest
from tariffs.book import Book


@pytest.fixture(scope="session")
def book() -> Book:
    return Book.load()


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def line(
    quantity: str = "20.16 t", price: str = "40000", currency: str = "USD", per: str = "total", **more: Any
) -> GoodsLine:
    if "product" not in more and "hs_code" not in more and "description" not in more:
        more["hs_code"] = "08044000"
    return GoodsLine(quantity=read_quantity(quantity), price=Price(Decimal(price), currency, per), **more)


def request(*goods: GoodsLine, incoterm: str = "FOB", freight: str = "6200", **more: Any) -> QuoteRequest:
    more.setdefault("fx", {("USD", "CNY"): Decimal("6.7628")})
    more.setdefault("declared_on", date(2026, 11, 23))
    if "costs" not in more and freight:
        more["costs"] = Costs(freight=usd(freight))
    return QuoteRequest(goods=goods or (line(),), incoterm=Incoterm(incoterm), **more)


@pytest.fixture
def price(book: Book) -> Callable[[QuoteRequest], Quote]:
    return lambda asked: quote_of(asked, book.dossier(asked))
