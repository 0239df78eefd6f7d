"""The JSON schema of a landed cost month by month, and an example request; held to by tests."""

from typing import Any

from api.calendar_answer import WHEN
from api.comparison_document import OUTCOME_IN_SHORT
from api.decided import format_asked
from api.documents import listed, nullable, record, ref, text
from api.examples import AVOCADO
from api.quote_basics import AMOUNT, DAY
from api.quote_document import REASONS
from api.stress_document import CHANGED

FORMATS = ("json", "csv", "xlsx", "svg")
FORMAT_ASKED = format_asked(
    FORMATS, "The form of the answer; `csv` and `xlsx` are tables, `svg` is a line, dashed where the months are ahead."
)
HELD = record(
    {
        "pair": text("The currency and the yuan.", examples=["USD/CNY"]),
        "use": text("At which desk, or whose.", enum=["customs", "market", "user"]),
        "rate": AMOUNT,
        "since": {**nullable(DAY), "description": "The last day of which a rate is known; null for the request's own."},
    }
)
CALENDAR = record(
    {
        "declared_on": {**DAY, "description": "The day in the middle: months after it are ahead."},
        "months": listed(
            record(
                {
                    "declared_on": {**DAY, "description": "The first day of the month."},
                    "when": text("Where it lies; `now` is the month in the middle.", enum=list(WHEN)),
                    "landed_cost": {**nullable(ref("Amount")), "description": "Null where it cannot be told."},
                    "totals": {**nullable(ref("Totals")), "description": "What it is made of."},
                    "outcome": nullable(
                        record(
                            {**OUTCOME_IN_SHORT, "reasons": REASONS},
                            description="How far the month can be trusted.",
                        )
                    ),
                    "reason": {**nullable(ref("Remark")), "description": "Why it cannot be told."},
                    "changed": CHANGED,
                    "held": listed(HELD, "Exchange rates older than the month, for want of newer ones."),
                }
            ),
            "The oldest first: up to the day in the middle at the law and the exchange rates of then, after it at the law "
            "that the tables hold for then and the last exchange rates that are known.",
        ),
        "release": text("The data release of the tables."),
        "fx_release": text("That of the exchange rates."),
    },
    title="Calendar",
    description="The landed cost month by month.",
)
ASKED: dict[str, Any] = {
    "calendar": {
        "summary": "Avocados: three months back, and three ahead, in which their provisional rate ends",
        "value": {
            **{name: value for name, value in AVOCADO.items() if name != "fx"},
            "calendar": {"behind": 3, "ahead": 3},
        },
    }
}
