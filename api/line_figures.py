"""The figures of a tariff line as they are told: each with its days, its source and how far to trust it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from api.wording import Wording, percent, plain
from calculator.citations import Source
from calculator.tariff_line import AdValorem, Compound, ExciseCase, ExcisePerUnit, Measure, Row, Specific, VatRate
from tariffs.expressions import expression

Document = dict[str, Any]


def figure(measure: Measure, wording: Wording) -> Document:
    """A rate with its days and its source."""
    return {**entry(measure.kind.value, rate_text(measure), measure.row, wording), "part": measure.part or None}


def entry(measure: str, rate: str | None, of: Row, wording: Wording, category: str = "") -> Document:
    """A figure of a table: what it is, and the row it stands in."""
    label = wording.heading(measure)
    return {"measure": measure, "label": label, "rate": rate, "part": None, "category": category or None, **row(of)}


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
