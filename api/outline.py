"""What the explanations of many quotes have in common: everything but the digits of their amounts.

Quotes of one choice in which the same figures came to nothing have the same steps in the same order, resting on the same
figures and the same law. Their outline is made once, and each quote writes its own amounts into it. A figure of the totals
that is zero without a step of its own gets one here, because a zero always carries its reason.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from api.citing import cited, title
from api.expressions import expression
from api.trail import Figure, Trail
from api.wording import Wording
from api.writing import Json, money, write_amount, write_number, write_plain, write_share
from calculator.blank import Blank
from calculator.citations import Citation
from calculator.dossier import Dossier
from calculator.money import YUAN, Number, Quotient
from calculator.plan import Fact
from calculator.quote import Quote
from calculator.rules import Rule, Step
from calculator.way import GENERAL_TRADE

# The letters of a currency (ISO 4217).
CURRENCY = 3
# Steps that come to a rate instead of an amount.
RATES = frozenset({"sliding_rate", "tax_share", "own_car_rate"})
# What is due of a tax, and the step that may have taken it off.
WAIVERS = {
    "customs_duty_due": "duty_waiver",
    "consumption_tax_due": "consumption_tax_waiver",
    "vat_due": "vat_waiver",
    "postal_articles_tax_due": "postal_tax_waiver",
}
_UNTOLD = dict.fromkeys(("value", "unit", "from", "source", "date", "confidence"))
Write = Callable[[Json, Number], None]


@dataclass(frozen=True, slots=True)
class Open:
    """A figure whose digits each quote writes: the input it is, the line and the name it has in the walk."""

    place: int
    line: int | None
    name: str
    write: Write


@dataclass(frozen=True, slots=True)
class Outlined:
    """A step but for its digits: the place of its value in the walk, and what it is in ("%" for a rate).

    `reason` is why it is zero where it is, None where only the digits behind it tell.
    """

    place: int
    head: Json
    inputs: tuple[Json, ...]
    open: tuple[Open, ...]
    unit: str
    citations: list[Json]
    reason: Json | None


@dataclass(frozen=True, slots=True)
class Outline:
    """The steps of a quote, and the figures that are zero without one."""

    steps: tuple[Outlined, ...]
    zeros: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """What can be told of a rule before any quote: the step, and each input, with the places of its figures empty."""

    step: Json
    inputs: tuple[tuple[Figure, Json], ...]


def outline_of(quote: Quote, wording: Wording) -> Outline:
    """The outline of the explanation of a quote."""
    return quote.choice.beside((Outline, quote.signs, wording), lambda: _outline(quote, wording))


def because(wording: Wording, code: str) -> Json:
    """A reason, as code and as text."""
    return {"code": code, "text": wording.because(code)}


def source_title(dossier: Dossier, source: str, language: str) -> str | None:
    """The title of a document, None for a figure that rests on none."""
    found = dossier.sources.get(source)
    return title(found, language) if found is not None else source or None


def is_currency(unit: str) -> bool:
    """Whether what a figure is in is a currency, not something that is counted."""
    return len(unit) == CURRENCY and unit.isupper()


def _outline(quote: Quote, wording: Wording) -> Outline:
    return Outline(tuple(_Explanation(quote, wording).steps()), tuple(_silent_zeros(quote, wording)))


@lru_cache(maxsize=8192)
def _told(rule: Rule, wording: Wording, single: bool) -> _Told:
    def label(name: str) -> str:
        return wording.label(Figure.of(name, single).own if single else name)

    inputs = []
    for name in rule.inputs:
        if name not in rule.lacking:
            figure = Figure.of(name, single)
            text = wording.label(figure.own if single else name)
            inputs.append((figure, {"code": name, "label": text[:1].upper() + text[1:], **_UNTOLD}))
    step = {
        "code": rule.name,
        "goods": None,
        "payee": rule.payee or None,
        "due": wording.due(rule.due) if rule.due else None,
        "label": wording.heading(rule.name),
        "formula": wording.formula(rule.formula, label),
        "expression": expression(rule),
    }
    return _Told(step, tuple(inputs))


class _Explanation:
    """One quote being explained, in its place for all that are explained alike."""

    def __init__(self, quote: Quote, wording: Wording) -> None:
        self.quote = quote
        self.choice = quote.choice
        self.wording = wording
        self.language = wording.language
        self.trail = Trail(quote)

    def steps(self) -> list[Outlined]:
        """The steps in the order they were taken."""
        # The list grows while it is read: a step may lean on one that was not on it.
        told = {place: self._step(place) for place in self.trail.listed}
        return [told[place] for place in sorted(told)]

    def _step(self, place: int) -> Outlined:
        step = self.quote.walked.steps[place]
        rule, line = step.rule, step.line
        dossier, on = self.choice.dossier, self.choice.request.declared_on
        told = _told(rule, self.wording, self.trail.single)
        citations = [cited(dossier.sources, each.on(on), self.language) for each in rule.cites]
        sources = [each.source for each in rule.cites]
        inputs: list[Json] = []
        open_figures: list[Open] = []
        for figure, untold in told.inputs:
            result = untold.copy()
            fact = self.choice.plan.fact(line, figure.name)
            write = self._result(result, line, figure) if fact is None else self._fact(result, fact)
            if write is not None:
                open_figures.append(Open(len(inputs), line, figure.name, write))
            inputs.append(result)
            if fact is not None and fact.source and fact.source not in sources:
                sources.append(fact.source)
                citations.append(cited(dossier.sources, Citation(fact.source), self.language))
        unit = "%" if rule.name in RATES else self._unit(line, rule.name)
        reason = self._why(step) if step.value == 0 else ""
        return Outlined(
            place,
            {**told.step, "goods": line},
            tuple(inputs),
            tuple(open_figures),
            unit,
            citations,
            because(self.wording, reason) if reason else None,
        )

    def _fact(self, result: Json, fact: Fact) -> Write | None:
        """An input that stands in a table, in the request or in the law; an amount of the request is left open."""
        result["unit"] = fact.unit or None
        result["from"] = fact.origin
        result["confidence"] = fact.confidence
        if fact.source:
            result["source"] = source_title(self.choice.dossier, fact.source, self.language)
        if fact.on is not None:
            result["date"] = fact.on.isoformat()
        if isinstance(fact.value, Blank):
            return write_plain
        if fact.share:
            write_share(result, fact.value)
        elif not isinstance(fact.value, Quotient):
            write_plain(result, fact.value)
        elif fact.published_as:
            result["value"] = fact.published_as
        else:
            write_number(result, fact.value)
        return None

    def _result(self, result: Json, line: int | None, figure: Figure) -> Write:
        """An input that is the result of another step, or a sum over the lines."""
        summed = self.choice.plan.fact(0, figure.own) if figure.summed else None
        if summed is not None:  # of a figure that the lines bring, such as their weights
            result["unit"], result["from"] = summed.unit or None, summed.origin
            return write_number
        result["from"] = self.trail.origin(line, figure)
        if figure.own in RATES:
            return write_share
        result["unit"] = unit = self._unit(line, figure.own)
        return write_amount if is_currency(unit) else write_number

    def _unit(self, line: int | None, name: str) -> str:
        """What a result is in: the currency of the price or of a charge, what is counted, else yuan."""
        if name == "invoice_value":
            return self.choice.request.goods[line or 0].price.currency
        return self.choice.plan.units.get(name, YUAN)

    def _why(self, step: Step) -> str:
        """Why the amount of a step is zero, "" where that depends on more than what came to nothing."""
        name, plan = step.rule.name, self.choice.plan
        zeros = plan.zeros if step.line is None else plan.lines[step.line].zeros
        # A line's part of what is waived has the waiver of the whole.
        late = name.removesuffix("#part").replace("due", "waiver", 1) if name.startswith("late_") else None
        waiver = WAIVERS.get(name) or late
        if (
            waiver is not None
            and name.partition(":")[0].endswith("_due")
            and self.quote.walked.value(step.line, waiver) != 0
        ):
            return "waived"
        if reason := zeros.get(name) or zeros.get(name.removesuffix("_due")):
            return reason
        return "every_part_zero" if self.trail.all_zero(step) else ""


def _silent_zeros(quote: Quote, wording: Wording) -> Iterator[Json]:
    """The figures of the totals that are zero and have no step: nothing stated, none in force, not in this regime."""
    plan = quote.choice.plan
    for name, reason in plan.zeros.items():
        if not quote.totals.get(name):
            yield _zero(name, reason, None, wording)
    told = {(step.line, step.rule.name) for step in quote.walked.steps}
    for line, planned in enumerate(plan.lines):
        for name, reason in planned.zeros.items():
            if (line, name) not in told:
                yield _zero(name, reason, line, wording)
    if (0, "presumed_insurance") not in told:
        yield _zero("presumed_insurance", _why_none_presumed(quote), None, wording)
    else:
        for line, figures in enumerate(quote.lines):
            if figures["presumed_insurance"] == 0:
                yield _zero("presumed_insurance", "rounds_to_zero", line, wording)
    if (0, "postal_articles_tax") not in told:
        yield _zero("postal_articles_tax", "not_in_this_regime", None, wording)


def _why_none_presumed(quote: Quote) -> str:
    if quote.choice.plan.regime != GENERAL_TRADE:
        return "not_in_this_regime"
    return "insurance_stated" if quote.request.costs.insurance is not None else "in_the_price"


def _zero(name: str, reason: str, line: int | None, wording: Wording) -> Json:
    return {
        "code": name,
        "goods": line,
        "payee": None,
        "due": None,
        "label": wording.heading(name),
        "formula": None,
        "inputs": [],
        "amount": money("0.00"),
        "citations": [],
        "reason": because(wording, reason),
    }
