"""The exporter's own code: where it leads, what is told of it, and the candidates of a code that leaves several lines."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import create_app
from api.settings import Settings
from api.store import Store
from tariffs.book import Book
from tests.conftest import NOW

CIF: dict[str, Any] = {
    "incoterm": "CIF",
    "declared_on": "2026-11-23",
    "fx": {"USD/CNY": "7"},
    "customs_fx": {"USD/CNY": "7"},
}


def asked(client: FlaskClient, **line: Any) -> Any:
    price = {"amount": "10000", "currency": "USD", "per": "total"}
    body = {**CIF, "goods": [{"quantity": "1000 kg", "price": price, **line}]}
    return client.post("/v1/quotes?store=false", json=body)


def codes(document: Any, part: str) -> set[str]:
    return {each["code"] for each in document[part]}


@pytest.mark.parametrize("written", ["0804.40.01", "08044001", "0804 40 01", "0804.40.01.00"])
def test_one_line(client: FlaskClient, written: str) -> None:
    # 10,000 USD x 7 = 70,000; provisional duty 7 % = 4,900; VAT 9 % of 74,900 = 6,741; in all 81,641.
    found = asked(client, fraccion=written).get_json()
    assert found["goods"][0]["hs_code"] == "08044000"
    assert found["totals"]["landed_cost"]["amount"] == "81641.00"
    assert {"fraccion_of_one_line", "no_export_duty"} <= codes(found, "assumptions")
    assert ("nico_left_aside" in codes(found, "assumptions")) == written.endswith(".00")


def test_lines_taxed_alike(client: FlaskClient) -> None:
    yogurt = asked(client, fraccion="0403.20.01").get_json()
    if "goods" in yogurt:
        assert "fraccion_of_lines_alike" in codes(yogurt, "assumptions")
    found = asked(client, fraccion="2208.90.03").get_json()
    assert "fraccion_of_lines_alike" in codes(found, "assumptions")


def test_candidates_by_hand(client: FlaskClient) -> None:
    answer = asked(client, fraccion="2714.90.99")
    assert answer.status_code == 422
    (error,) = answer.get_json()["errors"]
    assert error["code"] == "ambiguous_code"
    told = {each["hs_code"]: each for each in error["candidates"]}
    # 27149010 at 4 %: 2,800; VAT 13 % of 72,800 = 9,464; in all 82,264.
    assert told["27149010"]["taxes"]["customs_duty"]["amount"] == "2800.00"
    assert told["27149010"]["taxes"]["vat"]["amount"] == "9464.00"
    assert told["27149010"]["landed_cost"]["amount"] == "82264.00"
    # 27149090 at 3 %: 2,100; VAT 13 % of 72,100 = 9,373; in all 81,473.
    assert told["27149090"]["taxes"]["customs_duty"]["amount"] == "2100.00"
    assert told["27149090"]["taxes"]["vat"]["amount"] == "9373.00"
    assert told["27149090"]["landed_cost"]["amount"] == "81473.00"
    chosen = asked(client, fraccion="2714.90.99", hs_code="27149090").get_json()
    assert chosen["totals"]["landed_cost"]["amount"] == "81473.00"
    assert "export_duty_not_included" in codes(chosen, "warnings")


@pytest.mark.parametrize(
    ("line", "code", "allowed"),
    [
        ({"fraccion": "0403.10.01"}, "subheading_gone", ["04032010", "04032090"]),
        ({"hs_code": "040310"}, "subheading_gone", ["04032010", "04032090"]),
        ({"hs_code": "01013000"}, "line_divided", ["01013010", "01013090"]),
        ({"fraccion": "9999.99.99"}, "unknown_fraccion", []),
    ],
)
def test_codes_that_lead_nowhere(client: FlaskClient, line: dict[str, str], code: str, allowed: list[str]) -> None:
    (error,) = asked(client, **line).get_json()["errors"]
    assert (error["code"], error["allowed"]) == (code, allowed)
    assert [each["hs_code"] for each in error.get("candidates", [])] == allowed


def test_a_chosen_line_stands_beside_a_lost_subheading(client: FlaskClient) -> None:
    assert asked(client, fraccion="0403.10.01", hs_code="04032010").status_code == 200


def test_the_look_up(client: FlaskClient) -> None:
    found = client.get("/v1/tariff-lines?fraccion=4103.20.02&on=2026-11-23").get_json()
    assert [each["hs_code"] for each in found["items"]] == ["41032000"]
    assert found["fraccion"]["export_duty"]["standing"] == "forbidden"
    other = client.get("/v1/tariff-lines?fraccion=8517.13.01&on=2026-11-23").get_json()
    assert other["fraccion"]["in_table"] is False
    searched = client.get("/v1/tariff-lines?q=0804.40.01&on=2026-11-23").get_json()
    assert [each["hs_code"] for each in searched["items"]] == ["08044000"]


def test_a_product_without_a_fixed_code(client: FlaskClient) -> None:
    (error,) = asked(client, product="squid-frozen").get_json()["errors"]
    assert error["code"] == "code_needed"
    told = {each["hs_code"]: each["landed_cost"]["amount"] for each in error["candidates"]}
    # 70,000 at 12 % = 8,400; VAT 9 % of 78,400 = 7,056; in all 85,456. At 10 %: 7,000; 9 % of 77,000 = 6,930; in all 83,930.
    assert told == {"03074310": "85456.00", "03074390": "83930.00"}


def test_tequila_by_hand(client: FlaskClient) -> None:
    # 1,000 kg: duty 10 % = 7,000. Spirits bear 20 % and 1 yuan per kg: (77,000 + 1,000) / 0.8 = 97,500, of which 20 % is
    # 19,500, and 1,000: 20,500. VAT 13 % of 77,000 + 20,500 = 12,675. Landed 70,000 + 7,000 + 20,500 + 12,675 = 110,175.
    totals = asked(client, fraccion="2208.90.03").get_json()["totals"]
    found = [totals[each]["amount"] for each in ("customs_duty", "consumption_tax", "vat", "landed_cost")]
    assert found == ["7000.00", "20500.00", "12675.00", "110175.00"]


def test_candidates_in_three_languages(client: FlaskClient) -> None:
    price = {"amount": "10000", "currency": "USD", "per": "total"}
    names = {}
    for language in ("en", "es", "zh"):
        body = {**CIF, "language": language, "goods": [{"quantity": "1000 kg", "price": price, "fraccion": "27149099"}]}
        (error,) = client.post("/v1/quotes?store=false", json=body).get_json()["errors"]
        first = error["candidates"][0]
        assert first["name"] == first["names"][language]
        names[language] = first["name"]
    assert names["en"].startswith("Bitumen and asphalt")
    assert names["es"].startswith("Los demás (Betunes")
    assert names["zh"].startswith("天然沥青")


def test_a_target_has_rates_alone(client: FlaskClient) -> None:
    body = {
        **CIF,
        "goods": [{"quantity": "1000 kg", "price": {"currency": "USD", "per": "total"}, "fraccion": "27149099"}],
        "target": {"amount": "82264", "currency": "CNY", "per": "total"},
    }
    answer = client.post("/v1/targets", json=body)
    (error,) = answer.get_json()["errors"]
    assert (answer.status_code, error["code"]) == (422, "ambiguous_code")
    assert next((each["rates"]["mfn"], each["landed_cost"]) for each in error["candidates"]) == ("8%", None)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_fraccion_leads_somewhere_or_says_why(client: FlaskClient, real_book: Book, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(sorted(real_book.records.fracciones._rows)))
    answer = asked(client, fraccion=code)
    told = answer.get_json()
    if answer.status_code == 200:
        assert told["goods"][0]["hs_code"][:6] == code[:6]
        return
    assert answer.status_code == 422, told
    for error in told["errors"]:
        gone = error["code"] in ("subheading_gone", "subheading_not_there")
        if gone or error["code"] == "ambiguous_code":
            assert error["candidates"]
        for each in error.get("candidates", []):
            shared = 4 if gone else 6
            assert each["hs_code"][:shared] == code[:shared]


def test_candidates_where_shocks_are_asked(client: FlaskClient) -> None:
    """A code that leaves lines to choose from has them priced before anything is moved, as a quote has."""
    price = {"amount": "10000", "currency": "USD", "per": "total"}
    body = {**CIF, "goods": [{"quantity": "1000 kg", "price": price, "hs_code": "271490"}]}
    stressed = client.post("/v1/sensitivities", json={**body, "shocks": {"fx": ["10%"]}})
    assert stressed.status_code == 422
    (error,) = stressed.get_json()["errors"]
    (quoted,) = asked(client, hs_code="271490").get_json()["errors"]
    assert error["candidates"] == quoted["candidates"] != []


def test_a_divided_line_whose_parts_are_taxed_alike_is_priced_at_once(client: FlaskClient) -> None:
    """84713000 left the schedule; 84713010 and 84713090 are free of duty: VAT 13 % of 70,000 = 9,100; in all 79,100."""
    found = asked(client, hs_code="8471.30.00").get_json()
    assert found["goods"][0]["hs_code"] == "84713010"
    assert found["totals"]["landed_cost"]["amount"] == "79100.00"
    assert "divided_line_priced_by_line" in codes(found, "assumptions")
    assert "six_digits_priced_by_line" not in codes(found, "assumptions")
    of_mexico = asked(client, fraccion="8471.30.01").get_json()
    assert of_mexico["totals"] == found["totals"]
    both = asked(client, fraccion="8471.30.01", hs_code="84713000").get_json()
    assert both["totals"] == found["totals"]


def test_own_rates_leave_nothing_to_choose(client: FlaskClient) -> None:
    """The lines of 2714.90 differ in their duty alone: 70,000 at 5 % = 3,500; VAT 13 % of 73,500 = 9,555; in all 83,055."""
    found = asked(client, hs_code="271490", tariff={"duty": "5%"}).get_json()
    assert found["totals"]["landed_cost"]["amount"] == "83055.00"
    assert asked(client, hs_code="271490", tariff={"vat": "9%"}).status_code == 422


@pytest.mark.parametrize(
    ("regime", "told"),
    [("general_trade", "priced"), ("cbec_retail", "ambiguous_code"), ("best", "ambiguous_code")],
)
def test_lines_are_alike_under_what_is_asked(client: FlaskClient, regime: str, told: str) -> None:
    """Of the eggs of 0407.90 one line was read on the list of e-commerce, and the same rates apply to all."""
    price = {"amount": "500", "currency": "CNY", "per": "total"}
    body = {**CIF, "regime": regime, "goods": [{"hs_code": "040790", "quantity": "10 kg", "price": price}]}
    answer = client.post("/v1/quotes?store=false", json=body)
    if told == "priced":
        assert answer.get_json()["goods"][0]["hs_code"] == "04079010"
        return
    (error,) = answer.get_json()["errors"]
    assert (error["code"], [each["hs_code"] for each in error["candidates"]]) == (
        told,
        ["04079010", "04079020", "04079090"],
    )
    if regime == "cbec_retail":
        # The request's own word takes the place of the list.
        body["goods"][0]["tariff"] = {"cbec": True}
        assert client.post("/v1/quotes?store=false", json=body).status_code == 200


def test_lines_that_an_announced_change_tells_apart(tmp_path: Path, store: Store) -> None:
    """Two lines of frozen pork bear 5 % in February 2027; of one the rate was only announced, and what stood was 7 %."""

    def told(first: str) -> Any:
        (tmp_path / "cn").mkdir(exist_ok=True)
        (tmp_path / "sources.toml").write_text('[mine]\ntitle = "A notice that was announced"\nconfidence = "B"\n')
        rows = [
            f"02032110,provisional,{first},,,2026-01-01,2026-12-31,mine,B,",
            "02032110,provisional,5%,,,2027-01-01,2027-12-31,mine,B,",
            "02032190,provisional,5%,,,2026-01-01,2026-12-31,mine,B,",
            "02032190,provisional,5%,,,2027-01-01,2027-12-31,mine,B,",
        ]
        heads = "hs_code,measure,expression,part,origins,valid_from,valid_to,source,confidence,note"
        (tmp_path / "cn" / "measures.csv").write_text("\n".join((heads, *rows)) + "\n")
        app = create_app(Settings(database=""), Book.load(tmp_path), store, clock=lambda: NOW)
        price = {"amount": "70000", "currency": "CNY", "per": "total"}
        goods = [{"hs_code": "020321", "quantity": "1000 kg", "price": price}]
        body = {"incoterm": "CIF", "declared_on": "2027-02-01", "goods": goods}
        return app.test_client().post("/v1/quotes?store=false", json=body).get_json()

    # 70,000 at 5 % = 3,500; VAT 9 % of 73,500 = 6,615; in all 80,115.
    assert told("5%")["totals"]["landed_cost"]["amount"] == "80115.00"
    (error,) = told("7%")["errors"]
    assert (error["code"], error["allowed"]) == ("ambiguous_code", ["02032110", "02032190"])


def test_of_several_goods_each_has_its_own_candidates(client: FlaskClient) -> None:
    price = {"amount": "10000", "currency": "USD", "per": "total"}
    lines: list[dict[str, Any]] = [{"hs_code": "271490"}, {"fraccion": "0804.40.01"}, {"product": "squid-frozen"}]

    def told() -> Any:
        goods = [{"quantity": "1000 kg", "price": price, **line} for line in lines]
        return client.post("/v1/quotes?store=false", json={**CIF, "goods": goods})

    answer = told()
    assert (answer.status_code, answer.get_json()["type"]) == (422, "/problems/invalid-request")
    first, second = answer.get_json()["errors"]
    assert (first["pointer"], first["code"]) == ("/goods/0/hs_code", "ambiguous_code")
    assert [each["hs_code"] for each in first["candidates"]] == ["27149010", "27149020", "27149090"]
    assert (second["pointer"], second["code"]) == ("/goods/2/hs_code", "code_needed")
    assert [each["hs_code"] for each in second["candidates"]] == ["03074310", "03074390"]
    for error, other in ((first, second), (second, first)):
        for each in error["candidates"]:
            assert (each["taxes"], each["landed_cost"]) == (None, None)
            assert each["rates"]["mfn"]
            assert (each["problem"]["code"], each["problem"]["pointer"]) == ("others_to_choose", other["pointer"])
    # Once one is chosen the other has its figures. 70,000 each: 27149090 at 3 % and 13 % comes to 81,473, avocado to 81,641,
    # squid at 12 % and 9 % to 85,456: in all 248,570.
    lines[0]["hs_code"] = "27149090"
    (error,) = told().get_json()["errors"]
    assert error["pointer"] == "/goods/2/hs_code"
    assert error["candidates"][0]["landed_cost"]["amount"] == "248570.00"
    lines[2]["hs_code"] = "03074310"
    assert told().get_json()["totals"]["landed_cost"]["amount"] == "248570.00"


def test_many_goods_to_choose_for_stay_readable(client: FlaskClient) -> None:
    price = {"amount": "100", "currency": "USD", "per": "total"}
    goods = [{"quantity": "10 kg", "price": price, "fraccion": "1211.90.99"}] * 200
    answer = client.post("/v1/quotes?store=false", json={**CIF, "goods": goods}).get_json()
    told = [len(each.get("candidates", ())) for each in answer["errors"]]
    assert (len(told), sum(told)) == (50, 200)
    assert all(each["allowed"] for each in answer["errors"])


@pytest.mark.parametrize(
    ("line", "likely"),
    [
        ({"fraccion": "8044001"}, "0804.40.01"),
        ({"fraccion": "804.40.01"}, "0804.40.01"),
        ({"fraccion": "804 40 01 00"}, "0804.40.01.00"),
        ({"hs_code": "8044000"}, "08044000"),
        ({"hs_code": "80440"}, "080440"),
        ({"hs_code": "804400000"}, "0804400000"),
    ],
)
def test_a_code_without_its_zero_is_asked_about(client: FlaskClient, line: dict[str, str], likely: str) -> None:
    answer = asked(client, **line)
    (error,) = answer.get_json()["errors"]
    assert (answer.status_code, error["code"], error["allowed"]) == (422, "code_without_zero", [likely])
    assert f"did you mean {likely}?" in error["detail"]


def test_what_no_zero_mends_is_told_as_before(client: FlaskClient) -> None:
    for line, code in (
        ({"fraccion": "0804401"}, "not_a_fraccion"),
        ({"fraccion": "80440"}, "not_a_fraccion"),
        ({"hs_code": "0804400"}, "not_an_hs_code"),
        # No heading is 0847 or 0147: the digit that lacks stood elsewhere.
        ({"hs_code": "8471300"}, "not_an_hs_code"),
        ({"fraccion": "1471300"}, "not_a_fraccion"),
    ):
        (error,) = asked(client, **line).get_json()["errors"]
        assert error["code"] == code
    sought = client.get("/v1/tariff-lines?fraccion=8044001").get_json()
    assert sought["errors"][0]["allowed"] == ["0804.40.01"]


@pytest.mark.parametrize(
    ("language", "title", "name"),
    [
        ("en", "The tariff code is needed", "no subheading 0403.10. Lines"),
        ("es", "Hace falta el código arancelario chino", "la subpartida 0403.10 (Yogur). Líneas"),
        ("zh", "需要税则号列", "没有子目0403.10。"),
    ],
)
def test_codes_and_names_in_the_language_of_the_answer(
    client: FlaskClient, language: str, title: str, name: str
) -> None:
    price = {"amount": "10000", "currency": "USD", "per": "total"}

    def told(**line: str) -> Any:
        body = {**CIF, "language": language, "goods": [{"quantity": "1000 kg", "price": price, **line}]}
        return client.post("/v1/quotes?store=false", json=body).get_json()

    assert told(product="squid-frozen")["title"] == title
    # Our tables call what China no longer has in Spanish alone.
    assert name in told(fraccion="0403.10.01")["detail"]


def test_a_basket_has_its_candidates(client: FlaskClient) -> None:
    """Each request of a basket that a code leaves open names its lines; the others are priced."""
    price = {"amount": "10000", "currency": "USD", "per": "total"}

    def of(**line: str) -> dict[str, Any]:
        return {**CIF, "goods": [{"quantity": "1000 kg", "price": price, **line}]}

    body = {
        "changes": [{"hs_code": "0804", "measure": "provisional", "expression": "0%"}],
        "basket": [of(fraccion="2714.90.99"), of(fraccion="0804.40.01")],
    }
    first, second = client.post("/v1/what-if", json=body).get_json()["basket"]
    assert (first["label"], first["reason"]["code"], first["before"]) == ("2714.90.99", "ambiguous_code", None)
    assert [each["landed_cost"]["amount"] for each in first["candidates"]] == ["82264.00", "79100.00", "81473.00"]
    # Without duty: VAT 9 % of 70,000 = 6,300; in all 76,300, 5,341 less than 81,641.
    assert (second["label"], second["difference"]["amount"]) == ("0804.40.01", "-5341.00")
    assert "candidates" not in second


def test_scenarios_have_candidates(client: FlaskClient) -> None:
    price = {"amount": "10000", "currency": "USD", "per": "total"}
    goods = [{"quantity": "1000 kg", "price": price, "fraccion": "2714.90.99"}]
    answer = client.post(
        "/v1/comparisons", json={**CIF, "goods": goods, "vary": {"price": [price, {**price, "amount": "20000"}]}}
    )
    (error,) = answer.get_json()["errors"]
    assert (answer.status_code, error["code"]) == (422, "ambiguous_code")
    assert [each["landed_cost"]["amount"] for each in error["candidates"]] == ["82264.00", "79100.00", "81473.00"]
    # A way in that alone tells the lines apart is closed with its reason, and the others are priced.
    eggs = [{"quantity": "10 kg", "price": {**price, "amount": "50"}, "hs_code": "040790"}]
    varied = {"regime": ["general_trade", "cbec_retail"]}
    told = client.post("/v1/comparisons", json={**CIF, "goods": eggs, "vary": varied}).get_json()["scenarios"]
    found = {each["differs"]["regime"]: each for each in told}
    assert found["general_trade"]["totals"] is not None
    assert found["cbec_retail"]["reason"]["code"] == "ambiguous_code"
