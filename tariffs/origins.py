"""The countries and customs territories, and the column of the tariff that goods of each take on a day."""

from datetime import date
from types import MappingProxyType

from calculator.origins import Origin
from calculator.tariff_line import Row
from calculator.validity import Validity
from tariffs.dated import row_of_day
from tariffs.folding import folded
from tariffs.likeness import LIKE_WORD, MOST, likeness
from tariffs.tables import CsvTable, Raw, day, open_day

TABLE, FILE = "origins", "cn/origins.csv"
# A code or initials say more than a likeness of names, and a name that begins so more than one that holds it.
SAME, BEGINS, INITIALS, THREE_LETTERS = 2.0, 1.5, 1.4, 1.0
ALPHA_2, ALPHA_3 = 2, 3


class Origins:
    """The rows of the table, typed once."""

    def __init__(self, table: CsvTable) -> None:
        self._rows = {code: tuple(map(origin, raws)) for code, raws in table.grouped().items()}
        self.codes = frozenset(self._rows)
        self._names: dict[str, set[str]] = {}
        for code, rows in self._rows.items():
            for name in map(folded, rows[-1].names.values()):
                self._names.setdefault(name, set()).add(code)

    def of(self, code: str, on: date) -> Origin | None:
        """A country on a day, None where there is no such code. Raises NotInForce for a day before its first row."""
        rows = self._rows.get(code)
        return None if rows is None else row_of_day(TABLE, code, rows, on)

    def nearest(self, text: str) -> tuple[str, ...]:
        """Up to five codes that may be meant: by the code, a name or its beginning, initials or a code of three letters."""
        asked = folded(text).strip()
        # Two letters look like many a code; they mean one, or nothing.
        scores = likeness(asked, self._names, LIKE_WORD) if len(asked) > ALPHA_2 else {}
        for name, codes in self._names.items():
            for code in codes:
                scores[code] = max(scores.get(code, 0.0), _meant(asked, code, name))
        near = [code for code, score in scores.items() if score >= LIKE_WORD]
        return tuple(sorted(near, key=lambda code: (-scores[code], code))[:MOST])


def _meant(asked: str, code: str, name: str) -> float:
    """How surely a text means a country by its code or by how a name begins."""
    low = code.lower()
    if asked in (low, name):
        return SAME
    if len(asked) > 1 and name.startswith(asked):
        return BEGINS
    if asked == "".join(word[0] for word in name.split()) or (len(asked) == ALPHA_3 and asked.startswith(low)):
        return INITIALS
    if len(asked) == ALPHA_3 and asked[0] == low[0] and low[1] in asked[1:]:
        return THREE_LETTERS
    return 0.0


def origin(raw: Raw) -> Origin:
    """A row of the table."""
    code, en, es, zh, column, agreements, first, last, source, confidence, note = raw
    row = Row(TABLE, Validity(day(first), open_day(last)), source, confidence, note)
    return Origin(code, MappingProxyType({"en": en, "es": es, "zh": zh}), column, tuple(agreements.split()), row)
