"""The JSON schemas of tariff lines and of goods; held to by tests."""

from typing import Any

from api.documents import NAMES, Schema, listed, nullable, record, text
from api.lookups import DAY

CONFIDENCE = text(
    "A read in a faithful copy of an official source; B older or indirect; C not verified.", enum=["A", "B", "C"]
)
CODE = text(pattern="^[0-9]{8}$", examples=["08044000"])
HS_PATTERN = "^[0-9]{2}([. ]?[0-9]{2}){1,4}$"
HS = {
    "name": "hs",
    "in": "path",
    "required": True,
    "description": (
        "A code of the Chinese tariff: 8 digits for a line; 10, answered by the first eight; 4 or 6 list the lines under "
        "them. Points and spaces may stand between pairs of digits."
    ),
    "schema": {"type": "string", "pattern": HS_PATTERN},
    "example": "0804.40.00",
}
SLUG = {
    "name": "slug",
    "in": "path",
    "required": True,
    "description": "The name of a good in addresses.",
    "schema": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 80},
    "example": "avocado-fresh",
}
_ROW: dict[str, Schema] = {
    "valid_from": DAY,
    "valid_to": nullable({**DAY, "description": "The last day, null where none is set."}),
    "source": text("An id of /v1/sources."),
    "confidence": CONFIDENCE,
    "note": nullable(text()),
}
FIGURE = record(
    {
        "measure": text("The column of the tariff, the duty on top, `vat` or `consumption_tax`.", examples=["mfn"]),
        "label": text(),
        "rate": nullable(
            text("As tables write it: `25%`, `0.8 CNY/kg`, `20% + 1 CNY/kg`; null where nobody has read it.")
        ),
        "text": nullable(text("The rate in words of the reader's language, where its form takes some.")),
        "part": nullable(text("The part of the line that it is for (ex); null for the whole line.")),
        "part_text": nullable(text("The part in the reader's language; the official Chinese text as it stands.")),
        "category": nullable(text("The class of VAT or of consumption tax that the rate is of.")),
        "origins": listed(text(examples=["MX"]), "The origins that it is for; empty for all."),
        **_ROW,
    },
    description="One rate of one column with its days and its source.",
    title="TariffFigure",
)
FIGURE_OF_TODAY = nullable(FIGURE)
NAMES_AND_ORIGINS = record(
    {
        language: nullable(record({"text": text(), "origin": text(enum=["official", "ours"])}))
        for language in ("en", "es", "zh")
    },
    title="TariffNames",
)
LETTERS = listed(
    record(
        {
            "letter": text(),
            "meaning": nullable(text("null for a letter that our table does not know.")),
            "source": nullable(text()),
            "confidence": nullable(text("A, B or C.")),
        }
    )
)
EXCISE_CASE = record(
    {
        "category": text(examples=["beer"]),
        "label": text(),
        "form": text(),
        "condition": nullable(text("The facts about the good that put it into this category.")),
        "rates": listed(text(), "The same tax in one or several units; with a threshold, at or above it."),
        "rates_below": listed(text(), "Below the threshold."),
        "thresholds": listed(record({"value": text(), "currency": text(), "unit": text()})),
        "litres_per_tonne": nullable(text()),
        **_ROW,
    },
    title="ExciseCase",
)
CITATION = record(
    {
        "id": text(),
        "title": text(),
        "title_zh": nullable(text()),
        "issuer": nullable(text()),
        "number": nullable(text()),
        "effective_from": nullable(DAY),
        "url": nullable(text()),
    },
    title="CitedDocument",
)
REMARK = record({"code": text(), "text": text()})
LINE = record(
    {
        "hs_code": CODE,
        "on": DAY,
        "name": text("In the language of the answer."),
        "names": NAMES_AND_ORIGINS,
        "path_zh": listed(text(), "The names of its parents, the widest first; the copy of the schedule lacks some."),
        "units": listed(record({"code": text(), "name": text()}), "The statutory units."),
        "page": nullable(text("Of the official schedule.")),
        "source": text(),
        "confidence": CONFIDENCE,
        "rates": record(
            {
                "mfn": FIGURE_OF_TODAY,
                "provisional": FIGURE_OF_TODAY,
                "general": FIGURE_OF_TODAY,
                "tariff_quota": FIGURE_OF_TODAY,
                "quota_provisional": FIGURE_OF_TODAY,
                "parts": listed(FIGURE, "Rates of parts of the line (ex)."),
                "ended": listed(
                    FIGURE, "Provisional rates that ended, and nobody knows yet whether they were renewed."
                ),
            },
            description="The columns of the schedule on the day. Which of them a good takes is decided in a quote.",
        ),
        "trade_remedies": record({"in_force": listed(FIGURE), "pending": listed(FIGURE, "Costing nothing yet.")}),
        "vat": record(
            {
                "open": {"type": "boolean", "description": "Whether the rate is open between several."},
                "rates": listed(record({"rate": text(), "category": text(), "basis": text(), **_ROW})),
            }
        ),
        "consumption_tax": record(
            {
                "outside_every_heading": {
                    "type": "boolean",
                    "description": "Whether no heading of the tax has the line.",
                },
                "cases": listed(
                    EXCISE_CASE, "The categories that the line may fall into; conditions exclude each other."
                ),
            }
        ),
        "supervision": LETTERS,
        "inspection": LETTERS,
        "notes": listed(record({"text": text(), "source": text(), "confidence": CONFIDENCE})),
        "declaration_elements": nullable(record({"zh": listed(text()), "source": text(), "confidence": CONFIDENCE})),
        "requirements": listed(
            record(
                {
                    "code": text(),
                    "text": text(),
                    "authority": nullable(text()),
                    "market_access": nullable(text("`admitted` or `not_seen`, where it speaks of admission.")),
                    **_ROW,
                }
            )
        ),
        "products": listed(text(), "Goods of the line, see /v1/products."),
        "history": listed(FIGURE, "Every figure of every day, the oldest of each kind first."),
        "assumptions": listed(REMARK),
        "warnings": listed(REMARK),
        "citations": listed(CITATION),
        "release": text(),
    },
    description="A line of the Chinese tariff on a day.",
    title="TariffLine",
)
BRIEF = record(
    {
        "hs_code": CODE,
        "name": text(),
        "units": listed(text()),
        "rates": nullable(
            record(
                {
                    "mfn": nullable(text()),
                    "provisional": nullable(text()),
                    "general": nullable(text()),
                    "tariff_quota": nullable(text()),
                    "vat": listed(text(), "Several where the rate is open."),
                    "consumption_tax": listed(text(), "The categories that the line may fall into."),
                    "parts": {
                        "type": "integer",
                        "minimum": 0,
                        "description": "How many parts have rates of their own.",
                    },
                },
                description="null where the tables do not cover the day.",
            )
        ),
        "without_rates": nullable(
            record(
                {"code": text(), "text": text(), "table": text(), "covered_from": nullable(DAY)},
                description="Why there are no rates: the table that has none of the day, and its first day.",
            )
        ),
        "products": listed(text()),
        "links": record({"self": text(format="uri-reference")}),
    },
    description="A line in a list.",
    title="TariffLineBrief",
)
HEADING = record(
    {
        "hs_code": text(pattern="^([0-9]{4}|[0-9]{6})$"),
        "level": text(enum=["heading", "subheading"]),
        "on": DAY,
        "name": nullable(text("In the language of the answer, where it is known.")),
        "names": NAMES_AND_ORIGINS,
        "total": {"type": "integer", "minimum": 1},
        "lines": listed(BRIEF),
        "release": text(),
    },
    description="The lines of a heading or subheading.",
    title="TariffHeading",
)
PRODUCT: dict[str, Schema] = {
    "slug": text(),
    "name": text("In the language of the answer."),
    "names": NAMES,
    "hs_code": nullable({**CODE, "description": "null where several lines fit and the user must choose."}),
    "hs_codes": listed(CODE, "The line, or the lines to choose from."),
    "subheading": text(pattern="^[0-9]{6}$"),
    "confidence": CONFIDENCE,
    "source": text(),
    "note": nullable(text()),
    "links": record({"self": text(format="uri-reference")}),
}
_DECIMAL = nullable(text(pattern=r"^-?[0-9]+([.][0-9]+)?$"))
_COUNT = nullable({"type": "integer", "minimum": 0})
COUNTS = frozenset({"packages_per_layer", "layers", "packages_per_pallet", "packages_per_container"})
TEXTS = frozenset(
    {"package", "description", "equipment", "load_basis", "stowage_basis", "air_exchange_m3h", "mode"}
    | {"pack_confidence", "temperature_confidence", "note", "source_dates"}
)


def package_schema(columns: tuple[str, ...]) -> Schema:
    """The schema of a package: every column of its table but the product."""
    kinds: dict[str, Schema] = {"sources": listed(text())}
    for column in columns:
        if column not in ("product", "sources"):
            kinds[column] = nullable(text()) if column in TEXTS else _COUNT if column in COUNTS else _DECIMAL
    return record(kinds, description="A package, its load in a container, and how it is carried; null is not known.")


BRIEF_GOOD = record(PRODUCT, description="A good in a list.", title="ProductBrief")


def good_schema(package_columns: tuple[str, ...]) -> Schema:
    """The schema of a good with its packages."""
    packages = listed(package_schema(package_columns), "Its packages, the usual one first.")
    more: dict[str, Schema] = {"packages": packages, "citations": listed(CITATION), "release": text()}
    return record(PRODUCT | more, description="A good with its packages and its carriage.", title="Product")


def any_of(*schemas: Schema) -> dict[str, Any]:
    """One of these."""
    return {"oneOf": list(schemas)}
