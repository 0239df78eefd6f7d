"""One table laid over another: rows of the upper one are added, or stand in for the lower one's rows of the same key.

Each row still knows the file and the line it stands on, so that a fault of the whole is told where it can be mended.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from types import MappingProxyType

from tariffs.logistics_rows import FREIGHT_RATES
from tariffs.rail_rows import FEES
from tariffs.rows import COLUMNS
from tariffs.tables import CsvTable, Raw, TomlRow, TomlTable

CUSTOMS_RATES, MARKET_RATES = "fx/customs_rates.csv", "fx/market_rates.csv"
# Corrections are those of whole tables; a private folder has rows of its own, and simply changes them.
READABLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {file: columns for file, columns in COLUMNS.items() if file != "corrections.csv"}
    | {
        CUSTOMS_RATES: ("month", "currency", "rate", "quoted_as", "source_day", "source", "confidence", "note"),
        MARKET_RATES: ("day", "base", "quote", "rate", "source", "fetched_at"),
    }
)
# What a row stands in for: the package's rows that have the same cells here. In other files it is the first column.
KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cn/measures.csv": ("hs_code", "measure", "part", "origins"),
        "cn/trade_remedies.csv": ("hs_code", "measure", "part", "origin"),
        "cn/packages.csv": ("product", "package"),
        "cn/cbec_lines.csv": ("hs_code", "name_zh"),
        "cn/requirements.csv": ("prefixes", "product", "code"),
        "logistics/lanes.csv": ("mode", "from", "to"),
        FREIGHT_RATES: ("mode", "from", "to", "equipment"),
        FEES: ("rail", "code"),
        CUSTOMS_RATES: ("month", "currency"),
        MARKET_RATES: ("day", "base", "quote", "source"),
    }
)


@dataclass(frozen=True, slots=True)
class LaidOver(CsvTable):
    """A table whose rows come from two files, each of which knows where it stands."""

    places: tuple[tuple[str, int], ...]

    def line(self, index: int) -> int:
        """The line of the row in its own file."""
        return self.places[index][1]

    def place(self, index: int) -> tuple[str, int]:
        """The row's own file and its line there."""
        return self.places[index]


@dataclass(frozen=True, slots=True)
class TomlLaidOver(TomlTable):
    """A TOML table some of whose headings come from the overlay, each heading whole."""

    over: TomlTable

    def line(self, heading: str, index: int = 0) -> int | None:
        """The line of the heading in its own file."""
        return TomlTable.line(self.over if heading in self.over.headings else self, heading, index)

    def place(self, heading: str, index: int = 0) -> tuple[str, int | None]:
        """The heading's own file and its line there."""
        return (self.over.file if heading in self.over.headings else self.file), self.line(heading, index)

    def rows(self, *path: str) -> list[TomlRow]:
        """The `[[path]]` rows of whichever file has the heading."""
        return TomlTable.rows(self.over if ".".join(path) in self.over.headings else self, *path)


def laid_over(table: CsvTable, own: CsvTable) -> LaidOver:
    """A table with another laid over it; a row that is replaced leaves its place to its successors."""
    key = keyed(table.file)
    waiting: dict[object, list[int]] = {}
    for at, row in enumerate(own.rows):
        waiting.setdefault(key(row), []).append(at)
    rows: list[Raw] = []
    places: list[tuple[str, int]] = []
    replaced: set[object] = set()

    def put(name: object) -> None:
        replaced.add(name)
        rows.extend(own.rows[at] for at in waiting[name])
        places.extend(own.place(at) for at in waiting[name])

    for at, row in enumerate(table.rows):
        name = key(row)
        if name not in waiting:
            rows.append(row)
            places.append(table.place(at))
        elif name not in replaced:
            put(name)
    for name in waiting:
        if name not in replaced:
            put(name)
    return LaidOver(table.file, table.columns, tuple(rows), tuple(places))


def toml_laid_over(table: TomlTable, own: TomlTable) -> TomlLaidOver:
    """A table of TOML with the headings of another in place of its own of the same name."""
    return TomlLaidOver(table.file, _merged(table.values, own.values), {**table.headings, **own.headings}, own)


def keyed(file: str) -> Callable[[Raw], object]:
    """What a row of a file stands in for."""
    return itemgetter(*map(READABLE[file].index, KEYS.get(file, READABLE[file][:1])))


def _merged(below: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    """Tables of TOML heading by heading; a list of rows is replaced whole."""
    merged = dict(below)
    for name, value in above.items():
        under = merged.get(name)
        both = isinstance(under, Mapping) and isinstance(value, Mapping)
        merged[name] = _merged(under, value) if both else value  # type: ignore[arg-type]
    return merged
