"""The JSON schemas of what a quote says about the way: the shipment, the price ladder, what holding the goods costs."""

from api.documents import Schema, listed, nullable, record, ref, text
from api.quote_basics import AMOUNT
from calculator.incoterms import Incoterm

COUNT: Schema = {
    "description": "A whole number; a decimal text where it does not come out whole.",
    "oneOf": [{"type": "integer"}, AMOUNT],
}
MEASURE = nullable(record({"value": AMOUNT, "unit": text("The code of the unit.")}, description="A quantity."))
SHIPMENT = record(
    {
        "net_weight": MEASURE,
        "gross_weight": {**MEASURE, "description": "With packing, and with pallets by sea."},
        "volume": MEASURE,
        "chargeable": nullable(
            record(
                {
                    "value": AMOUNT,
                    "unit": text("kg or revenue_ton."),
                    "because": text("What decided it.", enum=["weight", "volume", "minimum"]),
                },
                description="What the mode charges by.",
            )
        ),
        "packages": listed(
            record({"unit": text("The package.", examples=["carton-4kg"]), "count": COUNT}), "The packages by kind."
        ),
        "pallets": {**nullable(COUNT), "description": "Pallets; null where they are not known."},
        "equipment": listed(
            record(
                {
                    "type": text("The container or air unit.", examples=["40RH"]),
                    "count": COUNT,
                    "binds": nullable(
                        text("The limit that is nearest.", enum=["payload", "volume", "pallets", "road_limit"])
                    ),
                    "unused": record(
                        {
                            "weight": MEASURE,
                            "volume": MEASURE,
                            "pallets": {**nullable(COUNT), "description": "Places for pallets."},
                        },
                        description="What all of them together still hold.",
                    ),
                }
            ),
            "The containers or air units by kind.",
        ),
        "transit_days": nullable(
            record(
                {"min": nullable(AMOUNT), "typical": nullable(AMOUNT), "max": nullable(AMOUNT)},
                description="Days on the way.",
            )
        ),
    },
    description="What the goods are on the way; null where neither the request nor a package tells it.",
)
LADDER = record(
    {term.value: nullable(ref("Amount")) for term in Incoterm},
    description="The price of the goods under each Incoterm, in yuan; null where a leg between is not known.",
)
OWNERSHIP = record(
    {
        "lines": listed(
            record(
                {
                    "code": text("The figure."),
                    "label": text("What it is called, in the language of the quote."),
                    "amount": ref("Amount"),
                }
            ),
            "What holding the goods costs, by kind.",
        ),
        "cost_of_ownership": ref("Amount"),
    },
    description="The landed cost with what holding the goods costs, where the request asks for it.",
)
