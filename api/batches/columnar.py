"""Rows priced together: what is chosen for a kind of row is chosen once, and their figures are reckoned as columns.

What comes out is what each row would come to by itself, to the last digit and word. A row of which that is not certain is left
out, for the reading that takes one at a time.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
from pyarrow import compute as pc

from api.batches.consignments import REFUSALS, Pricing
from api.batches.encoded import SHOWN, UNREAD, Encoded, Kind, encoded
from api.batches.results import AMOUNTS, ERROR, OUTCOME, PER_UNIT, REGIME, RESULTS, TYPES, Result, arrays
from api.cells import unit_told
from api.flat_names import FlatName
from calculator.alike import blanks_in, without_measures
from calculator.bulk import Sums, sums_of, together
from calculator.bulk_spread import opened
from calculator.choices import Choice
from calculator.columns import Digits, Mask
from calculator.errors import Unpriceable
from calculator.incoterms import Incoterm
from calculator.request import QuoteRequest
from calculator.together import Many
from calculator.way import BEST

# The decimals of a figure that stands for every other while a kind is read; a problem that tells them is not the kind's alone.
PROBED = ".031415926"
CODE, PLAIN_CODE = "hs_code", re.compile("[0-9]{8}")
# So many kinds are remembered; a file of more is one in which hardly two rows are alike.
MOST_KINDS = 20_000
STATUSES = ("complete", "estimated")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a kind: its choice, or the problem of all its rows; neither where each must be looked at.

    `by_quantity`: it would be known if the quantities were part of the kind.
    """

    choice: Choice | None = None
    problem: str | None = None
    by_quantity: bool = False


EACH = Known()


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The columns of results of a batch, and in which rows they are known."""

    columns: Sequence["pa.Array"]
    known: Mask

    def left(self) -> list[int]:
        """The rows in which they are not."""
        return np.flatnonzero(~self.known).tolist()

    def beside(self, rows: Sequence[int], results: Sequence[Result]) -> Sequence["pa.Array"]:
        """The columns with what these rows came to by themselves."""
        if not rows:
            return self.columns
        places = np.arange(len(self.known))
        places[rows] = len(places) + np.arange(len(rows))
        both = zip(self.columns, arrays(results), strict=True)
        return [pa.concat_arrays(each).take(pa.array(places)) for each in both]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What some `rows` of a batch of `count` say, by their kinds; None where there are none."""

    columns: Mapping[int, "pa.Array"]
    count: int
    rows: Digits
    encoded: Encoded | None


