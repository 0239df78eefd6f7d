"""The range of a quote: a band of exchange rates, figures that nobody verified, and all of it together; worked by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from calculator.dossier import Before, Dossier, TableState
from calculator.money import Money
from calculator.outcome import Range
from calculator.quote import Quote, quote_of
from calculator.request import Adjustment, QuoteRequest
from tests.atlantis import LAST, PEARLS, asked, atlantis_dossier, goods, line_dossier, rates


def priced(request: QuoteRequest, **changed: Any) -> Quote:
    return quote_of(request, atlantis_dossier(request, **changed))


def pearls(price: str = "1000", currency: str = "USD", **more: Any) -> QuoteRequest:
    """A hundred kilograms of pearls, CIF: 10% of duty, 13% of VAT."""
    line = {name: more.pop(name) for name in ("deductions",) if name in more}
    return asked(goods(PEARLS, "100 kg", price, currency, **line), incoterm="CIF", **more)


def estimates() -> dict[str, Any]:
    """The customs rates of the month, of which none is published yet."""
    return {name: replace(rate, estimate=True, confidence="C") for name, rate in rates("customs").items()}


def ends(quote: Quote) -> tuple[D, D, D]:
    """The landed cost at both ends, and the one that is shown between them."""
    found = range_of(quote)
    return found.low["landed_cost"], quote.totals["landed_cost"], found.high["landed_cost"]


def range_of(quote: Quote) -> Range:
    assert quote.range is not None
    return quote.range


def widths(quote: Quote) -> list[tuple[str, D | None, D]]:
    """What makes the range wide: by how much, and how much of that lies above what is shown."""
    return [(each.remark.code, each.width, each.above) for each in range_of(quote).sources]


def test_a_quote_of_verified_figures_has_no_width() -> None:
    """No range where nothing is open; one that is asked for, of rates that stay where they are, has both ends at the value."""
    quote = priced(pearls())
    # 7,100 + 700 + 13 % of 7,700
    assert quote.totals["landed_cost"] == D("8801.00")
    assert (quote.outcome.status, quote.range) == ("complete", None)
    still = priced(pearls(fx_band=D(0)))
    assert ends(still) == (D("8801.00"), D("8801.00"), D("8801.00"))
    assert widths(still) == [("fx_band", D(0), D(0))]
    assert still.outcome.status == "complete"


def test_prices_in_yuan_do_not_hang_on_any_rate() -> None:
    quote = priced(pearls("7000", "CNY", fx_band=D("0.10")))
    assert ends(quote) == (D("8701.00"), D("8701.00"), D("8701.00"))
    assert widths(quote) == [("fx_band", D(0), D(0))]


def test_a_band_moves_the_market_and_not_a_published_customs_rate() -> None:
    quote = priced(pearls(fx_band=D("0.10")))
    # The goods cost 6.39 or 7.81 yuan for a dollar, 6,390 or 7,810; customs takes 7 for it, 700 of duty and 1,001 of VAT.
    assert ends(quote) == (D("8091.00"), D("8801.00"), D("9511.00"))
    assert widths(quote) == [("fx_band", D("1420.00"), D("710.00"))]
    assert quote.outcome.status == "complete"
    assert [reason.code for reason in quote.outcome.reasons] == [r.code for r in priced(pearls()).outcome.reasons]


def test_a_band_moves_a_customs_rate_that_is_an_estimate() -> None:
    quote = priced(pearls(fx_band=D("0.10")), customs_rates=estimates())
    # Up: 7,700 of customs value, 770, 13 % of 8,470 is 1,101.10, goods 7,810.
    # Down: 6,300, 630, 13 % of 6,930 is 900.90, goods 6,390.
    assert ends(quote) == (D("7920.90"), D("8801.00"), D("9681.10"))
    assert widths(quote) == [("fx_band", D("1760.20"), D("880.10"))]
    assert quote.outcome.status == "estimated"


def test_an_estimated_customs_rate_without_a_band_has_a_width_that_nobody_knows() -> None:
    quote = priced(pearls(), customs_rates=estimates())
    assert ends(quote) == (D("8801.00"), D("8801.00"), D("8801.00"))
    assert widths(quote) == [("customs_rate_estimated", None, D(0))]
    assert [reason.code for reason in quote.outcome.reasons].count("customs_rate_estimated") == 1


@pytest.mark.parametrize(
    ("own", "low", "high"),
    [
        # The user's rate for both: as under an estimate.
        ({"fx": {("USD", "CNY"): D(7)}}, "7830.90", "9571.10"),
        # Turned over, 0.125 dollars for a yuan are 8: up 8,800 + 880 + 13 % of 9,680; down 7,200 + 720 + 13 % of 7,920.
        ({"fx": {("CNY", "USD"): D("0.125")}}, "8949.60", "10938.40"),
        # The rate of customs alone is one that holds: 7,810 or 6,390, with 600 and 13 % of 6,600.
        ({"customs_fx": {("USD", "CNY"): D(6)}}, "7848.00", "9268.00"),
    ],
)
def test_the_users_own_rates(own: dict[str, Any], low: str, high: str) -> None:
    quote = priced(pearls(fx_band=D("0.10"), **own))
    found = ends(quote)
    assert (found[0], found[2]) == (D(low), D(high))


def test_currencies_that_pull_in_opposite_ways_are_moved_by_themselves() -> None:
    """A dearer dollar makes the goods dearer, a dearer euro the installation that is taken off their customs value."""
    deductions = (Adjustment("installation", Money(D(50), "EUR")),)
    quote = priced(pearls(deductions=deductions, fx_band=D("0.10")), customs_rates=estimates())
    # 7,000 - 400 is 6,600; 660; 13 % of 7,260 is 943.80; goods 7,100.
    assert quote.totals["landed_cost"] == D("8703.80")
    # Dollar up, euro down: 7,700 - 360 is 7,340; 734; 13 % of 8,074 is 1,049.62; goods 7,810.
    # Dollar down, euro up: 6,300 - 440 is 5,860; 586; 13 % of 6,446 is 837.98; goods 6,390.
    assert ends(quote) == (D("7813.98"), D("8703.80"), D("9593.62"))
    assert widths(quote) == [("fx_band", D("1779.64"), D("889.82"))]


def test_a_band_and_an_open_rate_come_together() -> None:
    lines = (line_dossier(PEARLS, vat=("0.09", "0.13")),)
    quote = priced(pearls(fx_band=D("0.10")), lines=lines)
    # Low: 6,390 + 700 + 9 % of 7,700; shown and high with 13 %.
    assert ends(quote) == (D("7783.00"), D("8801.00"), D("9511.00"))
    assert widths(quote) == [("vat_rate_open", D("308.00"), D(0)), ("fx_band", D("1420.00"), D("710.00"))]
    assert quote.outcome.status == "estimated"
    assert "fx_band" not in [reason.code for reason in quote.outcome.reasons]


def test_a_price_delivered_duty_paid_moves_with_its_currency() -> None:
    """What is paid is the price, 7.1 yuan for a dollar and 10% more or less."""
    request = replace(pearls(fx_band=D("0.10")), incoterm=type(pearls().incoterm)("DDP"))
    assert ends(priced(request)) == (D("6390.00"), D("7100.00"), D("7810.00"))


def test_an_unverified_figure_without_bounds_is_named() -> None:
    line = line_dossier(PEARLS)
    guessed = tuple(replace(each, row=replace(each.row, confidence="C")) for each in line.vat)
    quote = priced(pearls(), lines=(replace(line, vat=guessed),))
    assert ends(quote) == (D("8801.00"), D("8801.00"), D("8801.00"))
    assert [(code, width) for code, width, _ in widths(quote)] == [("figure_not_verified", None)]
    assert range_of(quote).sources[0].remark.facts["figure"] == "vat_rate"


def test_an_open_rate_bounds_its_own_figure() -> None:
    """A class of VAT that nobody verified lies between the rates that it is open between: it has no unknown width."""
    line = line_dossier(PEARLS, vat=("0.09", "0.13"))
    guessed = tuple(replace(each, row=replace(each.row, confidence="C")) for each in line.vat)
    quote = priced(pearls(), lines=(replace(line, vat=guessed),))
    assert widths(quote) == [("vat_rate_open", D("308.00"), D(0))]


def test_a_table_that_nobody_looked_after_since_has_a_width_that_nobody_knows() -> None:
    day = date(2031, 2, 3)
    tables = (TableState("vat", "1", LAST, "A"),)
    quote = priced(pearls(declared_on=day), tables=tables)
    assert widths(quote) == [("table_not_updated", None, D(0))]
    assert range_of(quote).sources[0].remark.facts["table"] == "vat"


def announced(request: QuoteRequest, rate: str) -> Dossier:
    """Pearls of whose VAT another rate stood when the table was last looked after."""
    line = line_dossier(PEARLS)
    old = tuple(replace(each, rate=D(rate)) for each in line.vat)
    before = Before(date(2031, 1, 1), LAST, line.measures, (), old, ())
    return atlantis_dossier(request, lines=(replace(line, before=before),), tables=(TableState("vat", "1", LAST, "A"),))


def test_a_rate_that_was_only_announced_is_used_and_the_one_before_is_in_the_range() -> None:
    request = pearls(declared_on=date(2031, 2, 3))
    quote = quote_of(request, announced(request, "0.09"))
    # 9 % of 7,700 are 308 less; 17 % would be 308 more.
    assert ends(quote) == (D("8493.00"), D("8801.00"), D("8801.00"))
    assert widths(quote)[0] == ("change_announced", D("308.00"), D(0))
    dearer = quote_of(request, announced(request, "0.17"))
    assert ends(dearer) == (D("8801.00"), D("8801.00"), D("9109.00"))
    assert widths(dearer)[0] == ("change_announced", D("308.00"), D("308.00"))
    same = quote_of(request, announced(request, "0.13"))
    assert [code for code, _, _ in widths(same)] == ["table_not_updated"]
