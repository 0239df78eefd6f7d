"""Record batches in, priced record batches out: the form in which files, the server and a cluster hand rows over.

Rows keep their order and lose nothing. A consignment that is open at the end of a batch waits for the next, so that no more than
a batch and a consignment are ever held.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from api.batches.columnar import Columnar
from api.batches.consignments import Pricing, Texts
from api.batches.layout import SHIPMENT, Layout
from api.batches.results import RESULTS, Result, schema
from api.batches.texts import Unfit, text_of
from api.schemas import MOST_LINES
from calculator.errors import Unpriceable, Unreadable

# How many shipments back one is known again that comes a second time, apart from itself.
KNOWN_AGAIN = 100_000


class Run:
    """Batches of one layout, priced one after the other; `schema` is that of the answers.

    Rows that were priced before are priced anew: the results at their end give way to the new ones. `meant` says what a heading
    stands for where the user knows better, "" for nothing. Raises Refused where the columns do not do.
    """

    def __init__(self, pricing: Pricing, own: "pa.Schema", meant: Mapping[str, str] | None = None) -> None:
        if tuple(own.names[-len(RESULTS) :]) == RESULTS:
            own = pa.schema(list(own)[: -len(RESULTS)], metadata=own.metadata)
        self.layout = Layout.of(own.names, meant)
        self.schema = schema(own)
        self._own, self._pricing = own, replace(pricing, called=self.layout.called)
        self._columnar = Columnar(self._pricing, self.layout.names)
        self._open: pa.RecordBatch | None = None
        self._seen: dict[str, None] = {}

    def answers(self, batches: Iterable["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
        """The rows of all batches with their results, in their order."""
        for batch in batches:
            yield from self._ready(batch)
        yield from self._rest()

    def _ready(self, batch: "pa.RecordBatch") -> Iterator["pa.RecordBatch"]:
        """The rows that are ready, those that waited before them."""
        batch = batch.select(self._own.names)
        if self.layout.shipment is None:
            yield from self._answered(batch, None)
            return
        batch = self._joined(batch)
        spans = list(_spans(self._shipments(batch)))
        # What may go on in the next batch waits, unless it is too long already.
        whole = spans if spans and spans[-1][1] - spans[-1][0] > MOST_LINES else spans[:-1]
        ready = whole[-1][1] if whole else 0
        self._open = batch.slice(ready) if ready < batch.num_rows else None
        yield from self._answered(batch.slice(0, ready), whole)

    def _rest(self) -> Iterator["pa.RecordBatch"]:
        """The rows that still wait."""
        batch, self._open = self._open, None
        if batch is not None:
            yield from self._answered(batch, list(_spans(self._shipments(batch))))

    def _joined(self, batch: "pa.RecordBatch") -> "pa.RecordBatch":
        if self._open is None:
            return batch
        (joined,) = pa.Table.from_batches([self._open, batch]).combine_chunks().to_batches()
        return joined

    def _shipments(self, batch: "pa.RecordBatch") -> list[str]:
        return [_said(value) for value in batch.column(self.layout.shipment).to_pylist()]

    def _answered(self, batch: "pa.RecordBatch", spans: Sequence[tuple[int, int]] | None) -> Iterator["pa.RecordBatch"]:
        """A batch with its results. Without `spans` each row is a consignment of its own."""
        if not batch.num_rows:
            return
        columns = {place: batch.column(place) for place in self.layout.names}
        again: frozenset[int] = frozenset()
        if spans is None:
            answers = self._columnar.answers(columns, batch.num_rows)
            spans = [(row, row + 1) for row in answers.left()]
        else:
            names = self._shipments(batch)
            again = frozenset(start for start, _ in spans if self._again(names[start]))
            alone = [start for start, stop in spans if stop - start == 1 and start not in again]
            answers = self._columnar.answers(columns, batch.num_rows, alone)
            left = frozenset(answers.left())
            spans = [span for span in spans if span[0] in left]
        results = [each for span in spans for each in self._consignment(columns, *span, span[0] in again)]
        rows = [row for start, stop in spans for row in range(start, stop)]
        yield pa.RecordBatch.from_arrays([*batch.columns, *answers.beside(rows, results)], schema=self.schema)

    def _consignment(self, columns: Mapping[int, "pa.Array"], start: int, stop: int, again: bool) -> list[Result]:
        if again:
            return [self._pricing.told([Unreadable("shipment_not_adjacent", SHIPMENT.name)])] * (stop - start)
        rows: list[Texts] = []
        unfit: list[list[Unpriceable]] = [[] for _ in range(start, stop)]
        for row in range(start, stop):
            texts: dict[str, str] = {}
            for place, flat in self.layout.names.items():
                try:
                    if text := text_of(columns[place][row].as_py()):
                        texts[flat.name] = text
                except Unfit as fault:
                    unfit[row - start].append(Unreadable(fault.code, flat.name, (), text=fault.text))
            rows.append(texts)
        return self._pricing.rows_told(unfit) if any(unfit) else self._pricing.consignment(rows)

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


def _spans(shipments: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each consignment begins and ends: rows of one shipment together, a row without one by itself."""
    start = 0
    for row in range(1, len(shipments) + 1):
        if row == len(shipments) or not shipments[row] or shipments[row] != shipments[start]:
            yield start, row
            start = row


def _said(value: object) -> str:
    try:
        return text_of(value)
    except Unfit as fault:
        return fault.text
