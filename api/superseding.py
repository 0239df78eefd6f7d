"""What a correction of one row does to kept quotes and jobs: which of them used the row, and what each would be now.

A quote is priced anew with the corrected tables at the exchange rates that it was made with, so that the difference is that
of the row alone. A job is found by the rows that it kept, like a quote, and told as its result priced twice, with the tables
before and after. A quote whose rows nobody kept is reckoned from its own dossier; where that is not to be had, or its rows are
not those of these tables any more, it is told apart, and so is a job of which none were kept.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sql
from sqlalchemy.engine import Engine

from api import day_in_china
from api.again import reckoned_again
from api.dossier_json import read_dossier
from api.fields import Known
from api.jobs import DONE, JOB_ROWS, JOBS, OPEN, RESULT, Job, Jobs
from api.reading import Refused
from api.schemas import QuoteIn
from api.settings import Settings
from api.store import QUOTES, ROWS_USED, KeptQuote, RowSet, Store, quote_row
from calculator.errors import Unpriceable
from calculator.quote import Quote, quote_of
from calculator.request import QuoteRequest
from tariffs.book import Book
from tariffs.corrected_rows import corrected_rows
from tariffs.correcting import Corrected
from tariffs.rows_used import RowName, RowNames, digest_of

LANDED, TAXES = "landed_cost_cny", "taxes_cny"
NOT_KEPT, NOT_THESE, STILL_WORKED = "rows_not_kept", "rows_of_other_tables", "still_worked"
# The name of the set of none.
NO_ROWS = RowSet.of(()).hash
SUMMED = {"landed_cost": LANDED, "taxes": TAXES}
Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Affected:
    """A quote or a job that used the row: its figures in yuan as they were and as they would be, None where there are none.

    `refusal` is the code of what keeps it from being priced now; `rows` how many rows of a job differ.
    """

    kind: str
    id: str
    owner: str
    declared_on: date | None
    before: Mapping[str, Decimal]
    after: Mapping[str, Decimal] | None
    refusal: str = ""
    rows: int | None = None

    @property
    def difference(self) -> Decimal | None:
        """By how much the landed cost is more now."""
        return None if self.after is None else self.after[LANDED] - self.before[LANDED]


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A quote or a job of which nobody can say whether it used the row, and why."""

    kind: str
    id: str
    owner: str
    because: str


@dataclass(frozen=True, slots=True)
class Superseded:
    """All that a correction touches."""

    affected: tuple[Affected, ...]
    not_known: tuple[NotKnown, ...]


def superseded(
    engine: Engine, made: Corrected, before: Book, after: Book, settings: Settings, told: Told = lambda _: None
) -> Superseded:
    """Every kept quote and job that used the wrong row; `before` and `after` are the tables without and with the correction."""
    store, names = Store(engine), RowNames(before.records)
    affected: list[Affected] = []
    unknown: list[NotKnown] = []
    for kept in _candidates(engine, made, before):
        told(1)
        if kept.rows_used is None:
            used = _used(kept, store, before, names)
            if used is None:
                because = NOT_KEPT if kept.dossier is None else NOT_THESE
                unknown.append(NotKnown("quote", kept.id, kept.owner, because))
                continue
            if made.name not in used:
                continue
        affected.append(_priced_anew(kept, store, after))
    jobs, open_jobs = _jobs(engine, made, before, after, settings)
    return Superseded((*affected, *jobs), (*unknown, *open_jobs))


