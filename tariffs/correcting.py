"""Correcting one row of a folder of tables: the row is named, its right cells are set, and a new release is sealed.

The folder is copied first and everything is checked in the copy; nothing is written to the folder itself before all is sound.
Where a row was right until a day, it stays until the day before, and the right row begins on it.
"""

import csv
import io
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from shutil import copytree

from tariffs.checks import check
from tariffs.corrected_rows import FILE, CorrectedRow
from tariffs.findings import Finding
from tariffs.fx import customs
from tariffs.logistics_rows import MODES
from tariffs.manifest import RELEASE
from tariffs.parts import CUSTOMS_RATES, Part, parts
from tariffs.records import CONSUMPTION_TAX, IMPORT_TAXES, Records
from tariffs.release import next_name, sealed, sealed_now
from tariffs.rows_used import KEYS, RowName, name_of
from tariffs.tables import Raw, TableError, day, number, open_day, toml_table

# Where the rows of a TOML file stand: the file, and what stands before the name of a heading.
TOML = {
    "import-taxes": (IMPORT_TAXES, "parameter."),
    "vat-rates": (IMPORT_TAXES, "vat."),
    "consumption-tax": (CONSUMPTION_TAX, ""),
    "transport-modes": (MODES, ""),
}


class CannotCorrect(ValueError):
    """A correction that cannot be made, and why."""


class ChecksFail(CannotCorrect):
    """The tables with the correction in them have faults."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("the tables would not be sound with this correction")
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be corrected: the part, the cells that name the row, a day on which it is in force, and the right cells.

    `since`: the first day on which the row was wrong, None where it was from its beginning.
    """

    part: str
    named: Mapping[str, str]
    on: date | None
    right: Mapping[str, str]
    source: str
    confidence: str
    reason: str
    found_on: date
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction that was made in a folder: the name that the wrong row had, and the new release."""

    row: CorrectedRow
    name: RowName
    since: date | None
    before: str
    release: str


def named_row(records: Records, asked: Asked) -> tuple[Part, Raw]:
    """The one row that is meant. Raises CannotCorrect."""
    if asked.part == CUSTOMS_RATES:
        raise CannotCorrect("exchange rates have releases of their own: galeon fx corrects them")
    part = parts(records).get(asked.part)
    if part is None or part.name not in KEYS:
        raise CannotCorrect(f"{asked.part!r} is no table that is corrected: {', '.join(sorted(KEYS))}")
    for name in (*asked.named, *asked.right):
        if name not in part.columns:
            raise CannotCorrect(f"{part.name} has no column {name!r}: {', '.join(part.columns)}")
    at = {name: index for index, name in enumerate(part.columns)}
    found = [raw for raw in part.rows if all(raw[at[name]] == cell for name, cell in asked.named.items())]
    if asked.on is not None and "valid_from" in at:
        found = [raw for raw in found if _covers(raw[at["valid_from"]], raw[at["valid_to"]], asked.on)]
    if not found:
        raise CannotCorrect(
            f"{part.name} has no such row: {_said(asked.named)}" + (f" on {asked.on}" if asked.on else "")
        )
    if len(found) > 1:
        apart = [name for name in part.columns if len({raw[at[name]] for raw in found}) > 1 and name not in asked.named]
        raise CannotCorrect(
            f"{part.name} has {len(found)} such rows; name one by what tells them apart: {', '.join(apart[:6]) or 'nothing'}"
        )
    return part, found[0]


def corrected(root: Path, folder: Path, asked: Asked, today: date) -> Corrected:
    """Copy the tables at `root` into a folder that is not there yet, with a row corrected and the release sealed anew.

    Raises CannotCorrect, TableError.
    """
    records = Records(root)
    part, raw = named_row(records, asked)
    wrong = dict(zip(part.columns, raw, strict=True))
    right = {**wrong, **asked.right}
    own = {"source": asked.source, "confidence": asked.confidence}
    right |= {name: cell for name, cell in own.items() if name in right and name not in asked.right}
    if all(right[name] == wrong[name] for name in asked.right):
        raise CannotCorrect(f"the row says so already: {_said(asked.right)}")
    if asked.source not in records.sources:
        raise CannotCorrect(f"{asked.source!r} is not in sources.toml: add the document first")
    if not asked.reason.strip() or "\n" in asked.reason:
        raise CannotCorrect("say in one line why the row is wrong")
    rows = _rows(part, wrong, right, asked.since)
    file = _file(part, records)
    copytree(
        root, folder, ignore=lambda _folder, names: [each for each in names if each in ("__pycache__", "__init__.py")]
    )
    if part.name in TOML:
        _in_toml(folder, part, wrong, right, asked)
    else:
        _in_csv(folder / file, raw, rows)
    kept = CorrectedRow(
        part=part.name,
        file=file,
        key=name_of(part, raw).key,
        wrong=wrong,
        right=rows[-1],
        row_from=asked.since or _first(records, part, wrong),
        row_to=open_day(wrong["valid_to"]) if "valid_to" in wrong else None,
        found_on=asked.found_on,
        reason=asked.reason.strip(),
        source=asked.source,
        confidence=asked.confidence,
    )
    with (folder / FILE).open("a", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerow(kept.raw)
    before = sealed(root).release
    (folder / RELEASE).write_text(str(sealed_now(next_name(today, before), folder)), encoding="utf-8")
    after = _checked(folder)
    if tuple(rows[-1].values()) not in parts(after)[part.name].rows:
        raise CannotCorrect(f"{part.name} does not take the row as it was set: {_said(asked.right)}")
    return Corrected(kept, name_of(part, raw), asked.since, before, after.release)


def put(made: Path, folder: Path, file: str) -> None:
    """Put what a correction changed from the folder it was made in over the one that was corrected, the release last."""
    for name in (file, FILE, RELEASE):
        beside = folder / f"{name}.new"
        beside.write_bytes((made / name).read_bytes())
        os.replace(beside, folder / name)


def _checked(folder: Path) -> Records:
    try:
        records = Records(folder)
        faults = [*check(records), *customs.findings(records.customs_rates)]
    except TableError as error:
        raise CannotCorrect(f"the tables cannot be read with this correction: {error}") from None
    except (ValueError, ArithmeticError, KeyError) as error:
        raise CannotCorrect(f"a value cannot be read: {error}") from None
    if faults:
        raise ChecksFail(faults)
    return records


def _first(records: Records, part: Part, wrong: Mapping[str, str]) -> date:
    """The first day of a row; where it has none of its own, that of its table."""
    if "valid_from" in wrong:
        return day(wrong["valid_from"])
    dated = [each for each in parts(records).values() if each.table == part.table and "valid_from" in each.columns]
    days = [day(cell) for each in dated for cell in each.column("valid_from")]
    standing = records.standings.get(part.table)
    return min(
        days, default=standing.valid_from if standing is not None else records.standings["tariff-lines"].valid_from
    )


def _covers(first: str, last: str, on: date) -> bool:
    ends = open_day(last)
    return day(first) <= on and (ends is None or on <= ends)


def _said(cells: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={cell}" for name, cell in cells.items())


def _file(part: Part, records: Records) -> str:
    """The file that a part stands in."""
    if part.name in TOML:
        return TOML[part.name][0]
    files = next(table.files for table in records.tables if table.name == part.table)
    stem = part.name.replace("-", "_")
    return next((each for each in files if each.endswith(f"/{stem}.csv")), files[0])


def _rows(part: Part, wrong: dict[str, str], right: dict[str, str], since: date | None) -> list[dict[str, str]]:
    """What stands in the place of the wrong row: the right one, after the wrong one where that was right until a day."""
    if since is None:
        return [right]
    if part.name in TOML or "valid_from" not in wrong:
        raise CannotCorrect(f"{part.name}: a row of it cannot be parted by days; correct the whole row")
    if not _covers(wrong["valid_from"], wrong["valid_to"], since) or since <= day(wrong["valid_from"]):
        raise CannotCorrect(
            f"--since {since}: the row is from {wrong['valid_from']} to {wrong['valid_to'] or 'further'}"
        )
    return [{**wrong, "valid_to": f"{since - timedelta(days=1)}"}, {**right, "valid_from": f"{since}"}]


def _in_csv(path: Path, raw: Raw, rows: list[dict[str, str]]) -> None:
    """Write rows in the place of one; every other line of the file stays as it is, byte for byte."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for at, line in enumerate(lines[1:], 1):
        if tuple(next(csv.reader([line]))) == raw:
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(tuple(row.values()) for row in rows)
            lines[at] = text.getvalue()
            path.write_text("".join(lines), encoding="utf-8")
            return
    raise CannotCorrect(f"{path.name} does not hold the row: it is one laid over the tables")


