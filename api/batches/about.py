"""What a run was made with, kept in the schema of its answers: the language, the day, the releases of tables and rates.

A file of columns keeps it beside its columns; a workbook tells it on a sheet.
"""

import json
from dataclasses import asdict, dataclass

import pyarrow as pa

from api.batches.consignments import Pricing

KEY = b"galeon"


@dataclass(frozen=True, slots=True)
class About:
    """What rows were priced with, as texts."""

    language: str = "en"
    declared_on: str = ""
    tables: str = ""
    rates: str = ""

    @classmethod
    def of(cls, pricing: Pricing) -> "About":
        """What this prices with."""
        book, today = pricing.book, pricing.schema.known.today()
        return cls(pricing.language, today.isoformat(), book.release, book.fx_release)

    @classmethod
    def told(cls, schema: "pa.Schema") -> "About":
        """What a schema tells of it; nothing, where it does not."""
        kept = (schema.metadata or {}).get(KEY)
        return cls(**json.loads(kept)) if kept else cls()

    def on(self, schema: "pa.Schema") -> "pa.Schema":
        """The schema that tells it."""
        return schema.with_metadata({**(schema.metadata or {}), KEY: json.dumps(asdict(self)).encode()})
