"""What is about to end in an installation, or is not as it should be, and the command that mends it.

Each check is a function of the installation that yields what it found; those of the tables stand in `doctor_tables.CHECKS`, those
of the house in `doctor_house.CHECKS`, in the order in which they are told. A check that fails itself is told as broken, and
keeps nothing from the others.
"""

import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from api.settings import Settings
from tariffs.book import Book
from tariffs.installed import Serving, serving

OK, SOON, ENDED, BROKEN = "ok", "soon", "ended", "broken"
STATES = (OK, SOON, ENDED, BROKEN)


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found of one thing.

    `state`: ok; soon: it ends within the days that were asked, or wants a look; ended: quotes go on and say so; broken: it must
    be mended. `days` until it ends, negative where it has, None where that is no question. `renew` is what to do, "" for nothing.
    """

    check: str
    name: str
    state: str
    told: str
    renew: str = ""
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Installation:
    """What is looked at: its settings, its tables, the day that is asked about, and the moment of the clock.

    `serves` is the release of the package's or of those that were installed. `within`: what ends in so many days ends soon.
    `overlay_fault` is why the folder of GALEON_TABLES cannot be laid over the tables, "" where it can: `book` is then that of the
    release alone.
    """

    settings: Settings
    book: Book
    serves: Serving
    on: date
    now: datetime
    within: int
    overlay_fault: str = ""

    def state(self, days: int) -> str:
        """The state of what ends in so many days."""
        if days < 0:
            return ENDED
        return SOON if days <= self.within else OK


Check = Callable[[Installation], Iterator[Found]]


def examined(installation: Installation, checks: Iterable[tuple[str, Check]]) -> tuple[Found, ...]:
    """Everything that the checks find."""
    found: list[Found] = []
    for name, check in checks:
        try:
            found += check(installation)
        except Exception as error:
            # One thing that is broken in a way that nobody foresaw must not hide the rest; what it says may name no secret.
            found.append(
                Found(name, name, BROKEN, f"cannot be looked at ({type(error).__name__})", "see the log of the server")
            )
    return tuple(found)


def document(installation: Installation, found: tuple[Found, ...]) -> dict[str, object]:
    """All of it as JSON."""
    return {
        "on": installation.on.isoformat(),
        "within": installation.within,
        "release": installation.book.release,
        "fx_release": installation.book.fx_release,
        "counts": {state: sum(each.state == state for each in found) for state in STATES},
        "checks": [asdict(each) for each in found],
    }


def installation_of(settings: Settings, on: date, now: datetime, within: int) -> Installation:
    """The installation of these settings; with an overlay that is refused, the tables of the release are looked at alone."""
    from tariffs.overlay import OverlayRefused

    release = serving(settings.releases)
    try:
        book = Book.load(settings.tables, settings.fx, release.root)
        return Installation(settings, book, release, on, now, within)
    except OverlayRefused as refused:
        faults = refused.findings
        told = f"{len(faults)} faults, the first: {faults[0]}" if faults else f"{refused}"
        return Installation(settings, Book.load(None, settings.fx, release.root), release, on, now, within, told)


def command(text: str, path: Path | None = None) -> str:
    """A command for a shell, with a path that may hold spaces."""
    return text if path is None else f"{text} {shlex.quote(str(path))}"


def ago(days: int) -> str:
    """When something ends or ended."""
    if days < 0:
        return "yesterday" if days == -1 else f"{-days} days ago"
    return "today" if days == 0 else f"in {days} days"
