"""A mixture of calls such as a service hears all day, the same ones every time; and what each of them must be answered."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from urllib.parse import quote

from api.examples import AVOCADO

# The words, lines and rates that are asked for, in turn.
WORDS = ("tequila", "avocado", "aguacate", "铜", "silver", "baoshi", "cafe", "motor")
LINES = ("08044000", "22089010", "26030000", "87032342", "74031111", "02032900")
PAIRS = ("USD&quote=CNY", "MXN&quote=CNY", "EUR&quote=USD")
TABLES = ("ports", "lanes", "equipment", "payment-rails")


@dataclass(frozen=True, slots=True)
class Call:
    """One call, and the status that it must get.

    `same` names calls whose answers must be equal, byte for byte. A call without a path reads a quote that was kept before.
    """

    kind: str
    method: str
    path: str
    status: int
    body: bytes | None = None
    key: str = ""
    same: str = ""


def consignment(number: int) -> bytes:
    """A consignment that differs from the last; there are some thousands, so that none is only remembered."""
    goods = [{**AVOCADO["goods"][0], "quantity": f"{1 + number % 4999} kg"}]
    return json.dumps({**AVOCADO, "goods": goods}).encode()


def computed(number: int) -> Call:
    """A quote that is not kept."""
    return Call("computed", "POST", "/v1/quotes?store=false", 200, consignment(number))


def stored(number: int) -> Call:
    """A quote that is kept."""
    return Call("stored", "POST", "/v1/quotes", 201, consignment(number))


def keyed(number: int) -> Call:
    """A quote under an idempotency key; each key comes twice, and must be answered alike."""
    once = number // 2
    return Call("keyed", "POST", "/v1/quotes", 201, consignment(once), f"order-{once}", f"order-{once}")


def read(number: int) -> Call:
    """A quote that was kept."""
    return Call("read", "GET", "", 200)


def searched(number: int) -> Call:
    """A search in the tariff."""
    return Call("search", "GET", f"/v1/tariff-lines?q={quote(WORDS[number % len(WORDS)])}", 200)


def looked_up(number: int) -> Call:
    """A line of the tariff."""
    return Call("line", "GET", f"/v1/tariff-lines/{LINES[number % len(LINES)]}", 200)


def table(number: int) -> Call:
    """A table as CSV."""
    name = TABLES[number % len(TABLES)]
    return Call("table", "GET", f"/v1/tables/{name}.csv", 200, same=name)


def rate(number: int) -> Call:
    """An exchange rate."""
    return Call("rate", "GET", f"/v1/fx?base={PAIRS[number % len(PAIRS)]}", 200)


def wrong(number: int) -> Call:
    """A request that is understood and wrong."""
    goods = [{**AVOCADO["goods"][0], "product": f"avocado-{number % 100}"}]
    return Call("422", "POST", "/v1/quotes", 422, json.dumps({**AVOCADO, "goods": goods}).encode())


def absent(number: int) -> Call:
    """A quote that nobody made."""
    return Call("404", "GET", f"/v1/quotes/q_{number:022d}", 404)


MIXTURE = {
    computed: 40,
    stored: 15,
    keyed: 10,
    read: 5,
    searched: 8,
    looked_up: 7,
    table: 3,
    rate: 4,
    wrong: 4,
    absent: 4,
}


def mixture(seed: int) -> Iterator[Call]:
    """Calls without end, the same ones every time."""
    chance, numbers = random.Random(seed), {make: count(seed * 10_000_000) for make in MIXTURE}
    makes, weights = list(MIXTURE), list(MIXTURE.values())
    while True:
        make = chance.choices(makes, weights)[0]
        yield make(next(numbers[make]))
