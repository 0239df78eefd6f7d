"""What many requests have in common that are priced together: nothing that they share is taken apart or chosen twice.

Requests that differ in a place or two hold the same values everywhere else, the very same objects. So a function that takes whole
requests and dossiers is remembered by the fields that it read: where another request has the same in all of them, it comes to the
same. What it reads after one answer depends on that answer alone, so that the readings of a function make a tree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from operator import attrgetter
from types import MappingProxyType
from typing import Any, TypeVar

from calculator.alike import ATOMS, Apart, blanked, blanks_in, fields_of, parted, without_amounts, without_figures
from calculator.desk import Desk, Picks
from calculator.dossier import Dossier, LineDossier
from calculator.errors import Unpriceable
from calculator.incoterms import Incoterm
from calculator.logistics import Charge, RouteDossier
from calculator.memory import Memory
from calculator.money import ExchangeRate
from calculator.rails import Fee, Rail
from calculator.request import QuoteRequest
from calculator.tariff_line import ExciseCase, Row
from calculator.validity import Validity

Found = TypeVar("Found")
# What is read field by field; anything else that a function takes is told by itself.
FIELDS: Mapping[Any, frozenset[str]] = {
    kind: frozenset(field.name for field in fields(kind)) for kind in (QuoteRequest, Dossier)
}
# What is asked of them, which tells less than what it is told from.
METHODS: Mapping[Any, frozenset[str]] = {
    QuoteRequest: frozenset({"states_rate"}),
    Dossier: frozenset({"covers_its_day"}),
}
# What is looked up anew each time, although the same rows are in it.
ROWS: Mapping[Any, Callable[[Any], tuple[Any, ...]]] = {
    kind: attrgetter(*(field.name for field in fields(kind)))
    for kind in (LineDossier, RouteDossier, Charge, Rail, Fee, ExchangeRate, ExciseCase, Row, Validity)
}
# Of how many lines of goods a call keeps what was chosen.
MOST_KEPT = 5_000
MAPPINGS = frozenset({dict, MappingProxyType})
# Values that are told by what they are, all others by which object they are.
BY_VALUE = frozenset({str, date, bool, type(None), Incoterm})


class Common:
    """The memory of one call that prices many requests; it is no other's, and forgotten with it.

    `choices` and `dossiers` are kept here too: so many, of which hardly one is asked for again, would push out those of others.
    """

    def __init__(self) -> None:
        self.choices: Memory[Any] = Memory(MOST_KEPT)
        self.dossiers: Memory[Any] = Memory(MOST_KEPT)
        self._readings: dict[Callable[..., Any], _Question | _Known] = {}
        self._parted: dict[int, tuple[object, Apart]] = {}
        self._blanked: dict[tuple[int, int, bool], tuple[object, object]] = {}
        self._same: dict[Any, Any] = {}
        self._met: dict[int, tuple[object, Any]] = {}
        self._blanks: dict[int, tuple[object, int]] = {}
        self._rows: dict[int, tuple[object, int]] = {}
        self._numbers: dict[Any, int] = {}

    def apart(self, request: QuoteRequest) -> Apart:
        """The request taken apart, as `alike.apart` does."""
        names: list[Any] = [QuoteRequest]
        figures: list[str] = []
        amounts: list[Any] = []
        for value in fields_of(request):
            if type(value) in ATOMS:
                names.append(value)
                continue
            known = self._part(value)
            names.append(known.names)
            figures += known.figures
            amounts += known.amounts
        return Apart(tuple(names), tuple(figures), tuple(amounts))

    def blank(self, request: QuoteRequest, figures: bool = False) -> QuoteRequest:
        """The request without its amounts, or without any of its figures; the same object wherever a field is the same."""
        made = []
        place = 0
        for value in fields_of(request):
            if type(value) in ATOMS:
                made.append(value)
                continue
            key = id(value), place, figures
            known = self._blanked.get(key)
            if known is None:
                known = self._blanked[key] = value, blanked(value, place, figures)
            made.append(known[1])
            place += len(self._part(value).amounts)
        return QuoteRequest(*made)

    def _part(self, value: object) -> Apart:
        known = self._parted.get(id(value))
        if known is None:
            known = self._parted[id(value)] = value, parted(value)
        return known[1]

    def blanks_in(self, value: object) -> int:
        """How many blanks there are in a value that may be met again."""
        known = self._blanks.get(id(value))
        if known is None:
            known = self._blanks[id(value)] = value, blanks_in(value)
        return known[1]

    def found(self, function: Callable[..., Found], *inputs: Any) -> Found:
        """What a function comes to, which takes no desk. Raises Unpriceable as it does."""
        known = self._known(function, inputs)
        if known is None:
            known = self._read(function, inputs, None)
            known.result = self.same(known.result)
        found: Found = known.found()
        return found

    def same(self, value: Found) -> Found:
        """The value that was met before, where it has the same in it."""
        known = self._met.get(id(value))
        if known is None:
            # Both are held: one is what the other is known by.
            known = self._met[id(value)] = value, self._same.setdefault(self._content(value), value)
        found: Found = known[1]
        return found

    def _content(self, value: Any) -> Any:
        """What tells a value from others that have other things in them."""
        kind: Any = type(value)
        if kind in BY_VALUE:
            return value
        if kind is tuple:
            return tuple(map(self._content, value))
        if kind in ROWS:
            return self._number(kind, value)
        if kind in MAPPINGS:
            return dict, *[(name, self._content(each)) for name, each in value.items()]
        # 6.70 and 6.7 stand differently in an answer.
        return f"{value}" if kind is Decimal else id(value)

    def _number(self, kind: Any, row: object) -> int:
        """The number of a row by what is in it; below zero, so that it is no identity."""
        known = self._rows.get(id(row))
        if known is None:
            content = (kind, *map(self._content, ROWS[kind](row)))
            known = self._rows[id(row)] = row, self._numbers.setdefault(content, -1 - len(self._numbers))
        return known[1]

    def chosen(self, function: Callable[..., Found], desk: Desk, *inputs: Any) -> Found:
        """What a function chooses that writes on the desk, and all that it wrote. Raises Unpriceable as it does."""
        inputs = (*inputs, desk.picks)
        known = self._known(function, inputs) or self._read(function, inputs, desk)
        desk.take(known.desk)
        found: Found = known.found()
        return found

    def _known(self, function: Callable[..., Any], inputs: tuple[Any, ...]) -> "_Known | None":
        """What is known for what the inputs hold, each asked for what was read of its like."""
        place = self._readings.get(function)
        while type(place) is _Question:
            value = place.asked(inputs)
            place = place.answers.get(value if type(value) in BY_VALUE else id(value))
        return place  # type: ignore[return-value]

    def _read(self, function: Callable[..., Any], inputs: tuple[Any, ...], desk: Desk | None) -> "_Known":
        """The function called, and what it read noted."""
        notes: list[_Note] = []
        given = [_handed(each, place, notes) for place, each in enumerate(inputs)]
        own = None if desk is None else Desk(given.pop())
        known = _Known(own)
        try:
            known.result = function(*given) if own is None else function(*given, own)
        except Unpriceable as refusal:
            # Without what it went through, which would hold on to all of that.
            known.refusal = refusal.at("")
        self._note(function, notes, known)
        return known

    def _note(self, function: Callable[..., Any], notes: list["_Note"], known: "_Known") -> None:
        answers: dict[Any, Any] = self._readings
        key: Any = function
        for place, name, value in notes:
            question = answers.setdefault(key, _Question(place, name))
            if type(question) is not _Question or (question.place, question.name) != (place, name):
                return
            answers = question.answers
            key = value if type(value) in BY_VALUE else id(value)
            question.held.append(value)
        answers[key] = known


class Anew:
    """What a request by itself is chosen by: every part anew."""

    def found(self, function: Callable[..., Found], *inputs: Any) -> Found:
        """What a function comes to that takes no desk."""
        return function(*inputs)

    def chosen(self, function: Callable[..., Found], desk: Desk, *inputs: Any) -> Found:
        """What a function chooses that writes on the desk."""
        return function(*inputs, desk)

    def blank(self, request: QuoteRequest, figures: bool = False) -> QuoteRequest:
        """The request without its amounts, or without any of its figures."""
        return without_figures(request) if figures else without_amounts(request)

    def same(self, value: Found) -> Found:
        """The value itself."""
        return value

    def blanks_in(self, value: object) -> int:
        """How many blanks there are in a value."""
        return blanks_in(value)


ANEW = Anew()
# What a function read: of which of its inputs, under which name ("" for the input itself) or by which call, and what it found.
_Note = tuple[int, "str | tuple[str, ...]", Any]


class _Question:
    """What a function reads next, and where each answer leads. Answers are held, so that nothing else takes their identity."""

    __slots__ = ("answers", "held", "name", "place")

    def __init__(self, place: int, name: "str | tuple[str, ...]") -> None:
        self.place, self.name = place, name
        self.answers: dict[Any, _Question | _Known] = {}
        self.held: list[object] = []

    def asked(self, inputs: tuple[Any, ...]) -> Any:
        whole, name = inputs[self.place], self.name
        if not name:
            return whole
        if not isinstance(name, str):
            return getattr(whole, name[0])(*name[1:])
        return whole.get(name, 0) if type(whole) is dict else getattr(whole, name)


@dataclass(slots=True)
class _Known:
    """What a function came to, or why it refused, with what it wrote on its desk."""

    desk: Desk | None
    result: Any = None
    refusal: Unpriceable | None = None

    def found(self) -> Any:
        if self.refusal is not None:
            raise self.refusal.at("")
        return self.result


def _handed(whole: Any, place: int, notes: list[_Note]) -> Any:
    """What a function is handed in place of an input, so that what it reads of it is noted."""
    if type(whole) in FIELDS:
        return _Noted(whole, place, notes)
    if type(whole) is dict:
        return _NotedPicks(whole, place, notes)
    notes.append((place, "", whole))
    return whole


class _Noted:
    """A request or a dossier of which every field that is read is noted, once."""

    def __init__(self, whole: object, place: int, notes: list[_Note]) -> None:
        self.__dict__["_whole"] = whole, place, notes

    def __getattr__(self, name: str) -> Any:
        whole, place, notes = self.__dict__["_whole"]
        if name in METHODS[type(whole)]:

            def asked(*about: str) -> Any:
                value = getattr(whole, name)(*about)
                notes.append((place, (name, *about), value))
                return value

            return asked
        if name not in FIELDS[type(whole)]:
            # A method reads through us too.
            return getattr(type(whole), name).__get__(self, type(whole))
        value = self.__dict__[name] = getattr(whole, name)
        notes.append((place, name, value))
        return value


class _NotedPicks(dict[str, int]):
    """Answers to open points of which every one that is looked up is noted."""

    def __init__(self, picks: Picks, place: int, notes: list[_Note]) -> None:
        super().__init__(picks)
        self._place, self._notes = place, notes

    def get(self, key: str, default: int = 0) -> int:  # type: ignore[override]
        value = super().get(key, default)
        self._notes.append((self._place, key, value))
        return value
