"""The JSON schemas of the rules of law; held to by tests."""

from api.documents import Schema, listed, nullable, record, ref, text
from api.meta_document import DAY, page_of

Q = {
    "name": "q",
    "in": "query",
    "description": (
        "Words of the name, the label, the text, the formula, the kinds of trade remedies or the citations, in English, "
        "Spanish or Chinese."
    ),
    "schema": {"type": "string", "maxLength": 200},
    "examples": {"en": {"value": "anti-dumping"}, "zh": {"value": "反倾销"}, "article": {"value": "art. 14"}},
}
CITED: Schema = record(
    {
        "source": text("The key of the document; see /v1/sources."),
        "title": text("In the reader's language, where the document has a title in it."),
        "article": nullable(text()),
        "url": nullable(text(format="uri")),
        "effective_from": nullable(DAY),
        "before": listed(
            record(
                {
                    "until": {**DAY, "description": "The last day on which it stood in this one's place."},
                    "source": text(),
                    "title": text(),
                    "article": nullable(text()),
                    "url": nullable(text(format="uri")),
                    "effective_from": nullable(DAY),
                }
            ),
            "What was in force in its place earlier.",
        ),
    },
    title="RuleCitation",
)
MEASURE: Schema = record(
    {
        "source": text(),
        "title": text(),
        "url": nullable(text(format="uri")),
        "valid_from": DAY,
        "valid_to": nullable(DAY),
        "charged": {
            "type": "boolean",
            "description": "Whether it is collected; else it is under investigation or waits for a quota to fill.",
        },
        "rate": nullable(text("As the tables write it; null where it was not read, or is not set.")),
        "part": nullable(text("The part of the line that is meant, in the reader's language where it is known.")),
        "origins": listed(text(), "Countries by their ISO 3166 codes; none where the table names none."),
        "hs_codes": listed(text(pattern="^[0-9]{8}$")),
        "confidence": text(enum=["A", "B", "C"]),
    },
    description="Rows of one measure.",
    title="TradeRemedyMeasure",
)
REMEDIES: Schema = record(
    {
        "csv": text("The table whole.", format="uri-reference"),
        "kinds": listed(
            record(
                {
                    "kind": text(),
                    "label": text(),
                    "rows": {"type": "integer", "minimum": 0, "description": "Rows of the table, of all days."},
                    "measures": listed(MEASURE),
                }
            )
        ),
    }
)
RULE: Schema = record(
    {
        "name": text("The name of the rule, and of its function in the engine."),
        "computes": text("The figure that it gives, as steps of a quote call it."),
        "label": text("What that figure is called, in the reader's language."),
        "text": text("What it computes, in the reader's language."),
        "formula": text("In words, in the reader's language; rounded where `rounding` says so."),
        "module": text("Where it is written."),
        "payee": nullable(text("To whom the amount is paid, where it is one that is paid.")),
        "due": nullable(text("By when.")),
        "inputs": listed(
            record(
                {
                    "code": text(),
                    "label": text(),
                    "computed_by": listed(text(), "The rules that give it; none for a figure of a table or a request."),
                }
            )
        ),
        "rounding": nullable(
            record(
                {
                    "step": text("The amount is a multiple of it.", pattern="^[0-9]+([.][0-9]+)?$"),
                    "mode": text(examples=["half_up"]),
                    "citation": nullable(ref("Citation")),
                }
            )
        ),
        "citations": listed(CITED, "The law that the rule is, with its days."),
        "trade_remedies": nullable(
            {**REMEDIES, "description": "What the tables hold, for the rule that charges them."}
        ),
    },
    description="A rule of law.",
    title="Rule",
)
RULES = page_of(RULE)
