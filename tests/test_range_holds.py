"""Whatever is asked, the range of a quote holds its value, every estimate has one, and a band of rates moves no total."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator.incoterms import Incoterm
from calculator.quote import Quote, quote_of
from calculator.request import QuoteRequest
from tariffs.book import Book
from tests.test_readings_agree import (
    alone,
    delivered_duty_paid,
    on_a_route,
    one_line,
    paid_by_a_rail_of_the_tables,
    paid_late,
    parcel,
    retail_order,
    several_lines,
)

KINDS: tuple[Callable[[Random], QuoteRequest], ...] = (
    one_line,
    several_lines,
    delivered_duty_paid,
    paid_late,
    retail_order,
    parcel,
    on_a_route,
    paid_by_a_rail_of_the_tables,
)
# Days of the tables, of the year before (whose charges of ports are not verified), and after every table's last.
DAYS = (date(2026, 11, 23), date(2025, 7, 21), date(2027, 2, 3))
BANDS = (None, None, D(0), D("0.003"), D("0.05"), D("0.4"), D("0.999"))


def held(quote: Quote) -> None:
    """The laws of a range."""
    estimated = quote.outcome.status == "estimated"
    assert estimated or quote.request.fx_band is not None or quote.range is None
    if quote.range is None:
        assert not estimated
        return
    low, value, high = (totals["landed_cost"] for totals in (quote.range.low, quote.totals, quote.range.high))
    assert low <= value <= high
    apart = high - low
    for each in quote.range.sources:
        if each.width is None:
            assert each.above == 0
            continue
        assert 0 <= each.above <= each.width
        # A delivered-duty-paid price may fix the landed cost: then the taxes inside it are what is open.
        assert each.width <= apart or quote.request.incoterm is Incoterm.DDP
    if not any(each.width for each in quote.range.sources):
        assert quote.range.low == quote.range.high == quote.totals
    bands = [each for each in quote.range.sources if each.remark.code == "fx_band"]
    assert len(bands) == (quote.request.fx_band is not None)
    assert estimated == (bool(quote.range.reasons) or quote.trust.outcome.status == "estimated")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=40, deadline=None)
@given(
    chance=st.randoms(use_true_random=False),
    on=st.sampled_from(DAYS),
    band=st.sampled_from(BANDS),
    own=st.booleans(),
)
def test_a_range_holds_its_value(
    kind: Callable[[Random], QuoteRequest], chance: Random, on: date, band: D | None, own: bool, real_book: Book
) -> None:
    request = replace(kind(chance), declared_on=on, fx_band=band)
    if not own:
        request = replace(request, fx={pair: rate for pair, rate in request.fx.items() if "CNY" not in pair})
    quote = alone(request, real_book)
    if quote is None:
        return
    held(quote)
    if band is not None:
        without = quote_of(replace(request, fx_band=None), real_book.dossier(request))
        assert (quote.totals, quote.lines) == (without.totals, without.lines)
        assert quote.outcome.status == without.outcome.status
        assert quote.outcome.reasons == without.outcome.reasons
