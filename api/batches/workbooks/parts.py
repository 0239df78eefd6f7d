"""The small parts of a workbook with what our columns and our sheet need put in; the rest of their text stays as it is.

A workbook with macros becomes one without: macros are never run, and what they would do with new columns nobody knows.
"""

import re
from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from api.batches.workbooks.book import elements
from api.batches.workbooks.cells import cell
from api.batches.workbooks.summary import Line

WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
WORKSHEET_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KEY = "rIdGaleon"
WITH_MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
WITHOUT = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
VBA = re.compile(rb"""<(?:\w+:)?(?:Relationship|Override)\s[^>]*vba\w*\.(?:bin|xml)["'][^>]*/>""", re.IGNORECASE)
# Amounts: format 4 of every workbook, #,##0.00.
AMOUNT = b'xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'


def _before_end(body: bytes, element: str, added: str) -> bytes:
    """A part with something put before the end of an element, with the element's prefix."""
    end = re.search(rb"</((?:\w+:)?)%s\s*>" % element.encode(), body)
    if end is None:
        return body
    return body[: end.start()] + f"<{end[1].decode()}{added}".encode() + body[end.start() :]


def typed(body: bytes, part: str | None) -> bytes:
    """The list of what the parts are, with a new sheet."""
    body = VBA.sub(b"", body).replace(WITH_MACROS, WITHOUT)
    added = f'Override PartName="/{part}" ContentType="{WORKSHEET_TYPE}"/>'
    return body if part is None else _before_end(body, "Types", added)


def related(body: bytes, part: str | None) -> bytes:
    """What the workbook refers to, with a new sheet."""
    body = VBA.sub(b"", body)
    added = f'Relationship Id="{KEY}" Type="{WORKSHEET_LINK}" Target="/{part}"/>'
    return body if part is None else _before_end(body, "Relationships", added)


def listed(body: bytes, name: str) -> bytes:
    """The workbook with a new sheet at the end of its list."""
    numbers = [said.get("sheetId", "0") for each, said in elements(body, "workbook") if each == "sheet"]
    number = 1 + max(int(each) for each in numbers if each.isdecimal())
    added = f'sheet xmlns:galeon="{LINKS}" name={quoteattr(name)} sheetId="{number}" galeon:id="{KEY}"/>'
    return _before_end(body, "sheets", added)


def styled(body: bytes) -> tuple[bytes, str | None]:
    """The styles with that of amounts, and its number; None where they cannot be added to."""
    begin = re.search(rb"""<((?:\w+:)?)cellXfs(?:\s+count=["'][0-9]+["'])?\s*>""", body)
    end = body.find(b"</%scellXfs>" % begin[1], begin.end()) if begin else -1
    if begin is None or end < 0:
        return body, None
    prefix, inside = begin[1], body[begin.end() : end]
    count = len(re.findall(rb"<(?:\w+:)?xf[\s>/]", inside))
    ours = b"<" + prefix + AMOUNT
    if inside.rstrip().endswith(ours):
        return body, str(count - 1)
    head = b'<%scellXfs count="%d">' % (prefix, count + 1)
    return body[: begin.start()] + head + inside + ours + body[end:], str(count)


def sheeted(head: str, lines: Sequence[Line], amount: str | None) -> bytes:
    """A sheet of these lines."""
    rows = []
    for number, line in enumerate(lines, 1):
        styles = [None if isinstance(each, int | str) else amount for each in line]
        cells = [cell("", column, number, *each) for column, each in enumerate(zip(line, styles, strict=True), 1)]
        rows.append(f'<row r="{number}">'.encode() + b"".join(cells) + b"</row>")
    width = '<cols><col min="1" max="1" width="60" customWidth="1"/><col min="2" max="3" width="22" customWidth="1"/></cols>'
    return f"{head}{width}<sheetData>".encode() + b"".join(rows) + b"</sheetData></worksheet>"
