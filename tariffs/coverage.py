"""How much of each table there is and how far it can be trusted: lines, rows, days, and the share of each letter."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from calculator.money import half_up
from tariffs.findings import LETTERS
from tariffs.manifest import TableState
from tariffs.parts import Part, parts
from tariffs.records import Records
from tariffs.tables import day


def block_of(name: str) -> re.Pattern[str]:
    """The block of a document between two marks of a name."""
    return re.compile(rf"(<!-- {name} -->\n).*?(<!-- /?{name} -->)", re.DOTALL)


# The block of the README that is generated; the closing mark may be written with or without a slash.
BLOCK = block_of("coverage")
SHARE, PERCENT = half_up(4), half_up(1)


@dataclass(frozen=True, slots=True)
class Coverage:
    """A table as it is: its rows, the lines of the tariff they speak of, its days, and how many rows have each letter."""

    state: TableState
    parts: tuple[str, ...]
    rows: int
    lines: int
    covers_from: date | None
    letters: Mapping[str, int]

    def share(self, letter: str) -> Decimal | None:
        """The share of the rows with a letter; None where the rows have none."""
        marked = sum(self.letters.values())
        return SHARE(Decimal(self.letters.get(letter, 0)) / marked) if marked else None


def coverage(records: Records) -> tuple[Coverage, ...]:
    """Every table, in the order of the manifest."""
    by_table: dict[str, list[Part]] = {}
    for part in dict.fromkeys(parts(records).values()):
        by_table.setdefault(part.table, []).append(part)
    return tuple(_coverage(state, by_table[state.name], records) for state in records.tables)


def markdown(records: Records) -> str:
    """The coverage as a table of Markdown, for people."""
    lines = [
        "| table | lines | rows | A | B | C | from | known until |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- | --- |",
    ]
    for each in coverage(records):
        shares = (_percent(each.share(letter)) for letter in LETTERS)
        number = f"{each.lines:,}" if each.lines else ""
        first = f"{each.covers_from}" if each.covers_from else ""
        cells = (f"`{each.state.name}`", number, f"{each.rows:,}", *shares, first, f"{each.state.known_until}")
        lines.append("| " + " | ".join(cells) + " |")
    return (
        "\n".join((f"Release `{records.release}`. The letters are shares of the rows that carry one.", "", *lines))
        + "\n"
    )


def rewritten(text: str, block: str, marks: re.Pattern[str] = BLOCK) -> str | None:
    """A document with the block between its marks, None where it has no such marks."""
    changed, blocks = marks.subn(lambda found: f"{found[1]}{block}{found[2]}", text, count=1)
    return changed if blocks else None


def _coverage(state: TableState, files: list[Part], records: Records) -> Coverage:
    letters = Counter(letter for part in files for letter in _letters(part, records))
    # Where a file has no letters, those of another do not speak for it.
    letters = letters if letters.total() == sum(len(part.rows) for part in files) else Counter()
    lines = {code for part in files for code in _lines(part, records)}
    first = state.covers_from or min((day(cell) for part in files for cell in part.column("valid_from")), default=None)
    if first is None and state.name in records.standings:
        first = records.standings[state.name].valid_from
    names = tuple(part.name for part in files)
    return Coverage(state, names, sum(len(part.rows) for part in files), len(lines), first, letters)


def _letters(part: Part, records: Records) -> Iterator[str]:
    standing = records.standings.get(part.table)
    if "confidence" not in part.columns and "pack_confidence" not in part.columns and standing and standing.confidence:
        yield from (standing.confidence for _ in part.rows)
    yield from part.column("confidence")
    yield from part.column("pack_confidence")


def _lines(part: Part, records: Records) -> Iterator[str]:
    yield from filter(None, part.column("hs_code"))
    prefixes = {prefix for name in ("prefix", "prefixes") for cell in part.column(name) for prefix in cell.split()}
    if prefixes:
        yield from (code for code in records.codes if any(code[:length] in prefixes for length in (2, 4, 6, 8)))


def _percent(share: Decimal | None) -> str:
    return "" if share is None else f"{PERCENT(share * 100)}%"
