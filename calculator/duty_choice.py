"""Which duty of the tariff applies to a line of goods, article by article, and why (Customs Tariff Law arts. 10 to 20).

Choosing looks at names and dates only; amounts are the walk's.
"""

from dataclasses import dataclass
from decimal import Decimal

from calculator.dossier import LineDossier
from calculator.duty import customs_duty, duty_by_value, lower_duty, sliding_duty, sliding_rate
from calculator.errors import NotInForce, Unpriceable
from calculator.measuring import quantity_in
from calculator.plan import Alternative, Fact
from calculator.request import GoodsLine
from calculator.rules import Rule
from calculator.tariff_line import (
    AdValorem,
    ByValue,
    Compound,
    DutyRate,
    LowerOf,
    Measure,
    MeasureKind,
    Sliding,
    Specific,
)

LAW = "cn-customs-tariff-law-2024"
# Countries whose goods take the MFN rate are asked for by name; of any other origin the law wants the general rate.
MFN_ORIGINS = frozenset({"MX"})
# Parts of a line that are opened by a certificate rather than by what the good is.
PART_CLAIMS = {"sliding quota": "no_sliding_quota_claimed"}


@dataclass(frozen=True, slots=True)
class ChosenDuty:
    """The duty of a line: its rate, the column it stands in, its row's facts, and the rates passed over."""

    rate: DutyRate
    basis: str
    measure: Measure | None
    alternatives: tuple[Alternative, ...]
    ended: Measure | None = None


def applicable_duty(
    line: GoodsLine, found: LineDossier, number: int, pointer: str, ended_applies: bool = False
) -> ChosenDuty:
    """The duty that applies to a line on the day of declaration.

    `ended_applies` answers the question whether a provisional rate that has ended goes on (it is open until known).
    """
    if line.tariff is not None and line.tariff.duty is not None:
        columns_passed = tuple(
            _passed(each, "user_rate", "art. 12", number) for each in found.measures if _is_column(each)
        )
        return ChosenDuty(line.tariff.duty, "user", None, columns_passed)
    columns = {each.kind: each for each in found.measures if not each.part}
    parts = tuple(
        _passed(each, PART_CLAIMS.get(each.part, "part_not_claimed"), "art. 13", number)
        for each in found.measures
        if each.part
    )
    if line.origin not in MFN_ORIGINS:
        return _general(columns, parts, number, pointer)
    mfn = columns.get(MeasureKind.MFN)
    provisional = columns.get(MeasureKind.PROVISIONAL)
    ended = found.ended[0] if found.ended and provisional is None else None
    if ended is not None and ended_applies:
        provisional = ended
    chosen = provisional or mfn
    if chosen is None:
        raise NotInForce(
            "no_duty_rate",
            f"{pointer}/hs_code",
            (),
            table="customs-schedule",
            key=_code(found),
            covered_from=found.covered_from,
        )
    passed: list[Alternative] = []
    if chosen is provisional and mfn is not None:
        passed.append(_passed(mfn, "provisional_replaces_mfn", "art. 13", number))
    if ended is not None and not ended_applies:
        passed.append(_passed(ended, "provisional_ended", "art. 13", number))
    for kind, because, article in (
        (MeasureKind.TARIFF_QUOTA, "no_quota_certificate_claimed", "art. 14"),
        (MeasureKind.QUOTA_PROVISIONAL, "no_quota_certificate_claimed", "art. 14"),
        (MeasureKind.GENERAL, "mfn_origin", "art. 12"),
    ):
        if kind in columns:
            passed.append(_passed(columns[kind], because, article, number))
    basis = "provisional" if chosen is provisional else "mfn"
    return ChosenDuty(_known(chosen, pointer), basis, chosen, (*passed, *parts), ended)


def _general(
    columns: dict[MeasureKind, Measure], parts: tuple[Alternative, ...], number: int, pointer: str
) -> ChosenDuty:
    general = columns.get(MeasureKind.GENERAL)
    if general is None:
        raise NotInForce(
            "no_duty_rate", f"{pointer}/origin", (), table="customs-schedule", key="general", covered_from=None
        )
    passed = [
        _passed(each, "origin_unknown", "art. 12", number)
        for kind, each in columns.items()
        if kind in (MeasureKind.MFN, MeasureKind.PROVISIONAL)
    ]
    return ChosenDuty(_known(general, pointer), "general", general, (*passed, *parts))


