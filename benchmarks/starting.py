"""How long `galeon serve` takes from its start to its first quote, and the memory of its workers then.

python -m benchmarks.starting [ROUNDS]

As a person starts it, two workers on a database that does not exist yet: the clock runs from the start of the process to the
answer with a quote in it. Prints seconds of every round and their median, wall time and the processes' own, and the resident
memory of each process in MB; judges nothing.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from api.examples import AVOCADO
from tests.ports import free_port

ROUNDS = 7
TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """A process and those that it started."""
    found = [pid]
    for each in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [one for child in each.read_text().split() for one in family(int(child))]
    return found


def worked(pid: int) -> float:
    """Seconds that a process has worked."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident(pid: int) -> int:
    """MB of memory that a process has."""
    return next(
        int(line.split()[1]) // 1024
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmRSS:")
    )


def first_quote(port: int) -> None:
    """Ask until there is a quote."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/quotes", json.dumps(AVOCADO).encode(), {"Content-Type": "application/json"}
    )
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=10):
                return
        except urllib.error.HTTPError:
            raise
        except OSError:
            sleep(0.005)


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    walls, works = [], []
    for _ in range(rounds):
        with TemporaryDirectory() as folder:
            port = free_port()
            environment = {**os.environ, "GALEON_DATABASE": f"sqlite:///{folder}/quotes.sqlite3"}
            command = [sys.executable, "-m", "api.cli", "serve", "--port", f"{port}", "--workers", "2"]
            started = perf_counter()
            process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                first_quote(port)
                walls.append(perf_counter() - started)
                processes = family(process.pid)
                works.append(sum(map(worked, processes)))
                memory = [resident(each) for each in processes]
            finally:
                process.terminate()
                process.wait()
            print(f"{walls[-1]:.2f} s, worked {works[-1]:.2f} s, MB {memory}")
    print(f"median {median(walls):.2f} s, worked {median(works):.2f} s")


if __name__ == "__main__":
    main()
