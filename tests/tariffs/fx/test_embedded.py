"""The market desk. Literal figures were read by eye out of the ECB's file, day by day."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator.errors import NotInForce, Unpriceable
from tariffs.fx import FxTables
from tariffs.fx.embedded import MAX_AGE, ReferenceRates
from tariffs.tables import TableError

PAST = st.dates(date(1998, 12, 1), date(2027, 6, 30))


@cache
def fx() -> FxTables:
    return FxTables.load()


@cache
def library():
    from currency_converter import CurrencyConverter

    return CurrencyConverter(decimal=True)


def pair(rate):
    return str(rate.multiplier), str(rate.divisor), rate.on


def test_cross_rate_keeps_both_published_figures():
    rate = fx().market("USD", "CNY", date(2026, 10, 30))
    assert (rate.base, rate.quote, rate.desk, rate.source) == ("USD", "CNY", "market", "ecb-reference-rates")
    assert pair(rate) == ("7.4326", "1.1172", date(2026, 10, 30))
    assert rate.published_as == "EUR/CNY 7.4326 ÷ EUR/USD 1.1172"
    assert (rate.age_days, rate.estimate, rate.valid_to) == (0, False, None)


@pytest.mark.parametrize(
    ("base", "quote", "on", "expected"),
    [
        ("MXN", "CNY", date(2026, 10, 21), ("7.4999", "20.7632", date(2026, 10, 21))),
        ("MXN", "CNY", date(2008, 1, 2), ("10.7125", "16.0143", date(2008, 1, 2))),
        ("MXN", "CNY", date(2018, 2, 28), ("7.7285", "22.9437", date(2018, 2, 28))),
        ("CNY", "MXN", date(2026, 9, 16), ("19.7723", "7.738", date(2026, 9, 16))),
        ("USD", "MXN", date(2026, 9, 16), ("19.7723", "1.1537", date(2026, 9, 16))),
        ("JPY", "CNY", date(2025, 12, 17), ("8.2569", "182.38", date(2025, 12, 17))),
        ("USD", "CNY", date(2005, 4, 1), ("10.7255", "1.2959", date(2005, 4, 1))),
    ],
)
def test_figures_of_the_file(base, quote, on, expected):
    assert pair(fx().market(base, quote, on)) == expected


def test_the_euro_is_quoted_directly():
    into = fx().market("EUR", "CNY", date(2026, 10, 30))
    assert (*pair(into), into.published_as) == ("7.4326", "1", date(2026, 10, 30), "EUR/CNY 7.4326")
    assert into.value == Decimal("7.4326")
    out = fx().market("CNY", "EUR", date(2026, 10, 30))
    assert (*pair(out), out.published_as) == ("1", "7.4326", date(2026, 10, 30), "1 ÷ EUR/CNY 7.4326")


def test_a_currency_in_itself():
    rate = fx().market("CNY", "CNY", date(1990, 1, 1))
    assert (*pair(rate), rate.published_as, rate.age_days) == ("1", "1", date(1990, 1, 1), "1", 0)
    with pytest.raises(Unpriceable, match="unknown_currency"):
        fx().market("XXX", "XXX", date(2026, 1, 1))


def test_a_weekend_takes_friday_and_never_monday():
    for on, age in ((date(2026, 10, 24), 1), (date(2026, 10, 25), 2)):
        rate = fx().market("USD", "CNY", on)
        assert pair(rate) == ("7.466", "1.1193", date(2026, 10, 23))
        assert rate.age_days == age
    assert pair(fx().market("USD", "CNY", date(2026, 10, 26))) == ("7.4603", "1.1188", date(2026, 10, 26))


def test_a_holiday_of_the_ecb_takes_the_day_before():
    rate = fx().market("USD", "CNY", date(2025, 12, 26))
    assert (*pair(rate), rate.age_days) == ("8.2679", "1.1787", date(2025, 12, 24), 2)


def test_a_day_before_the_first_is_refused_and_told():
    with pytest.raises(NotInForce) as refusal:
        fx().market("MXN", "CNY", date(2008, 1, 1))
    assert refusal.value.code == "no_exchange_rate"
    assert refusal.value.facts == {
        "table": "fx/ecb",
        "key": "MXN/CNY",
        "on": date(2008, 1, 1),
        "covered_from": date(2008, 1, 2),
        "covered_to": date(2026, 10, 30),
        "last_known": None,
    }
    with pytest.raises(NotInForce) as refusal:
        fx().market("USD", "CNY", date(2005, 3, 31))
    assert refusal.value.facts["covered_from"] == date(2005, 4, 1)


def test_currencies_that_never_met_are_refused():
    with pytest.raises(NotInForce) as refusal:
        fx().market("TRL", "CNY", date(2005, 4, 1))
    assert refusal.value.facts["covered_from"] is None


def test_an_unknown_currency_is_refused_with_what_is_known():
    for codes in (("mxn", "CNY"), ("CNY", "mxn")):
        with pytest.raises(Unpriceable) as refusal:
            fx().market(*codes, date(2026, 1, 5))
        assert refusal.value.code == "unknown_currency"
        assert refusal.value.facts == {"currency": "mxn"}
        assert refusal.value.allowed[0] == "MXN"
        assert set(refusal.value.allowed) == fx().currencies
    for code in ("", "Date", "USD,JPY", "ZZZ", "\u00a5"):
        with pytest.raises(Unpriceable, match="unknown_currency"):
            fx().market(code, "CNY", date(2026, 1, 5))


def test_a_suspended_currency_keeps_its_last_rate_for_a_while():
    """The rouble was last quoted on 2022-03-01."""
    rate = fx().market("RUB", "CNY", date(2022, 3, 20))
    assert (*pair(rate), rate.age_days) == ("7.0462", "117.201", date(2022, 3, 1), 19)
    last = date(2022, 3, 1) + MAX_AGE
    assert fx().market("RUB", "CNY", last).age_days == 400
    for on in (last + timedelta(1), date(2026, 11, 1), date(2040, 1, 1)):
        with pytest.raises(NotInForce) as refusal:
            fx().market("RUB", "CNY", on)
        assert refusal.value.facts["last_known"] == refusal.value.facts["covered_to"] == date(2022, 3, 1)


def test_a_currency_absorbed_by_the_euro():
    """Bulgaria: last quoted on 2025-12-31, so still within a year of the end of the history."""
    assert fx().market("BGN", "EUR", date(2026, 10, 30)).age_days == 303
    with pytest.raises(NotInForce):
        fx().market("HRK", "EUR", date(2026, 10, 30))


def test_a_clock_far_ahead_still_gets_an_answer_with_its_age():
    rate = fx().market("MXN", "CNY", date(2028, 2, 29))
    assert (*pair(rate), rate.age_days) == ("7.4326", "21.1237", date(2026, 10, 30), 487)


def test_what_the_history_covers():
    assert fx().known_until == date(2026, 10, 30)
    assert {"MXN", "USD", "CNY", "EUR", "JPY", "GBP", "RUB"} <= fx().currencies
    assert "" not in fx().currencies
    assert "Date" not in fx().currencies
    assert fx().first_day("MXN") == date(2008, 1, 2)
    assert fx().first_day("CNY") == date(2005, 4, 1)
    assert fx().first_day("EUR") == date(1999, 1, 4)
    assert fx().last_day("RUB") == date(2022, 3, 1)
    assert fx().last_day("EUR") == fx().known_until


@settings(deadline=None)
@given(base=st.sampled_from(sorted(fx().currencies)), quote=st.sampled_from(sorted(fx().currencies)), on=PAST)
def test_agrees_with_the_library_where_it_has_a_rate(base, quote, on):
    """Never the same code: the library divides at once, 28 digits at a time; the pair is multiplied out against it."""
    from currency_converter import RateNotFoundError

    try:
        expected = library().convert(Decimal(1_000_000), base, quote, date=on)
    except RateNotFoundError:
        return
    rate = fx().market(base, quote, on)
    assert abs(expected * rate.divisor - rate.multiplier * 1_000_000) <= Decimal("1e-12") * expected * rate.divisor
    assert rate.age_days == 0


@settings(deadline=None)
@given(base=st.sampled_from(sorted(fx().currencies)), quote=st.sampled_from(sorted(fx().currencies)), on=PAST)
def test_never_a_rate_of_the_future_nor_of_a_better_day_missed(base, quote, on):
    """Whatever is answered is the rate of its own day, and no day between that one and the asked one has a rate."""
    try:
        rate = fx().market(base, quote, on)
    except NotInForce:
        return
    assert rate.on is not None
    assert rate.on <= on
    assert (on - rate.on).days == rate.age_days
    assert pair(fx().market(base, quote, rate.on)) == pair(rate)
    if base != quote and rate.on < on:
        assert fx().market(base, quote, rate.on + timedelta(1)).on == rate.on


def test_the_release_names_the_history_and_what_is_in_it():
    assert fx().release == f"fx-2026.10.30+{fx().sha256[:12]}"
    assert len(fx().sha256) == 64
    assert FxTables.load().release == fx().release


def test_a_pair_uses_only_days_on_which_both_are_quoted():
    rates = ReferenceRates(b"Date,AAA,BBB,\n2020-01-03,2.0,N/A,\n2020-01-02,1.5,3.25,\n2020-01-01,N/A,3.0,\n")
    assert pair(rates.rate("AAA", "BBB", date(2020, 1, 5))) == ("3.25", "1.5", date(2020, 1, 2))
    assert pair(rates.rate("AAA", "EUR", date(2020, 1, 5))) == ("1", "2.0", date(2020, 1, 3))
    with pytest.raises(NotInForce):
        rates.rate("AAA", "BBB", date(2020, 1, 1))
    assert rates.currencies == {"EUR", "AAA", "BBB"}


@pytest.mark.parametrize(
    "content", [b"<!doctype html> <p>404</p>", b"", b"Date,USD,\n", b"Date,USD,\n2020-01-02,1.1\n"]
)
def test_a_file_that_is_no_history_is_refused_at_load(content):
    with pytest.raises(TableError, match="not the history"):
        ReferenceRates(content)
