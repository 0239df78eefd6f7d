"""The document of a quote, over the invented tariff of Atlantis; every amount expected here was worked out by hand."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from api.answers import answer
from calculator.incoterms import Incoterm
from calculator.money import Money
from calculator.quantities import read_quantity
from calculator.quote import FIGURES, quote_of
from calculator.request import (
    Adjustment,
    Costs,
    GoodsLine,
    Insurance,
    OwnExcise,
    OwnRemedy,
    OwnTariff,
    Price,
    QuoteRequest,
)
from calculator.tariff_line import AdValorem, MeasureKind, Specific
from tariffs.book import Book
from tests.atlantis import CORAL, KELP, NECTAR, PEARLS, SPONGES, asked, atlantis_dossier, goods, line_dossier

Json = dict[str, Any]
SUMMED = ("goods", "freight", "insurance", "origin_charges", "destination_charges", "taxes", "payment_cost")
TAXES = ("customs_duty", "trade_remedies", "consumption_tax", "vat", "postal_articles_tax")


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def answered(request: QuoteRequest, language: str = "en", **changed: Any) -> Json:
    return answer(quote_of(request, atlantis_dossier(request, **changed)), id=None, created_at=None, language=language)


def pearls() -> QuoteRequest:
    return asked(goods(PEARLS, "100 kg", "10000"), freight="1000")


def mixed(**more: Any) -> QuoteRequest:
    """Three lines, a price in pesos, and costs to share."""
    costs = Costs(
        freight=usd("777.77"),
        insurance=Insurance(rate=Decimal("0.004")),
        origin={"pre_carriage": Money(Decimal("1000"), "MXN"), "origin_handling": usd("35.55")},
        destination={"delivery": Money(Decimal("300.01"), "CNY")},
    )
    lines = (
        goods(KELP, "1000 kg", "70000", "MXN"),
        goods(NECTAR, "100 L", "25.5", "USD", "L", additions=(Adjustment("royalty", usd("100")),)),
        goods(SPONGES, "25 lb", "1.01", "EUR", "lb"),
    )
    return asked(*lines, costs=costs, incoterm="FCA", place="Atlantis, MX", place_is_port=False, **more)


def small() -> QuoteRequest:
    """A consignment whose duty and tax are within the limits."""
    return asked(goods(PEARLS, "1 kg", "20"), freight="10")


def own() -> QuoteRequest:
    """Rates of the user's own, a trade remedy among them."""
    tariff = OwnTariff(
        duty=AdValorem(Decimal("0.25")),
        vat=Decimal("0.09"),
        consumption_tax=OwnExcise(Decimal("0.1"), Decimal(2), "kg"),
        trade_remedies=(
            OwnRemedy(MeasureKind.ANTI_DUMPING, AdValorem(Decimal("0.135"))),
            OwnRemedy(MeasureKind.COUNTERVAILING, Specific(Decimal(3), "kg")),
        ),
    )
    return asked(goods("", "10 kg", "1000", description="mermaid combs", tariff=tariff), freight="100")


def delivered() -> QuoteRequest:
    costs = Costs(freight=usd("500"), destination={"delivery": usd("100")})
    return asked(goods(PEARLS, "100 kg", "20000"), incoterm="DDP", costs=costs)


def cif() -> QuoteRequest:
    return asked(goods(CORAL, "10 kg", "100"), goods(CORAL, "10 kg", "0.01"), incoterm="CIF")


EVERY = {each.__name__: each for each in (pearls, mixed, small, own, delivered, cif)}


@pytest.fixture(params=EVERY)
def document(request: pytest.FixtureRequest) -> Json:
    return answered(EVERY[request.param]())


def steps(document: Json, code: str) -> list[Json]:
    return [step for step in document["steps"] if step["code"] == code]


def amounts(document: Json, *codes: str) -> list[str]:
    return [step["amount"]["amount"] for code in codes for step in steps(document, code)]


def everything(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, dict):
        for each in value.values():
            yield from everything(each)
    elif isinstance(value, list):
        for each in value:
            yield from everything(each)


