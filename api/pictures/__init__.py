"""Pictures as SVG, written directly: a line, a waterfall and bars (docs/decisions/0007-pictures.md).

Places are whole tenths of a point, reckoned from exact fractions; the figures beside them are never rounded. Every
picture stands on white, tells its kinds apart without colour, and says in words what it shows.
"""
