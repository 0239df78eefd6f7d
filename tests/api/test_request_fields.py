"""What a request may say of regimes, origins, quotas, own rates, lateness and attributes: read as values, or refused."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from api.fields import Known, Whole
from api.reading import Number, Refused
from api.schemas import QuoteIn
from calculator.errors import Unreadable
from calculator.money import Money
from calculator.request import GoodsLine, Lateness, OwnExcise, OwnRemedy, OwnTariff, QuoteRequest
from calculator.tariff_line import (
    AdValorem,
    ByValue,
    Compound,
    DutyRate,
    ExciseThreshold,
    LowerOf,
    MeasureKind,
    Sliding,
    Specific,
)

TODAY = date(2026, 11, 23)
SCHEMA = QuoteIn(Known(frozenset({"USD", "MXN"}), "data-1", lambda: TODAY))
LINE = {"hs_code": "22030000", "quantity": "10 t", "price": {"amount": "900", "currency": "USD", "per": "t"}}


def asked(**changes: Any) -> dict[str, Any]:
    """A request with changes."""
    return {"goods": [LINE], "costs": {"freight": {"amount": "500", "currency": "USD"}}, **changes}


def of_line(**changes: Any) -> dict[str, Any]:
    """A request with changes to its line."""
    return asked(goods=[{**LINE, **changes}])


def read(body: dict[str, Any]) -> QuoteRequest:
    return SCHEMA.load(body)


def goods(**changes: Any) -> GoodsLine:
    """The line of a request with changes to it, as read."""
    return read(of_line(**changes)).goods[0]


def tariff(**rates: Any) -> OwnTariff:
    """The user's own tariff, as read."""
    found = goods(tariff=rates).tariff
    assert found is not None
    return found


def excise(text: str) -> OwnExcise:
    found = tariff(consumption_tax=text).consumption_tax
    assert found is not None
    return found


def refused(body: dict[str, Any]) -> list[tuple[str, str, tuple[str, ...]]]:
    """The code, the pointer and what is allowed, of each wrong place."""
    with pytest.raises(Refused) as refusal:
        read(body)
    return [(each.code, each.pointer, each.allowed) for each in refusal.value.refusals]


# --- regimes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("regime", ["general_trade", "cbec_retail", "postal_articles", "best"])
def test_every_regime_can_be_asked(regime: str):
    assert read(asked(regime=regime)).regime == regime


def test_an_unknown_regime_is_refused_with_the_nearest_first():
    ((code, pointer, allowed),) = refused(asked(regime="cbec"))
    assert (code, pointer) == ("not_a_choice", "/regime")
    assert sorted(allowed) == ["best", "cbec_retail", "general_trade", "postal_articles"]


@pytest.mark.parametrize(
    ("regime", "used", "left"),
    [
        ("general_trade", None, False),
        ("postal_articles", None, False),
        ("cbec_retail", None, True),
        ("best", None, True),
        ("cbec_retail", {"amount": "0", "currency": "CNY"}, False),
    ],
)
def test_what_the_buyer_has_used_is_an_assumption_where_it_matters(regime: str, used: object, left: bool):
    body = asked(regime=regime, importer={"cbec_used": used} if used else {})
    assert ("importer/cbec_used" in read(body).defaulted) is left


# --- origin, preference and quota --------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["MX", "US", "ZZ", "unknown"])
def test_an_origin_is_two_letters_or_unknown(origin: str):
    """Whether a country of these letters exists is for the tables to say."""
    assert goods(origin=origin).origin == origin


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("mx", ("MX",)),
        ("MEX", ("MX",)),
        ("México", ("MX",)),
        ("墨西哥", ("MX",)),
        ("Unknown", ("unknown",)),
        ("Atlantis", ("MX", "unknown")),
        ("M1", ("MX", "unknown")),
        ("ＭＸ", ("MX",)),
    ],
)
def test_anything_else_is_no_origin(origin: str, allowed: tuple[str, ...]):
    assert refused(of_line(origin=origin)) == [("not_a_country", "/goods/0/origin", allowed)]


def test_an_origin_is_a_text():
    assert refused(of_line(origin=484)) == [("wrong_type", "/goods/0/origin", ())]
    assert refused(of_line(origin=" ")) == [("empty_text", "/goods/0/origin", ("MX", "unknown"))]


