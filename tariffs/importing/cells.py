"""One cell as what its column should hold, in the spelling of the tables; or what is wrong with it."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from calculator.errors import Unreadable
from calculator.quantities import unit
from calculator.tariff_line import AdValorem
from tariffs.expressions import EXAMPLES, duty_rate, expression, read_user_rate
from tariffs.importing.grids import LONGEST_CELL

NOTHING = frozenset(("", "-", "--", "–", "—", "/", "无", "n/a", "N/A", "ninguno"))
HIGHEST_PERCENT = 1000  # no column of the tariff is near it; a lost decimal point is
_CODE = re.compile(r"[0-9]+")
_LETTERS = re.compile(r"[A-Za-z0-9]{0,40}")
_DAY = re.compile(r"([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})")
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$")
_TWO_RATES = re.compile(r"[0-9.]+ ?%?(?: ?[/;|、,，] ?| ?或 ?| ?(?:and|or|o|y) ?| )[0-9.]+ ?%?")
_YUAN = re.compile(r"([0-9.]+) ?(?:元|yuan|RMB) ?/ ?", re.IGNORECASE)
_LOWER = re.compile(r"(.+?) ?(?:或|或者) ?(.+?)[,，;；]? ?(?:两者)?从低.*")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_WIDE = re.compile("[０-９％．]+")
_ZEROS = re.compile(r"(\.[0-9]*?)0+(?![0-9])")
_WHY = {
    "negative_rate": ("negative_rate", "a rate is not below zero"),
    "write_percent": ("not_percent", "is it {text}%? Write so, head the column '… (%)', or say --rates percent"),
    "rate_too_high": ("rate_too_high", f"is above {HIGHEST_PERCENT}%"),
    "ambiguous_unit": ("unknown_unit", "the unit of {text!r} may mean several"),
    "unknown_unit": ("unknown_unit", "the unit of {text!r} is not known"),
}


class CellError(ValueError):
    """What is wrong with a cell: a code and a reason."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def tidy(cell: str) -> str:
    """A cell without what cannot be seen; refused where it holds a formula, a control character or a book."""
    if cell.isascii() and cell.isprintable() and len(cell) <= LONGEST_CELL:
        text = cell.strip()
    else:
        if len(cell) > LONGEST_CELL:
            raise CellError("too_long", f"has {len(cell)} characters")
        text = " ".join(cell.replace("\ufeff", "").split())
        for character in text:
            if unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") or character == "\ufffd":
                raise CellError("control_character", f"holds the character U+{ord(character):04X}")
    if text.startswith("="):
        # ="08044000" keeps a spreadsheet from dropping the zero; anything else is a sum that nobody has done.
        kept = re.fullmatch(r'="([^"=]*)"', text)
        if not kept:
            raise CellError("formula", f"{_shown(text)} is a formula: paste its value")
        return kept[1].strip()
    return text


def code(text: str, chapters: frozenset[str]) -> str:
    """The digits of a code: 2, 4 or 6 of a heading, 8 of a line, 10 of a line's part."""
    digits = re.sub(r"[.\s·-]", "", unicodedata.normalize("NFKC", text))
    if not digits:
        raise CellError("missing_code", "the code is missing")
    if re.match(r"(?i)ex", digits):
        raise CellError("part_of_line", f"{_shown(text)} is a part of a line (ex): enter it by hand, with its part")
    if not digits.isascii() or not _CODE.fullmatch(digits):
        raise CellError("letters_in_code", f"{_shown(text)} is not only digits")
    if len(digits) % 2:
        hint = f"; was the zero of 0{digits} lost?" if len(digits) in (7, 9) and f"0{digits}"[:2] in chapters else ""
        raise CellError("odd_code", f"{digits} has {len(digits)} digits{hint}")
    if len(digits) > 10:
        raise CellError("long_code", f"{_shown(digits)} has {len(digits)} digits; a code has eight, or ten")
    if digits[:2] not in chapters:
        raise CellError("unknown_chapter", f"{digits}: there is no chapter {digits[:2]}")
    return digits


@lru_cache(maxsize=8192)
def rate(text: str, percent: bool) -> str:
    """A rate in the spelling of the tables, "" for none; `percent` says what a bare number is."""
    if text in NOTHING:
        return ""
    if wide := _WIDE.search(text):
        plain = rate(unicodedata.normalize("NFKC", text), percent)
        raise CellError("wide_digits", f"{_shown(text)} has {wide[0]} in full width: write {plain}")
    written = unicodedata.normalize("NFKC", text)
    lower = _LOWER.fullmatch(written)
    if lower:
        return f"lower({rate(lower[1], percent)}, {rate(lower[2], percent)})"
    if _TWO_RATES.fullmatch(written) and not re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", written):
        raise CellError("two_rates", f"{_shown(text)} is more than one rate: give each a column")
    written = _YUAN.sub(r"\1 CNY/", written)
    if percent and _PLAIN.fullmatch(written):
        written += "%"
    try:
        read = read_user_rate(written, "")
    except Unreadable as error:
        kind, why = _WHY.get(error.code, ("bad_rate", f"is no rate; write it like {', '.join(EXAMPLES)}"))
        raise CellError(kind, f"{_shown(text)} {why}".format(text=text)) from error
    canonical = expression(read)
    if isinstance(read, AdValorem) and read.rate * 100 > HIGHEST_PERCENT:
        raise CellError("rate_too_high", f"{_shown(text)} is above {HIGHEST_PERCENT}%")
    return canonical if "(" in canonical else _ZEROS.sub(r"\1", canonical).replace(".%", "%").replace(". ", " ")


def same_rate(first: str, second: str) -> bool:
    """Whether two expressions say the same, however many zeros they end in."""
    return first == second or (bool(first) and bool(second) and duty_rate(first) == duty_rate(second))


@lru_cache(maxsize=2048)
def units(text: str) -> tuple[str, str]:
    """The statutory units of a line, one or two in a cell."""
    if text in NOTHING:
        return "", ""
    names = [name for name in re.split(r"[/、,，;；+]| {2,}", text.replace(" / ", "/")) if name.strip() not in NOTHING]
    if len(names) > 2:
        raise CellError("unknown_unit", f"{_shown(text)} is more than two units")
    try:
        found = [unit(name).code for name in names]
    except Unreadable as error:
        choice = f": one of {', '.join(error.allowed)}?" if error.allowed else ""
        raise CellError("unknown_unit", f"{_shown(text)} is no unit{choice}") from error
    return (*found, "", "")[0], (*found, "", "")[1]


def letters(text: str) -> str:
    """The letters of supervision or inspection, without what parts them."""
    if text in NOTHING:
        return ""
    bare = re.sub(r"[\s./,，、;；]", "", unicodedata.normalize("NFKC", text))
    if not _LETTERS.fullmatch(bare):
        raise CellError("bad_letters", f"{_shown(text)} is not letters and digits")
    return bare


@lru_cache(maxsize=2048)
def day(text: str) -> str:
    """A day as the tables write it, "" for none; 01/02/2026 may be two days and is refused."""
    if text in NOTHING:
        return ""
    found = _DAY.fullmatch(_MIDNIGHT.sub("", text))
    try:
        if found:
            year, month, of_month = found.groups()[:3] if found[1] else found.groups()[3:]
            return date(int(year), int(month), int(of_month)).isoformat()
    except ValueError:
        pass
    raise CellError("bad_day", f"{_shown(text)} is not a day such as 2027-01-01")


def bare(name: str) -> str:
    """A name without its signs and spaces, which two printings of one schedule set differently."""
    return "".join(each for each in name if each.isalnum())


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
