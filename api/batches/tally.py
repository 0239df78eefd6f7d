"""What came of the rows of a run: how many there were, how many have a problem, and which problems are the commonest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa
from pyarrow import compute as pc

# So many problems are told apart; of a file in which each row has one of its own the first ones are counted.
MOST_PROBLEMS = 1000


@dataclass(slots=True)
class Tally:
    """Counts of rows. `problems` has for each text how often it came and the number of its first row, from 1."""

    rows: int = 0
    wrong: int = 0
    problems: dict[str, tuple[int, int]] = field(default_factory=dict)

    def counting(self, answers: Iterable["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
        """The same answers, counted."""
        for answer in answers:
            self.add(answer)
            yield answer

    def add(self, answer: "pa.RecordBatch") -> None:
        """Count the rows of an answer."""
        errors = answer.column(answer.num_columns - 1)
        self.wrong += len(errors) - errors.null_count
        if errors.null_count < len(errors):
            self._note(errors)
        self.rows += answer.num_rows

    def commonest(self, most: int) -> list[tuple[str, int, int]]:
        """The commonest problems, each with how often it came and its first row."""
        ordered = sorted(self.problems.items(), key=lambda each: (-each[1][0], each[1][1]))
        return [(text, *counted) for text, counted in ordered[:most]]

    def _note(self, errors: "pa.Array") -> None:
        for each in pc.value_counts(errors):
            text, count = each["values"].as_py(), each["counts"].as_py()
            if text is None or (text not in self.problems and len(self.problems) >= MOST_PROBLEMS):
                continue
            before, first = self.problems.get(text, (0, self.rows + pc.index(errors, text).as_py() + 1))
            self.problems[text] = before + count, first