@pytest.mark.parametrize(("given", "held"), [(True, "quota"), (False, ""), ("sliding", "sliding")])
def test_the_certificate_of_a_quota(given: object, held: str):
    assert goods(tariff_quota=given).tariff_quota == held


@pytest.mark.parametrize("given", ["true", "yes", "Sliding", "", 1, Number("1"), None, [], {}])
def test_no_other_certificate_is_known(given: object):
    ((code, pointer, allowed),) = refused(of_line(tariff_quota=given))
    assert pointer == "/goods/0/tariff_quota"
    if given is None:
        assert code == "null_not_allowed"
    else:
        assert (code, allowed) == ("wrong_type", ("true", "false", '"sliding"'))


def test_a_proof_of_origin():
    assert goods(preference=True).preference is True
    assert goods().preference is False
    assert refused(of_line(preference="yes")) == [("wrong_type", "/goods/0/preference", ())]


# --- the user's own tariff ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("25%", AdValorem(Decimal("0.25"))),
        ("0.8 CNY/kg", Specific(Decimal("0.8"), "kg")),
        ("20% and 1 CNY per kg", Compound(Decimal("0.20"), Decimal(1), "kg")),
        ("lower(10%, 900 CNY/t)", LowerOf(AdValorem(Decimal("0.10")), Specific(Decimal(900), "t"))),
        (
            "by_value(2000 USD/piece, 130%, 6% + 20600 CNY/piece)",
            ByValue(
                Decimal(2000),
                "USD",
                "unit",
                AdValorem(Decimal("1.30")),
                Compound(Decimal("0.06"), Decimal(20600), "unit"),
            ),
        ),
        (
            "sliding(a=9.0, b=2.69%, threshold=14.000 CNY/kg, at_or_above=0.280 CNY/kg, cap=40%, places=3)",
            Sliding(
                Decimal("9.0"),
                Decimal("0.0269"),
                Decimal("14.000"),
                Decimal("0.280"),
                Decimal("0.40"),
                3,
                "kg",
            ),
        ),
    ],
)
def test_a_duty_has_every_form_of_the_tables(text: str, rate: DutyRate):
    assert tariff(duty=text).duty == rate


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("lower(10%)", "unreadable_rate"),
        ("lower(10%, -5%)", "negative_rate"),
        ("by_value(2000 XXX/piece, 130%, 6%)", "unknown_currency"),
        ("by_value(2000 USD/ton, 130%, 6%)", "ambiguous_unit"),
        ("sliding(a=9.0, b=2.69%)", "unreadable_rate"),
        ("1e1%", "unreadable_rate"),
    ],
)
def test_a_duty_that_is_none(text: str, code: str):
    ((found, pointer, _),) = refused(of_line(tariff={"duty": text}))
    assert (found, pointer) == (code, "/goods/0/tariff/duty")


@pytest.mark.parametrize("field", ["duty", "consumption_tax"])
def test_a_threshold_in_money_without_a_rate_is_refused(field: str):
    ((code, pointer, _),) = refused(of_line(tariff={field: "by_value(10 JPY/kg, 0%, 15%)"}))
    assert (code, pointer) == ("unknown_currency", f"/goods/0/tariff/{field}")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0%", OwnExcise(Decimal(0), None, "")),
        ("0.2 CNY/L", OwnExcise(None, Decimal("0.2"), "L")),
        ("20% + 1 CNY/kg", OwnExcise(Decimal("0.20"), Decimal(1), "kg")),
        (
            "by_value(370 USD/t, 220 CNY/t, 250 CNY/t)",
            OwnExcise(
                None,
                Decimal(250),
                "t",
                ExciseThreshold(Decimal(370), "USD", "t"),
                None,
                Decimal(220),
            ),
        ),
        (
            "by_value(10000 CNY/kg, 0%, 15%)",
            OwnExcise(
                Decimal("0.15"),
                None,
                "",
                ExciseThreshold(Decimal(10000), "CNY", "kg"),
                Decimal(0),
                None,
            ),
        ),
        (
            "by_value(350 CNY/thousand_sticks, 36% + 3 CNY/thousand_sticks, 56% + 3.0 CNY/thousand_sticks)",
            OwnExcise(
                Decimal("0.56"),
                Decimal(3),
                "thousand_sticks",
                ExciseThreshold(Decimal(350), "CNY", "thousand_sticks"),
                Decimal("0.36"),
                Decimal(3),
            ),
        ),
    ],
)
def test_a_consumption_tax_of_one_class_or_two(text: str, found: OwnExcise):
    assert excise(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "by_value(370 USD/t, 220 CNY/t, 250 CNY/L)",  # for two units
        "by_value(370 USD/t, 0%, 250 CNY/t)",  # a share and an amount
        "by_value(370 USD/t, 10%, 15% + 1 CNY/t)",  # a share, and one with an amount
        "by_value(350 CNY/t, 36% + 3 CNY/t, 56% + 4 CNY/t)",  # two amounts beside the shares
        "lower(10%, 900 CNY/t)",
        "sliding(a=9.0, b=2.69%, threshold=14 CNY/kg, at_or_above=0.28 CNY/kg, cap=40%, places=3)",
    ],
)
def test_no_other_consumption_tax_is_known(text: str):
    ((code, pointer, allowed),) = refused(of_line(tariff={"consumption_tax": text}))
    assert (code, pointer) == ("excise_form_not_allowed", "/goods/0/tariff/consumption_tax")
    assert {"25%", "by_value(10000 CNY/kg, 0%, 15%)", "by_value(370 USD/t, 220 CNY/t, 250 CNY/t)"} <= set(allowed)


