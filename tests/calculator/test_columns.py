"""Exact columns: figures worked by hand, and every operator and word held against the numbers of a single quote."""

import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal as D
from decimal import localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculator.allocation import part
from calculator.columns import LIMIT, Column, Ratio, read, rounded, terms
from calculator.money import EXACT, FEN, Number, Quotient, divide, downwards, half_up, upwards
from calculator.rules import EXPLAINED, Pass, walk
from calculator.second_reading import Columns, stacked

sharing = part.renamed(
    "freight_part", cost="freight", running_weight="running_load", weight="load", total_weight="total_load"
)
ROUNDINGS = (FEN, half_up(0), half_up(3), downwards(2), downwards(0), upwards(D("0.01")), upwards(D("0.5")))


def column(*values: str) -> Any:
    return stacked([D(value) for value in values])


def decimals(value: Any, rows: int) -> list[D]:
    """The numbers of a column, as many as there are rows. A ratio has to be rounded first."""
    whole: Column = read(value)
    found = [D(each).scaleb(-whole.scale, EXACT) for each in whole.digits.tolist()]
    return found * rows if len(found) == 1 else found


def figures(value: Any, rows: int = 1) -> list[str]:
    return [str(each) for each in decimals(value, rows)]


def to_the_fen(value: Any, rows: int = 1) -> list[str]:
    return figures(rounded(value, FEN)[0], rows)


def test_a_column_is_whole_numbers_with_a_scale() -> None:
    found = column("1.50", "20", "-0.250")
    assert (found.scale, found.digits.tolist(), found.bound) == (2, [150, 2000, -25], 2000)
    assert Column.of([D("1E+3"), 7]).digits.tolist() == [1000, 7]
    # No more decimals than the numbers need, and one row where all are the same
    assert (column("20.160", "3.000").scale, column("6.7628", "6.7628").digits.tolist()) == (2, [67628])


def test_ties_go_away_from_zero() -> None:
    ties = column("0.005", "-0.005", "1.005", "-1.015", "2.674999999", "-2.675000001")
    assert to_the_fen(ties) == ["0.01", "-0.01", "1.01", "-1.02", "2.67", "-2.68"]
    # 1/8 = 0.125, 1/200 = 0.005; the sign of a denominator counts
    assert to_the_fen(Columns().divide(column("1", "-1", "1", "1"), column("8", "8", "-200", "-3"))) == [
        "0.13",
        "-0.13",
        "-0.01",
        "-0.33",
    ]


def test_floor_and_ceiling() -> None:
    values = column("1.001", "-1.001", "2", "-0.009")
    assert figures(rounded(values, downwards(2))[0]) == ["1.00", "-1.01", "2.00", "-0.01"]
    assert figures(rounded(values, upwards(D("0.01")))[0]) == ["1.01", "-1.00", "2.00", "0.00"]
    over_minus_three = Columns().divide(column("1", "-1", "3"), column("-3"))
    assert figures(rounded(over_minus_three, downwards(0))[0]) == ["-1", "0", "-1"]
    assert figures(rounded(over_minus_three, upwards(D(1)))[0]) == ["0", "1", "-1"]
    assert figures(rounded(column("14999", "15000"), half_up(-4))[0]) == ["10000", "20000"]


def test_a_rounding_of_another_kind_is_refused() -> None:
    bankers = type(FEN)(D("0.01"), "ROUND_HALF_EVEN")
    with pytest.raises(ValueError, match="ROUND_HALF_EVEN"):
        rounded(column("0.005", "1"), bankers)


def test_nothing_wraps() -> None:
    # 200,000 t at 100,000 a kilogram, six decimals of a rate: 2e20 and more, where machine integers end at 9.2e18
    tonnes, price, rate = column("200000000", "1"), column("100000", "0.01"), column("6.762812", "7")
    value = tonnes * price * rate
    assert value.digits.dtype == object
    assert to_the_fen(value) == ["135256240000000.00", "0.07"]
    edge = column(str(LIMIT), "1")
    assert edge.digits.dtype != object
    assert figures(edge + edge) == [str(2 * LIMIT), "2"]
    assert figures(edge - column(str(-LIMIT), "1")) == [str(2 * LIMIT), "0"]
    assert figures(column("1" + "0" * 30, "-1") + 1) == ["1" + "0" * 29 + "1", "0"]
    assert (column("1" + "0" * 30, "0.1") > edge).tolist() == [True, False]
    assert to_the_fen(edge * D("0.005")) == ["46116860184273879.04", "0.01"]


def test_large_numbers_come_back_to_machine_integers() -> None:
    value = rounded(column("3000000000.55", "1.5") * column("2.000000001", "3.5") * column("0.0000000001", "1"), FEN)[0]
    assert value.digits.dtype != object
    assert figures(value) == ["0.60", "5.25"]
    # A bound that was too careful is proven again from the rows before the column grows wide
    careful = Column(column("3", "4").digits, 0, LIMIT)
    assert terms(careful * 2)[0].digits.dtype != object


def test_ratios_keep_what_a_division_would_cut() -> None:
    m = Columns()
    third = m.divide(column("1", "2"), column("3", "3"))
    assert to_the_fen(third * 3, 2) == ["1.00", "2.00"]
    assert to_the_fen(third + third - third * D("0.5"), 2) == ["0.50", "1.00"]
    assert to_the_fen(1 - third, 2) == ["0.67", "0.33"]
    assert to_the_fen(m.divide(third, third), 2) == ["1.00", "1.00"]
    assert to_the_fen(m.divide(column("1", "4"), third), 2) == ["3.00", "6.00"]
    assert (third * 3 >= column("1", "2.0001")).tolist() == [True, False]
    assert (D("0.5") > third).tolist() == [True, False]
    assert (third < Quotient(D(1), D(-3))).tolist() == [False, False]


