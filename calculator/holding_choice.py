"""Which costs of holding the goods a request asks for, with their figures: its own, or those of the tables of the way."""

from decimal import Decimal

from calculator.desk import Desk
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.holding import holding_finance, holding_loss, holding_plug, holding_store
from calculator.logistics import CHILLED_C, Charge
from calculator.plan import Fact
from calculator.request import Holding, QuoteRequest
from calculator.rules import Pass, Rule, sum_of

# The charges of the tables that a day in store and a day at a plug cost.
STORE, PLUG = "cn_cold_store", "cn_reefer_plug"
TOTAL = "cost_of_ownership"
FROZEN_C = Decimal(-5)


def holding_passes(
    request: QuoteRequest, dossier: Dossier, shared: dict[str, Fact], currencies: set[str], desk: Desk
) -> tuple[Pass, ...]:
    """The rules of what is held, after the landed cost; none where the request asks for nothing. Raises Unpriceable."""
    held = request.holding
    if held is None:
        return ()
    rules: list[Rule] = []
    if held.rate is not None:
        shared["finance_rate"] = Fact.of_request(held.rate, "/holding/finance_rate", share=True)
        shared["finance_days"] = _days(held, dossier)
        shared["finance_year"] = Fact.of_request(Decimal(held.year), "/holding/year", "day")
        rules.append(holding_finance)
    for name, days, code, rule in (
        ("store", held.store_days, STORE, holding_store),
        ("plug", held.plug_days, PLUG, holding_plug),
    ):
        if days:
            charge = _charge(dossier, code, f"/holding/{'storage' if name == 'store' else name}_days")
            unit = f"{charge.currency}/{charge.basis}"
            shared[f"{name}_rate"] = Fact.of_row(charge.amount, charge.row, code, unit)
            shared[f"{name}_days"] = Fact.of_request(Decimal(days), "/holding", "day")
            currencies.add(charge.currency)
            rules.append(rule.renamed(rule.name, rate=f"market_rate:{charge.currency}"))
    if held.loss is not None:
        shared["loss_share"] = Fact.of_request(held.loss, "/holding/loss", share=True)
    elif held.usual_loss:
        shared["loss_share"] = _usual_loss(dossier, desk)
    if "loss_share" in shared:
        rules.append(holding_loss)
    rules.append(sum_of(TOTAL, ["landed_cost", *(rule.name for rule in rules)]))
    return (Pass(tuple(rules)),)


def _usual_loss(dossier: Dossier, desk: Desk) -> Fact:
    """The higher end of what goods of their kind usually lose, of several kinds the highest."""
    ranges = []
    for number, found in enumerate(dossier.lines):
        if found.package is None:
            raise Unpriceable("usual_loss_unknown", "/holding/loss", ("3%",), goods=number)
        ranges.append(dossier.losses[_kind(found.package.temperature_max_c)])
    highest = max(ranges, key=lambda each: each.high)
    desk.assume("usual_loss", "/holding/loss", low=highest.low, rate=highest.high)
    return Fact.of_row(highest.high, highest.row, highest.kind, share=True)


def _kind(warmest: Decimal | None) -> str:
    """Fresh, frozen or other, by how warm the goods may become."""
    if warmest is None or warmest > CHILLED_C:
        return "other"
    return "frozen" if warmest <= FROZEN_C else "fresh"


def _days(held: Holding, dossier: Dossier) -> Fact:
    """The days stated, else the usual ones of the lane."""
    if held.days is not None:
        return Fact.of_request(held.days, "/holding/finance_days", "day")
    lane = dossier.route.lane if dossier.route is not None else None
    if lane is None or lane.days_typical is None:
        raise Unpriceable("days_missing", "/holding/finance_days", ("30",))
    return Fact.of_row(lane.days_typical, lane.row, f"{lane.origin}-{lane.destination}", "day")


def _charge(dossier: Dossier, code: str, pointer: str) -> Charge:
    charges = dossier.route.charges if dossier.route is not None else ()
    found = next((each for each in charges if each.code == code), None)
    if found is None and dossier.route is not None:
        raise Unpriceable("no_such_charge", pointer, (), mode=dossier.route.rule.mode)
    if found is None:
        raise Unpriceable("route_needed", pointer, ())
    return found
