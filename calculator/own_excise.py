"""A consumption tax that the request states, as a category of the same forms that the law's own categories have."""

from datetime import date
from decimal import Decimal

from calculator.errors import Unpriceable
from calculator.request import OwnExcise
from calculator.tariff_line import Excise, ExciseForm, ExcisePerUnit, Row
from calculator.validity import Validity

OWN = "user"
# What stands in the request stands in no table.
NO_ROW = Row("", Validity(date.min), "", OWN)


def excise_of(own: OwnExcise, pointer: str) -> Excise:
    """The category that a stated tax makes. Raises Unpriceable for a share that no price could contain."""
    for rate in (own.rate, own.rate_below):
        if rate is not None and rate >= 1:
            # The tax is a share of a price that contains it: all of it, or more, has no price.
            raise Unpriceable("excise_rate_too_high", pointer, (), rate=rate)
    form = _form(own)
    if form is ExciseForm.CIGARETTES and own.threshold is not None and own.threshold.unit != own.unit:
        raise Unpriceable("threshold_unit_differs", pointer, (own.unit,), unit=own.threshold.unit)
    return Excise(
        category=OWN,
        form=form,
        row=NO_ROW,
        rate=own.rate,
        per_unit=_amount(own.per_unit, own.unit),
        thresholds=() if own.threshold is None else (own.threshold,),
        rate_below=own.rate_below,
        per_unit_below=_amount(own.per_unit_below, own.unit),
    )


def _form(own: OwnExcise) -> ExciseForm:
    by_value = own.threshold is not None
    if own.rate is not None and own.per_unit is not None:
        return ExciseForm.CIGARETTES if by_value else ExciseForm.COMPOUND
    if own.rate is not None:
        return ExciseForm.AD_VALOREM_BY_VALUE if by_value else ExciseForm.AD_VALOREM
    return ExciseForm.SPECIFIC_BY_VALUE if by_value else ExciseForm.SPECIFIC


def _amount(amount: Decimal | None, unit: str) -> tuple[ExcisePerUnit, ...]:
    return () if amount is None else (ExcisePerUnit(amount, unit),)
