"""A quote and its refusals as a person reads them in a terminal; the figures are those of the JSON answer."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.errors import error
from api.headings import HEADINGS
from api.locales import days_in, number
from api.renderings.shown import LONGEST_NAME, PARTS
from api.renderings.texts import shortened
from api.sentences import PATTERNS
from api.wording import Wording
from calculator.errors import Unpriceable

LEAST_WIDTH = 100
# The first columns of a candidate are its code and its rates; amounts come after them.
PRICED_FROM = 2


def print_quote(document: dict[str, Any], language: str, console: Console | None = None) -> None:
    """The steps, the sums, and what the quote rests on."""
    console = console or new_console()
    print_steps(_worth_reading(document), language, console)
    print_sums(document, language, console)


def print_steps(told: Iterable[dict[str, Any]], language: str, console: Console) -> None:
    """Steps, one a row: formula and figures, amount, sources."""
    steps = Table(show_lines=False, header_style="bold", expand=False)
    label, formula, amount, source = headed(("step", "formula", "amount", "source"), language)
    steps.add_column(label, overflow="fold")
    steps.add_column(formula, overflow="fold")
    steps.add_column(amount, justify="right", no_wrap=True)
    steps.add_column(source, overflow="fold")
    for step in told:
        steps.add_row(*(Text(cell) for cell in _cells(step, language)))
    console.print(steps)


def print_sums(document: dict[str, Any], language: str, console: Console) -> None:
    """The sums, the ways in where they were compared, and what the quote rests on."""
    wording = Wording.of(language)
    sums = Table(show_header=False, box=None, padding=(0, 2))
    sums.add_column()
    sums.add_column(justify="right")
    totals = document["totals"]
    for name in PARTS:
        if totals.get(name) is not None:
            sums.add_row(Text(capital(wording.label(name))), amount_of(totals[name], language))
    sums.add_row(
        Text(capital(wording.label("landed_cost")), style="bold"),
        Text(amount_of(totals["landed_cost"], language), style="bold"),
    )
    shown = totals.get("landed_cost_display")
    if shown is not None and shown["currency"] != "CNY":
        sums.add_row("", amount_of(shown, language))
    console.print(sums)
    for way in document.get("regimes", ()):
        console.print(Text(f"  {'→' if way['chosen'] else '·'} {_way_in(way, wording)}"))
    print_outcome(document, wording, console)


def print_outcome(document: dict[str, Any], wording: Wording, console: Console) -> None:
    """How far a quote can be trusted, and why."""
    outcome = document["outcome"]
    console.print(Text(f"{wording.label(_status(outcome))}, {outcome['confidence']}", style="bold"))
    for line in _range(outcome.get("range"), wording):
        console.print(Text(line))
    for remark in (*outcome["reasons"], *document["assumptions"], *document["warnings"]):
        console.print(Text(f"  · {days_in(remark['text'], wording.language)}"))


def _range(range_: dict[str, Any] | None, wording: Wording) -> Iterator[str]:
    """Both ends of the landed cost, where they lie apart, and what each source of the width is worth, widest first."""
    if range_ is None or range_["low"]["landed_cost"] == range_["high"]["landed_cost"]:
        return
    low, high = (amount_of(range_[end]["landed_cost"], wording.language) for end in ("low", "high"))
    yield f"{wording.sentence(HEADINGS['range'])}: {low} – {high}"
    known = [each for each in range_["sources"] if each["width"] is not None]
    for each in sorted(known, key=lambda each: -Decimal(each["width"]["amount"])):
        yield f"  {amount_of(each['width'], wording.language)}: {each['text']}"


def print_comparison(document: dict[str, Any], language: str, console: Console | None = None) -> None:
    """The scenarios, one a row: what each comes to beside the cheapest, and why it is not open."""
    console = console or new_console()
    wording = Wording.of(language)
    table = Table(header_style="bold", expand=False)
    heads = ("scenario", "status", "above_cheapest", "days", "reason")
    scenario, status, difference, days, reason = headed(heads, language)
    table.add_column(scenario, overflow="fold")
    table.add_column(status)
    for figure in (wording.heading("landed_cost"), difference, days):
        table.add_column(figure, justify="right", no_wrap=True)
    table.add_column(reason, overflow="fold")
    for each in document["scenarios"]:
        told = (each["label"], wording.label(_status(each)), *_figures(each, language), reason_of(each, language))
        table.add_row(*(Text(cell) for cell in told))
    console.print(table)


def print_refusals(refusals: Iterable[Unpriceable], language: str) -> None:
    """What is wrong, and where, on the error output."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    wording = Wording.of(language)
    for refusal in refusals:
        told = error(refusal, wording)
        where = f"{told['pointer']}: " if told["pointer"] else ""
        console.print(Text(f"{where}{days_in(str(told['detail']), language)}"))
        if candidates := refusal.facts.get("candidates"):
            print_candidates(candidates, language, console)


