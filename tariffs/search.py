"""Finding a line or a good by what people call it, in three languages, by pinyin or by the first digits of its code.

An inverted index in memory: words lead to texts, texts to the lines and goods that bear them, since nine thousand lines
share some twenty thousand texts. It ranks, and decides nothing: whoever prices goods still names one code.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import NamedTuple

from tariffs.folding import STOP_WORDS, asked_grams, folded, grams, runs, words
from tariffs.pinyin import Pinyin
from tariffs.records import Records

LONGEST_QUERY = 100
MOST_WORDS = 16  # of a query; the rest adds nothing but work
# How much a text says of what bears it: its own name, the wider name around it, the name of a good of the line.
OWN, WIDE, GOOD = 1.0, 0.35, 1.25
# How much a word is worth as it is found: as it stands, as a beginning, by its sound, after a correction.
EXACT, BEGINNING, SOUND, SOUND_BEGINNING, CORRECTED = 1.0, 0.55, 0.9, 0.45, 0.5
WHOLE_NAME = 1.6  # for a text of which the query leaves out nothing
EXCLUDED = 0.2  # for what a name says that it does not contain
SHORTEST_BEGINNING = 2
MOST_BEGINNINGS = 300
LONGEST_SOUND = 6

_CODE = re.compile(r"[0-9][0-9. ]*")
_EXCLUDED = re.compile(r"\b(?:excluding|other than|excl|excepto|except|but not|no comprendid\w*)\b|但")


class Posting(NamedTuple):
    """A text in which a word stands, and how much of what the text says is this word."""

    text: int
    weight: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a query finds: codes of lines and names of goods, the most fitting first."""

    lines: tuple[str, ...]
    products: tuple[str, ...]


class Search:
    """The index over the lines and goods of one release; it never changes and is safe to share between threads."""

    def __init__(self, records: Records, pinyin: Pinyin) -> None:
        self._codes = records.codes
        self._slugs = tuple(records.products)
        self._goods_of = {code: len(records.products_of(code)) for code in {p.hs_code for p in records.products.values()}}
        texts = _texts(records)
        self._bearers = [tuple(bearers.items()) for bearers in texts.values()]
        self._sizes: list[int] = []
        self._words: dict[str, list[Posting]] = defaultdict(list)
        self._sounds: dict[str, list[Posting]] = defaultdict(list)
        for number, text in enumerate(texts):
            self._add(number, text, pinyin)
        self._vocabulary = sorted(word for word in self._words if word.isascii())
        self._spoken = sorted(self._sounds)
        self._correctable = [word for word in self._vocabulary if len(word) > 3 and not word.isdigit()]
        self.find = lru_cache(maxsize=512)(self._find)

    @classmethod
    def over(cls, records: Records) -> "Search":
        """The index of these records."""
        return cls(records, Pinyin.load())

    def beginning(self, digits: str) -> tuple[str, ...]:
        """The codes that begin with these digits, in their order."""
        first = bisect_left(self._codes, digits)
        return self._codes[first : bisect_right(self._codes, digits + "9" * 8)]

    def _find(self, query: str) -> Found:
        text = folded(query[:LONGEST_QUERY]).strip()
        if _CODE.fullmatch(text):
            codes = self.beginning(re.sub(r"[. ]", "", text)[:8])
            return Found(codes, tuple(slug for slug in self._slugs if slug in self._slugs_of(codes)))
        return self._ranked(self._scores(text))

    def _slugs_of(self, codes: Iterable[str]) -> set[str]:
        raise NotImplementedError
