"""Rules of law as functions, and the walk through them: the whole engine.

A rule is named after what it computes; its parameters are the names of the facts and of the other rules it needs, so
that its signature is its list of dependencies. Three prefixes speak of the whole consignment: `total_x` is the sum of x
over the lines, `running_x` the sum of x up to and with this line in the canonical order of the lines.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from functools import cached_property, lru_cache
from inspect import signature
from itertools import count
from operator import itemgetter
from typing import Any, NamedTuple

from calculator.arithmetic import ZERO, Explained, Expression, formula
from calculator.citations import Citation
from calculator.money import EXACT, Number, Quotient, Rounding

Facts = dict[str, Any]
NUMBERS = count()
Signs = tuple[int, ...]


@dataclass(frozen=True)
class Rule:
    """A named rule: `inputs` are the facts it reads, `lacking` those that this plan does not have (zero).

    `leans` are the names of what its amount is reckoned from, whether it reads them or their sums.
    `payee` and `due` say to whom and when the amount is paid, where it is one that is paid. `shown` says whether the
    explanation lists the rule "always", only when it comes out as something ("nonzero"), or "never" (it only hands on).
    """

    name: str
    function: Callable[..., Any]
    inputs: tuple[str, ...]
    cites: tuple[Citation, ...] = ()
    rounds_to: Rounding | None = None
    lacking: frozenset[str] = frozenset()
    label: str = ""
    payee: str = ""
    due: str = ""
    shown: str = "always"
    formula: Expression = field(init=False, repr=False, compare=False)
    sums: tuple[str, ...] = field(init=False, repr=False, compare=False)
    leans: tuple[str, ...] = field(init=False, repr=False, compare=False)
    key: int = field(init=False, repr=False, compare=False)
    number: int = field(init=False, repr=False, compare=False)
    read: Callable[[Mapping[str, Any]], tuple[Any, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "formula", formula(self.function, self.inputs, self.lacking))
        object.__setattr__(self, "sums", tuple(name for name in self.inputs if name.startswith(("total_", "running_"))))
        bare = (name.removeprefix("total_").removeprefix("running_") for name in self.inputs)
        object.__setattr__(self, "leans", tuple(bare))
        object.__setattr__(self, "key", hash((self.name, self.inputs, self.lacking)))
        object.__setattr__(self, "number", next(NUMBERS))
        object.__setattr__(self, "read", _reader(self.inputs, self.lacking))

    def __call__(self, m: Any, facts: Mapping[str, Any]) -> Any:
        """The amount; absent facts count as zero."""
        return self._applied(m, self.read(facts))

    def step(self, m: Any, facts: Mapping[str, Any], line: int | None) -> "Step":
        """The rule applied to facts, those of a line or (None) of the consignment; remembered where the reading does so."""
        values, known = self.read(facts), m.known
        if known is None:
            return Step(self, line, self._applied(m, values))
        key = (self.number, line, values)
        step: Step | None = known.get(key)
        if step is None:
            step = known[key] = Step(self, line, self._applied(m, values))
        return step

    def _applied(self, m: Any, values: Sequence[Any]) -> Any:
        value = self.function(m, *values)
        return m.round(value, self.rounds_to) if self.rounds_to is not None else value

    def __hash__(self) -> int:
        return self.key

    def without(self, *absent: str) -> "Rule":
        """The same rule where some facts are absent, of those it reads: they count as zero and leave its formula."""
        lacking = frozenset(absent) & frozenset(self.inputs)
        return _without(self, lacking) if lacking else self

    def renamed(self, name: str, label: str = "", payee: str = "", **inputs: str) -> "Rule":
        """The same rule under another name, reading other facts in the places named."""
        return _renamed(self, name, label, payee, tuple(inputs.items()))

    def unrounded(self, name: str) -> "Rule":
        """The same rule under another name, left unrounded for a rule that goes on reckoning with it."""
        return _unrounded(self, name)

    def plain(self, m: Any, **values: Any) -> Any:
        """The rule applied to values by name, for direct use and tests."""
        with localcontext(EXACT):
            return self(m, {**dict.fromkeys(self.inputs, ZERO), **values})


@lru_cache(maxsize=4096)
def _reader(inputs: tuple[str, ...], lacking: frozenset[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """What takes the facts of a rule out of all facts."""
    if lacking:
        return lambda facts: tuple([ZERO if name in lacking else facts[name] for name in inputs])
    if len(inputs) == 1:
        (name,) = inputs
        return lambda facts: (facts[name],)
    return itemgetter(*inputs) if inputs else lambda _: ()


@lru_cache(maxsize=1024)
def _without(rule: Rule, absent: frozenset[str]) -> Rule:
    return replace(rule, lacking=rule.lacking | absent)


@lru_cache(maxsize=4096)
def _renamed(rule: Rule, name: str, label: str, payee: str, inputs: tuple[tuple[str, str], ...]) -> Rule:
    places = dict(inputs)
    return replace(
        rule,
        name=name,
        label=label or name,
        payee=payee or rule.payee,
        inputs=tuple(places.get(place, place) for place in rule.inputs),
        lacking=frozenset(places.get(place, place) for place in rule.lacking),
    )


@lru_cache(maxsize=1024)
def _unrounded(rule: Rule, name: str) -> Rule:
    return replace(rule, name=name, rounds_to=None, payee="", due="")


def rule(
    cites: str | Sequence[str] = (),
    rounds_to: Rounding | None = None,
    name: str = "",
    payee: str = "",
    due: str = "",
    shown: str = "always",
) -> Callable[[Callable[..., Any]], Rule]:
    """Make a rule of a function: its name and its parameters name its result and its facts."""
    citations = tuple(Citation.of(text) for text in ([cites] if isinstance(cites, str) else cites))

    def named(function: Callable[..., Any]) -> Rule:
        inputs = tuple(signature(function).parameters)[1:]
        made = Rule(
            name or function.__name__, function, inputs, citations, rounds_to, payee=payee, due=due, shown=shown
        )
        object.__setattr__(made, "__doc__", function.__doc__)
        return made

    return named


def sum_of(name: str, inputs: Sequence[str], rounds_to: Rounding | None = None, shown: str = "always") -> Rule:
    """The rule that adds up some facts, however many there are."""
    return _sum_of(name, tuple(inputs), rounds_to, shown)


@lru_cache(maxsize=1024)
def _sum_of(name: str, inputs: tuple[str, ...], rounds_to: Rounding | None, shown: str) -> Rule:
    def added(m: Any, *amounts: Any) -> Any:
        total = m.num(0)
        for amount in amounts:
            total = total + amount
        return total

    return Rule(name, added, inputs, rounds_to=rounds_to, shown=shown)


class Step(NamedTuple):
    """One rule applied: what it gave, and to which line (None for the whole consignment)."""

    rule: Rule
    line: int | None
    value: Number


@dataclass(frozen=True, slots=True)
class Pass:
    """Rules of the consignment, then rules for each line; a pass sees the sums of the passes before it."""

    consignment: tuple[Rule, ...] = ()
    lines: tuple[tuple[Rule, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Walked:
    """All that a walk found: the steps in order, the facts of the consignment and those of each line."""

    steps: tuple[Step, ...]
    shared: Mapping[str, Any]
    lines: tuple[Mapping[str, Any], ...]

    def value(self, line: int | None, name: str) -> Number:
        """What a name came to, for a line or for the consignment."""
        facts = self.lines[line] if line is not None and name in self.lines[line] else self.shared
        value: Number = facts[name]
        return value

    def signs(self) -> Signs:
        """Which figures came to nothing, each in its place."""
        return tuple(
            [
                bool(value) if type(value) is Decimal else _sign(value)
                for facts in (self.shared, *self.lines)
                for value in facts.values()
            ]
        )


def _sign(value: Number) -> int:
    """Whether a figure came to nothing (0), to nothing in a ratio (2), which is not read the same way, or to something (1)."""
    if isinstance(value, Quotient):
        return 1 if value.numerator else 2
    return 1 if value else 0


class _Line(dict[str, Any]):
    """The facts of a line, before those of the consignment."""

    __slots__ = ("shared",)

    def __init__(self, line: Mapping[str, Any], shared: Facts) -> None:
        super().__init__(line)
        self.shared = shared

    def __missing__(self, name: str) -> Any:
        return self.shared[name]


def walk(
    passes: Sequence[Pass],
    shared: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    order: Sequence[int],
    m: Any,
) -> Walked:
    """Apply the rules in their order to the facts of the consignment and of its lines.

    `order` is the canonical order of the lines, in which running totals are taken, so that the order of a request
    changes no amount.
    """
    steps: list[Step] = []
    facts: Facts = dict(shared)
    each: list[Facts] = [_Line(line, facts) for line in lines]
    stages = [_staged(each) for each in passes] if m.known is None else _known_stages(passes, m.known)
    with localcontext(EXACT):
        for consignment, of_lines in stages:
            _sum_up(consignment, facts, each, order)
            consignment.apply(m, facts, None, steps)
            for _, stage in of_lines:
                _sum_up(stage, facts, each, order)
            for number, stage in of_lines:
                stage.apply(m, each[number], number, steps)
    return Walked(tuple(steps), facts, tuple(map(dict, each)))


# The rules of the consignment and those of each line, with its number, that has any.
_Staged = tuple["_Stage", Sequence[tuple[int, "_Stage"]]]


def _staged(each: Pass) -> _Staged:
    lines = [(number, _Stage(rules)) for number, rules in enumerate(each.lines) if rules]
    return _Stage(each.consignment), lines


def _known_stages(passes: Sequence[Pass], known: dict[Any, Any]) -> Sequence[_Staged]:
    """The same where walks are remembered: passes are held beside what is made of them, since they are known by what they are."""
    found: tuple[Sequence[Pass], Sequence[_Staged]] | None = known.get(id(passes))
    if found is None:
        stages = [known.setdefault(id(each), (each, _staged(each)))[1] for each in passes]
        found = known[id(passes)] = passes, stages
    return found[1]


class _Stage:
    """Rules that are applied one after the other to one set of facts."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self.sums = [name for rule in rules for name in rule.sums if name not in rule.lacking]

    @cached_property
    def key(self) -> tuple[int, ...]:
        """What tells the rules from others."""
        return tuple([rule.number for rule in self.rules])

    @cached_property
    def read(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        """What takes the facts that come from elsewhere."""
        read: dict[str, None] = {}
        made = set()
        for rule in self.rules:
            read |= dict.fromkeys(name for name in rule.inputs if name not in rule.lacking and name not in made)
            made.add(rule.name)
        return _reader(tuple(read), frozenset())

    def apply(self, m: Any, facts: Facts, line: int | None, steps: list[Step]) -> None:
        """Put what the rules come to among the facts, and the steps behind those that were taken."""
        if not self.rules:
            return
        if m.known is None:
            steps += self._taken(m, facts, line)
            return
        key = (self.key, line, self.read(facts))
        known = m.known.get(key)
        if known is None:
            taken = self._taken(m, facts, line)
            known = m.known[key] = {step.rule.name: step.value for step in taken}, taken
        else:
            facts.update(known[0])
        steps += known[1]

    def _taken(self, m: Any, facts: Facts, line: int | None) -> list[Step]:
        """The rules applied one after the other."""
        taken = []
        for rule in self.rules:
            step = rule.step(m, facts, line)
            facts[rule.name] = step.value
            taken.append(step)
        return taken


def _sum_up(stage: _Stage, facts: Facts, each: list[Facts], order: Sequence[int]) -> None:
    """Put the sums that rules ask for beside the facts: totals beside the consignment's, running totals beside the lines'."""
    for name in stage.sums:
        if name.startswith("total_"):
            if name not in facts:
                facts[name] = sum((line[name[6:]] for line in each), ZERO)
        elif name not in each[0]:
            running: Number = ZERO
            for number in order:
                running = running + each[number][name[8:]]
                each[number][name] = running


EXPLAINED = Explained()
