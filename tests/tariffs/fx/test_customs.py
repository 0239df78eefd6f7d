"""The customs desk: every published vector, the estimates, and a table that is read strictly."""

from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from calculator.errors import NotInForce, Unpriceable
from calculator.money import Quotient
from tariffs.fx import FxTables
from tariffs.fx.calendar import customs_source_day
from tariffs.fx.customs import COLUMNS, FILE, CustomsRates
from tariffs.tables import TableError, csv_table


@cache
def fx() -> FxTables:
    return FxTables.load()


@pytest.mark.parametrize(
    ("month", "currency", "value", "confidence", "source_day"),
    [
        (date(2010, 2, 1), "USD", "6.8273", "A", date(2010, 1, 20)),
        (date(2011, 3, 1), "USD", "6.5855", "A", date(2011, 2, 16)),
        (date(2012, 11, 1), "USD", "6.3028", "B", date(2012, 10, 17)),
        (date(2012, 12, 1), "USD", "6.2908", "A", date(2012, 11, 21)),
        (date(2013, 11, 1), "USD", "6.1408", "B", date(2013, 10, 16)),
        (date(2013, 12, 1), "USD", "6.1305", "B", date(2013, 11, 20)),
        (date(2018, 3, 1), "USD", "6.3294", "B", date(2018, 2, 28)),
        (date(2021, 1, 1), "USD", "6.5355", "A", date(2020, 12, 16)),
        (date(2021, 3, 1), "USD", "6.4615", "A", date(2021, 2, 24)),
        (date(2023, 7, 1), "USD", "7.1795", "A", date(2023, 6, 21)),
        (date(2023, 7, 1), "EUR", "7.8396", "A", date(2023, 6, 21)),
        (date(2023, 7, 1), "AUD", "4.8741", "A", date(2023, 6, 21)),
        (date(2023, 7, 1), "NZD", "4.4271", "A", date(2023, 6, 21)),
        (date(2024, 1, 1), "USD", "7.0966", "B", date(2023, 12, 20)),
        (date(2026, 1, 1), "USD", "7.0573", "B", date(2025, 12, 17)),
        (date(2026, 7, 1), "USD", "6.8096", "A", date(2026, 6, 17)),
        (date(2026, 7, 1), "EUR", "7.8776", "A", date(2026, 6, 17)),
        (date(2026, 10, 1), "USD", "6.7628", "A", date(2026, 9, 16)),
    ],
)
def test_published_rates(month, currency, value, confidence, source_day):
    rate = fx().customs(currency, month)
    assert rate.value == Decimal(value)
    assert (rate.base, rate.quote, rate.desk, rate.estimate) == (currency, "CNY", "customs", False)
    assert (rate.confidence, rate.on) == (confidence, source_day)
    assert rate.published_as == f"1 {currency} = {value} CNY"


@pytest.mark.parametrize(
    ("month", "value"), [(date(2026, 1, 31), "4.5516"), (date(2026, 6, 15), "4.2961"), (date(2026, 7, 1), "4.2346")]
)
def test_the_yen_is_published_by_the_hundred(month, value):
    rate = fx().customs("JPY", month)
    assert (rate.multiplier, rate.divisor) == (Decimal(value), Decimal(100))
    assert rate.published_as == f"100 JPY = {value} CNY"
    assert rate.value == Quotient(Decimal(value), Decimal(100))


def test_a_rate_is_that_of_the_whole_month_and_of_no_other():
    rates = {fx().customs("USD", date(2026, 10, day)) for day in (1, 15, 31)}
    assert len(rates) == 1
    assert rates.pop().valid_to == date(2026, 10, 31)
    assert fx().customs("USD", date(2026, 9, 30)).estimate
    assert fx().customs("USD", date(2026, 11, 1)).estimate


