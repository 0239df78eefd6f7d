"""The first sheet of a workbook: what the quote comes to, as a table and a chart that follow the figures behind them."""

from collections.abc import Iterator
from fractions import Fraction

from xlsxwriter import Workbook

from api.corrected import told
from api.renderings.layout import Layout
from api.renderings.links import Leaf, Source
from api.renderings.names import Names
from api.renderings.sheet import Sheet
from api.renderings.shown import BESIDE, Json, Shown, superseded
from api.renderings.told import between, head
from calculator.quantities import UNITS

# What a figure of the totals is called among the inputs of the steps that add it up.
DUE = {name: f"{name}_due" for name in ("customs_duty", "consumption_tax", "vat", "postal_articles_tax")}
CHART_ROWS = 16
# Beside a figure that is as quoted.
HELD = " *"
DARK, LIGHT = "#0b2f52", "#7fa6c9"


def front(quote: Shown, layout: Layout, sheet: Sheet, book: Workbook, names: Names) -> None:
    """The head of the quote, its composition with a chart, its lines."""
    sheet.text(0, 0, quote.said("quote_of", goods=quote.name), "title")
    if quote.corrections:
        sheet.text(1, 0, " ".join(superseded(quote, told(quote.corrections))), "heading")
    row = 2
    ends = between(quote)
    for label, text in (*head(quote), *([(quote.said("range"), f"{ends} CNY")] if ends else [])):
        sheet.text(row, 0, label, "faint")
        sheet.text(row, 1, text, "plain")
        row += 1
    row = _composition(quote, layout, sheet, book, names, row + 1)
    _lines(quote, layout, sheet, row)
    sheet.page.set_portrait()


def total(quote: Shown, layout: Layout, name: str, sheet: str = "") -> str:
    """The formula of a figure of the totals: the sum over the lines, "" where the lines' figures do not come to it."""
    stated = Fraction(quote.amount(name))
    if name == "presumed_insurance":
        return _presumed(layout, stated)
    for code in (DUE.get(name, name), name):
        members = _figures(layout, code)
        if members and sum((each.exact for each in members if not isinstance(each, Leaf)), Fraction(0)) == stated:
            return layout.added(tuple(members), sheet)
    return ""


def _figures(layout: Layout, code: str) -> list[Source]:
    """What a figure came to for each line; what the consignment has once is told once."""
    found = [layout.links.figure(code, each) for each in layout.links.lines]
    return list(dict.fromkeys(each for each in found if each is not None)) if all(found) else []


def _presumed(layout: Layout, stated: Fraction) -> str:
    """The premium that customs presumes, rounded line by line, as nobody pays it and no step adds it up."""
    places = [layout.place(each, "") for each in _figures(layout, "presumed_premium")]
    return "+".join(f"ROUND({each},2)" for each in places) if stated else ""


def _composition(quote: Shown, layout: Layout, sheet: Sheet, book: Workbook, names: Names, row: int) -> int:
    """The parts of the landed cost, the sum, and what stands beside it; the places of the bars in two faint columns."""
    sheet.text(row, 0, quote.said("composition"), "heading")
    sheet.texts(row + 1, [quote.said("figure"), quote.said("amount"), "CNY"], "columns")
    first = at = row + 2
    for name in quote.parts:
        sheet.text(at, 0, quote.label(name), "plain")
        sheet.number(at, 1, float(quote.amount(name)), total(quote, layout, name), "0.00")
        names.give(f"total_{name}", sheet.name, "B", at)
        at += 1
    sheet.text(at, 0, quote.label("landed_cost"), "sum")
    sheet.number(at, 1, float(quote.amount("landed_cost")), f"ROUND(SUM(B{first + 1}:B{at}),2)", "0.00", "sum")
    names.give("total_landed_cost", sheet.name, "B", at)
    _bars(quote, sheet, first, at)
    _chart(quote, sheet, book, first, at)
    at += 1
    for name, formula in _beside(quote, layout, names, sheet.name, at):
        amount = quote.document["totals"][name]
        sheet.text(at, 0, quote.label(name), "faint")
        sheet.number(at, 1, float(amount["amount"]), formula, amount["amount"])
        sheet.text(at, 2, amount["currency"], "inset")
        at += 1
    return max(at, row + CHART_ROWS) + 2


def _bars(quote: Shown, sheet: Sheet, first: int, last: int) -> None:
    """Where each bar of the waterfall begins and how long it is, as the chart needs them."""
    before = 0.0
    for row in range(first, last + 1):
        amount = float(quote.amount(quote.parts[row - first])) if row < last else float(quote.amount("landed_cost"))
        start = before if row < last else 0.0
        above = f"SUM(B${first + 1}:B{row})" if row > first else "0"
        begins = f"MIN({above},{above}+B{row + 1})" if row < last else f"MIN(0,B{row + 1})"
        sheet.number(row, 3, min(start, start + amount), begins, "0.00", "faint")
        sheet.number(row, 4, abs(amount), f"ABS(B{row + 1})", "0.00", "faint")
        before += amount


