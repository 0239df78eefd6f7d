"""How the Chinese names of the tables are read aloud, without tones, so that people can type them on any keyboard.

Reading nine thousand names takes seconds, for a character's sound depends on its neighbours. So the readings are a small
file of the release, made by `readings` and held current by a test: every character, and the words that are read otherwise.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from importlib.resources.abc import Traversable

from tariffs.folding import runs
from tariffs.tables import DATA, csv_table

FILE, COLUMNS = "search/pinyin.csv", ("text", "syllables")
LONGEST_WORD = 4
Reader = Callable[[str], list[str]]


class Pinyin:
    """The syllables of Chinese runs."""

    def __init__(self, known: Mapping[str, tuple[str, ...]]) -> None:
        self._characters = {text: syllables[0] for text, syllables in known.items() if len(text) == 1}
        self._words = {text: syllables for text, syllables in known.items() if len(text) > 1}
        longest_first = sorted(self._words, key=lambda word: (-len(word), word))
        self._exceptions = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    @classmethod
    def load(cls, root: Traversable = DATA) -> "Pinyin":
        """The readings of this installation."""
        return cls({text: tuple(syllables.split(" ")) for text, syllables in csv_table(FILE, COLUMNS, root).rows})

    def syllables(self, run: str) -> list[str]:
        """One syllable for each character."""
        known = self._characters
        try:
            found = [known[character] for character in run]
        except KeyError:  # a name that the release does not know, from a private table
            found = _read(run)
        for word in self._exceptions.finditer(run):
            found[word.start() : word.end()] = self._words[word[0]]
        return found


def readings(texts: Iterable[str], read: Reader | None = None) -> dict[str, tuple[str, ...]]:
    """The readings that the runs of these texts need: each character's own, and words where neighbours change it."""
    read = read or _read
    heard = {run: tuple(read(run)) for run in sorted({run for text in texts for run in runs(text)})}
    known = {character: tuple(read(character)) for character in sorted(set("".join(heard)))}
    plain = {character: syllables[0] for character, syllables in known.items()}
    odd = [
        (run, place)
        for run, syllables in heard.items()
        for place, syllable in enumerate(syllables)
        if syllable != plain[run[place]]
    ]
    exceptions: dict[str, tuple[str, ...]] = {}
    for run, place in odd:
        exceptions.update(_exception(run, place, heard))
    return {**known, **dict(sorted(exceptions.items()))}


def written(known: Mapping[str, tuple[str, ...]]) -> str:
    """The file of readings."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((word, " ".join(syllables)) for word, syllables in known.items())
    return text.getvalue()


def _exception(run: str, place: int, heard: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The shortest word around an odd syllable that sounds the same wherever it stands; none up to four characters."""
    for width in range(2, LONGEST_WORD + 1):
        for start in range(max(0, place - width + 1), min(place, len(run) - width) + 1):
            word = run[start : start + width]
            sounds = {syllables[at : at + width] for other, syllables in heard.items() for at in _places(word, other)}
            if len(sounds) == 1:
                return {word: sounds.pop()}
    return {}


def _places(word: str, run: str) -> Iterable[int]:
    at = run.find(word)
    while at >= 0:
        yield at
        at = run.find(word, at + 1)


def _read(run: str) -> list[str]:
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(run)
    # Characters that nobody can read come back in one piece.
    return syllables if len(syllables) == len(run) else [lazy_pinyin(character)[0] for character in run]
