"""Which trade-remedy duties fall on a line of goods: the user's own, or those that the tables know to be collected."""

from dataclasses import dataclass, field
from decimal import Decimal

from calculator.dossier import LineDossier
from calculator.duty import trade_remedy
from calculator.errors import Unpriceable
from calculator.measuring import quantity_in
from calculator.plan import Fact
from calculator.request import GoodsLine
from calculator.rules import Rule, sum_of
from calculator.tariff_line import AdValorem, Compound, DutyRate, Row, Specific

# The forms that a trade remedy may have, as a request writes them.
WRITTEN = ("13.5%", "0.8 CNY/kg", "20% + 1 CNY/kg")


@dataclass(frozen=True, slots=True)
class RemedyPlan:
    """The rules and facts of the trade remedies of a line; `share` is the sum of those by value, `zero` why there is none.

    `by_value`: none of them is reckoned by quantity.
    """

    rules: tuple[Rule, ...] = ()
    facts: dict[str, Fact] = field(default_factory=dict)
    share: Decimal = Decimal(0)
    zero: str = ""
    by_value: bool = True


@dataclass(frozen=True, slots=True)
class _Remedy:
    """One duty that applies: its name in the walk, its rate, the row that says so (None: the user), and its place."""

    name: str
    kind: str
    duty: DutyRate
    row: Row | None
    pointer: str


def planned(line: GoodsLine, found: LineDossier, pointer: str) -> RemedyPlan:
    """The trade-remedy duties of a line, the user's own before the table's, and the sum of their shares."""
    given = line.tariff.trade_remedies if line.tariff is not None else None
    remedies = _stated(line, pointer) if given is not None else _collected(found, pointer)
    rules: list[Rule] = []
    facts: dict[str, Fact] = {}
    for remedy in remedies:
        figures = _figures(remedy, line, found, pointer)
        names = {f"remedy_{figure}": f"{remedy.name}_{figure}" for figure in ("rate", "quantity", "per_unit")}
        lacking = [place for place, source in names.items() if source not in figures]
        rules.append(trade_remedy.without(*lacking).renamed(remedy.name, **names))
        facts |= figures
    if not rules:
        return RemedyPlan(zero="none_stated_by_user" if given is not None else "none_in_force")
    rules.append(sum_of("trade_remedies", [each.name for each in rules], shown="never"))
    share = sum((each.duty.rate for each in remedies if isinstance(each.duty, AdValorem)), Decimal(0))
    return RemedyPlan(tuple(rules), facts, share, by_value=all(isinstance(each.duty, AdValorem) for each in remedies))


def _stated(line: GoodsLine, pointer: str) -> list[_Remedy]:
    """What the request states; a deposit under provisional measures (art. 17) is named one."""
    given = line.tariff.trade_remedies if line.tariff is not None else None
    return [
        _Remedy(
            f"{'deposit' if remedy.deposit else 'remedy'}:{remedy.kind.value}:{place}",
            remedy.kind.value,
            remedy.duty,
            None,
            f"{pointer}/tariff/trade_remedies/{place}/duty",
        )
        for place, remedy in enumerate(given or ())
    ]


def _collected(found: LineDossier, pointer: str) -> list[_Remedy]:
    """What the tables know to be collected. Raises Unpriceable where a rate is not known: it is never left out."""
    remedies = []
    for place, measure in enumerate(found.remedies):
        kind = measure.kind.value
        if measure.rate is None:
            raise Unpriceable(
                "trade_remedy_rate_unknown",
                f"{pointer}/tariff/trade_remedies",
                ("[]", '[{"kind": "anti_dumping", "duty": "13.5%"}]'),
                kind=kind,
                part=measure.part,
                note=measure.row.note,
            )
        remedies.append(_Remedy(f"remedy:{kind}:{place}", kind, measure.rate, measure.row, f"{pointer}/hs_code"))
    return remedies


def _figures(remedy: _Remedy, line: GoodsLine, found: LineDossier, pointer: str) -> dict[str, Fact]:
    """The figures of one duty by name."""

    def figure(value: Decimal, unit: str = "", share: bool = False) -> Fact:
        if remedy.row is None:
            return Fact.of_request(value, remedy.pointer, unit, share)
        return Fact.of_row(value, remedy.row, remedy.kind, unit, share)

    facts: dict[str, Fact] = {}
    duty = remedy.duty
    if isinstance(duty, AdValorem | Compound):
        facts[f"{remedy.name}_rate"] = figure(duty.rate, share=True)
    if isinstance(duty, Specific | Compound):
        facts[f"{remedy.name}_per_unit"] = figure(duty.amount, f"CNY/{duty.unit}")
        facts[f"{remedy.name}_quantity"] = quantity_in(duty.unit, line, found, pointer, "trade_remedies")
    if not facts:
        raise Unpriceable("duty_form_unknown", remedy.pointer, WRITTEN, form=type(duty).__name__)
    return facts
