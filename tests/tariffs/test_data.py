"""Lint of the real tables, and figures checked by hand against the documents."""

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from calculator.errors import NotInForce
from calculator.tariff_line import (
    AdValorem,
    ByValue,
    ExciseForm,
    ExcisePerUnit,
    LowerOf,
    Measure,
    MeasureKind,
    Row,
    Sliding,
    Specific,
)
from tariffs.checks import check
from tariffs.records import Records
from tariffs.rows import COLUMNS
from tests.tariffs.planted import findings_after

DAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def records() -> Records:
    return Records.load()


def in_force(records: Records, hs_code: str, kind: MeasureKind, on: date = DAY, part: str = "") -> Measure:
    (found,) = (
        each
        for each in records.measures(hs_code)
        if each.kind is kind and each.part == part and each.validity.covers(on)
    )
    return found


def test_the_tables_are_clean(records: Records) -> None:
    assert [str(finding) for finding in check(records)] == []


def test_every_table_and_column_is_in_the_dictionary() -> None:
    text = (files("tariffs") / "README.md").read_text(encoding="utf-8")
    for file, columns in COLUMNS.items():
        assert f"`{file}`" in text
        missing = [column for column in columns if f"`{column}`" not in text]
        assert not missing, f"{file}: {missing}"


def test_every_file_of_the_tables_is_in_the_manifest(records: Records) -> None:
    named = {file for table in records.tables for file in table.files}
    assert named == {*COLUMNS, "cn/import_taxes.toml", "cn/consumption_tax.toml", "logistics/modes.toml"}


# --- the whole schedule ------------------------------------------------------------------------------------------


def test_the_schedule_is_whole(records: Records) -> None:
    assert len(records.codes) == 8972
    assert list(records.codes) == sorted(set(records.codes))


def test_596_lines_have_a_provisional_rate_of_one_percentage_on_new_years_day(records: Records) -> None:
    on = date(2026, 1, 1)
    whole = [
        code
        for code in records.codes
        for each in records.measures(code)
        if each.kind is MeasureKind.PROVISIONAL and not each.part and each.validity.covers(on)
    ]
    specific = {"37024229", "40011000", "40012100", "40012200"}
    assert len(whole) == len(set(whole)) == 596 + len(specific)
    assert "22083000" not in whole


def test_parts_of_lines_whose_rate_nobody_read(records: Records) -> None:
    parts = [each for code in records.codes for each in records.measures(code) if each.part and each.rate is None]
    schedule = [each for each in parts if each.kind is MeasureKind.PROVISIONAL]
    assert len(schedule) == 139 - 5 + 5  # five of those marked were read, five more are glued to names


# --- figures checked by hand -------------------------------------------------------------------------------------


def test_avocado(records: Records) -> None:
    assert in_force(records, "08044000", MeasureKind.MFN).rate == AdValorem(Decimal("0.25"))
    provisional = in_force(records, "08044000", MeasureKind.PROVISIONAL)
    assert provisional.rate == AdValorem(Decimal("0.07"))
    assert provisional.row.confidence == "A"
    assert provisional.validity.valid_to == date(2026, 12, 31)
    assert in_force(records, "08044000", MeasureKind.GENERAL).rate == AdValorem(Decimal("0.8"))
    (vat,) = records.vat("08044000", DAY)
    assert (vat.rate, vat.category) == (Decimal("0.09"), "reduced")
    assert records.excise("08044000", DAY) == ()
    line = records.line("08044000")
    assert line is not None
    assert line.units == ("kg",)
    assert line.names["en"] == "Avocados, fresh or dried"
    assert line.names["es"].startswith("Aguacates")
    assert line.names["zh"].startswith("鳄梨")
    assert line.name_sources == {"en": "ours", "es": "official", "zh": "official"}


@pytest.mark.parametrize(
    ("on", "percent", "confidence"),
    [
        (date(2016, 1, 1), 10, "B"),
        (date(2017, 11, 30), 10, "B"),
        (date(2017, 12, 1), 7, "B"),
        (date(2025, 12, 31), 7, "B"),
        (date(2026, 1, 1), 7, "A"),
    ],
)
def test_avocado_through_the_years(records: Records, on: date, percent: int, confidence: str) -> None:
    found = in_force(records, "08044000", MeasureKind.PROVISIONAL, on)
    assert found.rate == AdValorem(Decimal(percent) / 100)
    assert found.row.confidence == confidence


