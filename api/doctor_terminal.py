"""What `galeon doctor` found, as a person reads it: the worst first, each with what mends it."""

from collections import Counter

from rich.table import Table
from rich.text import Text

from api.doctor import BROKEN, ENDED, OK, SOON, STATES, Found, Installation
from api.tables_terminal import wide_console

STYLES = {OK: "green", SOON: "yellow", ENDED: "magenta", BROKEN: "bold red"}


def print_examined(installation: Installation, found: tuple[Found, ...], whole: bool) -> None:
    """A row for each thing that ends or is broken, or for everything; then how many there are of each state."""
    console = wide_console()
    shown = [each for each in found if whole or each.state != OK]
    if shown:
        table = Table(header_style="bold", expand=False)
        for heading in ("State", "What", "Name", "Found", "What to do"):
            table.add_column(heading, overflow="fold")
        # The order of the checks is kept within a state.
        for each in sorted(shown, key=lambda one: -STATES.index(one.state)):
            cells = (each.check, each.name, each.told, each.renew)
            table.add_row(Text(each.state, style=STYLES[each.state]), *map(Text, cells))
        console.print(table)
    counts = Counter(each.state for each in found)
    told = ", ".join(f"{counts[state]} {state}" for state in reversed(STATES))
    console.print(f"{installation.on}, {installation.book.release}, {installation.book.fx_release}: {told}")
