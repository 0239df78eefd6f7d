"""What pricing many consignments together costs: the same rules over exact columns, and one by one. Prints; judges nothing.

Run from the root of the repository: python -m benchmarks.columns [ROWS]
"""

import sys
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from random import Random
from time import perf_counter
from typing import Any

from calculator.choose import choose
from calculator.money import Money
from calculator.plan import Plan
from calculator.quantities import read_quantity
from calculator.request import Costs, GoodsLine, Price, QuoteRequest
from calculator.rules import EXPLAINED, walk
from calculator.together import ROWS as CHUNK
from calculator.together import Columns, stacked, walked_together
from tariffs.book import Book

# Codes with their units and about what a unit costs in dollars
GOODS = {
    "avocados": ("08044000", "kg", 3),
    "tequila": ("22089010", "L", 12),
    "chicken wings": ("02071421", "kg", 2),
    "latex": ("40011000", "t", 1500),
}
ROWS = 20_000


def requests(code: str, unit: str, price: int, rows: int, chance: Random) -> list[QuoteRequest]:
    """General trade of one code, FOB: the amounts differ, the shape does not."""
    return [
        QuoteRequest(
            (
                GoodsLine(
                    read_quantity(f"{Decimal(chance.randint(1000, 24_000_000)).scaleb(-3)} {unit}"),
                    Price(Decimal(chance.randint(price * 50, price * 200)).scaleb(-2), "USD", unit),
                    hs_code=code,
                ),
            ),
            date(2026, 11, 23),
            costs=Costs(Money(Decimal(chance.randint(100_000, 900_000)).scaleb(-2), "USD")),
            fx={("USD", "CNY"): Decimal("6.7628")},
        )
        for _ in range(rows)
    ]


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes, the best of three."""
    found = []
    for _ in range(3):
        start = perf_counter()
        work()
        found.append(perf_counter() - start)
    return min(found)


def facts(plan: Plan) -> tuple[dict[str, Any], dict[str, Any]]:
    """The figures of a plan of one line, of the consignment and of the line."""
    shared = {name: fact.value for name, fact in plan.shared.items()}
    line = {name: fact.value for name, fact in plan.lines[0].facts.items()}
    return shared, line | {"trade_remedies": Decimal(0), "payment_cost": Decimal(0)}


def one_by_one(plans: Sequence[Plan]) -> None:
    """Every plan walked by itself."""
    for plan in plans:
        shared, line = facts(plan)
        walk(plan.passes, shared, [line], (0,), EXPLAINED)


def in_columns(plans: Sequence[Plan]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The facts of plans of one shape as columns, in chunks."""
    chunks = []
    for start in range(0, len(plans), CHUNK):
        each = [facts(plan) for plan in plans[start : start + CHUNK]]
        shared = {name: stacked([row[0][name] for row in each]) for name in each[0][0]}
        chunks.append((shared, {name: stacked([row[1][name] for row in each]) for name in each[0][1]}))
    return chunks


def walked(first: Plan, chunks: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """Every chunk walked as columns."""
    for shared, line in chunks:
        walk(first.passes, shared, [line], (0,), Columns())


def main() -> None:
    """Print rows a second for each code."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    book, chance = Book.load(), Random(20261123)
    print("| goods | rows | walked alone, rows/s | walk in columns, rows/s | from plans to decimals, rows/s |")
    print("|---|---|---|---|---|")
    for name, (code, unit, price) in GOODS.items():
        asked = requests(code, unit, price, rows, chance)
        dossier = book.dossier(asked[0])
        plans = [choose(request, dossier) for request in asked]
        chunks = in_columns(plans)
        alone = seconds(partial(one_by_one, plans))
        columns = seconds(partial(walked, plans[0], chunks))
        whole = seconds(partial(walked_together, plans))
        print(f"| {name} | {rows:,} | {rows / alone:,.0f} | {rows / columns:,.0f} | {rows / whole:,.0f} |")


if __name__ == "__main__":
    main()
