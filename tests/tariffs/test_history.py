"""The law of a day: each era's first day and the day before it, written down by hand from RULES.md."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from calculator.errors import NotInForce
from calculator.tariff_line import AdValorem, MeasureKind, Sliding
from tariffs.fx.calendar import customs_source_day
from tariffs.records import Records

ONE_DAY = timedelta(days=1)
STANDARD, REDUCED, AVOCADO, COTTON, MEDICINE = "22089010", "08044000", "08044000", "52010000", "30021200"


@pytest.fixture(scope="module")
def records() -> Records:
    return Records.load()


def rate_on(records: Records, hs_code: str, on: date) -> str:
    (found,) = records.vat(hs_code, on)
    return f"{(found.rate * 100).normalize():f}"


# RULES 5, last lines: standard and reduced rate by day of import.
VAT = [
    (date(2017, 7, 1), "17", "17", "13", "11"),
    (date(2018, 5, 1), "17", "16", "11", "10"),
    (date(2019, 4, 1), "16", "13", "10", "9"),
    (date(2026, 1, 1), "13", "13", "9", "9"),
]


@pytest.mark.parametrize(("first", "old_standard", "standard", "old_reduced", "reduced"), VAT)
def test_vat(records: Records, first: date, old_standard: str, standard: str, old_reduced: str, reduced: str) -> None:
    assert [rate_on(records, code, first - ONE_DAY) for code in (STANDARD, REDUCED)] == [old_standard, old_reduced]
    assert [rate_on(records, code, first) for code in (STANDARD, REDUCED)] == [standard, reduced]


def test_the_vat_law_of_2026_is_cited_from_its_day(records: Records) -> None:
    (before, after) = records.vat_classes["reduced"][-2:]
    assert (before.row.source, before.row.validity.valid_to) == ("mof-sta-gacc-2019-39", date(2025, 12, 31))
    assert (after.row.source, after.row.validity.valid_from) == ("cn-vat-law-2024", date(2026, 1, 1))


def test_vat_of_the_listed_medicines_begins_in_may_2018(records: Records) -> None:
    (medicine,) = records.vat_classes["medicine"]
    assert (medicine.row.validity.valid_from, medicine.rate) == (date(2018, 5, 1), Decimal("0.03"))


# RULES 3.5: the provisional rate of avocados.
@pytest.mark.parametrize(("first", "before", "after"), [(date(2016, 1, 1), None, 10), (date(2017, 12, 1), 10, 7)])
def test_avocado(records: Records, first: date, before: int | None, after: int) -> None:
    def provisional(on: date) -> list[object]:
        kind = MeasureKind.PROVISIONAL
        return [each.rate for each in records.measures(AVOCADO) if each.kind is kind and each.validity.covers(on)]

    assert provisional(first - ONE_DAY) == ([] if before is None else [AdValorem(Decimal(before) / 100)])
    assert provisional(first) == [AdValorem(Decimal(after) / 100)]


def test_the_provisional_rate_of_avocados_is_not_carried_on(records: Records) -> None:
    on = date(2027, 1, 1)
    assert not [
        each for each in records.measures(AVOCADO) if each.kind is MeasureKind.PROVISIONAL and each.validity.covers(on)
    ]


# RULES 3.4: the coefficients of the sliding duty on cotton.
@pytest.mark.parametrize(
    ("on", "a", "b", "threshold", "above"),
    [
        (date(2014, 12, 31), "9.337", "0.0277", "15", "0.570"),
        (date(2018, 1, 1), "9.45", "0.026", "15", "0.300"),
        (date(2020, 12, 31), "9.45", "0.026", "15", "0.300"),
        (date(2021, 1, 1), "9.0", "0.0269", "14", "0.280"),
        (date(2026, 12, 31), "9.0", "0.0269", "14", "0.280"),
    ],
)
def test_cotton(records: Records, on: date, a: str, b: str, threshold: str, above: str) -> None:
    (found,) = (each.rate for each in records.measures(COTTON) if each.part and each.validity.covers(on))
    assert isinstance(found, Sliding)
    assert (found.a, found.b, found.threshold, found.at_or_above) == tuple(map(Decimal, (a, b, threshold, above)))


# RULES 3.8, 3.9, 4.4, 6.2, 7.1, 7.4: figure, first day, the value before it and from it, the letter from it.
PARAMETERS = [
    ("duty_waiver", date(2024, 12, 1), "50", "50", "C"),
    ("payment_period", date(2024, 12, 1), "15", "15", "A"),
    ("cbec_order_limit", date(2016, 4, 8), None, "2000", "A"),
    ("cbec_order_limit", date(2019, 1, 1), "2000", "5000", "A"),
    ("cbec_annual_limit", date(2016, 4, 8), None, "20000", "A"),
    ("cbec_annual_limit", date(2019, 1, 1), "20000", "26000", "A"),
    ("cbec_tax_share", date(2016, 4, 8), None, "0.70", "A"),
    ("postal_rate_low", date(2016, 4, 8), "0.10", "0.15", "A"),
    ("postal_rate_middle", date(2016, 4, 8), "0.20", "0.30", "A"),
    ("postal_rate_high", date(2016, 4, 8), "0.50", "0.60", "A"),
    ("postal_rate_low", date(2018, 11, 1), "0.15", "0.15", "A"),
    ("postal_rate_middle", date(2018, 11, 1), "0.30", "0.25", "A"),
    ("postal_rate_high", date(2018, 11, 1), "0.60", "0.50", "A"),
    ("postal_rate_low", date(2019, 4, 9), "0.15", "0.13", "A"),
    ("postal_rate_middle", date(2019, 4, 9), "0.25", "0.20", "A"),
    ("postal_rate_high", date(2019, 4, 9), "0.50", "0.50", "A"),
    ("postal_rate_medicines", date(2019, 4, 9), None, "0.03", "A"),
    ("postal_value_limit", date(2024, 12, 1), "1000", "2000", "A"),
    ("super_luxury_threshold", date(2016, 12, 1), None, "1300000", "A"),
    ("super_luxury_threshold", date(2025, 7, 20), "1300000", "900000", "A"),
    ("presumed_insurance", date(2014, 2, 1), "0.003", "0.003", "A"),
]


@pytest.mark.parametrize(("name", "first", "before", "after", "confidence"), PARAMETERS)
def test_figures(records: Records, name: str, first: date, before: str | None, after: str, confidence: str) -> None:
    if before is None:
        with pytest.raises(NotInForce) as refused:
            records.parameter(name, first - ONE_DAY)
        assert refused.value.facts["table"] == "import-taxes"
        assert refused.value.facts["covered_from"] == first
    else:
        assert records.parameter(name, first - ONE_DAY).value == Decimal(before)
    found = records.parameter(name, first)
    assert (found.value, found.row.confidence) == (Decimal(after), confidence)


def test_the_waiver_of_duty_changes_its_law(records: Records) -> None:
    sources = [records.parameter("duty_waiver", on).row.source for on in (date(2024, 11, 30), date(2024, 12, 1))]
    assert sources == ["cn-tariff-regulations-2003", "mof-gacc-2024-17"]


def test_there_were_four_classes_of_personal_articles_to_april_2016(records: Records) -> None:
    names = ("low", "middle", "third_of_four", "high")
    rates = [records.parameter(f"postal_rate_{name}", date(2016, 4, 7)).value for name in names]
    assert rates == [Decimal(each) / 100 for each in (10, 20, 30, 50)]
    with pytest.raises(NotInForce):
        records.parameter("postal_rate_third_of_four", date(2016, 4, 8))
    # Which goods stood in which class was not seen.
    assert records.parameter("postal_rate_low", date(2016, 4, 7)).row.confidence == "B"


@pytest.mark.parametrize("what", ["postal_rate_low", "postal_value_limit", "import_vat_waiver"])
def test_a_day_before_the_tables_names_the_table_and_what_it_covers(records: Records, what: str) -> None:
    with pytest.raises(NotInForce) as refused:
        records.parameter(what, date(2015, 12, 31))
    assert refused.value.facts["covered_from"] == date(2016, 1, 1)


# RULES 4.4: categories of the consumption tax.
@pytest.mark.parametrize(
    ("category", "first", "before", "after"),
    [
        ("high_end_cosmetics", date(2016, 10, 1), "0.30", "0.15"),
        ("lead_batteries", date(2016, 1, 1), None, "0.04"),
        ("industrial_alcohol", date(2014, 12, 1), "0.05", None),
    ],
)
def test_consumption_tax(records: Records, category: str, first: date, before: str | None, after: str | None) -> None:
    rates = [
        next(each.rate for each in records.categories[category] if each.row.validity.covers(on))
        for on in (first - ONE_DAY, first)
    ]
    assert rates == [None if each is None else Decimal(each) for each in (before, after)]


def test_e_cigarettes_begin_in_november_2022(records: Records) -> None:
    assert records.categories["e_cigarettes"][0].row.validity.valid_from == date(2022, 11, 1)


# RULES 2.2 to 2.4: the day whose parity is the customs rate, before and after 2024-12-01.
@pytest.mark.parametrize(
    ("month", "source_day"),
    [
        (date(2010, 2, 1), date(2010, 1, 20)),
        (date(2012, 12, 1), date(2012, 11, 21)),
        (date(2021, 3, 1), date(2021, 2, 24)),  # Spring Festival on the third Wednesday: the fourth
        (date(2024, 11, 30), date(2024, 10, 16)),
        (date(2024, 12, 1), date(2024, 11, 20)),
        (
            date(2026, 3, 1),
            date(2026, 2, 24),
        ),  # Spring Festival again: the next day of trading, not the fourth Wednesday
        (date(2026, 10, 31), date(2026, 9, 16)),
    ],
)
def test_the_day_of_the_customs_rate(month: date, source_day: date) -> None:
    assert customs_source_day(month) == source_day
