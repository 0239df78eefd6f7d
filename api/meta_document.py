"""The JSON schemas and examples of what is told about the tables; held to by tests."""

from typing import Any

from api.documents import Schema, listed, nullable, record, text
from api.queries import limit_read

DAY: Schema = {"type": "string", "format": "date"}
SHARE = nullable(text("Share of the rows; null where not every row has a letter.", pattern="^[01][.][0-9]{4}$"))
Q = {
    "name": "q",
    "in": "query",
    "description": "Words of the id, title, issuer or number.",
    "schema": {"type": "string", "maxLength": 200},
    "example": "tariff law",
}
SINCE = {
    "name": "since",
    "in": "query",
    "description": "The first day of interest; without it, a year ago. What lies ahead is always in the list.",
    "schema": DAY,
    "example": "2026-01-01",
}
HS_CODE_PATTERN = "^[0-9]{2}([. ]?[0-9]{2}){0,4}$"
HS_CODE = {
    "name": "hs_code",
    "in": "query",
    "description": "Only what concerns lines whose codes begin so: their rates, classes, categories and requirements.",
    "schema": {"type": "string", "pattern": HS_CODE_PATTERN},
    "example": "08044000",
}


def page_of(items: Schema, **beside: Schema) -> Schema:
    """A page of a list, and what may stand beside it."""
    total = {"type": "integer", "minimum": 0, "description": "The length of the whole list."}
    return record(
        {"items": listed(items), "total": total, "next": nullable(text("The cursor of the next page.")), **beside},
        tuple(beside),
        title=f"{items['title']}Page",
    )


META = record(
    {
        "release": text("The id to pin as `tables` in a request."),
        "sha256": text("Over the hashes of all tables and lists, as sealed.", pattern="^[0-9a-f]{64}$"),
        "sealed": {"type": "boolean", "description": "Whether every table is as it was when the release was sealed."},
        "releases": listed(text(), "The releases that this installation holds."),
        "fx_release": text(),
        "fx_sha256": text(),
        "fx_known_until": DAY,
        "engine_version": text(),
        "tables": listed(
            record(
                {
                    "name": text(),
                    "title": text("In the reader's language."),
                    "known_until": DAY,
                    "confidence": text(),
                    "licence": text(),
                    "sha256": text(pattern="^[0-9a-f]{64}$"),
                    "rows": {"type": "integer", "minimum": 0},
                    "lines": {"type": "integer", "minimum": 0, "description": "Lines of the schedule it speaks of."},
                    "coverage": record({"from": nullable(DAY), "to": DAY}),
                    "share_A": SHARE,
                    "share_B": SHARE,
                    "share_C": SHARE,
                    "csv": listed(text(), "Where the table can be had whole."),
                }
            )
        ),
    },
    title="Meta",
)
SOURCE = record(
    {
        "id": text(),
        "title": record({"en": text(), "zh": nullable(text())}),
        "issuer": nullable(text()),
        "number": nullable(text()),
        "published": nullable(DAY),
        "effective_from": nullable(DAY),
        "retrieved_on": nullable({**DAY, "description": "The day a stored copy was read."}),
        "url": nullable(text()),
        "confidence": text(enum=["A", "B", "C"]),
        "licence": nullable(text()),
        "tables": listed(text(), "The tables that rest on it."),
    },
    title="Source",
)
SOURCES = page_of(SOURCE)
CHANGE = record(
    {
        "id": text("Stays as long as the row says the same.", format="uuid"),
        "on": {
            **DAY,
            "description": "The first day of what begins, the last day of what ends, the day a wrong row was corrected.",
        },
        "kind": text(
            "Whether it lies behind today or ahead of it.", enum=["began", "announced", "ended", "expires", "corrected"]
        ),
        "change": text(
            "`unchanged`: the same figure from another law.", enum=["new", "changed", "unchanged", "ended", "corrected"]
        ),
        "title": text(),
        "table": text(),
        "hs_code": nullable(text(pattern="^[0-9]{8}$")),
        "what": text("The column of the tariff, the tax, the figure or the requirement."),
        "subject": text("The code, the class of VAT, the category of the consumption tax, or `all`."),
        "part": nullable(text("The part of the line that is meant.")),
        "part_text": nullable(text("The part in the reader's language; the official Chinese text as it stands.")),
        "before": nullable(text("In the reader's language.")),
        "after": nullable(text("In the reader's language.")),
        "valid_from": DAY,
        "valid_to": nullable(DAY),
        "source": text(),
        "confidence": text(enum=["A", "B", "C"]),
        "note": nullable(text()),
    },
    title="Change",
)
CHANGES = page_of(CHANGE)

