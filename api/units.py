"""GET /v1/units and /v1/units/convert: the units of trade, and exact conversions between them."""

from functools import cache
from typing import Any

from flask import Response

from api import unit_document as documented
from api.conversion import Conversion, converted
from api.fields import Choice
from api.languages import language
from api.lookups import (
    LANGUAGE,
    NOT_CHANGED,
    LookupRoutes,
    cursor,
    listed,
    named_language,
    question,
    sent,
    with_words,
)
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, problems
from api.queries import CURSOR, LIMIT, NotThere, Page, limit, needed, page, read_query, words
from api.reading import LONGEST_ECHO
from api.wording import plain
from calculator.errors import Unreadable
from calculator.goods import Package, Product
from calculator.quantities import Quantity, read_quantity, unit
from calculator.units import UNITS, Unit
from tariffs.records import Records


def unit_routes(records: Records) -> LookupRoutes:
    """The routes of units; what packages hold is read off the tables."""
    routes = LookupRoutes("units", "The units of trade.")
    unchanged = routes.alt_response(304, description=NOT_CHANGED, success=True)
    kept = [LANGUAGE, IF_NONE_MATCH, *REQUEST_HEADERS]
    read_kind = Choice(*documented.KINDS).read

    @routes.get("/v1/units")
    @routes.doc(
        operationId="listUnits",
        summary="Every unit that can be written, with its exact factor",
        parameters=[documented.Q, documented.KIND, LIMIT, CURSOR, *kept],
    )
    @routes.response(200, documented.UNITS_PAGE, example=documented.UNITS_EXAMPLE, headers=HEADERS["kept"])
    @unchanged
    @problems(routes, 400, 404, 406, 422)
    def units() -> Response:
        asked = read_query(q=question, kind=read_kind, limit=limit, cursor=cursor, language=named_language)
        found = with_words(UNITS.values(), asked.get("q", ""), _spellings)
        found = [each for each in found if asked.get("kind") in (None, each.kind)]
        shown = page(found, lambda each: each.code, asked)
        return listed(Page([_told(each, language()) for each in shown.items], shown.total, shown.next))

    @routes.get("/v1/units/convert")
    @routes.doc(
        operationId="convertUnits",
        summary="A quantity in another unit, exactly",
        parameters=[documented.QUANTITY, documented.TO, documented.PRODUCT, documented.PACKAGE, *kept],
    )
    @routes.response(200, documented.CONVERSION, example=documented.CONVERSION_EXAMPLE, headers=HEADERS["kept"])
    @unchanged
    @problems(routes, 400, 404, 406, 422)
    def conversion() -> Response:
        asked = read_query(q=read_quantity, to=_code, product=words, package=words, language=named_language)
        needed(asked, q="25 lb", to="kg")
        product = _product(records, asked.get("product", ""))
        package = _package(product, asked.get("package", ""))
        equipment = {each.code: each for each in records.all_equipment}
        found = converted(asked["q"], asked["to"], product, package, equipment)
        return sent(_converted(asked["q"], asked["to"], package, found), worded=False)

    return routes


def _code(text: str) -> str:
    return unit(text).code


def _product(records: Records, slug: str) -> Product | None:
    if not slug:
        return None
    product = records.product(slug)
    if product is None:
        short = slug[:LONGEST_ECHO]
        raise NotThere(Unreadable("unknown_product", "?/product", records.nearest_products(short), product=short))
    return product


def _package(product: Product | None, code: str) -> Package | None:
    """The package that is named, or the usual one of the product."""
    packages = product.packages if product else ()
    if not code:
        return packages[0] if packages else None
    found = next((each for each in packages if each.code == code), None)
    if found is None:
        if product is None:
            raise Unreadable("conversion_needs_product", "?/product", ("avocado-fresh",), unit=code[:LONGEST_ECHO])
        known = [each.code for each in packages]
        raise NotThere(
            Unreadable("unknown_package", "?/package", known, product=product.slug, package=code[:LONGEST_ECHO])
        )
    return found


def _converted(quantity: Quantity, to: str, package: Package | None, found: Conversion) -> dict[str, Any]:
    reasons = found.reasons
    rests_on_package = package is not None and any(package.code in each for each in reasons.statements)
    return {
        "value": found.value,
        "unit": to,
        "from": {"value": plain(quantity.value), "unit": quantity.unit},
        "exact": found.exact,
        "package": package.code if package and rests_on_package else None,
        "definition": "; ".join(reasons.statements),
        "source": "; ".join(dict.fromkeys(reasons.statements.values())),
        "confidence": reasons.confidence,
    }


def _spellings(each: Unit) -> str:
    return " ".join((each.code, *each.names.values(), *each.aliases, each.uncefact))


def _told(each: Unit, said: str) -> dict[str, Any]:
    return {
        "code": each.code,
        "name": each.names[said],
        "names": dict(each.names),
        "kind": each.kind,
        "uncefact": each.uncefact or None,
        "aliases": list(each.aliases),
        "factor": _factor(each),
        "definition": each.definition,
        "ambiguity": each.ambiguity or None,
        "source": each.source,
        "source_date": each.source_date,
        "confidence": each.confidence,
    }


def _factor(each: Unit) -> dict[str, str | None] | None:
    if each.numerator is None:
        return None
    return {"numerator": f"{each.numerator}", "denominator": f"{each.denominator}", "unit": _base(each.kind)}


@cache
def _base(kind: str) -> str | None:
    """The unit of a kind whose factor is 1."""
    return next(
        (code for code, each in UNITS.items() if each.kind == kind and each.numerator == each.denominator), None
    )
