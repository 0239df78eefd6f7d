"""The rows that a quote used, each under a name that it keeps: its table, its key and a digest of what it says.

The digest is taken over all cells of the row as they stand in the table, so that a row which is corrected is another one, and
a row that stays is the same in every release. A rate that stands in no table of ours (a market's) is not a row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import sha256

from calculator.choices import Choice
from calculator.quote import Quote
from calculator.rows_used import UsedRow, choices_of, rows_of
from tariffs.parts import Part, parts
from tariffs.records import Records
from tariffs.tables import Raw

# What tells the rows of a part from one another; they are looked up by it, and it is told to people.
KEYS: dict[str, tuple[str, ...]] = {
    part: tuple(columns.split())
    for part, columns in {
        "customs-schedule": "hs_code measure part origins valid_from",
        "trade-remedies": "hs_code measure part origin valid_from",
        "origins": "code valid_from",
        "vat-lines": "hs_code",
        "vat-rates": "class valid_from",
        "consumption-tax": "category valid_from",
        "consumption-tax-lines": "prefix category condition",
        "import-taxes": "parameter valid_from",
        "products": "slug",
        "packages": "product package",
        "cbec-list": "hs_code",
        "postal-articles": "class prefixes condition valid_from",
        "lanes": "mode from to",
        "equipment": "code",
        "freight-rates": "mode from to equipment basis currency carrier valid_from",
        "charges": "code modes equipment valid_from",
        "losses": "kind valid_from",
        "transport-modes": "mode valid_from",
        "rails": "code",
        "rail-fees": "rail code basis valid_from",
        "customs-rates": "month currency",
    }.items()
}
# Cells that hold several words, of which the quote knows one; an empty cell is for all.
LISTS = {"charges": ("modes", "equipment"), "freight-rates": ("from", "to")}
# Cells that hold prefixes of codes.
PREFIXES = {"consumption-tax-lines": "prefix", "postal-articles": "prefixes"}


@dataclass(frozen=True, slots=True, order=True)
class RowName:
    """A row: the part of the tables it stands in, its key, and the digest of its cells."""

    part: str
    key: str
    digest: str


def name_of(part: Part, raw: Raw) -> RowName:
    """The name of a row."""
    cells = dict(zip(part.columns, raw, strict=True))
    return RowName(part.name, "/".join(cells[column] for column in KEYS[part.name]), digest_of(raw))


@lru_cache(maxsize=65536)
def digest_of(raw: Raw) -> str:
    """Half of the SHA-256 of a row's cells; no cell holds the sign that parts them."""
    return sha256("\x1f".join(raw).encode()).hexdigest()[:32]


class RowNames:
    """Finds the names of the rows that quotes of one book used."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._parts: Mapping[str, Part] | None = None
        self._grouped: dict[str, dict[str, list[Raw]]] = {}

    def of(self, quote: Quote) -> tuple[RowName, ...]:
        """The rows that a quote used, in their order. It must be a quote of this book, whose rows are looked at."""
        return tuple(sorted(self.behind(choices_of(quote))))

    def behind(self, choices: Iterable[Choice]) -> frozenset[RowName]:
        """The rows behind what was chosen, in any of these choices."""
        return frozenset[RowName]().union(
            *(choice.beside(("rows used", self), partial(self._of_choice, choice)) for choice in choices)
        )

    def _of_choice(self, choice: Choice) -> frozenset[RowName]:
        return frozenset(name for used in rows_of(choice) for name in self._named(used))

    def _named(self, used: UsedRow) -> Iterable[RowName]:
        """The rows of the tables that a quote's row is."""
        if self._parts is None:
            self._parts = parts(self._records)
        part, cells = self._parts[used.part], dict(used.cells)
        first = KEYS[used.part][0]
        grouped = self._grouped.get(used.part)
        if grouped is None:
            grouped = self._grouped[used.part] = {}
            at = part.columns.index(first)
            for raw in part.rows:
                grouped.setdefault(raw[at], []).append(raw)
        if used.part == "consumption-tax-lines":
            found = list(self._records.excise_rows(cells.pop("prefix")))
        else:
            found = grouped.get(cells[first], [])
        if used.part == "cbec-list":
            found = found[:1]  # of several rows of a line the first is read
        if used.part == "postal-articles":
            found = _longest(part, found, cells.pop("prefixes"))
        lists = LISTS.get(used.part, ())
        wanted = [(part.columns.index(name), cell, name in lists) for name, cell in cells.items()]
        for raw in found:
            if all(_fits(raw[at], cell, listed) for at, cell, listed in wanted):
                yield name_of(part, raw)


def _fits(cell: str, wanted: str, listed: bool) -> bool:
    return not cell or wanted in cell.split() if listed else cell == wanted


def _longest(part: Part, raws: Iterable[Raw], code: str) -> list[Raw]:
    """The rows of the longest prefix of a code, as the table of personal articles is read."""
    at = part.columns.index("prefixes")
    found = [(max((len(each) for each in raw[at].split() if code.startswith(each)), default=-1), raw) for raw in raws]
    found = [(0 if not raw[at] else length, raw) for length, raw in found]
    most = max((length for length, _ in found), default=-1)
    return [raw for length, raw in found if length == most >= 0]
