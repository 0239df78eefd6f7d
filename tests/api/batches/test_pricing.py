"""Rows priced in batches: worked-out figures, problems in their rows, consignments, and values of every type."""

import tomllib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import known_of
from api.batches.consignments import Pricing
from api.batches.layout import Layout
from api.batches.pricing import Run
from api.batches.results import AMOUNTS, RESULTS
from api.batches.texts import Unfit, text_of
from api.reading import Refused
from api.schemas import QuoteIn
from api.settings import Settings
from tariffs.book import Book
from tests.conftest import NOW
from tests.flat import AVOCADO, flat_texts
from tests.quoted import CASES, request_of

Row = dict[str, Any]
WORKED_OUT = {
    "customs_value": Decimal("313378.68"),
    "customs_duty": Decimal("21936.51"),
    "vat": Decimal("30178.37"),
    "taxes": Decimal("52114.88"),
    "payment_cost": Decimal("0.00"),
    "landed_cost": Decimal("364556.24"),
    # 364556.24 / 20.16
    "landed_cost_per_unit": Decimal("18083.1468"),
    "regime_used": "general_trade",
    "outcome": "complete",
    "error": None,
}
FLAT_CASES = [path for path in CASES if flat_texts(request_of(path)) is not None]


@pytest.fixture(scope="module")
def pricing(real_book: Book) -> Pricing:
    return Pricing(real_book, QuoteIn(known_of(Settings(database="sqlite://"), real_book, lambda: NOW)))


