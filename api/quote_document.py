"""The JSON schema of a quote, part by part; tests hold every answer to it."""

from api.documents import Schema, listed, nullable, record, ref, text
from calculator.incoterms import Incoterm

FIGURES = {
    "goods": "What the goods cost, in yuan at the market rate.",
    "freight": "The main freight that the buyer pays, or that the price contains and the request states.",
    "insurance": "The insurance premium that somebody pays.",
    "origin_charges": "Charges at origin.",
    "destination_charges": "Charges at destination.",
    "customs_value": "What duties and taxes are reckoned on, at the customs rate; not part of the sum.",
    "presumed_insurance": "The premium that customs presumes where none is stated; nobody pays it, not part of the sum.",
    "customs_duty": "Customs duty.",
    "trade_remedies": "Anti-dumping, countervailing, safeguard and retaliatory duties.",
    "consumption_tax": "Consumption tax.",
    "vat": "Import VAT.",
    "postal_articles_tax": "Tax on postal articles.",
    "taxes": "Duties and taxes together.",
    "payment_cost": "What paying costs the buyer.",
    "landed_cost": "goods + freight + insurance + charges + taxes + payment cost, to the fen.",
    "landed_cost_net_of_vat": "The landed cost less the VAT that the importer recovers.",
    "landed_cost_display": "The landed cost in the display currency, to its smallest unit.",
}
AMOUNT = text("An exact decimal.", pattern="^-?[0-9]+([.][0-9]+)?$", examples=["12345.67"])
AMOUNT_OF_MONEY = record({"amount": AMOUNT, "currency": ref("Currency")}, description="Money; the amount is exact.")
FIGURE_REFS = {name: {"$ref": "#/components/schemas/Amount", "description": said} for name, said in FIGURES.items()}
CONFIDENCE = text("How far it can be trusted: A, B or C.", enum=["A", "B", "C"])
DAY = text(format="date")
REASON = record(
    {"code": text("The kind of reason."), "text": text("The same in words, in the language of the quote.")},
    description="Why an amount is zero.",
)
UNROUNDED: dict[str, Schema] = {
    "unrounded": {"type": "boolean", "const": True, "description": "The digits shown go on; nothing was rounded."}
}

CITATION = record(
    {
        "source": text("The key of the document."),
        "title": text("In the language of the quote, where the document has a title in it."),
        "article": nullable(text("The article; null where the whole document is meant.")),
        "url": nullable(text("Where the document is published.", format="uri")),
        "effective_from": nullable({**DAY, "description": "The day from which it applies."}),
    },
    description="Where the law says so.",
)
REMARK = record(
    {
        "code": text("What kind of remark."),
        "text": text("The sentence, in the language of the quote."),
        "pointer": text("The place in the request that it speaks of; empty for the whole."),
    }
)
TOTALS = record(FIGURE_REFS, description="The sums of the quote, in yuan.")
OUTCOME = record(
    {
        "status": text(
            "estimated: a figure is a C, open, or past the day its table was looked after.",
            enum=["complete", "estimated", "incomplete"],
        ),
        "confidence": {**CONFIDENCE, "description": "The weakest letter of any figure."},
        "reasons": listed(
            record({**REMARK["properties"], "action": nullable(text("What you can do about it."))}),
            "Why the quote is not an A.",
        ),
        "range": record(
            {
                "low": ref("Totals"),
                "high": ref("Totals"),
                "sources": listed(
                    record(
                        {
                            "code": text("What is open."),
                            "text": text("The same in words, in the language of the quote."),
                            "width": {**ref("Amount"), "description": "By how much it moves the landed cost."},
                        }
                    ),
                    "What is open, and what each opening is worth.",
                ),
            },
            description="Both ends, where a figure is open; the totals show the higher.",
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
COUNT: Schema = {
    "description": "A whole number; a decimal text where it does not come out whole.",
    "oneOf": [{"type": "integer"}, AMOUNT],
}
MEASURE = nullable(record({"value": AMOUNT, "unit": text("The code of the unit.")}, description="A quantity."))
SHIPMENT = record(
    {
        "net_weight": MEASURE,
        "gross_weight": {**MEASURE, "description": "With packing, and with pallets by sea."},
        "volume": MEASURE,
        "chargeable": nullable(
            record(
                {
                    "value": AMOUNT,
                    "unit": text("kg or revenue_ton."),
                    "because": text("What decided it.", enum=["weight", "volume", "minimum"]),
                },
                description="What the mode charges by.",
            )
        ),
        "packages": listed(
            record({"unit": text("The package.", examples=["carton-4kg"]), "count": COUNT}), "The packages by kind."
        ),
        "pallets": {**nullable(COUNT), "description": "Pallets; null where they are not known."},
        "equipment": listed(
            record(
                {
                    "type": text("The container or air unit.", examples=["40RH"]),
                    "count": COUNT,
                    "binds": nullable(
                        text("The limit that is nearest.", enum=["payload", "volume", "pallets", "road_limit"])
                    ),
                    "unused": record(
                        {
                            "weight": MEASURE,
                            "volume": MEASURE,
                            "pallets": {**nullable(COUNT), "description": "Places for pallets."},
                        },
                        description="What all of them together still hold.",
                    ),
                }
            ),
            "The containers or air units by kind.",
        ),
        "transit_days": nullable(
            record(
                {"min": nullable(AMOUNT), "typical": nullable(AMOUNT), "max": nullable(AMOUNT)},
                description="Days on the way.",
            )
        ),
    },
    description="What the goods are on the way; null where neither the request nor a package tells it.",
)
LADDER = record(
    {term.value: nullable(ref("Amount")) for term in Incoterm},
    description="The price of the goods under each Incoterm, in yuan; null where a leg between is not known.",
)
OWNERSHIP = record(
    {
        "lines": listed(
            record(
                {
                    "code": text("The figure."),
                    "label": text("What it is called, in the language of the quote."),
                    "amount": ref("Amount"),
                }
            ),
            "What holding the goods costs, by kind.",
        ),
        "cost_of_ownership": ref("Amount"),
    },
    description="The landed cost with what holding the goods costs, where the request asks for it.",
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
INPUT["properties"]["confidence"]["enum"].append(None)
STEP = record(
    {
        "code": text("The figure that the step gives."),
        "goods": nullable({"type": "integer", "minimum": 0, "description": "The line; null for the consignment."}),
        "payee": nullable(text("Who is paid.")),
        "due": nullable(text("When.")),
        "label": text("What it is called, in the language of the quote."),
        "formula": nullable(text("What was reckoned, in words.")),
        "inputs": listed(ref("Input"), "The figures that the formula names."),
        "amount": ref("Amount"),
        "value": text("Instead of an amount, where the step comes to a rate."),
        **UNROUNDED,
        "citations": listed(ref("Citation"), "The law that the step follows, and the documents of its inputs."),
        "reason": REASON,
    },
    optional=("amount", "value", "unrounded", "reason"),
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
        "payment": record(
            {
                "rail": nullable(text("By which way the price is paid; null where none was chosen.")),
                "cost": ref("Amount"),
                "reason": {**nullable(ref("Reason")), "description": "Why it costs nothing."},
            },
            description="What paying costs.",
        ),
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
        "links": record({"self": text("The address of this quote.", format="uri-reference")}, description="Addresses."),
    },
    optional=("id", "links", "regimes", "ownership"),
    description="A landed cost, explained. `id` and `links` are left out where it was not kept.",
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
    "Input": INPUT,
    "Step": STEP,
    "RatesUsed": RATES_USED,
    "Quote": QUOTE,
}