class Columnar:
    """Prices one batch of rows after the other, each row a consignment of its own."""

    def __init__(self, pricing: Pricing, names: Mapping[int, FlatName]) -> None:
        self._pricing = pricing
        self._names = names
        self._code = next((at for at, flat in enumerate(names.values()) if flat.name == CODE), None)
        self._kinds: dict[tuple[date, bool, Kind], Known] = {}
        self._blanks: dict[tuple[date, Kind], QuoteRequest | None] = {}
        self._walks = together(unit_told)

    def told(self, columns: Mapping[int, "pa.Array"], count: int, alone: Sequence[int] | None = None) -> Told:
        """What rows say, all of a batch or those that are `alone`. Any thread may ask for it.

        `columns` are those of the known names, by their places, with `count` rows.
        """
        rows = np.arange(count) if alone is None else np.array(alone, np.int64)
        some = columns if len(rows) == count else _taken(columns, rows)
        return Told(columns, count, rows, encoded(some, self._names, measures=True) if len(rows) else None)

    def answers(self, told: Told) -> Answers:
        """What rows come to, as far as that can be told of them together."""
        made, left = _Made(told.count), told.rows
        if told.encoded is not None:
            left = self._priced(told.encoded, left, True, made)
        if len(left):
            self._priced(encoded(_taken(told.columns, left), self._names, measures=False), left, False, made)
        return Answers(made.columns(), made.known)

    def _priced(self, found: Encoded, rows: Digits, measures: bool, made: "_Made") -> Digits:
        """Price rows; those are left over whose kinds have to be told by their quantities too."""
        known = [*(self.known(kind, measures) for kind in found.kinds), EACH]
        made.refuse(rows, found.which, [each.problem for each in known])
        some, many = chosen(found, known)
        if len(some):
            sums = sums_of(many, self._walks, AMOUNTS)
            shown = opened(many, sums, self._walks)
            made.put(rows[some], sums, many)
            if self._pricing.used is not None:
                self._pricing.used.by_many(many, sums, shown)
        return rows[np.array([each.by_quantity for each in known], np.bool_)[found.which]]

    def known(self, kind: Kind, measures: bool) -> Known:
        """What is known of a kind on this day."""
        key = self._pricing.schema.known.today(), measures, kind
        known = self._kinds.get(key)
        if known is None:
            if len(self._kinds) >= MOST_KINDS:
                self._kinds.clear()
                self._blanks.clear()
                self._walks = together(unit_told)
            known = self._kinds[key] = self._learnt(kind, measures)
        return known

    def _learnt(self, kind: Kind, measures: bool) -> Known:
        try:
            blank = self._blank(kind)
            choice = None if blank is None else self._pricing.book.choice_for_all(blank)
        except REFUSALS as refusal:
            return self._refused(refusal)
        if blank is None:
            return EACH
        return Known(choice) if choice is not None else Known(by_quantity=measures)

    def _blank(self, kind: Kind) -> QuoteRequest | None:
        """The request of a kind without its measures; kinds that differ in their code alone are read once."""
        code = "" if self._code is None else kind[self._code]
        if self._code is None or not PLAIN_CODE.fullmatch(code):
            return self._without_measures(kind)
        key = self._pricing.schema.known.today(), (*kind[: self._code], *kind[self._code + 1 :])
        if key not in self._blanks:
            self._blanks[key] = self._without_measures(kind)
        blank = self._blanks[key]
        if blank is None:
            return None
        return replace(blank, goods=tuple(replace(line, hs_code=code) for line in blank.goods))

    def _without_measures(self, kind: Kind) -> QuoteRequest | None:
        """None where a row has to be looked at by itself. Raises one of REFUSALS."""
        said = {flat.name: _probe(at, value) for (at, flat), value in zip(self._names.items(), kind, strict=True)}
        request = self._pricing.request([{name: text for name, text in said.items() if text}])
        if request.regime == BEST or request.incoterm is Incoterm.DDP:
            return None
        found: list[int] = []
        blank = without_measures(request, lambda figure: _place(figure, found))
        return blank if sorted(found) == self._figures(kind) else None

    def _figures(self, kind: Kind) -> list[int]:
        """The places of the columns that have a figure in the rows of a kind."""
        return [
            place
            for (place, flat), value in zip(self._names.items(), kind, strict=True)
            if value.startswith(SHOWN) and flat.name != UNREAD
        ]

    def _refused(self, refusal: Exception) -> Known:
        """The problem of a kind, where it speaks of no figure."""
        if isinstance(refusal, Unpriceable) and blanks_in(refusal.facts):
            return EACH
        problem = f"{self._pricing.refused(refusal, 1)[0][ERROR]}"
        return EACH if PROBED in problem else Known(problem=problem)


def chosen(found: Encoded, known: Sequence[Known]) -> tuple[Digits, Many]:
    """The rows of whose kinds a choice is known, and they as columns."""
    numbers = np.cumsum([each.choice is not None for each in known]) - 1
    some = np.flatnonzero(np.array([each.choice is not None for each in known], np.bool_)[found.which])
    choices = [each.choice for each in known if each.choice is not None]
    figures = {place: column.taken(some) for place, column in found.figures.items()}
    return some, Many(choices, numbers[found.which[some]], figures)


