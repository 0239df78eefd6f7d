"""Exact numbers: quotients against the standard library's fractions, rounding against whole-number arithmetic."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculator.money import EXACT, FEN, ExchangeRate, Money, Quotient, divide, downwards, half_up, upwards

amounts = st.decimals(min_value="-1000000000000", max_value="1000000000000", places=9, allow_nan=False)
positive = st.decimals(min_value="0.000000001", max_value="1000000000", places=9, allow_nan=False)


def fraction(number: Decimal | Quotient | int) -> Fraction:
    if isinstance(number, Quotient):
        return Fraction(number.numerator) / Fraction(number.denominator)
    return Fraction(number)


def half_up_fen(value: Fraction) -> Decimal:
    """Half up to a hundredth, away from zero at a tie, by whole numbers alone."""
    sign = -1 if value < 0 else 1
    whole, rest = divmod(abs(value) * 100, 1)
    return Decimal(sign * (int(whole) + (1 if rest >= Fraction(1, 2) else 0))).scaleb(-2)


@given(amounts, positive, amounts, positive)
def test_quotients_add_subtract_and_multiply_like_fractions(a: Decimal, b: Decimal, c: Decimal, d: Decimal) -> None:
    left, right = Quotient(a, b), Quotient(c, d)
    assert fraction(left + right) == fraction(left) + fraction(right)
    assert fraction(left - right) == fraction(left) - fraction(right)
    assert fraction(left * right) == fraction(left) * fraction(right)
    assert fraction(left + c) == fraction(left) + Fraction(c)
    assert fraction(c - left) == Fraction(c) - fraction(left)
    assert fraction(divide(left, d)) == fraction(left) / Fraction(d)
    assert fraction(divide(c, left)) == Fraction(c) / fraction(left) if a else True
    assert (left < right) == (fraction(left) < fraction(right))
    assert (c <= left) == (Fraction(c) <= fraction(left))
    assert (left == right) == (fraction(left) == fraction(right))


@given(amounts, positive)
def test_a_quotient_is_rounded_as_its_exact_value_is(a: Decimal, b: Decimal) -> None:
    assert FEN(Quotient(a, b)) == half_up_fen(Fraction(a) / Fraction(b))


@given(st.integers(-(10**14), 10**14), positive)
def test_exact_half_fen_ties_go_away_from_zero(fen: int, divisor: Decimal) -> None:
    tie = (Decimal(fen) + Decimal("0.5")).scaleb(-2)
    exact = Fraction(tie)
    assert FEN(tie) == half_up_fen(exact)
    # The same tie, reached through a division that only just comes out
    assert FEN(Quotient(EXACT.multiply(tie, divisor), divisor)) == FEN(tie)


def test_rounding_by_hand() -> None:
    assert str(FEN(Decimal("1.005"))) == "1.01"
    assert str(FEN(Decimal("-1.005"))) == "-1.01"
    assert str(FEN(Decimal("2"))) == "2.00"
    assert str(half_up(4)(Decimal("18.08314685"))) == "18.0831"
    assert str(downwards(0)(Decimal("12.99"))) == "12"
    assert str(upwards(Decimal("0.1"))(Decimal("14.61"))) == "14.7"
    assert [str(upwards(Decimal("0.5"))(Decimal(each))) for each in ("14.625", "14.5", "14.01")] == [
        "15.0",
        "14.5",
        "14.5",
    ]


def test_money_adds_only_to_its_own_kind() -> None:
    assert Money(Decimal("1.10"), "CNY") + Money(Decimal("2.20"), "CNY") == Money(Decimal("3.30"), "CNY")
    with pytest.raises(ValueError, match="USD does not add to CNY"):
        Money(Decimal(1), "CNY") + Money(Decimal(1), "USD")
    with pytest.raises(TypeError):
        Money(Decimal(1), "CNY") + Decimal(1)  # type: ignore[operator]
    with pytest.raises(TypeError):
        Money(Decimal(1), "CNY") * Money(Decimal(1), "CNY")  # type: ignore[operator]
    with pytest.raises(TypeError):
        Money(1.5, "CNY")  # type: ignore[arg-type]


def test_an_inverse_rate_divides_last() -> None:
    # 100 CNY = 285.49 MXN; 142.745 MXN are 50 yuan exactly, which a cut inverse would miss.
    rate = ExchangeRate("MXN", "CNY", Decimal(100), Decimal("285.49"), None, "user", "", "user", "")
    assert FEN(Decimal("142.745") * rate.value) == Decimal("50.00")
    assert FEN(Decimal(1000000) * rate.value) == Decimal("350274.97")


@given(
    fen=st.integers(-(10**18), 10**18),
    tie=st.booleans(),
    divisor=positive,
    beside=st.sampled_from([0, 1, -1]),
    far=st.integers(10, 400),
)
def test_a_ratio_beside_a_tie_is_told_from_it(fen: int, tie: bool, divisor: Decimal, beside: int, far: int) -> None:
    """However little a ratio differs from a tie or from whole fen, it is rounded as what it is."""
    exact = Fraction(2 * fen + tie, 200) + Fraction(beside, 10**far)
    numerator = exact * Fraction(divisor)
    written = EXACT.divide(Decimal(numerator.numerator), Decimal(numerator.denominator))
    assert FEN(Quotient(written, divisor)) == half_up_fen(exact)
