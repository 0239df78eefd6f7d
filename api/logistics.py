"""GET /v1/ports, /v1/lanes, /v1/equipment and /v1/packages: what the tables know of the way, each row with its source."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import Response

from api import logistics_document as documented
from api.citing import Document
from api.fields import Choice
from api.languages import language
from api.line_figures import row
from api.lookups import LANGUAGE, NOT_CHANGED, LookupRoutes, cursor, listed, named_language, question, with_words
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, problems
from api.products import PACKAGES, package_figures
from api.queries import CURSOR, LIMIT, NotThere, Page, limit, page, read_query, words
from api.reading import LONGEST_ECHO
from api.wording import open_plain
from calculator.errors import Unreadable
from calculator.goods import Package, Product
from calculator.logistics import MODES, Equipment, Lane, Place
from tariffs.records import Records
from tariffs.rows import COLUMNS
from tariffs.tables import Raw

PAGING = {"limit": limit, "cursor": cursor, "language": named_language}
Loaded = tuple[Product, Package, Raw]


def logistics_routes(records: Records) -> LookupRoutes:
    """The routes of the way's tables."""
    routes = LookupRoutes("logistics", "Ports, lanes, equipment and packages.")
    read_country = Choice(*documented.COUNTRIES).read
    read_kind_of_place = Choice(*documented.KINDS_OF_PLACE).read
    read_kind_of_equipment = Choice(*documented.KINDS_OF_EQUIPMENT).read
    read_mode = Choice(*MODES).read

    def lists(
        path: str, name: str, summary: str, schema: Any, example: Sequence[Document], *filters: Any
    ) -> Callable[[Callable[[], Response]], Callable[[], Response]]:
        """Publish a view as a list that is filtered, paged and kept."""
        parameters = [*filters, LIMIT, CURSOR, LANGUAGE, IF_NONE_MATCH, *REQUEST_HEADERS]
        page_of_one = {"items": list(example), "total": len(example), "next": None}

        def published(view: Callable[[], Response]) -> Callable[[], Response]:
            view = problems(routes, 400, 404, 406, 422)(view)
            view = routes.alt_response(304, description=NOT_CHANGED, success=True)(view)
            view = routes.response(200, schema, example=page_of_one, headers=HEADERS["kept"])(view)
            view = routes.doc(operationId=name, summary=summary, parameters=parameters)(view)
            published_view: Callable[[], Response] = routes.route(path, methods=["GET"])(view)
            return published_view

        return published

    @lists(
        "/v1/ports",
        "listPorts",
        "Ports and airports, by the codes that a route may say",
        documented.PORTS,
        [_port(each, "en") for each in records.places[:1]],
        documented.Q,
        documented.COUNTRY,
        documented.KIND_OF_PLACE,
    )
    def ports() -> Response:
        asked = read_query(q=question, country=read_country, kind=read_kind_of_place, **PAGING)
        found = [each for each in records.places if _fits(each, asked, "country", "kind")]
        return _paged(with_words(found, asked.get("q", ""), _place_words), lambda each: each.code, asked, _port)

    @lists(
        "/v1/lanes",
        "listLanes",
        "Lanes from Mexico to China, with distance and days",
        documented.LANES,
        [_lane(records, each, "en") for each in records.lanes()[:1]],
        documented.FROM,
        documented.TO,
        documented.MODE,
    )
    def lanes() -> Response:
        asked = read_query(**{"from": _place(records, "from"), "to": _place(records, "to")}, mode=read_mode, **PAGING)
        found = records.lanes(asked.get("mode", ""), asked.get("from", ""), asked.get("to", ""))
        return _paged(found, _lane_id, asked, lambda each, said: _lane(records, each, said))

    @lists(
        "/v1/equipment",
        "listEquipment",
        "Containers, pallets and unit loads of the air",
        documented.EQUIPMENTS,
        [_equipment(each, "en") for each in records.all_equipment[:1]],
        documented.KIND_OF_EQUIPMENT,
    )
    def equipment() -> Response:
        asked = read_query(kind=read_kind_of_equipment, **PAGING)
        found = [each for each in records.all_equipment if _fits(each, asked, "kind")]
        return _paged(found, lambda each: each.code, asked, _equipment)

    loads = tuple(_loads(records))

    @lists(
        "/v1/packages",
        "listPackages",
        "Packages of goods, and how many a pallet and a container take",
        documented.packages_page(COLUMNS[PACKAGES]),
        [_load(each, "en") for each in loads[:1]],
        documented.PRODUCT,
    )
    def packages() -> Response:
        asked = read_query(product=_product(records), **PAGING)
        found = [each for each in loads if asked.get("product") in (None, each[0].slug)]
        return _paged(found, _load_id, asked, _load)

    return routes