def _candidates(engine: Engine, made: Corrected, before: Book) -> Iterator[KeptQuote]:
    """The quotes that used the row, and those whose rows were not kept; in the order in which they were made."""
    since = [] if made.since is None else [QUOTES.c.declared_on >= made.since]
    used = _using(made, before, QUOTES)
    # A quote of which nothing but its place is left is nobody's any more.
    there = sql.func.length(QUOTES.c.quote) > 0
    # A set that a deletion took away while a quote took it up is as good as none.
    lost = _lost(QUOTES)
    asked = sql.select(QUOTES.c.id, lost.label("lost")).where(there, sql.or_(used, sql.and_(lost, *since)))
    with engine.connect() as connection:
        found = connection.execute(asked.order_by(QUOTES.c.created_at, QUOTES.c.id)).all()
    for row in found:
        with engine.connect() as connection:
            kept = quote_row(connection, row.id)
        if kept is not None:
            yield replace(kept, rows_used=None) if row.lost else kept


def _shortened(former: Mapping[str, str], wrong: Mapping[str, str], heir: Mapping[str, str]) -> bool:
    """Whether a row is one that a correction closed early."""
    apart = {name for name in wrong if wrong[name] != former.get(name)}
    return apart == {"valid_to"} and wrong["valid_to"] < heir["valid_to"]


def _using(made: Corrected, before: Book, table: sql.Table) -> sql.ColumnElement[bool]:
    """The condition for what used the row; `table` names sets of rows, each with the day that is declared on."""
    since = [] if made.since is None else [table.c.declared_on >= made.since]
    used = [sql.and_(_has(table, made.name), *since)]
    # A row that a former correction closed early was longer when earlier quotes used it.
    for former in corrected_rows(before.records):
        heir = {**former.wrong, "valid_to": f"{former.row_from}"}
        if former.part == made.name.part and _shortened(former.wrong, made.row.wrong, heir):
            longer = RowName(former.part, former.key, digest_of(tuple(former.wrong.values())))
            used.append(sql.and_(_has(table, longer), table.c.declared_on < former.row_from, *since))
    return sql.or_(*used)


def _has(table: sql.Table, name: RowName) -> sql.ColumnElement[bool]:
    sets = sql.select(ROWS_USED.c.hash).where(ROWS_USED.c.digest == name.digest, ROWS_USED.c.part == name.part)
    return table.c.rows_used.in_(sets)


def _lost(table: sql.Table) -> sql.ColumnElement[bool]:
    return ~sql.exists().where(ROWS_USED.c.hash == table.c.rows_used)


def _used(kept: KeptQuote, store: Store, book: Book, names: RowNames) -> tuple[RowName, ...] | None:
    """The rows that a quote used whose rows were not kept, None where they cannot be told any more."""
    again = reckoned_again(kept, kept.language, store, book.fx.currencies)
    if again is None:
        return None
    try:
        now = _with_rates_of(book.dossier(again.request), kept, store)
        fresh = quote_of(again.request, now)
    except Unpriceable:
        return None
    old = again.dossier
    same = (now.lines, now.parameters, now.route, now.rails) == (old.lines, dict(old.parameters), old.route, old.rails)
    return names.of(fresh) if same else None


def asked_by(kept: KeptQuote, currencies: frozenset[str]) -> QuoteRequest:
    """The request of a kept quote, as it was read when it was made. Raises Refused."""
    known = Known(currencies, kept.release, lambda: day_in_china(kept.created_at))
    return replace(QuoteIn(known).load(kept.request), language=kept.language)


def _priced_anew(kept: KeptQuote, store: Store, book: Book) -> Affected:
    taxes = json.loads(kept.quote)["totals"]["taxes"]["amount"]
    before = {LANDED: kept.landed_cost_cny, TAXES: Decimal(taxes)}
    after: Mapping[str, Decimal] | None = None
    refusal = ""
    try:
        asked = asked_by(kept, book.fx.currencies)
        quote = quote_of(asked, _with_rates_of(book.dossier(asked), kept, store))
        after = _figures(quote)
    except Unpriceable as error:
        refusal = error.code
    except Refused as refused:
        refusal = refused.refusals[0].code
    return Affected("quote", kept.id, kept.owner, kept.declared_on, before, after, refusal)


def _figures(quote: Quote) -> Mapping[str, Decimal]:
    return {LANDED: quote.totals["landed_cost"], TAXES: quote.totals["taxes"]}


