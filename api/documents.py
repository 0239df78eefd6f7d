"""The JSON schemas of what is sent and of the figures that requests are made of; written by hand, held to by tests.

Answers are written straight from the quote, so these schemas describe them and never dump them.
"""

from typing import Any

from api.rates import TWO_CLASSES

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """A reference to a shared schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def text(description: str = "", **more: Any) -> Schema:
    """A text."""
    return {"type": "string", **({"description": description} if description else {}), **more}


def nullable(schema: Schema) -> Schema:
    """The schema, or null."""
    kind = schema.get("type") if "title" not in schema else None
    if not isinstance(kind, str):
        return {"anyOf": [schema, {"type": "null"}]}
    choices = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [kind, "null"], **choices}


def listed(schema: Schema, description: str = "") -> Schema:
    """A list of such."""
    return {"type": "array", "items": schema, **({"description": description} if description else {})}


def record(
    properties: dict[str, Schema], optional: tuple[str, ...] = (), description: str = "", title: str = ""
) -> Schema:
    """An object with exactly these properties; one with a title is a schema of its own in the specification."""
    return {
        **({"title": title} if title else {}),
        "type": "object",
        **({"description": description} if description else {}),
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


NAMES = record({language: text() for language in ("en", "es", "zh")}, title="Names")

# What requests are made of.

DECIMAL = {
    "description": (
        "An exact decimal of 0 or more: text, or a JSON number read as it is written. At most 15 digits before the point "
        "and 9 after it, no exponent; commas or spaces only between groups of three digits."
    ),
    "oneOf": [
        {"type": "string", "pattern": "^([0-9]{1,15}|[1-9][0-9]{0,2}(,[0-9]{3}){1,4})([.][0-9]{1,9})?$"},
        {"type": "number", "minimum": 0, "exclusiveMaximum": 1000000000000000},
    ],
    "examples": ["12345.67"],
}
MEASURED = {
    "type": "object",
    "properties": {
        "value": ref("Decimal"),
        "unit": text("A unit, see /v1/units, or a package.", minLength=1, maxLength=32, examples=["t"]),
    },
    "required": ["value", "unit"],
    "additionalProperties": False,
}
# A number with its groups, then the name of a unit; "1 40RH" is one container.
QUANTITY_TEXT: Schema = {
    "type": "string",
    "minLength": 2,
    "maxLength": 96,
    "pattern": r"^[0-9][0-9.,\s]{0,63}[^0-9.,\s].{0,31}$",
}
QUANTITY = {
    "description": (
        "A quantity above zero: `20.16 t`, `5 040 cartons`, `44,450 lb`, `1000 斤`, or an object. The point is the decimal "
        "sign. Words that name several units (`ton`, `quintal`, `gallon`) are refused and the choices offered."
    ),
    "oneOf": [QUANTITY_TEXT, MEASURED],
    "examples": ["20.16 t", {"value": "20.16", "unit": "t"}],
}
SIMPLE_RATE = "`25%`, a share below 1 such as `0.25`, an amount such as `0.8 CNY/kg`, or both: `20% + 1 CNY/kg`"
RATE = {
    "description": (
        f"A duty in any form of the tariff: {SIMPLE_RATE}; `lower(10%, 900 CNY/t)`; `by_value(threshold, up to it, above "
        "it)`; or the `sliding(…)` duty of cotton."
    ),
    "oneOf": [
        {"type": "string", "minLength": 1, "maxLength": 200},
        {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
    ],
    "examples": [
        "25%",
        "20% + 1 CNY/kg",
        "lower(10%, 900 CNY/t)",
        "by_value(2000 USD/piece, 130%, 6% + 20600 CNY/piece)",
        "sliding(a=9.0, b=2.69%, threshold=14.000 CNY/kg, at_or_above=0.280 CNY/kg, cap=40%, places=3)",
    ],
}
EXCISE_RATE = {
    "description": (
        f"A consumption tax: {SIMPLE_RATE}. Two classes that the value of a unit tells apart are written `by_value(threshold, "
        "below it, from it on)`: two amounts for the same unit, two shares, or two shares beside the same amount."
    ),
    "oneOf": RATE["oneOf"],
    "examples": ["20% + 1 CNY/kg", *TWO_CLASSES],
}
SHARE = {
    "description": "A share of a value: `9%`, or `0.09`. A bare number of 1 or more is refused: write `9%`.",
    "oneOf": [
        {"type": "string", "minLength": 1, "maxLength": 60},
        {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
    ],
    "examples": ["9%"],
}
DENSITY = {
    "description": "A density, in kg/L, g/mL, g/cm3, t/m3, kg/m3 or g/L.",
    "oneOf": [{"type": "string", "minLength": 4, "maxLength": 60}, MEASURED],
    "examples": ["0.95 kg/L"],
}
EXCHANGE_RATES = {
    "description": (
        "Exchange rates by pair, in either direction; one side is CNY. `USD/CNY` is what one dollar is worth in yuan, "
        "`CNY/MXN` what one yuan is worth in pesos. At most 12 decimals."
    ),
    "type": "object",
    "propertyNames": {"pattern": "^([A-Z]{3}/CNY|CNY/[A-Z]{3})$"},
    "additionalProperties": ref("Decimal"),
    "examples": [{"USD/CNY": "6.7628"}],
}
MARKET_RATES = {
    **EXCHANGE_RATES,
    "description": (
        f"{EXCHANGE_RATES['description']} A pair with MXN needs no CNY: it is used for the pesos that the seller receives, and "
        "never crossed with others."
    ),
    "propertyNames": {"pattern": "^([A-Z]{3}/(CNY|MXN)|(CNY|MXN)/[A-Z]{3})$"},
    "examples": [{"USD/CNY": "6.7628", "USD/MXN": "18.20"}],
}
_FACT: list[Schema] = [
    {"type": "string", "minLength": 1, "maxLength": 100},
    {"type": "number"},
    {"type": "boolean"},
]
_FACT_OF_MONEY: Schema = {
    "oneOf": [
        *_FACT,
        record(
            {"amount": ref("Decimal"), "currency": {"const": "CNY", "description": "Yuan: no other is exchanged here."}}
        ),
    ]
}
ATTRIBUTES = {
    "description": (
        "Facts about the good that decide its class: a word, a number, `true` or `false` (`yes` and `no`); or, for "
        "`retail_price` and names that end in `_cny`, an amount of yuan, which counts by its digits."
    ),
    "type": "object",
    "maxProperties": 20,
    "propertyNames": {"pattern": "^[a-z][a-z0-9_]{0,39}$"},
    "properties": {"retail_price": {**_FACT_OF_MONEY, "description": "The retail price of one, in yuan."}},
    "patternProperties": {"^[a-z0-9_]+_cny$": _FACT_OF_MONEY},
    "additionalProperties": {"oneOf": _FACT},
    "examples": [
        {"displacement_cc": "1998", "retail_price": {"amount": "1300000", "currency": "CNY"}},
        {"mercury_free": True},
    ],
}
CURRENCY = {
    "description": "A currency (ISO 4217) of which rates are known.",
    "type": "string",
    "pattern": "^[A-Z]{3}$",
    "examples": ["USD"],
}

# Problems and health.

PROBLEM_TYPE = record(
    {
        "type": text("The address of this page."),
        "title": text("The kind of problem, in a few words."),
        "meaning": text("What is wrong, with … where a case has its own facts."),
    }
)
WRONG = record(
    {
        "pointer": text("Where: a JSON pointer into the body; `?/name` is a parameter of the address."),
        "code": text("What kind of error."),
        "detail": text("What is wrong and what to write instead."),
        "allowed": listed({"type": "string"}, "What could stand there, the nearest first."),
        "candidates": listed(
            ref("CodeCandidate"),
            "Where a code leaves several lines of the tariff to choose from: each with its rates and what this request would "
            "come to under it.",
        ),
    },
    optional=("candidates",),
)
PROBLEM = record(
    {
        "type": text("The kind of problem; documented at this address.", format="uri-reference"),
        "title": text("The kind of problem, in a few words."),
        "status": {"type": "integer"},
        "detail": text("What is wrong in this case."),
        "instance": text("The address that was called."),
        "errors": listed(
            WRONG,
            "Every wrong place.",
        ),
    },
    description="A problem (RFC 9457).",
)
HEALTH = record(
    {
        "status": text(enum=["ok"]),
        "engine_version": text(),
        "release": text("The data release of the tables."),
        "fx_release": text("The release of the exchange rates."),
    }
)

COMPONENTS: dict[str, Schema] = {
    "Decimal": DECIMAL,
    "Quantity": QUANTITY,
    "Rate": RATE,
    "ExciseRate": EXCISE_RATE,
    "Share": SHARE,
    "Density": DENSITY,
    "ExchangeRates": EXCHANGE_RATES,
    "MarketRates": MARKET_RATES,
    "Attributes": ATTRIBUTES,
    "Currency": CURRENCY,
    "Problem": PROBLEM,
    "ProblemType": PROBLEM_TYPE,
    "ProblemTypes": record({"items": listed(ref("ProblemType"))}),
    "Health": HEALTH,
}