def test_tequila(records: Records) -> None:
    assert in_force(records, "22089010", MeasureKind.MFN).rate == AdValorem(Decimal("0.1"))
    (vat,) = records.vat("22089010", DAY)
    assert (vat.rate, vat.category) == (Decimal("0.13"), "standard")
    (case,) = records.excise("22089010", DAY)
    assert case.condition == ""
    assert case.excise.form is ExciseForm.COMPOUND
    assert case.excise.rate == Decimal("0.2")
    assert case.excise.per_unit == (ExcisePerUnit(Decimal("0.912"), "L"), ExcisePerUnit(Decimal(1), "kg"))


def test_beer(records: Records) -> None:
    assert in_force(records, "22030000", MeasureKind.MFN).rate == AdValorem(Decimal(0))
    assert in_force(records, "22030000", MeasureKind.GENERAL).rate == Specific(Decimal("7.5"), "L")
    by_litre, case = records.excise("22030000", DAY)
    assert (by_litre.condition, case.condition) == ("measured_by? = litre", "")
    litre = by_litre.excise
    assert (litre.per_unit[0].amount, litre.per_unit_below[0].amount) == (Decimal("0.253"), Decimal("0.2227"))
    assert [(each.value, each.currency, each.unit) for each in litre.thresholds] == [(Decimal("0.3745"), "USD", "L")]
    excise = case.excise
    assert excise.form is ExciseForm.SPECIFIC_BY_VALUE
    assert (excise.per_unit[0].amount, excise.per_unit_below[0].amount) == (Decimal(250), Decimal(220))
    (threshold,) = excise.thresholds
    assert (threshold.value, threshold.currency, threshold.unit) == (Decimal(370), "USD", "t")
    assert excise.litres_per_tonne == Decimal(988)
    assert excise.row.confidence == "A"


def test_the_table_in_litres_is_of_2024_and_leaves_no_gap_before_it(records: Records) -> None:
    assert [case.excise.category for case in records.excise("22030000", date(2023, 12, 31))] == ["beer"]
    assert len(records.excise("22030000", date(2024, 1, 1))) == 2


def test_cars_that_may_be_super_luxury(records: Records) -> None:
    marked = {name for name, dated in records.categories.items() if any(each.super_luxury for each in dated)}
    sizes = ("1000", "1500", "2000", "2500", "3000", "4000", "over_4000")
    assert marked == {"light_buses", *(f"cars_{size}" for size in sizes)}


def test_late_declaration(records: Records) -> None:
    names = ("late_declaration_period", "late_declaration_rate", "late_declaration_minimum")
    found = [records.parameter(name, DAY) for name in names]
    assert [each.value for each in found] == [Decimal(14), Decimal("0.0005"), Decimal(50)]
    assert {(each.row.source, each.row.confidence) for each in found} == {("gacc-late-declaration", "A")}


def test_whisky_from_february(records: Records) -> None:
    assert in_force(records, "22083000", MeasureKind.PROVISIONAL).rate == AdValorem(Decimal("0.05"))
    january = [each for each in records.measures("22083000") if each.validity.covers(date(2026, 2, 1))]
    assert MeasureKind.PROVISIONAL not in {each.kind for each in january}


def test_the_other_forms_of_duty(records: Records) -> None:
    assert in_force(records, "02071421", MeasureKind.MFN).rate == Specific(Decimal("0.8"), "kg")
    assert in_force(records, "40011000", MeasureKind.PROVISIONAL).rate == LowerOf(
        AdValorem(Decimal("0.1")), Specific(Decimal(900), "t")
    )
    video = in_force(records, "85211011", MeasureKind.GENERAL).rate
    assert isinstance(video, ByValue)
    assert (video.threshold, video.currency, video.unit) == (Decimal(2000), "USD", "unit")
    film = in_force(records, "37024292", MeasureKind.PROVISIONAL, part="红色或红外激光胶片，宽度＞80厘米，长度＞1000米")
    assert film.rate == Specific(Decimal("0.5"), "m2")


def test_cotton(records: Records) -> None:
    assert in_force(records, "52010000", MeasureKind.MFN).rate == AdValorem(Decimal("0.4"))
    assert in_force(records, "52010000", MeasureKind.TARIFF_QUOTA).rate == AdValorem(Decimal("0.01"))
    sliding = in_force(records, "52010000", MeasureKind.PROVISIONAL, part="sliding quota").rate
    assert sliding == Sliding(Decimal(9), Decimal("0.0269"), Decimal(14), Decimal("0.28"), Decimal("0.4"), 3, "kg")


