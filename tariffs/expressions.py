"""The small language of duty rates, both ways: what a table says is charged, and it prints back letter for letter.

    25%
    0.8 CNY/kg
    20% + 1 CNY/kg
    lower(10%, 900 CNY/t)
    by_value(2000 USD/piece, 130%, 6% + 20600 CNY/piece)
    sliding(a=9.0, b=2.69%, threshold=14.000 CNY/kg, at_or_above=0.280 CNY/kg, cap=40%, places=3)

Tables must write it exactly so; people may be freer (`read_user_rate`), yet never so free that a figure could be read
in two ways: `25` is neither 25% nor 2500% here, it is refused.
"""

import re
from decimal import Decimal
from functools import lru_cache

from calculator.errors import Unpriceable, Unreadable
from calculator.quantities import unit
from calculator.tariff_line import AdValorem, ByValue, Compound, DutyRate, LowerOf, Sliding, Specific

Simple = AdValorem | Specific | Compound

HIGHEST_RATE = Decimal(100)  # 10000%: far above any tariff, far below a slip of the keyboard
EXAMPLES = ("25%", "0.8 CNY/kg", "20% + 1 CNY/kg")

_NUMBER = r"[0-9]{1,15}(?:\.[0-9]{1,12})?"
_PERCENT = rf"(?P<percent>{_NUMBER})%"
_AMOUNT = rf"(?P<amount>{_NUMBER}) CNY/(?P<unit>[A-Za-z_][A-Za-z0-9_]*)"
_SIMPLE = re.compile(rf"(?:{_PERCENT})?(?:(?(percent) \+ |){_AMOUNT})?")
_LOWER = re.compile(r"lower\(([^(),]+), ([^(),]+)\)")
_BY_VALUE = re.compile(rf"by_value\(({_NUMBER}) ([A-Z]{{3}})/([A-Za-z_][A-Za-z0-9_]*), ([^(),]+), ([^(),]+)\)")
_SLIDING = re.compile(
    rf"sliding\(a=({_NUMBER}), b=({_NUMBER})%, threshold=({_NUMBER}) CNY/([A-Za-z_]\w*), "
    rf"at_or_above=({_NUMBER}) CNY/([A-Za-z_]\w*), cap=({_NUMBER})%, places=([0-9])\)",
    re.ASCII,
)
_BARE = re.compile(rf"(?P<sign>[-−]?)(?:{_NUMBER}|\.[0-9]{{1,12}})")
# The law counts 台 and 件 where a table of units has one word for any piece.
_PIECE = "unit"


class ExpressionError(ValueError):
    """A text that is no duty rate."""


@lru_cache(maxsize=4096)
def duty_rate(text: str) -> DutyRate:
    """The duty rate that a table's expression says."""
    if match := _SLIDING.fullmatch(text):
        a, b, threshold, measured, at_or_above, charged, cap, places = match.groups()
        if measured != charged:
            raise ExpressionError(f"{text!r} measures in {measured} and charges by {charged}")
        return Sliding(
            Decimal(a), _share(b), Decimal(threshold), Decimal(at_or_above), _share(cap), int(places), _code(measured)
        )
    if match := _BY_VALUE.fullmatch(text):
        threshold, currency, measured, below, above = match.groups()
        return ByValue(Decimal(threshold), currency, _code(measured), _simple(below), _simple(above))
    if match := _LOWER.fullmatch(text):
        return LowerOf(_simple(match[1]), _simple(match[2]))
    return _simple(text)


def expression(rate: DutyRate) -> str:
    """A duty rate as a table writes it; `duty_rate` reads it back."""
    match rate:
        case AdValorem(share):
            return _percent(share)
        case Specific(amount, code):
            return _amount(amount, code)
        case Compound(share, amount, code):
            return f"{_percent(share)} + {_amount(amount, code)}"
        case LowerOf(first, second):
            return f"lower({expression(first)}, {expression(second)})"
        case ByValue(threshold, currency, code, below, above):
            return (
                f"by_value({_plain(threshold)} {currency}/{_printed(code)}, {expression(below)}, {expression(above)})"
            )
        case Sliding(a, b, threshold, at_or_above, cap, places, code):
            return (
                f"sliding(a={_plain(a)}, b={_percent(b)}, threshold={_amount(threshold, code)}, "
                f"at_or_above={_amount(at_or_above, code)}, cap={_percent(cap)}, places={places})"
            )


