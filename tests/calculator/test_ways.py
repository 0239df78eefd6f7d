"""E-commerce retail, personal post and the best of all ways: what opens a regime, what closes it, and what it says."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from calculator.errors import Unpriceable
from calculator.money import Money
from calculator.quantities import read_quantity
from calculator.quote import Quote
from calculator.request import Adjustment, Costs, Lateness, OwnTariff, QuoteRequest
from tests.calculator.conftest import line, request

Priced = Callable[[QuoteRequest], Quote]
LISTED = OwnTariff(cbec=True)


def order(*goods: Any, regime: str = "cbec_retail", **more: Any) -> QuoteRequest:
    more.setdefault("incoterm", "CIF")
    return request(*goods, regime=regime, freight="", **more)


def toy(value: str, quantity: str = "10 pcs", **more: Any) -> Any:
    more.setdefault("tariff", LISTED)
    return line(quantity, value, "CNY", hs_code="95030060", **more)


def refused(price: Priced, asked: QuoteRequest) -> Unpriceable:
    with pytest.raises(Unpriceable) as caught:
        price(asked)
    return caught.value


def test_an_order_within_the_limits(price: Priced) -> None:
    # 1,000 x 13 % x 70 % = 91.00
    quote = price(order(toy("1000")))
    assert [quote.totals[name] for name in ("customs_duty", "vat", "taxes")] == [0, Decimal("91.00"), Decimal("91.00")]
    assert quote.plan.regime == "cbec_retail"
    assert quote.plan.lines[0].zeros["customs_duty"] == "within_the_limit_of_an_order"


def test_the_limit_of_an_order(price: Priced) -> None:
    assert price(order(toy("5000"))).totals["vat"] == Decimal("455.00")
    error = refused(price, order(toy("5000.01")))
    assert (error.code, error.facts["because"], error.pointer) == ("regime_closed", "cbec_order_limit", "/regime")
    assert error.allowed == ("general_trade",)


def test_a_single_item_over_the_limit_is_taxed_in_full_and_only_the_year_limits_it(price: Priced) -> None:
    # A handbag, 42022100: duty 6 %, VAT 13 %: 8,000 -> 480.00; (8,000 + 480) x 13 % = 1102.40
    bag = line("1 pcs", "8000", "CNY", hs_code="42022100", tariff=OwnTariff(cbec=True))
    quote = price(order(bag))
    assert [quote.totals[name] for name in ("customs_duty", "vat")] == [Decimal("480.00"), Decimal("1102.40")]
    error = refused(price, order(bag, cbec_used=Money(Decimal("18000.01"), "CNY")))
    assert error.facts["because"] == "cbec_annual_limit"
    assert price(order(bag, cbec_used=Money(Decimal("18000"), "CNY"))).totals["customs_duty"] == Decimal("480.00")


def test_what_was_bought_this_year_in_dollars_counts_at_the_customs_rate(price: Priced) -> None:
    # 3,000 USD x 6.7628 = 20,288.40; with 5,000 it is 25,288.40, with 3,500 USD 28,669.80
    assert price(order(toy("5000"), cbec_used=Money(Decimal(3000), "USD"))).totals["vat"] == Decimal("455.00")
    error = refused(price, order(toy("5000"), cbec_used=Money(Decimal(3500), "USD")))
    assert error.facts["amount"] == Decimal("28669.80")


def test_the_limits_of_another_year(price: Priced) -> None:
    tariff = OwnTariff(cbec=True, vat=Decimal("0.16"), consumption_tax=None)
    goods = toy("2000.01", tariff=tariff)
    error = refused(price, order(goods, declared_on=date(2018, 12, 31)))
    assert (error.facts["because"], error.facts["limit"]) == ("cbec_order_limit", 2000)
    assert price(order(goods, declared_on=date(2019, 1, 1))).totals["vat"] == Decimal("224.00")


def test_a_list_that_says_no_and_a_list_that_nobody_read(price: Priced) -> None:
    error = refused(price, order(toy("100", tariff=OwnTariff(cbec=False))))
    assert (error.code, error.facts["because"]) == ("regime_closed", "not_on_the_list")
    quote = price(order(line("1 kg", "40", "CNY")))
    assert (quote.outcome.status, quote.outcome.confidence) == ("estimated", "C")
    assert "cbec_list_not_read" in {each.code for each in quote.outcome.reasons}


@pytest.mark.parametrize("regime", ["cbec_retail", "postal_articles"])
def test_what_retail_and_post_do_not_know(price: Priced, regime: str) -> None:
    royalty = (Adjustment("royalty", Money(Decimal(5), "CNY")),)
    error = refused(price, order(toy("100", additions=royalty), regime=regime))
    assert (error.code, error.pointer) == ("not_in_regime", "/goods/0/additions")
    error = refused(price, order(toy("100"), regime=regime, late=Lateness(payment_days=3)))
    assert (error.code, error.pointer) == ("not_in_regime", "/importer/late_days")
    error = refused(price, order(toy("100"), regime=regime, incoterm="DDP"))
    assert (error.code, error.facts["because"]) == ("ddp_not_solvable", regime)


def test_no_insurance_is_presumed_in_retail(price: Priced) -> None:
    # 900 + 100 freight: the taxable price is 1,000, without 3‰
    freight = Costs(freight=Money(Decimal(100), "CNY"))
    quote = price(order(toy("900"), incoterm="FOB", costs=freight))
    assert [quote.totals[name] for name in ("customs_value", "presumed_insurance")] == [Decimal("1000.00"), 0]


def test_post_at_and_above_fifty_yuan(price: Priced) -> None:
    # Toys, 13 %: 384.62 -> 50.0006, 50.00; 384.66 -> 50.0058, 50.01
    assert price(order(toy("384.62"), regime="postal_articles")).totals["taxes"] == 0
    assert price(order(toy("384.66"), regime="postal_articles")).totals["taxes"] == Decimal("50.01")


def test_the_value_limit_of_a_parcel(price: Priced) -> None:
    assert price(order(toy("2000"), regime="postal_articles")).totals["taxes"] == Decimal("260.00")
    error = refused(price, order(toy("2000.01"), regime="postal_articles"))
    assert error.facts["because"] == "postal_value_limit"
    assert price(order(toy("2000.01", "1 pcs"), regime="postal_articles")).totals["taxes"] == Decimal("260.00")


def test_a_fact_that_is_no_yes_or_no(price: Priced) -> None:
    goods = toy("2000", attributes={"indivisible": "maybe"})
    error = refused(price, order(goods, regime="postal_articles"))
    assert (error.code, error.pointer) == ("attribute_not_a_choice", "/goods/0/attributes/indivisible")
    assert error.allowed == ("no", "yes")


def test_the_best_way_in(price: Priced) -> None:
    # 10 toys for 1,000: duty 0, VAT 130.00; e-commerce 91.00; post 130.00
    quote = price(order(toy("1000"), regime="best"))
    assert quote.plan.regime == "cbec_retail"
    assert {way.regime: way.status for way in quote.ways} == {
        "general_trade": "open",
        "cbec_retail": "open",
        "postal_articles": "open",
    }
    assert quote.totals["taxes"] == Decimal("91.00")


def test_what_is_unknown_is_not_chosen(price: Priced) -> None:
    quote = price(order(line("1 kg", "1000", "CNY"), regime="best"))
    status = {way.regime: way.status for way in quote.ways}
    assert status["cbec_retail"] == "unknown"
    assert quote.plan.regime != "cbec_retail"
    retail = next(way for way in quote.ways if way.regime == "cbec_retail")
    assert retail.remark is not None
    assert retail.remark.code == "cbec_list_not_read"
    assert retail.reckoned is not None


def test_a_container_has_one_way_in(price: Priced) -> None:
    quote = price(order(line(tariff=OwnTariff(cbec=True)), regime="best"))
    assert quote.plan.regime == "general_trade"
    assert {way.regime: way.status for way in quote.ways if way.regime != "general_trade"} == {
        "cbec_retail": "closed",
        "postal_articles": "closed",
    }


def test_the_day_of_payment_counts_the_days(price: Priced) -> None:
    # Declared on Monday 2 November 2026: 15 days later is Tuesday the 17th; paid on the 27th, ten days late.
    late = request(late=Lateness(paid_on=date(2026, 11, 27)), declared_on=date(2026, 11, 2))
    quote = price(late)
    stated = price(request(late=Lateness(payment_days=10), declared_on=date(2026, 11, 2)))
    # Duty 21936.51 x 0.05 % x 10 = 109.68; VAT 30178.37 x 0.05 % x 10 = 150.89
    assert quote.totals["destination_charges"] == stated.totals["destination_charges"] == Decimal("260.57")
    # Whoever counts the day of the declaration has one day less: 11 days late, 120.65 and 165.98
    counted = request(late=Lateness(paid_on=date(2026, 11, 27), counts_first_day=True), declared_on=date(2026, 11, 2))
    assert price(counted).totals["destination_charges"] == Decimal("286.63")


def test_a_last_day_on_a_saturday_moves_to_monday(price: Priced) -> None:
    # Friday 6 November and 15 days: Saturday the 21st, so Monday the 23rd; paid on the 24th, one day late.
    late = request(late=Lateness(paid_on=date(2026, 11, 24)), declared_on=date(2026, 11, 6))
    assert price(late).plan.shared["late_days"].value == 1
    on_time = request(late=Lateness(paid_on=date(2026, 11, 23)), declared_on=date(2026, 11, 6))
    assert price(on_time).totals["destination_charges"] == 0


def test_the_fee_for_late_declaration_drops_fractions_of_a_yuan(price: Priced) -> None:
    # 313378.68 x 0.05 % x 3 = 470.06802: 470; one day of 99,999 is 49.9995, not collected
    assert price(request(late=Lateness(declaration_days=3))).totals["destination_charges"] == Decimal("470.00")
    small = line("20 t", "99999", "CNY")
    assert price(request(small, incoterm="CIF", freight="", late=Lateness(declaration_days=1))).totals[
        "destination_charges"
    ] == Decimal("0.00")


def test_a_pallet_can_be_divided(price: Priced) -> None:
    pallet = line("1 pallet", "5000", "CNY", hs_code="22030000", statutory=(read_quantity("1000 L"),))
    error = refused(price, order(pallet, regime="postal_articles"))
    assert error.facts["because"] == "postal_value_limit"


def test_one_piece_is_presumed_to_be_one_item_and_said_so(price: Priced) -> None:
    quote = price(order(toy("2500", "1 pcs"), regime="postal_articles"))
    assert "single_item_presumed" in {each.code for each in quote.plan.assumptions}


def test_fruit_by_post_is_neither_open_nor_closed(price: Priced) -> None:
    quote = price(order(line("5 kg", "380", "CNY", hs_code="08045020"), regime="best"))
    assert quote.plan.regime == "general_trade"
    assert {way.regime: way.status for way in quote.ways}["postal_articles"] == "unknown"


def test_a_watch_by_post_is_classed_by_its_value(price: Priced) -> None:
    def watches(value: str, quantity: str = "2 pcs") -> Decimal:
        goods = line(quantity, value, "CNY", hs_code="91021100", attributes={"indivisible": "yes"})
        return price(order(goods, regime="postal_articles")).totals["taxes"]

    # Two watches: 20 % below 10,000 a piece, 50 % from there on
    assert watches("19999.98") == Decimal("4000.00")
    assert watches("20000") == Decimal("10000.00")


def test_the_best_way_is_the_cheapest_to_the_buyer(price: Priced) -> None:
    # VAT is recovered in general trade alone: 1,000 net there, 1,091 by e-commerce.
    quote = price(order(toy("1000"), regime="best", vat_recoverable=True))
    assert quote.plan.regime == "general_trade"
    retail = price(order(toy("1000"), vat_recoverable=True))
    assert retail.totals["landed_cost_net_of_vat"] == retail.totals["landed_cost"] == Decimal("1091.00")


def test_the_best_way_compares_what_is_on_time(price: Priced) -> None:
    quote = price(order(toy("1000"), regime="best", late=Lateness(payment_days=1000)))
    assert quote.plan.regime == "cbec_retail"


def test_claims_of_general_trade_are_refused_elsewhere(price: Priced) -> None:
    error = refused(price, order(toy("100", tariff_quota="quota"), regime="postal_articles"))
    assert (error.code, error.pointer) == ("not_in_regime", "/goods/0/tariff_quota")
    quote = price(order(toy("100"), regime="postal_articles", cbec_used=Money(Decimal(5), "JPY")))
    assert {"tariff_unused", "importer_field_unused"} <= {each.code for each in quote.plan.warnings}


def test_small_surcharges_are_open_since_the_new_law(price: Priced) -> None:
    # Duty 7,000 x 0.05 % x 1 = 3.50 and VAT 9,630 x 0.05 % = 4.82 (4.815): below 50, not collected if that still stands.
    goods = line("1 t", "100000", "CNY")
    quote = price(order(goods, regime="general_trade", late=Lateness(payment_days=1)))
    assert quote.totals["destination_charges"] == 0
    assert quote.outcome.range is not None
    assert quote.outcome.range.high["destination_charges"] == Decimal("8.32")
