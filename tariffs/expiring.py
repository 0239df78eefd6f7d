"""Which rows soon stop being true: what a clerk has to look up before it is missed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tariffs.dated import Dated
from tariffs.records import CONSUMPTION_TAX, IMPORT_TAXES, Records
from tariffs.rows import COLUMNS

# The columns that say what a row has to say; a row of the same key may follow with others.
SAID = frozenset({"expression", "rate", "list_price", "column", "agreements"}) | frozenset(
    {"breaks", "amount", "minimum", "low", "high", "payee", "usual"}
)


@dataclass(frozen=True, slots=True)
class Expiring:
    """A row that ends with nothing after it: its file, what it is, its last day, and the goods it is about."""

    file: str
    line: int | None
    key: str
    kind: str
    last_day: date
    products: tuple[str, ...]


def expiring(records: Records, on: date, within: int) -> tuple[Expiring, ...]:
    """The rows in force on a day that end within so many days and that no row of the same key follows."""
    until = on + timedelta(days=within)
    found = [*_csv_rows(records, on, until), *_toml_rows(records, on, until)]
    return tuple(sorted(found, key=lambda each: (each.last_day, each.file, each.kind, each.key)))


def _csv_rows(records: Records, on: date, until: date) -> Iterator[Expiring]:
    first_day, last_day = on.isoformat(), until.isoformat()
    for file, columns in COLUMNS.items():
        if "valid_to" not in columns:
            continue
        begins, ends = columns.index("valid_from"), columns.index("valid_to")
        series = [at for at, name in enumerate(columns[:begins]) if name not in SAID]
        table = records.file(file)
        following = {(tuple(row[at] for at in series), row[begins]) for row in table.rows}
        for at, row in enumerate(table.rows):
            if not row[ends] or not first_day <= row[ends] <= last_day or row[begins] > first_day:
                continue
            key = tuple(row[each] for each in series)
            after = (date.fromisoformat(row[ends]) + timedelta(days=1)).isoformat()
            if (key, after) not in following:
                place, line = table.place(at)
                goods = tuple(each.slug for each in records.products_of(row[0]))
                kind = row[columns.index("measure")] if "measure" in columns else ""
                yield Expiring(place, line, row[0], kind, date.fromisoformat(row[ends]), goods)


def _toml_rows(records: Records, on: date, until: date) -> Iterator[Expiring]:
    groups: dict[tuple[str, str], tuple[Dated, ...]] = {
        **{(IMPORT_TAXES, f"vat.{name}"): dated for name, dated in records.vat_classes.items()},
        **{(IMPORT_TAXES, f"parameter.{name}"): dated for name, dated in records.parameters.items()},
        **{(CONSUMPTION_TAX, name): dated for name, dated in records.categories.items()},
    }
    for (file, name), dated in groups.items():
        last = max((each.row.validity.valid_to or date.max for each in dated), default=date.max)
        if on <= last <= until:
            yield Expiring(file, None, name, "", last, ())
