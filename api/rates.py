"""The rates of a request: duties, shares and consumption taxes, in the small language that the tables are written in."""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from api.fields import Exact, Fragment, number_text
from api.figures import currency
from api.reading import LONGEST_ECHO
from calculator.errors import Unreadable
from calculator.request import OwnExcise
from calculator.tariff_line import AdValorem, ByValue, Compound, DutyRate, ExciseThreshold, Specific
from tariffs.expressions import EXAMPLES, read_user_rate

# Below it, a bare number is a share of CIF and not a percentage.
MOST_INSURED = 5
SHARES = ("9%", "0.09")
BANDS = ("5%", "0.05")
# More than any rate in words takes.
LONGEST = 200
# The longer forms of a duty, by how they begin.
FORMS = {
    "lower": "lower(10%, 900 CNY/t)",
    "by_value": "by_value(2000 USD/piece, 130%, 6% + 20600 CNY/piece)",
    "sliding": "sliding(a=9.0, b=2.69%, threshold=14.000 CNY/kg, at_or_above=0.280 CNY/kg, cap=40%, places=3)",
}
# A consumption tax of two classes, in each of the kinds that the law knows: beer, cosmetics, cigarettes.
TWO_CLASSES = (
    "by_value(370 USD/t, 220 CNY/t, 250 CNY/t)",
    "by_value(10000 CNY/kg, 0%, 15%)",
    "by_value(350 CNY/thousand_sticks, 36% + 3 CNY/thousand_sticks, 56% + 3 CNY/thousand_sticks)",
)


class Rate(Exact):
    """A duty in any form of the tables: "25%", "20% + 1 CNY/kg", lower(…), by_value(…), sliding(…)."""

    schema: ClassVar[Fragment] = {"$ref": "#/components/schemas/Rate"}

    def read(self, value: object) -> DutyRate:
        return _rate(_text(value), FORMS)


class Share(Exact):
    """A rate that can only be a share of a value: "9%" or "0.09"."""

    schema: ClassVar[Fragment] = {"$ref": "#/components/schemas/Share"}

    def read(self, value: object) -> Decimal:
        text = _text(value, "share", SHARES)
        rate = _rate(text, {})
        if not isinstance(rate, AdValorem):
            raise Unreadable("not_a_share", "", SHARES, text=text[:LONGEST_ECHO])
        return rate.rate


class InsuredShare(Share):
    """The share of CIF that is insured: "110%"; people write 1.1 for it."""

    def read(self, value: object) -> Decimal:
        try:
            return super().read(value)
        except Unreadable as refusal:
            if refusal.code != "write_percent":
                raise
            number = Decimal(refusal.allowed[0].rstrip("%"))
            percent = number * 100 if number < MOST_INSURED else number
            raise Unreadable("write_percent", "", (f"{_short(percent)}%",), **refusal.facts) from None


class Band(Share):
    """The share by which exchange rates may rise or fall: from 0% to below 100%."""

    def read(self, value: object) -> Decimal:
        share = super().read(value)
        if share >= 1:
            raise Unreadable("not_a_band", "", BANDS, text=_text(value, "share", BANDS)[:LONGEST_ECHO])
        return share


class ExciseRate(Exact):
    """A consumption tax: a share, an amount for each unit, or both; or two of one kind, told apart by the value."""

    schema: ClassVar[Fragment] = {"$ref": "#/components/schemas/ExciseRate"}

    def read(self, value: object) -> OwnExcise:
        text = _text(value)
        match _rate(text, {"by_value": TWO_CLASSES[0]}):
            case AdValorem() | Specific() | Compound() as rate:
                return OwnExcise(*_parts(rate))
            case ByValue() as classes if (found := _two_classes(classes)) is not None:
                return found
            case _:
                raise Unreadable("excise_form_not_allowed", "", (*EXAMPLES, *TWO_CLASSES), text=text[:LONGEST_ECHO])


def _text(value: object, expected: str = "rate", allowed: tuple[str, ...] = EXAMPLES) -> str:
    """The text of a rate, neither empty nor longer than any rate."""
    text = number_text(value, "", expected)
    if not text.strip():
        raise Unreadable("empty_text", "", allowed)
    if len(text) > LONGEST:
        raise Unreadable("text_too_long", "", (), text=text[:LONGEST_ECHO], longest=LONGEST)
    return text


def _rate(text: str, forms: Mapping[str, str]) -> DutyRate:
    """The rate of a text, in words cut short where it is refused; one of a longer form is told how that form is written.

    The currency of a threshold must be one of which rates are known.
    """
    try:
        rate = read_user_rate(text, "")
    except Unreadable as refusal:
        facts = {**refusal.facts, "text": text[:LONGEST_ECHO]} if "text" in refusal.facts else refusal.facts
        form = forms.get(text.strip().partition("(")[0].rstrip().lower())
        allowed = (form,) if form and refusal.code == "unreadable_rate" else refusal.allowed
        raise Unreadable(refusal.code, refusal.pointer, allowed, **facts) from None
    if isinstance(rate, ByValue):
        currency(rate.currency)
    return rate


def _two_classes(rate: ByValue) -> OwnExcise | None:
    """A consumption tax of two classes, None where the two are not of one kind."""
    share_below, amount_below, unit_below = _parts(rate.below)
    share, amount, unit = _parts(rate.above)
    both_shares = isinstance(rate.below, Compound) and isinstance(rate.above, Compound)
    if type(rate.below) is not type(rate.above) or unit != unit_below or (both_shares and amount != amount_below):
        return None
    threshold = ExciseThreshold(rate.threshold, rate.currency, rate.unit)
    return OwnExcise(share, amount, unit, threshold, share_below, amount_below)


def _parts(rate: AdValorem | Specific | Compound) -> tuple[Decimal | None, Decimal | None, str]:
    """The share, the amount for each unit and the unit of a rate."""
    match rate:
        case AdValorem(share):
            return share, None, ""
        case Specific(amount, code):
            return None, amount, code
        case Compound(share, amount, code):
            return share, amount, code


def _short(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
