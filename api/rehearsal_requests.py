"""Where the requests of a rehearsal come from: kept quotes, files of requests or of rows, or a consignment of each good."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from api import day_in_china
from api.again import reckoned_again
from api.database import OldTables, as_they_are, database
from api.fields import Known
from api.reading import Refused, read_json
from api.rehearsing import Rehearsed, priced_then
from api.schemas import QuoteIn
from api.settings import Settings, sqlite_file
from api.store import QUOTES, KeptQuote, Store
from calculator.errors import Unpriceable
from calculator.request import QuoteRequest
from tariffs.book import Book

LINES = (".ndjson", ".jsonl")
REFUSALS = (Refused, Unpriceable)
Reading = Callable[[], QuoteRequest]
# A consignment of round figures for goods of which nobody asked yet: what changes of it are the rates, whatever it costs.
QUANTITY, SAMPLE = "1000 kg", {"amount": "10000.00", "currency": "CNY", "per": "total"}
CONSIGNMENT = f"{QUANTITY}, {SAMPLE['amount']} {SAMPLE['currency']}, CIF"


def kept_requests(store: Store, book: Book, owner: str | None, limit: int) -> Iterator[Rehearsed]:
    """The newest quotes that are kept, each reckoned from its own rows as it was; an owner's alone where one is named."""
    for kept in _newest(store.engine, owner, limit):
        asked = _asked(kept, book)
        if isinstance(asked, Unpriceable):
            yield Rehearsed(kept.id, None, None, asked)
            continue
        quote = reckoned_again(kept, kept.language, store, book.fx.currencies)
        yield Rehearsed(kept.id, asked, quote, None, kept.landed_cost_cny)


def kept_asked(store: Store, book: Book, limit: int) -> Iterator[tuple[str, QuoteRequest | Unpriceable]]:
    """What was asked for the newest quotes that are kept, under their ids; or why it cannot be read any more."""
    return ((kept.id, _asked(kept, book)) for kept in _newest(store.engine, None, limit))


def _asked(kept: KeptQuote, book: Book) -> QuoteRequest | Unpriceable:
    try:
        return QuoteIn(Known(book.fx.currencies, kept.release, _on(kept))).load(kept.request)
    except REFUSALS as refusal:
        return _first(refusal)


def _newest(engine: Engine, owner: str | None, limit: int) -> list[KeptQuote]:
    asked = QUOTES.select().order_by(QUOTES.c.created_at.desc(), QUOTES.c.id).limit(limit)
    if owner is not None:
        asked = asked.where(QUOTES.c.owner == owner)
    with engine.connect() as connection:
        return [KeptQuote(**row._mapping) for row in connection.execute(asked)]


def _on(kept: KeptQuote) -> Callable[[], date]:
    return lambda: day_in_china(kept.created_at)


class LedgerUnusable(Exception):
    """The ledger of an installation cannot be opened, or its tables are of another version."""


@contextmanager
def ledger_of(settings: Settings) -> Iterator[Store | None]:
    """The ledger of an installation where it keeps any quote, None where it keeps none. Raises LedgerUnusable.

    Looking changes nothing: no file is made, and SQLite's tables are not brought up to date either.
    """
    try:
        store = _ledger(settings.database)
    except (SQLAlchemyError, ImportError, OSError, OldTables) as error:
        raise LedgerUnusable(f"{error}") from None
    if store is None:
        yield None
        return
    try:
        yield store
    finally:
        store.close()


def _ledger(url: str) -> Store | None:
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return None
    engine = database(url)
    try:
        if engine.dialect.name == "sqlite" and not sql.inspect(engine).has_table(QUOTES.name):
            return None
        as_they_are(engine)
        return Store(engine) if has_quotes(engine) else None
    finally:
        # What the store then needs is opened anew.
        engine.dispose()


def has_quotes(engine: Engine) -> bool:
    """Whether any quote is kept."""
    with engine.connect() as connection:
        return connection.execute(sql.select(QUOTES.c.id).limit(1)).first() is not None


def requests_of(paths: Iterable[Path], schema: QuoteIn, book: Book, language: str) -> Iterator[Rehearsed]:
    """The requests of files: JSON (one, or a list), NDJSON (one a line), else rows as `galeon price` reads them.

    Raises Malformed, Refused or BrokenFile for a file that cannot be read at all.
    """
    for path in paths:
        suffix = path.suffix.lower()
        if suffix in LINES:
            documents: list[Any] = [read_json(line) for line in path.read_bytes().splitlines() if line.strip()]
        elif suffix == ".json":
            found = read_json(path.read_bytes())
            documents = found if isinstance(found, list) else [found]
        else:
            for name, asked in _of_rows(path, schema, book, language):
                yield _rehearsed(name, asked, book)
            continue
        for number, document in enumerate(documents, 1):
            name = path.name if len(documents) == 1 else f"{path.name} {number}"
            yield _rehearsed(name, partial(schema.load, document), book)


def _rehearsed(name: str, read: Reading, book: Book) -> Rehearsed:
    try:
        return priced_then(name, read(), book)
    except REFUSALS as refusal:
        return Rehearsed(name, None, None, _first(refusal))


def _of_rows(path: Path, schema: QuoteIn, book: Book, language: str) -> Iterator[tuple[str, Reading]]:
    """The consignments of a file of rows: a row each, or the rows of one shipment that stand together."""
    from api.batches.consignments import Pricing
    from api.batches.forms import BrokenFile, form_of, opened
    from api.batches.layout import Layout
    from api.batches.results import own_of
    from api.batches.texts import Unfit, text_of, value_of

    form = form_of(path)
    if form is None:
        raise BrokenFile(f"{path.name}: write .json, .ndjson, or a form that galeon price reads")
    pricing = Pricing(book, schema, language)
    with opened(form, path) as table:
        own = own_of(table.schema)
        layout = Layout.of(own.names, {})

        def texts() -> Iterator[tuple[int, str, dict[str, str]]]:
            number = 0
            for batch in table.batches:
                for row in range(batch.num_rows):
                    number += 1
                    found: dict[str, str] = {}
                    for place, flat in layout.names.items():
                        try:
                            if text := text_of(value_of(batch.column(place)[row])):
                                found[flat.name] = text
                        except Unfit as fault:
                            found[flat.name] = fault.text
                    shipment = "" if layout.shipment is None else text_of(value_of(batch.column(layout.shipment)[row]))
                    yield number, shipment or f"#{number}", found

        for _, group in groupby(texts(), key=lambda each: each[1]):
            rows = list(group)
            name = f"{path.name} {rows[0][0]}"
            yield name, partial(pricing.request, [each[2] for each in rows])


def catalogue(schema: QuoteIn, book: Book) -> Iterator[Rehearsed]:
    """A consignment of each of our goods that has one line: a tonne, or as much as it is traded by, for 10,000 yuan CIF."""
    return samples(schema, book, [slug for slug, product in book.records.products.items() if product.hs_code])


def samples(schema: QuoteIn, book: Book, slugs: Iterable[str]) -> Iterator[Rehearsed]:
    """That consignment of each of these goods."""
    for slug in slugs:
        document = {"goods": [{"product": slug, "quantity": QUANTITY, "price": SAMPLE}], "incoterm": "CIF"}
        yield _rehearsed(slug, partial(schema.load, document), book)


def _first(refusal: Exception) -> Unpriceable:
    """The first of what is wrong with a request."""
    if isinstance(refusal, Refused):
        return next(iter(refusal.refusals))
    assert isinstance(refusal, Unpriceable)
    return refusal
