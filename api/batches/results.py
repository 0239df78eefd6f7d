"""The columns that come back after the user's own: amounts in yuan to the fen, empty where a row could not be priced."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pyarrow as pa

from api.batches.faults import FAULT

AMOUNTS = (
    "customs_value",
    "customs_duty",
    "trade_remedies",
    "consumption_tax",
    "vat",
    "postal_articles_tax",
    "taxes",
    "payment_cost",
    "landed_cost",
)
PER_UNIT = "landed_cost_per_unit"
REGIME, OUTCOME, ERROR = "regime_used", "outcome", "error"
RESULTS = (*AMOUNTS, PER_UNIT, REGIME, OUTCOME, ERROR)
# As many digits as a column of decimals can have; what has more is refused in its row.
AMOUNT_TYPE, PER_UNIT_TYPE = pa.decimal128(38, 2), pa.decimal128(38, 4)
TYPES = {
    **dict.fromkeys(AMOUNTS, AMOUNT_TYPE),
    PER_UNIT: PER_UNIT_TYPE,
    **dict.fromkeys((REGIME, OUTCOME, ERROR), pa.string()),
}
# A user's column may have the name of one of ours: `trade_remedies` is both asked and answered.
OTHERWISE = "priced_{}"
# What a row came to: each result by its name, None for what there is not.
Result = Mapping[str, Decimal | str | None]


def headings(own: Sequence[str]) -> list[str]:
    """What the columns are called beside the user's: their own names, or others where the user's columns have these."""
    taken, found = set(own), []
    for name in RESULTS:
        heading = name
        while heading in taken:
            heading = OTHERWISE.format(heading)
        taken.add(heading)
        found.append(heading)
    return found


def failed(text: str) -> Result:
    """The results of a row that could not be priced."""
    return {ERROR: text}


def arrays(results: Sequence[Result]) -> list["pa.Array"]:
    """The columns of these rows."""
    return [pa.array([each.get(name) for each in results], TYPES[name]) for name in RESULTS]


def own_of(read: "pa.Schema") -> "pa.Schema":
    """The user's columns of a file: without that of faults, and without the results at their end of an earlier run."""
    own = read.remove(read.get_field_index(FAULT)) if FAULT in read.names else read
    if tuple(own.names[-len(RESULTS) :]) == RESULTS:
        return pa.schema(list(own)[: -len(RESULTS)], metadata=own.metadata)
    return own


def schema(own: "pa.Schema") -> "pa.Schema":
    """The user's columns, and ours after them."""
    ours = [pa.field(heading, TYPES[name]) for name, heading in zip(RESULTS, headings(own.names), strict=True)]
    return pa.schema([*own, *ours], metadata=own.metadata)
