"""The steps of a quote: every amount with its formula in words, the figures that went in, and the law behind both.

What does not change between quotes (labels, formulas) is made once for each rule and language. A figure of the totals
that is zero without a step of its own gets one here, because a zero always carries its reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from api import citing
from api.trail import Figure, Trail
from api.wording import Wording, decimal_of, percent, plain
from calculator.citations import Citation, Source
from calculator.money import YUAN, Number, Quotient
from calculator.plan import Fact
from calculator.quote import Quote
from calculator.rules import Rule, Step
from calculator.way import GENERAL_TRADE

Json = dict[str, Any]
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


def explained(quote: Quote, wording: Wording) -> list[Json]:
    """All steps worth reading, in the order they were taken, then the figures that are zero without a step."""
    return [*_Explanation(quote, wording).steps(), *_silent_zeros(quote, wording)]


def money(text: str, currency: str = YUAN) -> Json:
    """An amount of money whose digits are already written."""
    return {"amount": text, "currency": currency}


def amount_text(value: Number) -> tuple[str, bool]:
    """An amount with two decimals at least, and whether that is all of it."""
    if isinstance(value, Decimal):
        text = str(value)
        if text[-3:-2] == ".":  # rounded to the fen, as most are
            return text, True
        if text == "0":
            return "0.00", True
    shown, whole = decimal_of(value)
    head, _, decimals = format(shown, "f").partition(".")
    return f"{head}.{decimals.rstrip('0').ljust(2, '0')}", whole


# Made once for each document and language; another release may hold another edition of a document.
_citations: dict[tuple[str, str, str], tuple[Source | None, Json]] = {}


def cited(quote: Quote, citation: Citation, language: str) -> Json:
    """A citation with the title and the address of its document."""
    source = quote.dossier.sources.get(citation.source)
    key = (citation.source, citation.article, language)
    known = _citations.get(key)
    if known is None or known[0] is not source:
        known = _citations[key] = (source, citing.cited(quote.dossier.sources, citation, language))
    return known[1].copy()


def source_title(quote: Quote, source: str, language: str) -> str | None:
    """The title of a document, None for a figure that rests on none."""
    found = quote.dossier.sources.get(source)
    return citing.title(found, language) if found is not None else source or None


def because(wording: Wording, code: str) -> Json:
    """A reason, as code and as text."""
    return {"code": code, "text": wording.because(code)}


@dataclass(frozen=True, slots=True)
class _Told:
    """What can be told of a rule before any quote: the step, and each input, with the places of its figures empty."""

    step: Json
    inputs: tuple[tuple[Figure, Json], ...]


_UNTOLD = dict.fromkeys(("value", "unit", "from", "source", "date", "confidence"))


def worded(quote: Quote, language: str) -> Wording:
    """The words for a quote: of its language, with the names that the tables give the charges of its way."""
    wording = Wording.of(language)
    named: list[Any] = list(quote.dossier.route.charges if quote.dossier.route is not None else ())
    own = quote.request.payment.own if quote.request.payment is not None else None
    # Another rail may call its own fee by the same code.
    rail = own or next(iter(quote.dossier.rails), None)
    fees = rail.fees if rail is not None else ()
    return wording.naming((each.code, each.names.get(wording.language) or each.names["en"]) for each in (*named, *fees))


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
    }
    return _Told(step, tuple(inputs))


class _Explanation:
    """One quote being explained."""

    def __init__(self, quote: Quote, wording: Wording) -> None:
        self.quote = quote
        self.wording = wording
        self.language = wording.language
        self.trail = Trail(quote)

    def steps(self) -> list[Json]:
        walked = self.quote.walked.steps
        # The list grows while it is read: a step may lean on one that was not on it.
        told = {place: self._step(walked[place]) for place in self.trail.listed}
        return [told[place] for place in sorted(told)]

    def _step(self, step: Step) -> Json:
        rule, line, value = step.rule, step.line, step.value
        told = _told(rule, self.wording, self.trail.single)
        inputs = []
        citations = [cited(self.quote, each.on(self.quote.request.declared_on), self.language) for each in rule.cites]
        sources = [each.source for each in rule.cites]
        for figure, untold in told.inputs:
            result = untold.copy()
            inputs.append(result)
            fact = self.quote.fact(line, figure.name)
            if fact is None:
                self._result(result, line, figure)
                continue
            self._fact(result, fact)
            if fact.source and fact.source not in sources:
                sources.append(fact.source)
                citations.append(cited(self.quote, Citation(fact.source), self.language))
        result = told.step.copy()
        result["goods"] = line
        result["inputs"] = inputs
        if rule.name in RATES:
            result["value"] = percent(value)
        else:
            self._counted(result, value, self._unit(line, rule.name))
        result["citations"] = citations
        if value == 0:
            result["reason"] = because(self.wording, self._why(step))
        return result

    def _counted(self, result: Json, value: Number, unit: str) -> None:
        """What a step comes to: an amount of money, or a number of something."""
        if not unit.isupper() or len(unit) != CURRENCY:
            _unrounded(result, value)
            result["unit"] = unit
            return
        text, whole = amount_text(value)
        result["amount"] = {"amount": text, "currency": unit}
        if not whole:
            result["unrounded"] = True

    def _fact(self, result: Json, fact: Fact) -> None:
        """An input that stands in a table, in the request or in the law."""
        if fact.share:
            result["value"] = percent(fact.value)
        elif not isinstance(fact.value, Quotient):
            result["value"] = plain(fact.value)
        elif fact.published_as:
            result["value"] = fact.published_as
        else:
            _unrounded(result, fact.value)
        result["unit"] = fact.unit or None
        result["from"] = fact.origin
        result["confidence"] = fact.confidence
        if fact.source:
            result["source"] = source_title(self.quote, fact.source, self.language)
        if fact.on is not None:
            result["date"] = fact.on.isoformat()

    def _result(self, result: Json, line: int | None, figure: Figure) -> None:
        """An input that is the result of another step, or a sum over the lines."""
        value = self.trail.value(line, figure.name)
        summed = self.quote.fact(0, figure.own) if figure.summed else None
        if summed is not None:  # of a figure that the lines bring, such as their weights
            _unrounded(result, value)
            result["unit"], result["from"] = summed.unit or None, summed.origin
            return
        result["from"] = self.trail.origin(line, figure)
        if figure.own in RATES:
            result["value"] = percent(value)
            return
        result["unit"] = unit = self._unit(line, figure.own)
        if len(unit) != CURRENCY or not unit.isupper():
            _unrounded(result, value)
            return
        result["value"], whole = amount_text(value)
        if not whole:
            result["unrounded"] = True

    def _unit(self, line: int | None, name: str) -> str:
        """What a result is in: the currency of the price or of a charge, what is counted, else yuan."""
        if name == "invoice_value":
            return self.quote.request.goods[line or 0].price.currency
        return self.quote.plan.units.get(name, YUAN)

    def _why(self, step: Step) -> str:
        """Why the amount of a step is zero."""
        name, plan = step.rule.name, self.quote.plan
        zeros = plan.zeros if step.line is None else plan.lines[step.line].zeros
        waiver = WAIVERS.get(name) or (name.replace("due", "waiver", 1) if name.startswith("late_") else None)
        if waiver is not None and name.partition(":")[0].endswith("_due") and self.trail.value(step.line, waiver) != 0:
            return "waived"
        if reason := zeros.get(name) or zeros.get(name.removesuffix("_due")):
            return reason
        if self.trail.all_zero(step):
            return "every_part_zero"
        return "rounds_to_zero" if self.trail.unrounded(step) != 0 else "figure_zero"


def _unrounded(result: Json, value: Number) -> None:
    shown, whole = decimal_of(value)
    result["value"] = plain(shown)
    if not whole:
        result["unrounded"] = True


def _silent_zeros(quote: Quote, wording: Wording) -> Iterator[Json]:
    """The figures of the totals that are zero and have no step: nothing stated, none in force, not in this regime."""
    plan = quote.plan
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
    if quote.plan.regime != GENERAL_TRADE:
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
