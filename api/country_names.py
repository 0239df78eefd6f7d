"""What a country of origin is called inside a sentence: "goods of the Netherlands"."""

import re
from functools import cache

from babel import Locale

# The countries whose English name takes an article.
_WITH_ARTICLE = "AE BS CD CF CG CK DO FK FO GB GM KM KY MH MP MV NL PH SB SC TC US VA VG VI"
_CODE = re.compile(r"[A-Z]{2}")


def told_origin(value: str, language: str) -> str:
    """Where goods come from, by the name of the country; where a figure does ("table:fx/USD"), by what follows the table."""
    return country(value, language) if _CODE.fullmatch(value) else value.partition(":")[2] or value


@cache
def country(code: str, language: str) -> str:
    """The name of a country in a language; its code where it has none."""
    name = Locale(language).territories.get(code, code)
    return f"the {name}" if language == "en" and code in _WITH_ARTICLE and name != code else name