def test_estimate_from_the_reference_rates_of_the_legal_source_day():
    """November 2026: third Wednesday of October is the 21st, EUR/CNY 7.4999, EUR/USD 1.1234, EUR/MXN 20.7632."""
    rate = fx().customs("USD", date(2026, 11, 26))
    assert (rate.multiplier, rate.divisor) == (Decimal("7.4999"), Decimal("1.1234"))
    assert (rate.on, rate.valid_to, rate.age_days) == (date(2026, 10, 21), date(2026, 11, 30), 0)
    assert (rate.estimate, rate.confidence, rate.source, rate.desk) == (True, "C", "ecb-reference-rates", "customs")
    assert rate.published_as == "EUR/CNY 7.4999 ÷ EUR/USD 1.1234 (ECB 2026-10-21)"
    peso = fx().customs("MXN", date(2026, 11, 1))
    assert (peso.multiplier, peso.divisor, peso.estimate) == (Decimal("7.4999"), Decimal("20.7632"), True)


def test_estimates_follow_the_holiday_rule_of_their_time():
    """Pesos of March: 2018 from the fourth Wednesday, 2026 from the day after the holidays."""
    old = fx().customs("MXN", date(2018, 3, 10))
    assert (old.multiplier, old.divisor, old.on) == (Decimal("7.7285"), Decimal("22.9437"), date(2018, 2, 28))
    new = fx().customs("MXN", date(2026, 3, 10))
    assert (new.multiplier, new.divisor, new.on) == (Decimal("8.1046"), Decimal("20.3539"), date(2026, 2, 24))


def test_the_euro_is_estimated_without_a_cross():
    rate = fx().customs("EUR", date(2026, 11, 1))
    assert (rate.value, rate.published_as) == (Decimal("7.4999"), "EUR/CNY 7.4999 (ECB 2026-10-21)")


def test_parities_of_other_days_are_no_monthly_rates():
    """100 CNY were 285.73 and 285.49 MXN on 2025-01-06 and -14, but the source day of February 2025 is the 15th."""
    assert customs_source_day(date(2025, 2, 1)) == date(2025, 1, 15)
    assert customs_source_day(date(2025, 1, 1)) == date(2024, 12, 18)
    assert fx().customs("MXN", date(2025, 1, 7)).estimate
    assert fx().customs("MXN", date(2025, 2, 7)).estimate


def test_the_yuan_in_itself():
    rate = fx().customs("CNY", date(2026, 11, 26))
    assert (rate.value, rate.divisor, rate.desk, rate.estimate) == (Decimal(1), Decimal(1), "customs", False)
    assert rate.valid_to == date(2026, 11, 30)


def test_a_month_that_cannot_be_known_is_refused_by_name():
    with pytest.raises(NotInForce) as refusal:
        fx().customs("MXN", date(2008, 1, 15))
    assert refusal.value.code == "no_exchange_rate"
    assert refusal.value.facts == {
        "table": "fx/customs_rates",
        "key": "MXN/CNY",
        "on": date(2008, 1, 15),
        "month": "2008-01",
        "covered_from": date(2008, 2, 1),
        "last_known": None,
    }
    assert fx().customs("MXN", date(2008, 2, 1)).on == date(2008, 1, 16)
    for on in (date(2005, 4, 30), date(2001, 1, 1)):
        with pytest.raises(NotInForce) as refusal:
            fx().customs("USD", on)
        assert refusal.value.facts["covered_from"] == date(2005, 5, 1)
    assert fx().customs("USD", date(2005, 5, 1)).on == date(2005, 4, 20)


def test_a_currency_no_longer_quoted_is_refused_and_an_unknown_one_too():
    with pytest.raises(NotInForce) as refusal:
        fx().customs("RUB", date(2026, 11, 1))
    assert refusal.value.facts["last_known"] == date(2022, 3, 1)
    with pytest.raises(Unpriceable, match="unknown_currency"):
        fx().customs("VND", date(2026, 11, 1))


