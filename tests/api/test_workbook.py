"""The workbook of a quote: its formulas reckon as the law does, though a spreadsheet has binary fractions alone."""

import io
import json
import re
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from api.renderings.formulas import Formula, places_for
from api.renderings.layout import Layout
from api.renderings.links import Leaf
from api.renderings.published import published
from api.renderings.workbook import workbook
from tests.quoted import CASES, kept, quoted, request_of, shown

FEN = Decimal("0.01")
YUAN = st.decimals(0, Decimal("1e9"), places=2)
SHARES = st.decimals(0, Decimal("0.9"), places=6)


def half_up(value: Fraction) -> Decimal:
    """To the fen, from digits that tell every tie of these figures from its neighbours."""
    return Decimal(int(value * 10**60)).scaleb(-60).quantize(FEN, rounding=ROUND_HALF_UP)


def reckoned(expression: str, exact: Decimal, *values: Decimal) -> float:
    """As a spreadsheet does, with the places that the writer takes for an amount of this size."""
    return Formula(expression).value([float(each) for each in values], places_for(Fraction(exact), expression)[0])


@settings(deadline=None, max_examples=1000)
@given(YUAN, SHARES)
def test_a_duty_by_value(value: Decimal, rate: Decimal) -> None:
    exact = half_up(Fraction(value) * Fraction(rate))
    assert reckoned("round(i0 * i1, 0.01)", exact, value, rate) == float(exact)


@settings(deadline=None, max_examples=1000)
@given(st.integers(0, 10**9), st.integers(1, 9))
def test_ties_go_up(fen: int, tenths: int) -> None:
    """Amounts that end in just half a fen: 0.1 × x.x5 is one half more often than not."""
    value, rate = Decimal(fen).scaleb(-2), Decimal(tenths * 5).scaleb(-2)
    exact = half_up(Fraction(value) * Fraction(rate))
    assert reckoned("round(i0 * i1, 0.01)", exact, value, rate) == float(exact)


@settings(deadline=None, max_examples=1000)
@given(
    YUAN,
    YUAN,
    YUAN,
    st.sampled_from([Decimal(each) for each in ("0.05", "0.10", "0.15", "0.20", "0.36", "0.40", "0.56")]),
)
def test_a_composite_price(value: Decimal, duty: Decimal, per_unit: Decimal, rate: Decimal) -> None:
    base = Fraction(value + duty + per_unit)
    exact = half_up(base * Fraction(rate) / (1 - Fraction(rate)) + Fraction(per_unit))
    written = "round((i0 + i1 + i2) * i3 / (1 - i3) + i2, 0.01)"
    assert reckoned(written, exact, value, duty, per_unit, rate) == float(exact)


@pytest.mark.parametrize(
    ("expression", "cells", "places", "written"),
    [
        ("round(i0 * i1, 0.01)", "C2 C3", 6, "ROUND(ROUND((C2*C3)*100,6),0)/100"),
        ("ceil(i0 / i1, 1)", "C2 C3", 9, "-INT(-ROUND((C2/C3),9))"),
        ("floor(i0 * i1, 1)", "C2 C3", 6, "INT(ROUND((C2*C3),6))"),
        ("ceil(i0, 0.5)", "C2", 9, "-INT(-ROUND((C2)*2,9))/2"),
        ("i0 - (i1 - i2)", "C2 C3 C4", 6, "C2-(C3-C4)"),
        ("i0 / (i1 * i2)", "C2 C3 C4", 6, "C2/(C3*C4)"),
        ("(i0 + i1) * i2", "C2 C3 C4", 6, "(C2+C3)*C4"),
        ("least(i0, greatest(i1, i2))", "C2 C3 C4", 6, "MIN(C2,MAX(C3,C4))"),
        ("where(i0 <= i1, i2, 0)", "C2 C3 C4", 6, "IF(ROUND(C2-C3,6)<=0,C4,0)"),
        (
            "running_share(i0, i1, i2, i3)",
            "C2 C3 C4 C5",
            6,
            "IF((C5)=0,0,(ROUND(ROUND((C2)*(C3)/(C5)*100,6),0)-ROUND(ROUND((C2)*((C3)-(C4))/(C5)*100,6),0))/100)",
        ),
    ],
)
def test_how_formulas_are_written(expression: str, cells: str, places: int, written: str) -> None:
    assert Formula(expression).text(cells.split(), places) == written


@pytest.mark.parametrize(
    ("text", "unit", "content", "exact"),
    [
        ("7%", None, "0.07", Fraction(7, 100)),
        ("2.90", "USD/kg", "2.90", Fraction(29, 10)),
        ("USD/CNY 6.7628", "CNY/USD", "6.7628", Fraction(67628, 10000)),
        ("CNY/MXN 2.8549", "CNY/MXN", "1/2.8549", Fraction(10000, 28549)),
        ("100 CNY = 285.49 MXN", "CNY/MXN", "100/285.49", Fraction(10000, 28549)),
        ("1 USD = 6.7628 CNY", "CNY/USD", "6.7628", Fraction(67628, 10000)),
        ("EUR/CNY 7.4326 ÷ EUR/USD 1.1172 (ECB 2026-10-30)", "CNY/USD", "7.4326/1.1172", Fraction(74326, 11172)),
        ("USD/CNY 7.1 × EUR/USD 1.1 ÷ EUR/MXN 20", "CNY/MXN", "7.1*1.1/20", Fraction(781, 2000)),
        ("1 ÷ EUR/USD 1.1172", "EUR/USD", "1/1.1172", Fraction(10000, 11172)),
    ],
)
def test_figures_as_they_were_published(text: str, unit: str | None, content: str, exact: Fraction) -> None:
    """A rate stands in its cell as the figures that somebody published, so that it loses nothing."""
    assert published(text, unit) == (content, exact)