def _chart(quote: Shown, sheet: Sheet, book: Workbook, first: int, last: int) -> None:
    """A native bar chart: the bars stand on invisible ones, so that they make a waterfall."""
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    labels = [sheet.name, first, 0, last, 0]
    chart.add_series(
        {
            "categories": labels,
            "values": [sheet.name, first, 3, last, 3],
            "fill": {"none": True},
            "border": {"none": True},
        }
    )
    points = [{"fill": {"color": LIGHT}, "border": {"color": DARK}}] * (last - first) + [{"fill": {"color": DARK}}]
    chart.add_series({"categories": labels, "values": [sheet.name, first, 4, last, 4], "points": points, "gap": 40})
    chart.set_title({"name": quote.label("landed_cost"), "name_font": {"size": 11}, "overlay": False})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#d9d9d9"}}})
    chart.set_size({"width": 480, "height": 22 * CHART_ROWS})
    sheet.page.insert_chart(first - 2, 3, chart, {"description": quote.label("landed_cost"), "object_position": 3})


def _beside(quote: Shown, layout: Layout, names: Names, sheet: str, row: int) -> Iterator[tuple[str, str]]:
    """Figures outside the sum, each with its formula."""
    for name in BESIDE:
        yield name, total(quote, layout, name)
    net = Fraction(quote.amount("landed_cost_net_of_vat")) != Fraction(quote.amount("landed_cost"))
    vat = total(quote, layout, "vat")
    yield "landed_cost_net_of_vat", f"ROUND(total_landed_cost-{vat},2)" if net else "total_landed_cost"
    yield "landed_cost_display", _display(quote, layout)


def _display(quote: Shown, layout: Layout) -> str:
    """The landed cost in the reader's currency, at the rate among the figures from outside."""
    amount, currency = quote.document["totals"]["landed_cost_display"].values()
    if currency == "CNY":
        return "total_landed_cost"
    decimals = len(amount.partition(".")[2])
    for leaf in layout.links.leaves:
        rate = leaf.figure
        if (
            leaf.entry["unit"] == f"CNY/{currency}"
            and rate is not None
            and leaf.entry["code"].startswith("market_rate")
        ):
            return f"ROUND(total_landed_cost/{layout.place(leaf, '')},{decimals})"
    return ""


def _lines(quote: Shown, layout: Layout, sheet: Sheet, row: int) -> None:
    """The lines of goods: what each is and costs, and what one unit of it costs."""
    sheet.text(row, 0, quote.said("goods_lines"), "heading")
    headings = ("description", "hs_code", "quantity", "unit", "", "per_unit", "")
    titles = [quote.said(each) if each else "" for each in headings]
    titles[4] = quote.label("landed_cost")
    sheet.texts(row + 1, titles, "columns")
    at = row + 2
    for number, goods in enumerate(quote.document["goods"]):
        quantity = goods["quantity"]
        sheet.texts(at, [goods["description"], goods["hs_code"], "", quote.unit(quantity["unit"])], "inset")
        sheet.number(at, 2, float(quantity["value"]), "", quantity["value"])
        cost = layout.links.figure("landed_cost", number)
        place = layout.place(cost, "") if cost is not None else ""
        sheet.number(at, 4, float(goods["landed_cost"]["amount"]), place, "0.00")
        at = _units(quote, layout, sheet, number, goods, at)
    sheet.text(at, 6, f"{HELD.strip()} {quote.said('held')}", "faint")


def _units(quote: Shown, layout: Layout, sheet: Sheet, number: int, goods: Json, row: int) -> int:
    """What one unit costs; live where the tables of units tell how many there are."""
    for place, each in enumerate(goods["per_unit"]):
        at, amount = row + place, each["amount"]
        count = _count(layout, number, goods["quantity"], each["unit"])
        formula = f"ROUND(E{row + 1}/({count}),4)" if count else ""
        sheet.number(at, 5, float(amount["amount"]), formula, amount["amount"])
        sheet.text(at, 6, f"{amount['currency']}/{quote.unit(each['unit'])}{'' if formula else HELD}", "inset")
    return row + max(1, len(goods["per_unit"]))


def _count(layout: Layout, number: int, quantity: Json, wanted: str) -> str:
    """How many of a unit the quantity of a line is, as a formula; "" where the tables do not say."""
    stated = layout.links.taken_from(f"request:/goods/{number}/quantity")
    leaf = next((each for each in stated if _factor(each.entry["unit"], wanted)), None)
    if leaf is not None:
        return f"{layout.place(leaf, '')}{_factor(leaf.entry['unit'], wanted)}"
    factor = _factor(quantity["unit"], wanted)
    return f"{quantity['value']}{factor}" if factor else ""


def _factor(unit: str | None, wanted: str) -> str:
    """What a number of one unit is multiplied by to be a number of the other."""
    one, other = UNITS.get(unit or ""), UNITS.get(wanted)
    if one is None or other is None or one.kind != other.kind:
        return "*1" if unit == wanted else ""
    if not (one.numerator and one.denominator and other.numerator and other.denominator):
        return "*1" if unit == wanted else ""
    factor = Fraction(one.numerator, one.denominator) / Fraction(other.numerator, other.denominator)
    return f"*{factor.numerator}/{factor.denominator}"
