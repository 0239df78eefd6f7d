"""POST /v1/targets: the highest price at which the landed cost stays within a target. Nothing is kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from flask import Response, request

from api import aim_document as documented
from api.aim_schemas import Aim, Goal, TargetIn
from api.answers import answer
from api.bodies import Routes
from api.candidates import offering
from api.decided import example_of, sent
from api.display import minor_unit
from api.examples import EXAMPLE_MOMENT
from api.languages import language
from api.openapi import REQUEST_HEADERS, problems
from api.queries import read_query
from api.schemas import QuoteIn
from api.wording import plain
from api.writing import Json, money
from calculator.aiming import TOTAL, Aimed, Measured, Target, aimed
from calculator.errors import Unpriceable
from calculator.exchange import rate_of
from calculator.money import YUAN, Number, divide
from calculator.per_unit import PER_UNIT
from tariffs.book import Book

ONE: Number = Decimal(1)
# What is wrong with what is aimed for.
OF_THE_TARGET = frozenset({"target_too_low", "target_too_high", "unit_not_counted"})


def target_routes(book: Book, schema: QuoteIn, clock: Callable[[], datetime]) -> Routes:
    """The route of targets."""
    routes = Routes("targets", "targets", description="The highest price that still meets a target landed cost.")
    reader = TargetIn(schema)

    @routes.before_request
    def parameters() -> None:
        if request.method != "OPTIONS":
            read_query()

    example = example_of(reader, documented.ASKED, lambda asked: aimed_document(asked, book, "en", EXAMPLE_MOMENT))

    @routes.post("/v1/targets")
    @routes.doc(
        operationId="aimForLandedCost",
        summary="The highest price that meets a target landed cost",
        description=(
            "One line of goods has a price without an amount. One smallest unit more than the price found would be above the "
            "target."
        ),
        parameters=REQUEST_HEADERS,
    )
    @routes.arguments(reader, examples=documented.ASKED, description="The consignment and the target.")
    @routes.response(200, documented.AIMED, description="The price", example=example)
    @problems(routes, 400, 406, 413, 415, 422)
    def aim(asked: Aim) -> Response:
        spoken = language()
        return sent(aimed_document(asked, book, spoken, clock().astimezone(UTC)), "json", spoken, "target")

    return routes


def aimed_document(asked: Aim, book: Book, spoken: str, now: datetime) -> Json:
    """The answer to a target. Raises Unpriceable where no price meets it."""
    goal, request = asked.goal, replace(asked.request, language=spoken)
    with offering(request, book, sought=True):
        rate, dossier = _rate(asked, book), book.dossier(request)
    measured = Measured(goal.of, goal.per, asked.line)
    try:
        found = aimed(request, dossier, Target(goal.amount * rate, measured, asked.line, asked.step))
    except Unpriceable as refusal:
        raise refusal.at("/target") if refusal.code in OF_THE_TARGET else refusal from None
    price = request.goods[asked.line].price

    def told(steps: int) -> Json:
        return {"amount": f"{steps * asked.step:f}", "currency": price.currency, "per": price.per}

    return {
        "price": told(found.intervals[-1].last),
        "reached": _reached(goal, found, measured, rate),
        "intervals": [{"from": told(each.first), "to": told(each.last)} for each in found.intervals],
        "quote": answer(found.quote, id=None, created_at=now, language=spoken),
    }


def _rate(asked: Aim, book: Book) -> Number:
    """Yuan for one of the currency of the target, at the market rate or the user's own."""
    if asked.goal.currency == YUAN:
        return ONE
    request = replace(asked.request, display_currency=asked.goal.currency)
    return rate_of(request, book.dossier(request), asked.goal.currency, "market", [], []).value


def _reached(goal: Goal, found: Aimed, measured: Measured, rate: Number) -> Json:
    amount, count = measured.amount(found.quote), measured.count(found.quote)
    rounding = minor_unit(goal.currency) if goal.per == TOTAL else PER_UNIT
    told = plain(rounding(divide(amount, rate * count)))
    left = minor_unit(YUAN)(goal.amount * rate * count - amount)
    return {"of": goal.of, "amount": told, "currency": goal.currency, "per": goal.per, "left": money(plain(left))}
