"""The JSON schemas, parameters and examples of the ways of paying; held to by tests."""

from typing import Any

from api.documents import NAMES, Schema, listed, nullable, record, text
from api.line_document import CITATION, CONFIDENCE
from api.logistics_document import parameter
from api.lookups import asked_words
from api.meta_document import DAY, page_of
from calculator.rails import AMOUNT, BUYER, CHARGES, EXCHANGE, SELLER, TRANSFER

_PATTERN = "^[0-9]+([.][0-9]+)?$"
_DECIMAL = nullable(text("An exact decimal.", pattern=_PATTERN))
_PERCENT = nullable(text("A share, as a percentage.", pattern="^[0-9]+([.][0-9]+)?%$", examples=["0.1%"]))
_PAYER: Schema = {"type": ["string", "null"], "enum": [BUYER, SELLER, None]}
_ROW: dict[str, Schema] = {
    "valid_from": DAY,
    "valid_to": nullable(DAY),
    "source": text("The document that it stands in; see /v1/sources."),
    "confidence": CONFIDENCE,
    "note": nullable(text()),
}

Q = asked_words("Words of a code or a name, in any language.", "transferencia")
CURRENCY = parameter("currency", "Only ways of paying that carry this currency (ISO 4217).", "CNY")
CURRENCY["schema"] = {"type": "string", "pattern": "^[A-Z]{3}$"}
CODE: dict[str, Any] = {
    "name": "code",
    "in": "path",
    "required": True,
    "description": "The code of a way of paying.",
    "schema": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 60},
    "example": "swift-tt",
}

FEE = record(
    {
        "code": text("What it is one of: of several rows with one code a payment is asked the usual one."),
        "name": text("In the reader's language."),
        "names": NAMES,
        "payer": record(
            dict.fromkeys(CHARGES, _PAYER),
            description="Who pays, by who bears the charges of the transfer; null is nobody.",
        ),
        "basis": text(
            "What it is asked on: the amount paid, once for the payment, or the amount that is exchanged (a margin).",
            enum=[AMOUNT, TRANSFER, EXCHANGE],
        ),
        "share": _PERCENT,
        "fixed": _DECIMAL,
        "minimum": _DECIMAL,
        "maximum": _DECIMAL,
        "currency": text("The currency of the amounts.", examples=["CNY"]),
        "tax": _PERCENT,
        "low": nullable(text("The lower end, where the share or the fixed amount is the higher end of a range.")),
        "usual": {"type": "boolean", "description": "Asked of every payment; the others are told only."},
        **_ROW,
    },
    description="A fee or a margin of a way of paying, as it stands in the table.",
    title="RailFee",
)
_RAIL: dict[str, Schema] = {
    "code": text("What `payment.rail` of a request may say."),
    "name": text("In the reader's language."),
    "names": NAMES,
    "currencies": listed(text(examples=["USD"]), "The currencies that it carries; empty for any."),
    "charges": {"type": "boolean", "description": "Whether the parties choose who bears the charges: OUR, SHA or BEN."},
    "reachable": {
        "type": "boolean",
        "description": "Whether it takes money from accounts in China and pays it out in Mexico.",
    },
    "days": record({"min": _DECIMAL, "max": _DECIMAL}, description="Days that the money is on its way."),
    "least": nullable(text("The least amount that it carries, in yuan.", pattern=_PATTERN)),
    "most": nullable(text("The most that it carries, in yuan.", pattern=_PATTERN)),
    **_ROW,
    "links": record({"self": text()}),
}
RAIL = record(_RAIL, description="A way of paying.", title="PaymentRail")
RAILS = page_of(RAIL)
WHOLE_RAIL = record(
    _RAIL | {"fees": listed(FEE), "citations": listed(CITATION), "release": text()},
    description="A way of paying with every row of its fees.",
    title="WholePaymentRail",
)
