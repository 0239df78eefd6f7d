"""Files with which spreadsheets ask Galeón: a workbook of cells, a function for Google Sheets, a query for Power Query."""
