"""Finding a line or a good by what people call it, in three languages, by pinyin or by the first digits of its code.

An inverted index in memory: words lead to texts, and texts to the lines and goods that bear them, since nine thousand
lines share some twenty thousand texts. It ranks and decides nothing: whoever prices goods still names one code.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

from calculator.fracciones import FRACCION
from calculator.tariff_line import SUBHEADING
from tariffs.folding import STOP_WORDS, asked_grams, folded, runs, words
from tariffs.kept_index import index_of
from tariffs.postings import WHOLE, Index
from tariffs.records import Records

LONGEST_QUERY = 100
MOST_WORDS = 16  # of a query; more adds nothing but work
# What a word is worth as it was found: as it stands, as a beginning, by its sound, after a correction.
EXACT, BEGINNING, SOUND, SOUND_BEGINNING, CORRECTED = 1.0, 0.55, 0.9, 0.4, 0.5
WHOLE_NAME = 0.6  # on top, for a text of which the query leaves out nothing
KNOWN_GOOD = 1.08  # for a line of which the tables know a good
LINE_OF_GOOD = 0.5  # of what its line scores
FIRST_WORD = 1.15
MORE_TEXTS = 0.25  # of what further texts of the same line say
EACH_MORE = 0.016  # a letter of a text beyond those of a word
SHORTEST_BEGINNING = 2
# Of the words that begin like a short one the shortest are taken, until they stand in so many texts; several short words of a
# query share them.
MOST_BEGINNINGS, MOST_TEXTS, LEAST_TEXTS = 300, 1500, 150
SHORTEST_CODE = 4  # of digits among words
SHORTEST_CORRECTED = 4

_CODE = re.compile(r"[0-9][0-9. ]*")
Matches = dict[int, float]


@dataclass(frozen=True, slots=True)
class Found:
    """What a query finds: codes of lines and names of goods, the most fitting first."""

    lines: tuple[str, ...]
    products: tuple[str, ...]


class Search:
    """The index over the lines and goods of one release; it never changes and is safe to share between threads."""

    def __init__(self, records: Records, index: Index) -> None:
        self._records = records
        self._codes = records.codes
        self._goods = tuple(records.products.values())
        self._places = {code: place for place, code in enumerate(self._codes)}
        self._index = index
        self._weights = [1 / (WHOLE * (1 + EACH_MORE * length)) for length in index.lengths]
        self._correctable = [word for word in index.words.words if len(word) >= SHORTEST_CORRECTED and word.isalpha()]
        self.find = lru_cache(maxsize=128)(self._find)

    @classmethod
    def over(cls, records: Records) -> "Search":
        """The index of these records."""
        return cls(records, index_of(records, records.root))

    def beginning(self, digits: str) -> tuple[str, ...]:
        """The codes that begin with these digits, in their order."""
        return self._records.under(digits)

    def _find(self, query: str) -> Found:
        text = folded(query[:LONGEST_QUERY]).strip()
        if _CODE.fullmatch(text):
            digits = re.sub(r"[. ]", "", text)[:8]
            digits = digits if self.beginning(digits) else self._led(digits)
            goods = (each.slug for each in self._goods if (each.hs_code or each.subheading).startswith(digits))
            return Found(self.beginning(digits), tuple(goods))
        scores = self._scores(text)
        ranked = sorted(sorted(scores), key=scores.__getitem__, reverse=True)
        first_good = len(self._codes)
        lines = tuple(self._codes[bearer] for bearer in ranked if bearer < first_good)
        return Found(lines, tuple(self._goods[bearer - first_good].slug for bearer in ranked if bearer >= first_good))

    def _led(self, digits: str) -> str:
        """Digits that begin no Chinese code: of a Mexican one (whole, and not unknown) the six that lead to China."""
        known = self._records.fracciones
        of_mexico = len(digits) == FRACCION and (known.of(digits) is not None or not known.holds(digits))
        return digits[:SUBHEADING] if of_mexico else digits

    def _scores(self, text: str) -> Matches:
        """What each line (by its place) and each good (after the lines) scores."""
        latin = words(text)[:MOST_WORDS]
        telling = [word for word in latin if word not in STOP_WORDS] or latin
        most = max(LEAST_TEXTS, MOST_TEXTS // max(1, sum(len(word) < SHORTEST_CORRECTED for word in telling)))
        asked = [match for word in dict.fromkeys(telling) if (match := self._word(word, most))]
        for run in runs(text):
            pairs = [match for gram in dict.fromkeys(asked_grams(run)) if (match := self._gram(gram))]
            asked += pairs or [match for character in dict.fromkeys(run) if (match := self._gram(character))]
        scores = self._together(asked[:MOST_WORDS])
        joined = re.sub("[ '’]", "", text)
        if joined != text and joined in self._index.sounds:  # syllables written apart: "niu you guo"
            for bearer, score in self._together([self._weighed(self._index.sounds.get(joined), SOUND)]).items():
                scores[bearer] = max(score, scores.get(bearer, 0.0))
        for place, good in enumerate(self._goods, len(self._codes)):
            line = self._places.get(good.hs_code, -1)
            if line in scores:
                scores[place] = max(scores.get(place, 0.0), scores[line] * LINE_OF_GOOD)
                scores[line] *= KNOWN_GOOD
        return scores

    def _together(self, asked: Sequence[Matches]) -> Matches:
        """The bearers of all words that were found, or of some where none bears all; rare words count more."""
        scores: Matches = {}
        met: Counter[int] = Counter()
        for match in asked:
            borne = self._borne(match)
            rarity = log(1 + len(self._codes) / (1 + len(borne)))
            if len(asked) == 1:
                scores = {bearer: weight * rarity for bearer, weight in borne.items()}
                break
            for bearer, weight in borne.items():
                scores[bearer] = scores.get(bearer, 0.0) + weight * rarity
            met.update(borne.keys())
        for bearer, role in self._whole(asked).items():
            scores[bearer] *= 1 + WHOLE_NAME * role
        if len(asked) < 2:
            return scores
        if len(asked) in met.values():
            return {bearer: score for bearer, score in scores.items() if met[bearer] == len(asked)}
        return {bearer: score * met[bearer] / len(asked) for bearer, score in scores.items()}

    def _borne(self, match: Matches) -> Matches:
        """What each bearer has of a word: its best text, and a little of its others."""
        best: Matches = {}
        total: Matches = {}
        starts, bearers, shares = self._index.bearing.starts, self._index.bearing.bearers, self._index.bearing.shares
        for text, weight in match.items():
            if text < 0:  # the line of a code itself
                best[-text - 1] = total[-text - 1] = weight
                continue
            for place in range(starts[text], starts[text + 1]):  # the heart of every search: no calls here
                bearer = bearers[place]
                says = weight * shares[place]
                known = best.get(bearer)
                if known is None:
                    best[bearer] = total[bearer] = says
                    continue
                total[bearer] += says
                if says > known:
                    best[bearer] = says
        return {bearer: says + MORE_TEXTS * (total[bearer] - says) for bearer, says in best.items()}

    def _whole(self, asked: Sequence[Matches]) -> Matches:
        """The bearers of texts that hold every word asked and no other."""
        found: Matches = {}
        for text in min(asked, key=len, default=()):
            if text >= 0 and self._index.sizes[text] == len(asked) and all(text in match for match in asked):
                for bearer, share in self._index.bearing.of(text):
                    found[bearer] = max(min(share / WHOLE, 1.0), found.get(bearer, 0.0))
        return found

    def _gram(self, gram: str) -> Matches:
        return self._weighed(self._index.grams.get(gram), EXACT)

    def _word(self, word: str, most: int) -> Matches:
        """The texts in which a word or a number stands: as it is, as a beginning (in some `most`), by its sound, corrected."""
        written, spoken = self._index.words, self._index.sounds
        found = self._weighed(written.get(word), EXACT)
        heard = self._weighed(spoken.get(word), SOUND)
        if len(word) >= SHORTEST_BEGINNING:
            exact = bool(found or heard)
            for longer in sorted(written.beginning(word, MOST_BEGINNINGS), key=len):
                if len(found) > most:
                    break
                _better(found, self._weighed(written.get(longer), BEGINNING * sqrt(len(word) / len(longer))))
            if not exact:
                for longer in spoken.beginning(word, MOST_BEGINNINGS):
                    _better(heard, self._weighed(spoken.get(longer), SOUND_BEGINNING))
        _better(found, heard)
        if word.isdigit() and len(word) >= SHORTEST_CODE:
            first = bisect_left(self._codes, word[:8])
            found.update({-1 - place: EXACT for place in range(first, first + len(self.beginning(word[:8])))})
        return found or self._corrected(word)

    def _corrected(self, word: str) -> Matches:
        """The texts with words that differ from this one by a slip: a letter missing, added, changed or swapped."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        if len(word) < SHORTEST_CORRECTED or not word.isalpha():
            return {}
        slips = 1 if len(word) < 8 else 2
        found: Matches = {}
        for other, distance, _ in extract(word, self._correctable, scorer=OSA.distance, score_cutoff=slips, limit=8):
            quality = CORRECTED * (1 - distance / len(word)) * (1 if other[0] == word[0] else 0.6)
            _better(found, self._weighed(self._index.words.get(other), quality))
        return found

    def _weighed(self, postings: Iterable[int], quality: float) -> Matches:
        """The texts, each with what the word says of it: less in a long one, a little more where it stands first."""
        weights, first = self._weights, quality * FIRST_WORD
        return {each >> 1: weights[each >> 1] * (first if each & 1 else quality) for each in postings}


def _better(found: Matches, others: Mapping[int, float]) -> None:
    for text, weight in others.items():
        if weight > found.get(text, 0.0):
            found[text] = weight