def test_a_deposit_is_told_apart_from_a_duty():
    remedies = [{"kind": "anti_dumping", "duty": "13.5%", "deposit": True}, {"kind": "safeguard", "duty": "55%"}]
    assert tariff(trade_remedies=remedies).trade_remedies == (
        OwnRemedy(MeasureKind.ANTI_DUMPING, AdValorem(Decimal("0.135")), deposit=True),
        OwnRemedy(MeasureKind.SAFEGUARD, AdValorem(Decimal("0.55"))),
    )
    body = of_line(tariff={"trade_remedies": [{"kind": "safeguard", "duty": "55%", "deposit": "no"}]})
    assert refused(body) == [("wrong_type", "/goods/0/tariff/trade_remedies/0/deposit", ())]


@pytest.mark.parametrize(("given", "found"), [({"cbec": True}, True), ({"cbec": False}, False), ({"vat": "9%"}, None)])
def test_the_user_says_whether_goods_are_on_the_list(given: dict[str, Any], found: bool | None):
    assert tariff(**given).cbec is found


def test_a_place_on_the_list_is_yes_or_no():
    assert refused(of_line(tariff={"cbec": "true"})) == [("wrong_type", "/goods/0/tariff/cbec", ())]


# --- the importer ------------------------------------------------------------------------------------------------


def test_what_the_buyer_has_bought_this_year():
    used = read(asked(importer={"cbec_used": {"amount": "20000.50", "currency": "CNY"}}))
    assert used.cbec_used == Money(Decimal("20000.50"), "CNY")
    assert read(asked()).cbec_used is None


@pytest.mark.parametrize(
    ("used", "code", "pointer"),
    [
        ({"amount": "-1", "currency": "CNY"}, "negative_number", "/amount"),
        ({"amount": Number("1e4"), "currency": "CNY"}, "not_a_number", "/amount"),
        ({"amount": "1", "currency": "XXX"}, "unknown_currency", "/currency"),
        ({"amount": "1"}, "missing_field", "/currency"),
        ("20000", "wrong_type", ""),
    ],
)
def test_what_cannot_have_been_bought(used: object, code: str, pointer: str):
    ((found, where, _),) = refused(asked(importer={"cbec_used": used}))
    assert (found, where) == (code, f"/importer/cbec_used{pointer}")


@pytest.mark.parametrize(
    ("importer", "late"),
    [
        ({}, Lateness()),
        ({"late_days": Number("10")}, Lateness(payment_days=10)),
        ({"late_days": "0"}, Lateness(payment_days=0)),
        ({"late_declaration_days": "3650"}, Lateness(declaration_days=3650)),
        (
            {"paid_on": "2026-12-20", "counts_first_day": True},
            Lateness(paid_on=date(2026, 12, 20), counts_first_day=True),
        ),
        ({"paid_on": "2026-11-23"}, Lateness(paid_on=TODAY)),
    ],
)
def test_what_came_late(importer: dict[str, Any], late: Lateness):
    assert read(asked(importer=importer)).late == late


