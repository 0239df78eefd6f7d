"""How a run is made from the settings of the installation, in this process or in another: what is needed for it can be sent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa

from api import known_of, utc_now
from api.batches.consignments import Pricing
from api.batches.pricing import Run
from api.batches.used import Used
from api.fx_cli import read_book, read_settings
from api.garbage import leave_alone
from api.schemas import QuoteIn
from api.settings import Settings
from tariffs.book import Book


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes runs of one file: its columns, what its headings stand for, the language of problems, and the day of the run."""

    schema: "pa.Schema"
    meant: Mapping[str, str]
    language: str
    day: date

    def __call__(self, noting: bool = False) -> Run:
        """A run over the tables of this installation; `noting` which of their rows are used."""
        settings = read_settings()
        book = read_book(settings)
        run = self.over(book, settings, self.schema, Used(book.records) if noting else None)
        leave_alone()
        return run

    def over(self, book: Book, settings: Settings, schema: "pa.Schema", used: Used | None = None) -> Run:
        """A run over these tables, of batches of this schema."""
        known = replace(known_of(settings, book, utc_now), today=self.today)
        return Run(Pricing(book, QuoteIn(known), self.language, used=used), schema, self.meant)

    def today(self) -> date:
        """The day for rows that name none."""
        return self.day
