"""Which rows of the tables a quote used: those whose figures entered the walk, and those that decided between them.

A figure counts where a rule of the plan reads it, or a limit is held against it. So does a row that decided: the origin that
opens a column, the class of VAT, the category of the consumption tax (also one that asks nothing), the good that stands for
a code. Where a point is open, or the cheapest regime was asked for, the rows behind every answer count, for each of them makes
the range or the choice. A row that was looked at and left (the MFN rate that a provisional one replaces, a part that nobody
claimed, what the market asks besides taxes, names) does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from calculator.choices import Choice, chosen
from calculator.dossier import LineDossier
from calculator.errors import Unpriceable
from calculator.plan import Fact, Plan, PlannedLine
from calculator.quote import Quote
from calculator.rails import Rail
from calculator.request import GoodsLine
from calculator.spread import POINT_OF, WAIVERS
from calculator.tariff_line import Measure, MeasureKind, Sliding
from calculator.way import CBEC_RETAIL, POSTAL_ARTICLES

SLIDING = "sliding_quota"
COLUMNS = frozenset(kind.value for kind in MeasureKind) | {SLIDING}
WAIVED = {
    "duty_waiver_limit": "customs_duty",
    "consumption_tax_waiver_limit": "consumption_tax",
    "vat_waiver_limit": "vat",
}
OF_LOWER = "a_lower_rate_applies"


@dataclass(frozen=True, slots=True)
class UsedRow:
    """A row that was used: the part of the tables it stands in, and the cells that tell it from others, by their columns."""

    part: str
    cells: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, part: str, /, **cells: object) -> "UsedRow":
        """A row by some of its cells."""
        return cls(part, tuple((name, f"{cell}") for name, cell in cells.items()))


def choices_of(quote: Quote) -> Iterator[Choice]:
    """What was chosen for a quote, for every way in that it was compared with and every answer to what is open."""
    dossier = quote.dossier
    priced = [(way.reckoned.request, way.reckoned.choice, way.reckoned.walked) for way in quote.ways if way.reckoned]
    for request, choice, walked in (*priced, (quote.request, quote.choice, quote.walked)):
        yield choice
        waived = {POINT_OF[step.rule.name] for step in walked.steps if step.rule.name in POINT_OF and step.value != 0}
        if request.regime != choice.plan.regime:
            continue  # the cheapest, which is among the ways
        for point in choice.plan.open_points:
            if point.key in WAIVERS and point.key not in waived:
                continue
            for answer in range(point.answers):
                try:
                    yield chosen(request, dossier, {point.key: answer})
                except Unpriceable:
                    continue


def rows_of(choice: Choice) -> frozenset[UsedRow]:
    """The rows behind what was chosen."""
    plan, request = choice.plan, choice.request
    found: set[UsedRow] = set()
    read = _read(plan)
    facts: list[tuple[str, Fact, int | None]] = [(name, fact, None) for name, fact in plan.shared.items()]
    for number, line in enumerate(plan.lines):
        goods, rows = request.goods[number], choice.dossier.lines[number]
        facts += [(name, fact, number) for name, fact in line.facts.items()]
        found |= set(_deciding(plan, line, number, goods, rows))
    for name, fact, at in facts:
        if fact.table and name in read:
            found |= set(_behind(choice, name, fact, at))
    chosen_rail = plan.paying.rail.code if plan.paying is not None else ""
    for rail in choice.dossier.rails:
        if rail.code != chosen_rail:
            found |= set(_compared(rail))
    return frozenset(found)


def _compared(rail: Rail) -> Iterator[UsedRow]:
    """The rows of a way of paying that is told beside the chosen one, with what every payment by it is asked."""
    yield UsedRow.of("rails", code=rail.code)
    for fee in rail.fees:
        if fee.usual and fee.row is not None:
            first = fee.row.validity.valid_from
            yield UsedRow.of("rail-fees", rail=rail.code, code=fee.code, valid_from=first, usual="yes")


def _read(plan: Plan) -> frozenset[str]:
    """The names that the rules of a plan read, and those that its limits are held against."""
    rules = [
        rule for each in plan.passes for rule in (*each.consignment, *(rule for line in each.lines for rule in line))
    ]
    names = {name for rule in rules for name in rule.inputs} | {limit.figure for limit in plan.limits}
    # A limit up to which a tax is waived is nothing to goods of which none bears it.
    names -= {limit for limit, tax in WAIVED.items() if all(line.zeros.get(tax) for line in plan.lines)}
    return frozenset(names | {name.partition("_")[2] for name in names if name.startswith(("total_", "running_"))})


def _deciding(plan: Plan, planned: PlannedLine, number: int, line: GoodsLine, found: LineDossier) -> Iterator[UsedRow]:
    """The rows that decide what a line of goods pays."""
    code = planned.hs_code
    if found.product is not None and not line.hs_code and code:
        yield UsedRow.of("products", slug=found.product.slug)
    if planned.basis in COLUMNS:
        measures = (*found.measures, *found.ended, *(found.before.measures if found.before else ()))
        yield from (_measure(code, each) for each in measures if _is_basis(each, planned))
        for left in plan.alternatives:
            if left.line == number and left.because == OF_LOWER:
                same = (each for each in found.measures if each.kind.value == left.kind and each.part == left.part)
                yield from (_measure(code, each) for each in same)
        if found.origin is not None:
            yield UsedRow.of("origins", code=found.origin.code, valid_from=found.origin.row.validity.valid_from)
    if planned.vat is not None:
        rates = (*found.vat, *(found.before.vat if found.before else ()))
        for each in rates:
            if each.rate == planned.vat:
                yield UsedRow.of("vat-lines", hs_code=code)
                yield UsedRow(
                    "vat-rates", (("class", each.category), ("valid_from", f"{each.row.validity.valid_from}"))
                )
    if planned.excise:
        for case in (*found.excise, *(found.before.excise if found.before else ())):
            if case.excise.category == planned.excise:
                first = case.excise.row.validity.valid_from
                yield UsedRow.of("consumption-tax", category=planned.excise, valid_from=first)
                yield UsedRow.of(
                    "consumption-tax-lines", prefix=code, category=planned.excise, condition=case.condition
                )
    stated = line.tariff is not None and line.tariff.cbec is not None
    if plan.regime == CBEC_RETAIL and found.listing is not None and not stated:
        yield UsedRow.of("cbec-list", hs_code=code)
    if plan.regime == POSTAL_ARTICLES:
        rates_used = {
            fact.origin.rpartition("/")[2] for fact in planned.facts.values() if "/postal_rate_" in fact.origin
        }
        for post in found.postal:
            if post.rate in rates_used:
                first = post.row.validity.valid_from
                named = UsedRow.of("postal-articles", condition=post.condition, valid_from=first, prefixes=code)
                yield UsedRow(named.part, (("class", post.code), *named.cells))


def _is_basis(measure: Measure, planned: PlannedLine) -> bool:
    if planned.basis == SLIDING:
        return isinstance(measure.rate, Sliding) and measure.rate == planned.duty
    return measure.kind.value == planned.basis and measure.rate == planned.duty


def _measure(code: str, each: Measure) -> UsedRow:
    return UsedRow.of(
        "customs-schedule",
        hs_code=code,
        measure=each.kind.value,
        part=each.part,
        origins=" ".join(each.origins),
        valid_from=each.row.validity.valid_from,
    )


def _behind(choice: Choice, name: str, fact: Fact, at: int | None) -> Iterator[UsedRow]:
    """The rows in which a figure of the walk stands, but for those that decide."""
    table, key = fact.table, fact.origin.partition("/")[2]
    route = choice.dossier.route
    match table:
        case "import-taxes":
            yield UsedRow.of(table, parameter=key, valid_from=fact.on)
        case "trade-remedies" if at is not None:
            place = int(name.split(":")[2].partition("_")[0])
            each = choice.dossier.lines[at].remedies[place]
            yield UsedRow.of(
                table,
                hs_code=choice.plan.lines[at].hs_code,
                measure=each.kind.value,
                part=each.part,
                origin=" ".join(each.origins),
                valid_from=each.row.validity.valid_from,
            )
        case "products" if at is not None:
            product = choice.dossier.lines[at].product
            if product is not None:
                yield UsedRow.of("packages", product=product.slug, package=key)
        case "charges" if route is not None:
            equipment = route.equipment.code if route.equipment else ""
            yield UsedRow.of(table, code=key, modes=route.rule.mode, equipment=equipment, valid_from=fact.on)
        case "freight-rates" if route is not None:
            rate = route.rates[0]
            yield UsedRow(
                table,
                (
                    *(("mode", rate.mode), ("from", route.origin.code), ("to", route.destination.code)),
                    *(("equipment", rate.equipment), ("basis", rate.basis), ("currency", rate.currency)),
                    *(("carrier", rate.carrier), ("valid_from", f"{fact.on}")),
                ),
            )
        case "transport-modes":
            yield UsedRow.of(table, mode=key, valid_from=fact.on)
        case "equipment":
            yield UsedRow.of(table, code=key)
        case "losses":
            yield UsedRow.of(table, kind=key, valid_from=fact.on)
        case "lanes" if route is not None and route.lane is not None:
            lane = route.lane
            yield UsedRow(table, (("mode", lane.mode), ("from", lane.origin), ("to", lane.destination)))
        case "payment-rails":
            rail, _, fee = key.partition("/")
            yield UsedRow.of("rails", code=rail)
            if fee:
                yield UsedRow.of("rail-fees", rail=rail, code=fee, valid_from=fact.on, usual="yes")
        case "fx-customs":
            month = f"{choice.dossier.on:%Y-%m}" if choice.dossier.on else ""
            yield UsedRow.of("customs-rates", month=month, currency=key)
