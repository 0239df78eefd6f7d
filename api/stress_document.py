"""The JSON schema of what shocks and time make of a landed cost, and an example request; held to by tests."""

from typing import Any

from api.decided import format_asked
from api.documents import listed, nullable, record, ref, text
from api.examples import AVOCADO
from api.quote_basics import AMOUNT, DAY
from api.stress_schemas import NAMES

FORMATS = ("json", "csv", "svg")
FORMAT_ASKED = format_asked(
    FORMATS,
    "The form of the answer; `csv` is a table, `svg` a picture: a tornado of the shocks, a line of the history.",
)
PARTS = ("shocks", "history")
PART_ASKED = {
    "name": "part",
    "in": "query",
    "description": "Of which part the table or the picture is.",
    "schema": {"type": "string", "enum": list(PARTS), "default": "shocks"},
    "example": "shocks",
}
_ANSWER = {
    "landed_cost": {**nullable(ref("Amount")), "description": "What it becomes; null where it cannot be told."},
    "difference": {**nullable(ref("Amount")), "description": "How far that is from the base."},
    "reason": {**nullable(ref("Remark")), "description": "Why it cannot be told."},
}
_PRICED = {"amount": AMOUNT, "currency": ref("Currency"), "per": text("A unit, or `total`.", examples=["kg"])}
CHANGED = listed(
    record(
        {
            "what": text("Which rate.", examples=["customs_duty"]),
            "goods": {"type": "integer", "minimum": 0, "description": "The line, counted from 0."},
            "from": nullable(text("As it was.")),
            "to": nullable(text("As it is.")),
        }
    ),
    "Rates that are others than in the month before.",
)
BREAK_EVEN = record(
    {
        "benchmark": record(_PRICED, description="As it was given."),
        "landed_cost": record(_PRICED, description="The landed cost of as much."),
        "margin": record(_PRICED, description="What is left of the benchmark; below zero where it is less."),
        "margin_percent": text("The same as a share of the benchmark.", examples=["12.5%"]),
        "price": nullable(record(_PRICED, description="The highest price abroad within it; null for several lines.")),
        "fx": nullable(
            record(
                {"pair": text("The currency of the prices and the yuan.", examples=["USD/CNY"]), "rate": AMOUNT},
                description="The highest market rate within it, to four decimals; customs moves along.",
            )
        ),
    },
    description="Against a domestic price in China.",
)
SENSITIVITY = record(
    {
        "base": {**ref("Totals"), "description": "Without any shock."},
        "shocks": listed(
            record(
                {
                    "what": text("What was moved.", enum=list(NAMES)),
                    "label": text("What it is called, in the language asked."),
                    "by": text("By how much; of shrinkage the share that is lost.", examples=["+10%"]),
                    **_ANSWER,
                }
            ),
            "Each figure moved by itself.",
        ),
        "grid": listed(
            record(
                {
                    "by": {
                        "type": "object",
                        "description": "The two shocks.",
                        "additionalProperties": {"type": "string"},
                    },
                    **_ANSWER,
                }
            ),
            "Two figures moved together, each shock of the first with each of the second.",
        ),
        "history": listed(
            record(
                {
                    "declared_on": {**DAY, "description": "The first day of a month."},
                    "landed_cost": {**nullable(ref("Amount")), "description": "Null where it cannot be told."},
                    "reason": {**nullable(ref("Remark")), "description": "Why it cannot be told."},
                    "changed": CHANGED,
                }
            ),
            "The oldest first, at the law and the exchange rates of then.",
        ),
        "break_even": BREAK_EVEN,
    },
    optional=("grid", "history", "break_even"),
    title="Sensitivity",
    description="How the landed cost answers to shocks and to time.",
)
ASKED: dict[str, Any] = {
    "shocks": {
        "summary": "Avocados: exchange rates and freight up and down, and a domestic price of 26 yuan",
        "value": {
            **AVOCADO,
            "shocks": {"fx": ["-10%", "10%"], "freight": ["-20%", "50%"], "shrinkage": ["3%"]},
            "grid": ["fx", "freight"],
            "benchmark_price": {"amount": "26.00", "currency": "CNY", "per": "kg"},
        },
    }
}
