"""Which lines were read on a list of cross-border e-commerce retail imports (跨境电子商务零售进口商品清单).

Only fragments were read, so a line without a row is unknown and not off the list; each row's note says of which edition it is.
"""

from datetime import date

from calculator.listings import Listing
from calculator.tariff_line import Row
from calculator.validity import Validity
from tariffs.tables import CsvTable

TABLE, FILE = "cbec-list", "cn/cbec_lines.csv"


class CbecList:
    """The rows that have a code, typed once; `first` is the first day of all of them."""

    def __init__(self, table: CsvTable, first: date) -> None:
        self._lines: dict[str, Listing] = {}
        for hs_code, _, on_list, edition, _, source, confidence in table.rows:
            if hs_code:
                row = Row(TABLE, Validity(first), source, confidence, edition)
                self._lines.setdefault(hs_code, Listing(on_list == "yes", row))

    def of(self, hs_code: str, on: date) -> Listing | None:
        """What was read of a line, None where nothing was or the day is before the first list."""
        found = self._lines.get(hs_code)
        return found if found is not None and found.row.validity.covers(on) else None
