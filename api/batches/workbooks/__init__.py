"""Workbooks of Excel: their rows are read as texts, and the same workbook goes out with our columns beside them.

The parts of the archive are copied as they are; into a sheet cells are put between its own bytes, as it streams by.
"""
