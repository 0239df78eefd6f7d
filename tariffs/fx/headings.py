"""What the columns of a bank's file are: by their headings in English, Spanish and Chinese, or as the user says.

A heading that is a pair ("USD/CNY", "100JPY/CNY") is a column of its rates, units first as the China Foreign Exchange
Trade System writes them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tariffs.folding import folded

FIELDS = ("day", "month", "base", "quote", "pair", "currency", "rate", "quoted_as", "source_day")
LEFT_OUT = "-"
HEADINGS: Mapping[str, str] = {
    **dict.fromkeys(("date", "day", "fecha", "日期"), "day"),
    **dict.fromkeys(("month", "mes", "月份", "适用月份"), "month"),
    **dict.fromkeys(("base", "moneda base", "基准货币"), "base"),
    **dict.fromkeys(("quote", "moneda cotizada", "计价货币"), "quote"),
    **dict.fromkeys(("pair", "currency pair", "par", "货币对"), "pair"),
    **dict.fromkeys(("currency", "moneda", "divisa", "币种", "币制", "货币"), "currency"),
    **dict.fromkeys(("rate", "value", "tipo de cambio", "dato", "valor", "汇率", "中间价", "计征汇率"), "rate"),
    **dict.fromkeys(("quoted as", "cotizado como", "标价"), "quoted_as"),
    **dict.fromkeys(("source day", "dia de origen", "取值日"), "source_day"),
    # The series of the Bank of Mexico: pesos for a dollar (FIX).
    "sf43718": "USD/MXN",
}
NAMES: Mapping[str, str] = {
    "美元": "USD",
    "欧元": "EUR",
    "日元": "JPY",
    "港元": "HKD",
    "港币": "HKD",
    "英镑": "GBP",
    "韩元": "KRW",
    "澳大利亚元": "AUD",
    "加拿大元": "CAD",
    "新西兰元": "NZD",
    "新加坡元": "SGD",
    "瑞士法郎": "CHF",
    "墨西哥比索": "MXN",
    "人民币": "CNY",
}
_PAIR = re.compile(r"(?P<units>10*)? ?(?P<base>[A-Z]{3}) ?/ ?(?P<quote>[A-Z]{3})")


@dataclass(frozen=True, slots=True)
class Pair:
    """So many units of a base, priced in a quote."""

    units: int
    base: str
    quote: str


def pair(text: str) -> Pair | None:
    """A pair such as USD/CNY or 100 JPY/CNY, None where it is none."""
    found = _PAIR.fullmatch(text.strip())
    return Pair(int(found["units"] or 1), found["base"], found["quote"]) if found else None


def meaning(heading: str, said: Mapping[str, str]) -> str | Pair | None:
    """What a column is: a field, a pair, or None where it is not read."""
    text = said.get(heading.strip()) or HEADINGS.get(folded(heading).strip()) or heading
    if text in FIELDS:
        return text
    return None if text == LEFT_OUT else pair(text)


def unknown(said: Mapping[str, str]) -> list[str]:
    """What of the user's own meanings is neither a field nor a pair."""
    return [text for text in said.values() if text not in (*FIELDS, LEFT_OUT) and pair(text) is None]
