"""Numbers and days for the eye; the digits are those that were given."""

from datetime import date

import pytest

from api.locales import day, days_in, number

LONG = "123456789012345678901234567890123456789012.123456789"


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        ("0.00", "0.00"),
        ("999.99", "999.99"),
        ("1000", "1,000"),
        ("388954.10", "388,954.10"),
        ("-1234567.5", "-1,234,567.5"),
        ("0.000000000001", "0.000000000001"),
        (LONG, "123,456,789,012,345,678,901,234,567,890,123,456,789,012.123456789"),
        ("9%", "9%"),
        ("20% + 1 CNY/kg", "20% + 1 CNY/kg"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_digits_are_grouped_and_kept(digits: str, said: str, language: str):
    """Mexico, mainland China and the United States write numbers alike."""
    assert number(digits, language) == said


@pytest.mark.parametrize(("language", "said"), [("en", "Nov 3, 2026"), ("es", "3 nov 2026"), ("zh", "2026年11月3日")])
def test_days(language: str, said: str):
    assert day(date(2026, 11, 3), language) == said


@pytest.mark.parametrize(
    ("language", "sentence", "said"),
    [
        ("es", "tipos de referencia del 2026-10-21: el oficial", "tipos de referencia del 21 oct 2026: el oficial"),
        ("zh", "海关汇率采用2026-10-21的参考汇率", "海关汇率采用2026年10月21日的参考汇率"),
        ("en", "in force until 2026-11-30.", "in force until Nov 30, 2026."),
        ("en", "release data-2026-10-30, page 1/2026-10-30, 2026-13-01, 12026-10-30", None),
        ("en", "There is no 2026-02-30.", None),
    ],
)
def test_days_inside_a_sentence(language: str, sentence: str, said: str | None):
    assert days_in(sentence, language) == (said or sentence)
