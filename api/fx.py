"""GET /v1/fx and /v1/fx/customs: what a currency was worth on a day, and what customs takes it for in a month.

A day without a rate (a weekend, a holiday) is answered with the last known one, whose day and age are told; a day to come
has none. The history holds the days on which a rate was published and no other.
"""

import csv
import hashlib
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, request

from api import fx_document as documented
from api.fields import nearest_first
from api.languages import language
from api.lookups import LANGUAGE, NOT_CHANGED, LookupRoutes, day_of_law, named_language, sent
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, problems
from api.pictures.canvas import STYLE
from api.pictures.fx_line import fx_line
from api.queries import NotThere, needed, read_query
from api.reading import LONGEST_ECHO, Refused
from api.security import picture_policy
from api.wording import decimal_of, plain
from calculator.errors import NotInForce, Unpriceable, Unreadable
from calculator.exchange import STALE_DAYS
from calculator.money import YUAN, ExchangeRate
from tariffs.book import Book
from tariffs.fx import FxTables, customs_source_day

FORMS = JSON, CSV, SVG = "application/json", "text/csv", "image/svg+xml"
POLICY = picture_policy(STYLE)
USUAL_HISTORY = timedelta(days=365)
_MONTH = re.compile(r"(19[89][0-9]|20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """A pair, the day it is asked for, and the days of its history."""

    base: str
    quote: str
    on: date
    first: date | None
    last: date


def fx_routes(book: Book, today: Callable[[], date]) -> LookupRoutes:
    """The routes of exchange rates; `today` is the day in Shanghai, asked for at each request."""
    routes = LookupRoutes("fx", "Exchange rates: of the market and of customs.")
    unchanged = routes.alt_response(304, description=NOT_CHANGED, success=True)
    kept = [LANGUAGE, IF_NONE_MATCH, *REQUEST_HEADERS]
    parameters = [documented.BASE, documented.QUOTE, documented.ON, documented.FROM, documented.TO, *kept]

    written: dict[str, Any] = {
        CSV: {"schema": {"type": "string"}, "example": documented.CSV_EXAMPLE},
        SVG: {"schema": {"type": "string"}, "example": documented.SVG_EXAMPLE},
    }

    @routes.get("/v1/fx")
    @routes.doc(
        operationId="getExchangeRate",
        summary="The last known market rate of a pair on a day",
        parameters=parameters,
        responses={200: {"content": written}},
    )
    @routes.response(200, documented.RATE, example=documented.RATE_EXAMPLE, headers=HEADERS["kept"])
    @unchanged
    @problems(routes, 400, 404, 406, 422)
    def rate() -> Response:
        wanted = request.accept_mimetypes.best_match(FORMS, JSON)
        answered = {CSV: _as_csv, SVG: _as_svg}.get(wanted, _as_json)(book.fx, today())
        answered.vary.add("Accept")
        return answered

    @routes.get("/v1/fx.csv")
    @routes.doc(operationId="getExchangeRateTable", summary="The history of a pair as CSV", parameters=parameters)
    @routes.response(200, {"type": "string"}, content_type=CSV, example=documented.CSV_EXAMPLE, headers=HEADERS["kept"])
    @unchanged
    @problems(routes, 400, 404, 422)
    def table() -> Response:
        return _as_csv(book.fx, today())

    @routes.get("/v1/fx.svg")
    @routes.doc(operationId="getExchangeRatePicture", summary="The history of a pair as a line", parameters=parameters)
    @routes.response(200, {"type": "string"}, content_type=SVG, example=documented.SVG_EXAMPLE, headers=HEADERS["kept"])
    @unchanged
    @problems(routes, 400, 404, 422)
    def drawn() -> Response:
        return _as_svg(book.fx, today())

    @routes.get("/v1/fx/customs")
    @routes.doc(
        operationId="getCustomsRate",
        summary="The rate at which customs converts in a month, of one currency or of all",
        parameters=[documented.CURRENCY, documented.MONTH, *kept],
    )
    @routes.response(200, documented.CUSTOMS, example=documented.CUSTOMS_EXAMPLE, headers=HEADERS["kept"])
    @unchanged
    @problems(routes, 400, 404, 406, 422)
    def customs() -> Response:
        asked = read_query(currency=str, month=month_of, language=named_language)
        month = asked.get("month") or today().replace(day=1)
        if "currency" in asked:
            return sent(customs_rate(book.fx, asked["currency"], month, today()), worded=False)
        items = customs_rates(book.fx, month, today())
        return sent({"items": items, "total": len(items), "next": None}, worded=False)

    return routes


def month_of(text: str) -> date:
    """The first day of a month written 2026-10."""
    found = _MONTH.fullmatch(text)
    if not found:
        raise Unreadable("wrong_form", "", ("2026-10",), text=text[:LONGEST_ECHO])
    return date(int(found[1]), int(found[2]), 1)


def customs_rate(fx: FxTables, currency: str, month: date, today: date) -> dict[str, Any]:
    """The customs rate of a currency in a month. Raises NotThere where there is none, and where there is none yet."""
    known = (fx.currencies | fx.official.currencies(month)) - {YUAN}
    if currency not in known:
        raise NotThere(_unknown(currency, "?/currency", known))
    try:
        if not fx.official.official(currency, month) and (source_day := customs_source_day(month)) > today:
            raise NotInForce("customs_rate_not_fixed", "", (), month=f"{month:%Y-%m}", source_day=source_day)
        return _customs(fx.customs(currency, month), month)
    except NotInForce as refusal:
        raise NotThere(refusal.at("?/month")) from None


def customs_rates(fx: FxTables, month: date, today: date) -> list[dict[str, Any]]:
    """The customs rates of every currency that has one in a month. Raises NotThere where none has."""
    items, refusal = [], None
    for currency in sorted((fx.currencies | fx.official.currencies(month)) - {YUAN}):
        try:
            items.append(customs_rate(fx, currency, month, today))
        except NotThere as error:
            refusal = error
    if not items and refusal is not None:
        raise refusal
    return items


def _asked(fx: FxTables, today: date, usual: timedelta | None) -> Asked:
    """What the address asks for. Raises Refused, or NotThere for a currency that is not known."""
    read = {"from": day_of_law, "to": day_of_law}
    asked = read_query(base=str, quote=str, on=day_of_law, language=named_language, **read)
    needed(asked, base="USD", quote=YUAN)
    for name in ("base", "quote"):
        if asked[name] not in fx.currencies:
            raise NotThere(_unknown(asked[name], f"?/{name}", fx.currencies))
    for name in ("on", "from", "to"):
        if asked.get(name, today) > today:
            text = f"{asked[name]}"
            first = fx.market_rates.first_common_day(asked["base"], asked["quote"])
            raise Unreadable("day_out_of_range", f"?/{name}", (f"{first or today}", f"{today}"), text=text)
    on = asked.get("on") or asked.get("to") or today
    last = asked.get("to") or on
    first = asked.get("from") or (last - usual if usual is not None else None)
    if first is None and "to" in asked:
        raise Refused([Unreadable("missing_field", "?/from", (f"{last - USUAL_HISTORY}",))])
    if first is not None:
        _bounded(first, last)
    return Asked(asked["base"], asked["quote"], on, first, last)


def _bounded(first: date, last: date) -> None:
    if first > last:
        raise Unreadable("days_reversed", "?/from", (), first=first, last=last)
    if last.year - first.year > documented.MOST_YEARS or (
        last.year - first.year == documented.MOST_YEARS and (last.month, last.day) > (first.month, first.day)
    ):
        raise Unreadable("history_too_long", "?/from", (), most=documented.MOST_YEARS)


def _unknown(currency: str, pointer: str, known: frozenset[str]) -> Unreadable:
    wanted = currency[:LONGEST_ECHO].strip().upper()
    nearest = (wanted,) if wanted in known else nearest_first(wanted, sorted(known))
    return Unreadable("unknown_currency", pointer, nearest, currency=currency[:LONGEST_ECHO])


def _history(fx: FxTables, asked: Asked) -> list[ExchangeRate]:
    if asked.first is None:
        return []
    return fx.market_rates.history(asked.base, asked.quote, asked.first, asked.last)


def _last_known(fx: FxTables, asked: Asked) -> ExchangeRate:
    try:
        return fx.market(asked.base, asked.quote, asked.on)
    except Unpriceable as refusal:
        raise NotThere(refusal.at("?/on")) from None


def _as_json(fx: FxTables, today: date) -> Response:
    asked = _asked(fx, today, None)
    found = _last_known(fx, asked)
    return sent(
        {
            "pair": f"{found.base}/{found.quote}",
            **_figure(found),
            "date": f"{found.on}",
            "source": found.source or None,
            "age_days": found.age_days,
            "stale": (found.age_days or 0) > STALE_DAYS,
            "published_as": found.published_as,
            "confidence": found.confidence,
            "history": [
                {"date": f"{each.on}", **_figure(each), "source": each.source or None} for each in _history(fx, asked)
            ],
        },
        worded=False,
    )


def _as_csv(fx: FxTables, today: date) -> Response:
    asked = _asked(fx, today, USUAL_HISTORY)
    _last_known(fx, asked)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(documented.CSV_COLUMNS)
    pair = f"{asked.base}/{asked.quote}"
    writer.writerows((each.on, pair, _figure(each)["rate"], each.source) for each in _history(fx, asked))
    response = _kept(text.getvalue(), f"{CSV}; charset=utf-8; header=present")
    response.headers["Content-Disposition"] = f'attachment; filename="{asked.base}-{asked.quote}.csv"'
    return response


def _as_svg(fx: FxTables, today: date) -> Response:
    asked = _asked(fx, today, USUAL_HISTORY)
    _last_known(fx, asked)
    response = _kept(fx_line(_history(fx, asked), f"{asked.base}/{asked.quote}", language()).svg(), SVG)
    response.content_language.add(language())
    response.vary.add("Accept-Language")
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _kept(body: str, content_type: str) -> Response:
    response = Response(body, content_type=content_type)
    response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:32])
    response.headers["Cache-Control"] = "public, no-cache"
    response.make_conditional(request)
    return response


def _figure(found: ExchangeRate) -> Mapping[str, Any]:
    """The rate as digits; where they go on, that is said."""
    figure, whole = decimal_of(found.value)
    return {"rate": plain(figure)} if whole else {"rate": plain(figure), "unrounded": True}


def _customs(found: ExchangeRate, month: date) -> dict[str, Any]:
    return {
        "currency": found.base,
        "month": f"{month:%Y-%m}",
        **_figure(found),
        "published_as": found.published_as,
        "source_day": f"{found.on}",
        "official": not found.estimate,
        "source": found.source,
        "confidence": found.confidence,
        "valid_to": f"{found.valid_to}",
    }
