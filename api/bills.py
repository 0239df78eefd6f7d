"""Bills in files, held against their quotes: kept ones by their ids, carried ones in a file beside the bill.

A file that is wrong keeps nothing from the others: it is told with its problems.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from api.carried import quote_in
from api.errors import error
from api.languages import DEFAULT, LANGUAGES
from api.reading import Malformed, Refused, read_json
from api.reconciliation_schemas import ReconciliationIn
from api.reconciling import Quoted, asked_for, kept_quote, reconciled_document
from api.settings import Settings
from api.store import Store
from api.tombstones import Deleted
from api.wording import Wording
from api.writing import Json
from calculator.errors import Unpriceable, Unreadable
from calculator.fresh_rows import told_at
from tariffs.book import Book

CARRIED = ".galeon.json"


@dataclass(frozen=True, slots=True)
class Held:
    """What became of one file: the reconciliation, or what is wrong with it."""

    file: str
    language: str
    document: Json | None
    problems: tuple[Json, ...] = ()


def bills_in(paths: Iterable[Path]) -> list[Path]:
    """The files, and of each folder those that may be bills, by name."""
    return [
        file
        for path in paths
        for file in (sorted(path.glob("*.json")) if path.is_dir() else (path,))
        if not path.is_dir() or not file.name.endswith(CARRIED)
    ]


class Bills:
    """Holds bills against their quotes; the database is opened when a bill names a quote that is kept there."""

    def __init__(
        self, settings: Settings, book: Book, reader: ReconciliationIn, owner: str, language: str | None
    ) -> None:
        self._settings = settings
        self._book = book
        self._reader = reader
        self._owner = owner
        self._language = language

    def held(self, files: Iterable[Path]) -> Iterator[Held]:
        """What became of each file."""
        try:
            for each in files:
                yield self._held(each)
        finally:
            if "_store" in vars(self):
                self._store.close()

    def _held(self, file: Path) -> Held:
        spoken = self._language or DEFAULT
        try:
            document: Any = read_json(file.read_bytes())
            if isinstance(document, Mapping) and document.get("language") in LANGUAGES:
                spoken = self._language or str(document["language"])
            return Held(file.name, spoken, self._reconciled(document, file.parent, spoken))
        except OSError as failed:
            refusals: Iterable[Unpriceable] = (_not_read(file.name, failed),)
        except Malformed as malformed:
            refusals = malformed.errors or (Unreadable(malformed.code, "", (), **malformed.facts),)
        except Refused as refused:
            refusals = refused.refusals
        except Unpriceable as refusal:
            refusals = (refusal,)
        wording = Wording.of(spoken)
        return Held(file.name, spoken, None, tuple(dict(error(each, wording)) for each in refusals))

    def _reconciled(self, document: Any, folder: Path, spoken: str) -> Json:
        carried: Quoted | None = None
        named = document.get("quote") if isinstance(document, dict) else None
        if isinstance(named, str) and named.endswith(CARRIED):
            carried = _carried(folder / named, named)
            document = {**document, "quote": carried.id}
        bill = self._reader.load(document)
        quoted = carried
        if quoted is None:
            quoted = self._kept(bill.quote) if bill.quote else asked_for(bill, self._book)
        return reconciled_document(bill, quoted, self._book, spoken)

    def _kept(self, id: str) -> Quoted:
        try:
            quoted = kept_quote(id, self._owner, self._book, self._store)
        except Deleted as deleted:
            raise Unreadable(deleted.code, deleted.pointer, (), on=f"{deleted.on:%Y-%m-%d}") from None
        if quoted is None:
            raise Unreadable("no_such_quote", "/quote", (), text=id)
        return quoted

    @cached_property
    def _store(self) -> Store:
        return Store.at(self._settings.database)


def _carried(path: Path, named: str) -> Quoted:
    """The quote of a file. Raises Unpriceable where it cannot be read, or is not what it says."""
    try:
        body = path.read_bytes()
    except OSError as failed:
        raise _not_read(named, failed).at("/quote") from None
    try:
        return Quoted(*quote_in(body, named))
    except Unpriceable as refusal:
        raise told_at(refusal, "/quote") from None


def _not_read(name: str, failed: OSError) -> Unreadable:
    return Unreadable("bill_file_not_read", "", (), file=name, why=failed.strerror or "")