def _is_column(measure: Measure) -> bool:
    return not measure.part and measure.kind in (MeasureKind.MFN, MeasureKind.PROVISIONAL)


def _passed(measure: Measure, because: str, article: str, number: int) -> Alternative:
    return Alternative(measure.kind.value, measure.rate, because, f"{LAW} {article}", number, measure.part)


def _known(measure: Measure, pointer: str) -> DutyRate:
    if measure.rate is None:
        raise Unpriceable("duty_rate_unread", f"{pointer}/tariff/duty", (), kind=measure.kind.value)
    return measure.rate


def _code(found: LineDossier) -> str:
    return found.tariff_line.hs_code if found.tariff_line is not None else ""


@dataclass(frozen=True, slots=True)
class DutyPlan:
    """The rules and facts that a duty of some form brings into the walk."""

    rules: tuple[Rule, ...]
    facts: dict[str, Fact]
    zero: str


def planned(chosen: ChosenDuty, line: GoodsLine, found: LineDossier, pointer: str) -> DutyPlan:
    """The rules of the form of a duty (art. 23), with its figures by name."""
    row = chosen.measure.row if chosen.measure is not None else None

    def figure(value: Decimal, unit: str = "", share: bool = False) -> Fact:
        if row is None:
            return Fact.of_request(value, f"{pointer}/tariff/duty", unit, share)
        return Fact.of_row(value, row, _code(found), unit, share)

    def quantity(unit: str) -> Fact:
        return quantity_in(unit, line, found, pointer, "duty")

    rate = chosen.rate
    match rate:
        case AdValorem():
            rules: tuple[Rule, ...] = (customs_duty.without("duty_quantity", "duty_per_unit"),)
            return DutyPlan(rules, {"duty_rate": figure(rate.rate, share=True)}, "" if rate.rate else "zero_rate")
        case Specific():
            facts = {"duty_quantity": quantity(rate.unit), "duty_per_unit": figure(rate.amount, f"CNY/{rate.unit}")}
            return DutyPlan((customs_duty.without("duty_rate"),), facts, "" if rate.amount else "zero_rate")
        case Compound():
            facts = {
                "duty_rate": figure(rate.rate, share=True),
                "duty_quantity": quantity(rate.unit),
                "duty_per_unit": figure(rate.amount, f"CNY/{rate.unit}"),
            }
            return DutyPlan((customs_duty,), facts, "")
        case LowerOf(AdValorem() as by_value, Specific() as by_quantity) | LowerOf(
            Specific() as by_quantity, AdValorem() as by_value
        ):
            facts = {
                "duty_rate": figure(by_value.rate, share=True),
                "duty_quantity": quantity(by_quantity.unit),
                "duty_per_unit": figure(by_quantity.amount, f"CNY/{by_quantity.unit}"),
            }
            return DutyPlan((lower_duty,), facts, "")
        case ByValue(below=AdValorem() as below, above=Compound() as above):
            facts = {
                "value_threshold": figure(rate.threshold, f"{rate.currency}/{rate.unit}"),
                "threshold_quantity": quantity(rate.unit),
                "duty_rate_below": figure(below.rate, share=True),
                "duty_rate": figure(above.rate, share=True),
                "duty_quantity": quantity(above.unit),
                "duty_per_unit": figure(above.amount, f"CNY/{above.unit}"),
            }
            at_rate = duty_by_value.renamed("customs_duty", threshold_rate=f"customs_rate:{rate.currency}")
            return DutyPlan((at_rate,), facts, "")
        case Sliding():
            facts = {
                "sliding_a": figure(rate.a),
                "sliding_b": figure(rate.b, share=True),
                "sliding_threshold": figure(rate.threshold, f"CNY/{rate.unit}"),
                "sliding_cap": figure(rate.cap, share=True),
                "duty_quantity": quantity(rate.unit),
                "duty_per_unit": figure(rate.at_or_above, f"CNY/{rate.unit}"),
            }
            return DutyPlan((sliding_rate, sliding_duty), facts, "")
    raise Unpriceable("duty_form_unknown", f"{pointer}/tariff/duty", (), form=type(rate).__name__)
