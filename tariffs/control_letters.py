"""What the letters beside a tariff line mean: who must license, inspect or certify its goods (监管条件, 检验检疫).

The schedule prints letters only. A letter that this table does not know is shown without a meaning, never guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tariffs.tables import CsvTable

FILE = "cn/control_letters.csv"
SUPERVISION, INSPECTION = "supervision", "inspection"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter with its meaning in three languages; no meaning, no source and no letter of trust where it is unknown."""

    letter: str
    texts: Mapping[str, str]
    source: str = ""
    confidence: str = ""


class ControlLetters:
    """The letters by their kind."""

    def __init__(self, table: CsvTable) -> None:
        self._known = {
            (kind, letter): Letter(letter, MappingProxyType({"en": en, "es": es, "zh": zh}), source, confidence)
            for kind, letter, en, es, zh, source, confidence in table.rows
        }

    def of(self, kind: str, letters: str) -> tuple[Letter, ...]:
        """The letters of a line, each once, in the order of the schedule."""
        nothing: Mapping[str, str] = MappingProxyType({})
        return tuple(self._known.get((kind, each), Letter(each, nothing)) for each in dict.fromkeys(letters))
