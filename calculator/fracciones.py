"""The exporter's own code: a fracción of the Mexican tariff (LIGIE), and what Mexico asks under it.

It leads to lines of the Chinese tariff by its first six digits, which both countries share. Mexico's export duty is told and
never charged: the seller owes it, and a price from FCA on contains it.
"""

from dataclasses import dataclass
from decimal import Decimal

# What stands for its rate where Mexico exempts a good, or forbids its export.
EXEMPT, FORBIDDEN = "exempt", "forbidden"
FRACCION, WITH_NICO = 8, 10


@dataclass(frozen=True, slots=True)
class Fraccion:
    """A row of the Mexican tariff: `export_duty` is a share of the value, None with the `standing` EXEMPT or FORBIDDEN."""

    code: str
    name: str
    unit: str
    export_duty: Decimal | None
    standing: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Led:
    """How a fracción led to a line: its row, None where our table lacks its chapter, and the `lines` under its six digits."""

    fraccion: Fraccion | None
    lines: int


def dotted(code: str) -> str:
    """A code as Mexico writes it: 0804.40.01, with a NICO 0804.40.01.00, a subheading 0804.40."""
    return ".".join([code[:4], *(code[at : at + 2] for at in range(4, len(code), 2))])
