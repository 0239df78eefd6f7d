"""Numbers and days as people write them, for whoever reads with the eye: the terminal and pictures.

JSON, CSV and the figures inside a formula's text keep the form of machines. Digits are only grouped here, never changed:
a number has as many decimals afterwards as before, and no float is made of it.
"""

import re
from datetime import date
from decimal import Decimal, localcontext

# Mexico's way of writing Spanish (1,234.56), not Spain's; mainland China's of Chinese.
LOCALES = {"en": "en_US", "es": "es_MX", "zh": "zh_Hans_CN"}
NUMBER = re.compile(r"-?[0-9]+([.][0-9]+)?", re.ASCII)
# A day inside a sentence; not what looks like one inside a name.
_DAY = re.compile(r"(?<![A-Za-z0-9_./-])[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?![A-Za-z0-9_-])", re.ASCII)


def number(digits: str, language: str) -> str:
    """A decimal in plain digits, with its groups; a text that is none stays as it is."""
    from babel.numbers import format_decimal

    if not NUMBER.fullmatch(digits):
        return digits
    decimals = len(digits.partition(".")[2])
    pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    with localcontext() as context:
        context.prec = len(digits) + 1
        return format_decimal(Decimal(digits), pattern, LOCALES[language], decimal_quantization=False)


def day(on: date, language: str) -> str:
    """A day: Nov 23, 2026; 23 nov 2026; 2026年11月23日."""
    from babel.dates import format_date

    return format_date(on, "medium", LOCALES[language])


def days_in(sentence: str, language: str) -> str:
    """A sentence with its days as people write them."""
    return _DAY.sub(lambda found: _day(found[0], language), sentence)


def _day(text: str, language: str) -> str:
    try:
        return day(date.fromisoformat(text), language)
    except ValueError:
        return text
