"""A workbook (XLSX) whose cells ask the server: inputs on blue ground, live figures, scenarios, a waterfall, and an index.

Every figure is asked with WEBSERVICE, which gives a text, and read with the point as decimal sign, so that the workbook comes
out alike in every language of the spreadsheet. Nothing is reckoned in it but the feet of the waterfall's columns.
"""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook

from api.cells import AMOUNTS, FIELDS, MEANINGS
from api.flat_names import BY_NAME, FLAT_NAMES, FlatName
from api.headings import HEADINGS
from api.renderings.sheet import Sheet, Styles
from api.renderings.shown import PARTS
from api.renderings.workbook import OPTIONS
from api.wording import Wording

SERVER, KEY, INPUTS = 3, 4, 7  # rows, from 0
ASKED = (
    *(
        "product",
        "hs_code",
        "description",
        "quantity",
        "package",
        "net_weight",
        "gross_weight",
        "price",
        "currency",
        "per",
    ),
    *("origin", "incoterm", "place", "mode", "from", "to", "equipment", "freight", "freight_currency", "insurance"),
    *("insurance_rate", "insured", "duty_rate", "vat_rate", "regime", "rail", "payment_currency", "vat_recoverable"),
    *("fx", "customs_fx", "display_currency", "declared_on"),
)
TOLD = (
    *(
        "landed_cost",
        "landed_cost_per_unit",
        "unit",
        "landed_cost_net_of_vat",
        "landed_cost_display",
        "display_currency",
    ),
    *("landed_cost_low", "landed_cost_high", *PARTS, "customs_value", "taxes", "regime_used", "hs_code", "duty_rate"),
    *("vat_rate", "outcome", "confidence", "declared_on", "expires_at", "release"),
)
EXAMPLE = {
    "product": "avocado-fresh",
    "quantity": "20.16 t",
    "price": "2.90",
    "currency": "USD",
    "per": "kg",
    "incoterm": "FOB",
    "freight": "6200",
}
COMPARED = ("product", "quantity", "price", "currency", "per", "incoterm", "freight", "regime", "declared_on")
RESULTS = ("landed_cost", "landed_cost_per_unit", "taxes", "regime_used", "error")
SCENARIOS: tuple[Mapping[str, str], ...] = (
    EXAMPLE,
    {**EXAMPLE, "price": "3.20"},
    {**EXAMPLE, "freight": "7500"},
    {**EXAMPLE, "incoterm": "CIF", "price": "3.21", "freight": ""},
)
EMPTY_ROWS = 16
# What a quote's own files call these.
OF_THE_QUOTE = {
    "regime_used": "regime",
    "declared_on": "declared",
    "expires_at": "holds_until",
    **{name: name for name in ("outcome", "confidence", "release")},
}


def workbook(server: str, language: str, asked: Mapping[str, str] = EXAMPLE) -> bytes:
    """The workbook for a server, whose inputs say `asked` by flat names."""
    file = io.BytesIO()
    with Workbook(file, OPTIONS) as book:
        # The same for everybody at any time, so that it has a validator.
        book.set_properties({"title": "Galeón", "created": datetime(2026, 1, 1)})  # noqa: DTZ001
        _Template(book, server, language).write(asked)
    return file.getvalue()


