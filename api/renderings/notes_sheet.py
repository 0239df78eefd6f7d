"""The sheet of what a quote says in sentences: why it is not certain, what was assumed, what is asked of the importer."""

from api.renderings.sheet import Sheet
from api.renderings.shown import Shown
from api.renderings.told import remarks, verified

COLUMNS = {
    "range": ("", "", "text", "width"),
    "reasons": ("", "", "text", "what_to_do"),
    "warnings": ("", "", "text"),
    "assumptions": ("", "", "text"),
    "requirements": ("line", "", "text", "authority", "source"),
    "alternatives": ("line", "figure", "reason", "rate", "source"),
}


def notes(quote: Shown, sheet: Sheet) -> None:
    """Every remark of a quote, section by section."""
    sheet.page.set_landscape()
    sheet.text(0, 0, quote.said("notes"), "title")
    row = 2
    for section, columns in COLUMNS.items():
        rows = remarks(quote, section)
        if not rows:
            continue
        sheet.text(row, 0, quote.said(section), "heading")
        sheet.texts(row + 1, [quote.said(each) if each else "" for each in columns], "columns")
        for place, each in enumerate(rows, row + 2):
            sheet.texts(place, each)
        row += 3 + len(rows)
    sheet.text(row, 0, quote.said("how_to_verify"), "heading")
    for place, text in enumerate(verified(quote), row + 1):
        sheet.texts(place, ["", "", text])
