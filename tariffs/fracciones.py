"""The Mexican export codes: the rows of the table, which chapters it holds, and which codes are near one that it does not."""

from collections.abc import Iterable

from calculator.fracciones import EXEMPT, FORBIDDEN, FRACCION, Fraccion
from tariffs.likeness import nearest_codes
from tariffs.tables import CsvTable, Raw, number

TABLE, FILE = "mx-fracciones", "mx/fracciones.csv"
CHAPTER = 2
_STANDINGS = {"Ex": EXEMPT, "Prohibida": FORBIDDEN}
_NO_UNIT = "Prohibida"


class Fracciones:
    """The rows of the table, typed when they are asked for."""

    def __init__(self, table: CsvTable) -> None:
        self._rows = {raw[0]: raw for raw in table.rows}
        self._chapters = frozenset(code[:CHAPTER] for code in self._rows)

    def of(self, code: str) -> Fraccion | None:
        """The row of a code of eight digits, or of ten, whose last two are the NICO."""
        raw = self._rows.get(code[:FRACCION])
        return None if raw is None else fraccion(raw)

    def holds(self, code: str) -> bool:
        """Whether the table has the chapter of a code, so that its silence means something."""
        return code[:CHAPTER] in self._chapters

    def nearest(self, code: str) -> tuple[str, ...]:
        """Up to five codes that begin like this one."""
        return nearest_codes(code, self._rows)

    @property
    def chapters(self) -> Iterable[str]:
        """The chapters that the table has."""
        return sorted(self._chapters)


def fraccion(raw: Raw) -> Fraccion:
    """A row of the table."""
    code, _, name, unit, duty, source, confidence = raw
    standing = _STANDINGS.get(duty, "")
    rate = None if standing else number(duty) / 100
    return Fraccion(code, name, "" if unit == _NO_UNIT else unit, rate, standing, source, confidence)