def print_candidates(candidates: Any, language: str, console: Console) -> None:
    """The lines to choose from, one a row: rates, taxes and landed cost; then their names, and why one cannot be priced."""
    wording = Wording.of(language)
    table = Table(header_style="bold", expand=False)
    heads = ("hs_code", "mfn", "provisional", "customs_duty", "consumption_tax", "vat", "landed_cost")
    for at, head in enumerate(heads):
        told_head = wording.sentence(HEADINGS[head]) if head in HEADINGS else wording.heading(head)
        table.add_column(told_head, justify="right" if at > PRICED_FROM else "left", no_wrap=not at)
    for each in candidates:
        rates, taxes = each["rates"] or {}, each["taxes"]
        told = [each["hs_code"], *(rates.get(kind) or "" for kind in heads[1 : PRICED_FROM + 1])]
        if taxes is not None:
            told += [amount_of(taxes[kind], language) for kind in heads[PRICED_FROM + 1 : -1]]
            told.append(amount_of(each["landed_cost"], language))
        table.add_row(*map(Text, told))
    console.print(table)
    for each in candidates:
        names = dict.fromkeys((shortened(each["name"], LONGEST_NAME), shortened(each["names"]["zh"], LONGEST_NAME)))
        why = [days_in(each["problem"]["text"], language)] if each["problem"] else []
        console.print(Text(f"  {each['hs_code']}  {' · '.join([*names, *why])}"))


def _worth_reading(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The steps; of one line alone, not its sum and then that of the consignment again."""
    whole = {step["code"] for step in document["steps"] if step["goods"] is None}
    for step in document["steps"]:
        if len(document["goods"]) > 1 or step["goods"] is None or step["code"] not in whole:
            yield step


def _cells(step: dict[str, Any], language: str) -> tuple[str, str, str, str]:
    figures = "; ".join(
        f"{each['label']} {number(each['value'], language)}{_unit(each)}"
        for each in step["inputs"]
        if each.get("value")
    )
    formula = step.get("formula") or ""
    reason = step.get("reason")
    lines = [each for each in (formula, figures, reason and reason["text"]) if each]
    value = amount_of(step["amount"], language) if step.get("amount") else number(str(step.get("value", "")), language)
    sources = [" ".join(filter(None, (each["title"], each["article"]))) for each in step["citations"]]
    return step["label"], "\n".join(lines), value, "\n".join(sources)


def _way_in(way: dict[str, Any], wording: Wording) -> str:
    """One lawful way in: what it would come to, or why it is closed or unknown."""
    parts = [bracketed(way["label"], wording.label(_status(way)), wording.language)]
    parts += [amount_of(way["totals"]["landed_cost"], wording.language)] if way["totals"] else []
    because = reason_of(way, wording.language)
    return ": ".join(parts) + (f" — {because}" if because else "")


def _figures(scenario: dict[str, Any], language: str) -> tuple[str, str, str]:
    """The landed cost of a scenario, its difference to that of the cheapest with a sign, and its days; empty where unknown."""
    totals, above = scenario["totals"], scenario["above_cheapest"]
    cost = amount_of(totals["landed_cost"], language) if totals else ""
    difference = signed(above["landed_cost"], language) if above else ""
    return cost, difference, _days(scenario["transit_days"] or {})


def _days(days: dict[str, Any]) -> str:
    """The usual number of days, and its range in brackets where it is one."""
    least, usual, most = (days.get(name) for name in ("min", "typical", "max"))
    ends = f"{least}–{most}" if least and most and least != most else least or most
    return f"{usual} ({ends})" if usual and ends and ends != usual else usual or ends or ""


def reason_of(told: dict[str, Any], language: str) -> str:
    """The reason that is told, with its days as people write them; empty for none."""
    return days_in(told["reason"]["text"], language) if told["reason"] else ""


def _status(told: dict[str, Any]) -> str:
    """The code under which a status has its words."""
    return f"status:{told['status']}"


def _unit(figure: dict[str, Any]) -> str:
    return f" {figure['unit']}" if figure.get("unit") else ""


def amount_of(money: dict[str, Any], language: str) -> str:
    """An amount with its currency."""
    return f"{number(money['amount'], language)} {money['currency']}"


def signed(difference: dict[str, Any], language: str) -> str:
    """A difference with its sign."""
    return ("+" if Decimal(difference["amount"]) > 0 else "") + amount_of(difference, language)


def headed(codes: Iterable[str], language: str) -> list[str]:
    """Headings in a language."""
    wording = Wording.of(language)
    return [wording.sentence(HEADINGS[each]) for each in codes]


def bracketed(text: str, aside: str, language: str) -> str:
    """A text with another after it in brackets, which Chinese has of its own."""
    return Wording.of(language).sentence(PATTERNS["numbered"]).format(x=text, number=aside)


def capital(text: str) -> str:
    """A text as the head of a line."""
    return text[:1].upper() + text[1:]


def new_console() -> Console:
    """The terminal; a file or a pipe is taken as a wide one."""
    console = Console(highlight=False)
    # A pipe tells no width; a table squeezed into 80 columns is hard to read there.
    return console if console.is_terminal else Console(highlight=False, width=max(LEAST_WIDTH, 160))
