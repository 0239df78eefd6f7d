"""The months of a consignment as they are told: what each comes to, or in plain words why not, and which rates changed."""

from collections.abc import Iterable, Iterator, Sequence

from api.answers import line_rates, refusal_told
from api.wording import Wording, percent, plain
from api.writing import Json, money
from calculator.errors import NotInForce, Unpriceable
from calculator.monthly import Month
from calculator.plan import PlannedLine, Remark
from calculator.quote import Quote

RATES = ("customs_duty", "basis", "trade_remedies", "consumption_tax", "vat", "postal_articles_tax")
# Duties of trade remedies, and the deposits that come before them.
REMEDIES = ("remedy:", "deposit:")


def told_months(months: Iterable[Month], wording: Wording) -> Iterator[tuple[Month, Json]]:
    """Month by month, with the rates that are others than in the month before that could be priced."""
    before: Sequence[Json] | None = None
    for month in months:
        on, quote = month.declared_on.isoformat(), month.quote
        if quote is None:
            reason = month.refusal and month_reason(month.refusal, wording)
            yield month, {"declared_on": on, "landed_cost": None, "reason": reason, "changed": []}
            continue
        rates = [_rates(quote, planned) for planned in quote.choice.plan.lines]
        yield (
            month,
            {
                "declared_on": on,
                "landed_cost": money(f"{quote.totals['landed_cost']}"),
                "reason": None,
                "changed": list(_changed(before or rates, rates)),
            },
        )
        before = rates


def month_reason(refusal: Unpriceable, wording: Wording) -> Json:
    """Why a month cannot be told: where rows are missing, what they would say and from when on there are some."""
    told = refusal_told(refusal, wording)
    if not isinstance(refusal, NotInForce):
        return told
    facts = refusal.facts
    if refusal.code == "no_exchange_rate":
        pair = facts.get("key") if "/" in f"{facts.get('key')}" else None
        remark = Remark("month_without_exchange_rate", "", {**facts, "pair": pair})
    else:
        figure = next(
            (name for name in (f"{facts.get('key')}", f"table:{facts.get('table')}") if wording.knows(name)), ""
        )
        known = facts.get("covered_from") is not None
        remark = Remark(
            "month_before_the_tables" if known else "month_not_in_the_tables", "", {**facts, "figure": figure}
        )
    return told | {"text": wording.text(remark)}


def rates_in_words(changed: Sequence[Json]) -> str:
    """What changed, in a cell."""
    return "; ".join(f"{each['what']} {each['from'] or ''} → {each['to'] or ''}" for each in changed)


def _rates(quote: Quote, planned: PlannedLine) -> Json:
    return {"trade_remedies": _remedies(planned)} | line_rates(quote, planned)


def _remedies(planned: PlannedLine) -> str | None:
    """The trade-remedy duties of a line, added up as they are written; None where there is none."""
    facts = [(name, fact) for name, fact in planned.facts.items() if name.startswith(REMEDIES)]
    shares = [percent(fact.value) for name, fact in facts if name.endswith("_rate")]
    amounts = [f"{plain(fact.value)} {fact.unit}" for name, fact in facts if name.endswith("_per_unit")]
    return " + ".join((*shares, *amounts)) or None


def _changed(before: Sequence[Json], after: Sequence[Json]) -> Iterator[Json]:
    for number, (one, other) in enumerate(zip(before, after, strict=True)):
        for name in RATES:
            if one.get(name) != other.get(name):
                yield {"what": name, "goods": number, "from": one.get(name), "to": other.get(name)}