def test_a_clock_far_ahead_still_gets_an_estimate_with_its_age():
    rate = fx().customs("USD", date(2028, 2, 29))
    assert (rate.multiplier, rate.divisor, rate.on) == (Decimal("7.4326"), Decimal("1.1172"), date(2028, 1, 19))
    assert (rate.estimate, rate.age_days, rate.valid_to) == (True, 446, date(2028, 2, 29))
    assert rate.published_as.endswith("(ECB 2026-10-30)")


def test_stored_rows_agree_with_the_law_and_with_the_market():
    """A slip of a digit, a month or a direction would show: every row is within 1% of the estimate it replaces."""
    from tariffs.fx.customs import estimate

    table = csv_table(FILE, COLUMNS)
    assert len(table.rows) == 27
    for month, currency, _, _, source_day, *_ in table.rows:
        on = date.fromisoformat(f"{month}-01")
        assert source_day in {"", str(customs_source_day(on))}
        official, guess = fx().customs(currency, on), estimate(fx().reference, currency, on)
        assert not official.estimate
        ratio = (official.multiplier * guess.divisor) / (official.divisor * guess.multiplier)
        assert Decimal("0.99") < ratio < Decimal("1.01")


def test_what_was_published_for_march_2018_is_of_the_fourth_wednesday():
    """The page does not tell its day: 6.3294 is 0.002 from the market of 28 February, 0.014 and more from 21 and 22."""
    official = fx().customs("USD", date(2018, 3, 1)).multiplier
    off = []
    for day in (28, 22, 21):
        rate = fx().market("USD", "CNY", date(2018, 2, day))
        off.append(abs(official - rate.multiplier / rate.divisor))
    assert off[0] < Decimal("0.002")
    assert min(off[1:]) > Decimal("0.014")


def written(tmp_path, *rows):
    (tmp_path / "fx").mkdir()
    (tmp_path / FILE).write_text("\n".join([",".join(COLUMNS), *rows, ""]), encoding="utf-8")
    return tmp_path


def test_a_rate_published_for_yuan_stays_an_exact_pair(tmp_path):
    rates = CustomsRates.load(written(tmp_path, "2025-02,MXN,285.49,per 100 CNY,,somewhere,B,"))
    rate = rates.official("MXN", date(2025, 2, 14))
    assert rate is not None
    assert (rate.multiplier, rate.divisor) == (Decimal(100), Decimal("285.49"))
    assert rate.published_as == "100 CNY = 285.49 MXN"
    assert rate.on == date(2025, 1, 15)
    assert rates.official("MXN", date(2025, 3, 1)) is None
    assert rates.official("USD", date(2025, 2, 1)) is None
    assert rates.sources() == {"somewhere"}


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("2025-13,MXN,285.49,per 100 CNY,,s,B,", ":2:month"),
        ("2025-2,MXN,285.49,per 100 CNY,,s,B,", ":2:month"),
        ("2025-02,mxn,285.49,per 100 CNY,,s,B,", ":2:currency"),
        ("2025-02,CNY,1,CNY per 1,,s,B,", ":2:currency"),
        ("2025-02,MXN,0,per 100 CNY,,s,B,", ":2:rate"),
        ("2025-02,MXN,-1.5,per 100 CNY,,s,B,", ":2:rate"),
        ("2025-02,MXN,1e3,per 100 CNY,,s,B,", ":2:rate"),
        ("2025-02,MXN,285.49,MXN per 100 CNY,,s,B,", ":2:quoted_as"),
        ("2025-02,MXN,285.49,CNY per 0,,s,B,", ":2:quoted_as"),
        ("2025-02,MXN,285.49,per 100 CNY,15/01/2025,s,B,", ":2:source_day"),
        ("2025-02,MXN,285.49,per 100 CNY,,s,D,", ":2:confidence"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path, row, place):
    with pytest.raises(TableError, match=FILE + place):
        CustomsRates.load(written(tmp_path, row))


def test_a_second_rate_for_a_month_is_refused(tmp_path):
    row = "2025-02,MXN,285.49,per 100 CNY,,s,B,"
    with pytest.raises(TableError, match=":3:month: MXN has a rate"):
        CustomsRates.load(written(tmp_path, row, row))