def read_user_rate(text: str, pointer: str) -> DutyRate:
    """A rate in a person's own spelling: "25%", a share such as "0.25", "20% and 1 CNY/kg"; or `Unreadable`."""
    tidy = _measured(_tidied(text), pointer)
    if bare := _BARE.fullmatch(tidy):
        if bare["sign"]:
            raise Unreadable("negative_rate", pointer, EXAMPLES, text=text)
        if Decimal(tidy) >= 1:
            raise Unreadable("write_percent", pointer, (f"{tidy}%",), text=text)
        return AdValorem(Decimal(tidy))
    if re.search(r"(^|[(,+] ?)[-−] ?[0-9.]", tidy):
        raise Unreadable("negative_rate", pointer, EXAMPLES, text=text)
    try:
        rate = duty_rate(tidy)
    except ExpressionError as error:
        raise Unreadable("unreadable_rate", pointer, EXAMPLES, text=text) from error
    if _highest(rate) > HIGHEST_RATE:
        raise Unreadable("rate_too_high", pointer, (_percent(HIGHEST_RATE),), text=text)
    return rate


def _tidied(text: str) -> str:
    """The spelling of the tables for what a person wrote: one space where it belongs, + for "and", / for "per"."""
    tidy = " ".join(text[:400].replace("％", "%").replace("＋", "+").replace("，", ",").split())
    tidy = re.sub(r"(?i)\band\b", "+", tidy)
    tidy = re.sub(r"(?i) per ", "/", tidy)
    tidy = re.sub(r" ?\+ ?", " + ", tidy)
    tidy = re.sub(r" ?([/%=()]) ?", r"\1", tidy).replace("%+", "% +")
    tidy = re.sub(r" ?, ?", ", ", tidy)
    tidy = re.sub(r"(?i)([0-9]) ?([a-z]{3})/", lambda found: f"{found[1]} {found[2].upper()}/", tidy)
    return re.sub(r"(?<![0-9.])\.([0-9])", r"0.\1", tidy).strip()


def _measured(tidy: str, pointer: str) -> str:
    """The units in a table's spelling; the refusal of a unit ("ton") goes out as it is, with what may be meant."""

    def spelled(found: re.Match[str]) -> str:
        return found[1] + _printed(unit(found[2], pointer).code)

    return re.sub(r"([0-9] [A-Z]{3}/)([^\s,()+%/]+)", spelled, tidy)


def _simple(text: str) -> Simple:
    match = _SIMPLE.fullmatch(text)
    if not match or not text:
        raise ExpressionError(f"{text!r} is no duty rate; write it like {' or '.join(EXAMPLES)}")
    percent, amount, measured = match["percent"], match["amount"], match["unit"]
    if amount is None:
        return AdValorem(_share(percent))
    if percent is None:
        return Specific(Decimal(amount), _code(measured))
    return Compound(_share(percent), Decimal(amount), _code(measured))


def _code(measured: str) -> str:
    try:
        return unit(measured).code
    except Unpriceable as error:
        raise ExpressionError(f"{measured!r} is no unit") from error


def _share(percent: str) -> Decimal:
    return Decimal(percent).scaleb(-2)


def _percent(share: Decimal) -> str:
    return f"{_plain(share.scaleb(2))}%"


def _amount(amount: Decimal, code: str) -> str:
    return f"{_plain(amount)} CNY/{_printed(code)}"


def _printed(code: str) -> str:
    return "piece" if code == _PIECE else code


def _plain(number: Decimal) -> str:
    return format(number, "f")


def _highest(rate: DutyRate) -> Decimal:
    match rate:
        case AdValorem(share) | Compound(share, _, _):
            return share
        case LowerOf(first, second):
            return max(_highest(first), _highest(second))
        case ByValue(below=below, above=above):
            return max(_highest(below), _highest(above))
        case Sliding(cap=cap):
            return cap
        case _:
            return Decimal(0)
