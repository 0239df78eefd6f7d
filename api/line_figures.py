"""The figures of a tariff line as they are told: each with its days, its source and how far to trust it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from api.sentences import LABELS, PATTERNS
from api.wording import Wording, percent, plain
from calculator.citations import Source
from calculator.quantities import UNITS
from calculator.tariff_line import (
    AdValorem,
    ByValue,
    Compound,
    DutyRate,
    ExciseCase,
    ExcisePerUnit,
    LowerOf,
    Measure,
    Row,
    Sliding,
    Specific,
    VatRate,
)
from tariffs.expressions import expression

Document = dict[str, Any]


def figure(measure: Measure, wording: Wording) -> Document:
    """A rate with its days and its source."""
    told = entry(measure.kind.value, rate_text(measure), measure.row, wording)
    said = rate_words(measure.rate, wording.language) if measure.rate is not None else None
    part = measure.part or None
    about = {"part": part, "part_text": part and part_words(part, wording.language), "origins": list(measure.origins)}
    return {**told, "text": said, **about}


def entry(measure: str, rate: str | None, of: Row, wording: Wording, category: str = "") -> Document:
    """A figure of a table: what it is, and the row it stands in."""
    label = wording.heading(measure)
    named: Document = {"part": None, "part_text": None, "category": category or None, "origins": []}
    return {"measure": measure, "label": label, "rate": rate, "text": rate, **named, **row(of)}


def rate_words(rate: DutyRate, language: str) -> str:
    """A rate in words, where its form takes some."""

    def said(form: str, **parts: str) -> str:
        return Wording.of(language).sentence(PATTERNS[form]).format(**parts)

    match rate:
        case AdValorem(share):
            return percent(share)
        case Specific(amount, unit):
            return amount_words(amount, "CNY", unit, language)
        case Compound(share, amount, unit):
            return f"{percent(share)} + {amount_words(amount, 'CNY', unit, language)}"
        case LowerOf(first, second):
            return said("lower", first=rate_words(first, language), second=rate_words(second, language))
        case ByValue(threshold, currency, unit, below, above):
            return said(
                "by_value",
                threshold=amount_words(threshold, currency, unit, language),
                below=rate_words(below, language),
                above=rate_words(above, language),
            )
        case Sliding(a, b, threshold, at_or_above, cap, _, unit):
            return said(
                "sliding",
                a=plain(a),
                b=percent(b),
                cap=percent(cap),
                threshold=amount_words(threshold, "CNY", unit, language),
                at_or_above=amount_words(at_or_above, "CNY", unit, language),
            )


def amount_words(amount: Decimal, currency: str, unit: str, language: str) -> str:
    """An amount for each unit."""
    return f"{plain(amount)} {currency}/{UNITS[unit].names[language] if unit == 'unit' else unit}"


def part_words(part: str, language: str) -> str:
    """The part of a line in the reader's language, where the tables have no official text of it."""
    return Wording.of(language).label(f"part:{part}") if f"part:{part}" in LABELS else part


def rate_text(measure: Measure | None) -> str | None:
    """The rate as tables write it; None where there is none, or nobody has read it."""
    return expression(measure.rate) if measure is not None and measure.rate is not None else None


def row(of: Row) -> Document:
    """The days of a row, its source and how far to trust it."""
    last = of.validity.valid_to
    return {
        "valid_from": f"{of.validity.valid_from}",
        "valid_to": f"{last}" if last else None,
        "source": of.source,
        "confidence": of.confidence,
        "note": of.note or None,
    }


def vat(each: VatRate) -> Document:
    """A rate of VAT; what the rows of others say in their note is here how the line's class was found."""
    found = {**row(each.row), "note": None}
    return {"rate": percent(each.rate), "category": each.category, "basis": each.row.note, **found}


def excise_case(case: ExciseCase, wording: Wording) -> Document:
    """A category of the consumption tax that the line may fall into."""
    excise = case.excise
    return {
        "category": excise.category,
        "label": wording.heading(excise.category),
        "form": excise.form.value,
        "condition": case.condition or None,
        "rates": excise_rates(excise.rate, excise.per_unit),
        "rates_below": excise_rates(excise.rate_below, excise.per_unit_below),
        "thresholds": [
            {"value": plain(each.value), "currency": each.currency, "unit": each.unit} for each in excise.thresholds
        ],
        "litres_per_tonne": plain(excise.litres_per_tonne) if excise.litres_per_tonne is not None else None,
        **row(excise.row),
    }


def excise_rates(rate: Decimal | None, per_unit: tuple[ExcisePerUnit, ...]) -> list[str]:
    """One tax in each of the units in which the law states it."""
    if not per_unit:
        return [expression(AdValorem(rate))] if rate is not None else []
    return [
        expression(Specific(each.amount, each.unit) if rate is None else Compound(rate, each.amount, each.unit))
        for each in per_unit
    ]


def sources(part: object) -> set[str]:
    """The documents that an answer rests on, wherever in it they are named."""
    if isinstance(part, Mapping):
        here = {part["source"]} if isinstance(part.get("source"), str) else set()
        return here.union(*(sources(each) for each in part.values()))
    return set().union(*(sources(each) for each in part)) if isinstance(part, list) else set()


def citation(source: Source) -> Document:
    """A cited document."""
    return {
        "id": source.id,
        "title": source.title,
        "title_zh": source.title_zh or None,
        "issuer": source.issuer or None,
        "number": source.number or None,
        "effective_from": f"{source.effective_from}" if source.effective_from else None,
        "url": source.url or None,
    }
