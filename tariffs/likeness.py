"""What somebody may have meant: the goods whose names look like a text that is no good's name, and the codes near a code."""

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import SequenceMatcher

from calculator.goods import Product
from calculator.tariff_line import TariffLine
from tariffs.folding import folded

# How alike a name, or a word of it, must be for its good to be offered; one that holds the whole word is nearly the same.
LIKE_NAME, LIKE_WORD, HOLDS = 0.5, 0.65, 0.9
MOST = 5
_WORD = re.compile(r"[^\W_]+")


class GoodsNames:
    """What goods are called, whole and word by word."""

    def __init__(self, products: Iterable[Product], line_of: Callable[[str], TariffLine | None]) -> None:
        self._slugs: list[str] = []
        self._whole: dict[str, set[str]] = {}
        self._words: dict[str, set[str]] = {}
        for good in products:
            line = line_of(good.hs_code)
            self._slugs.append(good.slug)
            for name in map(folded, (good.slug, *good.names.values())):
                self._whole.setdefault(name, set()).add(good.slug)
            for name in map(folded, (good.slug, *good.names.values(), *((line.names["zh"],) if line else ()))):
                for word in _WORD.findall(name):
                    self._words.setdefault(word, set()).add(good.slug)

    def nearest(self, slug: str) -> tuple[str, ...]:
        """Up to five goods whose names in addresses look like this one, or whose own names or their line's do."""
        text = folded(slug)
        words = list(dict.fromkeys(_WORD.findall(text)))
        whole = likeness(text, self._whole, LIKE_NAME)
        each = [likeness(word, self._words, LIKE_WORD) for word in words]
        scores = {
            good: max(whole.get(good, 0.0), sum(found.get(good, 0.0) for found in each) / len(words) if words else 0.0)
            for good in self._slugs
        }
        near = [good for good, score in scores.items() if score >= LIKE_NAME]
        return tuple(sorted(near, key=lambda good: -scores[good])[:MOST])


def nearest_codes(code: str, codes: Iterable[str]) -> tuple[str, ...]:
    """Up to five codes that begin like this one, the nearest in number first."""
    digits = "".join(character for character in code if character in "0123456789")[:8]
    for length in range(len(digits), 1, -1):
        alike = [known for known in codes if known.startswith(digits[:length])]
        if alike:
            number = int(digits.ljust(8, "0"))
            return tuple(sorted(alike, key=lambda known: (abs(int(known) - number), known))[:MOST])
    return ()


def likeness(text: str, names: Mapping[str, set[str]], least: float) -> dict[str, float]:
    """How much the names of each thing look like a text, where they do at all."""
    found: dict[str, float] = {}
    matcher = SequenceMatcher(None, "", text, autojunk=False)
    for name, things in names.items():
        matcher.set_seq1(name)
        holds = HOLDS if len(text) > 1 and text in name else 0.0
        likely = matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least
        ratio = max(holds, matcher.ratio() if likely else 0.0)
        if ratio >= least:
            for thing in things:
                found[thing] = max(ratio, found.get(thing, 0.0))
    return found
