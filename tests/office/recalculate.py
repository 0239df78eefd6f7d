"""Run by the Python that LibreOffice brings (it has `uno`): reckon a workbook with all that it asks of servers, tell its cells.

    python3 recalculate.py PIPE FILE

Prints, as JSON, each sheet as rows of cells. A document is only let ask where its folder is trusted and it is told to update.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]

FULL_UPDATE = 3
PATIENCE = 60


def desktop(pipe: str) -> Any:
    """The running LibreOffice behind a pipe."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for attempt in range(PATIENCE * 5):
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            if attempt == PATIENCE * 5 - 1:
                raise
            time.sleep(0.2)
        else:
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
    return None


def option(name: str, value: object) -> Any:
    """An option of loading."""
    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made


def sheets(document: Any) -> list[list[list[object]]]:
    """The used cells of each sheet, from its first row and column."""
    found = []
    for sheet in document.Sheets:
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        cells = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
        found.append([list(row) for row in cells.getDataArray()])
    return found


def main() -> None:
    pipe, file = sys.argv[1:]
    office = desktop(pipe)
    options = (option("Hidden", True), option("UpdateDocMode", FULL_UPDATE))
    document = office.loadComponentFromURL(Path(file).as_uri(), "_blank", 0, options)
    document.calculateAll()
    print(json.dumps(sheets(document)))
    document.close(True)
    office.terminate()


if __name__ == "__main__":
    main()
