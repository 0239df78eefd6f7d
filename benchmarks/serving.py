"""What one full quote costs the server, beside an empty JSON POST: python -m benchmarks.serving [SECONDS [ROUNDS]]

The real server (two workers of one blocking thread each, SQLite) is driven by wrk with one thread and 32 connections, each kind
of request for so many seconds and in several rounds, since other work on the machine comes and goes. Every request has another
price, so that no answer could be a kept one. The empty POST is read and answered by the same application, with all that it does
before and after a request. Prints; judges nothing. Needs wrk.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from api.examples import AVOCADO
from tests.servers import Serving

CONNECTIONS, THREADS = 32, 1
EMPTY, UNSTORED, STORED = "empty POST", "quote, store=false", "quote, stored on SQLite"
SAME, MEASURED = "quote, store=false, the same each time", "quote, store=false, another quantity each time"
# The figures that wrk writes at its NUMBER-th request: a price that goes up by a fen, or a quantity by a kilogram.
PRICE = 'string.format("%d.%02d", 2 + math.floor(number / 100), number % 100)'
QUANTITY = 'string.format("%d.%03d t", 18 + math.floor(number / 1000), number % 1000)'
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}
SCRIPT = """
local number = 0
request = function()
  number = number + 1
  return wrk.format("POST", nil, {{["Content-Type"] = "application/json"}}, [==[{head}]==] .. {figure} .. [==[{tail}]==])
end
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What wrk found: requests a second, and milliseconds that half and 99 of 100 of them stay within.

    `cpu` is what the server's processes worked for one request, in milliseconds: other work on the machine hardly changes it.
    """

    throughput: float
    p50: float
    p99: float
    cpu: float


def written(price: str = "2.90", quantity: str = "20.16 t") -> str:
    """A quote's request with its one price and one quantity."""
    goods = {**AVOCADO["goods"][0], "quantity": quantity}
    goods["price"] = {**goods["price"], "amount": price}
    return json.dumps({**AVOCADO, "goods": [goods]})


def script(body: str, figure: str = '""') -> str:
    """The script of wrk that sends a body, with a figure of each request's own where the body has an @."""
    head, _, tail = body.partition("@")
    return SCRIPT.format(head=head, figure=figure, tail=tail)


KINDS = {
    EMPTY: ("/v1/empty", script("{}")),
    UNSTORED: ("/v1/quotes?store=false", script(written(price="@"), PRICE)),
    STORED: ("/v1/quotes", script(written(price="@"), PRICE)),
    SAME: ("/v1/quotes?store=false", script(written())),
    MEASURED: ("/v1/quotes?store=false", script(written(quantity="@"), QUANTITY)),
}


def serve() -> None:
    """`galeon serve`, with the one route that only this benchmark has."""
    from flask import Response, request

    from api import processes
    from api.bodies import StrictParser
    from api.cli import main
    from api.following import Following

    product = processes.from_environment

    def with_the_empty_route() -> Following:
        served = product()

        @served.app.post("/v1/empty")
        def empty() -> Response:
            StrictParser().load_json(request, None)
            return Response(b"{}", mimetype="application/json")

        return served

    processes.from_environment = with_the_empty_route
    main()


def cpu_seconds(group: int) -> float:
    """What all processes of a group have worked so far, in user and kernel mode (proc(5))."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(after_name[2]) == group:
            ticks += int(after_name[11]) + int(after_name[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def drive(server: Serving, path: str, lua: str, seconds: int) -> Run:
    """One run of wrk. Raises RuntimeError where a request failed."""
    url, before = server.base + path, cpu_seconds(server.group)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(lua)
        file.flush()
        command = [
            "wrk",
            f"-t{THREADS}",
            f"-c{CONNECTIONS}",
            f"-d{seconds}s",
            "--timeout",
            "30s",
            "--latency",
            "-s",
            file.name,
            url,
        ]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if failed := re.search(r"(Non-2xx.*|Socket errors.*)", said):
        raise RuntimeError(f"{url}: {failed[0]}")
    worked = cpu_seconds(server.group) - before
    found = re.search(r"\n +50%\s+(\S+)[^$]*\n +99%\s+(\S+)\s+([0-9]+) requests in[^$]*Requests/sec:\s+([0-9.]+)", said)
    if found is None:
        raise RuntimeError(f"wrk said something else than usual: {said}")
    return Run(float(found[4]), _milliseconds(found[1]), _milliseconds(found[2]), worked * 1000 / int(found[3]))


def _milliseconds(text: str) -> float:
    figure, unit = re.fullmatch(r"([0-9.]+)(us|ms|s)", text).groups()  # type: ignore[union-attr]
    return float(figure) * UNITS[unit]


def main() -> None:
    """Print the runs, and the ratios that are asked for."""
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed, and nothing was measured: install it (apt-get install wrk).")
    seconds, rounds = (*map(int, sys.argv[1:]), *(8, 3)[len(sys.argv) - 1 :])
    runs: dict[str, list[Run]] = {kind: [] for kind in KINDS}
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'galeon.sqlite3'}"
        with Serving(database, module="benchmarks.serving") as server:
            for path, lua in KINDS.values():
                drive(server, path, lua, 1)
            # What is compared runs in turns, close together; what is only looked at comes after it.
            for kinds in ((EMPTY, UNSTORED, STORED), (SAME, MEASURED)):
                for _ in range(rounds):
                    for kind in kinds:
                        runs[kind].append(drive(server, *KINDS[kind], seconds))
    report(runs)


def report(runs: dict[str, list[Run]]) -> None:
    """The medians of all rounds, and of the ratios within each round."""
    print("| what | requests/s | p50 ms | p99 ms | CPU ms each |\n|---|---|---|---|---|")
    for kind, found in runs.items():
        figures = [median(getattr(each, name) for each in found) for name in ("throughput", "p50", "p99", "cpu")]
        print(f"| {kind} | {figures[0]:,.0f} | {figures[1]:.1f} | {figures[2]:.1f} | {figures[3]:.2f} |")
    print("\n| ratio | found | wanted |\n|---|---|---|")
    for name, above, below, figure, wanted in (
        ("throughput, store=false to empty", UNSTORED, EMPTY, "throughput", "0.35 or more"),
        ("p99, store=false to empty", UNSTORED, EMPTY, "p99", "3 or less"),
        ("throughput, stored to store=false", STORED, UNSTORED, "throughput", "0.5 or more"),
        ("CPU, empty to store=false", EMPTY, UNSTORED, "cpu", ""),
    ):
        pairs = zip(runs[above], runs[below], strict=True)
        found = median(getattr(one, figure) / getattr(other, figure) for one, other in pairs)
        print(f"| {name} | {found:.2f} | {wanted} |")


if __name__ == "__main__":
    serve() if sys.argv[1:2] == ["serve"] else main()
