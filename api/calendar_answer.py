"""The landed cost month by month, behind and ahead, as the documents that are answered: JSON, tables and a picture."""

import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction

from api.answers import totals_document
from api.calendar_schemas import Calendar
from api.comparison_answer import outcome_in_short
from api.display import Display
from api.months_answer import rates_in_words, told_months
from api.pictures.canvas import Picture
from api.pictures.line import Line, line
from api.rates_answer import rates_document
from api.remarks import reasons, worded
from api.renderings.shown import Words
from api.sheet_rows import Cell, amount_cell, csv_of, workbook_of
from api.wording import Wording
from api.writing import Json
from calculator.errors import NotInForce
from calculator.money import YUAN
from calculator.monthly import Month, month_by_month
from calculator.quote import Quote
from tariffs.book import Book
from tariffs.fx import FxTables

BEHIND, NOW, AHEAD = WHEN = ("behind", "now", "ahead")
HEADINGS = ("declared_on", "when", "landed_cost", "low", "high", "taxes", "outcome", "changed", "held", "reasons")


def answer(asked: Calendar, book: Book, language: str) -> Json:
    """Every month, the oldest first. Raises Unpriceable where none of them can be priced, for a reason that is not its day."""
    fx, middle = book.fx, asked.request.declared_on
    months = list(month_by_month(asked.request, asked.behind, asked.ahead, book.dossier))
    _refuse_without_any(months)
    return {
        "declared_on": middle.isoformat(),
        "months": [
            told | {"when": _when(month, middle)} | _priced(month, middle, fx, language)
            for month, told in told_months(months, Wording.of(language))
        ],
        "release": book.release,
        "fx_release": fx.release,
    }


def _refuse_without_any(months: Sequence[Month]) -> None:
    """Raise why no month can be priced, where that is more than rows missing on its day: the first such refusal."""
    if any(each.quote is not None for each in months):
        return
    refusals = (each.refusal for each in months if each.refusal is not None)
    first = next((each for each in refusals if not isinstance(each, NotInForce)), None)
    if first is not None:
        raise first


def _when(month: Month, middle: date) -> str:
    """Where a month lies; that of the middle has begun, and its first day is not ahead."""
    if month.declared_on > middle:
        return AHEAD
    return NOW if (month.declared_on.year, month.declared_on.month) == (middle.year, middle.month) else BEHIND


def _priced(month: Month, middle: date, fx: FxTables, language: str) -> Json:
    """What is told of a month that has a quote."""
    quote = month.quote
    if quote is None:
        return {"totals": None, "outcome": None, "held": []}
    wording = worded(quote.choice, language)
    display = Display(quote.request, quote.dossier, quote.choice.plan)
    return {
        "totals": totals_document(quote.totals, display.amount(quote.totals["landed_cost"]), display.currency),
        "outcome": outcome_in_short(quote) | {"reasons": reasons(quote, wording)},
        "held": list(_held(quote, fx, wording)),
    }


def _held(quote: Quote, fx: FxTables, wording: Wording) -> Iterator[Json]:
    """The exchange rates of a month that are older than it, for want of newer ones; those that the request states too."""
    on = quote.request.declared_on
    for each in rates_document(quote.choice, wording)["fx"]:
        told = {"pair": each["pair"], "use": each["use"], "rate": each["rate"]}
        if each["use"] == "user":
            yield told | {"since": None}
            continue
        if each["use"] == "customs" and not each["estimate"]:
            continue
        asked = date.fromisoformat(each["date"]) if each["use"] == "customs" else on
        since = asked - timedelta(each["age_days"] or 0)
        if since < asked and since == fx.market(each["pair"].partition("/")[0], YUAN, date.max).on:
            yield told | {"since": since.isoformat()}


def table(document: Json) -> bytes:
    """The months as CSV, one a row."""
    return csv_of(_rows(document))


def workbook(document: Json) -> bytes:
    """The months as a workbook, one a row."""
    file = io.BytesIO()
    workbook_of(file, _rows(document), 1)
    return file.getvalue()


def _rows(document: Json) -> Iterator[list[Cell]]:
    yield [*HEADINGS]
    for each in document["months"]:
        outcome, reason = each["outcome"] or {}, each["reason"]
        said = [reason["text"]] if reason else [one["text"] for one in outcome["reasons"]]
        yield [
            each["declared_on"],
            each["when"],
            amount_cell(each["landed_cost"]),
            amount_cell(outcome.get("low")),
            amount_cell(outcome.get("high")),
            amount_cell(each["totals"] and each["totals"]["taxes"]),
            outcome.get("status", ""),
            rates_in_words(each["changed"]),
            held_in_words(each["held"]),
            " ".join(said),
        ]


def held_in_words(held: list[Json]) -> str:
    """The rates that are held, in a cell."""
    return "; ".join(" ".join(filter(None, (each["pair"], each["use"], each["rate"], each["since"]))) for each in held)


def picture(document: Json, language: str) -> Picture:
    """The months as a line, dashed where they are ahead; what is open between two ends stands as a stroke."""
    words = Words(language)
    told = [each for each in document["months"] if each["landed_cost"]]
    points = [(date.fromisoformat(each["declared_on"]), Fraction(each["landed_cost"]["amount"])) for each in told]
    open_ = {
        on: Fraction(each["outcome"]["low"]["amount"])
        for (on, _), each in zip(points, told, strict=True)
        if each["outcome"]["low"]
    }
    ahead = sum(each["when"] == AHEAD for each in told)
    said = (
        words.said("calendar_content", behind=len(told) - ahead, ahead=ahead) if told else words.said("history_empty")
    )
    turn = date.fromisoformat(document["declared_on"])
    return line(Line(words.said("calendar"), said, YUAN, points, turn, open_), language)
