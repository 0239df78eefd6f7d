"""Admission and documents: what RULES.md section 8 says, on the days it says it, and nothing that it does not."""

from datetime import date
from pathlib import Path

import pytest

from calculator.requirements import Requirement
from tariffs.records import Records
from tests.tariffs.planted import findings_after

DAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def records() -> Records:
    return Records.load()


def asked(records: Records, hs_code: str, product: str = "", on: date = DAY) -> dict[str, Requirement]:
    found = records.requirements(hs_code, product, on)
    by_code = {each.code: each for each in found}
    assert len(by_code) == len(found), "one row for each thing that is asked"
    return by_code


@pytest.mark.parametrize(
    ("hs_code", "on", "access", "confidence"),
    [
        ("08044000", DAY, "admitted", "A"),
        ("08061000", DAY, "admitted", "A"),
        ("08102000", date(2014, 12, 1), "admitted", "A"),
        ("08104000", date(2016, 11, 24), "not_seen", "B"),
        ("08104000", date(2016, 11, 25), "admitted", "A"),
        ("08039000", date(2019, 12, 31), "not_seen", "B"),
        ("08039000", date(2020, 1, 1), "admitted", "A"),
        ("22089010", date(2013, 7, 1), "admitted", "A"),
        ("08045020", DAY, "not_seen", "B"),
        ("02032900", DAY, "admitted", "C"),
        ("02023000", DAY, "admitted", "C"),
        ("02064900", DAY, "not_seen", "C"),
        ("10079000", DAY, "admitted", "C"),
    ],
)
def test_admission(records: Records, hs_code: str, on: date, access: str, confidence: str) -> None:
    found = asked(records, hs_code, on=on)["market_access"]
    assert (found.market_access, found.row.confidence) == (access, confidence)


@pytest.mark.parametrize(("hs_code", "on"), [("26030000", DAY), ("08062000", DAY), ("22089010", date(2013, 6, 30))])
def test_where_nothing_is_known_of_admission_nothing_is_said(records: Records, hs_code: str, on: date) -> None:
    assert "market_access" not in asked(records, hs_code, on=on)


def test_decree_280_takes_the_place_of_248(records: Records) -> None:
    before = asked(records, "22089010", on=date(2026, 5, 31))["foreign_producer_registration"]
    after = asked(records, "22089010", on=date(2026, 6, 1))["foreign_producer_registration"]
    assert "248" in before.texts["en"]
    assert "280" in after.texts["en"]
    assert (after.row.source, after.row.confidence) == ("cn-gacc-decree-280", "A")
    assert asked(records, "22089010")["food_safety"].row.confidence == "B"


@pytest.mark.parametrize(("on", "year"), [(date(2027, 3, 15), "2011"), (date(2027, 3, 16), "2025")])
def test_labels(records: Records, on: date, year: str) -> None:
    found = asked(records, "21039090", on=on)
    assert found["label"].texts["zh"] == f"预包装食品中文标签（GB 7718-{year}）。"
    assert found["nutrition_label"].row.source == f"gb-28050-{year}"


def test_labels_were_registered_until_october_2019(records: Records) -> None:
    assert "label_registration" in asked(records, "21039090", on=date(2019, 9, 30))
    assert "label_registration" not in asked(records, "21039090", on=date(2019, 10, 1))


def test_the_usual_file(records: Records) -> None:
    common = {"contract", "invoice", "packing_list", "transport_document", "certificate_of_origin"}
    assert set(asked(records, "26030000")) == common
    avocado = asked(records, "08044000", "avocado-fresh")
    assert set(avocado) == common | {
        "market_access",
        "phytosanitary_certificate",
        "quarantine_permit",
        "orchard_registration",
    }
    assert {each.row.confidence for code, each in avocado.items() if code != "market_access"} == {"C"}
    assert {"crt_certificate", "spirits_standard", "label"} <= set(asked(records, "22089010", "tequila"))
    assert "nutrition_label" not in asked(records, "22089010", "tequila")
    assert "crt_certificate" not in asked(records, "22089090", "mezcal")
    assert {"veterinary_certificate", "quarantine_permit"} <= set(asked(records, "02032900"))


def test_every_text_is_there_in_three_languages(records: Records) -> None:
    for each in records.all_requirements.rows:
        assert all(each.texts[language] for language in ("en", "es", "zh"))
        assert each.row.source in records.sources


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("cn/requirements.csv", "\n08044000,", "\n0804400,", "bad_code"),
        ("cn/requirements.csv", "\n08044000,", "\n08044001,", "orphan_row"),
        ("cn/requirements.csv", "\n08061000,", "\n08044000,", "overlap"),
        ("cn/requirements.csv", ",admitted,2015", ",allowed,2015", "bad_access"),
        ("cn/requirements.csv", ",,contract,", ",,contract!,", "bad_code"),
        ("cn/requirements.csv", ",,contract,Contract of sale.", ",,contract,", "no_text"),
        ("cn/requirements.csv", ",,contract,", ",contrct,contract,", "orphan_row"),
        ("cn/requirements.csv", "2016-11-25", "2016-11-31", "bad_day"),
        ("cn/postal_articles.csv", ",酒,high,", ",酒,highest,", "unknown_category"),
        ("cn/postal_articles.csv", "unit_value_cny >= 10000", "10000 or more", "bad_condition"),
        ("cn/postal_articles.csv", ",5,bottle,", ",5,,", "unknown_unit"),
        ("cn/postal_articles.csv", ",5,bottle,", ",about 5,bottle,", "bad_number"),
        ("cn/postal_articles.csv", "\ntobacco,", "\nalcohol,", "overlap"),
        ("cn/postal_articles.csv", "\nbeer,220300,", "\nbeer,2203,", "overlap"),
        ("cn/postal_articles.csv", ",玩具,low,", ",玩具,medicines,", "gap"),
        ("fx/customs_rates.csv", "sjfzxm-132472", "hearsay", "unknown_source"),
    ],
)
def test_the_lint_finds_it(tmp_path: Path, file: str, old: str, new: str, code: str) -> None:
    findings = findings_after(tmp_path, file, old, new)
    assert code in {finding.code for finding in findings}
    assert {finding.file for finding in findings} == {file}


def test_classes_of_personal_articles(records: Records) -> None:
    table = records.file("cn/postal_articles.csv")
    column = {name: at for at, name in enumerate(table.columns)}
    rates = {row[0]: row[column["rate"]] for row in table.rows}
    assert {rates[name] for name in ("food", "soft_drinks", "medicines", "books", "toys")} == {"low"}
    assert {rates[name] for name in ("textiles", "leather", "appliances", "watches", "bicycles")} == {"middle"}
    assert {rates[name] for name in ("alcohol", "tobacco", "high_end_cosmetics", "valuable_watches", "golf")} == {
        "high"
    }
    assert rates["listed_medicines"] == "medicines"
    prices = {row[0]: row[column["list_price"]] for row in table.rows if row[column["list_price"]]}
    assert prices == {
        "milk_powder": "200",
        "coffee": "200",
        "beer": "5",
        "brandy": "500",
        "whisky": "300",
        "vodka": "100",
    }
