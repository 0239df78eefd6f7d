"""Which trade-remedy duties fall on a line of goods: the user's own, or those that the tables know to be collected."""

from dataclasses import dataclass
from decimal import Decimal

from calculator.dossier import LineDossier
from calculator.duty import customs_duty
from calculator.errors import Unpriceable
from calculator.measuring import quantity_in
from calculator.plan import Fact
from calculator.request import GoodsLine
from calculator.rules import Rule, sum_of
from calculator.tariff_line import AdValorem, Compound, DutyRate, Row, Specific


@dataclass(frozen=True, slots=True)
class RemedyPlan:
    """The rules and facts of the trade remedies of a line; `share` is the sum of those by value, `zero` why there is none."""

    rules: tuple[Rule, ...]
    facts: dict[str, Fact]
    share: Decimal
    zero: str


def planned(line: GoodsLine, found: LineDossier, pointer: str) -> RemedyPlan:
    """The trade-remedy duties of a line, the user's own before the table's, and the sum of their shares."""
    given = line.tariff.trade_remedies if line.tariff is not None else None
    stated: list[tuple[str, DutyRate, Row | None, str]] = []
    if given is not None:
        for place, remedy in enumerate(given):
            stated.append((remedy.kind.value, remedy.duty, None, f"{pointer}/tariff/trade_remedies/{place}/duty"))
    else:
        for measure in found.remedies:
            if measure.rate is None:
                raise Unpriceable(
                    "trade_remedy_rate_unknown",
                    f"{pointer}/tariff/trade_remedies",
                    ("[]", '[{"kind": "anti_dumping", "duty": "13.5%"}]'),
                    kind=measure.kind.value,
                    part=measure.part,
                    note=measure.row.note,
                )
            stated.append((measure.kind.value, measure.rate, measure.row, f"{pointer}/hs_code"))
    rules: list[Rule] = []
    facts: dict[str, Fact] = {}
    shares = Decimal(0)
    for place, (kind, duty, row, where) in enumerate(stated):
        name = f"remedy:{kind}:{place}"
        match duty:
            case AdValorem():
                amounts = {"rate": (duty.rate, "", True)}
                shares += duty.rate
            case Specific():
                amounts = {"per_unit": (duty.amount, f"CNY/{duty.unit}", False)}
            case Compound():
                amounts = {"rate": (duty.rate, "", True), "per_unit": (duty.amount, f"CNY/{duty.unit}", False)}
            case _:
                raise Unpriceable("duty_form_unknown", where, (), form=type(duty).__name__)
        for figure, (value, unit, share) in amounts.items():
            facts[f"{name}_{figure}"] = (
                Fact.of_row(value, row, kind, unit, share)
                if row is not None
                else Fact.of_request(value, where, unit, share)
            )
        if not isinstance(duty, AdValorem):
            facts[f"{name}_quantity"] = quantity_in(duty.unit, line, found, pointer, "trade_remedies")
        names = {f"duty_{figure}": f"{name}_{figure}" for figure in ("rate", "quantity", "per_unit")}
        lacking = [place for place, source in names.items() if source not in facts]
        rules.append(customs_duty.without(*lacking).renamed(name, **names))
    if rules:
        rules.append(sum_of("trade_remedies", [each.name for each in rules], shown="never"))
    zero = "" if rules else "none_stated_by_user" if given is not None else "none_in_force"
    return RemedyPlan(tuple(rules), facts, shares, zero)
