"""Writing, the counterpart of reading: figures as the digits of an answer, and a document as the bytes that are sent.

No figure is rounded here; one whose digits go on is cut for the eye and says so.
"""

import json
from decimal import Decimal
from typing import Any

import orjson

from api.wording import decimal_of, percent, plain
from calculator.money import YUAN, Number

Json = dict[str, Any]


def json_bytes(document: Json) -> bytes:
    """A document of texts, whole numbers, lists and objects as JSON in UTF-8, without spaces."""
    try:
        return orjson.dumps(document)
    except orjson.JSONEncodeError:
        # It knows no integers beyond 64 bits, and a count of packages may be one.
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def money(text: str, currency: str = YUAN) -> Json:
    """An amount of money whose digits are already written."""
    return {"amount": text, "currency": currency}


def amount_text(value: Number) -> tuple[str, bool]:
    """An amount with two decimals at least, and whether that is all of it."""
    if isinstance(value, Decimal):
        text = str(value)
        if text[-3:-2] == ".":  # rounded to the fen, as most are
            return text, True
        if text == "0":
            return "0.00", True
    shown, whole = decimal_of(value)
    head, _, decimals = format(shown, "f").partition(".")
    return f"{head}.{decimals.rstrip('0').ljust(2, '0')}", whole


def write_share(result: Json, value: Number) -> None:
    """A share, as percent."""
    result["value"] = percent(value)


def write_plain(result: Json, value: Number) -> None:
    """A figure as it was stated."""
    result["value"] = plain(value)


def write_number(result: Json, value: Number) -> None:
    """A number of something."""
    shown, whole = decimal_of(value)
    result["value"] = plain(shown)
    if not whole:
        result["unrounded"] = True


def write_amount(result: Json, value: Number) -> None:
    """An amount of money whose currency stands beside it as its unit."""
    result["value"], whole = amount_text(value)
    if not whole:
        result["unrounded"] = True


def write_money(result: Json, value: Number, currency: str) -> None:
    """An amount of money with its currency."""
    text, whole = amount_text(value)
    result["amount"] = money(text, currency)
    if not whole:
        result["unrounded"] = True
