"""The rules of law one by one, against figures worked by hand from the articles and published vectors."""

from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculator.duty import customs_duty, duty_by_value, duty_waiver, lower_duty, sliding_duty, sliding_rate
from calculator.money import FEN, divide
from calculator.rules import EXPLAINED as M
from calculator.taxes import (
    consumption_tax,
    consumption_tax_by_value,
    consumption_tax_on_cigarettes,
    consumption_tax_per_unit,
    consumption_tax_per_unit_by_value,
    vat,
)
from calculator.valuation import customs_value, customs_value_from_ddp, premium_by_rate


def test_duty_by_value_by_quantity_and_both() -> None:
    assert customs_duty.plain(M, customs_value=D("313378.68"), duty_rate=D("0.07")) == D("21936.51")
    # frozen chicken wings, 0.8 yuan a kilogram
    assert customs_duty.plain(M, duty_quantity=D(25000), duty_per_unit=D("0.8")) == D("20000.00")
    both = customs_duty.plain(M, customs_value=D(1000), duty_rate=D("0.06"), duty_quantity=D(3), duty_per_unit=D("1.5"))
    assert both == D("64.50")


def test_the_lower_of_two_duties() -> None:
    # natural rubber latex: 10 % or 900 yuan a tonne. A tonne worth 9,000 yuan is where they meet.
    for value, duty in (("8999.99", "900.00"), ("9000", "900.00"), ("9000.06", "900.00"), ("8000", "800.00")):
        facts = {"customs_value": D(value), "duty_rate": D("0.1"), "duty_quantity": D(1), "duty_per_unit": D(900)}
        assert lower_duty.plain(M, **facts) == D(duty)


def test_a_duty_whose_form_hangs_on_the_value() -> None:
    # video recorders, general column: up to 2,000 dollars apiece 130 %, above it 6 % and 20,600 yuan apiece; 7 yuan a dollar
    facts = {
        "value_threshold": D(2000),
        "threshold_rate": D(7),
        "threshold_quantity": D(10),
        "duty_rate_below": D("1.3"),
        "duty_rate": D("0.06"),
        "duty_quantity": D(10),
        "duty_per_unit": D(20600),
    }
    assert duty_by_value.plain(M, customs_value=D(140000), **facts) == D("182000.00")
    assert duty_by_value.plain(M, customs_value=D("140000.01"), **facts) == D("214400.00")


@pytest.mark.parametrize(
    ("value", "rate", "duty"),
    # RULES 3.4, check of 2026: 13 yuan a kilogram gives 0.042 and 0.546 yuan; from 14 on 0.280 yuan a kilogram
    [("13", "0.042", "546.00"), ("14", "0.019", "280.00"), ("15", "0.004", "280.00")],
)
def test_sliding_duty_of_cotton(value: str, rate: str, duty: str) -> None:
    total = D(value) * 1000
    facts = {"customs_value": total, "duty_quantity": D(1000)}
    found = sliding_rate.plain(M, **facts, sliding_a=D("9.0"), sliding_b=D("0.0269"))
    assert found == D(rate)
    slid = {"sliding_threshold": D(14), "sliding_cap": D("0.4"), "duty_per_unit": D("0.28")}
    assert sliding_duty.plain(M, **facts, sliding_rate=found, **slid) == D(duty)


def test_the_sliding_rate_is_capped() -> None:
    # at 5 yuan: 9 / 5 + 2.69 % x 5 - 1 = 0.9345, capped at 40 %
    facts = {"customs_value": D(5000), "duty_quantity": D(1000)}
    found = sliding_rate.plain(M, **facts, sliding_a=D("9.0"), sliding_b=D("0.0269"))
    assert found == D("0.935")
    slid = {"sliding_threshold": D(14), "sliding_cap": D("0.4"), "duty_per_unit": D("0.28")}
    assert sliding_duty.plain(M, **facts, sliding_rate=found, **slid) == D("2000.00")


@pytest.mark.parametrize(("total", "waived"), [("50.00", "-20.00"), ("50.01", "0.00")])
def test_a_consignment_within_the_limit_pays_no_duty(total: str, waived: str) -> None:
    facts = {"customs_duty": D("20.00"), "total_customs_duty": D(total), "duty_waiver_limit": D(50)}
    assert duty_waiver.plain(M, **facts) == D(waived)


def test_compound_consumption_tax_on_tequila() -> None:
    # MX-TEQ of RULES 9.1: B = (405768 + 40576.80 + 8208) / 0.8 = 568191; 0.2 B + 8208 = 121846.20
    facts = {"customs_value": D(405768), "customs_duty_due": D("40576.80"), "excise_rate": D("0.2")}
    found = consumption_tax.plain(M, **facts, excise_quantity=D(9000), excise_per_unit=D("0.912"))
    assert found == D("121846.20")
    taxed = {"customs_value": D(405768), "customs_duty_due": D("40576.80"), "consumption_tax_due": found}
    assert vat.plain(M, **taxed, vat_rate=D("0.13")) == D("73864.83")


def test_consumption_tax_by_quantity() -> None:
    # 20,000 L of diesel at 1.20 yuan
    assert consumption_tax_per_unit.plain(M, excise_quantity=D(20000), excise_per_unit=D("1.2")) == D("24000.00")


