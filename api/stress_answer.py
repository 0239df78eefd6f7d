"""How the landed cost answers to shocks and to time, as the documents that are answered: JSON, tables and pictures."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

from api.answers import refusal_told, totals_document
from api.break_even import break_even
from api.display import Display
from api.months_answer import rates_in_words, told_months
from api.pictures.canvas import Picture
from api.pictures.line import Line, line
from api.pictures.tornado import Swing, tornado
from api.renderings.shown import Words
from api.sheet_rows import Cell, amount_cell, csv_of
from api.stress_schemas import Stressed
from api.wording import Wording, percent
from api.writing import Json, money
from calculator.money import YUAN
from calculator.monthly import MONTHS, month_by_month
from calculator.stressing import Answer, Stress
from tariffs.book import Book


def answer(asked: Stressed, book: Book, language: str) -> Json:
    """All that was asked, as JSON. Raises Unpriceable where the consignment itself cannot be priced."""
    wording = Wording.of(language)
    stress = Stress(asked.request, book.dossier(asked.request))
    base = stress.base
    display = Display(base.request, base.dossier, base.choice.plan)
    landed = base.totals["landed_cost"]
    document: Json = {
        "base": totals_document(base.totals, display.amount(landed), display.currency),
        "shocks": [
            {"what": what, "label": wording.heading(what), "by": _by(by)}
            | _told(stress.answer({what: by}), landed, wording)
            for what, several in asked.shocks.items()
            for by in several
        ],
    }
    if asked.grid is not None:
        document["grid"] = list(_grid(asked, stress, landed, wording))
    if asked.years:
        request = replace(asked.request, fx_band=None)
        months = month_by_month(request, asked.years * MONTHS, 0, book.dossier)
        document["history"] = [told for _, told in told_months(months, wording)]
    if asked.benchmark is not None:
        document["break_even"] = break_even(asked, book, base)
    return document


def _grid(asked: Stressed, stress: Stress, landed: Decimal, wording: Wording) -> Iterator[Json]:
    """Each of two shocks with each of the other, row by row."""
    assert asked.grid is not None
    for both in product(*(asked.shocks[name] for name in asked.grid)):
        shocks = dict(zip(asked.grid, both, strict=True))
        by = {name: _by(each) for name, each in shocks.items()}
        yield {"by": by} | _told(stress.answer(shocks), landed, wording)


def _by(share: Decimal) -> str:
    return f"{'+' if share > 0 else ''}{percent(share)}"


def _told(found: Answer, base: Decimal, wording: Wording) -> Json:
    if found.landed_cost is None:
        return {
            "landed_cost": None,
            "difference": None,
            "reason": found.refusal and refusal_told(found.refusal, wording),
        }
    difference = found.landed_cost - base
    return {"landed_cost": money(f"{found.landed_cost}"), "difference": money(f"{difference}"), "reason": None}


def table(document: Json) -> bytes:
    """The single shocks as CSV."""
    shocks = ([each["what"], each["by"], *_amounts(each), _text(each["reason"])] for each in document["shocks"])
    return csv_of([["what", "by", "landed_cost", "difference", "reason"], *shocks])


def history_table(document: Json) -> bytes:
    """The history as CSV."""
    months = (
        [each["declared_on"], amount_cell(each["landed_cost"]), rates_in_words(each["changed"]), _text(each["reason"])]
        for each in document["history"]
    )
    return csv_of([["declared_on", "landed_cost", "changed", "reason"], *months])


def _amounts(told: Mapping[str, Any]) -> list[Cell]:
    return [amount_cell(told[name]) for name in ("landed_cost", "difference")]


def _text(reason: Json | None) -> str:
    return str(reason["text"]) if reason else ""


def picture(document: Json, language: str) -> Picture:
    """The single shocks as a tornado: for each figure how far its shocks bring the landed cost down and up."""
    words = Words(language)
    ends: dict[str, list[Decimal]] = {}
    for each in document["shocks"]:
        if each["difference"]:
            ends.setdefault(each["label"], [Decimal(0)]).append(Decimal(each["difference"]["amount"]))
    swings = [Swing(label, min(found), max(found)) for label, found in ends.items()]
    return tornado(words, words.said("shocks"), swings)


def history_picture(document: Json, language: str) -> Picture:
    """The history as a line."""
    words = Words(language)
    points = [
        (date.fromisoformat(each["declared_on"]), Fraction(each["landed_cost"]["amount"]))
        for each in document["history"]
        if each["landed_cost"]
    ]
    said = words.said("history_content", count=len(points)) if points else words.said("history_empty")
    return line(Line(words.said("history"), said, YUAN, points), language)
