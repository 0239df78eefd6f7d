"""What each kind of work leaves in a worker's memory: python -m benchmarks.memory [--workers 1] [--alone]

A server of its own on an SQLite file does one kind after the other, so that each adds to what those before it left; with
--alone each kind has a new server. Printed of the fullest worker, in MB: its resident memory, the most that it ever was, and
its proportional share (what it has in common with the server and other workers is divided among them). Prints, and ends with
1 where a worker was above MOST at the end of a kind.
"""

import argparse
import json
import random
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from pathlib import Path
from time import perf_counter
from urllib.parse import quote

from api.examples import AVOCADO
from benchmarks.endurance import processes
from benchmarks.mixture import WORDS
from tariffs.records import Records
from tests.servers import Serving

# MB that a worker may have.
MOST = 200
LANGUAGES, FORMS, DAYS = ("en", "es", "zh"), ("csv", "xlsx", "parquet"), ("2026-11-23", "2025-06-01")
QUOTES, ROWS, PAGES = 500, 10_000, 200
PATIENCE = 600
PROTOCOL = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}


@dataclass(frozen=True, slots=True)
class Memory:
    """One process, in MB: what it has now, the most it had, and its share of what it has."""

    resident: int
    peak: int
    proportional: int

    @classmethod
    def of(cls, process: int) -> "Memory":
        """As the kernel tells it (proc(5))."""
        status, shares = (Path(f"/proc/{process}/{name}").read_text() for name in ("status", "smaps_rollup"))
        return cls(_of(status, "VmRSS"), _of(status, "VmHWM"), _of(shares, "Pss"))


def _of(text: str, name: str) -> int:
    return int(text.partition(f"\n{name}:")[2].split(maxsplit=1)[0]) // 1024


def workers(server: Serving) -> list[Memory]:
    """The workers of a server, the fullest first."""
    return sorted(map(Memory.of, processes(server.pid)[1:]), key=lambda each: -each.resident)


class Client:
    """Asks a server. Whoever asks for what it refuses finds out: Raises RuntimeError for a status of 400 and above."""

    def __init__(self, base: str) -> None:
        self.base = base

    def get(self, path: str, **headers: str) -> bytes:
        """What stands there."""
        return self._asked(urllib.request.Request(self.base + path, headers=headers))

    def post(self, path: str, body: object, **headers: str) -> bytes:
        """The answer to a document, or to bytes."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **headers}
        return self._asked(urllib.request.Request(self.base + path, data, sent))

    def _asked(self, call: urllib.request.Request) -> bytes:
        try:
            with urllib.request.urlopen(call, timeout=PATIENCE) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{call.full_url}: {error.code} {error.read()[:500]!r}") from None


def _codes(number: int) -> list[str]:
    return random.Random(14).choices(Records.load().codes, k=number)


def quotes(client: Client) -> None:
    """Quotes of random lines in three languages; what is open of a line is answered with a problem."""
    for code, language in zip(_codes(QUOTES), LANGUAGES * QUOTES, strict=False):
        price = {"amount": "12.50", "currency": "USD", "per": "kg"}
        goods = [{"hs_code": code, "quantity": "1000 kg", "price": price}]
        try:
            client.post("/v1/quotes", {**AVOCADO, "goods": goods, "language": language})
        except RuntimeError as error:
            if ": 422 " not in f"{error}":
                raise


def decisions(client: Client) -> None:
    """The examples of comparisons, targets, shocks, what-ifs, calendars and reconciliations."""
    paths = json.loads(client.get("/openapi.json"))["paths"]
    for name in ("comparisons", "targets", "sensitivities", "what-if", "calendars", "reconciliations"):
        examples = paths[f"/v1/{name}"]["post"]["requestBody"]["content"]["application/json"]["examples"]
        for each in examples.values():
            client.post(f"/v1/{name}", each["value"])


def documents(client: Client) -> None:
    """A quote as CSV, workbook, page, picture and declaration, in three languages."""
    made = json.loads(client.post("/v1/quotes", AVOCADO))["id"]
    for end, language in product((".csv", ".xlsx", ".html", ".svg", "/declaration.xlsx"), LANGUAGES):
        client.get(f"/v1/quotes/{made}{end}?language={language}")


def pages(client: Client) -> None:
    """Pages of the schedule, and lines as JSON."""
    for code, language in zip(_codes(PAGES), LANGUAGES * PAGES, strict=False):
        client.get(f"/tariff/{code[:4]}?language={language}&on=2026-11-23")
        client.get(f"/tariff/{code}?language={language}&on=2026-11-23")
        client.get(f"/v1/tariff-lines/{code}?language={language}&on=2026-11-23")


def searches(client: Client) -> None:
    """Words in three languages."""
    for words, language in product(WORDS, LANGUAGES):
        client.get(f"/v1/tariff-lines?q={quote(words)}&language={language}")


def specification(client: Client) -> None:
    """The specification of the API."""
    client.get("/openapi.json")


def protocol(client: Client) -> None:
    """The tools of MCP, and a quote by one."""
    for method, given in (
        ("tools/list", {}),
        ("tools/call", {"name": "quote", "arguments": {"request": AVOCADO}}),
    ):
        asked = {"jsonrpc": "2.0", "id": 1, "method": method, "params": given}
        client.post("/mcp", asked, **PROTOCOL)


def schedules(client: Client) -> dict[str, str]:
    """The whole schedule of two days in every form and language; a digest of each file by its path."""
    asked = product(DAYS, FORMS, LANGUAGES)
    paths = [f"/v1/tariff-lines.{form}?on={day}&language={language}" for day, form, language in asked]
    return {path: sha256(client.get(path)).hexdigest() for path in paths}


def batch(client: Client) -> None:
    """A file of as many rows as one answer may have."""
    head = "hs_code,quantity,price,currency,incoterm,freight,freight_currency,declared_on\r\n"
    codes = _codes(1000)
    rows = (f"{codes[each % 1000]},{each + 1} kg,2.90,USD,FOB,620.00,USD,2026-11-23\r\n" for each in range(ROWS))
    client.post("/v1/batches", (head + "".join(rows)).encode(), **{"Content-Type": "text/csv"})


KINDS: tuple[Callable[[Client], object], ...] = (
    quotes,
    decisions,
    documents,
    pages,
    searches,
    specification,
    protocol,
    schedules,
    batch,
)


@contextmanager
def served(number: int) -> Iterator[Serving]:
    """A server of so many workers on an empty file."""
    with tempfile.TemporaryDirectory() as folder, Serving(f"sqlite:///{folder}/quotes.sqlite3", number) as server:
        yield server


def measured(server: Serving, kind: Callable[[Client], object]) -> Memory:
    """Do the work, and print what it left; the fullest worker."""
    begun = perf_counter()
    kind(Client(server.base))
    seconds = perf_counter() - begun
    fullest = workers(server)[0]
    print(
        f"{kind.__name__:14} {seconds:6.1f} s  {fullest.resident:4} MB resident, {fullest.peak:4} at most, "
        f"{fullest.proportional:4} its share",
        flush=True,
    )
    return fullest


def main() -> int:
    """Measure and print; the exit code."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--alone", action="store_true", help="each kind on a new server")
    asked = options.parse_args()
    if asked.alone:
        found = []
        for kind in KINDS:
            with served(asked.workers) as server:
                found.append(measured(server, kind))
    else:
        with served(asked.workers) as server:
            print(f"at the start: {workers(server)[0]}", flush=True)
            found = [measured(server, kind) for kind in KINDS]
    return 0 if all(each.resident <= MOST for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
