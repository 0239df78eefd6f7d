"""What the index of the tables is made of: the texts, the lines and goods that bear them, and the words they consist of.

A text counts by its place: a line's own name says more than the heading around it, and what a name puts in brackets or
excludes says little. Making the index of the whole schedule takes most of a second, so a release carries it ready made
(`kept_index`).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from tariffs.folding import STOP_WORDS, asked_grams, folded, grams, runs, stem
from tariffs.pinyin import Pinyin
from tariffs.postings import Index, Postings, borne
from tariffs.records import Records

# What a text says of what bears it: its own name, a wider name around it, the name of a good of the line, an address.
OWN, WIDE, WIDER, GOOD, SLUG = 1.0, 0.35, 0.25, 1.25, 0.8
IN_BRACKETS, EXCLUDED = 0.7, 0.2
LONGEST_SOUND = 4  # syllables

_LATIN = re.compile(r"[a-z0-9]+")
_BRACKETS = re.compile(r"[(（［\[]([^()（）［］\[\]]*)[)）］\]]")
# From here on a name tells what belongs elsewhere (但: "but").
_EXCLUDING = re.compile(r"\b(?:excluding|other than|excepto|except|no comprendid[oa]s?)\b|但", re.IGNORECASE)
_EXCLUDED_ZH = "除外"
_COMMA = re.compile(r"[,;，；、]")
Bearers = dict[str, dict[int, float]]


def bearers_of(records: Records) -> Bearers:
    """Every text, and how much it says of each line (by its place among the codes) and good (after the lines)."""
    said: Bearers = defaultdict(dict)

    def add(text: str, bearers: Iterable[int], weight: float) -> None:
        known = said[text]
        for bearer in bearers:
            known[bearer] = max(weight, known.get(bearer, 0.0))

    names = {hs: (en, es) for hs, en, es, _ in records.file("cn/names.csv").rows}
    lines = {code: place for place, code in enumerate(records.codes)}
    for length, weight in ((6, OWN), (4, WIDE)):
        under: dict[str, list[int]] = defaultdict(list)
        for code, line in lines.items():
            under[code[:length]].append(line)
        for hs, bearers in under.items():
            for name in names.get(hs, ()):
                add(name, bearers, weight)
    for code, en, _ in records.file("cn/line_names.csv").rows:
        if code in lines:
            add(en, (lines[code],), OWN)
    for raw in records.file("cn/tariff_lines.csv").rows:
        alone = (lines[raw[0]],)
        add(raw[1], alone, OWN)
        *parents, parent = raw[2].split(" > ")
        add(parent, alone, WIDE)
        for wider in parents:
            add(wider, alone, WIDER)
    for place, good in enumerate(records.products.values(), len(lines)):
        add(good.slug.replace("-", " "), (place,), SLUG)
        for name in good.names.values():
            add(name, (place,), OWN)
            if good.hs_code in lines:
                add(name, (lines[good.hs_code],), GOOD)
    return _taken_apart(said)


def indexed(bearers: Bearers, pinyin: Pinyin) -> Index:
    """The index of these texts, numbered in their order."""
    words: dict[str, list[int]] = defaultdict(list)
    pairs: dict[str, list[int]] = defaultdict(list)
    sounds: dict[str, list[int]] = defaultdict(list)
    lengths, sizes = [], []
    # One long text is folded faster than many short ones; no cell of a table spans two lines.
    for number, text in enumerate(folded("\n".join(bearers)).split("\n")):
        comma = _COMMA.search(text)
        length = (len(text) + (comma.start() if comma else len(text))) // 2
        told = [word for word in dict.fromkeys(_LATIN.findall(text)) if word not in STOP_WORDS]
        size = len(told)
        for place, word in enumerate(told):
            words[word].append(number << 1 | (place == 0))
        if not text.isascii():
            for run in runs(text):
                length += len(run)  # a character says as much as a few letters
                size += len(asked_grams(run))
                for gram in set(grams(run)):
                    pairs[gram].append(number << 1)
                for sound in _sounds(pinyin.syllables(run)):
                    sounds[sound].append(number << 1)
        lengths.append(length)
        sizes.append(size)
    return Index(
        Postings.of(_cut(words)), Postings.of(pairs), Postings.of(sounds), lengths, sizes, borne(bearers.values())
    )


def _cut(words: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """The same by the stems of the words, cut once for each word and not for each text."""
    stems: dict[str, set[int]] = defaultdict(set)
    for word, numbers in words.items():
        stems[stem(word)].update(numbers)
    return {word: sorted(numbers) for word, numbers in stems.items()}


def _taken_apart(said: Bearers) -> Bearers:
    """The texts with what they put in brackets, and what they exclude, as texts of their own that say less."""
    texts: Bearers = defaultdict(dict)
    for text, bearers in said.items():
        for part, share in _parts(text):
            known = texts[part]
            for bearer, weight in bearers.items():
                known[bearer] = max(weight * share, known.get(bearer, 0.0))
    return texts


def _parts(text: str) -> Iterator[tuple[str, float]]:
    aside = ((each, IN_BRACKETS) for each in _BRACKETS.findall(text))
    for part, share in ((_BRACKETS.sub(" ", text), 1.0), *aside):
        excluding = _EXCLUDING.search(part)
        if excluding:
            yield part[: excluding.start()], share
            yield part[excluding.end() :], EXCLUDED
        elif part:
            yield part, EXCLUDED if _EXCLUDED_ZH in part else share


def _sounds(syllables: list[str]) -> set[str]:
    """What can be heard from each syllable on."""
    return {"".join(syllables[start : start + LONGEST_SOUND]) for start in range(len(syllables))}
