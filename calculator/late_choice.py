"""Whether a consignment came late, by how many days, and the rules that reckon what that costs (Customs Tariff Law art. 43)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from calculator.allocation import part, whole
from calculator.desk import Desk
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.legs import Legs
from calculator.plan import Fact, OpenPoint
from calculator.request import QuoteRequest
from calculator.rules import Rule, sum_of
from calculator.surcharges import late_declaration, late_declaration_waiver, late_payment, late_payment_waiver

# Until then the period of payment ran from the issue of the payment notice, which no request tells.
LAST_DAY_OF_NOTICES = date(2024, 11, 30)
# What is due of each tax, by the tax.
# The open point of whether small surcharges are collected.
LEAST = "late_payment_minimum"
ZERO = Decimal(0)
DUE = {
    "customs_duty": "customs_duty_due",
    "trade_remedies": "trade_remedies",
    "consumption_tax": "consumption_tax_due",
    "vat": "vat_due",
}
VALUE = {"running_weight": "running_customs_value", "weight": "customs_value", "total_weight": "total_customs_value"}


def late(
    request: QuoteRequest, dossier: Dossier, legs: Legs, remedies: bool, shared: dict[str, Fact], desk: Desk
) -> tuple[Rule, ...]:
    """The rules of what came late, their figures laid beside the consignment's and their amounts among its charges."""
    rules: list[Rule] = []
    days = _days_of_payment(request, dossier, desk)
    if days is not None:
        shared["late_days"] = days
        shared["late_payment_rate"] = Fact.of_parameter(dossier.parameter("late_payment_surcharge"), share=True)
        least = dossier.parameter("late_payment_minimum")
        point = OpenPoint(
            LEAST,
            "late_payment_minimum_unverified",
            "/importer",
            2,
            fixed=True,
            facts={"limit": least.value},
            bounds=(f"table:{least.row.table}/{least.name}",),
        )
        collected = bool(least.row.confidence == "C" and desk.answer(point))
        shared["late_payment_minimum"] = replace(Fact.of_parameter(least), value=ZERO if collected else least.value)
        for tax, due in DUE.items():
            if tax != "trade_remedies" or remedies:
                name, waiver = f"late_payment:{tax}", f"late_payment_waiver:{tax}"
                rules.append(late_payment.renamed(name, tax=f"total_{due}"))
                rules.append(late_payment_waiver.renamed(waiver, surcharge=name))
                rules.append(_charged(f"late_payment_due:{tax}", name, waiver, legs, len(request.goods)))
    if request.late.declaration_days is not None:
        where = "/importer/late_declaration_days"
        shared["late_declaration_days"] = Fact.of_request(Decimal(request.late.declaration_days), where, "day")
        rate = dossier.parameter("late_declaration_rate")
        shared["late_declaration_rate"] = Fact.of_parameter(rate, share=True)
        shared["late_declaration_minimum"] = Fact.of_parameter(dossier.parameter("late_declaration_minimum"))
        rules += [late_declaration, late_declaration_waiver]
        rules.append(
            _charged(
                "late_declaration_due", late_declaration.name, late_declaration_waiver.name, legs, len(request.goods)
            )
        )
    return tuple(rules)


def refuse_late(request: QuoteRequest, regime: str) -> None:
    """Retail and post are taxed on release: there is nothing to be late with."""
    late = request.late
    for field, given in (
        ("late_days", late.payment_days),
        ("paid_on", late.paid_on),
        ("late_declaration_days", late.declaration_days),
    ):
        if given is not None:
            raise Unpriceable("not_in_regime", f"/importer/{field}", ("general_trade",), field=field, regime=regime)


def _charged(name: str, amount: str, waiver: str, legs: Legs, lines: int) -> Rule:
    """What is collected of a surcharge, shared over the lines by customs value as a charge at destination."""
    share = part.renamed(f"{name}#part", cost=name, **VALUE) if lines > 1 else whole.renamed(f"{name}#part", cost=name)
    legs.shares.append(share)
    legs.parts["destination_charges"].append(share.name)
    if not [each for each in legs.parts["destination_charges"] if not each.startswith("late_")]:
        legs.zeros["destination_charges"] = "too_small_to_be_collected"
    return sum_of(name, [amount, waiver], shown="never")


def _days_of_payment(request: QuoteRequest, dossier: Dossier, desk: Desk) -> Fact | None:
    """The days after the last day of payment, the day of payment among them; stated, or counted from the day of payment."""
    late = request.late
    if late.payment_days is not None:
        return Fact.of_request(Decimal(late.payment_days), "/importer/late_days", "day")
    if late.paid_on is None or dossier.payment_due is None:
        return None
    due = dossier.payment_due
    desk.assume("payment_due_on", "/importer/paid_on", due=due)
    if request.declared_on <= LAST_DAY_OF_NOTICES:
        desk.warn("payment_notice_on_declaration_day", "/importer/paid_on")
    return Fact.of_request(Decimal(max((late.paid_on - due).days, 0)), "/importer/paid_on", "day")
