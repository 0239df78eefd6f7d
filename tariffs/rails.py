"""What the tables know of paying: the rails with their fees, whole or as they stand on a day, and those near a misspelt one."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache

from calculator.rails import Fee, Rail
from calculator.tariff_line import Row
from tariffs import rail_rows as rows
from tariffs.folding import folded
from tariffs.likeness import LIKE_WORD, MOST, likeness
from tariffs.logistics import PAST_ITS_DATE, UNSURE
from tariffs.manifest import Standing
from tariffs.tables import CsvTable

BEFORE_ITS_DATE = "before its date"
_WORD = re.compile(r"[^\W_]+")


class Rails:
    """The ways of paying, typed. A fee does not vanish because nobody renewed it, or read it for earlier days: it is carried."""

    def __init__(self, rails: CsvTable, fees: CsvTable, first: date) -> None:
        asked = {code: tuple(map(rows.fee, raws)) for code, raws in fees.grouped().items()}
        self.all = tuple(rows.rail(raw, asked.get(raw[0], ()), first) for raw in rails.rows)
        self._words: dict[str, set[str]] = {}
        for each in self.all:
            for name in map(folded, (each.code, *each.names.values())):
                for word in (name, *_WORD.findall(name)):
                    self._words.setdefault(word, set()).add(each.code)
        # Many quotes are paid on the same days.
        self.on = lru_cache(maxsize=512)(self._on)

    def nearest(self, text: str) -> tuple[str, ...]:
        """Up to five rails that may be meant, by code or by name; all of them where none looks like it."""
        scores = likeness(folded(text).strip(), self._words, LIKE_WORD)
        near = sorted(scores, key=lambda code: -scores[code])[:MOST]
        return tuple(near) or tuple(each.code for each in self.all)

    def _on(self, day: date) -> tuple[Rail, ...]:
        return tuple(replace(each, fees=_fees_on(each.fees, day)) for each in self.all)


class RailRecords(ABC):
    """The part of the records room that answers about paying."""

    standings: Mapping[str, Standing]

    @abstractmethod
    def file(self, name: str) -> CsvTable:
        """A CSV file of the tables as text."""

    @cached_property
    def payment_rails(self) -> Rails:
        """The ways of paying, typed when they are first asked for."""
        return Rails(self.file(rows.RAILS), self.file(rows.FEES), self.standings[rows.TABLE].valid_from)

    def rails(self, on: date | None = None) -> tuple[Rail, ...]:
        """Every way of paying: with the fees of a day, or with every row of them."""
        return self.payment_rails.all if on is None else self.payment_rails.on(on)

    def rail(self, code: str, on: date | None = None) -> Rail | None:
        """A way of paying by its code, None where there is none."""
        return next((each for each in self.rails(on) if each.code == code), None)


def _fees_on(fees: Iterable[Fee], on: date) -> tuple[Fee, ...]:
    """Of each fee the newest row that has begun, or else the first; outside its days it is no more than C, and says so."""
    speaks: dict[tuple[str, str], Fee] = {}
    for each in sorted(fees, key=lambda fee: _row(fee).validity.valid_from):
        name = _name(each)
        if name not in speaks or _row(each).validity.valid_from <= on:
            speaks[name] = each
    return tuple(_carried(each, on) for each in fees if speaks[_name(each)] is each)


def _name(fee: Fee) -> tuple[str, str]:
    """What a fee is one of: the usual row of a code, or what one bank asks beside it."""
    return fee.code, "" if fee.usual else fee.names["en"]


def _carried(fee: Fee, on: date) -> Fee:
    row = _row(fee)
    if row.validity.covers(on):
        return fee
    outside = BEFORE_ITS_DATE if on < row.validity.valid_from else PAST_ITS_DATE
    note = "; ".join(filter(None, (outside, row.note)))
    return replace(fee, row=replace(row, confidence=UNSURE, note=note))


def _row(fee: Fee) -> Row:
    """The row of a fee of the tables; only a fee of the user's own has none."""
    if fee.row is None:
        raise ValueError(f"{fee.code} is no fee of the tables")
    return fee.row
