"""A workbook of Excel as a source of rows: its sheets by their names."""

from collections.abc import Iterator

from api.batches.workbooks.archive import Archive
from api.batches.workbooks.book import book_of, meanings, strings
from api.batches.workbooks.rows import Extent, Row, Values, extent_of, rows


class Workbook:
    """The sheets of an XLSX archive. Raises BrokenFile."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.book = book_of(archive)
        self._values = Values(strings(archive, self.book), meanings(archive, self.book), self.book.from_1904)

    @property
    def names(self) -> list[str]:
        """The names of the sheets in their order."""
        return [*self.book.sheets]

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of a sheet."""
        return rows(self._archive, self.book.sheets[name], self._values)

    def extent(self, name: str) -> Extent:
        """How far a sheet goes."""
        return extent_of(self._archive, self.book.sheets[name])
