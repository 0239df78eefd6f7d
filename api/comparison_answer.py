"""Scenarios side by side, as the documents that are answered: JSON, a table (CSV), a workbook, and bars (SVG)."""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from api.answers import totals_document, way_reason
from api.comparison_document import PAID
from api.display import Display
from api.payment_answer import told_in_short
from api.pictures.bars import Choice, comparison
from api.pictures.canvas import Picture
from api.renderings.shown import Words
from api.renderings.texts import sound
from api.sheet_rows import Cell, amount_cell, csv_of, workbook_of
from api.shipment_answer import transit_days
from api.wording import Wording
from api.writing import Json, money
from calculator.comparing import Scenario
from calculator.payment import paid
from calculator.quote import FIGURES, Quote
from calculator.ways import OPEN

if TYPE_CHECKING:
    from api.comparison_schemas import Comparison

# The order of the sums in a table; what is presumed is paid by nobody.
SUMS = (*(name for name in FIGURES if name != "presumed_insurance"), "landed_cost_net_of_vat")


def answer(scenarios: Sequence[Scenario], asked: "Comparison", language: str) -> Json:
    """The scenarios as JSON, in their order."""
    wording = Wording.of(language)
    return {
        "scenarios": [_scenario(each, asked.differs[each.number], wording) for each in scenarios],
        "varied": list(asked.varied),
    }


def _scenario(scenario: Scenario, differs: Mapping[str, Any], wording: Wording) -> Json:
    quote, way = scenario.quote, scenario.way
    document: Json = {
        "differs": dict(differs),
        "label": label(differs, wording),
        "status": way.status,
        "reason": way_reason(way, wording),
    }
    if quote is None:
        return document | dict.fromkeys(("outcome", "totals", "payment", "transit_days", "above_cheapest"))
    display = Display(quote.request, quote.dossier, quote.choice.plan)
    above = scenario.above
    return document | {
        "outcome": outcome_in_short(quote),
        "totals": totals_document(quote.totals, display.amount(quote.totals["landed_cost"]), display.currency),
        "payment": _payment(quote, wording.language),
        "transit_days": transit_days(quote.dossier.route),
        "above_cheapest": None if above is None else {name: money(f"{value}") for name, value in above.items()},
    }


def outcome_in_short(quote: Quote) -> Json:
    """How far a quote can be trusted, and between which landed costs it is open."""
    outcome = quote.outcome
    ends = outcome.range
    return {
        "status": outcome.status,
        "confidence": outcome.confidence,
        "low": None if ends is None else money(f"{ends.low['landed_cost']}"),
        "high": None if ends is None else money(f"{ends.high['landed_cost']}"),
    }


def _payment(quote: Quote, language: str) -> Json | None:
    found = paid(quote.choice, quote.walked)
    if found is None:
        return None
    told = told_in_short(found, language)
    return {name: told[name] for name in PAID}


def label(differs: Mapping[str, Any], wording: Wording) -> str:
    """What tells a scenario from the others, in a few words."""
    return ", ".join(sound(_said(name, value, wording)) for name, value in differs.items())


def _said(name: str, value: Any, wording: Wording) -> str:
    match name, value:
        case "regime", _:
            return wording.heading(value)
        case "route", _:
            ends = f"{value['from']}–{value['to']}"
            return " ".join(filter(None, (wording.heading(value["mode"]), ends, value.get("equipment"))))
        case "payment", _:
            rail = value.get("rail") or value["own"]["name"]
            return " ".join(filter(None, (rail, value.get("currency"), value.get("charges"))))
        case "incoterm", dict():
            price = value.get("price")
            told = [value["incoterm"], value.get("place", ""), _said("price", price, wording) if price else ""]
            return " ".join(filter(None, told))
        case "fx", _:
            return " ".join(f"{pair} {rate}" for pair, rate in value.items())
        case "price", list():
            return " + ".join(_said("price", each, wording) for each in value)
        case "price", _:
            return f"{value['amount']} {value['currency']}/{value['per']}"
        case _:
            return f"{value}"


def table(document: Json, language: str) -> bytes:
    """The scenarios as CSV, one a row."""
    return csv_of(_rows(document, Wording.of(language)))


def workbook(document: Json, language: str) -> bytes:
    """The scenarios as a workbook, one a row."""
    file = io.BytesIO()
    workbook_of(file, _rows(document, Wording.of(language)), len(document["varied"]))
    return file.getvalue()


def _rows(document: Json, wording: Wording) -> Iterator[list[Cell]]:
    """A line of headings, then one for each scenario; amounts in yuan as numbers."""
    varied = document["varied"]
    yield [
        *varied,
        "status",
        "reason",
        "outcome",
        *SUMS,
        "above_cheapest",
        "rail",
        "payment_currency",
        "seller_receives_mxn",
        "transit_days_min",
        "transit_days_max",
    ]
    for each in document["scenarios"]:
        totals, above = each["totals"] or {}, each["above_cheapest"] or {}
        paid, days = each["payment"] or {}, each["transit_days"] or {}
        yield [
            *(_said(name, each["differs"][name], wording) for name in varied),
            each["status"],
            each["reason"]["text"] if each["reason"] else "",
            each["outcome"]["status"] if each["outcome"] else "",
            *(amount_cell(totals.get(name)) for name in SUMS),
            amount_cell(above.get("landed_cost")),
            paid.get("rail") or "",
            paid.get("currency") or "",
            amount_cell(paid.get("seller_receives_mxn")),
            days.get("min") or "",
            days.get("max") or "",
        ]


def picture(document: Json, language: str) -> Picture:
    """The scenarios as bars by landed cost, the cheapest in full; what is not open says so."""
    words = Words(language)
    found = [
        Choice(
            each["label"],
            each["totals"] and each["totals"]["landed_cost"],
            "" if each["status"] == OPEN else words.said(each["status"]),
            number == 0 and each["status"] == OPEN,
        )
        for number, each in enumerate(document["scenarios"])
    ]
    return comparison(words, words.said("scenarios"), found, "cheapest")