def test_pearls_by_hand() -> None:
    document = answered(pearls())
    expected = {
        "goods": "71000.00",  # 10,000 USD x 7.1
        "freight": "7100.00",
        "insurance": "0.00",
        "origin_charges": "0.00",
        "destination_charges": "0.00",
        "customs_value": "77231.00",  # (10,000 + 1,000) x 7 x 1.003
        "presumed_insurance": "231.00",
        "customs_duty": "7723.10",  # 10%
        "trade_remedies": "0.00",
        "consumption_tax": "0.00",
        "vat": "11044.03",  # 13% of 84,954.10
        "postal_articles_tax": "0.00",
        "taxes": "18767.13",
        "payment_cost": "0.00",
        "landed_cost": "96867.13",
        "landed_cost_net_of_vat": "96867.13",
        "landed_cost_display": "96867.13",
    }
    assert {name: each["amount"] for name, each in document["totals"].items()} == expected
    assert {each["currency"] for each in document["totals"].values()} == {"CNY"}
    (line,) = document["goods"]
    assert {name: line[name]["amount"] for name in expected} == expected
    assert line["hs_code"] == PEARLS
    assert (line["product"], line["description"]) == (None, "Pearls")
    assert line["quantity"] == {"value": "100", "unit": "kg"}
    assert line["rates"] == {"customs_duty": "10%", "basis": "mfn", "consumption_tax": None, "vat": "13%"}
    assert line["per_unit"][:2] == [
        {"unit": "kg", "amount": {"amount": "968.6713", "currency": "CNY"}},
        {"unit": "jin", "amount": {"amount": "484.3357", "currency": "CNY"}},  # half of it, 484.33565
    ]
    assert document["regime"] == "general_trade"
    assert document["declared_on"] == "2030-05-10"
    assert document["payment"]["cost"] == {"amount": "0.00", "currency": "CNY"}
    assert document["payment"]["reason"]["code"] == "no_rail"
    assert (document["expires_at"], document["expires_because"]) == (
        "2030-05-31T23:59:59+08:00",
        "customs rate month ends 2030-05-31",
    )


def test_the_explanation_of_import_vat() -> None:
    (vat,) = steps(answered(pearls()), "vat")
    assert vat["label"] == "Import VAT"
    assert vat["formula"] == "(customs value + customs duty + consumption tax) × VAT rate"
    assert vat["amount"] == {"amount": "11044.03", "currency": "CNY"}
    assert (vat["goods"], vat["payee"], vat["due"]) == (0, "customs", "within 15 days of declaration")
    assert [(each["label"], each["value"], each["unit"], each["from"]) for each in vat["inputs"]] == [
        ("Customs value", "77231.00", "CNY", "step:customs_value"),
        ("Customs duty", "7723.10", "CNY", "step:customs_duty"),
        ("Consumption tax", "0.00", "CNY", "step:consumption_tax"),
        ("VAT rate", "13%", None, f"table:vat/{PEARLS}"),
    ]
    rate = vat["inputs"][-1]
    assert (rate["source"], rate["date"], rate["confidence"]) == ("Tax code of Atlantis", "2030-01-01", "A")
    assert vat["citations"] == [
        {
            "source": "cn-vat-law-2024",  # Atlantis has not heard of it
            "title": "cn-vat-law-2024",
            "article": "art. 14",
            "url": None,
            "effective_from": None,
        },
        {
            "source": "atlantis-taxes",
            "title": "Tax code of Atlantis",
            "article": None,
            "url": "https://atlantis.example/atlantis-taxes",
            "effective_from": "2030-01-01",
        },
    ]


@pytest.mark.parametrize(
    ("language", "label", "formula", "title", "name"),
    [
        (
            "es",
            "IVA de importación",
            "(valor en aduana + arancel + impuesto al consumo) × tasa de IVA",
            "Tax code of Atlantis",
            "Perlas",
        ),
        ("zh", "进口环节增值税", "(计税价格 + 关税 + 消费税) × 增值税税率", "亚特兰蒂斯税法", "珍珠"),
        (
            "fr",
            "Import VAT",
            "(customs value + customs duty + consumption tax) × VAT rate",
            "Tax code of Atlantis",
            "Pearls",
        ),
    ],
)
def test_languages(language: str, label: str, formula: str, title: str, name: str) -> None:
    document = answered(pearls(), language)
    (vat,) = steps(document, "vat")
    assert (vat["label"], vat["formula"], vat["inputs"][-1]["source"]) == (label, formula, title)
    assert document["goods"][0]["description"] == name
    assert document["totals"] == answered(pearls())["totals"]