class _Template:
    def __init__(self, book: Workbook, server: str, language: str) -> None:
        self._book, self._server = book, server
        self._language, self._wording = language, Wording.of(language)
        styles = Styles(book)
        self._given, self._figure = styles.number("given", "@"), styles.number("number", "#,##0.00##")
        self._aside = styles.number("faint", "")
        names = [self._said(each) for each in ("cells", "scenarios", "index")]
        widths = ((44, 24, 14, 24, 4, 40, 26, 14), (*[14] * len(COMPARED), 40, *[16] * 4, 80), (28, 12, 34, 44, 26))
        self._cells, self._rows, self._index = (
            Sheet(book, styles, name, each) for name, each in zip(names, widths, strict=True)
        )

    def write(self, asked: Mapping[str, str]) -> None:
        """The three sheets."""
        query = self._inputs(asked)
        self._waterfall(self._figures(query))
        self._scenarios()
        self._names()

    def _said(self, code: str) -> str:
        return self._wording.sentence(HEADINGS[f"sheet_{code}"])

    def _label(self, flat: FlatName) -> str:
        return flat.title(self._language)

    def _inputs(self, asked: Mapping[str, str]) -> str:
        """Where the server is and what is asked of it; the cell in which the question comes together."""
        sheet = self._cells
        sheet.text(0, 0, self._said("title"), "title")
        sheet.text(1, 0, self._said("how"), "plain")
        for row, code, value in ((SERVER, "server", self._server), (KEY, "key", "")):
            sheet.text(row, 0, self._said(code), "plain")
            sheet.page.write(row, 1, value, self._given)
        sheet.text(INPUTS - 1, 0, self._said("inputs"), "heading")
        for row, name in enumerate(ASKED, INPUTS):
            sheet.text(row, 0, self._label(BY_NAME[name]), "plain")
            sheet.page.write(row, 1, asked.get(name, ""), self._given)
            sheet.text(row, 2, BY_NAME[name].short, "faint")
            sheet.page.write_formula(row, 3, _piece(f"$C{row + 1}", f"$B{row + 1}"), self._aside, "")
        last = INPUTS + len(ASKED)
        sheet.text(last, 0, self._said("question"), "faint")
        sheet.page.write_formula(last, 1, f"=_xlfn.CONCAT($D${INPUTS + 1}:$D${last})", self._aside, "")
        return f"$B${last + 1}"

    def _figures(self, query: str) -> Mapping[str, str]:
        """The figures that are told, each asked by a cell of its own; the cells in which they stand."""
        sheet = self._cells
        sheet.text(INPUTS - 1, 5, self._said("figures"), "heading")
        places = {}
        for row, field in enumerate((*TOLD, "error"), INPUTS):
            sheet.text(row, 5, self._told(field), "plain")
            asked = _asked(field, query, self._said("cells"))
            formula = _number(asked) if field in AMOUNTS else f"={asked}"
            sheet.page.write_formula(row, 6, formula, self._figure, "")
            places[field] = f"$G${row + 1}"
        return places

    def _told(self, field: str) -> str:
        for heading in (f"sheet_{field}", OF_THE_QUOTE.get(field, "")):
            if heading in HEADINGS:
                return self._wording.sentence(HEADINGS[heading])
        return self._wording.heading(field)

    def _waterfall(self, places: Mapping[str, str]) -> None:
        """The parts of the landed cost, each on the shoulders of those before it."""
        sheet, name = self._cells, self._said("cells")
        first = INPUTS + len(ASKED) + 3
        sheet.text(first - 1, 0, self._said("waterfall"), "heading")
        for row, part in enumerate((*PARTS, "landed_cost"), first):
            sheet.text(row, 0, self._told(part), "plain")
            whole = part == "landed_cost"
            foot = "=0" if whole or row == first else f"=SUM($C${first + 1}:$C{row})"
            sheet.page.write_formula(row, 1, foot, self._figure, 0)
            sheet.page.write_formula(row, 2, f"=N({places[part]})", self._figure, 0)
        last = first + len(PARTS)
        chart = self._book.add_chart({"type": "column", "subtype": "stacked"})
        for column, fill in ((1, {"none": True}), (2, {"color": "#0b2f52"})):
            series: dict[str, Any] = {
                "categories": [name, first, 0, last, 0],
                "values": [name, first, column, last, column],
                "fill": fill,
            }
            chart.add_series(series | ({"border": {"none": True}} if column == 1 else {}))
        chart.set_legend({"none": True})
        chart.set_title({"name": self._said("waterfall")})
        chart.set_size({"width": 900, "height": 360})
        sheet.page.insert_chart(first - 1, 5, chart)

    def _scenarios(self) -> None:
        """A row for each consignment: what is asked, the question, and what is told."""
        sheet, asks = self._rows, len(COMPARED)
        heads = [self._label(BY_NAME[name]) for name in COMPARED]
        sheet.texts(0, [*heads, self._said("question"), *map(self._told, RESULTS)], "columns")
        sheet.texts(1, [BY_NAME[name].short for name in COMPARED], "faint")
        for row in range(2, 2 + len(SCENARIOS) + EMPTY_ROWS):
            said = SCENARIOS[row - 2] if row - 2 < len(SCENARIOS) else {}
            for column, name in enumerate(COMPARED):
                sheet.page.write(row, column, said.get(name, ""), self._given)
            pieces = [_piece(f"{_letter(at)}$2", f"${_letter(at)}{row + 1}")[1:] for at in range(asks)]
            sheet.page.write_formula(row, asks, f"={'&'.join(pieces)}", self._aside, "")
            query = f"${_letter(asks)}{row + 1}"
            for column, field in enumerate(RESULTS, asks + 1):
                asked = _asked(field, query, self._said("cells"))
                told = _number(asked) if field in AMOUNTS else f"={asked}"
                sheet.page.write_formula(row, column, f'=IF({query}="","",{told[1:]})', self._figure, "")
        sheet.page.freeze_panes(2, 0)

    def _names(self) -> None:
        """Every field that may be told, and every name that may be asked by."""
        sheet = self._index
        sheet.texts(0, [self._said("field"), "", self._said("meaning")], "columns")
        for row, field in enumerate(FIELDS, 1):
            sheet.texts(row, [field, "", self._wording.sentence(MEANINGS[field])], "plain")
        first = len(FIELDS) + 3
        sheet.texts(
            first - 1, [self._said(each) for each in ("name", "short", "heading", "in_json", "example")], "columns"
        )
        for row, flat in enumerate(FLAT_NAMES, first):
            sheet.texts(row, [flat.name, flat.short, self._label(flat), flat.pointer, flat.example], "plain")


def _piece(name: str, value: str) -> str:
    """The formula of one part of a question: "q=20.16%20t&", nothing for an empty cell, numbers with the point."""
    number = f'IF(ISNUMBER({value}),SUBSTITUTE({value}&"",",","."),{value})'
    return f'=IF({value}="","",{name}&"="&_xlfn.ENCODEURL({number})&"&")'


def _asked(field: str, query: str, sheet: str) -> str:
    """A call for one field; the key stands in the address where there is one."""
    server, key = (f"'{sheet}'!$B${row + 1}" for row in (SERVER, KEY))
    return f'_xlfn.WEBSERVICE({server}&"/v1/sheet/"&IF({key}="","",{key}&"/")&"{field}?"&{query})'


def _number(asked: str) -> str:
    """A call whose text is a number; nothing where it is none."""
    return f'=IFERROR(_xlfn.NUMBERVALUE({asked},".",","),"")'


def _letter(column: int) -> str:
    return chr(ord("A") + column)
