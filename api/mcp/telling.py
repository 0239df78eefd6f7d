"""Answers of tools in a few lines for a person, as the commands print them; the figures are those of the document."""

from io import StringIO
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from api.terminal import bracketed, print_steps
from api.wording import Wording
from api.writing import Json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WIDTH = 120


def text_of(tell: "Callable[[Json, str, Console], None]", document: Json, spoken: str) -> str:
    """What is printed, without colours and without spaces at the ends of lines."""
    console = Console(file=StringIO(), width=WIDTH, highlight=False, force_terminal=False, color_system=None)
    with console.capture() as captured:
        tell(document, spoken, console)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def print_lines(document: Json, spoken: str, console: Console) -> None:
    """Tariff lines with their rates."""
    wording = Wording.of(spoken)
    for each in document["items"]:
        rates = "; ".join(_rates(each["rates"] or {}, wording))
        named = f"{each['hs_code']} {each['name']}"
        console.print(Text(bracketed(named, rates, spoken) if rates else named), soft_wrap=True)
    console.print(Text(f"{len(document['items'])} / {document['total']}"))


def print_step(document: Json, spoken: str, console: Console) -> None:
    """Steps, and which others lean on them."""
    print_steps([each["step"] for each in document["steps"]], spoken, console)
    for each in document["steps"]:
        fed = list(dict.fromkeys(reader["label"] for reader in each["feeds"]))
        if fed:
            console.print(Text(f"{each['step']['label']} → {', '.join(fed)}"), soft_wrap=True)


def _rates(rates: dict[str, Any], wording: Wording) -> "Iterator[str]":
    for name in ("mfn", "provisional", "tariff_quota", "general", "vat", "consumption_tax"):
        told = rates.get(name)
        if told:
            yield f"{wording.label(name)} {told if isinstance(told, str) else ', '.join(told)}"