@pytest.mark.parametrize(("value", "tax"), [("121730.40", "5060.73"), ("47339.60", "4453.44")])
def test_beer_on_both_sides_of_its_threshold(value: str, tax: str) -> None:
    # MX-BEER-HI and MX-BEER-LO of RULES 9.1: 20,000 L at 988 L a tonne, 370 dollars a tonne at 6.7628
    tonnes = divide(D(20000), D(988))
    facts = {"excise_threshold": D(370), "threshold_rate": D("6.7628"), "threshold_quantity": tonnes}
    rates = {"excise_quantity": tonnes, "excise_per_unit": D(250), "excise_per_unit_below": D(220)}
    assert consumption_tax_per_unit_by_value.plain(M, customs_value=D(value), **facts, **rates) == D(tax)


def test_cosmetics_are_taxed_from_their_unit_price_on() -> None:
    # 10 yuan a millilitre, 100 ml: 15 % inside the price, (1000 + 50) x 0.15 / 0.85 = 185.29
    facts = {"excise_threshold": D(10), "threshold_quantity": D(100), "excise_rate": D("0.15")}
    assert consumption_tax_by_value.plain(M, customs_value=D(1000), customs_duty_due=D(50), **facts) == D("185.29")
    assert consumption_tax_by_value.plain(M, customs_value=D("999.99"), customs_duty_due=D(50), **facts) == D("0.00")


@pytest.mark.parametrize(
    ("value", "tax"),
    # 100 cartons: the test price is (value + 60) / 0.64 / 100; 70 yuan is met at a value of 4,420
    # 36 %: (4419.99 + 60) x 0.36 / 0.64 + 60 = 2579.99; 56 %: (4420 + 60) x 0.56 / 0.44 + 60 = 5761.82
    [("4419.99", "2579.99"), ("4420", "5761.82")],
)
def test_cigarettes_on_both_sides_of_the_price_test(value: str, tax: str) -> None:
    facts = {"excise_quantity": D(100), "excise_per_unit": D("0.6"), "excise_threshold": D(70)}
    rates = {"excise_rate": D("0.56"), "excise_rate_below": D("0.36")}
    assert consumption_tax_on_cigarettes.plain(M, customs_value=D(value), **facts, **rates) == D(tax)


def test_vat_is_reckoned_from_rounded_amounts() -> None:
    # MX-ROUND-1: an unrounded duty of 70.0252 would give 96.33
    assert vat.plain(M, customs_value=D("1000.36"), customs_duty_due=D("70.03"), vat_rate=D("0.09")) == D("96.34")


def test_a_premium_on_110_percent_of_cif() -> None:
    # REPORT B3: 58,400 at 0.50 % on 110 %: CIF 58,722.98, premium 322.98
    found = premium_by_rate.plain(
        M, total_transaction_value=D(58000), dutiable_carriage=D(400), premium_rate=D("0.005"), insured=D("1.1")
    )
    assert FEN(found) == D("322.98")


def test_customs_value_is_rounded_once() -> None:
    # MX-ROUND-2: (10016 + 123.45) x 6.7628 x 1.003
    price, freight = D(10016) * D("6.7628"), D("123.45") * D("6.7628")
    presumed = (price + freight) * D("0.003")
    facts = {"transaction_value": price, "carriage_share": freight, "presumed_premium": presumed}
    assert customs_value.plain(M, **facts) == D("68776.79")


def test_tequila_delivered_duty_paid() -> None:
    # MX-DDP: 800,000 yuan with 5,000 of inland carriage, 9,000 L
    facts = {"transaction_value": D(800000), "inland_share": D(5000), "duty_rate": D("0.1"), "vat_rate": D("0.13")}
    spirits = {"excise_rate": D("0.2"), "excise_quantity": D(9000), "excise_per_unit": D("0.912")}
    assert customs_value_from_ddp.plain(M, **facts, **spirits) == D("504203.51")


money = st.decimals(min_value="0.01", max_value=10**10, places=2)
share = st.decimals(min_value=0, max_value="0.60", places=4)


@given(money, share, share, share)
def test_composite_price_contains_its_own_tax(value: D, duty: D, excise: D, rate: D) -> None:
    """Before rounding the VAT base is the composite price itself (RULES 0), to within the rounding of two amounts."""
    paid = customs_duty.plain(M, customs_value=value, duty_rate=duty)
    tax = consumption_tax.plain(M, customs_value=value, customs_duty_due=paid, excise_rate=excise)
    composite = (Fraction(value) + Fraction(paid)) / (1 - Fraction(excise))
    assert abs(Fraction(value) + Fraction(paid) + Fraction(tax) - composite) <= Fraction(1, 200)
    due = vat.plain(M, customs_value=value, customs_duty_due=paid, consumption_tax_due=tax, vat_rate=rate)
    assert abs(Fraction(due) - (Fraction(value) + Fraction(paid) + Fraction(tax)) * Fraction(rate)) <= Fraction(1, 200)


@given(st.integers(1, 10**12), st.sampled_from([D("0.05"), D("0.065"), D("0.005"), D("0.25")]))
def test_half_fen_ties_of_a_duty_round_up(fen: int, rate: D) -> None:
    """Prices chosen so that the duty lands on an exact half fen: one in twenty does at 5 %."""
    value = D(fen).scaleb(-2)
    exact = Fraction(value) * Fraction(rate) * 100
    expected = int(exact) + (1 if exact - int(exact) >= Fraction(1, 2) else 0)
    assert customs_duty.plain(M, customs_value=value, duty_rate=rate) == D(expected).scaleb(-2)
