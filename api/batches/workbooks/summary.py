"""The sheet that tells what the rows of a workbook came to, in the reader's language."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pyarrow as pa
from pyarrow import compute as pc

from api.batches.about import About
from api.batches.results import AMOUNTS, OUTCOME, RESULTS
from api.batches.tally import Tally
from api.batches.workbooks.sheet import BEGINS
from api.sentences import SUMMARY
from api.wording import Wording

MOST_PROBLEMS = 20
# Sums of a million amounts have more digits than one amount.
WIDE = pa.decimal256(76, 2)
Line = Sequence[str | int | Decimal]


@dataclass(slots=True)
class Summary:
    """Counts and sums of answers as they go by. Amounts are yuan."""

    about: About
    tally: Tally = field(default_factory=Tally)
    sums: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)

    def counting(self, answers: Iterable["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
        """The same answers, counted and summed."""
        for answer in self.tally.counting(answers):
            ours = dict(zip(RESULTS, answer.columns[-len(RESULTS) :], strict=True))
            for name in AMOUNTS:
                self.sums[name] += pc.sum(ours[name].cast(WIDE)).as_py() or 0
            for each in pc.value_counts(ours[OUTCOME]):
                if (outcome := each["values"].as_py()) is not None:
                    self.outcomes[outcome] += each["counts"].as_py()
            yield answer

    def lines(self, rows: Sequence[int] | None = None) -> list[Line]:
        """What the sheet says, line by line. `rows` has the numbers of the rows in their sheet."""
        wording = Wording.of(self.about.language)
        said = {code: wording.sentence(text) for code, text in SUMMARY.items()}
        found: list[Line] = [
            (BEGINS + said["title"],),
            (),
            (said["rows"], self.tally.rows),
            (said["priced"], self.tally.rows - self.tally.wrong),
            (said["failed"], self.tally.wrong),
            *((said.get(outcome, outcome), count) for outcome, count in sorted(self.outcomes.items())),
            (),
            (said["totals"],),
            *((wording.heading(name), Decimal(self.sums[name])) for name in AMOUNTS),
        ]
        if self.tally.problems:
            found += [(), (said["problems"], said["times"], said["first"])]
            for text, count, first in self.tally.commonest(MOST_PROBLEMS):
                found.append((text, count, rows[first - 1] if rows else first + 1))
        given = ((said[name], getattr(self.about, name)) for name in ("declared_on", "tables", "rates"))
        return [*found, (), *given]