def test_quota_lines(records: Records) -> None:
    kinds = [(code, each.kind) for code in records.codes for each in records.measures(code)]
    assert sum(kind is MeasureKind.TARIFF_QUOTA for _, kind in kinds) == 47
    assert {code for code, kind in kinds if kind is MeasureKind.QUOTA_PROVISIONAL} == {
        "31021000",
        "31052000",
        "31053000",
    }


def test_pecans_are_under_a_remedy_nobody_knows_the_rate_of(records: Records) -> None:
    remedies = [each for each in records.measures("08029990") if each.kind is MeasureKind.ANTI_DUMPING]
    assert [(each.rate, each.origins) for each in remedies] == [(None, ("MX",)), (None, ("US",))]
    pending = records.pending_remedies("08029990")
    assert [(each.kind, each.origins) for each in pending] == [
        (MeasureKind.ANTI_DUMPING, ("MX",)),
        (MeasureKind.ANTI_DUMPING, ("US",)),
    ]
    assert all(each.kind is MeasureKind.SAFEGUARD for each in records.pending_remedies("02013000"))
    assert not any(each.kind is MeasureKind.SAFEGUARD for each in records.measures("02013000"))


@pytest.mark.parametrize(
    ("hs_code", "category"),
    [
        ("87032130", "cars_1000"),
        ("87032250", "cars_1500"),
        ("87032341", "cars_2000"),
        ("87032353", "cars_2500"),
        ("87033321", "cars_4000"),
        ("87034073", "cars_over_4000"),
        ("87038010", "cars_electric"),
        ("22060010", "yellow_wine"),
        ("22060090", "wine"),
        ("71131190", "precious_jewellery"),
        ("24022000", "cigarettes"),
        ("27101914", "jet_fuel"),
        ("91021100", "watches"),
    ],
)
def test_lines_in_their_category(records: Records, hs_code: str, category: str) -> None:
    assert [case.excise.category for case in records.excise(hs_code, DAY)] == [category]


def test_a_line_in_several_categories_says_what_decides(records: Records) -> None:
    conditions = {case.condition: case.excise.rate for case in records.excise("87039000", DAY)}
    assert conditions["displacement_cc > 1000 and displacement_cc <= 1500"] == Decimal("0.03")
    assert conditions["displacement_cc = 0"] is None


# --- history -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "standard", "reduced"),
    [
        (date(2016, 1, 1), "0.17", "0.13"),
        (date(2017, 6, 30), "0.17", "0.13"),
        (date(2017, 7, 1), "0.17", "0.11"),
        (date(2018, 5, 1), "0.16", "0.10"),
        (date(2019, 3, 31), "0.16", "0.10"),
        (date(2019, 4, 1), "0.13", "0.09"),
        (date(2026, 1, 1), "0.13", "0.09"),
        (date(2030, 1, 1), "0.13", "0.09"),
    ],
)
def test_vat_through_the_years(records: Records, on: date, standard: str, reduced: str) -> None:
    assert [each.rate for each in records.vat("22089010", on)] == [Decimal(standard)]
    assert [each.rate for each in records.vat("08044000", on)] == [Decimal(reduced)]


def test_an_open_class_gives_both_rates(records: Records) -> None:
    assert [each.rate for each in records.vat("04061000", DAY)] == [Decimal("0.09"), Decimal("0.13")]
    assert [each.category for each in records.vat("29309090", date(2017, 1, 1))] == ["standard"]


@pytest.mark.parametrize(
    ("name", "on", "value", "confidence"),
    [
        ("duty_waiver", date(2024, 11, 30), "50", "A"),
        ("duty_waiver", date(2024, 12, 1), "50", "C"),
        ("presumed_insurance", date(2014, 2, 1), "0.003", "A"),
        ("cbec_order_limit", date(2018, 12, 31), "2000", "A"),
        ("cbec_order_limit", date(2019, 1, 1), "5000", "A"),
        ("postal_value_limit", date(2024, 11, 30), "1000", "A"),
        ("postal_value_limit", date(2024, 12, 1), "2000", "A"),
    ],
)
def test_parameters(records: Records, name: str, on: date, value: str, confidence: str) -> None:
    found = records.parameter(name, on)
    assert (found.value, found.row.confidence, found.row.table) == (Decimal(value), confidence, "import-taxes")


