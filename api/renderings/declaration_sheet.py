"""The sheet for a declaration as a workbook: the header, then every line of goods, a box in each row.

Every value is a text, digit for digit as in the JSON; what is left to the declarant stands on ground of its own.
"""

import io
from collections.abc import Iterator
from datetime import datetime

from xlsxwriter import Workbook

from api.renderings.sheet import Sheet, Styles
from api.renderings.shown import Json, Words, superseded
from api.renderings.texts import shortened, sound
from api.renderings.workbook import LONGEST_SHEET_NAME, OPTIONS
from api.signed import SUPERSEDED

COLUMNS = ("declaration_form_name", "declaration_box", "declaration_value", "declaration_meaning", "declaration_remark")
BESIDE = ("declaration_from", "source", "confidence")
WIDTHS = (24, 34, 28, 34, 52, 34, 24, 12)
FIRST = 8


def workbook(document: Json) -> bytes:
    """The sheet as XLSX; the same document gives the same bytes."""
    file, words = io.BytesIO(), Words(document["language"])
    book = Workbook(file, OPTIONS)
    made = datetime.fromisoformat(document["declared_on"])
    book.set_properties(
        {"title": words.said("declaration_title"), "created": made, "comments": document["marks"]["en"]}
    )
    styles = Styles(book)
    for name, rows in (("declaration_header", _header(document)), ("declaration_goods", _goods(document, words))):
        sheet = Sheet(book, styles, shortened(words.said(name), LONGEST_SHEET_NAME), WIDTHS)
        _write(sheet, document, words, rows)
    book.close()
    return file.getvalue()


Row = tuple[str, tuple[str, ...]]


def _write(sheet: Sheet, document: Json, words: Words, rows: Iterator[Row]) -> None:
    """The marks above all, then the rows; they stay in sight, and on every page that is printed."""
    sheet.page.set_landscape()
    sheet.page.freeze_panes(FIRST, 2)
    sheet.page.repeat_rows(0, FIRST - 1)
    sheet.text(0, 0, words.said("declaration_title"), "title")
    for place, mark in enumerate(document["marks"].values(), 1):
        sheet.text(place, 0, mark, "heading")
    told = [document["form"], document["quote"] or "", document["declared_on"], words.label(document["regime"])]
    sheet.text(4, 0, " · ".join(each for each in told if each), "plain")
    sheet.text(5, 0, words.said("declaration_open", count=document["to_fill"]), "plain")
    marks = superseded(words, document.get(SUPERSEDED, ()))
    remarks = [each["text"] for each in document["remarks"]]
    sheet.text(6, 0, " ".join((*marks, *remarks)), "heading" if marks else "plain")
    sheet.texts(FIRST - 1, [words.said(each) for each in (*COLUMNS, *BESIDE)], "columns")
    for place, (style, cells) in enumerate(rows, FIRST):
        sheet.texts(place, [sound(each) for each in cells], style)


def _header(document: Json) -> Iterator[Row]:
    words = Words(document["language"])
    for box in document["header"].values():
        yield _box(box, words)


def _goods(document: Json, words: Words) -> Iterator[Row]:
    for line in document["goods"]:
        yield "step", ("项号", "", f"{line['number']}", line["product"] or "", "", "", "", "")
        for box in line["boxes"].values():
            yield _box(box, words)
        elements = line["elements"]
        heading, remark = words.said("declaration_element"), _remark(elements)
        for name in elements["names_zh"]:
            yield "step", (name, heading, "", "", _open(remark, words), "", elements["source"], elements["confidence"])
        if not elements["names_zh"]:
            yield "step", ("申报要素", heading, "", "", _open(remark, words), "", "", "")
        for kind, zh in (("supervision", "监管条件"), ("inspection", "检验检疫类别")):
            for each in line[kind]:
                beside = ("", each["source"] or "", each["confidence"] or "")
                said = (zh, words.said(f"declaration_{kind}"), each["letter"], each["meaning"] or "", _remark(each))
                yield "text", (*said, *beside)
        for each in line["requirements"]:
            said = ("", words.said("declaration_requirement"), each["code"], each["text"], each["authority"] or "")
            yield "text", (*said, "", each["source"], each["confidence"])


def _box(box: Json, words: Words) -> Row:
    """A box as a row; one that is left open says so, on a ground of its own."""
    remark = _remark(box)
    if box["status"] == "to_fill":
        remark = _open(remark, words)
    elif box["status"] == "blank":
        remark = _said(words.said("declaration_blank"), remark)
    cells = (
        box["name_zh"],
        box["name"],
        box["value"],
        box["text"],
        remark,
        box["from"],
        box["source"],
        box["confidence"],
    )
    return ("step" if box["status"] == "to_fill" else "text"), tuple(each or "" for each in cells)


def _open(remark: str, words: Words) -> str:
    return _said(words.said("declaration_to_fill"), remark)


def _said(head: str, rest: str) -> str:
    return f"{head}: {rest}" if rest else head


def _remark(entry: Json) -> str:
    return entry["remark"]["text"] if entry["remark"] else ""
