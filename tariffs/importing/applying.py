"""The overlay as it would be with the plan in it: written beside the old one, checked whole, and only then put in place.

The overlay before is kept under `.previous`, under its own version, so that nothing a clerk had is ever lost.
"""

import csv
import io
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from tariffs.acceptance import judged
from tariffs.findings import Finding
from tariffs.importing.planning import LINES, Plan
from tariffs.laid_over import READABLE, keyed
from tariffs.overlay import SOURCES, STANDINGS, Overlay
from tariffs.tables import DATA, Raw

NEXT, PREVIOUS = ".next", ".previous"
FOLLOWED = ("customs-schedule", "tariff-lines")  # the tables that a whole schedule brings up to date


class UnderWay(ValueError):
    """Another import is writing into the folder, or one was interrupted there."""


@dataclass(frozen=True, slots=True)
class Document:
    """The document that the rows rest on; `entry` is its text for sources.toml, "" where it is known already."""

    key: str
    confidence: str
    entry: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done: the version of the overlay now, and where the one before is kept."""

    version: str
    kept: Path | None
    faults: tuple[Finding, ...]


def files(
    plan: Plan, before: Overlay | None, document: Document, first: date, known_until: date | None
) -> dict[str, bytes]:
    """The files of the overlay as it would be, the untouched ones included."""
    contents = dict(before.contents) if before is not None else {}
    for name, groups in plan.rows.items():
        if groups:
            contents[name] = _csv(name, _replaced(name, before, groups))
    if document.entry:
        contents[SOURCES] = contents.get(SOURCES, b"").rstrip() + b"\n\n" * bool(contents.get(SOURCES))
        contents[SOURCES] += document.entry.encode()
    standings = dict(before.tomls[STANDINGS].values) if before is not None and STANDINGS in before.tomls else {}
    if plan.rows[LINES]:
        row = {"source": document.key, "valid_from": first, "confidence": document.confidence}
        standings["tariff-lines"] = {**standings.get("tariff-lines", {}), "row": row}
    if known_until is not None:
        for name in FOLLOWED:
            standings[name] = {**standings.get(name, {}), "known_until": known_until}
    if standings:
        contents[STANDINGS] = _standings(standings)
    return contents


def tried(
    contents: Mapping[str, bytes], folder: Path, beside: Path, root: Traversable = DATA
) -> tuple[str, tuple[Finding, ...]]:
    """The version that the contents would have and the faults of the book that would result.

    They are written to the folder `beside`; places are told as if it were the folder itself.
    """
    for name, content in contents.items():
        path = beside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    overlay = Overlay.read(beside)
    _, faults = judged(overlay, root)
    told = (
        Finding(each.file.replace(str(beside), str(folder)), each.line, each.column, each.code, each.text)
        for each in faults
    )
    return overlay.version, tuple(told)


def applied(contents: Mapping[str, bytes], folder: Path, before: Overlay | None, root: Traversable = DATA) -> Applied:
    """Put the contents in the folder's place. Raises UnderWay, and changes nothing where the result has faults."""
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / NEXT
    try:
        beside.mkdir()
    except FileExistsError as error:
        text = f"{beside} exists: another import is under way. If none is, one was interrupted: remove it"
        raise UnderWay(text) from error
    try:
        version, faults = tried(contents, folder, beside, root)
        if faults:
            return Applied(version, None, faults)
        kept = _keep(folder, before) if before is not None and before.contents else None
        for name in contents:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (beside / name).replace(folder / name)
        return Applied(version, kept, ())
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _keep(folder: Path, before: Overlay) -> Path:
    kept = folder / PREVIOUS / before.version
    for name, content in before.contents.items():
        path = kept / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return kept


def _replaced(name: str, before: Overlay | None, groups: Mapping[tuple[str, ...], tuple[Raw, ...]]) -> list[Raw]:
    """The overlay's rows with those of some keys replaced where they stood, and new keys below in order."""
    own = before.tables.get(name) if before is not None else None
    key = keyed(name)
    waiting: dict[object, tuple[Raw, ...]] = {(at if len(at) > 1 else at[0]): rows for at, rows in groups.items()}
    rows: list[Raw] = []
    for raw in own.rows if own is not None else ():
        if key(raw) in groups or (key(raw),) in groups:
            rows += waiting.pop(key(raw), ())
        else:
            rows.append(raw)
    for at in sorted(waiting, key=str):
        rows += waiting[at]
    return rows


def _csv(name: str, rows: list[Raw]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(READABLE[name])
    writer.writerows(rows)
    return text.getvalue().encode()


def _standings(values: Mapping[str, Mapping[str, object]]) -> bytes:
    """tables.toml of an overlay holds two fields, so it is written whole."""
    parts = ["# What this overlay says of the package's tables; `galeon tables import` writes it.\n"]
    for name, entry in sorted(values.items()):
        parts.append(f"\n[{name}]\n")
        if "known_until" in entry:
            parts.append(f"known_until = {entry['known_until']}\n")
        row = entry.get("row")
        if isinstance(row, Mapping):
            fields = (
                f'source = "{row["source"]}"',
                f"valid_from = {row['valid_from']}",
                f'confidence = "{row["confidence"]}"',
            )
            parts.append(f"row = {{ {', '.join(fields)} }}\n")
    return "".join(parts).encode()
