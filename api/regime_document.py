"""The JSON schema and the example of the regimes; held to by tests."""

from typing import Any

from api.documents import Schema, listed, nullable, record, ref, text
from api.headings import HEADINGS
from api.meta_document import DAY, page_of
from calculator import way

FIGURE = record(
    {
        "code": text("The figure, as the tables name it."),
        "label": text("In the reader's language."),
        "value": text("An exact decimal.", pattern="^[0-9]+([.][0-9]+)?$"),
        "unit": text("As the tables write it (`CNY`, `share`, `day`, …); `text` has it in the reader's language."),
        "text": text("The value with its unit, in the reader's language."),
        "valid_from": DAY,
        "valid_to": nullable(DAY),
        "source": text("The document that it stands in; see /v1/sources."),
        "confidence": text(enum=["A", "B", "C"]),
        "note": nullable(text()),
    },
    description="A limit, rate, share or waiver of the day.",
    title="RegimeFigure",
)
REGIME: Schema = record(
    {
        "code": text("What `regime` of a request says.", enum=list(way.REGIMES)),
        "name": text("In the reader's language."),
        "text": text("What it is for."),
        "covered_from": nullable({**DAY, "description": "The first day of which the tables hold a figure of it."}),
        "figures": listed(FIGURE, "Limits, rates and waivers in force on the day; none before the regime began."),
        "citations": listed(ref("Citation")),
    },
    description="A lawful way into China on a day.",
    title="Regime",
)
REGIMES = page_of(REGIME)
EXAMPLE: dict[str, Any] = {
    "items": [
        {
            "code": "cbec_retail",
            "name": "Cross-border e-commerce retail import",
            "text": HEADINGS["regime:cbec_retail"],
            "covered_from": "2016-04-08",
            "figures": [
                {
                    "code": "cbec_order_limit",
                    "label": "E-commerce limit for an order",
                    "value": "5000",
                    "unit": "CNY",
                    "text": "5000 CNY",
                    "valid_from": "2019-01-01",
                    "valid_to": None,
                    "source": "caiguanshui-2018-49",
                    "confidence": "A",
                    "note": None,
                }
            ],
            "citations": [
                {
                    "source": "caiguanshui-2018-49",
                    "title": "Notice on improving the tax policy for cross-border e-commerce retail imports",
                    "article": None,
                    "url": None,
                    "effective_from": "2019-01-01",
                }
            ],
        }
    ],
    "total": 3,
    "next": None,
}
