"""The JSON schema of what a changed law comes to, and an example question; held to by tests."""

from typing import Any

from api.decided import format_asked
from api.documents import listed, nullable, record, ref, text
from api.examples import AVOCADO
from calculator.supposing import REVENUE

FORMATS = ("json", "csv", "xlsx")
FORMAT_ASKED = format_asked(
    FORMATS,
    "The form of the answer: a table has a row for each request of the basket, and one for all.",
)
_BOTH = {
    "before": {**ref("Amount"), "description": "As the law is."},
    "after": {**ref("Amount"), "description": "As it would be."},
    "difference": {**ref("Amount"), "description": "After less before."},
}
WHAT_IF = record(
    {
        "basket": listed(
            record(
                {
                    "label": text("The goods of the request.", examples=["avocado-fresh"]),
                    "changes": listed(
                        {"type": "integer", "minimum": 0}, "Which of the changes concern it, counted from 0."
                    ),
                    "before": {**nullable(ref("Totals")), "description": "Null where it cannot be priced."},
                    "after": {**nullable(ref("Totals")), "description": "Null where it cannot be priced."},
                    "difference": {**nullable(ref("Amount")), "description": "Of the landed cost."},
                    "difference_percent": nullable(text("The same as a share of what it was.", examples=["-6.1%"])),
                    "revenue": {**nullable(ref("Amount")), "description": "By how much China's revenue changes."},
                    "reason": {**nullable(ref("Remark")), "description": "Why it cannot be priced."},
                    "candidates": listed(
                        ref("CodeCandidate"),
                        "Where a code leaves several lines of the tariff to choose from: each with its rates and what the "
                        "request would come to under it, as the law is.",
                    ),
                },
                optional=("candidates",),
            ),
            "In the order of the requests.",
        ),
        "landed_cost": record(_BOTH, description="Of all requests that could be priced."),
        "revenue": record(
            {
                **_BOTH,
                "taxes": record(
                    {name: record(_BOTH) for name in REVENUE},
                    description="The same by tax.",
                ),
            },
            description="What China collects of them.",
        ),
        "unmet": listed({"type": "integer", "minimum": 0}, "Changes that concern no request, counted from 0."),
    },
    title="WhatIfAnswer",
    description="What changed rows of the law do to a basket.",
)
ASKED: dict[str, Any] = {
    "agreement": {
        "summary": "An agreement that frees Mexican avocados and berries of duty",
        "value": {
            "changes": [
                {"hs_code": "08044000", "measure": "agreement", "expression": "0%", "origins": ["MX"]},
                {"hs_code": "0810", "measure": "agreement", "expression": "0%", "origins": ["MX"]},
            ],
            "basket": [
                AVOCADO,
                {
                    **AVOCADO,
                    "goods": [
                        {
                            "hs_code": "08102000",
                            "quantity": "2 t",
                            "price": {"amount": "9.00", "currency": "USD", "per": "kg"},
                        }
                    ],
                },
            ],
        },
    }
}
