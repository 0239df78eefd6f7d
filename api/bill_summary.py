"""Many reconciled bills together: their differences by cause, and by product."""

import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from api.bills import Held
from api.reconciliation_answer import HEADS, causes_told, figures_of, picture
from api.renderings.shown import Words
from api.sheet_rows import Cell, csv_of, workbook_of
from api.writing import Json, json_bytes, money

ZERO = Decimal("0.00")
ENDS = ("quoted", "billed", "difference")


def summary(held: Sequence[Held], language: str) -> Json:
    """All bills with what became of them, the sums by cause, and those by product."""
    words = Words(language)
    found = [each.document for each in held if each.document is not None]
    return {
        "bills": [
            {"file": each.file, "reconciliation": each.document, "problems": list(each.problems)} for each in held
        ],
        **{end: money(f"{_amounts(each[end] for each in found)}") for end in ENDS},
        "causes": _causes(found, words),
        "products": list(_products(found, words)),
    }


def _amounts(told: Iterable[Json]) -> Decimal:
    return sum((Decimal(each["amount"]) for each in told), ZERO)


def _causes(parts: Sequence[Json], words: Words) -> list[Json]:
    """The causes of several documents together."""
    effects: dict[str, Decimal] = {}
    for each in parts:
        for cause in each["causes"]:
            effects[cause["cause"]] = effects.get(cause["cause"], ZERO) + Decimal(cause["amount"]["amount"])
    return causes_told(effects, words)


def _products(found: Sequence[Json], words: Words) -> Iterator[Json]:
    """Goods of one name together, those that cost most more first."""
    named: dict[str, list[Json]] = {}
    for document in found:
        for goods in document["goods"]:
            name = goods["product"] or goods["hs_code"] or goods["description"] or ""
            named.setdefault(name, []).append(goods)
    told: list[Json] = [
        {
            "name": name,
            "description": next((each["description"] for each in goods if each["description"]), None),
            "lines": len(goods),
            "difference": money(f"{_amounts(each['difference'] for each in goods)}"),
            "causes": _causes(goods, words),
        }
        for name, goods in named.items()
    ]
    yield from sorted(told, key=lambda each: (-abs(Decimal(each["difference"]["amount"])), each["name"]))


def written(document: Json, form: str, language: str) -> bytes:
    """The summary in one of its forms."""
    match form:
        case "csv":
            return csv_of(_rows(document))
        case "xlsx":
            file = io.BytesIO()
            workbook_of(file, _rows(document), 3)
            return file.getvalue()
        case "svg":
            return picture(document, language).svg().encode()
        case _:
            return json_bytes(document)


def _rows(document: Json) -> Iterator[list[Cell]]:
    """Every bill and its lines, then the products, then the sum; `of` says what a row is."""
    yield ["of", "bill", "name", "quote", *HEADS, "problem"]
    for bill in document["bills"]:
        found = bill["reconciliation"]
        problem = "; ".join(" ".join(filter(None, (each["pointer"], each["detail"]))) for each in bill["problems"])
        if found is None:
            yield ["bill", bill["file"], "", "", *[""] * len(HEADS), problem]
            continue
        yield ["bill", bill["file"], "", found["quote"] or "", *figures_of(found), ""]
        for line in found["lines"]:
            yield ["line", bill["file"], line["label"], found["quote"] or "", *figures_of(line), ""]
    for each in document["products"]:
        yield ["product", "", each["name"], "", *figures_of(each), ""]
    yield ["total", "", "", "", *figures_of(document), ""]
