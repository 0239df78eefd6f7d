"""How long a search takes, and what the index costs: python benchmarks/search.py

Prints; asserts nothing. The searches are those of tests/tariffs/searches.csv and a few that are meant to be slow.
"""

import csv
import resource
import statistics
from pathlib import Path
from time import perf_counter

from tariffs.indexing import bearers_of, indexed
from tariffs.kept_index import index_of
from tariffs.pinyin import Pinyin
from tariffs.records import Records
from tariffs.search import Search

SEARCHES = Path(__file__).parent.parent / "tests" / "tariffs" / "searches.csv"
SLOW = (
    "other",
    "los demás",
    "de",
    "a",
    "co",
    "pr",
    "的",
    "其他",
    "shi",
    "zz",
    "co pr de ma in re se ca pa no",
    "qqqqqqqqqq",
)
REPEATS = 50


def milliseconds(search: Search, query: str, repeats: int = REPEATS) -> list[float]:
    """How long the same search takes, without what is remembered of it."""
    times = []
    for _ in range(repeats):
        search.find.cache_clear()
        start = perf_counter()
        search.find(query)
        times.append((perf_counter() - start) * 1000)
    return times


def main() -> None:
    """Print the timings."""
    start = perf_counter()
    records = Records.load()
    print(f"tables            {perf_counter() - start:8.3f} s")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = perf_counter()
    search = Search(records, index_of(records))
    print(
        f"index, as kept    {perf_counter() - start:8.3f} s   {_megabytes(before):.0f} MB more, {_megabytes(0):.0f} MB in all"
    )
    search.find("tequla")  # imports rapidfuzz
    with SEARCHES.open(encoding="utf-8", newline="") as file:
        queries = [row["query"] for row in csv.DictReader(file)]
    each = {query: statistics.median(milliseconds(search, query)) for query in (*queries, *SLOW)}
    print(f"median of {len(queries)}      {statistics.median(each[query] for query in queries):8.3f} ms")
    for query in sorted(each, key=lambda query: -each[query])[:12]:
        found = search.find(query)
        print(f"  {each[query]:8.3f} ms  {query}  ({len(found.lines)} lines)")
    start = perf_counter()
    indexed(bearers_of(records), Pinyin.load())
    print(f"index, made anew  {perf_counter() - start:8.3f} s")


def _megabytes(before: int) -> float:
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


if __name__ == "__main__":
    main()
