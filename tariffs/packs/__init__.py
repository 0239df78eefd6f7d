"""Data releases apart from the package: a signed file of tables, and how it is opened without trusting any byte of it."""
