"""Flat names: one for every plain field of a request, none for two, and read like the body of POST /v1/quotes."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from api.fields import Known
from api.flat import document, in_flat_names
from api.flat_names import FLAT_NAMES, flat_name, flat_name_of
from api.reading import Refused
from api.schemas import QuoteIn
from calculator.errors import Unpriceable
from tariffs.book import Book
from tariffs.importing.headings import plain
from tests.conftest import NOW
from tests.flat import flat_texts
from tests.quoted import CASES, request_of

# As the contract lists them; `shipment` joins rows, and a Mexican code is not priced yet.
PROMISED = (
    "product hs_code description quantity package net_weight gross_weight volume price currency per incoterm place mode from to "
    "equipment freight freight_currency insurance insurance_currency insurance_rate insured duty_rate vat_rate "
    "consumption_tax_rate trade_remedies tariff_quota attributes regime rail payment_currency origin fx customs_fx "
    "vat_recoverable display_currency declared_on tables"
)
# What no one text can say: lists of amounts, a rail of one's own, the comparison of all, and the language, which is `lang`.
NOT_FLAT = {
    "/goods/0/additions",
    "/goods/0/deductions",
    "/payment/own",
    "/payment/compare",
    "/language",
}
# Objects whose names are anybody's.
OPEN = {"/goods/0/attributes"}
AVOCADO = {"product": "avocado-fresh", "quantity": "20.16 t", "price": "2.90", "currency": "USD", "per": "kg"}


@pytest.fixture(scope="module")
def schema(real_book: Book) -> QuoteIn:
    return QuoteIn(Known(real_book.fx.currencies, real_book.release, NOW.date))


def plain_fields(spec: dict[str, Any], schema: dict[str, Any], pointer: str = "") -> Iterator[str]:
    """The places of a request that hold no object of ours, by its schema; of a choice, those of every side."""
    if "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if pointer in NOT_FLAT:
        return
    if pointer in OPEN:
        yield pointer
        return
    if "properties" in schema and set(schema["properties"]) != {"value", "unit"}:
        for name, each in schema["properties"].items():
            yield from plain_fields(spec, each, f"{pointer}/{name}")
    elif pointer == "/goods":
        yield from plain_fields(spec, schema["items"], "/goods/0")
    else:
        sides = [each for each in (*schema.get("oneOf", ()), *schema.get("allOf", ())) if "$ref" in each]
        below = [each for side in sides for each in plain_fields(spec, side, pointer)]
        yield from below or [pointer]


def test_every_plain_field_of_a_request_has_a_flat_name(app: Flask):
    spec: Any = app.test_client().get("/openapi.json").json
    found = set(plain_fields(spec, {"$ref": "#/components/schemas/QuoteRequest"}))
    assert len(found) > 60
    assert found == {flat.pointer for flat in FLAT_NAMES}


def test_no_spelling_stands_for_two():
    meant = defaultdict(set)
    for flat in FLAT_NAMES:
        for spelling in (flat.name, flat.short, flat.path, *flat.es, *flat.zh):
            meant[plain(spelling)].add(flat.name)
    assert {spelling: names for spelling, names in meant.items() if len(names) > 1 or not spelling} == {}


@pytest.mark.parametrize("name", PROMISED.split())
def test_the_names_of_the_contract(name: str):
    flat = flat_name(name)
    assert flat is not None
    assert flat.name == name
    assert flat_name_of(flat.pointer) == name


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("price_currency", "currency"),
        ("route_from", "from"),
        ("costs_freight_amount", "freight"),
        ("importer_vat_recoverable", "vat_recoverable"),
        ("CANTIDAD", "quantity"),
        ("Cantidad (t)", "quantity"),
        ("País de origen", "origin"),
        ("Pais de Origen", "origin"),
        ("税则号列", "hs_code"),
        ("毛重（吨）", "gross_weight"),
        ("Gross weight", "gross_weight"),
        ("q", "quantity"),
    ],
)
def test_other_spellings(spelling: str, name: str):
    flat = flat_name(spelling)
    assert flat is not None
    assert flat.name == name


@pytest.mark.parametrize("spelling", ["", "   ", "peso", "fob", "goods", "cantidades totales", "k_"])
def test_what_nobody_knows_is_no_name(spelling: str):
    assert flat_name(spelling) is None


FLAT_CASES = [path for path in CASES if flat_texts(request_of(path)) is not None]


def test_most_golden_cases_can_be_said_in_flat_names():
    assert len(FLAT_CASES) > len(CASES) // 2


@pytest.mark.parametrize("path", FLAT_CASES, ids=lambda path: path.stem)
def test_a_golden_case_in_flat_names_is_the_same_request(path, schema: QuoteIn):
    request = request_of(path)
    texts = flat_texts(request)
    assert texts is not None
    assert schema.load(document(texts) | {"language": "en"}) == schema.load(request)


def test_an_amount_is_in_the_currency_of_the_price():
    found = document({**AVOCADO, "freight": "6200", "insurance": "120", "insurance_currency": "EUR", "cbec_used": "1"})
    assert found["costs"] == {
        "freight": {"amount": "6200", "currency": "USD"},
        "insurance": {"amount": "120", "currency": "EUR"},
    }
    assert found["importer"]["cbec_used"] == {"amount": "1", "currency": "USD"}


@pytest.mark.parametrize(
    ("name", "text", "place", "value"),
    [
        ("freight", "planning", ("costs", "freight"), "planning"),
        ("fx", "USD/CNY:6.7628, CNY/MXN: 2.8549", ("fx",), {"USD/CNY": "6.7628", "CNY/MXN": "2.8549"}),
        ("customs_fx", "USD/CNY:6.7628;EUR/CNY:7.9", ("customs_fx",), {"USD/CNY": "6.7628", "EUR/CNY": "7.9"}),
        ("vat_recoverable", "VERDADERO", ("importer", "vat_recoverable"), True),
        ("vat_recoverable", "FALSE", ("importer", "vat_recoverable"), False),
        ("vat_recoverable", "perhaps", ("importer", "vat_recoverable"), "perhaps"),
    ],
)
def test_texts_become_values(name: str, text: str, place: tuple[str, ...], value: object):
    found: Any = document({**AVOCADO, name: text})
    for each in place:
        found = found[each]
    assert found == value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("tariff_quota", "true", True),
        ("tariff_quota", "sliding", "sliding"),
        ("attributes", "displacement_cc:1998; mercury_free:yes", {"displacement_cc": "1998", "mercury_free": "yes"}),
        ("statutory", "20160 kg; 5040 unit", ["20160 kg", "5040 unit"]),
    ],
)
def test_texts_of_a_line_become_values(name: str, text: str, value: object):
    assert document({**AVOCADO, name: text})["goods"][0][name] == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("none", []),
        (
            "anti_dumping:lower(10%, 900 CNY/t); anti_dumping:5%",
            [{"kind": "anti_dumping", "duty": "lower(10%, 900 CNY/t)"}, {"kind": "anti_dumping", "duty": "5%"}],
        ),
    ],
)
def test_trade_remedies(text: str, value: object):
    assert document({**AVOCADO, "trade_remedies": text})["goods"][0]["tariff"]["trade_remedies"] == value


def test_an_empty_text_says_nothing():
    assert document({**AVOCADO, "freight": "", "place": "  "}) == document(AVOCADO)


@pytest.mark.parametrize(
    ("texts", "place", "code"),
    [
        ({"price_currency": "USD"}, "price_currency", "duplicate_key"),
        ({"fx": "USD/CNY:7, USD/CNY:7.1"}, "fx", "duplicate_key"),
        ({"attributes": "a:1;a:2"}, "attributes", "duplicate_key"),
    ],
)
def test_what_is_said_twice_is_refused(texts: dict[str, str], place: str, code: str):
    with pytest.raises(Refused) as caught:
        document(AVOCADO | texts)
    assert [(each.pointer, each.code) for each in caught.value.refusals] == [(place, code)]


@pytest.mark.parametrize(
    ("texts", "name", "code"),
    [
        ({"quantity": "20 ton"}, "quantity", "ambiguous_unit"),
        ({"price": "1,5"}, "price", "ambiguous_number"),
        ({"currency": "USS"}, "currency", "unknown_currency"),
        ({"price": ""}, "price", "missing_field"),
        ({"product": ""}, "product", "goods_not_identified"),
        ({"fx": "USD/CNY"}, "fx", "not_a_number"),
        ({"vat_recoverable": "perhaps"}, "vat_recoverable", "wrong_type"),
        ({"trade_remedies": "dumping:5%"}, "trade_remedies", "not_a_choice"),
        ({"freight": "planning"}, "freight", "planning_needs_route"),
        ({"freight_currency": "USD"}, "freight", "missing_field"),
        ({"insured": "110%"}, "insurance_rate", "missing_field"),
        ({"mode": "sea"}, "from", "missing_field"),
        ({"declared_on": "46349"}, "declared_on", "not_a_day"),
        ({"destination_delivery": "-3"}, "destination_delivery", "negative_number"),
    ],
)
def test_refusals_name_the_flat_name(texts: dict[str, str], name: str, code: str, schema: QuoteIn):
    with pytest.raises(Refused) as caught:
        schema.load(document(AVOCADO | texts))
    found = [(each.pointer, each.code) for each in in_flat_names(caught.value.refusals)]
    assert (name, code) in found


def test_a_refusal_of_the_whole_has_no_name():
    (told,) = in_flat_names([Unpriceable("ddp_not_solvable")])
    assert told.pointer == ""
