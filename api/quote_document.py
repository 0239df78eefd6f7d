"""The JSON schema of a quote, part by part; tests hold every answer to it."""

from api.documents import Schema, listed, nullable, record, ref, text
from api.expressions import WORDS
from api.payment_document import PAID, PAYMENT
from api.quote_basics import (
    AMOUNT,
    AMOUNT_OF_MONEY,
    CITATION,
    CONFIDENCE,
    DAY,
    FIGURE_REFS,
    REASON,
    REMARK,
    TOTALS,
    UNROUNDED,
)
from api.shipment_document import LADDER, OWNERSHIP, SHIPMENT

REASONS = listed(
    record({**REMARK["properties"], "action": nullable(text("What you can do about it."))}),
    "Why the quote is not an A.",
)
OUTCOME = record(
    {
        "status": text(
            "estimated: a figure is a C, open, or past the day its table was looked after.",
            enum=["complete", "estimated", "incomplete"],
        ),
        "confidence": {**CONFIDENCE, "description": "The weakest letter of any figure."},
        "reasons": REASONS,
        "range": record(
            {
                "low": ref("Totals"),
                "high": ref("Totals"),
                "sources": listed(
                    record(
                        {
                            "code": text("What is open."),
                            "text": text("The same in words, in the language of the quote."),
                            "width": {
                                **nullable(ref("Amount")),
                                "description": "By how much it moves the landed cost; null where nobody knows, so that the "
                                "ends do not count it.",
                            },
                            "above": {
                                **ref("Amount"),
                                "description": "The part of it above what is shown; without it all of it lies below.",
                            },
                        },
                        optional=("above",),
                    ),
                    "What is open, and what each opening is worth by itself.",
                ),
            },
            description="Both ends, in every estimate and where a band of exchange rates was asked for; the totals lie "
            "between. Without it nothing is open, and the width is nothing.",
        ),
    },
    optional=("range",),
    description="How far the quote can be trusted.",
)
QUOTED_LINE = record(
    {
        "product": nullable(text("The product that the request names.")),
        "hs_code": nullable(text("The line of the Chinese tariff, 8 digits.")),
        "description": nullable(text("What the goods are called in the request.")),
        "quantity": record({"value": AMOUNT, "unit": text("The code of the unit.")}, description="How much there is."),
        **FIGURE_REFS,
        "rates": record(
            {
                "customs_duty": nullable(text("Null in a regime without customs duty.", examples=["7%"])),
                "basis": text(
                    "The column of the tariff that applies, `user`, or the regime.", examples=["provisional"]
                ),
                "consumption_tax": nullable(text("Null where these goods are not taxed.")),
                "vat": nullable(text("Null in a regime without VAT.", examples=["9%"])),
                "postal_articles_tax": text("The rate of the class, for postal articles alone.", examples=["13%"]),
            },
            optional=("postal_articles_tax",),
            description="The rates that apply to the line.",
        ),
        "per_unit": listed(
            record({"unit": text("The code of the unit."), "amount": ref("Amount")}),
            "The landed cost of one unit, to four decimals.",
        ),
    },
    description="One line of goods; the lines add up to the totals.",
)
WAY_IN = record(
    {
        "regime": text("The regime.", enum=["general_trade", "cbec_retail", "postal_articles"]),
        "label": text("Its name, in the language of the quote."),
        "status": text("`unknown`: the tables cannot tell.", enum=["open", "closed", "unknown"]),
        "chosen": {"type": "boolean", "description": "Whether the quote is reckoned in this regime."},
        "reason": {**nullable(ref("Remark")), "description": "Why it is closed or unknown."},
        "totals": {**nullable(ref("Totals")), "description": "What it would come to, where it is open."},
    },
    description="One lawful way in for these goods, and why it is open, closed or unknown.",
)
ALTERNATIVE = record(
    {
        "what": text("The figure of which it is another rate.", examples=["customs_duty"]),
        "kind": text("The column of the tariff.", examples=["mfn"]),
        "goods": {"type": "integer", "minimum": 0, "description": "The line, counted from 0."},
        "rate": nullable(text("As the tables write it; null where it is not known.", examples=["30%"])),
        "part": nullable(text("The part of the line that the rate is for.")),
        "because": text("Why it was not used, as a code."),
        "not_used_because": text("The same in words, in the language of the quote."),
        "citations": listed(ref("Citation"), "Where the law says so."),
    },
    description="A rate that was not used, and why.",
)
INPUT = record(
    {
        "code": text("The figure, as formulas of the engine name it."),
        "label": text("What it is called, in the language of the quote."),
        "value": text("An exact decimal, a share in percent, or a rate as it was published."),
        "unit": nullable(text("A currency, a unit or currency/unit; null for a share.")),
        "from": text("`step:…`, `table:…`, `request:/…` or `law`."),
        "source": nullable(text("The title of the document.")),
        "date": nullable({**DAY, "description": "The day of which the figure is."}),
        "confidence": nullable(text("A, B, C, or `user` for what the request states.", enum=["A", "B", "C", "user"])),
        **UNROUNDED,
    },
    optional=("unrounded",),
)
STEP = record(
    {
        "code": text("The figure that the step gives."),
        "goods": nullable({"type": "integer", "minimum": 0, "description": "The line; null for the consignment."}),
        "payee": nullable(text("Who is paid.")),
        "due": nullable(text("When.")),
        "label": text("What it is called, in the language of the quote."),
        "formula": nullable(text("What was reckoned, in words.")),
        "expression": text(
            f"The same for machines, over the inputs in their order (i0, i1, …). {WORDS}",
            examples=["round(i0 * i1, 0.01)"],
        ),
        "inputs": listed(ref("Input"), "The figures that the formula names."),
        "amount": ref("Amount"),
        "unit": text("Of the value, where it counts something."),
        "value": text("Instead of an amount, where the step comes to a rate or a number of something."),
        **UNROUNDED,
        "citations": listed(ref("Citation"), "The law that the step follows, and the documents of its inputs."),
        "reason": REASON,
    },
    optional=("expression", "amount", "value", "unit", "unrounded", "reason"),
    description="One step: its amount follows from its formula and its inputs.",
)
RATES_USED = record(
    {
        "fx": listed(
            record(
                {
                    "pair": text("The currency, and the yuan.", examples=["USD/CNY"]),
                    "rate": AMOUNT,
                    "use": text(
                        "For the customs value, for what is paid, or given in the request for both.",
                        enum=["customs", "market", "user"],
                    ),
                    **UNROUNDED,
                    "date": nullable({**DAY, "description": "The day of the rate."}),
                    "source": nullable(text("Who published it.")),
                    "published_as": nullable(text("As it was published, where it was published the other way round.")),
                    "estimate": {"type": "boolean", "description": "Whether it stands in for one that is not stored."},
                    "age_days": nullable({"type": "integer", "description": "Days from its day to the declaration."}),
                    "from": text("`table:…` or `request:/…`."),
                },
                optional=("unrounded",),
            ),
            "Every exchange rate that was used.",
        ),
        "fx_release": text("The release of the exchange rates."),
        "tables": listed(
            record(
                {
                    "name": text("The table; see /v1/meta."),
                    "version": text("The release that it belongs to."),
                    "known_until": nullable({**DAY, "description": "The last day that its makers looked at."}),
                    "confidence": text("How far it can be trusted."),
                }
            ),
            "Every table that was used.",
        ),
        "release": text("The data release that the quote is computed with."),
    },
    description="Where the rates and figures of the quote come from.",
)
QUOTE = record(
    {
        "id": text("Under which the quote is kept.", examples=["q_2lUXUYoF5qmHkRWvPYyE3w"]),
        "created_at": text("When it was computed.", format="date-time"),
        "expires_at": nullable(text("When the first of its figures stops being true.", format="date-time")),
        "expires_because": nullable(text("Which figure that is, in the language of the quote.")),
        "outcome": ref("Outcome"),
        "declared_on": {**DAY, "description": "The day whose law and rates are used."},
        "regime": text("The regime that the quote is reckoned in.", examples=["general_trade"]),
        "totals": ref("Totals"),
        "regimes": listed(ref("WayIn"), "Where the request asked for the best: every regime, and why it is not used."),
        "goods": listed(ref("QuotedLine"), "The lines, in the order of the request."),
        "price_ladder": ref("PriceLadder"),
        "alternatives": listed(ref("Alternative"), "Rates that were not used, and why."),
        "steps": listed(ref("Step"), "How every amount was reckoned, in the order in which it was."),
        "rates": ref("RatesUsed"),
        "shipment": ref("Shipment"),
        "ownership": ref("Ownership"),
        "payment": ref("Payment"),
        "assumptions": listed(ref("Remark"), "What the request left to us."),
        "warnings": listed(ref("Remark"), "What deserves attention."),
        "requirements": listed(
            record(
                {
                    "code": text("What is asked.", examples=["phytosanitary_certificate"]),
                    "goods": {"type": "integer", "description": "The line, counted from 0."},
                    "text": text("The same in words, in the language of the quote."),
                    "authority": nullable(text("Who asks for it or issues it.")),
                    "market_access": nullable(text("`admitted` or `not_seen`, where it speaks of admission.")),
                    "confidence": CONFIDENCE,
                    "citations": listed(ref("Citation"), "Where it is said."),
                }
            ),
            "What stands between the goods and the shelf.",
        ),
        "links": record(
            {
                "self": text("The address of this quote.", format="uri-reference"),
                "csv": text("The same as a table.", format="uri-reference"),
                "xlsx": text("The same as a workbook whose formulas reckon it again.", format="uri-reference"),
                "html": text("The same as a page that prints on A4.", format="uri-reference"),
                "svg": text("The landed cost as a waterfall.", format="uri-reference"),
            },
            description="Addresses.",
        ),
    },
    optional=("id", "links", "regimes", "ownership"),
    description="A landed cost, explained. `id` and `links` are left out where it was not kept.",
)
# What `fields` leaves of it; a client that asked for all of it gets the whole.
QUOTE_PART = record(
    QUOTE["properties"],
    optional=tuple(QUOTE["properties"]),
    description="The parts of a quote that `fields` names.",
)

COMPONENTS: dict[str, Schema] = {
    "Amount": AMOUNT_OF_MONEY,
    "Citation": CITATION,
    "Remark": REMARK,
    "Reason": REASON,
    "Totals": TOTALS,
    "Outcome": OUTCOME,
    "QuotedLine": QUOTED_LINE,
    "Alternative": ALTERNATIVE,
    "WayIn": WAY_IN,
    "Shipment": SHIPMENT,
    "PriceLadder": LADDER,
    "Ownership": OWNERSHIP,
    "Paid": PAID,
    "Payment": PAYMENT,
    "Input": INPUT,
    "Step": STEP,
    "RatesUsed": RATES_USED,
    "Quote": QUOTE,
    "QuotePart": QUOTE_PART,
    "QuoteAnswer": {"anyOf": [ref("Quote"), ref("QuotePart")], "description": "A quote, or the part that was asked."},
}
