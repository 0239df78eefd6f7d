"""A reconciled bill as the documents that are answered: JSON, a table (CSV), a workbook, and bars of the causes (SVG)."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from api.exchanged import exchanged, rate_told
from api.pictures.canvas import Picture
from api.pictures.tornado import Swing, tornado
from api.renderings.shown import Words
from api.sheet_rows import Cell, amount_cell, csv_of, workbook_of
from api.wording import plain
from api.writing import Json, money
from calculator.billing import Invoice
from calculator.plan import Remark
from calculator.reconciling import CAUSES, Reconciliation, Variance

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Told:
    """What was found, with the id of the quote ("" for a request), and what must be told of its rates."""

    quote: str
    found: Reconciliation
    warnings: tuple[Remark, ...]


def answer(told: Told, language: str) -> Json:
    """The reconciliation as JSON."""
    words, found = Words(language), told.found
    base = found.rungs[0].reckoned
    compared = [each for each in found.variances if each.billed is not None]
    quoted = sum((each.quoted for each in compared), ZERO)
    billed = sum((each.billed or ZERO for each in compared), ZERO)
    warnings = [*told.warnings, *_missing(found.variances)]
    return {
        "quote": told.quote or None,
        "declared_on": base.request.declared_on.isoformat(),
        "regime": base.plan.regime,
        "lines": [_line(each, words) for each in found.variances],
        "quoted": money(f"{quoted}"),
        "billed": money(f"{billed}"),
        "difference": money(f"{billed - quoted}"),
        "causes": causes_told(_summed(each.causes for each in compared), words),
        "goods": list(_goods(found, compared, words)),
        "exchanged": list(exchanged(found.rungs, words)),
        "order": list(CAUSES),
        "warnings": [
            {"code": each.code, "text": words.wording.text(each), "pointer": each.pointer} for each in warnings
        ],
    }


def _line(variance: Variance, words: Words) -> Json:
    billed, difference = variance.billed, variance.difference
    return {
        "line": variance.line,
        "label": words.label(variance.line),
        "quoted": money(f"{variance.quoted}"),
        "billed": None if billed is None else money(f"{billed}"),
        "difference": None if difference is None else money(f"{difference}"),
        "causes": causes_told(variance.causes, words),
        "invoices": [_invoice(each) for each in variance.invoices],
    }


def _invoice(invoice: Invoice) -> Json:
    return {
        "invoice": invoice.number or None,
        "on": None if invoice.on is None else invoice.on.isoformat(),
        "amount": money(plain(invoice.amount.amount), invoice.amount.currency),
        "credit": invoice.credit,
        "rate": None if invoice.rate is None else rate_told(invoice.rate),
        "yuan": money(f"{invoice.yuan}"),
    }


def causes_told(effects: Mapping[str, Decimal], words: Words) -> list[Json]:
    """The causes that have a part, in the order in which they are exchanged."""
    return [
        {"cause": each, "label": cause_label(each, words), "amount": money(f"{effects[each]}")}
        for each in CAUSES
        if each in effects
    ]


def cause_label(cause: str, words: Words) -> str:
    """What a cause is called."""
    return words.said(f"cause:{cause}")


def _summed(effects: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for each in effects:
        for cause, amount in each.items():
            found[cause] = found.get(cause, ZERO) + amount
    return found


def _goods(found: Reconciliation, compared: Sequence[Variance], words: Words) -> Iterator[Json]:
    """The parts of the lines of goods in the difference."""
    base = found.rungs[0].reckoned
    for number, line in enumerate(base.request.goods):
        parts = _summed([each.goods[number] for each in compared])
        row = base.choice.dossier.lines[number].tariff_line
        names = row.names if row is not None else {}
        yield {
            "product": line.product or None,
            "hs_code": base.choice.plan.lines[number].hs_code or None,
            "description": line.description or names.get(words.language) or names.get("en") or None,
            "difference": money(f"{sum(parts.values(), ZERO)}"),
            "causes": causes_told(parts, words),
        }


def _missing(variances: Sequence[Variance]) -> Iterator[Remark]:
    """The lines that stand on one side alone."""
    for each in variances:
        if each.billed is None:
            yield Remark("not_billed", "/bill", {"figure": each.line})
        elif not each.quoted and each.billed:
            yield Remark("billed_not_quoted", "/bill", {"figure": each.line})


def table(document: Json, language: str) -> bytes:
    """The lines as CSV, one a row, the sum last."""
    return csv_of(_rows(document, Words(language)))


def workbook(document: Json, language: str) -> bytes:
    """The lines as a workbook."""
    file = io.BytesIO()
    workbook_of(file, _rows(document, Words(language)), 2)
    return file.getvalue()


HEADS = ("quoted", "billed", "difference", *CAUSES)


def figures_of(told: Json) -> list[Cell]:
    """What was quoted and billed, the difference, and the part of every cause; empty where there is none."""
    parts = {each["cause"]: each["amount"] for each in told["causes"]}
    ends = (told.get("quoted"), told.get("billed"), told["difference"])
    return [*map(amount_cell, ends), *(amount_cell(parts.get(cause)) for cause in CAUSES)]


def _rows(document: Json, words: Words) -> Iterator[list[Cell]]:
    yield ["line", "label", *HEADS]
    for each in document["lines"]:
        yield [each["line"], each["label"], *figures_of(each)]
    yield ["total", words.said("sum"), *figures_of(document)]


def picture(document: Json, language: str) -> Picture:
    """The causes as bars around nothing, the longest first."""
    words = Words(language)
    parts = [(each["label"], Decimal(each["amount"]["amount"])) for each in document["causes"]]
    swings = [Swing(label, min(amount, ZERO), max(amount, ZERO)) for label, amount in parts]
    return tornado(words, words.said("causes"), swings)