def _taken(columns: Mapping[int, "pa.Array"], rows: Digits) -> Mapping[int, "pa.Array"]:
    return {place: column.take(pa.array(rows)) for place, column in columns.items()}


def _probe(place: int, value: str) -> str:
    """What is read in place of the text of a row."""
    return f"{place + 1}{PROBED} {value[len(SHOWN) :]}".strip() if value.startswith(SHOWN) else value


def _place(figure: Decimal, found: list[int]) -> int | None:
    """The place of the column that a figure was probed for, which is noted as found; None for what stands in the kind."""
    whole, sign, _ = f"{figure}".partition(PROBED)
    if not sign:
        return None
    found.append(int(whole) - 1)
    return found[-1]


class _Made:
    """The results of some rows on their way into columns."""

    def __init__(self, rows: int) -> None:
        self.known: Mask = np.zeros(rows, np.bool_)
        self._priced: Mask = np.zeros(rows, np.bool_)
        self._amounts = {name: np.zeros(rows, np.int64) for name in AMOUNTS}
        self._per_unit = np.zeros(rows, np.int64)
        self._counted: Mask = np.zeros(rows, np.bool_)
        self._texts = {name: _Texts(rows) for name in (REGIME, OUTCOME, ERROR)}

    def put(self, rows: Digits, sums: Sums, many: Many) -> None:
        """Have the sums of these rows, as far as they are sound."""
        sound, rows = sums.sound, rows[sums.sound]
        for name, figures in self._amounts.items():
            figures[rows] = sums.lines[0][name][sound]
        self._per_unit[rows] = sums.per_unit[0][sound]
        self._counted[rows] = sums.counted[0][sound]
        self._texts[REGIME].put(rows, many.which[sound], [choice.plan.regime for choice in many.choices])
        self._texts[OUTCOME].put(rows, sums.estimated[sound].astype(np.int64), STATUSES)
        self._priced[rows] = self.known[rows] = True

    def refuse(self, rows: Digits, which: Digits, problems: Sequence[str | None]) -> None:
        """Have the problems of the rows whose kinds have one."""
        refused = np.array([problem is not None for problem in problems], np.bool_)[which]
        self._texts[ERROR].put(rows[refused], which[refused], [problem or "" for problem in problems])
        self.known[rows[refused]] = True

    def columns(self) -> list["pa.Array"]:
        """The columns of the results."""
        found = {name: _decimals(figures, self._priced, TYPES[name]) for name, figures in self._amounts.items()}
        found[PER_UNIT] = _decimals(self._per_unit, self._priced & self._counted, TYPES[PER_UNIT])
        found |= {name: texts.column() for name, texts in self._texts.items()}
        return [found[name] for name in RESULTS]


class _Texts:
    """A column of few texts."""

    def __init__(self, rows: int) -> None:
        self._numbers = np.full(rows, -1, np.int64)
        self._texts: dict[str, int] = {}

    def put(self, rows: Digits, which: Digits, texts: Sequence[str]) -> None:
        """Have one of some texts in each of these rows."""
        numbers = np.array([self._texts.setdefault(text, len(self._texts)) for text in texts], np.int64)
        self._numbers[rows] = numbers[which]

    def column(self) -> "pa.Array":
        indices = pa.array(self._numbers, mask=self._numbers < 0)
        return pc.take(pa.array([*self._texts], pa.string()), indices)


def _decimals(digits: Digits, there: Mask, kind: "pa.DataType") -> "pa.Array":
    """Digits as decimals of two machine words, in the rows in which there are any."""
    words = np.empty((len(digits), 2), np.int64)
    words[:, 0], words[:, 1] = digits, digits >> 63
    valid = None if there.all() else pa.py_buffer(np.packbits(there, bitorder="little"))
    return pa.Array.from_buffers(kind, len(digits), [valid, pa.py_buffer(words)])