HASH = "ca29034b2e6a4c3c408642a0b9d780f3b434d53940fbbd315f48aa26d29b8cb4"
META_EXAMPLE: dict[str, Any] = {
    "release": "data-2026.11.27",
    "sha256": HASH,
    "sealed": True,
    "releases": ["data-2026.11.27"],
    "fx_release": "fx-2026.10.30+0123456789ab",
    "fx_sha256": HASH,
    "fx_known_until": "2026-10-30",
    "engine_version": "2",
    "tables": [
        {
            "name": "customs-schedule",
            "title": "Duty rates: MFN, provisional, general, tariff quota",
            "known_until": "2026-12-31",
            "confidence": "A; provisional rates of parts of a line mostly not read; days before 2026 B",
            "licence": "official text, outside copyright (PRC Copyright Law art. 5)",
            "sha256": HASH,
            "rows": 18748,
            "lines": 8972,
            "coverage": {"from": "2026-01-01", "to": "2026-12-31"},
            "share_A": "0.9994",
            "share_B": "0.0006",
            "share_C": "0.0000",
            "csv": ["/v1/tables/customs-schedule.csv"],
        }
    ],
}
SOURCE_EXAMPLE: dict[str, Any] = {
    "id": "cn-customs-tariff-law-2024",
    "title": {"en": "Customs Tariff Law of the People's Republic of China", "zh": "中华人民共和国关税法"},
    "issuer": "Standing Committee of the National People's Congress",
    "number": None,
    "published": "2024-04-26",
    "effective_from": "2024-12-01",
    "retrieved_on": "2026-11-23",
    "url": "https://github.com/LawRefBook/Laws",
    "confidence": "A",
    "licence": "official text, outside copyright (PRC Copyright Law art. 5)",
    "tables": ["import-taxes"],
}
SOURCES_EXAMPLE: dict[str, Any] = {"items": [SOURCE_EXAMPLE], "total": 1, "next": None}
CHANGE_EXAMPLE: dict[str, Any] = {
    "id": "3f0a3b1c-6d1e-5c0b-9c63-1f5a7a0b6f10",
    "on": "2026-12-31",
    "kind": "expires",
    "change": "ended",
    "title": "Provisional rate, 08044000: 7% ends on 2026-12-31",
    "table": "customs-schedule",
    "hs_code": "08044000",
    "what": "provisional",
    "subject": "08044000",
    "part": None,
    "part_text": None,
    "before": "7%",
    "after": None,
    "valid_from": "2026-01-01",
    "valid_to": "2026-12-31",
    "source": "cn-tariff-plan-2026",
    "confidence": "A",
    "note": None,
}
CHANGES_EXAMPLE: dict[str, Any] = {"items": [CHANGE_EXAMPLE], "total": 1, "next": None}
ATOM_EXAMPLE = (
    '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">…</feed>\n'
)
MOST_ROWS, USUAL_ROWS = 100_000, 1000
rows = limit_read(MOST_ROWS, USUAL_ROWS)
ROWS = {
    "name": "limit",
    "in": "query",
    "description": "How many rows a page has; without it the table is whole. `Link` has the address of the next page.",
    "schema": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
    "example": USUAL_ROWS,
}
FROM_ROW = {
    "name": "cursor",
    "in": "query",
    "description": "How many rows come before the page.",
    "schema": {"type": "string", "pattern": "^[0-9]{1,7}$"},
    "example": "1000",
}
PAGED = {"X-Total-Count": {"description": "The rows of the whole table.", "schema": {"type": "string"}}}
CSV_EXAMPLE = "hs_code,measure,expression,part,valid_from,valid_to,source,confidence,note\n"