def test_a_division_by_nothing_counts_only_where_it_is_rounded() -> None:
    m = Columns()
    price = m.divide(column("10", "10"), column("4", "0"))
    assert to_the_fen(m.where(column("1", "0") > 0, price, D(0))) == ["2.50", "0.00"]
    kept = m.round(price, FEN)
    assert m.undefined.tolist() == [False, True]
    assert figures(kept) == ["2.50", "0.00"]
    m.round(m.divide(column("0", "3"), column("0", "1")), FEN)
    assert m.undefined.tolist() == [True, True]


def test_shares_where_there_is_nothing_to_share_by() -> None:
    m = Columns()
    common, part, whole = column("100", "100"), column("1", "0"), column("3", "0")
    assert to_the_fen(m.share(common, part, whole)) == ["33.33", "0.00"]
    assert to_the_fen(m.share(common, whole, whole)) == ["100.00", "0.00"]
    assert figures(m.running_share(common, column("2", "0"), part, whole, FEN)) == ["33.34", "0.00"]
    assert not m.undefined.any()


def test_a_walk_over_columns_shares_to_the_last_fen() -> None:
    # As in test_rules: 100.00 over three equal loads, and 0.01 over one and three
    lines = [{"load": column("1", "0.5")}, {"load": column("1", "0")}, {"load": column("1", "1.5")}]
    walked = walk([Pass(lines=((sharing,),) * 3)], {"freight": column("100", "0.01")}, lines, (0, 1, 2), Columns())
    assert [figures(line["freight_part"]) for line in walked.lines] == [
        ["33.33", "0.00"],
        ["33.34", "0.00"],
        ["33.33", "0.01"],
    ]


plain = st.one_of(
    st.decimals(min_value=-(10**6), max_value=10**6, places=3),
    st.integers(-200, 200).map(lambda halves: D(halves) * D("0.005")),
    st.decimals(min_value=-(10**30), max_value=10**30, places=6),
    st.integers(-3, 3),
)
quotients = st.builds(Quotient, plain.map(D), plain.map(D).filter(bool))
numbers = st.one_of(plain, quotients)
rows = st.integers(1, 4).flatmap(lambda size: st.tuples(*[st.lists(numbers, min_size=size, max_size=size)] * 3))
Three = tuple[list[Number], list[Number], list[Number]]
OPERATORS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "a + b": lambda m, a, b: a + b,
    "a − b": lambda m, a, b: a - b,
    "a × b": lambda m, a, b: a * b,
    "0 − a": lambda m, a, b: m.num(0) - a,
    "a × b + 1.5": lambda m, a, b: m.num("1.5") + a * b,
    "divide": lambda m, a, b: m.where(b * b > 0, m.divide(a, b), m.num(0)),
    "least": lambda m, a, b: m.least(a, b, m.num("0.5")),
    "greatest": lambda m, a, b: m.greatest(a, m.num(0), b),
    "a < b": lambda m, a, b: m.where(a < b, m.num(1), m.num(0)),
    "a ≤ b": lambda m, a, b: m.where(a <= b, a, b),
    "a > b": lambda m, a, b: m.where(a > b, b, m.num(2)),
    "a ≥ b": lambda m, a, b: m.where(a >= b, m.num(1), a),
    "1 ≥ b": lambda m, a, b: m.where(m.num(1) >= b, a, b),
}


@pytest.mark.parametrize("name", OPERATORS)
@given(given=rows)
def test_columns_reckon_as_single_numbers_do(name: str, given: Three) -> None:
    left, right, _ = given
    size = len(left)
    with localcontext(EXACT):
        operation = OPERATORS[name]
        together = operation(Columns(), stacked(left), stacked(right))
        alone = [operation(EXPLAINED, one, other) for one, other in zip(left, right, strict=True)]
        for rounding in ROUNDINGS:
            assert decimals(rounded(together, rounding)[0], size) == [rounding(each) for each in alone]


@given(given=rows)
def test_columns_share_as_single_numbers_do(given: Three) -> None:
    m = Columns()
    common, running, part = map(stacked, given)
    with localcontext(EXACT):
        for whole, wholes in ((part, given[2]), (running, given[1]), (stacked([0]), [0] * len(given[0]))):
            found = m.round(m.share(common, part, whole), FEN)
            assert decimals(found, len(wholes)) == [
                FEN(EXPLAINED.share(c, p, w)) for c, p, w in zip(given[0], given[2], wholes, strict=True)
            ]
            found = m.running_share(common, running, part, whole, FEN)
            assert decimals(found, len(wholes)) == [
                EXPLAINED.running_share(c, r, p, w, FEN) for c, r, p, w in zip(*given, wholes, strict=True)
            ]
    assert not m.undefined.any()


@given(st.lists(numbers, min_size=1, max_size=6))
def test_what_is_stacked_is_what_was_given(values: list[Number]) -> None:
    found = stacked(values)
    if isinstance(found, Ratio):
        above, below = decimals(found.numerator, len(values)), decimals(found.denominator, len(values))
        with localcontext(EXACT):
            assert all(divide(a, b) == value for a, b, value in zip(above, below, values, strict=True))
    else:
        assert decimals(found, len(values)) == values


def test_a_single_quote_does_not_import_numpy() -> None:
    code = "import api, calculator.quote, tariffs.book, sys; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
