"""The units of trade: every spelling people really write, read to one code with an exact factor.

A word that means several units ("ton", "quintal", "gallon") is refused and the choices are offered; nothing is guessed.
What people write is looked up in trade_units.csv; the factors stand in unit_factors.csv, which unit_factors.py derives from
our own definitions.
"""

import csv
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files

from calculator.errors import Unreadable

LONGEST = 32  # characters in the name of a unit


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: numerator ÷ denominator is its exact factor to the base of its kind (kg, m3, piece, m, m2, ...).

    Both are None where no fixed factor exists (a carton, a chargeable kilogram). `names` by language: en, es, zh;
    `uncefact` is the UN/CEFACT code ("" where there is none); `ambiguity` says what the unit is mistaken for.
    """

    code: str
    kind: str
    numerator: int | None
    denominator: int | None
    names: Mapping[str, str] = field(hash=False)
    uncefact: str
    aliases: tuple[str, ...]
    definition: str
    source: str
    source_date: str
    confidence: str
    ambiguity: str = ""


def unit(text: str, pointer: str = "") -> Unit:
    """The unit that a text names, in any spelling of the table; upper and lower case and accents matter only in doubt.

    Raises Unreadable: "ambiguous_unit" with the codes to choose from, "unknown_unit" with the nearest codes, if any.
    """
    written = text.strip()
    if len(written) > LONGEST:
        raise Unreadable("unknown_unit", pointer, text=written[:LONGEST], longest=LONGEST)
    written = " ".join(written.split())
    exact, folded = _tables()
    bare = written.removesuffix(".")  # an abbreviation with its stop: "kgs.", "pzas."
    codes = exact.get(written) or exact.get(bare) or folded.get(_fold(written)) or folded.get(_fold(bare))
    if codes is None:
        raise Unreadable("unknown_unit", pointer, _nearest(_fold(written)), text=written)
    if len(codes) > 1:
        raise Unreadable("ambiguous_unit", pointer, codes, text=written)
    return UNITS[codes[0]]


def ambiguous_names() -> Mapping[str, tuple[str, ...]]:
    """The words that are refused because they mean several units, each with the codes to write instead."""
    return {name: codes for name, codes in _tables()[0].items() if len(codes) > 1}


def spellings(rows: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """The codes that each exact spelling stands for: one where it can be read, several where it is refused.

    Raises ValueError where a spelling is claimed by two rows, or is one row's own and shared by others as well.
    """
    rows = list(rows)
    holders = Counter(row["uncefact"] for row in rows)
    own: dict[str, str] = {}
    shared: dict[str, tuple[str, ...]] = {}
    for row in rows:
        code = row["code"]
        # C62, "one", stands on every Chinese counter: a code that several rows hold names none of them.
        uncefact = row["uncefact"] if holders[row["uncefact"]] == 1 else ""
        for name in (code, uncefact, row["name_en"], row["name_es"], row["name_zh"], *_words(row["aliases"])):
            if name and own.setdefault(name, code) != code:
                raise ValueError(f"trade_units.csv: {name!r} is claimed by {own[name]} and by {code}")
        for name in _words(row["shared"]):
            shared[name] = (*shared.get(name, ()), code)
    for name, codes in shared.items():
        if name in own or len(codes) == 1:
            raise ValueError(f"trade_units.csv: {name!r} is shared by {codes} and claimed by {own.get(name)}")
    for name in (*own, *shared):
        if len(name) > LONGEST:
            raise ValueError(f"trade_units.csv: {name!r} is longer than {LONGEST} characters")
    return {name: (code,) for name, code in own.items()} | shared


class _Table(Mapping[str, Unit]):
    """The units by code, read at the first look."""

    def __getitem__(self, code: str) -> Unit:
        return _units()[code]

    def __iter__(self) -> Iterator[str]:
        return iter(_units())

    def __len__(self) -> int:
        return len(_units())


UNITS: Mapping[str, Unit] = _Table()


@cache
def _units() -> dict[str, Unit]:
    factors = {row["code"]: row for row in csv.DictReader(_lines("unit_factors.csv"))}
    return {
        row["code"]: Unit(
            code=row["code"],
            kind=row["kind"],
            numerator=int(factors[row["code"]]["numerator"]) if row["code"] in factors else None,
            denominator=int(factors[row["code"]]["denominator"]) if row["code"] in factors else None,
            names={language: row[f"name_{language}"] for language in ("en", "es", "zh")},
            uncefact=row["uncefact"],
            aliases=_words(row["aliases"]),
            definition=row["definition"],
            source=row["source"],
            source_date=row["source_date"],
            confidence=row["confidence"],
            ambiguity=row["ambiguity"],
        )
        for row in _rows()
    }


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(csv.DictReader(_lines("trade_units.csv")))


def _lines(name: str) -> list[str]:
    return files("calculator").joinpath(name).read_text(encoding="utf-8").splitlines()


@cache
def _tables() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Spelling -> codes, as written and folded; a folded spelling keeps every code that it could stand for."""
    exact = spellings(_rows())
    folded: dict[str, tuple[str, ...]] = {}
    for name, codes in exact.items():
        known = folded.get(_fold(name), ())
        folded[_fold(name)] = (*known, *(code for code in codes if code not in known))
    return exact, folded


def _fold(text: str) -> str:
    """Without case and without accents: many keyboards and most invoices have "galon" and "METRO CUBICO"."""
    return "".join(char for char in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(char))


@lru_cache(maxsize=1024)
def _nearest(folded_text: str) -> tuple[str, ...]:
    _, folded = _tables()
    names = get_close_matches(folded_text, folded, n=3, cutoff=0.7)
    return tuple(dict.fromkeys(code for name in names for code in folded[name]))


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word for word in cell.split("|") if word)