def test_a_day_before_the_first_row_names_the_table(records: Records) -> None:
    with pytest.raises(NotInForce) as refused:
        records.parameter("presumed_insurance", date(2001, 12, 31))
    assert refused.value.code == "no_row_in_force"
    assert refused.value.facts == {
        "table": "import-taxes",
        "key": "presumed_insurance",
        "on": date(2001, 12, 31),
        "covered_from": date(2002, 1, 1),
    }
    with pytest.raises(NotInForce) as refused:
        records.vat("08044000", date(2015, 12, 31))
    assert refused.value.facts["table"] == "vat"
    assert refused.value.facts["covered_from"] == date(2016, 1, 1)
    with pytest.raises(NotInForce) as refused:
        records.excise("24041200", date(2022, 10, 31))
    assert refused.value.facts["key"] == "e_cigarettes"


def boundaries(series: Iterable[Row]) -> Iterable[tuple[Row, Row | None]]:
    """Each row of a series with the row of the day before its first, if there is one."""
    rows = list(series)
    for row in rows:
        before = row.validity.valid_from - timedelta(days=1)
        yield row, next((each for each in rows if each.validity.covers(before)), None)


def test_on_each_first_day_the_new_row_and_the_day_before_the_old_one(records: Records) -> None:
    series: dict[tuple[str, ...], list[Row]] = {}
    for code in records.codes:
        for each in records.measures(code):
            series.setdefault((code, each.kind, each.part, *each.origins), []).append(each.row)
    for name, rates in records.vat_classes.items():
        series["vat", name] = [each.row for each in rates]
    for name, figures in records.parameters.items():
        series["parameter", name] = [each.row for each in figures]
    for name, excises in records.categories.items():
        series["excise", name] = [each.row for each in excises]
    checked = 0
    for rows in series.values():
        for row, before in boundaries(rows):
            first = row.validity.valid_from
            assert [each for each in rows if each.validity.covers(first)] == [row]
            assert before is None or before.validity.valid_to == first - timedelta(days=1)
            checked += 1
    assert checked > 18_000


def test_answers_are_those_of_the_day(records: Records) -> None:
    for name, figures in records.parameters.items():
        for row, before in boundaries(each.row for each in figures):
            assert records.parameter(name, row.validity.valid_from).row == row
            if before is not None:
                assert records.parameter(name, row.validity.valid_from - timedelta(days=1)).row == before


# --- goods and look-up -------------------------------------------------------------------------------------------


def test_products(records: Records) -> None:
    assert len(records.products) == 52
    tequila = records.product("tequila")
    assert tequila is not None
    assert tequila.names == {"en": "tequila", "es": "tequila", "zh": "龙舌兰酒"}
    assert [package.code for package in tequila.packages] == ["case-6x750", "case-12x750", "tank-L"]
    assert tequila.packages[0].net_volume_l == Decimal("4.5")
    assert tequila.packages[0].packages_per_pallet == 132
    assert records.products_of("22089010") == (tequila,)
    parts = records.product("auto-parts")
    assert parts is not None
    assert parts.hs_code == ""
    assert parts.packages[0].net_weight_kg is None
    assert records.product("nothing") is None


def test_nearest(records: Records) -> None:
    assert records.nearest_codes("08044001")[0] == "08044000"
    assert records.nearest_codes("0804.40.99")[0] == "08044000"
    assert all(code.startswith("08") for code in records.nearest_codes("08999999"))
    assert records.nearest_codes("xx") == ()
    assert records.nearest_products("tequla")[0] == "tequila"
    assert records.line("99999999") is None


def test_tables_and_sources(records: Records) -> None:
    assert records.release == "data-2026.11.28.2"
    states = {table.name: table for table in records.tables}
    assert states["customs-schedule"].known_until == date(2026, 12, 31)
    assert states["vat"].known_until == date(2026, 12, 31)
    assert all(len(table.sha256) == 64 for table in records.tables)
    law = records.source("cn-customs-tariff-law-2024")
    assert (law.effective_from, law.title_zh) == (date(2024, 12, 1), "中华人民共和国关税法")


def test_loading_is_quick() -> None:
    started = time.process_time()
    loaded = Records.load()
    assert time.process_time() - started < 2.5  # ten times what is promised, for a slow machine
    assert loaded.codes


