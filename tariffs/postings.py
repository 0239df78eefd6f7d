"""The index in its closed form: sorted words beside one long row of numbers, small in memory and quick to read.

A list for every word would cost a worker fifty megabytes and a second of its start.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

NUMBER, LENGTH, SHARE = "I", "H", "B"
# A share of 1.0 as it is kept: in steps of an eightieth, up to three.
WHOLE = 80


class Postings:
    """By word, in their order, the texts in which it stands: twice the number of the text, plus one where it stands first."""

    def __init__(self, words: Sequence[str], starts: Sequence[int], numbers: Sequence[int]) -> None:
        self.words, self.starts, self.numbers = words, starts, numbers

    @classmethod
    def of(cls, lists: Mapping[str, list[int]]) -> "Postings":
        """The postings of these lists."""
        words = sorted(lists)
        starts = array(NUMBER, accumulate((len(lists[word]) for word in words), initial=0))
        return cls(words, starts, array(NUMBER, chain.from_iterable(lists[word] for word in words)))

    def __contains__(self, word: str) -> bool:
        place = bisect_left(self.words, word)
        return place < len(self.words) and self.words[place] == word

    def get(self, word: str) -> Sequence[int]:
        """The texts of a word; none where it is unknown."""
        place = bisect_left(self.words, word)
        if place == len(self.words) or self.words[place] != word:
            return ()
        return self.numbers[self.starts[place] : self.starts[place + 1]]

    def beginning(self, word: str, most: int) -> Sequence[str]:
        """The words that begin like this one and are longer."""
        first = bisect_left(self.words, word)
        last = min(bisect_left(self.words, word + "\U0010ffff", first), first + most + 1)
        return [other for other in self.words[first:last] if other != word]


@dataclass(frozen=True, slots=True)
class Bearing:
    """By text, the lines and goods that bear it and how much it says of each."""

    starts: Sequence[int]
    bearers: Sequence[int]
    shares: Sequence[int]

    def of(self, text: int) -> Iterable[tuple[int, int]]:
        """The bearers of a text, each with its share in eightieths."""
        first, last = self.starts[text], self.starts[text + 1]
        return zip(self.bearers[first:last], self.shares[first:last], strict=True)


@dataclass(frozen=True, slots=True)
class Index:
    """The postings of cut Latin words, of Chinese characters and pairs, and of sounds; and what is known of each text.

    `lengths` weighs a text in letters, what follows its first comma counting half; `sizes` tells how many words ask for
    all of it.
    """

    words: Postings
    grams: Postings
    sounds: Postings
    lengths: Sequence[int]
    sizes: Sequence[int]
    bearing: Bearing


def borne(texts: Iterable[Mapping[int, float]]) -> Bearing:
    """The bearers of texts in their closed form."""
    kept = [sorted(each.items()) for each in texts]
    return Bearing(
        array(NUMBER, accumulate(map(len, kept), initial=0)),
        array(NUMBER, (bearer for each in kept for bearer, _ in each)),
        array(SHARE, (max(1, int(share * WHOLE)) for each in kept for _, share in each)),
    )