def test_a_few_sentences_in_chinese() -> None:
    document = answered(asked(goods(KELP, "10 kg", "1000"), freight="100", defaulted=("incoterm", "regime")), "zh")
    assert document["alternatives"][0]["what"] == "最惠国税率"
    assert document["alternatives"][0]["not_used_because"] == "由暂定税率取代"
    assert [each["text"] for each in document["assumptions"]][:2] == [
        "未指定贸易术语：按 FOB 处理。",
        "未指定监管方式：按一般贸易处理。",
    ]


def test_what_is_dated_and_kept() -> None:
    quote = quote_of(pearls(), atlantis_dossier(pearls()))
    made = datetime(2030, 5, 10, 4, 0, tzinfo=UTC)
    document = answer(quote, id="q_7", created_at=made, language="en")
    assert (document["id"], document["created_at"]) == ("q_7", "2030-05-10T04:00:00+00:00")
    files = {name: f"/v1/quotes/q_7.{name}" for name in ("csv", "xlsx", "html", "svg")}
    assert document["links"] == {"self": "/v1/quotes/q_7", **files}
    bare = answer(quote, id=None, created_at=None, language="en")
    assert not {"id", "created_at", "links"} & bare.keys()
    assert {**document, **bare} == document


def test_sums_add_up_to_the_fen(document: Json) -> None:
    for figures in (document["totals"], *document["goods"]):
        figure = {name: Decimal(figures[name]["amount"]) for name in FIGURES}
        assert figure["landed_cost"] == sum(figure[name] for name in SUMMED)
        assert figure["taxes"] == sum(figure[name] for name in TAXES)
    for name, total in document["totals"].items():
        assert Decimal(total["amount"]) == sum(Decimal(line[name]["amount"]) for line in document["goods"])


def test_every_zero_has_its_reason(document: Json) -> None:
    lines = range(len(document["goods"]))
    for step in document["steps"]:
        if "amount" in step and Decimal(step["amount"]["amount"]) == 0 and not step.get("unrounded"):
            assert step["reason"]["text"]
    behind = {"customs_duty": "customs_duty_due", "consumption_tax": "consumption_tax_due", "vat": "vat_due"}
    for name in (*SUMMED, *TAXES, "presumed_insurance"):
        for line in lines:
            if document["goods"][line][name]["amount"] != "0.00":
                continue
            codes = {name, behind.get(name, name)}
            told = [
                step
                for step in document["steps"]
                if (step["code"] in codes or step["code"].partition("@")[0].partition("#")[0] == name)
                and step["goods"] in (line, None)
                and "reason" in step
            ]
            assert told, (name, line)


def test_amounts_are_digits(document: Json) -> None:
    for value in everything(document):
        assert not isinstance(value, float | Decimal)
        if isinstance(value, dict) and "currency" in value and "amount" in value and isinstance(value["amount"], str):
            whole, _, decimals = value["amount"].removeprefix("-").partition(".")
            assert whole.isdigit()
            assert decimals == "" or decimals.isdigit()
            assert not value["amount"].startswith("-0.00")
        if isinstance(value, dict) and value.get("unit") and isinstance(value.get("value"), str):
            assert "E" not in value["value"].replace("EUR", "")


def test_it_is_json(document: Json) -> None:
    assert json.loads(json.dumps(document)) == document
    assert not any(value is ... for value in everything(document))


def test_every_input_is_found_where_it_says(document: Json) -> None:
    codes = {step["code"] for step in document["steps"]}
    for step in document["steps"]:
        for each in step["inputs"]:
            kind, _, name = each["from"].partition(":")
            assert kind in ("step", "table", "request", "law"), each
            assert kind != "step" or name in codes, (step["code"], each)
            assert each["value"]


