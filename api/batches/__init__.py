"""Many rows at once: what their columns stand for, their consignments priced, and the columns that come back.

Nothing here knows HTTP, files or the database: record batches come in and go out, in the order of their rows.
"""
