"""A box of the sheet for a declaration: what stands in it and where that was taken from, or why it is left to the declarant.

Nothing is guessed: what does not follow from the quote and the tables is to be filled in, and says so.
"""

from typing import Any

from api.headings import HEADINGS
from api.wording import LANGUAGES, Wording, decimal_of
from calculator.money import Number
from calculator.plan import USER, Fact, Remark
from calculator.tariff_line import Row
from tariffs.declaration_codes import CustomsCode, DeclarationCodes

Json = dict[str, Any]
FILLED, TO_FILL, BLANK = "filled", "to_fill", "blank"
NOT_IN_QUOTE = Remark("box_not_in_quote")
# What a request says of itself.
OURS = "request:"


class Boxes:
    """Boxes in the words of a language, with the codes of customs."""

    def __init__(self, wording: Wording, codes: DeclarationCodes) -> None:
        self.wording, self.codes = wording, codes
        self.language = wording.language if wording.language in LANGUAGES else "en"
        self._chinese = Wording.of("zh")

    def filled(
        self,
        name: str,
        value: str,
        *,
        origin: str,
        text: str | None = None,
        source: str | None = None,
        confidence: str = USER,
        remark: Remark | None = None,
    ) -> Json:
        """A box with its value."""
        return self._box(name, FILLED, value, text, (origin, source, confidence), remark)

    def begun(self, name: str, value: str, row: Row, remark: Remark) -> Json:
        """A box of which a row tells the beginning; the rest is to be filled in."""
        return self._box(name, TO_FILL, value, None, (f"table:{row.table}/{value}", row.source, row.confidence), remark)

    def open(self, name: str, remark: Remark = NOT_IN_QUOTE, text: str | None = None) -> Json:
        """A box that the declarant has to fill in, with what we can say to it."""
        return self._box(name, TO_FILL, None, text, (None, None, None), remark)

    def blank(self, name: str, remark: Remark) -> Json:
        """A box that stays empty."""
        return self._box(name, BLANK, None, None, (None, None, None), remark)

    def figure(self, name: str, fact: Fact, confidence: str = "") -> Json:
        """A box with a figure that has a source of its own."""
        value, whole = digits(fact.value)
        return self.filled(
            name,
            value,
            origin=fact.origin,
            source=fact.source or None,
            confidence=confidence or fact.confidence,
            remark=None if whole else Remark("box_digits_go_on"),
        )

    def coded(self, name: str, kind: str, key: str, missing: Remark) -> Json:
        """A box with the code of customs for something of ours; of several codes nobody chooses."""
        found = self.codes.of(kind, key)
        if not found:
            return self.open(name, missing)
        if len(found) > 1:
            choices = [f"{each.code} {each.texts[self.language]}" for each in found]
            return self.open(name, Remark("box_choice", "", {"choices": choices}))
        return self.of_code(name, kind, key, found[0])

    def of_code(self, name: str, kind: str, key: str, code: CustomsCode, remark: Remark | None = None) -> Json:
        """A box with this code."""
        return self.filled(
            name,
            code.code,
            text=code.texts[self.language],
            origin=f"table:declaration-codes/{kind}/{key}",
            source=code.source,
            confidence=code.confidence,
            remark=remark,
        )

    def currency(self, name: str, currency: str) -> Json:
        """The code of a currency."""
        return self.coded(name, "currency", currency, Remark("box_currency_not_listed", "", {"currency": currency}))

    def country(self, name: str, country: str) -> Json:
        """The code of a country."""
        return self.coded(name, "country", country, Remark("box_country_not_listed", "", {"country": country}))

    def assumed(self, box: Json, left_to_us: bool) -> Json:
        """The same box, which says so where it rests on something that the request left to us."""
        return box | {"remark": self.told(Remark("box_assumed"))} if left_to_us and box["status"] == FILLED else box

    def told(self, remark: Remark) -> Json:
        """A remark in words."""
        return {"code": remark.code, "text": self.wording.text(remark)}

    def _box(
        self,
        name: str,
        status: str,
        value: str | None,
        text: str | None,
        taken: tuple[str | None, str | None, str | None],
        remark: Remark | None,
    ) -> Json:
        heading = HEADINGS[f"box_{name}"]
        origin, source, confidence = taken
        return {
            "name": self.wording.sentence(heading),
            "name_zh": self._chinese.sentence(heading),
            "status": status,
            "value": value,
            "text": text,
            "from": origin,
            "source": source,
            "confidence": confidence,
            "remark": None if remark is None else self.told(remark),
        }


def digits(value: Number) -> tuple[str, bool]:
    """A number without zeros at its end, and whether these are all of its digits."""
    shown, whole = decimal_of(value)
    text = format(shown, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text), whole