def test_amounts_are_not_shared_between_answers() -> None:
    quote = quote_of(pearls(), atlantis_dossier(pearls()))
    first = answer(quote, id=None, created_at=None, language="en")
    for step in first["steps"]:
        for each in (*step["citations"], *step["inputs"], step):
            each.clear()
    assert answer(quote, id=None, created_at=None, language="en") == answered(pearls())


def test_a_waived_duty() -> None:
    # (20 + 10) x 7 x 1.003 = 210.63; duty 21.06 and VAT 27.38 are within 50
    document = answered(small())
    assert amounts(document, "customs_duty", "duty_waiver", "customs_duty_due") == ["21.06", "-21.06", "0.00"]
    (due,) = steps(document, "customs_duty_due")
    assert due["label"] == "Customs duty due after the waiver"
    assert due["formula"] == "customs duty + duty waiver"
    assert due["reason"] == {"code": "waived", "text": "it is within the limit up to which none is collected"}
    (waiver,) = steps(document, "duty_waiver")
    assert waiver["formula"] == "if customs duty ≤ limit of the duty waiver then 0 − customs duty, otherwise 0"
    (vat,) = steps(document, "vat")
    assert [each["from"] for each in vat["inputs"]][1] == "step:customs_duty_due"
    assert document["totals"]["vat"]["amount"] == "0.00"
    assert steps(document, "taxes")[0]["reason"]["code"] == "every_part_zero"


def test_zeros_without_a_step() -> None:
    document = answered(pearls())
    told = {step["code"]: step["reason"]["code"] for step in document["steps"] if "reason" in step}
    assert told == {
        "consumption_tax": "outside_every_heading",
        "insurance": "nothing_stated",
        "origin_charges": "in_the_price",
        "destination_charges": "nothing_stated",
        "payment_cost": "no_rail",
        "trade_remedies": "none_in_force",
        "postal_articles_tax": "not_in_this_regime",
    }


def test_a_rate_of_zero_and_a_tax_of_less_than_a_fen() -> None:
    document = answered(cif())
    assert [step["reason"]["code"] for step in steps(document, "customs_duty")] == ["zero_rate", "zero_rate"]
    # 13% of 0.07 yuan is a fen, 13% of 0.02 is none
    assert amounts(document, "vat") == ["91.00", "0.01"]
    cheap = answered(asked(goods(CORAL, "1 kg", "1", "USD"), goods(CORAL, "1 kg", "0.003"), incoterm="CIF"))
    assert steps(cheap, "vat")[1]["reason"]["code"] == "rounds_to_zero"
    assert steps(cheap, "presumed_insurance")[0]["reason"]["code"] == "in_the_price"
    free = answered(asked(goods(CORAL, "1 kg", "0.1"), freight="0"))
    assert steps(free, "freight@market")[0]["reason"]["code"] == "figure_zero"
    assert steps(free, "presumed_insurance")[0]["reason"]["code"] == "rounds_to_zero"


def test_unending_quotients_are_marked() -> None:
    document = answered(asked(goods(PEARLS, "100 kg", "1000", "MXN"), incoterm="CIF"))
    (value,) = steps(document, "transaction_value")
    assert value["amount"] == {"amount": "333.333333333333", "currency": "CNY"}
    assert value["unrounded"] is True
    rate = value["inputs"][1]
    assert (rate["code"], rate["value"], rate["unit"]) == ("customs_rate:MXN", "1 CNY = 3 MXN", "CNY/MXN")
    assert "unrounded" not in steps(document, "price_value")[0]
    assert amounts(document, "price_value") == ["400.00"]
    customs, market = document["rates"]["fx"]
    assert (customs["pair"], customs["rate"], customs["use"], customs["unrounded"]) == (
        "MXN/CNY",
        "0.333333333333",
        "customs",
        True,
    )
    assert (market["rate"], market["use"], market["published_as"], market["source"]) == (
        "0.4",
        "market",
        "5 MXN = 2 CNY",
        "Rates of the Mint of Atlantis",
    )