@pytest.mark.parametrize("field", ["late_days", "late_declaration_days"])
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("3651", "not_a_whole_number"),
        (Number("1.5"), "not_a_whole_number"),
        (Number("1e1"), "not_a_whole_number"),
        ("ten", "not_a_whole_number"),
        ("", "not_a_whole_number"),
        ("１０", "not_a_whole_number"),
        ("9" * 5000, "not_a_whole_number"),
        (Number("-1"), "negative_number"),
        (True, "wrong_type"),
        ([], "wrong_type"),
    ],
)
def test_days_are_whole_and_within_reason(field: str, given: object, code: str):
    ((found, pointer, allowed),) = refused(asked(importer={field: given}))
    assert (found, pointer) == (code, f"/importer/{field}")
    assert allowed == (("0", "3650") if code == "not_a_whole_number" else ())


def test_how_late_the_payment_is_must_be_told_once():
    body = asked(importer={"late_days": 3, "paid_on": "2026-12-20"})
    assert refused(body) == [("late_days_and_paid_on", "/importer/paid_on", ("late_days", "paid_on"))]


def test_nobody_pays_before_declaring():
    before = {"importer": {"paid_on": "2026-11-22"}}
    assert refused(asked(**before)) == [("paid_before_declared", "/importer/paid_on", ("2026-11-23",))]
    assert read(asked(declared_on="2026-11-22", **before)).late.paid_on == date(2026, 11, 22)
    assert refused(asked(declared_on="2026-13-01", **before)) == [("not_a_day", "/declared_on", ("2026-11-23",))]


def test_all_that_is_wrong_is_told_at_once():
    body = {
        **of_line(origin="Mexico", tariff_quota="yes"),
        "regime": "post",
        "importer": {"paid_on": "2026-11-01", "counts_first_day": 1, "late_declaration_days": -1},
    }
    assert {(code, pointer) for code, pointer, _ in refused(body)} == {
        ("not_a_country", "/goods/0/origin"),
        ("wrong_type", "/goods/0/tariff_quota"),
        ("not_a_choice", "/regime"),
        ("wrong_type", "/importer/counts_first_day"),
        ("negative_number", "/importer/late_declaration_days"),
    }


# --- attributes --------------------------------------------------------------------------------------------------


def test_attributes_are_read_as_texts():
    """The first two are the example of the contract."""
    given = {
        "displacement_cc": "1998",
        "retail_price": {"amount": "1300000.00", "currency": "CNY"},
        "seats": Number("23"),
        "mercury_free": True,
        "own_use": False,
        "kind": "solid",
    }
    assert goods(attributes=given).attributes == {
        "displacement_cc": "1998",
        "retail_price": "1300000.00",
        "seats": "23",
        "mercury_free": "yes",
        "own_use": "no",
        "kind": "solid",
    }


@pytest.mark.parametrize(
    ("given", "code", "pointer", "allowed"),
    [
        ({"amount": "1", "currency": "USD"}, "attribute_not_in_yuan", "/currency", ("CNY",)),
        ({"amount": "1", "currency": 1}, "wrong_type", "/currency", ()),
        ({"amount": "1"}, "missing_field", "/currency", ()),
        ({"amount": "-1", "currency": "CNY"}, "negative_number", "/amount", ()),
        ({"amount": "1", "currency": "CNY", "per": "kg"}, "unknown_field", "/per", ("amount", "currency")),
        ({"value": "1", "unit": "kg"}, "wrong_type", "", ()),
        (None, "wrong_type", "", ()),
        (["solid"], "wrong_type", "", ()),
        (Number("1e9"), "not_a_number", "", ("1998",)),
        ("1e9", "not_a_number", "", ("1998",)),
        (Number("-1"), "negative_number", "", ("1998",)),
        ("-1", "negative_number", "", ("1998",)),
        ("a\nb", "control_character", "", ()),
        ("x" * 101, "text_too_long", "", ()),
    ],
)
def test_an_attribute_of_the_wrong_kind(given: object, code: str, pointer: str, allowed: tuple[str, ...]):
    ((found, where, may_stand),) = refused(of_line(attributes={"retail_price": given}))
    assert (found, where) == (code, f"/goods/0/attributes/retail_price{pointer}")
    assert may_stand == allowed