def test_what_is_no_number() -> None:
    assert published("as agreed", None) is None


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_step_of_the_golden_cases_is_a_formula(path: Any, client: FlaskClient) -> None:
    """Whatever has inputs is reckoned from them, and each of them leads to a step or to a figure from outside."""
    quote = shown(quoted(client, request_of(path)))
    layout = Layout(quote, "Steps", "Rates")
    assert [
        step["code"]
        for step, cell in zip(layout.links.steps, layout.steps, strict=True)
        if step["inputs"] and not cell.formula
    ] == []
    for step, sources in zip(layout.links.steps, layout.links.sources, strict=True):
        for entry, source in zip(step["inputs"], sources, strict=True):
            assert not (entry["from"].startswith("step:") and isinstance(source, Leaf)), (step["code"], entry)


def sheets(body: bytes) -> list[list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Quote", "Every step", "Rates and sources", "Notes"]),
        ("es", ["Cotización", "Todos los pasos", "Tasas y fuentes", "Notas"]),
        ("zh", ["报价", "全部步骤", "税率、汇率与来源", "说明"]),
    ],
)
def test_what_a_viewer_without_formulas_shows(language: str, names: list[str], client: FlaskClient) -> None:
    """The amounts are those of the golden case two-lines-share-freight; codes keep their zeros."""
    case = next(each for each in CASES if each.stem == "two-lines-share-freight")
    document = quoted(client, request_of(case, language))
    body = client.get(document["links"]["xlsx"]).data
    assert CalamineWorkbook.from_filelike(io.BytesIO(body)).sheet_names == names
    front, steps, rates, _ = sheets(body)
    numbers = [cell for row in front for cell in row if isinstance(cell, float)]
    assert {270512.0, 6762.8, 20162.73, 29847.79, 327285.32, 278106.63} <= set(numbers)
    assert {"08044000", "09011100"} <= {cell for row in front for cell in row if isinstance(cell, str)}
    assert {14600.6, 5562.13, 20086.25, 9761.54} <= {row[2] for row in steps}
    assert {6.7628, 0.07, 0.08, 0.09, 0.13, 0.003} <= {row[2] for row in rates}


def test_cells_have_names_and_the_same_quote_gives_the_same_bytes(client: FlaskClient) -> None:
    case = next(each for each in CASES if each.stem == "two-lines-share-freight")
    quote = shown(quoted(client, request_of(case)))
    body = workbook(quote)
    assert workbook(quote) == body
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        found = parts.read("xl/workbook.xml").decode()
        assert "xl/charts/chart1.xml" in parts.namelist()
        assert b'paperSize="9"' in parts.read("xl/worksheets/sheet1.xml")
    names = re.findall(r'<definedName name="([^"]+)">', found)
    assert {"total_landed_cost", "total_vat", "in_vat_rate_line_1", "step_customs_duty_line_2"} <= set(names)


def test_quotes_of_many_lines_and_of_any_size(client: FlaskClient) -> None:
    """Two hundred lines that share one freight, and amounts at both ends of what is taken."""
    request = request_of(next(each for each in CASES if each.stem == "two-lines-share-freight"))
    line = request["goods"][0]
    many = [
        line
        | {
            "quantity": f"{100 + number}.37 kg",
            "price": {"amount": f"{2 + number / 1000:.3f}", "currency": "USD", "per": "kg"},
        }
        for number in range(200)
    ]
    price = {"amount": "999999999999.99", "currency": "MXN", "per": "total"}
    huge = {
        "goods": [line | {"quantity": "999999999.999 kg", "price": price}],
        "incoterm": "CIF",
        "declared_on": "2026-11-23",
    }
    tiny = json.loads(json.dumps(huge).replace("999999999.999", "0.001").replace("999999999999.99", "0.01"))
    for asked in (request | {"goods": many}, huge, tiny):
        document = quoted(client, asked)
        layout = Layout(shown(document), "Steps", "Rates")
        held = [
            each
            for each, cell in zip(layout.links.steps, layout.steps, strict=True)
            if each["inputs"] and not cell.formula
        ]
        assert [each["code"] for each in held] == []
        assert len(client.get(document["links"]["xlsx"]).data) < 3_000_000
        assert len(client.get(document["links"]["html"]).data) < 8_000_000
        assert len(client.get(document["links"]["csv"]).data) < 8_000_000
        assert len(client.get(document["links"]["svg"]).data) < 10_000
    assert kept(document).language == "en"


def test_formulas_have_only_functions_as_old_as_the_format(client: FlaskClient) -> None:
    """The library is not asked to look for younger ones, which a file keeps under other names (_xlfn.)."""
    functions: set[str] = set()
    for case in CASES[::8]:
        body = client.get(quoted(client, request_of(case))["links"]["xlsx"]).data
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            pages = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        formulas = [each for page in pages for each in re.findall("<f>(.*?)</f>", page)]
        assert formulas
        assert not any(each.startswith("=") for each in formulas)
        functions |= {word for each in formulas for word in re.findall(r"([A-Za-z_.]+)\(", each)}
    assert functions <= {"ABS", "IF", "INT", "MAX", "MIN", "ROUND", "SUM"}
    assert "ROUND" in functions
