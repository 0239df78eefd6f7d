"""A pandas DataFrame priced like a file of rows: the same rows, with their results in columns after the user's own.

pandas is no requirement of the package: whoever has a frame has it already.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa

from api.batches.making import Maker
from api.languages import LANGUAGES
from api.reading import Refused
from api.settings import Settings
from api.wording import Wording
from tariffs.book import Book

if TYPE_CHECKING:
    import pandas as pd


def price_frame(
    frame: "pd.DataFrame",
    book: Book,
    declared_on: date,
    *,
    columns: Mapping[str, str] | None = None,
    language: str = "en",
) -> "pd.DataFrame":
    """Price every row of a frame; amounts come back as Decimal, in yuan, beside the user's own columns and with their index.

    A row is one line of goods, its columns have the flat names of docs/spreadsheets.md, and rows with the same `shipment`, one
    after the other, are one consignment. `declared_on` is the day of rows that name none; `columns` says what a heading stands
    for where it does not say so itself. Figures are texts, whole numbers or Decimals. A row that cannot be priced says why
    under `error`, in the language. Raises ValueError where a column is missing that every row needs, or two say the same.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language is one of {', '.join(LANGUAGES)}, not {language!r}")
    table = pa.Table.from_pandas(frame, preserve_index=False)
    try:
        run = Maker(table.schema, columns or {}, language, declared_on).over(book, Settings(""), table.schema)
    except Refused as refused:
        wording = Wording.of(language)
        told = (wording.problem(each.code, each.facts, each.allowed) for each in refused.refusals)
        raise ValueError(" ".join(told)) from None
    priced = pa.Table.from_batches(run.answers(table.to_batches()), run.schema).to_pandas(ignore_metadata=True)
    priced.index = frame.index
    return priced