@pytest.mark.parametrize(
    ("name", "expected"),
    [("voc_g_per_l", "attribute"), ("unit_value_cny", "attribute_of_money"), ("retail_price", "attribute_of_money")],
)
@pytest.mark.parametrize("given", [None, [], {"value": "421", "unit": "g/L"}])
def test_what_an_attribute_may_be_is_told(name: str, expected: str, given: object):
    assert facts_of(of_line(attributes={name: given})) == [{"expected": expected}]


def test_only_amounts_of_yuan_are_stated_in_a_currency():
    money = {"amount": "421", "currency": "CNY"}
    assert goods(attributes={"unit_value_cny": money}).attributes == {"unit_value_cny": "421"}
    for amount in (money, {"amount": "421"}):
        assert refused(of_line(attributes={"voc_g_per_l": amount})) == [
            ("wrong_type", "/goods/0/attributes/voc_g_per_l", ())
        ]


# --- what is told of a rate or a number ---------------------------------------------------------------------------


def facts_of(body: dict[str, Any]) -> list[dict[str, object]]:
    """The facts of each refusal."""
    with pytest.raises(Refused) as refusal:
        read(body)
    return [each.facts for each in refusal.value.refusals]


@pytest.mark.parametrize(
    ("field", "expected"), [("duty", "rate"), ("consumption_tax", "rate"), ("vat", "share"), ("cbec", "boolean")]
)
def test_the_kind_of_value_that_is_told_is_one_that_is_taken(field: str, expected: str):
    given: object = True if field != "cbec" else "true"
    assert facts_of(of_line(tariff={field: given})) == [{"expected": expected}]


def test_days_late_are_told_to_be_a_whole_number():
    assert facts_of(asked(importer={"late_days": True})) == [{"expected": "integer"}]


@pytest.mark.parametrize("field", ["duty", "vat", "consumption_tax"])
def test_a_rate_has_an_end(field: str):
    """What is echoed of a text has an end, and a text longer than any rate is not read in part."""
    (facts,) = facts_of(of_line(tariff={field: "9" * 100_000}))
    assert facts == {"text": "9" * 100, "longest": 200}
    (facts,) = facts_of(of_line(tariff={field: "x" * 150}))
    assert facts["text"] == "x" * 100
    ((code, _, _),) = refused(of_line(tariff={field: "13%" + " " * 400 + "x"}))
    assert code == "text_too_long"


@pytest.mark.parametrize(
    ("field", "allowed"), [("duty", "20% + 1 CNY/kg"), ("vat", "9%"), ("consumption_tax", "20% + 1 CNY/kg")]
)
@pytest.mark.parametrize("given", ["", "  "])
def test_an_empty_rate(field: str, allowed: str, given: str):
    ((code, pointer, may_stand),) = refused(of_line(tariff={field: given}))
    assert (code, pointer) == ("empty_text", f"/goods/0/tariff/{field}")
    assert allowed in may_stand


@pytest.mark.parametrize(
    ("field", "text", "form"),
    [
        ("duty", "by_value(2000 USD", "by_value(2000 USD/piece, 130%, 6% + 20600 CNY/piece)"),
        ("duty", "lower(10%)", "lower(10%, 900 CNY/t)"),
        (
            "duty",
            "sliding(a=9)",
            "sliding(a=9.0, b=2.69%, threshold=14.000 CNY/kg, at_or_above=0.280 CNY/kg, cap=40%, places=3)",
        ),
        ("consumption_tax", "by_value(10)", "by_value(370 USD/t, 220 CNY/t, 250 CNY/t)"),
    ],
)
def test_a_longer_form_that_cannot_be_read_is_told_how_it_is_written(field: str, text: str, form: str):
    assert refused(of_line(tariff={field: text})) == [("unreadable_rate", f"/goods/0/tariff/{field}", (form,))]
    assert tariff(**{field: form}) is not None


@pytest.mark.parametrize("most", [9, 10, 30, 365, 999, 1000, 3650])
def test_the_pattern_of_whole_numbers_says_what_is_read(most: int):
    field = Whole(most)
    (pattern,) = [each["pattern"] for each in field.metadata["oneOf"] if "pattern" in each]
    for number in range(most + 50):
        assert (re.fullmatch(pattern, str(number)) is not None) == (number <= most), number
    assert field.read("7") == field.read(Number("7.0")) == 7
    with pytest.raises(Unreadable):
        field.read(Number("7.5"))