def test_the_users_own_rates() -> None:
    request = asked(goods(PEARLS, "100 kg", "1000"), incoterm="CIF", fx={("CNY", "USD"): Decimal("0.125")})
    document = answered(request)
    assert amounts(document, "transaction_value", "price_value") == ["8000.00", "8000.00"]
    (rate,) = document["rates"]["fx"]
    assert (rate["pair"], rate["rate"], rate["use"], rate["from"]) == ("USD/CNY", "8", "user", "request:/fx/CNY~1USD")

    # 7,000 + 700 yuan, nothing presumed of the carriage but 3‰: 7,723.10
    document = answered(own())
    assert document["goods"][0]["rates"] == {
        "customs_duty": "25%",
        "basis": "user",
        "consumption_tax": "10% + 2 CNY/kg",
        "vat": "9%",
    }
    assert document["goods"][0]["description"] == "mermaid combs"
    assert document["goods"][0]["hs_code"] is None
    assert amounts(document, "customs_value", "customs_duty") == ["7723.10", "1930.78"]
    labels = {step["code"]: step["label"] for step in document["steps"]}
    assert labels["remedy:anti_dumping:0"] == "Anti-dumping duty"
    assert labels["remedy:countervailing:1"] == "Countervailing duty (2)"
    assert amounts(document, "remedy:anti_dumping:0", "remedy:countervailing:1") == ["1042.62", "30.00"]
    assert document["totals"]["trade_remedies"]["amount"] == "1072.62"


def test_the_display_currency() -> None:
    # 96,867.13 yuan at 2/5 yuan a peso, 1/20 a yen, and at the user's own rate of 8
    assert answered(asked(*pearls().goods, freight="1000", display_currency="MXN"))["totals"][
        "landed_cost_display"
    ] == {
        "amount": "242167.83",  # 242,167.825
        "currency": "MXN",
    }
    yen = answered(asked(*pearls().goods, freight="1000", display_currency="JPY"))
    assert yen["totals"]["landed_cost_display"] == {"amount": "1937343", "currency": "JPY"}  # 1,937,342.6
    assert [each["pair"] for each in yen["rates"]["fx"]] == ["USD/CNY", "USD/CNY", "JPY/CNY"]
    mine = asked(*pearls().goods, freight="1000", display_currency="EUR", fx={("EUR", "CNY"): Decimal(8)})
    assert answered(mine)["totals"]["landed_cost_display"] == {"amount": "12108.39", "currency": "EUR"}


def test_lines_add_up_in_the_display_currency() -> None:
    document = answered(mixed(display_currency="JPY"))
    shown = [int(line["landed_cost_display"]["amount"]) for line in document["goods"]]
    assert sum(shown) == int(document["totals"]["landed_cost_display"]["amount"])


def test_shared_costs_are_explained_line_by_line() -> None:
    document = answered(asked(goods(PEARLS, "1 kg", "100"), goods(CORAL, "1 kg", "200"), freight="10"))
    # 10 USD at 7 by declared value: 23.33 and 46.67 at the customs rate; 71 yuan in running totals at the market rate
    parts = steps(document, "carriage_share")
    assert [(step["goods"], step["amount"]["amount"]) for step in parts] == [
        (0, "23.333333333333"),
        (1, "46.666666666667"),
    ]
    assert parts[0]["formula"] == (
        "carriage to the place of entry × price in yuan at the customs rate "
        "÷ sum of price in yuan at the customs rate over the lines"
    )
    assert [each["from"] for each in parts[0]["inputs"]] == [
        "step:freight@customs",
        "step:transaction_value",
        "step:transaction_value",
    ]
    assert amounts(document, "freight#part") == ["23.67", "47.33"]
    codes = [(step["code"], step["goods"]) for step in document["steps"]]
    assert codes.index(("carriage_share", 0)) < codes.index(("customs_value", 0))


def test_one_line_speaks_of_no_sums() -> None:
    document = answered(pearls())
    assert not any("over the lines" in (step["formula"] or "") for step in document["steps"])
    (value,) = steps(document, "customs_value")
    assert value["formula"] == (
        "price in yuan at the customs rate + carriage to the place of entry + presumed insurance premium"
    )
    assert [each["from"] for each in value["inputs"]] == [
        "step:transaction_value",
        "step:freight@customs",
        "step:presumed_premium",
    ]