# --- the lint finds what it should -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("cn/measures.csv", "08044000,provisional,7%,,,2026-01-01", "08044000,provisional,7%,,,2025-12-31", "overlap"),
        ("cn/measures.csv", "08044000,mfn,25%,,,2026-01-01", "08044000,mfn,25%,,,2026-01-02", "gap"),
        (
            "cn/measures.csv",
            "08044000,provisional,7%,,,2026-01-01",
            "08044000,provisional,26%,,,2026-01-01",
            "above_mfn",
        ),
        ("cn/measures.csv", "01012100,mfn,0%", "01012109,mfn,0%", "orphan_row"),
        ("cn/measures.csv", "01012900,mfn,10%", "01012900,mfn,10 %", "bad_expression"),
        ("cn/measures.csv", "01012900,mfn,10%", "01012900,mfn,010%", "not_canonical"),
        ("cn/measures.csv", "01012900,mfn,10%", "01012900,best,10%", "unknown_measure"),
        ("cn/measures.csv", "01012900,mfn,10%", "01012900,mfn,", "no_rate"),
        ("cn/measures.csv", "01012900,mfn,10%,,,", "01012900,agreement,5%,,,", "origins_of_kind"),
        ("cn/measures.csv", "01012900,mfn,10%,,,", "01012900,mfn,10%,,MX,", "origins_of_kind"),
        ("cn/measures.csv", "01012900,mfn,10%,,,", "01012900,agreement,5%,,CL XX,", "unknown_origin"),
        ("cn/trade_remedies.csv", "碧根果,US,", "碧根果,USA,", "unknown_origin"),
        ("cn/measures.csv", "2026-02-02,2026-12-31", "2026-02-02,2026-02-01", "days_reversed"),
        ("cn/measures.csv", "2026-02-02,2026-12-31", "2026-02-30,2026-12-31", "bad_day"),
        ("cn/measures.csv", "cn-tariff-commission-2026-1", "hearsay", "unknown_source"),
        ("cn/measures.csv", "feeair-0804400000,B", "feeair-0804400000,A", "raised_confidence"),
        ("cn/measures.csv", "feeair-0804400000,B", "feeair-0804400000,D", "bad_confidence"),
        ("cn/tariff_lines.csv", "\n08044000,", "\n0804400X,", "bad_code"),
        (
            "cn/tariff_lines.csv",
            "\n01012900,其他,马、驴、骡 > 马,kg",
            "\n01012900,其他,马、驴、骡 > 马,kgs",
            "unknown_unit",
        ),
        ("cn/vat_lines.csv", "\n01012900,reduced", "\n01012900,low", "unknown_category"),
        ("cn/vat_lines.csv", "\n01012900,", "\n01012100,", "double_row"),
        ("cn/consumption_tax_lines.csv", "seats > 23", "seats over 23", "bad_condition"),
        ("cn/consumption_tax_lines.csv", "\n2203,beer", "\n2299,beer", "orphan_row"),
        ("cn/consumption_tax_lines.csv", "measured_by? = litre", "measured_by?? = litre", "bad_condition"),
        ("cn/consumption_tax.toml", 'unit = "L" }, {', 'unit = "litron" }, {', "unknown_unit"),
        ("cn/import_taxes.toml", "valid_to = 2018-04-30", "valid_to = 2018-04-29", "gap"),
        ("cn/import_taxes.toml", 'source = "caishui-2018-32"', 'source = "hearsay"', "unknown_source"),
        ("cn/products.csv", "avocado-fresh,", "avocado-frsh,", "orphan_row"),
    ],
)
def test_the_lint_finds_it(tmp_path: Path, file: str, old: str, new: str, code: str) -> None:
    findings = findings_after(tmp_path, file, old, new)
    assert code in {finding.code for finding in findings}
    assert all(finding.file.startswith(("cn/", "mx/")) for finding in findings)


def test_a_row_is_as_sure_as_its_weakest_part(records: Records) -> None:
    (vat,) = records.vat("22089010", DAY)
    assert vat.row.confidence == "B"  # the rate is A, the line's class was read in a copy
    (case,) = records.excise("24022000", DAY)
    assert case.excise.row.confidence == "C"
    assert replace(case.excise.row, confidence="A", note="") == replace(
        records.categories["cigarettes"][0].row, note=""
    )
