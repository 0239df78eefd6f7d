"""The JSON schema of a reconciled bill and its example request; held to by tests."""

from typing import Any

from api.decided import format_asked
from api.documents import listed, nullable, record, ref, text
from api.examples import AVOCADO
from api.quote_basics import AMOUNT, DAY, UNROUNDED
from calculator.billing import LINES
from calculator.reconciling import CAUSES
from calculator.way import REGIMES

FORMATS = ("json", "csv", "xlsx", "svg")
FORMAT_ASKED = format_asked(FORMATS, "The form of the answer; `svg` has the causes as bars.")
CAUSE = record(
    {
        "cause": text("What made it.", enum=list(CAUSES)),
        "label": text("The same in words."),
        "amount": {
            **ref("Amount"),
            "description": "Its part of the difference, in yuan; below zero where it made it less.",
        },
    },
    title="Cause",
    description="One cause of a difference.",
)
RATE = record(
    {
        "pair": text(examples=["USD/CNY"]),
        "rate": AMOUNT,
        **UNROUNDED,
        "use": text("`user`: stated on the bill.", enum=["user", "market"]),
        "date": nullable(DAY),
        "source": nullable(text("The key of the document that it stands in.")),
        "published_as": nullable(text("As it was published.")),
        "age_days": nullable({"type": "integer"}),
    },
    optional=("unrounded",),
    title="RateOfInvoice",
    description="The rate that an invoice is told in yuan at.",
)
INVOICE = record(
    {
        "invoice": nullable(text("Its number.")),
        "on": nullable(DAY),
        "amount": ref("Amount"),
        "credit": {"type": "boolean", "description": "The amount is given back."},
        "rate": nullable(RATE),
        "yuan": {**ref("Amount"), "description": "What it comes to in yuan."},
    },
    title="InvoiceInYuan",
    description="An invoice, as it was counted.",
)
LINE = record(
    {
        "line": text("A line of the quote's totals.", enum=list(LINES)),
        "label": text("The same in words."),
        "quoted": {**ref("Amount"), "description": "As the quote has it."},
        "billed": {**nullable(ref("Amount")), "description": "The sum of its invoices; null where there is none."},
        "difference": {**nullable(ref("Amount")), "description": "Billed less quoted; null where nothing was billed."},
        "causes": listed(CAUSE, "Those that have a part; they add up to the difference."),
        "invoices": listed(INVOICE),
    },
    title="Variance",
    description="One line, quoted and billed.",
)
EXCHANGED = record(
    {
        "cause": text("The cause that it stands for.", enum=list(CAUSES)),
        "what": text(
            "The fact.", examples=["quantity", "customs_rate:USD", "customs_value", "hs_code", "customs_duty"]
        ),
        "label": text("The same in words."),
        "goods": nullable({"type": "integer", "minimum": 0, "description": "The line of goods, from 0."}),
        "from": nullable(text("As the quote has it.")),
        "to": nullable(text("As the bill has it.")),
        "date": nullable({**DAY, "description": "Of an exchange rate: its day."}),
        "source": nullable(text("Of an exchange rate: the document that it stands in.")),
    },
    title="FactExchanged",
    description="A fact of the bill that was put in the place of the quote's own.",
)
GOODS = record(
    {
        "product": nullable(text("The product that the request names.")),
        "hs_code": nullable(text("The code that was quoted.")),
        "description": nullable(text("What the goods are called.")),
        "difference": {**ref("Amount"), "description": "The part of these goods in the difference."},
        "causes": listed(CAUSE),
    },
    title="VarianceOfGoods",
    description="What falls on one line of goods; what no fact explains is shared by what the line of the bill is for each.",
)
RECONCILED = record(
    {
        "quote": nullable(text("The id of the kept quote.")),
        "declared_on": {**DAY, "description": "The day that was quoted."},
        "regime": text("The way into China that was quoted.", enum=list(REGIMES)),
        "lines": listed(LINE, "The lines that were quoted or billed."),
        "quoted": {**ref("Amount"), "description": "The sum of the lines that were billed."},
        "billed": {**ref("Amount"), "description": "What was billed for them."},
        "difference": {**ref("Amount"), "description": "Billed less quoted, without lines that are not on the bill."},
        "causes": listed(CAUSE, "The causes of all lines together; they add up to the difference."),
        "goods": listed(GOODS, "The same for each line of goods."),
        "exchanged": listed(EXCHANGED, "The facts that the bill brought, in the order of their exchange."),
        "order": listed(text(enum=list(CAUSES)), "The order in which facts are exchanged."),
        "warnings": listed(ref("Remark"), "Lines that stand on one side alone, and rates that deserve a look."),
    },
    title="Reconciled",
    description="A bill held against its quote.",
)
YUAN = {"currency": "CNY"}
ASKED: dict[str, Any] = {
    "avocados": {
        "summary": "Avocados declared at another rate and a higher value, the freight billed in dollars",
        "value": {
            "request": AVOCADO,
            "bill": [
                {
                    "line": "customs_duty",
                    "amount": {"amount": "32480.00", **YUAN},
                    "on": "2026-12-02",
                    "invoice": "A01",
                },
                {"line": "vat", "amount": {"amount": "44683.20", **YUAN}, "on": "2026-12-02", "invoice": "L02"},
                {
                    "line": "freight",
                    "amount": {"amount": "6450.00", "currency": "USD"},
                    "on": "2026-11-25",
                    "fx": {"USD/CNY": "6.8010"},
                },
            ],
            "facts": {
                "customs_fx": {"USD/CNY": "6.8000"},
                "goods": [{"customs_value": {"amount": "464000.00", **YUAN}}],
            },
        },
    }
}
