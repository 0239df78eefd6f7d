"""The engine on rules invented here: names as inputs, sums of the consignment, formulas from the code's own operators."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from calculator.allocation import part
from calculator.money import FEN
from calculator.rules import EXPLAINED, Pass, rule, sum_of, walk


@rule(rounds_to=FEN)
def toll(m: Any, load: Any, toll_rate: Any, bridge: Any) -> Any:
    """A toll on the load, and a bridge."""
    return (load + bridge) * toll_rate


@rule()
def gap(m: Any, load: Any, toll: Any, bridge: Any) -> Any:
    """Brackets that matter."""
    return load - (toll - bridge) + m.divide(load, bridge * toll)


def text(each: Any) -> str:
    patterns = {"least": "the lower of ({all})", "where": "if {0} then {1}, otherwise {2}"}
    return str(each.formula.text(lambda code: code.replace("_", " "), lambda word: patterns[word]))


def test_a_formula_is_the_code_of_its_rule() -> None:
    assert text(toll) == "(load + bridge) × toll rate"
    assert text(gap) == "load − (toll − bridge) + load ÷ (bridge × toll)"


def test_absent_facts_leave_the_formula_and_count_nothing() -> None:
    bare = toll.without("bridge")
    assert text(bare) == "load × toll rate"
    assert bare.plain(EXPLAINED, load=Decimal("10.05"), toll_rate=Decimal("0.1")) == Decimal("1.01")
    # An absent fact counts nothing even where the walk happens to know a fact of that name
    walked = walk(
        [Pass(lines=((bare,),))],
        {"bridge": Decimal(99)},
        [{"load": Decimal(1), "toll_rate": Decimal(1)}],
        (0,),
        EXPLAINED,
    )
    assert walked.lines[0]["toll"] == Decimal("1.00")


def test_a_renamed_rule_reads_other_facts() -> None:
    ferry = toll.renamed("ferry", load="cargo").without("bridge")
    assert text(ferry) == "cargo × toll rate"
    assert ferry.name == "ferry"


def test_a_pass_sees_the_sums_of_the_passes_before_it() -> None:
    @rule()
    def heavy(m: Any, load: Any, total_load: Any, limit: Any) -> Any:
        return m.where(total_load <= limit, m.num(0), load)

    lines = [{"load": Decimal(3)}, {"load": Decimal(4)}]
    within = walk([Pass(lines=((heavy,), (heavy,)))], {"limit": Decimal(7)}, lines, (0, 1), EXPLAINED)
    over = walk([Pass(lines=((heavy,), (heavy,)))], {"limit": Decimal(6)}, lines, (0, 1), EXPLAINED)
    assert [line["heavy"] for line in within.lines] == [0, 0]
    assert [line["heavy"] for line in over.lines] == [3, 4]
    assert [(step.rule.name, step.line) for step in over.steps] == [("heavy", 0), ("heavy", 1)]


def test_sums_of_any_number_of_facts() -> None:
    both = sum_of("both", ["a", "b"])
    assert text(both) == "a + b"
    assert both.plain(EXPLAINED, a=Decimal(1), b=Decimal(2)) == Decimal(3)
    assert sum_of("none", []).plain(EXPLAINED) == 0


sharing = part.renamed(
    "freight_part", cost="freight", running_weight="running_load", weight="load", total_weight="total_load"
)


def shares(freight: Decimal, loads: list[Decimal], order: tuple[int, ...]) -> list[Decimal]:
    passes = [Pass(lines=tuple((sharing,) for _ in loads))]
    walked = walk(passes, {"freight": freight}, [{"load": load} for load in loads], order, EXPLAINED)
    return [line["freight_part"] for line in walked.lines]


@given(
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.lists(st.decimals(min_value="0.001", max_value=10**6, places=3), min_size=1, max_size=40),
)
def test_shares_always_add_up_to_the_cost(freight: Decimal, loads: list[Decimal]) -> None:
    found = shares(freight, loads, tuple(range(len(loads))))
    assert sum(found) == freight
    whole = sum(loads)
    for share, load in zip(found, loads, strict=True):
        assert abs(Fraction(freight) * Fraction(load) / Fraction(whole) - Fraction(share)) <= Fraction(1, 100)


def test_shares_by_hand() -> None:
    # 100.00 over three equal loads: running totals 33.33, 66.67, 100.00
    assert shares(Decimal("100.00"), [Decimal(1)] * 3, (0, 1, 2)) == [
        Decimal("33.33"),
        Decimal("33.34"),
        Decimal("33.33"),
    ]
    # The canonical order decides who bears the odd fen, not the place in the request
    assert shares(Decimal("0.01"), [Decimal(1), Decimal(3)], (1, 0)) == [Decimal("0.00"), Decimal("0.01")]