def _paged(
    items: Sequence[Any], name: Callable[[Any], str], asked: dict[str, Any], told: Callable[[Any, str], Document]
) -> Response:
    """The page that is asked for, each item as it is told in the reader's language."""
    shown = page(items, name, asked)
    said = language()
    return listed(Page([told(each, said) for each in shown.items], shown.total, shown.next))


def _fits(item: Any, asked: dict[str, Any], *names: str) -> bool:
    return all(asked.get(name) in (None, getattr(item, name)) for name in names)


def _place(records: Records, name: str) -> Callable[[str], str]:
    """Reads a place by any of its codes."""

    def read(text: str) -> str:
        found = records.place(words(text).replace(" ", ""))
        if found is None:
            short = text[:LONGEST_ECHO]
            raise NotThere(
                Unreadable("unknown_place", f"?/{name}", records.logistics.nearest_places(short, ""), place=short)
            )
        return found.code

    return read


def _product(records: Records) -> Callable[[str], str]:
    def read(text: str) -> str:
        short = words(text)[:LONGEST_ECHO]
        if records.product(text) is None:
            raise NotThere(Unreadable("unknown_product", "?/product", records.nearest_products(short), product=short))
        return text

    return read


def _place_words(place: Place) -> str:
    return " ".join((place.code, place.official, place.iata, *place.names.values()))


def _port(place: Place, said: str) -> Document:
    return {
        "code": place.code,
        "kind": place.kind,
        "country": place.country,
        "name": place.names[said],
        "names": dict(place.names),
        "unlocode": place.official or None,
        "iata": place.iata or None,
        **row(place.row),
    }


def _lane_id(lane: Lane) -> str:
    return f"{lane.mode}-{lane.origin}-{lane.destination}"


def _lane(records: Records, lane: Lane, said: str) -> Document:
    ends = [records.place(code) for code in (lane.origin, lane.destination)]
    names = {each: " – ".join(end.names[each] for end in ends if end) for each in ("en", "es", "zh")}
    days = (lane.days_min, lane.days_typical, lane.days_max)
    return {
        "id": _lane_id(lane),
        "mode": lane.mode,
        "from": lane.origin,
        "to": lane.destination,
        "name": names[said],
        "names": names,
        "distance_nm": open_plain(lane.distance_nm),
        "distance_km": open_plain(lane.distance_km),
        "transit_days": {
            **dict(zip(("min", "typical", "max"), map(open_plain, days), strict=True)),
            "confidence": lane.days_confidence or None,
        },
        "service": lane.service or None,
        **row(lane.row),
    }


def _equipment(equipment: Equipment, said: str) -> Document:
    figures = ("volume_m3", "tare_kg", "payload_kg", "road_limit_kg", "pallets", "teu")
    return {
        "code": equipment.code,
        "kind": equipment.kind,
        "iso_type": equipment.iso_type or None,
        "name": equipment.names[said],
        "names": dict(equipment.names),
        "reefer": equipment.reefer,
        **{name: open_plain(getattr(equipment, name)) for name in figures},
        **row(equipment.row),
    }


def _loads(records: Records) -> Iterator[Loaded]:
    raws = records.file(PACKAGES).grouped()
    for product in records.products.values():
        for package, raw in zip(product.packages, raws.get(product.slug, ()), strict=True):
            yield product, package, raw


def _load_id(load: Loaded) -> str:
    return f"{load[0].slug}/{load[1].code}"


def _load(load: Loaded, said: str) -> Document:
    product, package, raw = load
    good = {"product": product.slug, "name": product.names[said], "names": dict(product.names)}
    return good | package_figures(raw) | row(package.row)
