"""The JSON schema of a comparison and its example request; held to by tests."""

from typing import Any

from api.decided import format_asked
from api.documents import listed, nullable, record, ref, text
from api.examples import AVOCADO
from api.payment_document import FIGURES

FORMATS = ("json", "csv", "xlsx", "svg")
FORMAT_ASKED = format_asked(
    FORMATS,
    "The form of the answer; `svg` has the landed costs as bars.",
)
# Of what paying by a rail comes to, what tells scenarios apart.
PAID = ("rail", "label", "currency", "buyer_pays", "seller_receives", "seller_receives_mxn", "cost", "float_days")
OUTCOME_IN_SHORT = {
    "status": text("How far the figures can be trusted.", enum=["complete", "estimated"]),
    "confidence": text("The weakest letter of any figure: A, B or C.", enum=["A", "B", "C"]),
    "low": {**nullable(ref("Amount")), "description": "The landed cost at its lowest, where it is open."},
    "high": {**nullable(ref("Amount")), "description": "And at its highest, which the totals have."},
}
SCENARIO = record(
    {
        "differs": {
            "type": "object",
            "description": "What stands in the varied places, as it was asked.",
            "additionalProperties": True,
        },
        "label": text("The same in a few words, in the language asked.", examples=["sea MXZLO–CNSHA 40RH"]),
        "status": text(
            "`unknown`: the tables cannot tell, or it cannot be priced.", enum=["open", "closed", "unknown"]
        ),
        "reason": {**nullable(ref("Remark")), "description": "Why it is closed or unknown."},
        "outcome": nullable(
            record(
                OUTCOME_IN_SHORT, description="How far the scenario can be trusted; null where it could not be priced."
            )
        ),
        "totals": {**nullable(ref("Totals")), "description": "Null where it could not be priced."},
        "payment": nullable(
            record(
                {name: FIGURES[name] for name in PAID},
                description="What paying comes to; null where no rail was named.",
            )
        ),
        "transit_days": nullable(
            record(
                {
                    name: nullable({"$ref": "#/components/schemas/Decimal", "description": said})
                    for name, said in (("min", "At least."), ("typical", "As a rule."), ("max", "At most."))
                },
                description="Days of the way; null where no lane is known.",
            )
        ),
        "above_cheapest": nullable(
            {
                "type": "object",
                "description": "By how much its sums differ from those of the first scenario, in yuan, where they do.",
                "additionalProperties": ref("Amount"),
            }
        ),
    },
    title="Scenario",
    description="One combination of what varies.",
)
COMPARISON = record(
    {
        "scenarios": listed(SCENARIO, "Open ones first, by landed cost."),
        "varied": listed({"type": "string"}, "What varies, in the order of the combinations."),
    },
    title="Compared",
    description="Scenarios of one shipment, side by side.",
)
ASKED: dict[str, Any] = {
    "ways": {
        "summary": "Avocados by sea and by air, paid in dollars and in pesos",
        "value": {
            **AVOCADO,
            "vary": {
                "route": [
                    {"mode": "sea", "from": "MXZLO", "to": "CNSHA", "equipment": "40RH"},
                    {
                        "mode": "air",
                        "from": "MEX",
                        "to": "PVG",
                        "freight": {"amount": "58000.00", "currency": "USD"},
                    },
                ],
                "payment": [{"rail": "swift-tt", "currency": "USD"}, {"rail": "swift-tt", "currency": "MXN"}],
            },
        },
    }
}
