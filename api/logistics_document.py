"""The JSON schemas, parameters and examples of ports, lanes, equipment and packages; held to by tests."""

from typing import Any

from api.documents import NAMES, Schema, nullable, record, text
from api.line_document import CONFIDENCE, package_schema
from api.lookups import asked_words
from api.meta_document import DAY, page_of
from calculator.logistics import MODES

COUNTRIES = ("MX", "CN", "HK")
KINDS_OF_PLACE = ("seaport", "airport")
KINDS_OF_EQUIPMENT = ("container", "pallet", "uld")
_DECIMAL = nullable(text("An exact decimal; null where nobody has seen it.", pattern="^[0-9]+([.][0-9]+)?$"))
_ROW: dict[str, Schema] = {
    "valid_from": DAY,
    "valid_to": nullable(DAY),
    "source": text("The document that it stands in; see /v1/sources."),
    "confidence": CONFIDENCE,
    "note": nullable(text()),
}


def parameter(name: str, description: str, example: str, *choices: str) -> dict[str, Any]:
    """A filter of a list."""
    schema: Schema = {"type": "string", "enum": list(choices)} if choices else {"type": "string", "maxLength": 100}
    return {"name": name, "in": "query", "description": description, "schema": schema, "example": example}


Q = asked_words("Words of a code or a name, in any language.", "manzanillo")
COUNTRY = parameter("country", "Only places of this country or territory (ISO 3166).", "MX", *COUNTRIES)
KIND_OF_PLACE = parameter("kind", "Only seaports, or only airports.", "seaport", *KINDS_OF_PLACE)
FROM = parameter("from", "Where the lane begins: a code of /v1/ports, UN/LOCODE or IATA.", "MXZLO")
TO = parameter("to", "Where the lane ends: a code of /v1/ports, UN/LOCODE or IATA.", "CNSHA")
MODE = parameter(
    "mode", "Only lanes that this mode takes: `lcl` those of the sea, `courier` those of the air.", "sea", *MODES
)
KIND_OF_EQUIPMENT = parameter(
    "kind", "Only containers, pallets, or unit loads of the air.", "container", *KINDS_OF_EQUIPMENT
)
PRODUCT = parameter("product", "Only packages of this good of /v1/products.", "avocado-fresh")

PORT = record(
    {
        "code": text("What a route may say: the code that trade uses."),
        "kind": text(enum=list(KINDS_OF_PLACE)),
        "country": text("ISO 3166."),
        "name": text("In the reader's language."),
        "names": NAMES,
        "unlocode": nullable(text("The official UN/LOCODE, which is another for some ports of China.")),
        "iata": nullable(text("The code of an airport.")),
        **_ROW,
    },
    description="A port or an airport.",
    title="Port",
)
LANE = record(
    {
        "id": text(),
        "mode": text(enum=list(MODES)),
        "from": text(),
        "to": text(),
        "name": text("In the reader's language."),
        "names": NAMES,
        "distance_nm": _DECIMAL,
        "distance_km": _DECIMAL,
        "transit_days": record(
            {"min": _DECIMAL, "typical": _DECIMAL, "max": _DECIMAL, "confidence": nullable(CONFIDENCE)},
            description="From port to port.",
        ),
        "service": nullable(text("Services that were seen on it.")),
        **_ROW,
    },
    description="A connection by one mode.",
    title="Lane",
)
EQUIPMENT = record(
    {
        "code": text("What a route may say."),
        "kind": text(enum=list(KINDS_OF_EQUIPMENT)),
        "iso_type": nullable(text("ISO 6346.")),
        "name": text("In the reader's language."),
        "names": NAMES,
        "volume_m3": _DECIMAL,
        "tare_kg": _DECIMAL,
        "payload_kg": _DECIMAL,
        "road_limit_kg": nullable(text("Cargo that is hauled in Mexico without a surcharge.")),
        "pallets": nullable(text("How many ISO pallets of 1.0 × 1.2 m it takes.")),
        "reefer": {"type": "boolean"},
        "teu": _DECIMAL,
        **_ROW,
    },
    description="A container, a pallet or a unit load of the air.",
    title="Equipment",
)


def packages_page(columns: tuple[str, ...]) -> Schema:
    """The schema of the packages: every column of their table, and the good."""
    figures = package_schema(columns)
    good = {
        "product": text("A good of /v1/products."),
        "name": text("The good, in the reader's language."),
        "names": NAMES,
    }
    return page_of(
        record(
            good | figures["properties"] | _ROW,
            description="A package of a good, and how it is loaded.",
            title="Package",
        )
    )


PORTS, LANES, EQUIPMENTS = page_of(PORT), page_of(LANE), page_of(EQUIPMENT)
