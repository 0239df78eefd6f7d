"""Record batches in, priced record batches out: the form in which files, the server and a cluster hand rows over.

Rows keep their order and lose nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa

from api.batches.about import About
from api.batches.columnar import Columnar, Told
from api.batches.consignments import Pricing, Texts
from api.batches.faults import FAULT, refusal
from api.batches.layout import SHIPMENT, Layout
from api.batches.results import Result, own_of, schema
from api.batches.shipments import Cutter, Piece, unread
from api.batches.texts import Unfit, text_of, value_of
from calculator.errors import Unpriceable, Unreadable
from tariffs.book import Book
from tariffs.rows_used import RowName


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A piece and what its rows say; `faults` are those of rows that could not be read."""

    piece: Piece
    faults: Mapping[int, Unreadable]
    told: Told


class Run:
    """Batches of one layout, priced one after the other; `schema` is that of the answers.

    Rows that were priced before are priced anew: the results at their end give way to the new ones. `meant` says what a heading
    stands for where the user knows better, "" for nothing. Raises Refused where the columns do not do.
    """

    def __init__(self, pricing: Pricing, own: "pa.Schema", meant: Mapping[str, str] | None = None) -> None:
        self._faulty = FAULT in own.names
        own = own_of(own)
        self.layout = Layout.of(own.names, meant)
        self.schema = About.of(pricing).on(schema(own))
        self._own, self._pricing = own, replace(pricing, called=self.layout.called)
        self._columnar = Columnar(self._pricing, self.layout.names)

    @property
    def book(self) -> Book:
        """The tables that rows are priced with."""
        return self._pricing.book

    def used(self) -> Mapping[date, tuple[RowName, ...]]:
        """The rows of the tables that were used since this was last asked, by the days that rows are declared on."""
        return {} if self._pricing.used is None else self._pricing.used.handed_on()

    def answers(self, batches: Iterable["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
        """The rows of all batches with their results, in their order."""
        return map(self.priced, self.pieces(batches))

    def pieces(self, batches: Iterable["pa.RecordBatch"], number: int | None = None) -> Iterator[Piece]:
        """The rows of all batches in pieces that can be priced by themselves, in any process.

        `number` is the place of the rows' numbers, where these batches have not all rows of a file.
        """
        return Cutter(self.layout.shipment, number).pieces(map(self._selected, batches))

    def priced(self, piece: Piece) -> "pa.RecordBatch":
        """A piece with its results."""
        return self.reckoned(self.read(piece))

    def read(self, piece: Piece) -> Reading:
        """What the rows of a piece say. It is half of the work on plain rows, and may be done in another thread."""
        faults = self._faults(piece.batch)
        columns = {place: piece.batch.column(place) for place in self.layout.names}
        return Reading(piece, faults, self._columnar.told(columns, piece.batch.num_rows, _alone(piece, faults)))

    def reckoned(self, reading: Reading) -> "pa.RecordBatch":
        """The piece that was read, with its results."""
        piece, faults, columns = reading.piece, reading.faults, reading.told.columns
        answers = self._columnar.answers(reading.told)
        left = frozenset(answers.left())
        spans = [(row, row + 1) for row in sorted(left)] if piece.spans is None else piece.spans
        spans = [span for span in spans if span[0] in left]
        results = [each for span in spans for each in self._consignment(columns, *span, span[0] in piece.again, faults)]
        rows = [row for start, stop in spans for row in range(start, stop)]
        own = piece.batch.columns[: len(self._own)]
        return pa.RecordBatch.from_arrays([*own, *answers.beside(rows, results)], schema=self.schema)

    def _selected(self, batch: "pa.RecordBatch") -> "pa.RecordBatch":
        """The columns that come back, and that of the faults behind them."""
        return batch.select([*self._own.names, *([FAULT] if self._faulty else ())])

    def _faults(self, batch: "pa.RecordBatch") -> Mapping[int, Unreadable]:
        """The rows that could not be read, or of which nobody can tell what they belong to."""
        place = self.layout.shipment
        found = {} if place is None else dict(unread(batch.column(place)))
        column = batch.column(len(self._own)) if self._faulty else None
        if column is not None and column.null_count < len(column):
            found |= {row: refusal(text) for row, text in enumerate(column.to_pylist()) if text is not None}
        return found

    def _consignment(
        self, columns: Mapping[int, "pa.Array"], start: int, stop: int, again: bool, faults: Mapping[int, Unreadable]
    ) -> list[Result]:
        if again:
            return [self._pricing.told([Unreadable("shipment_not_adjacent", SHIPMENT.name)])] * (stop - start)
        rows: list[Texts] = []
        unfit: list[list[Unpriceable]] = [[faults[row]] if row in faults else [] for row in range(start, stop)]
        for row in range(start, stop):
            texts: dict[str, str] = {}
            for place, flat in self.layout.names.items():
                try:
                    if text := text_of(value_of(columns[place][row])):
                        texts[flat.name] = text
                except Unfit as fault:
                    unfit[row - start].append(Unreadable(fault.code, flat.name, (), text=fault.text))
            rows.append(texts)
        return self._pricing.rows_told(unfit) if any(unfit) else self._pricing.consignment(rows)


def _alone(piece: Piece, faults: Mapping[int, Unreadable]) -> Sequence[int] | None:
    """The rows that are a consignment of their own and can be read; None for all of them."""
    if piece.spans is None:
        return [row for row in range(piece.batch.num_rows) if row not in faults] if faults else None
    return [
        start for start, stop in piece.spans if stop - start == 1 and start not in piece.again and start not in faults
    ]
