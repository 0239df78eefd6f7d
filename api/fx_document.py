"""The JSON schemas, parameters and examples of exchange rates; held to by tests."""

from typing import Any

from api.documents import Schema, listed, nullable, record, text
from api.line_document import CONFIDENCE
from api.lookups import DAY, DAY_OF_LAW
from api.meta_document import page_of

MOST_YEARS = 20
CODE = {"type": "string", "pattern": "^[A-Z]{3}$"}
BASE = {
    "name": "base",
    "in": "query",
    "required": True,
    "description": "The currency of which one unit is priced (ISO 4217).",
    "schema": CODE,
    "example": "USD",
}
QUOTE = {**BASE, "name": "quote", "description": "The currency in which it is priced.", "example": "CNY"}
ON = {
    "name": "on",
    "in": "query",
    "description": "The day, not after today; without it `to`, else today in Shanghai.",
    "schema": {**DAY, "pattern": DAY_OF_LAW},
    "example": "2026-10-30",
}
FROM = {
    **ON,
    "name": "from",
    "description": f"The first day of the history; at most {MOST_YEARS} years. As CSV or SVG, a year is usual.",
    "example": "2026-10-28",
}
TO = {**ON, "name": "to", "description": "The last day of the history; without it, the day asked for."}
CURRENCY = {
    "name": "currency",
    "in": "query",
    "description": "A foreign currency (ISO 4217); without it, all of the month.",
    "schema": CODE,
    "examples": {"peso": {"value": "MXN"}, "dollar": {"value": "USD"}},
}
MONTH = {
    "name": "month",
    "in": "query",
    "description": "The month of the declaration; without it, this month in Shanghai.",
    "schema": {"type": "string", "pattern": "^(19[89][0-9]|20[0-9]{2})-(0[1-9]|1[0-2])$"},
    "example": "2026-10",
}
FIGURE = text("An exact decimal; an unending one to 12 decimals.", pattern="^[0-9]+([.][0-9]+)?$")
UNROUNDED = {"type": "boolean", "const": True, "description": "The digits shown go on; nothing is reckoned with them."}
SOURCE = nullable(text("Who published it; null for a currency in itself."))
RATE: Schema = record(
    {
        "pair": text("`USD/CNY` is what one dollar is worth in yuan."),
        "rate": FIGURE,
        "unrounded": UNROUNDED,
        "date": {**DAY, "description": "The day of the rate: the last known one on or before the day asked for."},
        "source": SOURCE,
        "age_days": {"type": "integer", "minimum": 0, "description": "How much older than the day asked for it is."},
        "stale": {"type": "boolean", "description": "Older than a quote uses without a warning."},
        "published_as": text("The figures as they were published; a cross shows both."),
        "confidence": CONFIDENCE,
        "history": listed(
            record({"date": DAY, "rate": FIGURE, "unrounded": UNROUNDED, "source": SOURCE}, optional=("unrounded",)),
            "Each day from `from` to `to` on which a rate was published, oldest first.",
        ),
    },
    optional=("unrounded",),
    description="A market rate.",
    title="ExchangeRate",
)
RATE_EXAMPLE: dict[str, Any] = {
    "pair": "USD/CNY",
    "rate": "6.652882205514",
    "unrounded": True,
    "date": "2026-10-30",
    "source": "ecb-reference-rates",
    "age_days": 0,
    "stale": False,
    "published_as": "EUR/CNY 7.4326 ÷ EUR/USD 1.1172",
    "confidence": "A",
    "history": [],
}
CSV_COLUMNS = ("date", "pair", "rate", "source")
CSV_EXAMPLE = "date,pair,rate,source\n2026-10-30,USD/CNY,6.652882205514,ecb-reference-rates\n"
SVG_EXAMPLE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 400" role="img"></svg>'
CUSTOMS_RATE: Schema = record(
    {
        "currency": text(),
        "month": text(pattern="^[0-9]{4}-[0-9]{2}$"),
        "rate": {**FIGURE, "description": "Yuan for one unit of the currency; an unending figure to 12 decimals."},
        "unrounded": UNROUNDED,
        "published_as": text("As it was published: the peso as pesos for 100 yuan."),
        "source_day": {**DAY, "description": "The day whose parity it is by law."},
        "official": {"type": "boolean", "description": "False: an estimate from the market rates of the source day."},
        "source": text(),
        "confidence": CONFIDENCE,
        "valid_to": DAY,
    },
    optional=("unrounded",),
    description="The rate at which customs converts in a month.",
    title="CustomsRate",
)
CUSTOMS: Schema = {"oneOf": [CUSTOMS_RATE, page_of(CUSTOMS_RATE)]}
CUSTOMS_EXAMPLE: dict[str, Any] = {
    "currency": "USD",
    "month": "2026-10",
    "rate": "6.7628",
    "published_as": "1 USD = 6.7628 CNY",
    "source_day": "2026-09-16",
    "official": True,
    "source": "customs-rate-reports",
    "confidence": "A",
    "valid_to": "2026-10-31",
}
