"""A schedule from outside, as CSV, XLSX or JSON, turned into dated rows of a private overlay.

In order: `files` reads the file or refuses it, `headings` finds the columns, `lines` reads every cell, `planning` compares
with the book, `applying` writes. Nothing is guessed and nothing is applied unless all of it is sound: whatever is wrong is
told with file, line and column, all at once, so that a clerk corrects a file once and not twenty times.
"""
