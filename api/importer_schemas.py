"""The importer as JSON: what the buyer recovers and has bought already, and what came late."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema

from api.fields import Day, Flag, Whole
from api.goods_schemas import MoneyIn
from api.strict import Strict
from calculator.errors import Unreadable
from calculator.money import Money
from calculator.request import Lateness

# Ten years: more than any authority goes back.
MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Importer:
    """What a request says of who imports."""

    vat_recoverable: bool = False
    cbec_used: Money | None = None
    late: Lateness = field(default_factory=Lateness)


class ImporterIn(Strict):
    """Who imports."""

    vat_recoverable = Flag(metadata={"description": "The importer deducts the import VAT as input tax."})
    cbec_used = fields.Nested(
        MoneyIn(),
        metadata={"description": "What the buyer has bought by cross-border e-commerce this year, before this order."},
    )
    late_days = Whole(
        MOST_DAYS,
        metadata={
            "description": "Days by which the taxes are paid after the last day for paying them; not beside `paid_on`.",
            "examples": [10],
        },
    )
    paid_on = Day(metadata={"description": "The day on which the taxes are paid; the days that are late follow."})
    counts_first_day = Flag(
        metadata={"description": "The day of the declaration is the first day of the period of payment, as some count."}
    )
    late_declaration_days = Whole(
        MOST_DAYS,
        metadata={
            "description": "Days by which the goods are declared after the last day for declaring them.",
            "examples": [3],
        },
    )

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def told_once(self, data: dict[str, Any], original: object, **_: object) -> None:
        """Refuse two ways of saying how late the payment is: they could disagree."""
        if isinstance(original, dict) and {"late_days", "paid_on"} <= original.keys():
            raise ValidationError([Unreadable("late_days_and_paid_on", "/paid_on", ("late_days", "paid_on"))])

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Importer:
        late = Lateness(
            payment_days=data.get("late_days"),
            paid_on=data.get("paid_on"),
            counts_first_day=data.get("counts_first_day", False),
            declaration_days=data.get("late_declaration_days"),
        )
        return Importer(data.get("vat_recoverable", False), data.get("cbec_used"), late)


def paid_before(importer: object, declared_on: date) -> bool:
    """Whether the taxes are said to be paid on a day before the declaration; no matter where the day was not read."""
    return isinstance(importer, Importer) and importer.late.paid_on is not None and importer.late.paid_on < declared_on
