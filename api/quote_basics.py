"""The parts that every schema of a quote is made of: money, figures, citations, remarks."""

from api.documents import Schema, nullable, record, ref, text

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
