"""Figures as people of a language write them: grouped digits, all decimals that the quote has, and days in words.

The Spanish is that of Mexico. No digit is added and none is rounded away; a text that is no number stands as it is.
"""

import re
from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date

LOCALES = {"en": "en_GB", "es": "es_MX", "zh": "zh_Hans_CN"}
NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
GROUP = re.compile(r"(?<=[0-9])(?=(?:[0-9]{3})+$)")
MINUS = "−"


@lru_cache(maxsize=len(LOCALES))
def _signs(language: str) -> tuple[str, str]:
    symbols = Locale.parse(LOCALES[language]).number_symbols["latn"]
    return symbols["group"], symbols["decimal"]


def figure(text: str, language: str) -> str:
    """A decimal, or a share in percent, with its thousands apart."""
    body = text.removesuffix("%")
    found = NUMBER.fullmatch(body)
    if found is None:
        return text
    group, point = _signs(language)
    sign, whole, decimals = found.groups()
    written = GROUP.sub(group, whole) + (f"{point}{decimals}" if decimals else "")
    return f"{MINUS if sign else ''}{written}{text[len(body) :]}"


def day(text: str, language: str) -> str:
    """A day (2026-11-23) in words; of a moment, the day of its own clock."""
    when = datetime.fromisoformat(text).date() if "T" in text else date.fromisoformat(text)
    return format_date(when, "long", locale=LOCALES[language])
