"""A quote as a workbook (XLSX) that reckons: every amount is a formula over the figures it rests on, down to the rates.

What came from outside (rates, quantities, prices) stands once, on blue ground, and may be changed; all else follows. The
amounts of the quote are stored beside the formulas, so that a viewer that does not reckon shows the right figures.
"""

import io
from collections.abc import Iterator
from datetime import datetime

from xlsxwriter import Workbook

from api.renderings.front_sheet import front
from api.renderings.layout import FIRST, Layout
from api.renderings.names import Names
from api.renderings.notes_sheet import notes
from api.renderings.rates_sheet import rates
from api.renderings.sheet import Sheet, Styles
from api.renderings.shown import Json, Shown
from api.renderings.texts import shortened
from api.renderings.told import cited

# No text turns into anything else, whatever it looks like.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDTHS = (9, 44, 20, 12, 58, 40, 12, 11, 12, 22)
LONGEST_SHEET_NAME = 31


def workbook(quote: Shown) -> bytes:
    """The whole quote as XLSX; the same quote gives the same bytes."""
    file = io.BytesIO()
    book = Workbook(file, OPTIONS)
    made = datetime.fromisoformat(quote.document["created_at"]).replace(tzinfo=None)
    book.set_properties({"title": quote.said("quote_of", goods=quote.name), "created": made, "comments": quote.id})
    book.set_calc_mode("auto")
    styles = Styles(book)
    names = [shortened(quote.said(each), LONGEST_SHEET_NAME) for each in ("number", "steps", "rates", "notes")]
    layout = Layout(quote, names[1], names[2])
    widths = ((48, 20, 16, 16, 20, 16, 22), WIDTHS, (44, 9, 20, 14, 26, 44, 12, 11, 36), (10, 24, 70, 30, 40))
    sheets = [Sheet(book, styles, name, each) for name, each in zip(names, widths, strict=True)]
    named = Names(book)
    front(quote, layout, sheets[0], book, named)
    _steps(quote, layout, sheets[1], named)
    rates(quote, layout, sheets[2], named)
    notes(quote, sheets[3])
    book.close()
    return file.getvalue()


def _steps(quote: Shown, layout: Layout, sheet: Sheet, names: Names) -> None:
    """Every step with its inputs under it, then the sums over the lines."""
    sheet.page.set_landscape()
    sheet.page.freeze_panes(FIRST, 0)
    sheet.page.repeat_rows(FIRST - 1)
    sheet.text(0, 0, quote.said("steps"), "title")
    sheet.text(1, 0, quote.said("live_formulas"), "plain")
    headings = ("line", "figure", "amount", "unit", "formula", "source", "date", "confidence", "payee", "due")
    sheet.texts(FIRST - 1, [quote.said(each) for each in headings], "columns")
    for step, cell, inputs in zip(layout.links.steps, layout.steps, layout.inputs, strict=True):
        amount = step.get("amount") or {"amount": step["value"], "currency": step.get("unit")}
        sheet.texts(cell.row, [*_step_texts(quote, step, amount)], "step")
        sheet.number(cell.row, 2, float(cell.exact), cell.formula, amount["amount"], "step")
        names.result(step["code"], step["goods"], sheet.name, cell.row)
        for entry, each in zip(step["inputs"], inputs, strict=True):
            told = [
                quote.line(step["goods"]),
                entry["label"],
                "",
                quote.unit(entry["unit"]),
                quote.origin(entry["from"]),
            ]
            sheet.texts(each.row, [*told, entry["source"], entry["date"], entry["confidence"]], "inset")
            sheet.number(each.row, 2, float(each.exact), each.formula, _shown(entry["value"], float(each.exact)))
    for cell, each_sum in zip(layout.sums, layout.links.sums, strict=True):
        sheet.texts(cell.row, ["", each_sum.label, "", quote.unit(each_sum.unit)], "inset")
        sheet.number(cell.row, 2, float(cell.exact), cell.formula, "0.00" if each_sum.unit == "CNY" else "0.######")


def _step_texts(quote: Shown, step: Json, amount: Json) -> Iterator[str]:
    """The columns of a step but for its amount."""
    reason = step.get("reason")
    yield quote.line(step["goods"])
    yield step["label"]
    yield ""
    yield quote.unit(amount["currency"])
    yield quote.said("zero_because", reason=reason["text"]) if reason else step["formula"] or ""
    yield cited(step["citations"])
    yield ""
    yield ""
    yield quote.payee(step["payee"])
    yield step["due"] or ""


def _shown(text: str, value: float) -> str:
    """How the quote writes a figure; of a rate that was published another way, as many decimals as tell it."""
    return text if text.removesuffix("%").replace(".", "").replace("-", "").isdigit() else f"{value:.8f}"
