"""What the book hands out for one request: the origin, its remedies, every figure of the day, the last day of paying."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from calculator.dossier import LineDossier
from calculator.errors import NotInForce, Unpriceable
from calculator.quantities import read_quantity
from calculator.request import GoodsLine, Lateness, Price, QuoteRequest
from calculator.tariff_line import AdValorem, MeasureKind
from tariffs.book import Book

DAY = date(2026, 11, 23)
PECANS = GoodsLine(read_quantity("1 t"), Price(Decimal(5), "CNY", "kg"), hs_code="08029990")


@pytest.fixture(scope="module")
def book() -> Book:
    return Book.load()


def line(book: Book, on: date = DAY, **said: Any) -> LineDossier:
    (found,) = book.dossier(QuoteRequest((replace(PECANS, **said),), on)).lines
    return found


@pytest.mark.parametrize(
    ("origin", "origins"), [("MX", [("MX",)]), ("US", [("US",)]), ("AU", []), ("unknown", [("MX",), ("US",)])]
)
def test_remedies_are_those_of_the_origin(book: Book, origin: str, origins: list[tuple[str, ...]]) -> None:
    assert [each.origins for each in line(book, origin=origin).remedies] == origins
    assert [each.origins for each in line(book, date(2026, 1, 5), origin=origin).pending] == origins


def test_a_subheading_is_asked_about_with_its_origin(book: Book) -> None:
    """The lines of 080299 differ for Mexico by the remedy on pecans."""
    with pytest.raises(Unpriceable) as error:
        line(book, hs_code="080299", origin="MX")
    assert error.value.code == "ambiguous_code"


def test_a_subheading_whose_lines_part_by_a_rate_that_ended_is_asked_about(book: Book) -> None:
    """03031310 has a provisional rate until the end of 2026 and 03031320 none: whether it goes on is open for one of them."""
    with pytest.raises(Unpriceable) as error:
        line(book, date(2027, 2, 15), hs_code="030313")
    assert (error.value.code, error.value.allowed) == ("ambiguous_code", ("03031310", "03031320"))


def test_the_origin_of_a_line(book: Book) -> None:
    found = line(book, origin="PE").origin
    assert found is not None
    assert (found.code, found.column) == ("PE", "mfn")
    assert line(book, origin="unknown").origin is None
    mine = line(book, hs_code="", origin="IR").origin
    assert mine is not None
    assert mine.column == "open"


@pytest.mark.parametrize(("written", "nearest"), [("MEX", "MX"), ("Mexico", "MX"), ("usa", "US")])
def test_an_origin_that_is_no_code(book: Book, written: str, nearest: str) -> None:
    with pytest.raises(Unpriceable) as error:
        line(book, origin=written)
    assert (error.value.code, error.value.pointer) == ("unknown_origin", "/goods/0/origin")
    assert error.value.allowed[0] == nearest
    assert error.value.facts == {"origin": written}


def test_a_day_before_the_table_of_origins(book: Book) -> None:
    with pytest.raises(NotInForce) as error:
        line(book, date(2015, 12, 31), origin="IR")
    assert error.value.pointer == "/goods/0/origin"


def test_every_figure_of_the_day(book: Book) -> None:
    figures = book.dossier(QuoteRequest((PECANS,), DAY)).parameters
    assert figures["cbec_order_limit"].value == Decimal(5000)
    assert figures["late_declaration_rate"].value == Decimal("0.0005")
    assert figures["super_luxury_threshold"].value == Decimal(900_000)
    assert "postal_rate_third_of_four" not in figures
    assert not any(name.startswith("beer") for name in figures)
    before = book.dossier(QuoteRequest((PECANS,), date(2018, 12, 31))).parameters
    assert before["cbec_order_limit"].value == Decimal(2000)
    assert "postal_rate_medicines" not in before


def test_the_last_day_of_paying_where_the_day_of_paying_is_told(book: Book) -> None:
    request = QuoteRequest((PECANS,), DAY)
    assert book.dossier(request).payment_due is None
    paid = replace(request, late=Lateness(paid_on=date(2026, 12, 20)))
    assert book.dossier(paid).payment_due == date(2026, 12, 8)
    counted = replace(request, late=Lateness(paid_on=date(2026, 12, 20), counts_first_day=True))
    assert book.dossier(counted).payment_due == date(2026, 12, 7)


def test_listing_and_postal_are_always_there(book: Book) -> None:
    cheese = line(book, hs_code="04061000")
    assert cheese.listing is not None
    assert cheese.listing.listed
    assert [each.code for each in cheese.postal] == ["food"]
    assert line(book).listing is None


def test_an_agreement_of_an_overlay_reaches_its_countries_only(tmp_path: Path) -> None:
    (tmp_path / "cn").mkdir()
    (tmp_path / "sources.toml").write_text('[mine]\ntitle = "Rates under the agreement"\nconfidence = "B"\n')
    (tmp_path / "cn" / "measures.csv").write_text(
        "hs_code,measure,expression,part,origins,valid_from,valid_to,source,confidence,note\n"
        "08029990,agreement,0%,,CL PE,2026-01-01,,mine,B,\n"
        "08029990,agreement,3%,,NZ,2026-01-01,,mine,B,\n"
        "08029990,special_preferential,0%,,LA,2026-01-01,,mine,B,\n"
    )
    book = Book.load(tmp_path)

    def preferences(origin: str) -> list[tuple[MeasureKind, object]]:
        measures = line(book, origin=origin).measures
        return [(each.kind, each.rate) for each in measures if each.origins]

    assert preferences("PE") == [(MeasureKind.AGREEMENT, AdValorem(Decimal(0)))]
    assert preferences("NZ") == [(MeasureKind.AGREEMENT, AdValorem(Decimal("0.03")))]
    assert preferences("LA") == [(MeasureKind.SPECIAL_PREFERENTIAL, AdValorem(Decimal(0)))]
    assert preferences("MX") == preferences("unknown") == []
