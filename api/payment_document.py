"""The JSON schemas of the payment of a quote."""

from api.documents import Schema, listed, nullable, record, ref, text
from api.quote_basics import AMOUNT

LINE = record(
    {
        "code": text("The fee or margin.", examples=["send_fee"]),
        "label": text("What it is called, in the language of the quote."),
        "payer": text("Who pays it.", enum=["buyer", "seller"]),
        "amount": ref("Amount"),
    },
    description="One fee or margin, in yuan at the market rate.",
)
FIGURES: dict[str, Schema] = {
    "rail": nullable(text("The code of the rail; null without one.", examples=["swift-tt"])),
    "label": text("What the rail is called."),
    "currency": text("The currency of the payment.", examples=["USD"]),
    "charges": nullable(text("Who bears the charges of a transfer: OUR, SHA or BEN.", examples=["SHA"])),
    "buyer_pays": nullable(ref("Amount")),
    "seller_receives": nullable(ref("Amount")),
    "seller_receives_mxn": nullable({**ref("Amount"), "description": "What reaches the seller's account, in pesos."}),
    "cost": {
        **ref("Amount"),
        "description": "Fees and margins of both sides: what the buyer pays less what the seller receives.",
    },
    "cost_percent": nullable(text("The cost as a share of what the buyer pays.", examples=["1.0805%"])),
    "float_days": nullable({**AMOUNT, "description": "Days that the money may be on its way."}),
    "lines": listed(LINE, "Fees and margins, the buyer's first."),
}
PAID = record(FIGURES, description="Paying by one rail, in yuan at the market rate.")
PAYMENT = record(
    {
        **FIGURES,
        "reason": nullable(ref("Reason")),
        "options": listed(
            ref("Paid"), "Every rail that can carry the amount, the cheapest first, where the request compares."
        ),
    },
    optional=("label", "currency", "charges", "reason", "options"),
    description="How the goods are paid for.",
)
