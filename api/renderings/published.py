"""Figures of a quote as a cell holds them: a number, a share, or a rate as it was published, divided where it was crossed."""

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# "1 USD = 6.7628 CNY"
_EQUAL = re.compile(r"([0-9.]+) ([A-Z]{3}) = ([0-9.]+) ([A-Z]{3})")
# "EUR/CNY 7.4326 ÷ EUR/USD 1.1172 (ECB 2026-10-30)"
_FACTOR = re.compile(r"(?:([A-Z]{3})/([A-Z]{3}) )?([0-9]+(?:\.[0-9]+)?)")


class Published(NamedTuple):
    """What a cell holds: digits, or a quotient of digits; and its exact value."""

    content: str
    exact: Fraction


@lru_cache(maxsize=16_384)
def published(text: str, unit: str | None) -> Published | None:
    """A figure of a quote, None where it cannot be read as a number."""
    share = text.removesuffix("%")
    if _NUMBER.fullmatch(share):
        return _plain(Decimal(share).scaleb(-2) if share != text else Decimal(text))
    equal = _EQUAL.fullmatch(text)
    if equal:
        left, base, right, quote = equal.groups()
        pair = f"{quote}/{base}"
        return _divided([right], [left]) if unit == pair else _divided([left], [right])
    return _crossed(text.partition(" (")[0], unit)


def _plain(number: Decimal) -> Published:
    return Published(f"{number:f}", Fraction(number))


def _crossed(text: str, unit: str | None) -> Published | None:
    over, *under = text.split(" ÷ ")
    factors = [[_FACTOR.fullmatch(each) for each in some] for some in (over.split(" × "), under)]
    if not all(all(some) for some in factors):
        return None
    times, by = ([found for found in some if found] for some in factors)
    if len(times) == 1 and not by and unit == f"{times[0][1]}/{times[0][2]}":
        # Stated the other way round: yuan for a peso as pesos for a yuan.
        return _divided([], [times[0][3]])
    return _divided([each[3] for each in times], [each[3] for each in by])


def _divided(times: list[str], by: list[str]) -> Published:
    over = [each for each in times if Decimal(each) != 1] or ["1"]
    under = [each for each in by if Decimal(each) != 1]
    exact = Fraction(1)
    for each in over:
        exact *= Fraction(each)
    for each in under:
        exact /= Fraction(each)
    return Published("*".join(over) + "".join(f"/{each}" for each in under), exact)
