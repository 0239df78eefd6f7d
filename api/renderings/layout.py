"""Where every figure of a workbook stands, and what it holds: a number, or a formula over other cells.

The formulas are reckoned here as a spreadsheet will, from the figures that it will hold; one that would not come to the
quote's own amount is not written, and the amount stands in its place.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from api.renderings.formulas import LONGEST, Formula, places_for
from api.renderings.links import CUT, Leaf, Links, Source, Sum, Taken
from api.renderings.published import published
from api.renderings.shown import Json, Shown

# The first row of figures on the sheets of steps and of figures from outside, and the column that holds them.
FIRST, VALUE = 5, "C"
# How far binary fractions may be from a figure that was not rounded, as a share of it.
DRIFT = Fraction(1, 10**12)
_PURE_SUM = re.compile(r"i0(?: \+ i[0-9]+)+")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its row (from 0), its formula ("" for a number), and the exact figure of the quote that it shows."""

    row: int
    formula: str
    exact: Fraction


class Layout:
    """The cells of a quote. `steps[n]` is the n-th step, `inputs[n]` its inputs; both stand on the sheet of steps."""

    def __init__(self, quote: Shown, steps_sheet: str, leaves_sheet: str) -> None:
        self.links = Links(quote)
        self.sheets = {"steps": f"'{steps_sheet}'!", "leaves": f"'{leaves_sheet}'!"}
        self.leaf_row = {id(each): FIRST + place for place, each in enumerate(self.links.leaves)}
        rows, row = [], FIRST
        for step in self.links.steps:
            rows.append(row)
            row += 1 + len(step["inputs"])
        self.step_row = {(step["code"], step["goods"]): at for step, at in zip(self.links.steps, rows, strict=True)}
        self.sums_row = row + 1
        self.sum_row = {id(each): self.sums_row + 1 + place for place, each in enumerate(self.links.sums)}
        self._held: dict[int, float] = {
            id(each): float(each.figure.exact) for each in self.links.leaves if each.figure is not None
        }
        self._came_to: dict[tuple[str, int | None], float] = {}
        self.inputs: list[list[Cell]] = []
        self.steps: list[Cell] = []
        for step, at, sources in zip(self.links.steps, rows, self.links.sources, strict=True):
            self.inputs.append([self._input(at + 1 + place, each) for place, each in enumerate(sources)])
            self.steps.append(self._step(step, at, sources))
        self.sums = [Cell(self.sum_row[id(each)], self.added(each.members), each.exact) for each in self.links.sums]

    def place(self, source: Source, sheet: str = "steps") -> str:
        """How a formula on a sheet names the cell of a figure."""
        match source:
            case Leaf():
                home, row = "leaves", self.leaf_row[id(source)]
            case Taken(place=place):
                home, row = "steps", self.step_row[place]
            case Sum():
                home, row = "steps", self.sum_row[id(source)]
        return f"{'' if home == sheet else self.sheets[home]}${VALUE}${row + 1}"

    def added(self, members: "tuple[Source, ...]", sheet: str = "steps") -> str:
        """The sum of some cells."""
        return f"SUM({','.join(self.place(each, sheet) for each in members)})"

    def value(self, source: Source) -> float:
        """What a spreadsheet will hold in a cell."""
        match source:
            case Leaf():
                return self._held.get(id(source), 0.0)
            case Taken(place=place):
                return self._came_to.get(place, float(source.exact))
            case Sum(members=members):
                if id(source) not in self._held:
                    self._held[id(source)] = sum(self.value(each) for each in members)
                return self._held[id(source)]

    def _input(self, row: int, source: Source) -> Cell:
        exact = (
            source.exact if isinstance(source, Taken | Sum) else source.figure.exact if source.figure else Fraction(0)
        )
        return Cell(row, self.place(source), exact)

    def _step(self, step: Json, row: int, sources: list[Source]) -> Cell:
        """A step as a formula over its inputs, which stand under it; as its amount where no formula would come to it."""
        text = step["amount"]["amount"] if "amount" in step else step["value"]
        found = published(text, None)
        exact = found.exact if found is not None else Fraction(0)
        place = (step["code"], step["goods"])
        expression = step.get("expression")
        self._came_to[place] = float(exact)
        if not expression or not sources:
            return Cell(row, "", exact)
        if _PURE_SUM.fullmatch(expression) and expression.count("i") == len(sources):
            self._came_to[place] = sum(self.value(each) for each in sources)
            return Cell(row, f"SUM({VALUE}{row + 2}:{VALUE}{row + 1 + len(sources)})", exact)
        formula = Formula(expression)
        values, cells = [self.value(each) for each in sources], [f"{VALUE}{row + 2 + at}" for at in range(len(sources))]
        for places in places_for(exact, expression):
            try:
                came_to = formula.value(values, places)
            except ArithmeticError:
                break
            written = formula.text(cells, places)
            if _same(came_to, exact, step) and len(written) <= LONGEST:
                self._came_to[place] = came_to
                return Cell(row, written, exact)
        return Cell(row, "", exact)


def _same(came_to: float, exact: Fraction, step: Json) -> bool:
    """Whether a spreadsheet comes to the same: to the nearest binary fraction, or nearly where nothing is rounded."""
    if step["expression"].startswith(("round(", "floor(", "ceil(", "running_share(")):
        return came_to == float(exact)
    drift = CUT if step.get("unrounded") else DRIFT
    return abs(Fraction(came_to) - exact) <= max(abs(exact), Fraction(1)) * drift
