"""What the market asks of a good besides its taxes: that its kind is admitted, and the documents that go with it.

Nothing here is computed. A requirement stands beside a quote with its source, and one that nobody has seen in a document
says so: `market_access` is never filled in by guessing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from calculator.tariff_line import Row

ADMITTED, NOT_SEEN = "admitted", "not_seen"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that is asked, in three languages; `authority` is who asks or issues it, "" where it was not seen.

    `market_access` is `admitted` or `not_seen` on the rows that speak of admission and "" on all others. `prefixes` and
    `product` say of which goods: no prefix means all of them.
    """

    code: str
    texts: Mapping[str, str]
    authority: str
    market_access: str
    prefixes: tuple[str, ...]
    product: str
    row: Row
