"""The JSON schemas, parameters and examples of units and conversions; held to by tests."""

from typing import Any

from api.documents import NAMES, QUANTITY_TEXT, Schema, listed, nullable, record, text
from api.line_document import CONFIDENCE
from api.lookups import asked_words
from api.meta_document import page_of
from calculator.units import UNITS

KINDS = tuple(dict.fromkeys(each.kind for each in UNITS.values()))
Q = asked_words("Words of a code, a name or another spelling, in any language.", "斤")
KIND = {
    "name": "kind",
    "in": "query",
    "description": "Only units of this kind.",
    "schema": {"type": "string", "enum": list(KINDS)},
    "example": "mass",
}
QUANTITY = {
    "name": "q",
    "in": "query",
    "required": True,
    "description": "A quantity, number first: `25 lb`, `1000 斤`, `1 40RH`.",
    "schema": QUANTITY_TEXT,
    "examples": {"pounds": {"value": "25 lb"}, "container": {"value": "1 40RH"}},
}
TO = {
    "name": "to",
    "in": "query",
    "required": True,
    "description": "The unit that is wanted, in any spelling.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 32},
    "examples": {"kilograms": {"value": "kg"}, "cartons": {"value": "carton"}},
}
PRODUCT = {
    "name": "product",
    "in": "query",
    "description": "A good of /v1/products: its package relates weights, packages, pallets and containers.",
    "schema": {"type": "string", "maxLength": 100},
    "examples": {"none": {"value": ""}, "avocado": {"value": "avocado-fresh"}},
}
PACKAGE = {
    "name": "package",
    "in": "query",
    "description": "Which of its packages; without it, the usual one.",
    "schema": {"type": "string", "maxLength": 100},
    "examples": {"none": {"value": ""}, "carton": {"value": "carton-4kg"}},
}
UNIT: Schema = record(
    {
        "code": text("What a request may write."),
        "name": text("In the reader's language."),
        "names": NAMES,
        "kind": text(enum=list(KINDS)),
        "uncefact": nullable(text("The code of UN/CEFACT Recommendation 20.")),
        "aliases": listed(text(), "Other spellings that are read."),
        "factor": nullable(
            record(
                {
                    "numerator": text(pattern="^[0-9]+$"),
                    "denominator": text(pattern="^[0-9]+$"),
                    "unit": nullable(text("The unit of the kind whose factor is 1.")),
                },
                description="Numerator ÷ denominator, exact; null where only a product or a shipment gives one.",
            )
        ),
        "definition": text(),
        "ambiguity": nullable(text("What it is mistaken for.")),
        "source": text(),
        "source_date": text(),
        "confidence": CONFIDENCE,
    },
    description="A unit of trade.",
    title="Unit",
)
UNITS_PAGE = page_of(UNIT)
JIN: dict[str, Any] = {
    "code": "jin",
    "name": "jin (market catty)",
    "names": {"en": "jin (market catty)", "es": "jin", "zh": "斤"},
    "kind": "mass",
    "uncefact": None,
    "aliases": ["市斤"],
    "factor": {"numerator": "1", "denominator": "2", "unit": "kg"},
    "definition": "500 g exactly in mainland China",
    "ambiguity": "Hong Kong catty 604.78982 g, Taiwan 600 g",
    "source": "https://cavac.at/cavacopedia/jin%20%28mass%29",
    "source_date": "undated",
    "confidence": "A",
}
UNITS_EXAMPLE: dict[str, Any] = {"items": [JIN], "total": 1, "next": None}
CONVERSION = record(
    {
        "value": text("An exact decimal; an unending one to 12 decimals.", pattern="^[0-9]+([.][0-9]+)?$"),
        "unit": text(),
        "from": record({"value": text(), "unit": text()}),
        "exact": {"type": "boolean", "description": "Whether `value` is all of it."},
        "package": nullable(text("The package of the product that was reckoned with.")),
        "definition": text("What it rests on."),
        "source": text("Where that stands."),
        "confidence": CONFIDENCE,
    },
    description="A quantity in another unit.",
    title="Conversion",
)
CONVERSION_EXAMPLE: dict[str, Any] = {
    "value": "11.33980925",
    "unit": "kg",
    "from": {"value": "25", "unit": "lb"},
    "exact": True,
    "package": None,
    "definition": "1 lb = 0.45359237 kg",
    "source": "international definitions",
    "confidence": "A",
}