def _with_rates_of(dossier: Any, kept: KeptQuote, store: Store) -> Any:
    """A dossier at the exchange rates that a quote was made with, where these were kept."""
    written = None if kept.dossier is None else store.dossier(kept.dossier)
    if written is None:
        return dossier
    old = read_dossier(written.document, written.sources)
    customs = {**dossier.customs_rates, **old.customs_rates}
    market = {**dossier.market_rates, **old.market_rates}
    return replace(dossier, customs_rates=customs, market_rates=market)


def _jobs(
    engine: Engine, made: Corrected, before: Book, after: Book, settings: Settings
) -> tuple[list[Affected], list[NotKnown]]:
    """The jobs of which a row used the wrong row, and those that are still worked off or of which no rows were kept."""
    jobs = Jobs(engine)
    of_job = JOB_ROWS.c.job == JOBS.c.id
    since = [] if made.since is None else [JOB_ROWS.c.declared_on >= made.since]
    used = sql.exists().where(of_job, _using(made, before, JOB_ROWS))
    lost = sql.exists().where(of_job, JOB_ROWS.c.rows_used != NO_ROWS, _lost(JOB_ROWS), *since)
    # One of the time before they were kept.
    unnoted = sql.and_(JOBS.c.done > JOBS.c.failed, ~sql.exists().where(of_job))
    states = used.label("used"), sql.or_(lost, unnoted).label("lost")
    asked = sql.select(JOBS.c.id, JOBS.c.owner, JOBS.c.status, *states).order_by(JOBS.c.created_at, JOBS.c.id)
    with engine.connect() as connection:
        found = connection.execute(asked.where(JOBS.c.status.in_((*OPEN, DONE)))).all()
    affected, unknown = [], []
    for row in found:
        if row.status in OPEN:
            unknown.append(NotKnown("job", row.id, row.owner, STILL_WORKED))
        elif row.used:
            if (job := jobs.of_id(row.id)) is not None:
                affected.append(_job(jobs, job, before, after, settings))
        elif row.lost:
            unknown.append(NotKnown("job", row.id, row.owner, NOT_KEPT))
    return affected, unknown


def _job(jobs: Jobs, job: Job, before: Book, after: Book, settings: Settings) -> Affected:
    """The rows of a job priced with both tables."""
    from api.batches.forms import forms, opened
    from api.batches.making import Maker
    from api.batches.results import RESULTS

    with TemporaryDirectory(prefix="galeon-job-") as folder:
        result = Path(folder) / "result"
        with result.open("wb") as file:
            file.writelines(jobs.pieces(job, RESULT))
        with opened(forms()[job.form], result) as table:
            maker = Maker(table.schema, job.asked.columns, job.asked.language, job.day)
            runs = [maker.over(book, settings, table.schema) for book in (before, after)]
            rows, sums = 0, ({LANDED: Decimal(0), TAXES: Decimal(0)}, {LANDED: Decimal(0), TAXES: Decimal(0)})
            for piece in runs[0].pieces(table.batches):
                old, new = (run.priced(piece) for run in runs)
                own = len(old.columns) - len(RESULTS)
                told = [
                    list(zip(*(each.to_pylist() for each in batch.columns[own:]), strict=True)) for batch in (old, new)
                ]
                rows += sum(one != other for one, other in zip(*told, strict=True))
                for batch, total in zip((old, new), sums, strict=True):
                    _add(batch, own, total)
    return Affected("job", job.id, job.owner, None, *sums, rows=rows)


def _add(batch: Any, own: int, total: dict[str, Decimal]) -> None:
    """Add the figures of the rows that could be priced."""
    from api.batches.results import RESULTS

    for name, column in zip(RESULTS, batch.columns[own:], strict=True):
        if name in SUMMED:
            total[SUMMED[name]] += sum((each for each in column.to_pylist() if each is not None), Decimal(0))
