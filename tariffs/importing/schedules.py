"""The import of a schedule from its file to its report, and into the overlay where that is asked for."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import Path

from tariffs.findings import Finding
from tariffs.importing import applying, files
from tariffs.importing.applying import Document
from tariffs.importing.grids import FileRefused
from tariffs.importing.headings import headings
from tariffs.importing.lines import Watch, read_lines
from tariffs.importing.planning import Plan, Planner, Terms
from tariffs.overlay import Overlay, OverlayRefused
from tariffs.records import Records
from tariffs.tables import DATA


@dataclass(frozen=True, slots=True)
class Request:
    """What a clerk asks: the file, its days, its document, and the folder it is to go into."""

    file: Path
    into: Path | None
    valid_from: date
    provisional_to: date
    known_until: date | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    rates: str = ""
    sheet: str | None = None
    whole: bool = False
    source: str = ""
    title: str = ""
    confidence: str = "C"
    root: Traversable = DATA


@dataclass(frozen=True, slots=True)
class Report:
    """What the file would change, or changed; with faults nothing was, and nothing will be until they are gone."""

    file: str
    notes: tuple[str, ...]
    rows: int
    lines: int
    plan: Plan
    unknown_columns: tuple[str, ...]
    faults: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    version: str = ""
    kept: Path | None = None
    applied: bool = False


def imported(request: Request, apply: bool = False, watch: Watch = lambda done, of: None) -> Report:
    """Read, compare, try and, where asked and all of it is sound, write. Raises FileRefused and OverlayRefused."""
    grid = files.read_grid(request.file, request.sheet)
    before = Overlay.read(request.into) if request.into is not None and request.into.is_dir() else None
    records = Records.load(request.into if before is not None else None, request.root)
    found = headings(grid, request.mapping)
    chapters = frozenset(code[:2] for code in records.codes)
    reading = read_lines(grid, found, chapters, request.rates, watch)
    document = _document(request, records)
    terms = Terms(request.valid_from, request.provisional_to, document.key, document.confidence, request.file.name)
    # Faulty rows are left out, so that what they would have changed is not told as missing.
    whole = request.whole and not reading.faults
    planner = Planner(records, grid.file, found, replace(terms, whole=whole))
    plan = planner.plan(reading.lines, watch) if found.columns else Plan()
    faults = tuple(sorted((*reading.faults, *plan.faults), key=lambda each: (each.line or 0, each.column or "")))
    notes = list(grid.notes)
    cached = sum(each.cached and each.column in found.columns.values() for each in grid.formulas)
    if cached:
        notes.append(f"{cached} cells are formulas; their values as last stored were used")
    if reading.above:
        notes.append(f"{reading.above} rows are headings of the schedule and have no rates")
    known_until = {state.name: state.known_until for state in records.tables}[applying.FOLLOWED[0]]
    if request.known_until is None and request.valid_from > known_until:
        notes.append(
            f"the schedule is known until {known_until}: quotes after it say so, unless you give --known-until"
        )
    report = Report(
        grid.file, tuple(notes), reading.rows, len(reading.lines), plan, found.unknown, faults, tuple(plan.warnings)
    )
    if faults or plan.empty:
        return report
    contents = applying.files(plan, before, document, request.valid_from, request.known_until)
    return _written(report, contents, request, before, apply)


def _written(
    report: Report, contents: dict[str, bytes], request: Request, before: Overlay | None, apply: bool
) -> Report:
    if apply:
        if request.into is None:
            raise ValueError("nothing is applied without a folder")
        done = applying.applied(contents, request.into, before, request.root)
        return replace(report, version=done.version, kept=done.kept, faults=done.faults, applied=not done.faults)
    with tempfile.TemporaryDirectory() as beside:
        version, faults = applying.tried(contents, request.into or Path("overlay"), Path(beside), request.root)
    return replace(report, version=version, faults=faults)


def _document(request: Request, records: Records) -> Document:
    """The document that the rows cite: one the book knows, or the file itself under a name of its own."""
    if request.source:
        known = records.sources.get(request.source)
        if known is None:
            raise FileRefused.whole(str(request.file), "unknown_source", f"{request.source!r} is not in sources.toml")
        return Document(request.source, max(request.confidence, known.confidence), "")
    key = f"import-{sha256(request.file.read_bytes()).hexdigest()[:12]}"
    if key in records.sources:
        return Document(key, max(request.confidence, records.sources[key].confidence), "")
    title = request.title or f"Schedule imported from {request.file.name}"
    lines = (
        f"[{key}]",
        f"title = {json.dumps(title, ensure_ascii=False)}",
        f"effective = {request.valid_from}",
        f'confidence = "{request.confidence}"',
        'licence = "the user\'s own"',
    )
    return Document(key, request.confidence, "\n".join(lines) + "\n")


__all__ = ["FileRefused", "OverlayRefused", "Report", "Request", "imported"]
