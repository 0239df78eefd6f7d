"""Workbooks of quotes, reckoned by a real LibreOffice from nothing but their formulas, against the quotes they are of."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.examples import QUOTE_REQUESTS
from api.languages import LANGUAGES
from api.renderings.front_sheet import total
from api.renderings.layout import Layout
from api.renderings.shown import BESIDE, Shown
from api.renderings.workbook import workbook
from tests.office.calc import Sheets, changed, recalculated
from tests.quoted import CASES, quoted, request_of, shown

ROUNDED = ("round(", "ceil(", "floor(", "running_share(")


def differences(quote: Shown, found: Sheets) -> list[str]:
    """Where a workbook does not come to its quote: amounts that are rounded to the last bit, others to a millionth of a fen."""
    layout = Layout(quote, "steps", "rates")
    wrong = []
    for step, cell in zip(layout.links.steps, layout.steps, strict=True):
        value = found[1][cell.row][2]
        same = value == float(cell.exact)
        if not str(step.get("expression")).startswith(ROUNDED):
            same = abs(Fraction(value) - cell.exact) <= Fraction(1, 10**8) * max(Fraction(1), abs(cell.exact) / 10**4)
        if not same:
            wrong.append(f"{quote.id} {step['code']} {step['goods']}: {value}, not {float(cell.exact)}")
    return wrong + _totals(quote, layout, found[0])


def _totals(quote: Shown, layout: Layout, front: list[list[Any]]) -> list[str]:
    """The figures of the first sheet that are not those of the quote, to the fen."""
    named: dict[str, Any] = {}
    for row in front:
        if isinstance(row[1], float):
            named.setdefault(row[0], row[1])
    wrong = []
    for name in (*quote.parts, "landed_cost", *BESIDE, "landed_cost_net_of_vat", "landed_cost_display"):
        stated, value = Decimal(quote.amount(name)), named[quote.label(name)]
        if name not in ("landed_cost", "landed_cost_net_of_vat", "landed_cost_display") and stated:
            assert total(quote, layout, name), f"{name} is no formula"
        if round(Fraction(value) * 100) != Fraction(stated) * 100:
            wrong.append(f"{quote.id} {name}: {value}, not {stated}")
    return wrong


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_golden_case(language: str, client: FlaskClient, tmp_path: Path) -> None:
    """Each case in one of the languages."""
    cases = CASES[LANGUAGES.index(language) :: len(LANGUAGES)]
    quotes = {path.stem: shown(quoted(client, request_of(path, language)), language) for path in cases}
    found = recalculated({name: workbook(quote) for name, quote in quotes.items()}, tmp_path)
    assert [each for name, quote in quotes.items() for each in differences(quote, found[name])] == []
    assert len(quotes) >= len(CASES) // len(LANGUAGES)


def consignment(allocate_by: str) -> dict[str, Any]:
    """Three goods that share freight, insurance, charges and the cost of paying, priced in two currencies."""
    weighed = {"gross_weight": "3500 kg", "volume": "9 m3"}
    goods = [
        {"quantity": "20.16 t", "package": "carton-4kg", "price": {"amount": "2.90", "currency": "USD", "per": "kg"}},
        {"quantity": "3333.33 kg", "price": {"amount": "2.777", "currency": "USD", "per": "kg"}, **weighed},
        {"quantity": "1234.567 kg", "price": {"amount": "52.13", "currency": "MXN", "per": "kg"}, **weighed},
    ]
    freight = {"amount": "6200.00", "currency": "USD"}
    return {
        "goods": [{"product": "avocado-fresh", **each} for each in goods],
        "incoterm": "FOB",
        "place": "MXZLO",
        "route": {"mode": "sea", "from": "MXZLO", "to": "CNSHA", "equipment": "40RH"},
        "costs": {"freight": freight, "insurance": {"rate": "0.3%", "insured": "110%"}, "allocate_by": allocate_by},
        "payment": {"rail": "swift-tt", "currency": "USD"},
        "display_currency": "MXN",
        "importer": {"vat_recoverable": True},
        "declared_on": "2026-11-23",
    }


@pytest.mark.slow
def test_consignments_rails_and_examples(client: FlaskClient, tmp_path: Path) -> None:
    asked = {name: each["value"] for name, each in QUOTE_REQUESTS.items()}
    asked |= {each: consignment(each) for each in ("value", "gross_weight", "net_weight", "quantity")}
    quotes = {name: shown(quoted(client, request)) for name, request in asked.items()}
    found = recalculated({name: workbook(quote) for name, quote in quotes.items()}, tmp_path)
    assert [each for name, quote in quotes.items() for each in differences(quote, found[name])] == []


@pytest.mark.slow
def test_a_changed_figure_gives_the_quote_of_that_figure(client: FlaskClient, tmp_path: Path) -> None:
    """Whoever types another price, freight or rate into the workbook reads what the API would have answered."""
    case = request_of(next(each for each in CASES if each.stem == "two-lines-share-freight"))
    body = workbook(shown(quoted(client, case)))
    other = {**case, "fx": {"USD/CNY": "7.1337"}, "costs": {"freight": {"amount": "1777.77", "currency": "USD"}}}
    price = {"amount": "31234.56", "currency": "USD", "per": "total"}
    other["goods"] = [{**case["goods"][0], "price": price, "tariff": {"duty": "11.5%"}}, case["goods"][1]]
    answer = shown(quoted(client, other))
    typed = {
        "in_customs_rate_USD": "7.1337",
        "in_freight_amount": "1777.77",
        "in_invoice_value_line_1": "31234.56",
        "in_duty_rate_line_1": "0.115",
    }
    found = recalculated({"changed": changed(body, typed)}, tmp_path)["changed"]
    totals = {row[0]: row[1] for row in found[0] if isinstance(row[1], float)}
    for name in (*answer.parts, "landed_cost", "customs_value", "taxes"):
        assert round(Fraction(totals[answer.label(name)]) * 100) == Fraction(answer.amount(name)) * 100, name
