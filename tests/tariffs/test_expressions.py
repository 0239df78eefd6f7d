"""The language of duty rates, both ways, and the spellings of people."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator.errors import Unreadable
from calculator.tariff_line import AdValorem, ByValue, Compound, DutyRate, LowerOf, Sliding, Specific
from tariffs.expressions import ExpressionError, duty_rate, expression, read_user_rate

numbers = st.decimals(min_value=0, max_value=10**9, places=None, allow_nan=False).map(
    lambda number: number.quantize(Decimal("0.0001"))
)
whole = st.integers(min_value=0, max_value=10**12).map(Decimal)
amounts = numbers | whole
shares = st.integers(min_value=0, max_value=10**6).map(lambda number: Decimal(number).scaleb(-4))
units = st.sampled_from(["kg", "t", "L", "m2", "unit"])
simple: st.SearchStrategy[AdValorem | Specific | Compound] = st.one_of(
    st.builds(AdValorem, shares), st.builds(Specific, amounts, units), st.builds(Compound, shares, amounts, units)
)
rates: st.SearchStrategy[DutyRate] = st.one_of(
    simple,
    st.builds(LowerOf, simple, simple),
    st.builds(ByValue, amounts, st.sampled_from(["USD", "CNY", "EUR"]), units, simple, simple),
    st.builds(Sliding, amounts, shares, amounts, amounts, shares, st.integers(0, 9), units),
)

COTTON = "sliding(a=9.0, b=2.69%, threshold=14.000 CNY/kg, at_or_above=0.280 CNY/kg, cap=40%, places=3)"


@settings(deadline=None)  # the first unit read loads the table of units
@given(rates)
def test_every_rate_reads_back_as_itself(rate: DutyRate) -> None:
    text = expression(rate)
    assert duty_rate(text) == rate
    assert expression(duty_rate(text)) == text


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("25%", AdValorem(Decimal("0.25"))),
        ("0%", AdValorem(Decimal(0))),
        ("5.5%", AdValorem(Decimal("0.055"))),
        ("0.8 CNY/kg", Specific(Decimal("0.8"), "kg")),
        ("20% + 1 CNY/kg", Compound(Decimal("0.2"), Decimal(1), "kg")),
        ("lower(10%, 900 CNY/t)", LowerOf(AdValorem(Decimal("0.1")), Specific(Decimal(900), "t"))),
        (
            "by_value(2000 USD/piece, 130%, 6% + 20600 CNY/piece)",
            ByValue(
                Decimal(2000),
                "USD",
                "unit",
                AdValorem(Decimal("1.3")),
                Compound(Decimal("0.06"), Decimal(20600), "unit"),
            ),
        ),
        (
            COTTON,
            Sliding(Decimal("9.0"), Decimal("0.0269"), Decimal("14"), Decimal("0.28"), Decimal("0.4"), 3, "kg"),
        ),
    ],
)
def test_the_forms_of_the_tariff(text: str, rate: DutyRate) -> None:
    assert duty_rate(text) == rate
    assert expression(rate if "sliding" not in text else duty_rate(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "0",
        "25 %",
        "abc",
        "-5%",
        "1e9%",
        "25%%",
        "20%+1 CNY/kg",
        "1 CNY/kg + 20%",
        "1 USD/kg",
        "1 CNY/nothing",
        "lower(10%)",
        "lower(lower(1%, 2%), 3%)",
        "٢٥%",
        "25%\n",
        COTTON.replace("14.000 CNY/kg", "14.000 CNY/t"),
        "9" * 400 + "%",
    ],
)
def test_a_table_must_write_it_exactly(text: str) -> None:
    with pytest.raises(ExpressionError):
        duty_rate(text)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("25%", "25%"),
        (" 25 % ", "25%"),
        ("25％", "25%"),
        ("0.25", "25%"),
        (".5", "50%"),
        ("0", "0%"),
        ("10000%", "10000%"),
        ("20% + 1 CNY/kg", "20% + 1 CNY/kg"),
        ("20%+1cny/kg", "20% + 1 CNY/kg"),
        ("20% and 0.912 CNY / L", "20% + 0.912 CNY/L"),
        ("3 CNY per kg", "3 CNY/kg"),
        ("lower(10%,900 CNY/t)", "lower(10%, 900 CNY/t)"),
        ("1 CNY/千克", "1 CNY/kg"),
        ("1 CNY/kilogram", "1 CNY/kg"),
        ("1 CNY/m²", "1 CNY/m2"),
        ("1 CNY/unit", "1 CNY/piece"),
    ],
)
def test_people_may_be_freer(text: str, printed: str) -> None:
    assert expression(read_user_rate(text, "/goods/0/tariff/duty")) == printed


@pytest.mark.parametrize(
    ("text", "code", "allowed"),
    [
        ("25", "write_percent", ("25%",)),
        ("1", "write_percent", ("1%",)),
        ("1.0", "write_percent", ("1.0%",)),
        ("-5%", "negative_rate", None),
        ("-0.2", "negative_rate", None),
        ("−5%", "negative_rate", None),
        ("20% + -1 CNY/kg", "negative_rate", None),
        ("10001%", "rate_too_high", ("10000%",)),
        ("1e9%", "unreadable_rate", None),
        ("1e9", "unreadable_rate", None),
        ("abc", "unreadable_rate", None),
        ("", "unreadable_rate", None),
        ("7,5%", "unreadable_rate", None),
        ("NaN", "unreadable_rate", None),
        ("Infinity%", "unreadable_rate", None),
        ("20% 1 CNY/kg", "unreadable_rate", None),
        ("1 USD/kg", "unreadable_rate", None),
        ("(" * 5000, "unreadable_rate", None),
    ],
)
def test_what_could_be_misread_is_refused(text: str, code: str, allowed: tuple[str, ...] | None) -> None:
    with pytest.raises(Unreadable) as refused:
        read_user_rate(text, "/goods/0/tariff/duty")
    assert refused.value.code == code
    assert refused.value.pointer == "/goods/0/tariff/duty"
    assert refused.value.facts["text"] == text
    assert refused.value.allowed
    assert allowed is None or refused.value.allowed == allowed


@pytest.mark.parametrize(("text", "code"), [("900 CNY/ton", "ambiguous_unit"), ("9% + 1 CNY/foo", "unknown_unit")])
def test_a_unit_is_refused_as_units_are(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_user_rate(text, "/goods/0/tariff/duty")
    assert (refused.value.code, refused.value.pointer) == (code, "/goods/0/tariff/duty")
    assert refused.value.allowed


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_rate_or_a_refusal(text: str) -> None:
    try:
        rate = read_user_rate(text, "/x")
    except Unreadable:
        return
    assert duty_rate(expression(rate)) == rate
