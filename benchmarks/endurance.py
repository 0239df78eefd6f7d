"""Minutes of mixed load at a share of what the server can do: python -m benchmarks.endurance [--minutes 10] [--share 0.7]

It measures the capacity of this machine for the mixture, then sends it at a steady rate to a server of its own on an SQLite file:
a call is due when the clock says so, whether or not the last one was answered, and its time counts from then. Every answer is
looked at. The memory is the proportional one (PSS) of the server and its workers together, so that what they share counts once.
Prints, and ends with 1 where a call went wrong or the memory grew by more than 5% after the first minute.
"""

import argparse
import http.client
import statistics
import sys
import tempfile
from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from time import perf_counter, sleep

from api.processes import cores
from benchmarks.mixture import Call, mixture
from tests.servers import Serving

CLIENTS = 16
# Seconds of the first, unpaced load.
MEASURED = 10
# Seconds whose median stands for the memory at the beginning and at the end; the beginning is after the first minute.
WINDOW = 30
FIRST = 60
MOST_GROWTH = 0.05


@dataclass(slots=True)
class Heard:
    """What came back, of every client: times in milliseconds, and what was wrong."""

    times: list[float] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    # Of answers that must come again: their names, or the paths of quotes.
    answers: dict[str, int] = field(default_factory=dict)
    kept: deque[str] = field(default_factory=lambda: deque(maxlen=1000))
    lock: Lock = field(default_factory=Lock)


class Load:
    """Clients that send the mixture: `rate` calls in a second together, or as many as go where it is None."""

    def __init__(self, port: int, seed: int, seconds: float, rate: float | None = None) -> None:
        self.heard = Heard()
        self._calls, self._turn = mixture(seed), Lock()
        self._port, self._seconds, self._rate = port, seconds, rate
        self._sent, self._begun = 0, 0.0

    def run(self) -> float:
        """Send them; how many were answered in a second."""
        clients = [Thread(target=self._client) for _ in range(CLIENTS)]
        self._begun = perf_counter()
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        return len(self.heard.times) / (perf_counter() - self._begun)

    def _take(self) -> tuple[Call, float] | None:
        """The next call and when it is due, None at the end."""
        with self._turn:
            due = self._begun + self._sent / self._rate if self._rate else perf_counter()
            if due >= self._begun + self._seconds:
                return None
            self._sent += 1
            return next(self._calls), due

    def _client(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        while (taken := self._take()) is not None:
            call, due = taken
            if (early := due - perf_counter()) > 0:
                sleep(early)
            fault = self._ask(connection, call)
            with self.heard.lock:
                self.heard.times.append((perf_counter() - due) * 1000)
                self.heard.kinds[call.kind] += 1
                if fault:
                    self.heard.wrong[f"{call.kind}: {fault}"] += 1
        connection.close()

    def _ask(self, connection: http.client.HTTPConnection, call: Call) -> str:
        """Send a call; what is wrong with the answer, "" where nothing is."""
        path = call.path or (self.heard.kept[0] if self.heard.kept else "/v1/units")
        headers = {"Content-Type": "application/json"} if call.body else {}
        if call.key:
            headers["Idempotency-Key"] = call.key
        try:
            connection.request(call.method, path, call.body, headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            return type(error).__name__
        if response.status != call.status:
            return f"{response.status} {body[:200]!r}"
        with self.heard.lock:
            return self._compared(call, path, body, response.getheader("Location", ""))

    def _compared(self, call: Call, path: str, body: bytes, location: str) -> str:
        if location and call.kind == "stored":
            self.heard.kept.append(location)
            self.heard.answers[location] = hash(body)
        name = call.same or path
        if call.same and name not in self.heard.answers:
            self.heard.answers[name] = hash(body)
        elif self.heard.answers.get(name, hash(body)) != hash(body):
            return "another answer than before"
        elif call.key:
            # Each key comes twice.
            del self.heard.answers[name]
        return ""


class Memory(Thread):
    """Looks once a second at the memory of a server and its workers."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.samples: list[tuple[float, int]] = []
        self._pid, self._done = pid, Event()

    def run(self) -> None:
        """Until told to stop; says how it stands every minute."""
        begun = perf_counter()
        while not self._done.wait(1):
            self.samples.append((perf_counter() - begun, proportional(self._pid)))
            if len(self.samples) % 60 == 0:
                seconds, kilobytes = self.samples[-1]
                print(f"  after {seconds:4.0f} s  {kilobytes / 1024:7.1f} MB", flush=True)

    def stop(self) -> None:
        """No look after this one."""
        self._done.set()
        self.join()

    def between(self, begin: float, end: float) -> float:
        """The median of the seconds between two moments, in MB."""
        return statistics.median(kilobytes for second, kilobytes in self.samples if begin <= second < end) / 1024


def processes(pid: int) -> list[int]:
    """A server and its workers."""
    return [pid, *(int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def proportional(pid: int) -> int:
    """The memory of all of them, in kB."""
    lines = [Path(f"/proc/{each}/smaps_rollup").read_text().split("\nPss:")[1].split()[0] for each in processes(pid)]
    return sum(map(int, lines))


def percentile(values: list[float], share: float) -> float:
    """The value that this share of all do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def told(heard: Heard, rate: float) -> None:
    """Print what came back."""
    p50, p99 = percentile(heard.times, 0.5), percentile(heard.times, 0.99)
    print(f"answered     {len(heard.times)} calls, {rate:.0f} in a second: {dict(sorted(heard.kinds.items()))}")
    print(f"time         p50 {p50:.1f} ms, p99 {p99:.1f} ms, longest {max(heard.times):.0f} ms")
    print(f"errors       {heard.wrong.total()} (must be 0)")
    for fault, times in heard.wrong.most_common(10):
        print(f"  {times} times {fault}")


def main() -> int:
    """Measure and print; the exit code."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--share", type=float, default=0.7, help="of the capacity")
    options.add_argument("--workers", type=int, default=cores())
    asked = options.parse_args()
    seconds = asked.minutes * 60
    with (
        tempfile.TemporaryDirectory() as folder,
        Serving(f"sqlite:///{folder}/quotes.sqlite3", asked.workers) as server,
    ):
        capacity = Load(server.port, 1, MEASURED).run()
        print(f"capacity     {capacity:.0f} calls in a second, {asked.workers} workers, {CLIENTS} clients", flush=True)
        load, memory, before = (
            Load(server.port, 2, seconds, asked.share * capacity),
            Memory(server.pid),
            processes(server.pid),
        )
        memory.start()
        rate = load.run()
        memory.stop()
        replaced = processes(server.pid) != before
    told(load.heard, rate)
    sound = not load.heard.wrong and not replaced
    if replaced:
        print("workers      some died and were replaced")
    if seconds >= FIRST + 2 * WINDOW:
        first, last = memory.between(FIRST, FIRST + WINDOW), memory.between(seconds - WINDOW, seconds + WINDOW)
        growth = last / first - 1
        print(f"memory       {first:.1f} MB after a minute, {last:.1f} MB at the end: {growth:+.1%}", end="")
        print(f" (must be under {MOST_GROWTH:.0%})")
        sound = sound and growth < MOST_GROWTH
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
