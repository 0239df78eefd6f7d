"""The rows of the tables that rows of a file used: those that a quote of each would keep, however they were priced."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import known_of
from api.batches.columnar import Columnar
from api.batches.consignments import REFUSALS, Pricing, Texts
from api.batches.pricing import Run
from api.batches.used import Used
from api.pricing import price
from api.schemas import QuoteIn
from api.settings import Settings
from tariffs.book import Book
from tariffs.rows_used import RowName, RowNames
from tests.conftest import NOW
from tests.flat import AVOCADO, flat_texts
from tests.quoted import CASES, request_of

Found = dict[date, set[RowName]]
OF_CASES = [texts for texts in (flat_texts(request_of(path)) for path in CASES) if texts is not None]
PLAIN = {"quantity": "1000 kg", "currency": "CNY", "per": "total", "incoterm": "CIF", "origin": "MX"}
CODES = (
    "08044000",
    "09011100",
    "22089010",
    "02013000",
    "10059000",
    "33049900",
    "24022000",
    "08029990",
    "85176299",
    "9999",
)
# What a waiver takes off, what it just does not, and what no waiver reaches: a duty of 50 yuan and VAT of 50 yuan at low rates.
PRICES = ("1", "40", "300", "380", "550", "720", "999", "10000", "1000000")
DAYS = ("2026-11-23", "2026-06-01", "2027-02-01", "2025-03-04", "")


@pytest.fixture(scope="module")
def pricing(real_book: Book) -> Pricing:
    return Pricing(real_book, QuoteIn(known_of(Settings(database="sqlite://"), real_book, lambda: NOW)))


@pytest.fixture(scope="module")
def names(real_book: Book) -> RowNames:
    return RowNames(real_book.records)


def noted(pricing: Pricing, rows: Sequence[Texts]) -> Found:
    """What a run over the rows notes, priced together as far as they can be."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    schema = pa.schema([(name, pa.string()) for name in columns])
    batch = pa.RecordBatch.from_pylist([{name: row.get(name) for name in columns} for row in rows], schema)
    run = Run(replace(pricing, used=Used(pricing.book.records)), schema)
    list(run.answers([batch]))
    found = {on: set(used) for on, used in run.used().items()}
    assert run.used() == {}, "what was handed on is noted no more"
    return found


def by_quotes(pricing: Pricing, names: RowNames, rows: Sequence[Texts]) -> Found:
    """The same, by a quote of each row."""
    found: Found = {}
    for row in rows:
        try:
            quote = price(pricing.request([row]), pricing.book)
        except REFUSALS:
            continue
        found.setdefault(quote.request.declared_on, set()).update(names.of(quote))
    return found


@pytest.mark.parametrize("row", OF_CASES, ids=lambda row: f"{row.get('product') or row.get('hs_code')}")
def test_the_rows_of_every_golden_case(row: Texts, pricing: Pricing, names: RowNames) -> None:
    found = by_quotes(pricing, names, [row])
    assert found
    assert noted(pricing, [row]) == found


def rows() -> Iterator[st.SearchStrategy[Texts]]:
    """Rows of files: plain ones, which are priced together, and such as are looked at one by one."""
    line = {"hs_code": st.sampled_from(CODES), "price": st.sampled_from(PRICES), "declared_on": st.sampled_from(DAYS)}
    more = {
        "origin": st.sampled_from(["MX", "US", "unknown", "VN"]),
        "regime": st.sampled_from(["", "cbec_retail", "postal_articles", "best"]),
        "tariff_quota": st.sampled_from(["", "true"]),
        "vat_recoverable": st.sampled_from(["", "true"]),
        "duty_rate": st.sampled_from(["", "", "3%"]),
        "rail": st.sampled_from(["", "swift-tt"]),
        "quantity": st.sampled_from(["1000 kg", "0.75 L", "12 units"]),
    }
    yield st.fixed_dictionaries(line).map(lambda said: PLAIN | said)
    yield st.fixed_dictionaries(line, optional=more).map(lambda said: PLAIN | said)
    freight = {"freight": st.sampled_from(["6200", "planning"]), "price": st.sampled_from(["40", "40000"])}
    yield st.fixed_dictionaries(freight).map(lambda said: AVOCADO | {"from": "MXZLO", "to": "CNSHA"} | said)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some=st.lists(st.one_of(*rows()), min_size=1, max_size=6))
def test_the_rows_of_any_file(some: list[Texts], pricing: Pricing, names: RowNames) -> None:
    assert noted(pricing, some) == by_quotes(pricing, names, some)


def test_the_rows_of_a_code_at_every_price(pricing: Pricing, names: RowNames) -> None:
    """Whether a waiver takes something off is another answer, and other rows; and they are priced together here."""
    some = [PLAIN | {"hs_code": code, "price": cost, "declared_on": "2026-11-23"} for code in CODES for cost in PRICES]
    assert noted(pricing, some) == by_quotes(pricing, names, some)
    for each in some:
        assert noted(pricing, [each]) == by_quotes(pricing, names, [each]), each
    columns = {place: pa.array([row[name] for row in some]) for place, name in enumerate(some[0])}
    run = Run(pricing, pa.schema([(name, pa.string()) for name in some[0]]))
    columnar = Columnar(pricing, run.layout.names)
    left = columnar.answers(columnar.told(columns, len(some))).left()
    assert len(left) < len(some) / 2


def test_nothing_is_noted_of_rows_that_fail(pricing: Pricing) -> None:
    assert noted(pricing, [PLAIN | {"hs_code": "08044000", "price": "many", "declared_on": "2026-11-23"}]) == {}
