"""A kept quote about to be shown: its document, and the words and figures of its language.

Nothing is known here but what the document says, so that a quote is shown alike however old it is and whatever the
tables have become.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from api.headings import HEADINGS
from api.locales import day, number
from api.renderings.texts import shortened, sound
from api.store import KeptQuote
from api.templates import spaced
from api.wording import Wording
from calculator.quantities import UNITS

Json = dict[str, Any]
# The parts of the landed cost, in the order in which they arise.
PARTS = (
    "goods",
    "freight",
    "insurance",
    "origin_charges",
    "destination_charges",
    "customs_duty",
    "trade_remedies",
    "consumption_tax",
    "vat",
    "postal_articles_tax",
    "payment_cost",
)
# Figures that are reckoned on, or told beside it.
BESIDE = ("customs_value", "presumed_insurance", "taxes")
LONGEST_NAME = 120
# A unit of so few letters is written as its sign: kg, t, L; Chinese has its own words.
LONGEST_SIGN = 3
PACKAGE = re.compile(r"(?P<kind>[a-z]+)-(?:(?P<count>\d+)x)?(?P<size>\d+(?:\.\d+)?)(?P<unit>[A-Za-z]*)")


class Words:
    """The words and figures of a language, as people read them."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.wording = Wording.of(language)

    def said(self, heading: str, **facts: object) -> str:
        """One of the words around a quote."""
        return self.wording.sentence(HEADINGS[heading]).format(**facts)

    def label(self, code: str) -> str:
        """What a figure of a quote is called."""
        return self.wording.heading(code)

    def figure(self, text: str | None) -> str:
        """A number as people write it; what is no number as it stands."""
        digits = (text or "").removesuffix("%")
        return f"{number(digits, self.language)}{(text or '')[len(digits) :]}"

    def day(self, text: str | None) -> str:
        """A day, or that of a moment by its own clock, as people write it."""
        return "" if text is None else day(datetime.fromisoformat(text).date(), self.language)

    def unit(self, code: str | None) -> str:
        """What a unit is called, without its explanation, or its sign; a currency or a rate of two units as it stands.

        A package is called by its kind and what it holds: carton-4kg is a carton (4 kg).
        """
        package = PACKAGE.fullmatch(code or "")
        if package and package["kind"] in UNITS:
            count, size, unit = package.group("count", "size", "unit")
            holds = f"{f'{count} × ' if count else ''}{size}{f' {unit}' if unit else ''}"
            return f"{self.unit(package['kind'])} ({holds})"
        if code is None or code not in UNITS or (self.language != "zh" and len(code) <= LONGEST_SIGN):
            return code or ""
        return UNITS[code].names[self.language].partition(" (")[0]


def superseded(words: Words, corrections: Iterable[Mapping[str, Any]]) -> list[str]:
    """A sentence for each correction that supersedes a quote, as `corrected.told` has them."""
    names = {"day": "found_on", "table": "table", "row": "row", "reason": "reason"}
    return [
        sound(words.said("superseded", **{name: each[field] for name, field in names.items()})) for each in corrections
    ]


class Shown(Words):
    """The document of a quote with the words of its language."""

    def __init__(self, kept: KeptQuote) -> None:
        super().__init__(kept.language)
        self.id = kept.id
        self.corrections = kept.superseded_by
        # Where nothing is escaped and all is printable, every text is sound as it stands, as it is in nearly every quote.
        text = kept.quote.decode()
        plain = "\\" not in text and text.rstrip("\n").isprintable()
        self.document: Json = json.loads(text, object_hook=None if plain else _sound)

    @property
    def name(self) -> str:
        """What the quote is for: the goods of its first line, and how many more there are."""
        goods = self.document["goods"]
        first = shortened(goods[0]["description"] or goods[0]["hs_code"] or "", LONGEST_NAME)
        return self.said("more_lines", first=first, count=len(goods) - 1) if len(goods) > 1 else first

    def amount(self, name: str) -> str:
        """A figure of the totals as the digits of the document."""
        return str(self.document["totals"][name]["amount"])

    @property
    def parts(self) -> list[str]:
        """The parts of the landed cost that come to something, the goods in any case."""
        return [name for name in PARTS if name == "goods" or Decimal(self.amount(name))]

    def line(self, number: int | None) -> str:
        """A line of goods as people count; nothing for the consignment as a whole."""
        return "" if number is None else f"{number + 1}"

    def payee(self, code: str | None) -> str:
        """Who is paid."""
        known = f"payee:{code}"
        return self.said(known) if known in HEADINGS else spaced(code or "")

    def origin(self, source: str) -> str:
        """Where a figure was taken from, in words where it is not a table."""
        kind, _, _place = source.partition(":")
        known = {"request": "request", "step": "step_before", "law": "law"}
        return self.said(known[kind]) if kind in known else source.removeprefix("table:")

    def listed(self, name: str) -> Iterator[Json]:
        """The entries of one of the lists of the document."""
        yield from self.document.get(name) or ()


def _sound(found: Json) -> Json:
    """The texts of an object made fit for a file; the lists in it hold objects, or texts of our own."""
    return {name: sound(value) if isinstance(value, str) else value for name, value in found.items()}
