"""The JSON schema of the sheet for a declaration; held to by tests."""

from api.corrected_document import SUPERSEDING
from api.documents import Schema, listed, nullable, record, text
from api.line_document import CITATION
from api.quote_basics import CONFIDENCE, DAY, REASON
from api.signed import SUPERSEDED

HEADER = (
    *(
        "declaration_customs",
        "entry_customs",
        "import_date",
        "declared_on",
        "record_number",
        "consignee",
        "storage_place",
    ),
    *("overseas_consignor", "transport_name", "bill_number", "user_company", "transport_mode", "supervision_mode"),
    *("levy_nature", "licence_number", "departure_port", "contract_number", "trading_country", "departure_country"),
    *("transit_port", "entry_port", "package_kind", "packages", "gross_weight_kg", "net_weight_kg", "trade_terms"),
    *("freight_mark", "freight", "freight_currency", "insurance_mark", "insurance", "insurance_currency"),
    *("miscellaneous_mark", "miscellaneous", "miscellaneous_currency", "documents", "marks", "special_relationship"),
    *("price_influence", "royalties"),
)
GOODS = (
    *("hs_code", "inspection_name", "name", "statutory_quantity_1", "statutory_unit_1", "statutory_quantity_2"),
    *("statutory_unit_2", "transaction_quantity", "transaction_unit", "unit_price", "total_price", "currency"),
    *("origin_country", "destination_country", "domestic_destination", "duty_mode"),
)
_LETTER = nullable(
    text("How far it can be trusted: A, B or C; user where the request says so.", enum=["A", "B", "C", "user"])
)
_REMARK = nullable(REASON)
BOX = record(
    {
        "name": text("In the language of the sheet."),
        "name_zh": text("As it stands on the form."),
        "status": text("to_fill: left to the declarant; blank: stays empty.", enum=["filled", "to_fill", "blank"]),
        "value": nullable(text("What is written into the box.")),
        "text": nullable(text("What the value means, or what we can say of it.")),
        "from": nullable(text("table:…, request:/… or law.")),
        "source": nullable(text("A document of /v1/sources.")),
        "confidence": _LETTER,
        "remark": _REMARK,
    },
    title="DeclarationBox",
    description="A box of the form.",
)
_CONTROL = record(
    {
        "letter": text(),
        "meaning": nullable(text("In the language of the sheet; null where it is not known.")),
        "meaning_zh": nullable(text()),
        "source": nullable(text()),
        "confidence": nullable(CONFIDENCE),
        "remark": _REMARK,
    },
    title="DeclarationLetter",
)
_REQUIREMENT = record(
    {"code": text(), "text": text(), "authority": nullable(text()), "source": text(), "confidence": CONFIDENCE},
    title="DeclarationRequirement",
)
_LINE = record(
    {
        "number": {"type": "integer", "minimum": 1, "description": "项号: the number of the line."},
        "product": nullable(text()),
        "boxes": record(dict.fromkeys(GOODS, BOX)),
        "elements": record(
            {
                "status": text("not_held: the table does not hold this line.", enum=["to_fill", "not_held"]),
                "names_zh": listed(text(), "What the declaration has to say of the goods (申报要素), in its order."),
                "source": nullable(text()),
                "confidence": nullable(CONFIDENCE),
                "remark": _REMARK,
            },
            title="DeclarationElements",
        ),
        "supervision": listed(_CONTROL, "监管条件"),
        "inspection": listed(_CONTROL, "检验检疫类别"),
        "requirements": listed(_REQUIREMENT),
    },
    title="DeclarationLine",
)
DECLARATION: Schema = record(
    {
        "marks": record({each: text() for each in ("en", "es", "zh")}, description="That this is no declaration."),
        "form": text("The form whose boxes these are."),
        "quote": nullable(text("The quote, where it is kept.")),
        "declared_on": DAY,
        "regime": text(),
        "incoterm": text(),
        "language": text(enum=["en", "es", "zh"]),
        "quote_release": text("The data release of the quote."),
        "release": text("That of the codes and elements here."),
        "remarks": listed(REASON),
        "header": record(dict.fromkeys(HEADER, BOX)),
        "goods": listed(_LINE),
        "to_fill": {"type": "integer", "minimum": 0, "description": "So many boxes are left to the declarant."},
        "citations": listed(CITATION),
        SUPERSEDED: listed(SUPERSEDING, "Corrections of rows that the quote used, made after it."),
    },
    optional=(SUPERSEDED,),
    title="DeclarationSheet",
    description="A preparation aid for a declaration to China Customs.",
)
