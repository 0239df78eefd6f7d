"""Where goods come from, and which column of the Chinese tariff their origin opens (Customs Tariff Law arts. 11, 12 and 19)."""

from collections.abc import Mapping
from dataclasses import dataclass

from calculator.tariff_line import Row

# What a request writes where nobody knows or proves the origin.
UNKNOWN = "unknown"
# The columns an origin may open. OPEN: whether China grants MFN treatment was not seen, so that both columns are reckoned.
MFN, GENERAL, OPEN = "mfn", "general", "open"


@dataclass(frozen=True, slots=True)
class Origin:
    """A country or customs territory by its ISO 3166 code, and the column that its goods take.

    `agreements` are those with China that may offer a lower rate to goods with a proof of origin; their rates are rows of
    the schedule of the kind `agreement`, where a table has them.
    """

    code: str
    names: Mapping[str, str]
    column: str
    agreements: tuple[str, ...]
    row: Row
