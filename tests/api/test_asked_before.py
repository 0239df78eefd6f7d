"""What is kept between quotes changes none of them: an answer is the same whether it is the first of its kind or not."""

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.asked_before import AskedBefore
from api.examples import AVOCADO, QUOTE_REQUESTS
from api.fields import Known
from api.reading import Number, Refused
from api.schemas import QuoteIn
from calculator import choices
from calculator.memory import Memory
from calculator.request import QuoteRequest
from tests.conftest import NOW

CASES = sorted((Path(__file__).parent.parent / "cases").rglob("*.toml"))
REQUESTS: list[dict[str, Any]] = [
    *(tomllib.loads(path.read_text(encoding="utf-8"))["request"] for path in CASES[::19]),
    *(example["value"] for example in QUOTE_REQUESTS.values()),
]
# Amounts of which some round to nothing, take a tax below its limit, or leave digits that go on.
AMOUNTS = ("0.01", "33.333333", "7", "1,234.5", "98765.43", "0")


def amounts(document: Any) -> Iterator[dict[str, Any]]:
    """Every amount of money in a document."""
    if isinstance(document, dict):
        if {"amount", "currency"} <= document.keys():
            yield document
        document = list(document.values())
    for each in document if isinstance(document, list) else ():
        yield from amounts(each)


@pytest.mark.parametrize("number", range(len(REQUESTS)))
def test_an_answer_is_the_same_at_first_and_later(
    number: int, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    varied = [deepcopy(REQUESTS[number]) for _ in range(len(AMOUNTS))]
    for turn, document in enumerate(varied):
        for place, money in enumerate(amounts(document)):
            money["amount"] = AMOUNTS[(turn + place) % len(AMOUNTS)]
    alone = []
    for document in varied:
        monkeypatch.setattr(choices, "CHOICES", Memory(0))
        alone.append(client.post("/v1/quotes?store=false", json=document).data)
    monkeypatch.setattr(choices, "CHOICES", Memory(1024))
    # The second of a kind is kept, the third is made of it.
    in_turn = [[client.post("/v1/quotes?store=false", json=document).data for document in varied] for _ in range(2)]
    assert in_turn == [alone, alone]


def schema() -> QuoteIn:
    return QuoteIn(Known(frozenset({"USD", "MXN", "EUR"}), "data", NOW.date))


def asked(price: object, **changed: Any) -> dict[str, Any]:
    document = deepcopy({**AVOCADO, **changed})
    document["goods"][0]["price"]["amount"] = price
    return document


def test_only_the_amounts_of_a_known_document_are_read() -> None:
    whole = []

    def read(document: object) -> QuoteRequest:
        whole.append(document)
        return schema().load(document)

    before = AskedBefore(read)
    prices = ["2.90", "2.91", "2.92", Number("2.93"), "1,000"]
    requests = [before.load(asked(price), 1) for price in prices]
    assert requests == [schema().load(asked(price)) for price in prices]
    # The first, the second, and the probe that shows that amounts decide nothing else.
    assert len(whole) == 3
    assert before.load(asked("2.94"), 2) == schema().load(asked("2.94"))
    assert len(whole) == 4, "what the reading depends on has changed"


def test_what_is_wrong_with_an_amount_is_told_each_time() -> None:
    reads = schema()
    for price in ("2.90", "2.91", "2.92"):
        reads.load(asked(price))
    for wrong, code in (
        ("0", "not_positive"),
        ("-1", "negative_number"),
        ("1,5", "ambiguous_number"),
        (None, "null_not_allowed"),
        (Number("1e3"), "not_a_number"),
        (True, "wrong_type"),
    ):
        with pytest.raises(Refused) as refused:
            reads.load(asked(wrong))
        assert [(each.code, each.pointer) for each in refused.value.refusals] == [(code, "/goods/0/price/amount")]


def test_an_amount_that_is_a_name_is_read_as_one() -> None:
    """The retail price of a car decides its class: it is a figure among the attributes, not an amount of the walk."""
    reads = schema()
    for retail in ("100000", "200000", "1300000", "1400000"):
        attributes = {"retail_price": {"amount": retail, "currency": "CNY"}}
        goods = [{**AVOCADO["goods"][0], "attributes": attributes}]
        assert reads.load(asked("2.90", goods=goods)).goods[0].attributes == {"retail_price": retail}


def test_a_document_that_says_too_much_is_read_as_ever() -> None:
    reads = schema()
    for turn in range(4):
        goods = [{**AVOCADO["goods"][0], "description": f"line {line}"} for line in range(100)]
        assert len(reads.load(asked(f"{turn + 1}", goods=goods)).goods) == 100
