"""What the health of the server looks like: schemas and examples; held to by tests."""

from api.documents import Schema, listed, nullable, record, text

EXPIRING = record(
    {
        "what": text(enum=["market_rate", "customs_rate_of_month", "table"]),
        "name": text("The currency, or the table."),
        "days": nullable(
            {
                "type": "integer",
                "description": (
                    "The age of a market rate; how long a table is still known to hold, negative where that has passed; "
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
    "engine_version": "1.0.0",
    "release": "2026.11",
    "fx_release": "fx-2026.10.30+2d1f5a7c9e04",
    "revision": "0002",
    "release_not_taken": None,
    "expiring": [
        {"what": "market_rate", "name": "USD", "days": 24},
        {"what": "customs_rate_of_month", "name": "MXN", "days": None},
        {"what": "table", "name": "customs-schedule", "days": 30},
    ],
}
METRICS_EXAMPLE = """# HELP galeon_quotes_total Quotes made, by regime and outcome.
# TYPE galeon_quotes_total counter
galeon_quotes_total{outcome="complete",regime="general_trade"} 7.0
"""
