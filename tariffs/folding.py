"""How a text becomes the words it is found by: without accents, case and plurals, Chinese as characters and pairs.

The same cutting is done to the tables and to what a person types, so that "aguacates", "Aguacate" and "AGUACATE" meet.
It knows no language: a rule that suits Spanish and English plurals at once is better here than two that must be chosen.
"""

import re
import unicodedata
from collections.abc import Iterator

_WORD = re.compile(r"[a-z0-9]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_ACCENTS = re.compile(r"[\u0300-\u036f]+")
# Short words that say nothing of the good.
STOP_WORDS = frozenset(
    {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
    | {"con", "de", "del", "e", "el", "en", "la", "las", "lo", "los", "para", "por", "u", "un", "una", "y"}
)
SHORTEST_CUT = 4


def folded(text: str) -> str:
    """The text in lower case, without accents, in plain forms of its letters."""
    if text.isascii():
        return text.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text).casefold())


def stem(word: str) -> str:
    """A folded word without the endings of English and Spanish plurals: aguacates, limones, blueberries, nueces."""
    if len(word) < SHORTEST_CUT or word.isdigit():
        return word
    word = word.removesuffix("s").removesuffix("e")
    if word.endswith("y"):
        return word[:-1] + "i"
    if word.endswith("z"):
        return word[:-1] + "c"
    return word


def words(text: str) -> list[str]:
    """The Latin words and the numbers of a folded text, cut, in their order."""
    return [stem(word) for word in _WORD.findall(text)]


def grams(run: str) -> list[str]:
    """The characters of a Chinese run and its neighbouring pairs."""
    return [*run, *map(str.__add__, run, run[1:])]


def asked_grams(run: str) -> list[str]:
    """What a Chinese run asks for: its pairs, or its one character."""
    return list(map(str.__add__, run, run[1:])) or [run]


def runs(text: str) -> Iterator[str]:
    """The runs of Chinese characters of a text."""
    for found in _HAN.finditer(text):
        yield found[0]
