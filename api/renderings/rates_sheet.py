"""The sheet of what came from outside: every rate, price and quantity once, each with its source; then the documents."""

from api.renderings.layout import FIRST, Layout
from api.renderings.links import Leaf
from api.renderings.names import Names
from api.renderings.sheet import Sheet
from api.renderings.shown import Shown
from api.renderings.told import documents


def rates(quote: Shown, layout: Layout, sheet: Sheet, names: Names) -> None:
    """Figures from outside, exchange rates, tables and documents."""
    sheet.page.set_landscape()
    sheet.page.freeze_panes(FIRST, 0)
    sheet.page.repeat_rows(FIRST - 1)
    sheet.text(0, 0, quote.said("rates"), "title")
    sheet.text(1, 0, quote.said("live_formulas"), "plain")
    headings = ("figure", "line", "value", "unit", "from", "source", "date", "confidence", "published_as")
    sheet.texts(FIRST - 1, [quote.said(each) for each in headings], "columns")
    for leaf in layout.links.leaves:
        _leaf(quote, layout, leaf, sheet, names)
    row = FIRST + len(layout.links.leaves) + 1
    row = _exchange(quote, sheet, row)
    row = _tables(quote, sheet, row)
    _documents(quote, sheet, row)


def _leaf(quote: Shown, layout: Layout, leaf: Leaf, sheet: Sheet, names: Names) -> None:
    row, entry, figure = layout.leaf_row[id(leaf)], leaf.entry, leaf.figure
    lines = ", ".join(quote.line(each) for each in leaf.lines if each is not None)
    told = [quote.unit(entry["unit"]), quote.origin(entry["from"]), entry["source"], entry["date"], entry["confidence"]]
    sheet.texts(row, [" / ".join(leaf.labels), lines, "", *told], "inset")
    if figure is None:
        sheet.text(row, 2, entry["value"])
        return
    divided = not figure.content.replace(".", "").replace("-", "").isdigit()
    shown = f"{float(figure.exact):.8f}" if divided else entry["value"]
    sheet.number(row, 2, float(figure.exact), figure.content if divided else "", shown, "given")
    sheet.text(row, 8, entry["value"] if divided else "", "plain")
    line = f"_line_{leaf.lines[0] + 1}" if len(layout.links.lines) > 1 and leaf.lines[0] is not None else ""
    names.give(f"in_{entry['code']}{line}", sheet.name, "C", row)


def _exchange(quote: Shown, sheet: Sheet, row: int) -> int:
    found = quote.document["rates"]["fx"]
    if not found:
        return row
    sheet.text(row, 0, quote.said("exchange_rates"), "heading")
    headings = ("pair", "", "exchange_rate", "", "use", "source", "date", "", "published_as")
    sheet.texts(row + 1, [quote.said(each) if each else "" for each in headings], "columns")
    for place, each in enumerate(found, row + 2):
        use, source = quote.said(f"use:{each['use']}"), each["source"] or quote.origin(each["from"])
        sheet.texts(place, [each["pair"], "", "", "", use, source, each["date"], "", each.get("published_as")], "inset")
        sheet.number(place, 2, float(each["rate"]), "", each["rate"])
    return row + 3 + len(found)


def _tables(quote: Shown, sheet: Sheet, row: int) -> int:
    found = quote.document["rates"]["tables"]
    sheet.text(row, 0, quote.said("tables"), "heading")
    sheet.texts(
        row + 1,
        [quote.said(each) if each else "" for each in ("table", "", "known_until", "", "version", "confidence")],
        "columns",
    )
    for place, each in enumerate(found, row + 2):
        sheet.texts(place, [each["name"], "", each["known_until"], "", each["version"], each["confidence"]], "plain")
    return row + 3 + len(found)


def _documents(quote: Shown, sheet: Sheet, row: int) -> None:
    sheet.text(row, 0, quote.said("sources"), "heading")
    for place, each in enumerate(documents(quote), row + 1):
        sheet.texts(place, ["", "", each["effective_from"], "", "", each["url"]], "plain")
        sheet.text(place, 0, each["title"], "plain")
