"""A Mexican code as it is told: what Mexico calls and asks, where that was read, and how surely."""

from api.documents import listed, nullable, record, text
from api.goods_fields import FRACCION_EXAMPLE, FRACCION_PATTERN
from api.line_document import CONFIDENCE, REMARK
from api.wording import Wording, percent
from api.writing import Json
from calculator.fracciones import FRACCION, WITH_NICO, dotted
from calculator.plan import Remark
from calculator.tariff_line import SUBHEADING
from tariffs.fracciones import TABLE
from tariffs.records import Records

FREE, RATE, UNKNOWN = "free", "rate", "unknown"
ASKED = {
    "name": "fraccion",
    "in": "query",
    "description": (
        "The exporter's own code of the Mexican tariff, 8 digits or 10 with the NICO: the lines that its first six digits lead "
        "to. Not together with `q`."
    ),
    "schema": {"type": "string", "pattern": FRACCION_PATTERN},
    "example": FRACCION_EXAMPLE,
}
TOLD = record(
    {
        "fraccion": text("Eight digits.", pattern=r"^[0-9]{4}\.[0-9]{2}\.[0-9]{2}$", examples=[FRACCION_EXAMPLE]),
        "nico": nullable(text("Two digits, where they were asked; they decide no duty.", pattern="^[0-9]{2}$")),
        "subheading": text("The six digits that lead to China.", pattern="^[0-9]{6}$"),
        "in_table": {"type": "boolean", "description": "Whether our table has it; a part of the chapters is missing."},
        "name": nullable(text("As the Mexican tariff has it, in Spanish.")),
        "unit": nullable(text("The unit of measure of the Mexican tariff, as it is written there.", examples=["Kg"])),
        "export_duty": record(
            {
                "standing": text(enum=[FREE, RATE, "exempt", "forbidden", UNKNOWN]),
                "rate": nullable(text("Of the value, where there is one.", examples=["25%"])),
                "text": text("The same in words. It is never part of a landed cost."),
            },
            title="MexicanExportDuty",
        ),
        "source": nullable(text("An id of /v1/sources.")),
        "confidence": nullable(CONFIDENCE),
        "known_until": nullable(text("The last day our table was looked after for.", format="date")),
        "assumptions": listed(REMARK),
    },
    description="A code of the Mexican tariff.",
    title="Fraccion",
)


def fraccion_told(records: Records, given: str, language: str) -> Json:
    """A Mexican code that leads somewhere, in a language."""
    row, wording, code = records.fracciones.of(given), Wording.of(language), dotted(given[:FRACCION])
    nico = given[FRACCION:] if len(given) == WITH_NICO else None
    known = next((each.known_until for each in records.tables if each.name == TABLE), None)
    facts = {"fraccion": code, "nico": nico, "name": row.name if row is not None else None}
    standing, rate, remark = UNKNOWN, None, "fraccion_not_in_table"
    if row is not None:
        standing = row.standing or (RATE if row.export_duty else FREE)
        rate = row.export_duty
        remark = {"forbidden": "export_forbidden", RATE: "export_duty_not_included"}.get(standing, "no_export_duty")
    told = [Remark(each, "", facts) for each in ("nico_left_aside",) if nico is not None]
    return {
        "fraccion": code,
        "nico": nico,
        "subheading": given[:SUBHEADING],
        "in_table": row is not None,
        "name": row.name if row is not None else None,
        "unit": (row.unit or None) if row is not None else None,
        "export_duty": {
            "standing": standing,
            "rate": None if rate is None else percent(rate),
            "text": wording.text(Remark(remark, "", {**facts, "rate": rate})),
        },
        "source": row.source if row is not None else None,
        "confidence": row.confidence if row is not None else None,
        "known_until": f"{known}" if known is not None else None,
        "assumptions": [{"code": each.code, "text": wording.text(each)} for each in told],
    }
