"""The places of figures that nobody may look at: what stands in a request while it is chosen for all figures at once.

Nothing is reckoned here. An amount raises as soon as anybody compares, reckons with or writes it; a quantity may also be taken
over into other units and packages, which takes factors alone.
"""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

LOOKED_AT = "a figure was looked at where only names and dates may be"
# The place of a figure that was rounded or added to: there is one, and nobody can fill it in.
NOWHERE = -1


class Blank(Decimal):
    """The place of a figure that nobody may look at; what is done with it raises InvalidOperation, as with any sNaN."""

    place: int

    def __new__(cls, place: int) -> "Blank":
        blank = super().__new__(cls, "sNaN")
        blank.place = place
        return blank

    def __bool__(self) -> bool:
        raise InvalidOperation(LOOKED_AT)

    def __hash__(self) -> int:
        raise InvalidOperation(LOOKED_AT)

    def __int__(self) -> int:
        raise InvalidOperation(LOOKED_AT)

    def __str__(self) -> str:
        raise InvalidOperation(LOOKED_AT)

    def __format__(self, *_: object) -> str:
        raise InvalidOperation(LOOKED_AT)


class BlankQuantity(Blank):
    """The place of a quantity, in a unit of which it is `factor` times as much as was stated."""

    factor: Fraction

    def __new__(cls, place: int, factor: Fraction = Fraction(1)) -> "BlankQuantity":
        blank = super().__new__(cls, place)
        blank.factor = factor  # type: ignore[attr-defined]
        return blank  # type: ignore[return-value]

    def __hash__(self) -> int:
        raise InvalidOperation(LOOKED_AT)

    def __eq__(self, other: object) -> bool:
        """The same quantity in the same unit, whatever it is; whether two others are equal only their figures tell."""
        if self.alike(other):
            return True
        raise InvalidOperation(LOOKED_AT)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __mul__(self, other: Any) -> Any:
        return self.times(other) if type(other) in (Decimal, int) else super().__mul__(other)

    __rmul__ = __mul__

    def is_finite(self) -> bool:
        """Every quantity is."""
        return True

    def quantize(self, *_: object, **__: object) -> Decimal:
        """A quantity that is rounded is still one, and its figure no longer follows from what was stated by a factor."""
        return Blank(NOWHERE)

    def alike(self, other: object) -> bool:
        """Whether another is beyond doubt the same quantity."""
        return isinstance(other, BlankQuantity) and (self.place, self.factor) == (other.place, other.factor)

    def times(self, numerator: Decimal | int, denominator: Decimal | int = 1) -> "BlankQuantity":
        """The quantity in a unit of which one is `denominator` ÷ `numerator` of the unit that it is in."""
        return BlankQuantity(self.place, self.factor * Fraction(numerator) / Fraction(denominator))
