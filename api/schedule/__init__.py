"""The whole schedule of one day as a table: its rows, and the files in which it is carried away."""
