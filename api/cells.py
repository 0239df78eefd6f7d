"""What a cell may ask of a quote: each field as one plain value, and all of them as a row or as XML.

Figures are those of the answer in JSON, digit for digit; nothing is computed here. A field that a quote does not have (a rate
where there are several lines of goods) is None: empty in a row, a refusal in a cell.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from api.renderings.shown import BESIDE, PARTS
from api.renderings.texts import inert
from calculator.quantities import UNITS, unit

Json = dict[str, Any]
Values = Mapping[str, str | None]
SUMS = (*PARTS, *BESIDE, "landed_cost", "landed_cost_net_of_vat", "landed_cost_display")
ERROR, SUPERSEDED = "error", "superseded_by_correction"
TEXT, CSV, XML = "text", "csv", "xml"
# What each field tells, in the order of a row; of the figures every one is in yuan but the one that is displayed.
MEANINGS = {
    "landed_cost": "the landed cost",
    "landed_cost_per_unit": "of one unit, to four decimals; the unit stands in `unit`",
    "unit": "the unit of `landed_cost_per_unit`: that of the price, else that of the quantity",
    "landed_cost_net_of_vat": "less the VAT that is recovered",
    "landed_cost_display": "in `display_currency`",
    "display_currency": "the currency asked for, else CNY",
    "landed_cost_low": "the low end where a figure is open, else the landed cost",
    "landed_cost_high": "the high end where a figure is open, else the landed cost",
    "goods": "the goods",
    "freight": "the freight",
    "insurance": "the insurance",
    "origin_charges": "charges at origin",
    "destination_charges": "charges at destination",
    "payment_cost": "what paying costs the buyer",
    "customs_value": "the customs value",
    "presumed_insurance": "insurance that customs presumes and nobody pays",
    "customs_duty": "customs duty",
    "trade_remedies": "anti-dumping and other remedies",
    "consumption_tax": "consumption tax",
    "vat": "import VAT",
    "postal_articles_tax": "tax on personal articles",
    "taxes": "all of these taxes",
    "hs_code": "the line of the tariff, where there is one line of goods",
    "duty_rate": "its rate of duty",
    "duty_basis": "what the rate is: mfn, provisional, agreement, …",
    "vat_rate": "its rate of VAT",
    "consumption_tax_rate": "its rate of consumption tax",
    "regime_used": "the way into China",
    "declared_on": "the day whose law was used",
    "outcome": "complete, estimated or incomplete",
    "confidence": "A, B or C: the weakest of all figures",
    "reasons": "codes of what makes it weaker than A",
    "expires_at": "until when it holds",
    "release": "the release of the tables",
    "fx_release": "the release of the exchange rates",
    SUPERSEDED: "ids of the corrections of rows that it used, of a quote that is kept (`quote=`); else empty",
    ERROR: "empty where all is well; else what to put right",
}
FIELDS = tuple(MEANINGS)
# What becomes a number in a cell, and takes the comma where that is the decimal sign.
AMOUNTS = (*SUMS, "landed_cost_per_unit", "landed_cost_low", "landed_cost_high")
NUMBERS = frozenset({*AMOUNTS, "duty_rate", "vat_rate", "consumption_tax_rate"})
# A rate of several parts, such as "20% + 1.5 CNY/kg", is no number and stays as it is.
_DECIMAL = re.compile(r"^([0-9]+)[.]([0-9]+%?)$")


def values(request: Json, document: Json, corrections: Iterable[str] = ()) -> Values:
    """Every field of a quote, from its request, its answer and the ids of the corrections that supersede it."""
    totals, outcome, rates = document["totals"], document["outcome"], document["rates"]
    range_ = outcome.get("range", {"low": totals, "high": totals})
    found: dict[str, str | None] = {
        **{name: totals[name]["amount"] for name in SUMS},
        "display_currency": totals["landed_cost_display"]["currency"],
        "landed_cost_low": range_["low"]["landed_cost"]["amount"],
        "landed_cost_high": range_["high"]["landed_cost"]["amount"],
        "regime_used": document["regime"],
        "declared_on": document["declared_on"],
        "outcome": outcome["status"],
        "confidence": outcome["confidence"],
        "reasons": " ".join(dict.fromkeys(each["code"] for each in outcome["reasons"])),
        "expires_at": document.get("expires_at"),
        "release": rates["release"],
        "fx_release": rates["fx_release"],
        SUPERSEDED: " ".join(corrections),
        ERROR: "",
    }
    if len(document["goods"]) == 1:
        found |= _of_the_line(request["goods"][0], document["goods"][0])
    return {name: found.get(name) for name in FIELDS}


def failed(text: str) -> Values:
    """The fields of a question that has no quote."""
    return {**dict.fromkeys(FIELDS), ERROR: text}


def with_comma(found: Values) -> Values:
    """The same with the comma as the decimal sign of its numbers."""
    return {
        name: value and _DECIMAL.sub(r"\1,\2", value) if name in NUMBERS else value for name, value in found.items()
    }


def as_csv(found: Values, transposed: bool) -> bytes:
    """A row with its heading; or, transposed, a row for each field. No text of the caller's is taken for a formula."""
    names, row = list(found), [inert(value or "") for value in found.values()]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(zip(names, row, strict=True) if transposed else (names, row))
    return text.getvalue().encode()


def as_xml(found: Values) -> bytes:
    """An element for each field, without a namespace: //landed_cost finds it."""
    inside = "".join(f"<{name}>{escape(value or '')}</{name}>" for name, value in found.items())
    return f'<?xml version="1.0" encoding="UTF-8"?><quote>{inside}</quote>'.encode()


WRITTEN: Mapping[str, Callable[[Values, bool], bytes]] = {CSV: as_csv, XML: lambda found, _transposed: as_xml(found)}
MEDIA_TYPES = {TEXT: "text/plain", CSV: "text/csv", XML: "application/xml"}


def _of_the_line(asked: Json, line: Json) -> dict[str, str | None]:
    rates = line["rates"]
    found: dict[str, str | None] = {
        "hs_code": line["hs_code"],
        "duty_rate": rates["customs_duty"],
        "duty_basis": rates["basis"],
        "vat_rate": rates["vat"],
        "consumption_tax_rate": rates["consumption_tax"],
    }
    per = asked["price"]["per"]
    amounts = {each["unit"]: each["amount"]["amount"] for each in line["per_unit"]}
    told = unit_told(line["quantity"]["unit"], per if per == "total" else unit(per).code, amounts)
    return found | ({"landed_cost_per_unit": amounts[told], "unit": told} if told else {})


def unit_told(quantity: str, per: str, known: Iterable[str]) -> str | None:
    """The unit whose landed cost is told: that of the price, else of the quantity.

    A package of any kind stands for the package.
    """
    known = tuple(known)
    for code in (quantity,) if per == "total" else (per, quantity):
        for each in known:
            if each == code or (UNITS[code].kind == "package" and each not in UNITS):
                return each
    return None
