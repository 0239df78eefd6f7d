"""A kept quote as other files: a table, a workbook, a page. All are made from the bytes of the quote, not by the engine."""
