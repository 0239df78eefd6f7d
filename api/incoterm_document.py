"""The JSON schema and the example of the Incoterms, and their names in three languages; held to by tests."""

from typing import Any

from api.documents import NAMES as NAMES_SCHEMA
from api.documents import Schema, listed, nullable, record, ref, text
from api.meta_document import DAY, page_of
from calculator.incoterms import Incoterm, Leg

# The names are the trade's; the rules themselves are the International Chamber of Commerce's and are not copied.
NAMES = {
    "EXW": {"en": "Ex Works", "es": "En fábrica", "zh": "工厂交货"},
    "FCA": {"en": "Free Carrier", "es": "Franco transportista", "zh": "货交承运人"},
    "FAS": {"en": "Free Alongside Ship", "es": "Franco al costado del buque", "zh": "船边交货"},
    "FOB": {"en": "Free On Board", "es": "Franco a bordo", "zh": "船上交货"},
    "CFR": {"en": "Cost and Freight", "es": "Costo y flete", "zh": "成本加运费"},
    "CIF": {"en": "Cost, Insurance and Freight", "es": "Costo, seguro y flete", "zh": "成本、保险费加运费"},
    "CPT": {"en": "Carriage Paid To", "es": "Transporte pagado hasta", "zh": "运费付至"},
    "CIP": {
        "en": "Carriage and Insurance Paid To",
        "es": "Transporte y seguro pagados hasta",
        "zh": "运费和保险费付至",
    },
    "DAP": {"en": "Delivered At Place", "es": "Entregada en lugar", "zh": "目的地交货"},
    "DPU": {"en": "Delivered at Place Unloaded", "es": "Entregada en lugar descargada", "zh": "目的地卸货后交货"},
    "DDP": {"en": "Delivered Duty Paid", "es": "Entregada con derechos pagados", "zh": "完税后交货"},
}
SOURCE = "Incoterms 2020, International Chamber of Commerce; in our words"
LEG = text(enum=[leg.value for leg in Leg])
CASE: Schema = record(
    {
        "price_contains": listed(LEG, "Legs that the seller's price contains."),
        "buyer_pays": listed(LEG, "Legs that the buyer pays beside the price."),
        "added_to_customs_value": listed(
            LEG,
            "Legs up to unloading in China that the price lacks: they are added. No premium stated: 3‰ is presumed.",
        ),
        "taken_off_customs_value": listed(
            LEG, "Legs after unloading in China that the price contains: they are taken off where they are stated."
        ),
    }
)
INCOTERM = record(
    {
        "code": text("What `incoterm` of a request says.", enum=[term.value for term in Incoterm]),
        "name": text("In the reader's language."),
        "names": NAMES_SCHEMA,
        "named_place": text("Where the place stands that the term names.", enum=["origin", "destination"]),
        "at_port": {**CASE, "description": "The named place is a port or an airport."},
        "inland": {**CASE, "description": "The named place is none."},
        "no_place": {**CASE, "description": "No place is named."},
        "valid_from": DAY,
        "valid_to": nullable(DAY),
        "source": text(),
        "confidence": text(enum=["A", "B", "C"]),
        "note": nullable(text()),
    },
    description="An Incoterm as legs.",
    title="Incoterm",
)
LEGS = listed(record({"code": LEG, "label": text("In the reader's language.")}), "The legs in the order of the way.")
PAGE: Schema = page_of(INCOTERM)
INCOTERMS: Schema = {
    **PAGE,
    "properties": {**PAGE["properties"], "legs": LEGS, "citations": listed(ref("Citation"))},
    "required": [*PAGE["required"], "legs", "citations"],
}
_FOB = {
    "price_contains": ["pre_carriage", "export_clearance", "origin_handling"],
    "buyer_pays": [
        *("freight", "insurance", "destination_handling", "import_clearance", "delivery"),
        "import_taxes",
    ],
    "added_to_customs_value": ["freight", "insurance"],
    "taken_off_customs_value": [],
}
EXAMPLE: dict[str, Any] = {
    "items": [
        {
            "code": "FOB",
            "name": "Free On Board",
            "names": NAMES["FOB"],
            "named_place": "origin",
            "at_port": _FOB,
            "inland": _FOB,
            "no_place": _FOB,
            "valid_from": "2020-01-01",
            "valid_to": None,
            "source": SOURCE,
            "confidence": "B",
            "note": None,
        }
    ],
    "total": 11,
    "next": None,
    "legs": [{"code": "pre_carriage", "label": "carriage to the port of loading"}],
    "citations": [],
}
