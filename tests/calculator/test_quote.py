"""Whole quotes over the real book: the vectors of the rules, the laws of a quote, and what the tables leave open."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from decimal import localcontext
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calculator.citations import Citation
from calculator.errors import NotInForce, Unpriceable
from calculator.money import EXACT, FEN, Money
from calculator.quantities import read_quantity
from calculator.quote import FIGURES, Quote
from calculator.request import Adjustment, Costs, Insurance, OwnExcise, OwnRemedy, OwnTariff, QuoteRequest
from calculator.tariff_line import AdValorem, MeasureKind, Specific
from tests.calculator.conftest import line, request, usd

Priced = Callable[[QuoteRequest], Quote]
SUMMED = ("goods", "freight", "insurance", "origin_charges", "destination_charges", "taxes", "payment_cost")
TAXES = ("customs_duty", "trade_remedies", "consumption_tax", "vat", "postal_articles_tax")


def figures(quote: Quote, *names: str) -> list[str]:
    return [str(quote.totals[name]) for name in names]


def check_sums(quote: Quote) -> None:
    with localcontext(EXACT):
        _check_sums(quote)


def _check_sums(quote: Quote) -> None:
    for each in (quote.totals, *quote.lines):
        assert each["landed_cost"] == sum(each[name] for name in SUMMED)
        assert each["taxes"] == sum(each[name] for name in TAXES)
    for name in FIGURES:
        assert quote.totals[name] == sum(each[name] for each in quote.lines)
    assert quote.walked.shared["landed_cost"] == quote.totals["landed_cost"]


TAX_FIGURES = ("customs_value", "customs_duty", "consumption_tax", "vat", "taxes", "landed_cost")


def test_avocados(price: Priced) -> None:
    # MX-AVO-7: (40000 + 6200) x 6.7628 x 1.003 = 313378.68; the presumed premium is in the value and not in the cost
    quote = price(request())
    assert figures(quote, *TAX_FIGURES) == ["313378.68", "21936.51", "0.00", "30178.37", "52114.88", "364556.24"]
    assert figures(quote, "goods", "freight", "insurance", "presumed_insurance") == [
        "270512.00",
        "41929.36",
        "0.00",
        "937.32",
    ]
    first = quote.plan.alternatives[0]
    assert (first.kind, first.because) == ("mfn", "provisional_replaces_mfn")
    check_sums(quote)


def test_avocados_at_the_users_own_duty(price: Priced) -> None:
    quote = price(request(line(tariff=OwnTariff(duty=AdValorem(D("0.25"))))))
    assert figures(quote, *TAX_FIGURES) == ["313378.68", "78344.67", "0.00", "35255.10", "113599.77", "426041.13"]


def test_tequila(price: Priced) -> None:
    quote = price(request(line("9,000 L", "60000", hs_code="22089010"), incoterm="CIF", freight=""))
    expected = ["405768.00", "40576.80", "121846.20", "73864.83", "236287.83", "642055.83"]
    assert figures(quote, *TAX_FIGURES) == expected


@pytest.mark.parametrize(
    ("cif", "value", "tax", "vat", "taxes"),
    [("18000", "121730.40", "5060.73", "16482.85", "21543.58"), ("7000", "47339.60", "4453.44", "6733.10", "11186.54")],
)
def test_beer_on_both_sides_of_its_threshold(
    price: Priced, cif: str, value: str, tax: str, vat: str, taxes: str
) -> None:
    quote = price(request(line("20000 L", cif, hs_code="22030000"), incoterm="CIF", freight=""))
    assert figures(quote, *TAX_FIGURES[:5]) == [value, "0.00", tax, vat, taxes]


def test_pesos_quoted_inversely(price: Priced) -> None:
    # MX-MXN: 1,000,000 MXN CIF, 100 CNY = 285.49 MXN
    asked = request(line(price="1000000", currency="MXN"), incoterm="CIF", freight="", fx={("CNY", "MXN"): D("2.8549")})
    quote = price(asked)
    assert figures(quote, *TAX_FIGURES[:5]) == ["350274.97", "24519.25", "0.00", "33731.48", "58250.73"]


def test_tequila_delivered_duty_paid(price: Priced) -> None:
    # MX-DDP: the taxes solved backwards miss the price by a fen, and the quote says so
    costs = Costs(destination={"delivery": Money(D(5000), "CNY")})
    quote = price(request(line("9000 L", "800000", "CNY", hs_code="22089010"), incoterm="DDP", costs=costs))
    assert figures(quote, *TAX_FIGURES) == ["504203.51", "50420.35", "148915.97", "91460.18", "290796.50", "800000.00"]
    assert figures(quote, "goods", "destination_charges") == ["504203.50", "5000.00"]
    assert [step.value for step in quote.steps() if step.rule.name == "closing_difference"] == [D("-0.01")]
    check_sums(quote)


@pytest.mark.parametrize(
    ("price_", "freight", "expected"),
    [
        # MX-ROUND-1: CIF 1,000.36 yuan; an unrounded duty would give a VAT of 96.33
        (("1000.36", "CNY", "CIF"), "", ["1000.36", "70.03", "0.00", "96.34", "166.37"]),
        # MX-ROUND-2: FOB 10,016 + 123.45 dollars; an unrounded value would give 4814.37 and 6623.20
        (("10016", "USD", "FOB"), "123.45", ["68776.79", "4814.38", "0.00", "6623.21", "11437.59"]),
    ],
)
def test_vectors_of_rounding(price: Priced, price_: tuple[str, str, str], freight: str, expected: list[str]) -> None:
    amount, currency, incoterm = price_
    quote = price(request(line(price=amount, currency=currency), incoterm=incoterm, freight=freight))
    assert figures(quote, *TAX_FIGURES[:5]) == expected


def test_every_incoterm_reaches_the_same_customs_value(price: Priced) -> None:
    """One contract told eleven ways: goods 40,000; to board 300 + 150 + 250; freight 6,200; premium 100; at destination 500."""
    origin = {"pre_carriage": usd("300"), "export_clearance": usd("150"), "origin_handling": usd("250")}
    handling = {"origin_handling": usd("250")}
    premium = Insurance(amount=usd("100"))
    inland = {"delivery": usd("500")}
    told = {
        "EXW": ("40000", Costs(usd("6200"), premium, origin, inland)),
        "FCA": ("40450", Costs(usd("6200"), premium, handling, inland)),
        "FAS": ("40450", Costs(usd("6200"), premium, handling, inland)),
        "FOB": ("40700", Costs(usd("6200"), premium, {}, inland)),
        "CFR": ("46900", Costs(None, premium, {}, inland)),
        "CPT": ("46900", Costs(None, premium, {}, inland)),
        "CIF": ("47000", Costs(None, None, {}, inland)),
        "CIP": ("47000", Costs(None, None, {}, inland)),
        "DAP": ("47500", Costs(None, None, {}, inland)),
        "DPU": ("47500", Costs(None, None, {}, inland)),
    }
    for incoterm, (amount, costs) in told.items():
        quote = price(request(line(price=amount), incoterm=incoterm, costs=costs))
        # 47,000 x 6.7628 = 317851.60; duty 22249.61; VAT 30609.11; with delivery 3381.40
        assert figures(quote, "customs_value", "customs_duty", "vat") == ["317851.60", "22249.61", "30609.11"], incoterm
        assert figures(quote, "landed_cost") == ["374091.72"], incoterm
        check_sums(quote)
    # DDP: the price that contains the same taxes; 374091.72 / 6.7628 = 55316.10
    ddp = price(request(line(price="374091.72", currency="CNY"), incoterm="DDP", costs=Costs(destination=inland)))
    assert figures(ddp, "customs_value", "landed_cost") == ["317851.60", "374091.72"]
    check_sums(ddp)


def test_carriage_beyond_the_place_of_entry_is_deducted_when_stated(price: Priced) -> None:
    # CPT Suzhou 47,400 of which 500 inland: (47400 - 500) x 1.003 x 6.7628; CPT Shanghai 46,900 gives the same value
    inland = {"delivery": usd("500")}
    inside = price(request(line(price="47400"), incoterm="CPT", place_is_port=False, costs=Costs(destination=inland)))
    beside = price(request(line(price="46900"), incoterm="CPT", place_is_port=True, costs=Costs(destination=inland)))
    for quote in (inside, beside):
        assert figures(quote, "customs_value", "destination_charges") == ["318126.85", "3381.40"]
        assert figures(quote, "presumed_insurance") == ["951.53"]
        check_sums(quote)
    assert inside.totals["landed_cost"] == beside.totals["landed_cost"]


def test_what_a_price_contains_leaves_the_goods_when_it_is_stated(price: Priced) -> None:
    bare = price(request(incoterm="CIF", freight=""))
    stated = price(request(incoterm="CIF", costs=Costs(usd("6200"), Insurance(amount=usd("100")))))
    assert stated.totals["landed_cost"] == bare.totals["landed_cost"]
    assert stated.totals["customs_value"] == bare.totals["customs_value"]
    # 33,700 x 6.7628
    assert figures(stated, "goods", "freight", "insurance") == ["227906.36", "41929.36", "676.28"]


def test_insurance_by_rate_on_110_percent_of_cif(price: Priced) -> None:
    # (40000 + 6200) x 0.003 x 1.1 / (1 - 0.0033) = 152.964784 dollars, in yuan 1034.47
    quote = price(request(costs=Costs(usd("6200"), Insurance(rate=D("0.003")))))
    assert figures(quote, "insurance", "presumed_insurance", "customs_value") == ["1034.47", "0.00", "313475.83"]
    check_sums(quote)


def test_additions_and_deductions(price: Priced) -> None:
    # CIF 10,000 yuan, a royalty of 500 added, installation of 300 stated apart
    goods = line(
        price="10000",
        currency="CNY",
        additions=(Adjustment("royalty", Money(D(500), "CNY")),),
        deductions=(Adjustment("installation", Money(D(300), "CNY")),),
    )
    assert figures(price(request(goods, incoterm="CIF", freight="")), "customs_value") == ["10200.00"]


def test_trade_remedies_enter_every_base(price: Priced) -> None:
    # CIF 100,000; duty 10,000; anti-dumping 13.5 % 13,500; tax 0.2 x 123,500 / 0.8 = 30,875; VAT 13 % of 154,375 = 20,068.75
    tariff = OwnTariff(
        duty=AdValorem(D("0.1")),
        vat=D("0.13"),
        consumption_tax=OwnExcise(D("0.2"), None, ""),
        trade_remedies=(OwnRemedy(MeasureKind.ANTI_DUMPING, AdValorem(D("0.135"))),),
    )
    asked = request(
        line(price="100000", currency="CNY", description="a good", hs_code="", tariff=tariff),
        incoterm="CIF",
        freight="",
    )
    names = ("customs_duty", "trade_remedies", "consumption_tax", "vat", "taxes")
    assert figures(price(asked), *names) == ["10000.00", "13500.00", "30875.00", "20068.75", "74443.75"]


def test_pecans_are_never_priced_in_silence(price: Priced) -> None:
    with pytest.raises(Unpriceable) as refused:
        price(request(line(product="walnut-pecan", hs_code="08029990")))
    assert (refused.value.code, refused.value.pointer) == (
        "trade_remedy_rate_unknown",
        "/goods/0/tariff/trade_remedies",
    )
    free = price(request(line(hs_code="08029990", tariff=OwnTariff(trade_remedies=()))))
    assert figures(free, "trade_remedies") == ["0.00"]
    assert free.plan.lines[0].zeros["trade_remedies"] == "none_stated_by_user"


def test_a_specific_duty_needs_its_quantity(price: Priced) -> None:
    # frozen chicken wings 0.8 yuan a kilogram: 25 t = 20,000 yuan
    assert figures(price(request(line("25 t", hs_code="02071421"))), "customs_duty") == ["20000.00"]
    with pytest.raises(Unpriceable) as refused:
        price(request(line("100 piece", hs_code="02071421")))
    assert refused.value.code == "quantity_missing"
    assert refused.value.facts["unit"] == "kg"


def test_the_same_goods_in_any_unit_cost_the_same(price: Priced) -> None:
    """20.16 t at 2.90 dollars a kilogram, told in six ways."""
    told = [
        ("20.16 t", "2.90", "kg"),
        ("20160 kg", "2900", "t"),
        ("40320 斤", "1.45", "jin"),
        ("5 040 cartons", "11.60", "carton"),
        ("5040 cartons", "2.90", "kg"),
        ("20160 kg", "58464", "total"),
    ]
    landed = {
        price(request(line(quantity, amount, per=per, product="avocado-fresh", hs_code=""))).totals["landed_cost"]
        for quantity, amount, per in told
    }
    assert len(landed) == 1
    # 25 lb are 11.33980925 kg exactly: 1,000 boxes at a price a pound equal the same weight at that price
    pounds = price(request(line("25000 lb", "1.32", per="lb")))
    kilos = price(request(line("11339.80925 kg", "33000", per="total")))
    assert pounds.totals == kilos.totals


def test_the_order_of_lines_changes_no_amount(price: Priced) -> None:
    goods = [
        line("3 t", "7123.33"),
        line("9000 L", "60000.01", hs_code="22089010"),
        line("20000 L", "7000", hs_code="22030000"),
        line("1 t", "999.99", hs_code="09011100"),
    ]
    there = price(request(*goods, freight="3333.33"))
    back = price(request(*reversed(goods), freight="3333.33"))
    assert there.totals == back.totals
    assert list(there.lines) == list(reversed(back.lines))
    check_sums(there)


def test_a_provisional_rate_that_ended_shows_both_results(price: Priced) -> None:
    quote = price(request(declared_on=date(2027, 1, 4)))
    # The higher stands in the totals: 25 %
    assert figures(quote, *TAX_FIGURES[:5]) == ["313378.68", "78344.67", "0.00", "35255.10", "113599.77"]
    assert quote.outcome.status == "estimated"
    assert quote.outcome.range is not None
    assert str(quote.outcome.range.low["taxes"]) == "52114.88"
    assert str(quote.outcome.range.high["taxes"]) == "113599.77"
    codes = [reason.code for reason in quote.outcome.reasons]
    assert "provisional_rate_ended" in codes
    assert "table_not_updated" in codes


def test_a_line_whose_vat_is_open_shows_both_results(price: Priced) -> None:
    # 19021900 is 9 or 13 %: CIF 10,000 yuan, duty at its MFN rate
    quote = price(request(line(price="10000", currency="CNY", hs_code="19021900"), incoterm="CIF", freight=""))
    duty = quote.totals["customs_duty"]
    assert quote.outcome.range is not None
    assert quote.outcome.range.low["vat"] == ((10000 + duty) * D("0.09")).quantize(D("0.01"))
    assert quote.totals["vat"] == quote.outcome.range.high["vat"] == ((10000 + duty) * D("0.13")).quantize(D("0.01"))
    assert quote.outcome.status == "estimated"


def test_small_taxes_are_waived_and_the_quote_says_that_this_is_unverified(price: Priced) -> None:
    # CIF 300 yuan of avocados: duty 21.00 waived, VAT 27.00 (9 % of 300) waived; without the waivers 21.00 + 28.89
    quote = price(request(line("10 kg", "300", "CNY"), incoterm="CIF", freight=""))
    assert figures(quote, "customs_duty", "vat", "taxes") == ["0.00", "0.00", "0.00"]
    assert quote.outcome.range is not None
    assert str(quote.outcome.range.low["taxes"]) == "0.00"
    assert str(quote.outcome.range.high["taxes"]) == "49.89"
    assert quote.outcome.status == "estimated"


def test_a_day_before_the_rows_of_a_line(price: Priced) -> None:
    with pytest.raises(NotInForce) as refused:
        price(request(line(hs_code="09011100"), declared_on=date(2018, 6, 1)))
    assert refused.value.facts["table"] == "customs-schedule"
    # With the user's own rates the same day prices: VAT 10 % for avocados in 2018 (RULES 5)
    own = price(request(declared_on=date(2018, 6, 1)))
    assert own.plan.lines[0].vat == D("0.10")
    assert own.plan.lines[0].duty == AdValorem(D("0.07"))


def test_avocado_history(price: Priced) -> None:
    """10 % from 2016-01-01, 7 % from 2017-12-01 (RULES 3.5)."""
    for day, rate in ((date(2017, 11, 30), "0.10"), (date(2017, 12, 1), "0.07")):
        assert price(request(declared_on=day)).plan.lines[0].duty == AdValorem(D(rate))


def test_a_missing_leg_is_named(price: Priced) -> None:
    for incoterm, costs, pointer in (
        ("FOB", Costs(), "/costs/freight"),
        ("EXW", Costs(usd("6200")), "/costs/origin/pre_carriage"),
        ("FAS", Costs(usd("6200")), "/costs/origin/origin_handling"),
    ):
        with pytest.raises(Unpriceable) as refused:
            price(request(incoterm=incoterm, costs=costs))
        assert (refused.value.code, refused.value.pointer) == ("leg_missing", pointer)


def test_an_attribute_that_decides_a_class_is_asked_for(price: Priced) -> None:
    """Motorcycles: 3 % at exactly 250 ml, nothing under it since 2014-12-01 (RULES 4.4)."""
    motorcycle = line("10 unit", "10000", "CNY", hs_code="87112050", tariff=OwnTariff(duty=AdValorem(D("0.45"))))
    with pytest.raises(Unpriceable) as refused:
        price(request(motorcycle, incoterm="CIF", freight=""))
    assert (refused.value.code, refused.value.pointer) == ("attribute_missing", "/goods/0/attributes/displacement_cc")
    # (10000 + 4500) x 0.03 / 0.97 = 448.45
    for displacement, tax in (("250", "448.45"), ("249", "0.00")):
        told = replace(motorcycle, attributes={"displacement_cc": displacement})
        assert figures(price(request(told, incoterm="CIF", freight="")), "consumption_tax") == [tax]
    with pytest.raises(Unpriceable) as refused:
        price(request(replace(motorcycle, attributes={"displacement_cc": "big"}), incoterm="CIF", freight=""))
    assert refused.value.code == "attribute_not_a_number"


def test_own_specific_duty(price: Priced) -> None:
    tariff = OwnTariff(duty=Specific(D("1.25"), "L"), vat=D("0.13"))
    asked = request(
        line("8 hL", "1000", "CNY", description="juice", hs_code="", tariff=tariff), incoterm="CIF", freight=""
    )
    assert figures(price(asked), "customs_duty", "vat") == ["1000.00", "260.00"]


def test_stale_rates_warn_and_are_refused_in_strict_mode(price: Priced) -> None:
    asked = request(fx={}, declared_on=date(2026, 11, 23))
    quote = price(asked)
    assert "exchange_rate_stale" in [warning.code for warning in quote.plan.warnings]
    assert "customs_rate_estimated" in [reason.code for reason in quote.outcome.reasons]
    assert quote.outcome.status == "estimated"
    assert (quote.expires_on, quote.expires_because and quote.expires_because.code) == (
        date(2026, 11, 30),
        "customs_rate_month_ends",
    )
    with pytest.raises(Unpriceable) as refused:
        price(replace(asked, strict_fx=True))
    assert refused.value.code == "exchange_rate_stale"


def test_rates_that_disagree(price: Priced) -> None:
    with pytest.raises(Unpriceable) as refused:
        price(request(fx={("USD", "CNY"): D("6.7628"), ("CNY", "USD"): D("0.15")}))
    assert refused.value.pointer == "/fx/USD~1CNY"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    # dear enough for the consumption tax that 9,000 litres of spirits carry inside a delivered price
    prices=st.lists(st.decimals(min_value="5000", max_value="1000000", places=2), min_size=1, max_size=6),
    freight=st.decimals(min_value="0.01", max_value="100000", places=2),
    incoterm=st.sampled_from(["FOB", "CIF", "DDP", "CFR"]),
)
def test_quotes_always_add_up(price: Priced, prices: list[D], freight: D, incoterm: str) -> None:
    codes = ("08044000", "22089010", "09011100")
    goods = [
        line("9000 L" if place % 3 == 1 else "9 t", str(each), hs_code=codes[place % 3])
        for place, each in enumerate(prices)
    ]
    costs = Costs(usd(str(freight))) if incoterm == "FOB" else Costs()
    quote = price(request(*goods, incoterm=incoterm, costs=costs))
    check_sums(quote)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cheap=st.decimals(min_value="1", max_value="1000000", places=2),
    more=st.decimals(min_value="0.01", max_value="1000", places=2),
)
def test_dearer_goods_never_pay_less_duty(price: Priced, cheap: D, more: D) -> None:
    lower = price(request(line(price=str(cheap))))
    higher = price(request(line(price=str(cheap + more))))
    assert lower.totals["customs_duty"] <= higher.totals["customs_duty"]


def test_a_wrong_quantity_kind(price: Priced) -> None:
    with pytest.raises(Unpriceable) as refused:
        price(request(line("20 L", "2", per="kg", hs_code="08044000")))
    assert refused.value.code == "quantity_missing"
    assert refused.value.pointer == "/goods/0/quantity"
    dense = line("20 L", "2", per="kg", hs_code="08044000", density=D("1.5"))
    assert figures(price(request(dense, incoterm="CIF", freight="")), "goods") == ["405.77"]  # 30 kg x 2 x 6.7628


def test_statutory_quantities_serve_where_the_quantity_does_not(price: Priced) -> None:
    wings = line("100 piece", "1000", hs_code="02071421", statutory=(read_quantity("50 kg"),))
    assert figures(price(request(wings)), "customs_duty") == ["0.00"]  # 40.00 yuan, waived
    wings = line("100 piece", "1000", hs_code="02071421", statutory=(read_quantity("100 kg"),))
    assert figures(price(request(wings)), "customs_duty") == ["80.00"]


def test_a_delivered_price_holds_what_the_law_adds_to_its_value(price: Priced) -> None:
    """DDP 800,000 yuan of tequila with a royalty of 1,000: the taxes inside are those of a value that holds it.

    B = (800000 + 1000) / 1.13; value = (0.8 B - 0.912 x 9000) / 1.1 = (567079.646... - 8208) / 1.1 = 508065.13
    """
    royalty = (Adjustment("royalty", Money(D(1000), "CNY")),)
    asked = request(
        line("9000 L", "800000", "CNY", hs_code="22089010", additions=royalty), incoterm="DDP", costs=Costs()
    )
    quote = price(asked)
    assert figures(quote, "customs_value", "landed_cost") == ["508065.13", "800000.00"]
    assert all(-2 <= step.value * 100 <= 2 for step in quote.steps() if step.rule.name == "closing_difference")


def test_a_delivered_price_contains_no_tax_that_is_waived(price: Priced) -> None:
    # 500 yuan: duty 35.00 and VAT 45.00 are within 50 each, so the price holds neither
    quote = price(request(line("100 kg", "500", "CNY"), incoterm="DDP", costs=Costs()))
    assert figures(quote, "customs_value", "taxes", "goods", "landed_cost") == ["500.00", "0.00", "500.00", "500.00"]
    assert not [step for step in quote.steps() if step.rule.name == "closing_difference"]


def test_open_points_show_in_a_delivered_price_too(price: Priced) -> None:
    quote = price(request(line(price="40000"), incoterm="DDP", costs=Costs(), declared_on=date(2027, 1, 4)))
    assert quote.outcome.range is not None
    # 270512 at 25 % and 9 %: value 270512 / 1.3625 = 198540.92; at 7 %: 270512 / 1.1663 = 231940.32
    assert str(quote.outcome.range.high["customs_value"]) == "198540.92"
    assert str(quote.outcome.range.low["customs_value"]) == "231940.32"
    assert quote.totals["customs_value"] == quote.outcome.range.high["customs_value"]


DEARER = (Adjustment("installation", usd("100000")),)


@pytest.mark.parametrize(
    ("incoterm", "costs", "more", "pointer", "code"),
    [
        (
            "FOB",
            Costs(usd("6200")),
            {"deductions": (Adjustment("installation", usd("100000")),)},
            "/goods/0/deductions",
            "customs_value_negative",
        ),
        ("DAP", Costs(destination={"delivery": usd("50000")}), {}, "/costs/destination", "customs_value_negative"),
        ("CIF", Costs(usd("50000")), {}, "/costs/freight", "costs_exceed_price"),
    ],
)
def test_nothing_stated_may_exceed_the_price(
    price: Priced, incoterm: str, costs: Costs, more: dict[str, Any], pointer: str, code: str
) -> None:
    with pytest.raises(Unpriceable) as refused:
        price(request(line(**more), incoterm=incoterm, costs=costs))
    assert (refused.value.code, refused.value.pointer) == (code, pointer)


def test_amounts_of_any_size_keep_their_fen(price: Priced) -> None:
    quote = price(request(line("999999999999999 kg", "999999999999.99", per="kg"), incoterm="CIF", freight=""))
    check_sums(quote)
    millionths = 999999999999999 * 99999999999999 * 67628
    assert quote.totals["goods"] == FEN(EXACT.multiply(D(millionths), D("0.000001")))


def test_a_consumption_tax_of_the_whole_price_is_refused(price: Priced) -> None:
    for rate in ("1", "1.2"):
        with pytest.raises(Unpriceable) as refused:
            price(request(line(tariff=OwnTariff(consumption_tax=OwnExcise(D(rate), None, "")))))
        assert (refused.value.code, refused.value.pointer) == (
            "excise_rate_too_high",
            "/goods/0/tariff/consumption_tax",
        )


def test_a_jar_is_no_sheet(price: Priced) -> None:
    """The test of 15 yuan is one for sheets (masks); cosmetics counted in pieces must tell their weight or volume."""
    jars = line("100 piece", "1000", hs_code="33049900")
    with pytest.raises(Unpriceable) as refused:
        price(request(jars, incoterm="CIF", freight=""))
    assert refused.value.code == "quantity_missing"
    masks = line("100 sheet", "1000", hs_code="33049900")
    assert price(request(masks, incoterm="CIF", freight="")).totals["consumption_tax"] > 0


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"net_weight": "20 L"}, "/goods/0/net_weight"),
        ({"volume": "10 kg"}, "/goods/0/volume"),
        ({"net_weight": "5 t"}, "/goods/0/net_weight"),
        ({"gross_weight": "5 t"}, "/goods/0/gross_weight"),
        ({"statutory": ("5 kg",)}, "/goods/0/statutory/0"),
    ],
)
def test_measures_that_contradict_each_other(price: Priced, more: dict[str, Any], pointer: str) -> None:
    read: dict[str, Any] = {
        name: tuple(map(read_quantity, text)) if isinstance(text, tuple) else read_quantity(text)
        for name, text in more.items()
    }
    with pytest.raises(Unpriceable) as refused:
        price(request(line(**read)))
    assert refused.value.pointer == pointer


def test_six_digits(price: Priced) -> None:
    one = price(request(line(hs_code="080440")))
    assert one.totals == price(request()).totals
    assert "six_digits_priced_by_line" in [each.code for each in one.plan.assumptions]
    with pytest.raises(Unpriceable) as refused:
        price(request(line(hs_code="870323")))
    assert refused.value.code == "ambiguous_code"
    assert len(refused.value.allowed) > 1


def test_a_past_day_cites_the_law_of_that_day() -> None:
    law, vat_law = Citation.of("cn-customs-tariff-law-2024 art. 24"), Citation.of("cn-vat-law-2024 art. 14")
    assert law.on(date(2024, 12, 1)) == law
    assert law.on(date(2024, 11, 30)) == Citation("cn-tariff-regulations-2003", "art. 18")
    assert vat_law.on(date(2026, 1, 1)) == vat_law
    assert vat_law.on(date(2025, 12, 31)).source == "cn-vat-regulations"
    assert Citation.of("cn-gacc-decree-272 art. 13").on(date(2018, 6, 1)) == Citation("cn-gacc-decree-124", "art. 21")


def test_the_place_fits_the_term(price: Priced) -> None:
    for incoterm, country in (("FOB", "CN"), ("EXW", "CN"), ("CIF", "MX"), ("DAP", "MX")):
        with pytest.raises(Unpriceable) as refused:
            price(request(incoterm=incoterm, place="somewhere", place_country=country))
        assert (refused.value.code, refused.value.pointer) == ("place_does_not_fit", "/place")


def test_a_stale_estimate_of_the_customs_rate_says_so(price: Priced) -> None:
    quote = price(request(fx={}, declared_on=date(2027, 6, 15)))
    assert [each.code for each in quote.plan.warnings].count("exchange_rate_stale") == 2
