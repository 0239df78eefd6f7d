"""GET /v1/products and /v1/products/{slug}: Mexican goods, the lines they fall into, their packages and their carriage."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from api import line_document as documented
from api.languages import language
from api.line_figures import citation
from api.lookups import (
    LANGUAGE,
    LISTED,
    NOT_CHANGED,
    USUAL,
    LookupRoutes,
    cursor,
    limit,
    listed,
    named_language,
    question,
    sent,
)
from api.meta_document import page_of
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, problems
from api.queries import NotThere, Page, page, read_query
from api.reading import LONGEST_ECHO
from api.tariff_lines import Lookup
from calculator.errors import Unreadable
from calculator.goods import Product
from tariffs.records import Records
from tariffs.rows import COLUMNS
from tariffs.tables import Raw

PACKAGES = "cn/packages.csv"
EXAMPLE = "avocado-fresh"


def product_routes(lookup: Lookup) -> Blueprint:
    """The routes of goods; they search in the same index as those of tariff lines."""
    records = lookup.records
    packages = records.file(PACKAGES).grouped()
    whole = documented.good_schema(COLUMNS[PACKAGES])
    routes = LookupRoutes("products", "Mexican goods, their lines and their packages.")
    unchanged = routes.alt_response(304, description=NOT_CHANGED, success=True)
    kept = [IF_NONE_MATCH, *REQUEST_HEADERS]

    def told(good: Product) -> dict[str, Any]:
        return whole_good(records, good, packages.get(good.slug, ()), language())

    known = records.product(EXAMPLE)

    @routes.get("/v1/products")
    @routes.doc(operationId="searchProducts", summary="Find goods by what they are called", parameters=[*LISTED, *kept])
    @routes.response(
        200,
        page_of(documented.BRIEF_GOOD),
        description="The goods, the most fitting first; without `q` all of them",
        example={"items": [brief_good(records, known, "en")] if known else [], "total": 1, "next": None},
        headers=HEADERS["kept"],
    )
    @unchanged
    @problems(routes, 400, 404, 406, 422)
    def search() -> Response:
        asked = read_query(q=question, limit=limit, cursor=cursor, language=named_language)
        asked.setdefault("limit", USUAL)
        slugs = lookup.search.find(asked["q"]).products if "q" in asked else tuple(records.products)
        shown = page(slugs, str, asked)
        goods = [brief_good(records, records.products[slug], language()) for slug in shown.items]
        return listed(Page(goods, shown.total, shown.next))

    @routes.get("/v1/products/<slug>", parameters=[documented.SLUG])
    @routes.doc(
        operationId="getProduct", summary="A good with its packages and its carriage", parameters=[LANGUAGE, *kept]
    )
    @routes.response(
        200,
        whole,
        description="The good with every figure of its packages",
        example=told(known) if known else {},
        headers=HEADERS["kept"],
    )
    @unchanged
    @problems(routes, 400, 404, 406, 422)
    def one(slug: str) -> Response:
        read_query(language=named_language)
        good = records.product(slug)
        if good is None:
            nearest = records.nearest_products(slug[:LONGEST_ECHO])
            raise NotThere(Unreadable("unknown_product", "/slug", nearest, product=slug[:LONGEST_ECHO]))
        return sent(told(good))

    return routes


def brief_good(records: Records, good: Product, language: str) -> dict[str, Any]:
    """A good in a list."""
    to_choose = [code for code in records.codes if code.startswith(good.subheading)] if not good.hs_code else []
    return {
        "slug": good.slug,
        "name": good.names[language],
        "names": dict(good.names),
        "hs_code": good.hs_code or None,
        "hs_codes": [good.hs_code] if good.hs_code else to_choose,
        "subheading": good.subheading,
        "confidence": good.row.confidence,
        "source": good.row.source,
        "note": good.row.note or None,
        "links": {"self": f"/v1/products/{good.slug}"},
    }


def whole_good(records: Records, good: Product, packages: tuple[Raw, ...], language: str) -> dict[str, Any]:
    """A good with its packages."""
    told = [package_figures(raw) for raw in packages]
    sources = {good.row.source, *(source for each in told for source in each["sources"])}
    return {
        **brief_good(records, good, language),
        "packages": told,
        "citations": [citation(records.source(key)) for key in sorted(sources)],
        "release": records.release,
    }


def package_figures(raw: Raw) -> dict[str, Any]:
    """Every figure of a package; None is not known."""
    cells = dict(zip(COLUMNS[PACKAGES], raw, strict=True))
    told: dict[str, Any] = {"sources": cells.pop("sources").split()}
    del cells["product"]
    for column, cell in cells.items():
        told[column] = (int(cell) if column in documented.COUNTS else cell) if cell else None
    return told
