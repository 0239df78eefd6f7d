"""What the tariff book costs: loading it, a dossier, a quote, and the memory of a worker. Prints; judges nothing.

Run from the root of the repository: python -m benchmarks.book
"""

import resource
import subprocess
import sys
from datetime import date
from decimal import Decimal
from statistics import median
from time import perf_counter

from api.answers import answer
from calculator.money import Money
from calculator.quantities import read_quantity
from calculator.quote import quote_of
from calculator.request import Costs, GoodsLine, Price, QuoteRequest
from tariffs.book import Book

RUNS = 7
LOAD = "from time import perf_counter as t; from tariffs.book import Book; a = t(); Book.load(); print(t() - a)"


def loading() -> float:
    """Seconds to load the book in a fresh process, the imports not counted: the median of some runs."""
    command = [sys.executable, "-c", LOAD]
    return median(float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(RUNS))


def each(times: int, work: object, *arguments: object) -> float:
    """Microseconds for one call: the median of some runs."""
    found = []
    for _ in range(RUNS):
        start = perf_counter()
        for _ in range(times):
            work(*arguments)  # type: ignore[operator]
        found.append((perf_counter() - start) / times * 1e6)
    return median(found)


def main() -> None:
    """Print the figures as a table."""
    book = Book.load()
    avocados = GoodsLine(read_quantity("20.16 t"), Price(Decimal("2.90"), "USD", "kg"), product="avocado-fresh")
    costs = Costs(Money(Decimal(6200), "USD"))
    request = QuoteRequest((avocados,), date(2026, 11, 23), costs=costs, fx={("USD", "CNY"): Decimal("6.7628")})
    dossier = book.dossier(request)
    quote_of(request, dossier)
    for code in book.records.codes:
        book.records.line(code)
        book.records.measures(code)
    print("| what | figure |\n|---|---|")
    print(f"| load the book | {loading() * 1000:.0f} ms |")
    print(f"| a dossier | {each(2000, book.dossier, request):.0f} µs |")
    quote = quote_of(request, dossier)
    print(f"| a quote from its dossier | {each(500, quote_of, request, dossier):.0f} µs |")
    print(
        f"| its answer as a document | {each(500, lambda: answer(quote, id=None, created_at=None, language='en')):.0f} µs |"
    )
    print(f"| peak memory with every line typed | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB |")


if __name__ == "__main__":
    main()