def test_compound_taxes() -> None:
    # 1,000 USD x 7 = 7,000; duty 700 + 2 x 100 L; tax (7,900 + 100) x 20% / 80% + 100
    document = answered(asked(goods(NECTAR, "100 L", "1000"), incoterm="CIF"))
    assert amounts(document, "customs_duty", "consumption_tax") == ["900.00", "2100.00"]
    (tax,) = steps(document, "consumption_tax")
    assert tax["formula"] == (
        "(customs value + customs duty + quantity for the consumption tax × consumption tax per unit) × consumption tax "
        "rate ÷ (1 − consumption tax rate) + quantity for the consumption tax × consumption tax per unit"
    )
    assert document["goods"][0]["rates"]["customs_duty"] == "10% + 2 CNY/L"
    assert document["goods"][0]["rates"]["consumption_tax"] == "20% + 1 CNY/L"
    assert [each["value"] for each in tax["inputs"]] == ["7000.00", "900.00", "20%", "100", "1"]


def test_alternatives() -> None:
    document = answered(asked(goods(KELP, "10 kg", "1000"), incoterm="CIF"))
    (mfn,) = document["alternatives"]
    assert (mfn["what"], mfn["kind"], mfn["goods"], mfn["rate"], mfn["part"]) == ("MFN rate", "mfn", 0, "20%", None)
    assert mfn["not_used_because"] == "a provisional rate replaces it"
    assert mfn["citations"][0]["article"] == "art. 13"
    assert document["goods"][0]["rates"]["basis"] == "provisional"


def test_an_open_rate_shows_both_ends() -> None:
    request = asked(goods(PEARLS, "100 kg", "1000"), incoterm="CIF")
    document = answered(request, lines=(line_dossier(PEARLS, vat=("0.09", "0.13")),))
    # 7,000 + 700: 9% is 693, 13% is 1,001
    outcome = document["outcome"]
    assert outcome["status"] == "estimated"
    assert outcome["range"]["low"]["vat"]["amount"] == "693.00"
    assert outcome["range"]["high"]["vat"]["amount"] == document["totals"]["vat"]["amount"] == "1001.00"
    assert outcome["range"]["sources"] == [
        {
            "code": "vat_rate_open",
            "text": "The VAT rate of this line is open between 13%, 9%: the higher is used.",
            "width": {"amount": "308.00", "currency": "CNY"},
        }
    ]
    assert "range" not in answered(request)["outcome"]
    reason = next(each for each in outcome["reasons"] if each["code"] == "vat_rate_open")
    assert reason["pointer"] == "/goods/0"
    assert reason["action"] == "Give tariff.vat if you know the rate of your goods."


def test_where_it_all_comes_from() -> None:
    rates = answered(pearls())["rates"]
    assert rates["release"] == "atlantis-1"
    assert rates["fx_release"] == "mint-1"
    assert rates["tables"][0] == {
        "name": "customs-schedule",
        "version": "1",
        "known_until": "2030-12-31",
        "confidence": "A",
    }
    assert rates["fx"][0] == {
        "pair": "USD/CNY",
        "rate": "7",
        "use": "customs",
        "date": "2030-01-01",
        "source": "Rates of the Mint of Atlantis",
        "published_as": "1 USD = 7 CNY",
        "estimate": False,
        "age_days": None,
        "from": "table:fx-customs/USD",
    }


def test_laws_are_named_in_the_readers_language(real_book: Book) -> None:
    request = QuoteRequest(
        (GoodsLine(read_quantity("1 t"), Price(Decimal(10000), "CNY", "total"), hs_code="08044000"),),
        date(2026, 11, 23),
        Incoterm.CIF,
    )
    quote = quote_of(request, real_book.dossier(request))
    titles = {}
    for language in ("en", "es", "zh"):
        steps = answer(quote, id=None, created_at=None, language=language)["steps"]
        (vat,) = (step for step in steps if step["code"] == "vat")
        titles[language] = vat["citations"][0]["title"]
    assert titles == {
        "en": "Value-Added Tax Law of the People's Republic of China",
        "es": "Ley del Impuesto al Valor Agregado de la República Popular China",
        "zh": "中华人民共和国增值税法",
    }
