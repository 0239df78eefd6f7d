"""What the health of the server looks like: schemas and examples; held to by tests."""

from api.documents import Schema, listed, nullable, record, text

EXPIRING = record(
    {
        "what": text(enum=["market_rate", "customs_rate_of_month", "clock", "rates", "table"]),
        "name": text(
            "The currency, the release that the clock is behind, the last day of rates with none after them, or the table."
        ),
        "days": nullable(
            {
                "type": "integer",
                "description": (
                    "The age of a market rate; how long a table or rates still hold, negative where that has passed; how far the "
                    "clock is behind the release, negative; "
                    "null for a rate of customs that is only estimated, and where there is no rate at all."
                ),
            }
        ),
    }
)
READINESS: Schema = {
    "title": "Readiness",
    **record(
        {
            "status": text(enum=["ready"]),
            "engine_version": text(),
            "release": text("The data release of the tables."),
            "fx_release": text("The release of the exchange rates."),
            "revision": text("The revision of the tables of the database."),
            "release_not_taken": nullable(
                text(
                    "Why the release of the tables that was installed last does not serve; the one before it does. The log "
                    "says more."
                )
            ),
            "expiring": listed(EXPIRING, "What has ended or soon ends; quotes say so where it matters."),
        }
    ),
}
READINESS_EXAMPLE = {
    "status": "ready",
    "engine_version": "2",
    "release": "2026.11",
    "fx_release": "fx-2026.10.30+2d1f5a7c9e04",
    "revision": "0002",
    "release_not_taken": None,
    "expiring": [
        {"what": "market_rate", "name": "USD", "days": 24},
        {"what": "customs_rate_of_month", "name": "MXN", "days": None},
        {"what": "rates", "name": "2026-12-31", "days": 30},
        {"what": "table", "name": "customs-schedule", "days": 30},
    ],
}
METRICS_EXAMPLE = """# HELP galeon_quotes_total Quotes made, by regime and outcome.
# TYPE galeon_quotes_total counter
galeon_quotes_total{outcome="complete",regime="general_trade"} 7.0
"""
