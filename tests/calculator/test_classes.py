"""What a request is told of a fact that decides a class: what it may send, and the classes."""

from decimal import Decimal

import pytest

from calculator.classes import decided
from calculator.errors import Unpriceable
from calculator.quantities import read_quantity
from calculator.request import GoodsLine, Price

# Engines by their displacement, batteries, yachts by their length: as the tables write the classes of the law.
ENGINES = ("displacement_cc = 0", "displacement_cc > 0 and displacement_cc <= 1000", "displacement_cc > 1000")
YACHTS = ("length_m <= 8", "length_m > 8 and length_m < 90", "length_m >= 90")
BATTERIES = ("mercury_free = no", "mercury_free = yes")


def line(**attributes: str) -> GoodsLine:
    """Goods of which these facts are stated."""
    price = Price(Decimal(1), "CNY", "total")
    return GoodsLine(quantity=read_quantity("1 pcs"), price=price, hs_code="87032341", attributes=attributes)


def refused(conditions: tuple[str, ...], **attributes: str) -> Unpriceable:
    with pytest.raises(Unpriceable) as caught:
        decided([(each, each) for each in conditions], line(**attributes), "/goods/0", "consumption_tax")
    return caught.value


@pytest.mark.parametrize(
    ("conditions", "allowed", "classes"),
    [
        (
            ENGINES,
            ("0", "1000", "1001"),
            ("displacement_cc = 0", "0 < displacement_cc <= 1000", "displacement_cc > 1000"),
        ),
        (YACHTS, ("8", "49", "90"), ("length_m <= 8", "8 < length_m < 90", "length_m >= 90")),
        (("displacement_cc < 250", "displacement_cc = 250"), ("125", "250"), None),
        (BATTERIES, ("no", "yes"), ()),
        (("kind = other", "kind = lubricating_oil"), ("lubricating_oil", "other"), ()),
        # A class without a condition takes whatever is not named.
        (("listed = yes", ""), ("no", "yes"), ()),
    ],
)
def test_what_is_allowed_for_a_fact_that_is_missing_can_be_sent(
    conditions: tuple[str, ...], allowed: tuple[str, ...], classes: tuple[str, ...] | None
) -> None:
    error = refused(conditions)
    assert (error.code, error.allowed) == ("attribute_missing", allowed)
    if classes is not None:
        assert (error.facts["classes"] or ()) == classes
    name = error.pointer.rpartition("/")[2]
    found = [
        decided([(each, each) for each in conditions], line(**{name: sent}), "/goods/0", "consumption_tax")
        for sent in allowed
    ]
    assert sorted(found) == sorted(conditions)


@pytest.mark.parametrize("given", ["big", "yes", "1e3"])
def test_a_fact_that_is_no_number_is_told_numbers(given: str) -> None:
    error = refused(ENGINES, displacement_cc=given)
    assert (error.code, error.pointer) == ("attribute_not_a_number", "/goods/0/attributes/displacement_cc")
    assert error.allowed == ("0", "1000", "1001")


def test_facts_that_fit_no_class_are_told_the_classes() -> None:
    error = refused(("listed = yes",), listed="no")
    assert (error.code, error.allowed, error.facts["classes"]) == ("category_undecided", (), ("listed = yes",))
