"""The JSON schema of a candidate: a line of the tariff that a refused code leaves to choose, priced."""

from api.candidates import TAXES
from api.documents import NAMES, Schema, nullable, record, text
from api.line_document import BRIEF, CODE
from api.quote_basics import AMOUNT_OF_MONEY

_MONEY = AMOUNT_OF_MONEY
CANDIDATE = record(
    {
        "hs_code": CODE,
        "name": text("In the language of the answer."),
        "names": NAMES,
        "rates": BRIEF["properties"]["rates"],
        "links": BRIEF["properties"]["links"],
        "taxes": nullable(
            record(
                dict.fromkeys(TAXES, _MONEY),
                optional=TAXES,
                description="What the line of goods would be taxed with; null where it cannot be priced.",
                title="CandidateTaxes",
            )
        ),
        "landed_cost": {"anyOf": [_MONEY, {"type": "null"}], "description": "Of the whole request under this code."},
        "landed_cost_display": {"anyOf": [_MONEY, {"type": "null"}]},
        "outcome": nullable(
            record(
                {
                    "status": text(enum=["complete", "estimated", "incomplete"]),
                    "confidence": text(enum=["A", "B", "C"]),
                },
                title="CandidateOutcome",
            )
        ),
        "problem": nullable(
            record(
                {"code": text(), "text": text(), "pointer": text("Where in the request.")},
                description="Why it cannot be priced; null where it can.",
                title="CandidateProblem",
            )
        ),
    },
    description="A line that the request may name as `hs_code`, and what it would come to.",
)
COMPONENTS: dict[str, Schema] = {"CodeCandidate": CANDIDATE}
