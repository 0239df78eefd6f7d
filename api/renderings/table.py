"""A quote as a table (CSV): one row for every figure and remark, in one long form that any program can filter.

UTF-8 with a byte-order mark, because Excel takes a file without one for the code page of its machine and spoils Chinese;
LibreOffice, Google Sheets and Python's utf-8-sig take the mark off. The decimal sign is the point and the comma divides,
in every language. A code keeps its zeros where the column is read as text. No text cell can be taken for a formula.
"""

import csv
import io
from collections.abc import Iterator

from api.renderings.shown import BESIDE, PARTS, Json, Shown
from api.renderings.texts import inert

MARK = "\ufeff"
COLUMNS = (
    "section",
    "line",
    "step",
    "code",
    "label",
    "value",
    "unit",
    "formula",
    "from",
    "source",
    "date",
    "confidence",
    "text",
)
SUMS = (*PARTS, *BESIDE, "landed_cost", "landed_cost_net_of_vat", "landed_cost_display")


def table(quote: Shown) -> bytes:
    """The whole quote as CSV."""
    text = io.StringIO(newline="")
    text.write(MARK)
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(quote):
        writer.writerow({name: inert(str(each)) for name, each in row.items() if each is not None})
    return text.getvalue().encode()


def _rows(quote: Shown) -> Iterator[Json]:
    """The rows, section by section; figures stand in `value` as plain digits and everything else is text."""
    yield from _head(quote)
    yield from _totals(quote, quote.document["totals"], None)
    for number, goods in enumerate(quote.document["goods"]):
        yield from _goods(quote, number, goods)
    for step in quote.listed("steps"):
        yield from _step(quote, step)
    yield from _rates(quote)
    yield from _range(quote)
    yield from _remarks(quote)


def _head(quote: Shown) -> Iterator[Json]:
    document = quote.document
    told = {
        "id": quote.id,
        "created_at": document["created_at"],
        "declared_on": document["declared_on"],
        "expires_at": document["expires_at"],
        "regime": document["regime"],
        "status": document["outcome"]["status"],
        "confidence": document["outcome"]["confidence"],
        "release": document["rates"]["release"],
        "fx_release": document["rates"]["fx_release"],
    }
    for code, text in told.items():
        yield {"section": "quote", "code": code, "text": text}


def _totals(quote: Shown, totals: Json, line: int | None) -> Iterator[Json]:
    section = "totals" if line is None else "goods"
    for name in SUMS:
        yield {"section": section, **_at(line), "code": name, "label": quote.label(name), **_money(totals[name])}


def _goods(quote: Shown, number: int, goods: Json) -> Iterator[Json]:
    row = {"section": "goods", **_at(number)}
    for code in ("description", "product", "hs_code"):
        yield {**row, "code": code, "text": goods[code]}
    quantity = goods["quantity"]
    yield {**row, "code": "quantity", "value": quantity["value"], "unit": quantity["unit"]}
    yield from _totals(quote, goods, number)
    for each in goods["per_unit"]:
        amount = each["amount"]
        yield {**row, "code": "per_unit", "value": amount["amount"], "unit": f"{amount['currency']}/{each['unit']}"}


def _step(quote: Shown, step: Json) -> Iterator[Json]:
    """A step, then the figures that went into it."""
    place = {**_at(step["goods"]), "step": step["code"]}
    amount = step.get("amount") or {"amount": step.get("value"), "currency": step.get("unit")}
    reason = step.get("reason")
    yield {
        "section": "steps",
        **place,
        "code": step["code"],
        "label": step["label"],
        **_money(amount),
        "formula": step["formula"],
        "source": "; ".join(_citation(each) for each in step["citations"]),
        "text": reason and reason["text"],
    }
    for each in step["inputs"]:
        told = {name: each[name] for name in ("code", "label", "value", "unit", "from", "source", "date", "confidence")}
        yield {"section": "inputs", **place, **told}


def _rates(quote: Shown) -> Iterator[Json]:
    rates = quote.document["rates"]
    for each in rates["fx"]:
        told = {name: each[name] for name in ("from", "source", "date")}
        yield {"section": "fx", "code": each["use"], "label": each["pair"], "value": each["rate"], **told}
    for each in rates["tables"]:
        version = {"code": each["name"], "date": each["known_until"], "confidence": each["confidence"]}
        yield {"section": "tables", **version, "text": each["version"]}


def _range(quote: Shown) -> Iterator[Json]:
    """Both ends of the landed cost, then what makes them lie apart; without a value what nobody knows the width of."""
    range_ = quote.document["outcome"].get("range")
    for end in ("low", "high") if range_ else ():
        yield {
            "section": "range",
            "code": end,
            "label": quote.label("landed_cost"),
            **_money(range_[end]["landed_cost"]),
        }
    for each in range_["sources"] if range_ else ():
        width = _money(each["width"]) if each["width"] is not None else {}
        yield {"section": "range", "code": each["code"], **width, "text": each["text"]}


def _remarks(quote: Shown) -> Iterator[Json]:
    for each in quote.document["outcome"]["reasons"]:
        yield {"section": "reasons", "code": each["code"], "from": each["pointer"], "text": each["text"]}
    for each in quote.listed("alternatives"):
        label, text = each["what"], each["not_used_because"]
        yield {
            "section": "alternatives",
            **_at(each["goods"]),
            "code": each["kind"],
            "label": label,
            "text": f"{each['rate']}: {text}",
        }
    for section in ("assumptions", "warnings"):
        for each in quote.listed(section):
            yield {"section": section, "code": each["code"], "from": each["pointer"], "text": each["text"]}
    for each in quote.listed("requirements"):
        told = {"code": each["code"], "confidence": each["confidence"], "text": each["text"]}
        yield {"section": "requirements", **_at(each["goods"]), **told, "source": each["authority"]}


def _at(line: int | None) -> Json:
    """Lines are counted from 1, as people count."""
    return {} if line is None else {"line": line + 1}


def _money(amount: Json) -> Json:
    return {"value": amount["amount"], "unit": amount["currency"]}


def _citation(each: Json) -> str:
    return f"{each['title']} ({each['article']})" if each["article"] else str(each["title"])
