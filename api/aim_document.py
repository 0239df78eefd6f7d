"""The JSON schema of what a target comes to, and its example request; held to by tests."""

from typing import Any

from api.documents import listed, record, ref, text
from api.examples import AVOCADO
from api.quote_basics import AMOUNT

PRICE = record(
    {"amount": AMOUNT, "currency": ref("Currency"), "per": text("For what the price is, as asked.", examples=["kg"])},
    description="A price on the smallest unit of its currency.",
)
AIMED = record(
    {
        "price": {"$ref": "#/components/schemas/AimedPrice", "description": "The highest price that meets the target."},
        "reached": record(
            {
                "of": text("Which figure.", enum=["landed_cost", "landed_cost_net_of_vat"]),
                "amount": {
                    **AMOUNT,
                    "description": "In the currency of the target; of a unit to four decimals.",
                },
                "currency": ref("Currency"),
                "per": text("A unit, or `total`.", examples=["total"]),
                "left": {**ref("Amount"), "description": "How far the consignment stays below the target, in yuan."},
            },
            description="The landed cost at that price.",
        ),
        "intervals": listed(
            record({"from": ref("AimedPrice"), "to": ref("AimedPrice")}, description="Both ends meet the target."),
            "All prices that meet it, the lowest first: several where a threshold lies between.",
        ),
        "quote": {**ref("Quote"), "description": "The quote at that price; it is not kept."},
    },
    title="Aimed",
    description="The highest price that still meets a target landed cost.",
)
COMPONENTS = {"AimedPrice": PRICE}
ASKED: dict[str, Any] = {
    "price": {
        "summary": "What may a kilogram of avocados cost, to be 22 yuan landed?",
        "value": {
            **AVOCADO,
            "goods": [{**AVOCADO["goods"][0], "price": {"currency": "USD", "per": "kg"}}],
            "target": {"amount": "22.00", "currency": "CNY", "per": "kg"},
        },
    }
}