def priced(pricing: Pricing, rows: Sequence[Row], sizes: Sequence[int] = (), **types: Any) -> list[Row]:
    """The rows with their results, handed over in batches of these sizes, the rest in one."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    schema = pa.schema([(name, types.get(name, pa.string())) for name in names])
    batches, start = [], 0
    for size in [*sizes, len(rows)]:
        some = rows[start : start + size]
        start += size
        batches.append(pa.RecordBatch.from_pylist([{name: row.get(name) for name in names} for row in some], schema))
    return [row for batch in Run(pricing, schema).answers(batches) for row in batch.to_pylist()]


def test_a_row_worked_by_hand(pricing: Pricing):
    (found,) = priced(pricing, [{"SKU": "007"} | AVOCADO])
    assert list(found) == ["SKU", *AVOCADO, *RESULTS]
    assert found["SKU"] == "007"
    assert WORKED_OUT.items() <= found.items()


@pytest.mark.parametrize("path", FLAT_CASES, ids=lambda path: path.stem)
def test_every_golden_case_that_has_a_row(path: Path, pricing: Pricing):
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    (found,) = priced(pricing, [flat_texts(case["request"]) or {}])
    results = dict(zip(RESULTS, list(found.values())[-len(RESULTS) :], strict=True))
    assert results["error"] is None
    expected = {name: Decimal(text) for name, text in case["expected"].items() if name in AMOUNTS}
    assert expected
    assert {name: results[name] for name in expected} == expected


def test_headings_in_spanish_and_chinese(pricing: Pricing):
    spanish = {"producto": "product", "cantidad": "quantity", "precio": "price", "moneda": "currency", "por": "per"}
    chinese = {"产品": "product", "数量": "quantity", "价格": "price", "币种": "currency", "计价单位": "per"}
    rest = {name: AVOCADO[name] for name in ("incoterm", "freight", "fx", "declared_on")}
    for words in (spanish, chinese):
        (found,) = priced(pricing, [{word: AVOCADO[name] for word, name in words.items()} | rest])
        assert found["landed_cost"] == WORKED_OUT["landed_cost"]


def test_a_bad_row_stops_no_other_and_tells_all_its_faults(pricing: Pricing):
    bad = AVOCADO | {"quantity": "20.16 ton", "price": "1,5", "incoterm": "XYZ", "declared_on": "yesterday"}
    first, second, third = priced(pricing, [AVOCADO, bad, AVOCADO])
    assert first["landed_cost"] == third["landed_cost"] == WORKED_OUT["landed_cost"]
    assert {name: second[name] for name in RESULTS if name != "error" and second[name] is not None} == {}
    for name in ("quantity: ", "price: ", "incoterm: ", "declared_on: "):
        assert name in second["error"]
    assert "1.5" in second["error"]


def test_problems_in_the_language_asked_for(pricing: Pricing):
    (found,) = priced(Pricing(pricing.book, pricing.schema, "es"), [AVOCADO | {"quantity": "20.16"}])
    assert "unidad" in found["error"]


HALF = AVOCADO | {"shipment": "S1", "price": "20000", "quantity": "10.08 t"}


def test_rows_of_one_shipment_are_one_consignment(pricing: Pricing):
    """The freight is stated once and is that of both: 46200 x 6.7628 x 1.003 / 2 = 156689.34204 is each half's customs value.

    7 % of 156689.34 is 10968.25, 9 % of 167657.59 is 15089.18; with 135256.00 and 20964.68 that is 182278.11.
    """
    halves = priced(pricing, [HALF, HALF | {"freight": None}])
    for half in halves:
        assert half["customs_value"] == Decimal("156689.34")
        assert half["customs_duty"] == Decimal("10968.25")
        assert half["vat"] == Decimal("15089.18")
        assert half["landed_cost"] == Decimal("182278.11")


@pytest.mark.parametrize("sizes", [(1,), (2,), (1, 1), (3,), (2, 1, 1)])
def test_a_shipment_may_go_on_in_the_next_batch(pricing: Pricing, sizes: Sequence[int]):
    rows = [AVOCADO, HALF, HALF, AVOCADO | {"shipment": ""}, HALF | {"shipment": "S2"}]
    assert priced(pricing, rows, sizes) == priced(pricing, rows)


def test_shipments_that_cannot_be_priced(pricing: Pricing):
    other = HALF | {"shipment": "S2"}
    first, *_, again = priced(pricing, [HALF, other, HALF])
    assert first["error"] is None
    assert "one after the other" in again["error"]
    one, two = priced(pricing, [HALF, HALF | {"quantity": "?"}])
    assert "Another row of this shipment" in one["error"]
    assert two["error"].startswith("quantity: ")
    _, said = priced(pricing, [HALF, HALF | {"incoterm": "CIF"}])
    assert said["error"].startswith("incoterm: ")
    assert "FOB" in said["error"]
    many = priced(pricing, [HALF] * 201)
    assert all("at most 200 rows" in row["error"] for row in many)
    rows = priced(pricing, [HALF] * 450, [150, 150])
    assert len(rows) == 450
    assert all(row["error"] for row in rows)


def test_values_of_every_type(pricing: Pricing):
    row = AVOCADO | {"price": Decimal("40000.00"), "freight": 6200, "declared_on": date(2026, 11, 23)}
    types = {"price": pa.decimal128(20, 2), "freight": pa.int64(), "declared_on": pa.date32()}
    (found,) = priced(pricing, [row], **types)
    assert found["landed_cost"] == WORKED_OUT["landed_cost"]
    (found,) = priced(pricing, [AVOCADO | {"price": 40000.0}], price=pa.float64())
    assert found["landed_cost"] == WORKED_OUT["landed_cost"]
    (found,) = priced(pricing, [AVOCADO | {"price": 0.1 + 0.2}], price=pa.float64())
    assert found["error"].startswith("price: 0.30000000000000004 ")
    (found,) = priced(pricing, [AVOCADO | {"price": float("nan")}], price=pa.float64())
    assert found["error"].startswith("price: nan ")


def test_amounts_without_bound_are_told_in_their_row(pricing: Pricing):
    huge, fine = priced(pricing, [AVOCADO | {"price": "1" + "0" * 30}, AVOCADO])
    assert huge["error"].startswith("price: ")
    assert fine["error"] is None


def test_what_was_priced_before_is_priced_anew(pricing: Pricing):
    before = pa.RecordBatch.from_pylist(priced(pricing, [AVOCADO | {"price": "1"}]))
    changed = before.set_column(before.schema.get_field_index("price"), "price", pa.array(["40000"]))
    (found,) = [row for batch in Run(pricing, changed.schema).answers([changed]) for row in batch.to_pylist()]
    assert list(found) == [*AVOCADO, *RESULTS]
    assert found["landed_cost"] == WORKED_OUT["landed_cost"]


def test_a_column_of_the_user_keeps_its_name(pricing: Pricing):
    """`trade_remedies` is both what is asked and what it comes to."""
    (found,) = priced(pricing, [AVOCADO | {"trade_remedies": "anti_dumping:10%"}])
    assert found["trade_remedies"] == "anti_dumping:10%"
    # 10 % of 313378.68
    assert found["priced_trade_remedies"] == Decimal("31337.87")


@pytest.mark.parametrize(
    ("headings", "code"),
    [
        (["product", "price"], "columns_missing"),
        (["quantity", "price", "currency"], "columns_missing"),
        (["product", "quantity", "cantidad", "price", "currency"], "columns_alike"),
    ],
)
def test_headings_that_do_not_do(headings: list[str], code: str):
    with pytest.raises(Refused) as refused:
        Layout.of(headings)
    assert [each.code for each in refused.value.refusals] == [code]


# What Python has no moment for: a nanosecond, the year 146,138,514 and the day 10^9 after 1970.
NOWHERE = [pa.array([1], pa.timestamp("ns")), pa.array([2**62], pa.timestamp("us")), pa.array([10**9], pa.date32())]


@pytest.mark.parametrize("moment", NOWHERE, ids=lambda each: f"{each.type}")
def test_a_moment_that_python_has_not_is_a_problem_of_its_row(pricing: Pricing, moment: "pa.Array"):
    rows = {name: [value, value] for name, value in AVOCADO.items() if name != "declared_on"}
    days = pa.concat_arrays([moment, pa.nulls(1, moment.type)])
    batch = pa.RecordBatch.from_pydict({**rows, "declared_on": days})
    (answer,) = Run(pricing, batch.schema).answers([batch])
    first, second = answer.select(RESULTS).to_pylist()
    assert (first["landed_cost"], second["error"]) == (None, None)
    assert first["error"].startswith("declared_on: ")


def test_shipments_that_are_no_texts_are_problems_of_their_rows(pricing: Pricing):
    """Nobody can tell which rows are one consignment: the same sign may stand for different values, and nan for none."""
    rows = {name: [value] * 4 for name, value in AVOCADO.items()}
    columns = [
        pa.array([b"a", b"b", None, None]),
        pa.array([b"a", b"b", None, None]).dictionary_encode(),
        pa.array([1, 2, None, None], pa.timestamp("ns")),
        pa.array([1, 2, None, None], pa.timestamp("ns")).dictionary_encode(),
        pa.array([[1], [2], None, None]),
        pa.array([float("nan"), float("nan"), None, None]),
    ]
    for shipments in columns:
        batch = pa.RecordBatch.from_pydict({**rows, "shipment": shipments})
        answers = pa.Table.from_batches(Run(pricing, batch.schema).answers([batch]))
        assert answers.column("landed_cost").to_pylist() == [None] * 2 + [WORKED_OUT["landed_cost"]] * 2
        errors = answers.column("error").to_pylist()
        assert [error.startswith("shipment: ") for error in errors[:2]] == [True, True]
        assert errors[2:] == [None, None]


def test_whole_days_in_nanoseconds_are_days(pricing: Pricing):
    day = pa.array([1795392000 * 10**9], pa.timestamp("ns"))
    rows = {name: [value] for name, value in AVOCADO.items()}
    for days in (day, day.dictionary_encode(), day.cast(pa.timestamp("us"))):
        batch = pa.RecordBatch.from_pydict({**rows, "declared_on": days})
        (answer,) = Run(pricing, batch.schema).answers([batch])
        assert answer.column("landed_cost").to_pylist() == [WORKED_OUT["landed_cost"]]


def test_figures_name_shipments(pricing: Pricing):
    rows = {name: [value] * 3 for name, value in AVOCADO.items()}
    for shipments in (pa.array([1, 2, None]), pa.array([1.0, 2.0, None]), pa.array([True, False, None])):
        batch = pa.RecordBatch.from_pydict({**rows, "shipment": shipments})
        answers = pa.Table.from_batches(Run(pricing, batch.schema).answers([batch]))
        assert answers.column("landed_cost").to_pylist() == [WORKED_OUT["landed_cost"]] * 3


def test_blanks_around_a_heading_are_no_part_of_what_is_said_of_it():
    """As for a short file, so for a job, whose mapping is kept as it was sent."""
    layout = Layout.of([" Was ", "quantity", "price", "currency"], {"Was": "product"})
    assert layout.names[0].name == "product"
    assert layout.called["product"] == " Was "


def test_what_a_heading_means_can_be_said():
    layout = Layout.of(["Was", "quantity", "price", "currency", "description"], {"Was": "product", "description": ""})
    assert layout.names[0].name == "product"
    assert layout.unknown == ("description",)
    with pytest.raises(Refused):
        Layout.of(["Was", "product", "quantity", "price", "currency"], {"Was": "nothing"})


@given(st.decimals(min_value=0, max_value=10**9, places=4))
def test_a_float_of_few_digits_is_what_was_typed(number: Decimal):
    written = Decimal(text_of(float(number)))
    assert written == number


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=0))
def test_a_float_is_exact_or_refused(number: float):
    try:
        assert float(text_of(number)) == number
    except Unfit:
        assert len(Decimal(repr(number)).as_tuple().digits) > 15


def test_nothing_in_nothing_out(pricing: Pricing):
    run = Run(pricing, pa.schema([(name, pa.string()) for name in AVOCADO]))
    assert list(run.answers([])) == []
    assert run.schema.names == [*AVOCADO, *RESULTS]
