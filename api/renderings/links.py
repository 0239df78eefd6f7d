"""Which figure of a quote rests on which other: the steps as cells, the figures that come from outside, sums over lines.

All is read from the document. What an input says it comes from is believed only where the amounts agree; an input whose
origin cannot be found so is a figure on its own, and nothing else changes with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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
        self._origins: dict[str, list[Leaf]] = defaultdict(list)
        self._sums: dict[tuple[Source, ...], Sum] = {}
        self._inputs: dict[Place, Json] = {}
        self._figures: dict[tuple[str, int], Source | None] = {}
        self._asked: dict[tuple[str, str, str, int | None], Sum | None] = {}
        self._running: dict[str, dict[int, Fraction]] = defaultdict(dict)
        self._before: dict[str, dict[int, int | None]] = {}
        for step in self.steps:
            for each in step["inputs"]:
                self._note(step, each)
        self.sources = [[self._source(step, each) for each in step["inputs"]] for step in self.steps]

    @property
    def leaves(self) -> list[Leaf]:
        """The figures from outside, in the order in which they are used."""
        return [*self._leaves.values()]

    def taken_from(self, origin: str) -> list[Leaf]:
        """The figures that come from one place."""
        return self._origins[origin]

    @property
    def sums(self) -> list[Sum]:
        """The sums over lines, in the order in which they are used."""
        return [*self._sums.values()]

    def figure(self, name: str, line: int) -> Source | None:
        """What a figure of a line came to: a step of its own, or whatever another step of the line takes it from."""
        asked = (name, line)
        if asked not in self._figures:
            self._figures[asked] = self._found(name, line)
        return self._figures[asked]

    def _found(self, name: str, line: int) -> Source | None:
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
        line = step["goods"]
        if len(self.lines) > 1 and (entry["code"].startswith(SUMS) or entry["from"].startswith("step:total_")):
            return self._summed(line, entry) or self._leaf(line, entry)
        return self._plain(line, entry)

    def _plain(self, line: int | None, entry: Json) -> Source:
        """The step that an input names, of its line, of the consignment or of the only line; else a figure from outside."""
        if entry["from"].startswith("step:"):
            name = _behind(entry)
            for at in (line, None, 0):
                if _near(self.results.get((name, at)), _exact(entry)):
                    return self._result_at((name, at))
        return self._leaf(line, entry)

    def _summed(self, line: int | None, entry: Json) -> Sum | None:
        """The sum that an input states, if the figures of the lines come to it."""
        code = entry["code"]
        running = line is not None and code.startswith("running_")
        asked = (code, entry["from"], entry["value"], line if running else None)
        if asked not in self._asked:
            members = self._upto(entry, line) if running and line is not None else self._members(entry, self.lines)
            self._asked[asked] = self._sum(entry, members)
        return self._asked[asked]

    def _sum(self, entry: Json, offered: Iterable[tuple[Source, ...]]) -> Sum | None:
        """The sum of the first of some members that come to what is stated."""
        stated = _exact(entry)
        for members in offered:
            if stated is not None and _near(sum((_value(each) for each in members), Fraction(0)), stated):
                return self._sums.setdefault(members, Sum(entry["label"], entry["unit"], members, stated))
        return None

    def _upto(self, entry: Json, line: int) -> Iterator[tuple[Source, ...]]:
        """What a running sum is of: the running sum of the line before, in their order, and the line itself."""
        earlier = self._earlier(entry["code"])[line]
        before: Sum | None = None
        if earlier is not None:
            before = self._summed(earlier, self._inputs[entry["code"], earlier])
        if earlier is None or before is not None:
            for members in self._members(entry, (line,)):
                yield (before, *members) if before is not None else members

    def _earlier(self, code: str) -> dict[int, int | None]:
        """The line before each, in the order of their running sums; None before the first."""
        if code not in self._before:
            running = self._running[code]
            order = sorted(running, key=lambda each: (running[each], each))
            self._before[code] = dict(zip(order, [None, *order], strict=False))
        return self._before[code]

    def _members(self, entry: Json, lines: Sequence[int]) -> Iterator[tuple[Source, ...]]:
        """What a sum may be of: the figures of the lines by their own name, or by the name of the step behind the sum."""
        own = entry["code"].removeprefix(SUMS[0]).removeprefix(SUMS[1])
        for name in dict.fromkeys((own, _behind(entry))):
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
            self._origins[entry["from"]].append(found)
        if entry["label"] not in found.labels:
            found.labels.append(entry["label"])
        if line not in found.lines:
            found.lines.append(line)
        return found


def _behind(entry: Json) -> str:
    """The step that an input comes from; of a sum, the step that is summed up."""
    name: str = entry["from"].partition(":")[2]
    return name.removeprefix(SUMS[0])


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