def _in_toml(folder: Path, part: Part, wrong: Mapping[str, str], right: Mapping[str, str], asked: Asked) -> None:
    """Set fields of one `[[heading]]` of a TOML file, each on a line of its own, which the file must have already."""
    name, before = TOML[part.name]
    table = toml_table(name, folder)
    heading = f"{before}{wrong[part.columns[0]]}"
    rows = table.rows(*heading.split("."))
    at = next(each.index for each in rows if f"{each.day('valid_from')}" == wrong["valid_from"])
    first = table.line(heading, at) or 1
    lines = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
    for field, cell in right.items():
        if cell == wrong[field]:
            continue
        old = rows[at].values.get(field)
        if old is None or isinstance(old, list | bool | dict):
            raise CannotCorrect(f"{part.name}: {field} of this row is set in {name} by hand, then sealed")
        lines[_line(lines, first, field, part.name)] = f"{field} = {_toml(old, cell, field)}\n"
    (folder / name).write_text("".join(lines), encoding="utf-8")


def _line(lines: list[str], first: int, field: str, part: str) -> int:
    for at in range(first, len(lines)):
        if lines[at].startswith("["):
            break
        if re.match(rf"{field}\s*=", lines[at]):
            return at
    raise CannotCorrect(f"{part}: {field} of this row does not stand on a line of its own")


def _toml(old: object, cell: str, field: str) -> str:
    try:
        if isinstance(old, int | Decimal):
            return f"{number(cell)}"
        if isinstance(old, date):
            return f"{day(cell)}"
    except ValueError as error:
        raise CannotCorrect(f"{field}: {error}") from None
    return json.dumps(cell, ensure_ascii=False)
