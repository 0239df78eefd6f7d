"""The part of a line (ex, in the tariff) that has a provisional rate of its own, and whether the goods belong to it.

The tariff describes a part in words, which nothing here can hold against goods: the request claims it, and whoever
declares the goods answers for that.
"""

from calculator.dossier import LineDossier
from calculator.errors import Unpriceable
from calculator.request import GoodsLine
from calculator.tariff_line import Measure, MeasureKind, Sliding

# What a request says of the part: the goods belong to it, or they do not; anything else is the part in its own words.
THE_PART, NO_PART = "the_part", "no_part"


def claims_part(line: GoodsLine) -> bool:
    """Whether the request says that the goods belong to a part of their line."""
    return line.tariff_part not in ("", NO_PART)


def parts_of(found: LineDossier) -> tuple[Measure, ...]:
    """The parts of a line with a provisional rate of their own, then those whose rate has ended without word of the next."""
    return tuple(
        each
        for each in (*found.measures, *found.ended)
        if each.part and each.kind is MeasureKind.PROVISIONAL and not isinstance(each.rate, Sliding)
    )


def claimed_part(line: GoodsLine, found: LineDossier, pointer: str) -> Measure | None:
    """The part that the request claims, None where it claims none, or gives the duty of one whose rate nobody has read.

    Raises Unpriceable for a claim to a part that the line does not have, where it does not say which of several, and beside a
    duty of the request's own, which would leave the claim without effect.
    """
    if not claims_part(line):
        return None
    pointer = f"{pointer}/tariff_part"
    if line.tariff_quota:
        raise Unpriceable("part_beside_quota", pointer, ())
    part = _called(line, found, pointer)
    if line.tariff is not None and line.tariff.duty is not None:
        if part.rate is not None:
            raise Unpriceable("part_beside_own_duty", pointer, ("false",), part=part.part)
        return None
    return part


def _called(line: GoodsLine, found: LineDossier, pointer: str) -> Measure:
    """The part of the line that the words of the request mean."""
    by_words = {each.part: each for each in reversed(parts_of(found))}
    code = found.tariff_line.hs_code if found.tariff_line is not None else line.hs_code
    if not by_words:
        raise Unpriceable("no_part_of_the_line", pointer, ("false",), hs_code=code or None)
    if line.tariff_part == THE_PART and len(by_words) == 1:
        return next(iter(by_words.values()))
    if line.tariff_part not in by_words:
        raise Unpriceable("which_part_of_the_line", pointer, tuple(by_words), hs_code=code)
    return by_words[line.tariff_part]
