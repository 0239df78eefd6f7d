"""What a customs declaration writes for what we know by other names: a term, a mode, a unit, a currency, a country.

Where customs has several codes for one thing of ours all of them are told, and nobody chooses for the declarant.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tariffs.tables import CsvTable

FILE = "cn/declaration_codes.csv"


@dataclass(frozen=True, slots=True)
class CustomsCode:
    """A code of customs with its meaning in three languages, its source and how far it can be trusted."""

    code: str
    texts: Mapping[str, str]
    source: str
    confidence: str


class DeclarationCodes:
    """The codes by their list and by what we call the same thing."""

    def __init__(self, table: CsvTable) -> None:
        self._known: dict[tuple[str, str], tuple[CustomsCode, ...]] = {}
        for kind, key, code, en, es, zh, source, confidence in table.rows:
            found = CustomsCode(code, MappingProxyType({"en": en, "es": es, "zh": zh}), source, confidence)
            self._known[kind, key] = (*self._known.get((kind, key), ()), found)

    def of(self, kind: str, key: str) -> tuple[CustomsCode, ...]:
        """The codes for something of ours; nothing where no list that was read has it."""
        return self._known.get((kind, key), ())
