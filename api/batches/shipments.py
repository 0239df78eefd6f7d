"""Batches of rows cut into pieces of whole consignments, so that each piece can be priced by itself, anywhere.

A consignment that is open at the end of a batch waits for the next, so that no more than a batch and a consignment are ever held.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from api.batches.figures import is_text
from api.batches.layout import SHIPMENT
from api.batches.texts import Unfit, text_of, values_of
from api.schemas import MOST_LINES
from calculator.errors import Unreadable

# How many shipments back one is known again that comes a second time, apart from itself.
KNOWN_AGAIN = 100_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of whole consignments: where each begins and ends, and which begin that came before; no `spans`: each row is one."""

    batch: "pa.RecordBatch"
    spans: Sequence[tuple[int, int]] | None = None
    again: frozenset[int] = frozenset()


class Cutter:
    """Cuts the batches of one file; `place` is that of the column that says which rows are one consignment.

    `number` is the place of the rows' numbers, where the rows between two of them may be elsewhere.
    """

    def __init__(self, place: int | None, number: int | None = None) -> None:
        self._place = place
        self._number = number
        self._open: pa.RecordBatch | None = None
        self._seen: dict[str, None] = {}

    def pieces(self, batches: Iterable["pa.RecordBatch"]) -> Iterator[Piece]:
        """All rows, in their order."""
        for batch in batches:
            piece = Piece(batch) if self._place is None else self._ready(batch)
            if piece.batch.num_rows:
                yield piece
        if self._open is not None:
            batch, self._open = self._open, None
            yield self._known(batch, self._spans(batch))

    def _ready(self, batch: "pa.RecordBatch") -> Piece:
        """The rows that are ready, those that waited before them."""
        if self._open is not None:
            (batch,) = pa.Table.from_batches([self._open, batch]).combine_chunks().to_batches()
        spans = self._spans(batch)
        # What may go on in the next batch waits, unless it is too long already.
        whole = spans if spans and spans[-1][1] - spans[-1][0] > MOST_LINES else spans[:-1]
        ready = whole[-1][1] if whole else 0
        self._open = batch.slice(ready) if ready < batch.num_rows else None
        return self._known(batch.slice(0, ready), whole)

    def _known(self, batch: "pa.RecordBatch", spans: Sequence[tuple[int, int]]) -> Piece:
        names = self._shipments(batch)
        return Piece(batch, spans, frozenset(start for start, _ in spans if self._again(names[start])))

    def _spans(self, batch: "pa.RecordBatch") -> list[tuple[int, int]]:
        numbers = range(batch.num_rows) if self._number is None else batch.column(self._number).to_pylist()
        return list(_spans(self._shipments(batch), numbers))

    def _shipments(self, batch: "pa.RecordBatch") -> list[str]:
        return [said(value) for value in values_of(batch.column(self._place))]

    def _again(self, shipment: str) -> bool:
        """Whether a shipment came before and others since: its rows do not stand together."""
        if not shipment:
            return False
        if shipment in self._seen:
            return True
        if len(self._seen) >= KNOWN_AGAIN:
            del self._seen[next(iter(self._seen))]
        self._seen[shipment] = None
        return False


def _spans(shipments: Sequence[str], numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where each consignment begins and ends: rows of one shipment together, a row without one by itself."""
    start = 0
    for row in range(1, len(shipments) + 1):
        if (
            row == len(shipments)
            or not shipments[row]
            or shipments[row] != shipments[start]
            or numbers[row] != numbers[row - 1] + 1
        ):
            yield start, row
            start = row


def said(value: object) -> str:
    """The name of a shipment, "" for none; a row whose name is no text stands alone, with the problem that `unread` tells."""
    try:
        return text_of(value)
    except Unfit:
        return ""


def unread(column: "pa.Array") -> Iterator[tuple[int, Unreadable]]:
    """The rows in which the name of a shipment is no text, and the problem of each: which rows are one, it does not tell."""
    if is_text(column) or pa.types.is_integer(column.type):
        return
    for row, value in enumerate(values_of(column)):
        try:
            text_of(value)
        except Unfit as fault:
            yield row, Unreadable(fault.code, SHIPMENT.name, (), text=fault.text)
