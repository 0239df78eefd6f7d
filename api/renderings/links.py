"""Which figure of a quote rests on which other: the steps as cells, the figures that come from outside, sums over lines.

All is read from the document. What an input says it comes from is believed only where the amounts agree; an input whose
origin cannot be found so is a figure on its own, and nothing else changes with it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from api.renderings.published import Published, published
from api.renderings.shown import Json, Shown

Place = tuple[str, int | None]
SUMS = ("total_", "running_")
# How far a number that was cut for the eye may be from the one that was not.
CUT = Fraction(1, 10**9)


@dataclass(eq=False)
class Leaf:
    """A figure from outside the steps: a table, the request, the law. `lines` are the goods that rest on it."""

    entry: Json
    figure: Published | None
    labels: list[str] = field(default_factory=list)
    lines: list[int | None] = field(default_factory=list)


@dataclass(eq=False)
class Taken:
    """The result of a step."""

    place: Place
    exact: Fraction


@dataclass(eq=False)
class Sum:
    """A sum over lines, of results or of figures from outside."""

    label: str
    unit: str | None
    members: "tuple[Source, ...]"
    exact: Fraction


Source = Leaf | Taken | Sum


class Links:
    """The cells of a quote: `sources[n]` are those behind the inputs of its n-th step."""

    def __init__(self, quote: Shown) -> None:
        self.steps: list[Json] = list(quote.listed("steps"))
        self.lines = range(len(quote.document["goods"]))
        self.results = {(each["code"], each["goods"]): _result(each) for each in self.steps}
        self._taken: dict[Place, Taken] = {}
        self._leaves: dict[tuple[object, ...], Leaf] = {}
        self._sums: dict[tuple[Source, ...], Sum] = {}
        self._inputs: dict[Place, Json] = {}
        self._running: dict[str, dict[int, Fraction]] = defaultdict(dict)
        for step in self.steps:
            for each in step["inputs"]:
                self._note(step, each)
        self.sources = [[self._source(step, each) for each in step["inputs"]] for step in self.steps]

    @property
    def leaves(self) -> list[Leaf]:
        """The figures from outside, in the order in which they are used."""
        return [*self._leaves.values()]

    @property
    def sums(self) -> list[Sum]:
        """The sums over lines, in the order in which they are used."""
        return [*self._sums.values()]

    def figure(self, name: str, line: int) -> Source | None:
        """What a figure of a line came to: a step of its own, or whatever another step of the line takes it from."""
        place = next((each for each in ((name, line), (name, None)) if each in self.results), None)
        if place is not None:
            return self._result_at(place)
        entry = self._inputs.get((name, line))
        return self._plain(line, entry) if entry is not None else None

    def _note(self, step: Json, entry: Json) -> None:
        line = step["goods"]
        self._inputs.setdefault((entry["code"], 0 if line is None and len(self.lines) == 1 else line), entry)
        value = _exact(entry)
        if entry["code"].startswith("running_") and line is not None and value is not None:
            self._running[entry["code"]][line] = value

    def _source(self, step: Json, entry: Json) -> Source:
        code, line = entry["code"], step["goods"]
        if len(self.lines) > 1 and code.startswith(SUMS):
            return self._summed(line, entry) or self._leaf(line, entry)
        return self._plain(line, entry)

    def _plain(self, line: int | None, entry: Json) -> Source:
        """The step that an input names, of its line, of the consignment or of the only line; else a figure from outside."""
        kind, _, name = entry["from"].partition(":")
        if kind == "step":
            for at in (line, None, 0):
                if _near(self.results.get((name, at)), _exact(entry)):
                    return self._result_at((name, at))
        return self._leaf(line, entry)

    def _summed(self, line: int | None, entry: Json) -> Sum | None:
        """The sum that an input states, if the figures of the lines come to it."""
        code, value = entry["code"], _exact(entry)
        lines = [*self._upto(code, line)]
        for members in self._members(entry, lines):
            if _near(sum((_value(each) for each in members), Fraction(0)), value):
                found = self._sums.get(members)
                if found is None:
                    found = self._sums[members] = Sum(entry["label"], entry["unit"], members, value or Fraction(0))
                return found
        return None

    def _upto(self, code: str, line: int | None) -> Iterator[int]:
        """The lines that are added up: all of them, or those whose running sum is not beyond that of this line."""
        running = self._running.get(code)
        for each in self.lines:
            if running is None or line is None or running.get(each, Fraction(-1)) <= running[line]:
                yield each

    def _members(self, entry: Json, lines: list[int]) -> Iterator[tuple[Source, ...]]:
        """What the sum may be of: the figures of the lines by their own name, or by the name of the step behind the sum."""
        own = entry["code"].removeprefix(SUMS[0]).removeprefix(SUMS[1])
        for name in dict.fromkeys((own, entry["from"].partition(":")[2])):
            found = [self.figure(name, each) for each in lines]
            if all(found):
                # What the whole consignment has once is not added for every line.
                yield tuple(dict.fromkeys(each for each in found if each is not None))

    def _result_at(self, place: Place) -> Taken:
        return self._taken.setdefault(place, Taken(place, self.results[place]))

    def _leaf(self, line: int | None, entry: Json) -> Leaf:
        """One cell for what is the same figure, whichever steps use it."""
        apart = entry["code"] if entry["code"].startswith(SUMS) or entry["from"] == "law" else ""
        key = (entry["from"], entry["value"], entry["unit"], apart)
        found = self._leaves.get(key)
        if found is None:
            found = self._leaves[key] = Leaf(entry, published(entry["value"], entry["unit"]))
        if entry["label"] not in found.labels:
            found.labels.append(entry["label"])
        if line not in found.lines:
            found.lines.append(line)
        return found


def _result(step: Json) -> Fraction:
    found = published(step["amount"]["amount"] if "amount" in step else step["value"], None)
    return found.exact if found is not None else Fraction(0)


def _exact(entry: Json) -> Fraction | None:
    found = published(entry["value"], entry["unit"])
    return found.exact if found is not None else None


def _value(source: Source) -> Fraction:
    if isinstance(source, Leaf):
        return source.figure.exact if source.figure is not None else Fraction(0)
    return source.exact


def _near(found: Fraction | None, stated: Fraction | None) -> bool:
    return found is not None and stated is not None and abs(found - stated) <= CUT
