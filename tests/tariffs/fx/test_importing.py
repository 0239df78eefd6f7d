"""Files as banks publish them: read exactly, or refused with the place and what to say."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tariffs.fx import FxTables
from tariffs.fx.importing import Asked, Read, read
from tariffs.fx.keeping import CUSTOMS_RATES, MARKET_RATES, keep
from tariffs.importing.grids import FileRefused

TODAY = date(2026, 11, 23)
# What the Bank of Mexico sends: titles, Windows letters, the day first, N/E where there is none.
FIX = (
    "Banco de México\nTipo de cambio del peso por dólar (FIX)\n\n"
    "Fecha,SF43718\n18/11/2026,18.9012\n19/11/2026,18.8765\n20/11/2026,N/E\n"
)
# What CFETS publishes: a column for each pair, the yen by the hundred and the peso for a hundred yuan.
PARITIES = "日期,USD/CNY,100JPY/CNY,100CNY/MXN\n2025-01-06,7.1876,4.6281,285.73\n2025-01-14,7.1878,4.6151,285.49\n"
MONTHLY = "适用月份,币种,计征汇率,标价\n2026年11月,美元,6.6700,CNY per 1\n2026年11月,墨西哥比索,276.85,per 100 CNY\n"


@cache
def embedded() -> FxTables:
    return FxTables.load()


def imported(where: Path, content: str | bytes, **given: Any) -> Read:
    file = where / "rates.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    usual = {"source": "bank", "known": embedded(), "today": TODAY, "fetched_at": "now"}
    return read(Asked(file=file, **{**usual, **given}))


def faults(found: Read) -> list[tuple[int | None, str | None, str]]:
    return [(each.line, each.column, each.code) for each in found.faults]


def test_the_fix_of_the_bank_of_mexico(tmp_path: Path) -> None:
    found = imported(tmp_path, FIX.encode("cp1252"), days="dmy", source="Banco de México, FIX")
    assert found.rows == (
        ("2026-11-18", "USD", "MXN", "18.9012", "Banco de México, FIX", "now"),
        ("2026-11-19", "USD", "MXN", "18.8765", "Banco de México, FIX", "now"),
    )
    assert (found.faults, found.empty, found.double, found.left_out) == ((), 1, 0, ())


def test_the_parities_of_cfets_keep_every_digit(tmp_path: Path) -> None:
    found = imported(tmp_path, PARITIES, source="CFETS")
    assert [row[:4] for row in found.rows] == [
        ("2025-01-06", "USD", "CNY", "7.1876"),
        ("2025-01-06", "JPY", "CNY", "0.046281"),
        ("2025-01-06", "CNY", "MXN", "2.8573"),
        ("2025-01-14", "USD", "CNY", "7.1878"),
        ("2025-01-14", "JPY", "CNY", "0.046151"),
        ("2025-01-14", "CNY", "MXN", "2.8549"),
    ]
    keep(tmp_path / "fx", MARKET_RATES, found.rows)
    rate = FxTables.load(own=tmp_path / "fx").market("MXN", "CNY", date(2025, 1, 14))
    assert (rate.multiplier, rate.divisor, rate.source) == (Decimal(1), Decimal("2.8549"), "CFETS")


def test_the_monthly_rates_of_customs_are_official(tmp_path: Path) -> None:
    found = imported(tmp_path, MONTHLY, desk="customs", source="GACC")
    assert found.rows == (
        ("2026-11", "USD", "6.6700", "CNY per 1", "", "GACC", "A", ""),
        ("2026-11", "MXN", "276.85", "per 100 CNY", "", "GACC", "A", ""),
    )
    keep(tmp_path / "fx", CUSTOMS_RATES, found.rows)
    rate = FxTables.load(own=tmp_path / "fx").customs("MXN", date(2026, 11, 26))
    assert (rate.multiplier, rate.divisor, rate.estimate, rate.confidence) == (
        Decimal(100),
        Decimal("276.85"),
        False,
        "A",
    )
    assert (rate.published_as, rate.on) == ("100 CNY = 276.85 MXN", date(2026, 10, 21))


def test_customs_rates_in_columns_of_one_month(tmp_path: Path) -> None:
    found = imported(
        tmp_path, "USD/CNY,100JPY/CNY,100 CNY/MXN\n6.7628,4.2346,255.52\n", desk="customs", month="2026-10"
    )
    assert [row[:4] for row in found.rows] == [
        ("2026-10", "USD", "6.7628", "CNY per 1"),
        ("2026-10", "JPY", "4.2346", "CNY per 100"),
        ("2026-10", "MXN", "255.52", "per 100 CNY"),
    ]


def test_a_european_file_with_columns_that_the_user_names(tmp_path: Path) -> None:
    content = "Stichtag;Kurs;Bemerkung\n20.11.2026;18,8765;fest\n"
    columns = {"Stichtag": "day", "Kurs": "rate"}
    found = imported(tmp_path, content, columns=columns, pair="USD/MXN", days="dmy", decimal="comma")
    assert [row[:4] for row in found.rows] == [("2026-11-20", "USD", "MXN", "18.8765")]
    assert found.left_out == ("Bemerkung",)


def test_a_column_by_the_hundred_that_the_user_names(tmp_path: Path) -> None:
    content = "日期,美元,墨西哥比索\n2025-01-14,718.78,285.49\n"
    columns = {"美元": "100 USD/CNY", "墨西哥比索": "100 CNY/MXN"}
    assert [row[1:4] for row in imported(tmp_path, content, columns=columns).rows] == [
        ("USD", "CNY", "7.1878"),
        ("CNY", "MXN", "2.8549"),
    ]


@pytest.mark.parametrize(
    "content",
    ["date,pair,rate\n2026-11-20,USD/MXN,18.9\n", "date,base,quote,rate\n2026-11-20,USD,MXN,18.9\n"],
)
def test_a_pair_that_the_row_names(content: str, tmp_path: Path) -> None:
    assert [row[:4] for row in imported(tmp_path, content).rows] == [("2026-11-20", "USD", "MXN", "18.9")]


@pytest.mark.parametrize(
    ("rows", "expected", "why"),
    [
        ('2026-11-20,"18,9"\n', [(2, "USD/MXN", "bad_cell")], "--decimal comma"),
        ("20/11/2026,18.9\n", [(2, "USD/MXN", "bad_cell")], "--days dmy"),
        ("2026-02-30,18.9\n", [(2, "USD/MXN", "bad_cell")], "day"),
        ("2026-11-24,18.9\n", [(2, "USD/MXN", "bad_cell")], "a day to come"),
        ("2026-11-20,0\n", [(2, "USD/MXN", "bad_cell")], "no rate between"),
        ("2026-11-20,-18.9\n", [(2, "USD/MXN", "bad_cell")], "no rate between"),
        ("2026-11-20,1E30\n", [(2, "USD/MXN", "bad_cell")], "not a plain number"),
        ("2026-11-20,1000000000000000000000000000000\n", [(2, "USD/MXN", "bad_cell")], "no rate between"),
        ("2026-11-20,about 19\n", [(2, "USD/MXN", "bad_cell")], "not a plain number"),
        # Dollars for a peso: the wrong way round.
        ("2026-11-20,0.0529\n", [(2, "USD/MXN", "bad_cell")], "more than a fifth"),
        ("2026-11-20,18.9\n2026-11-20,18.8\n", [(3, "USD/MXN", "double_row")], "another rate than on line 2"),
        ("2026-11-20,\n", [(None, None, "no_rows")], "no rates"),
    ],
)
def test_faults_have_their_places(
    rows: str, expected: list[tuple[int | None, str | None, str]], why: str, tmp_path: Path
) -> None:
    found = imported(tmp_path, f"date,USD/MXN\n{rows}")
    assert faults(found) == expected
    assert why in found.faults[0].text
    assert str(found.faults[0]).startswith(f"{tmp_path / 'rates.csv'}{':' if expected[0][0] else ''}")


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    found = imported(tmp_path, "date,USD/MXN,EUR/CNY\n2026-11-20,0,7.4\n2026-11-19,18.9,x\n")
    assert faults(found) == [(2, "USD/MXN", "bad_cell"), (3, "EUR/CNY", "bad_cell")]


def test_a_rate_twice_is_counted_and_force_takes_what_is_far(tmp_path: Path) -> None:
    found = imported(tmp_path, "date,USD/MXN\n2026-11-20,40\n2026-11-20,40\n", force=True)
    assert (len(found.rows), found.double, found.faults) == (1, 1, ())


def test_a_pair_that_nobody_told(tmp_path: Path) -> None:
    found = imported(tmp_path, "date,rate\n2026-11-20,18.9\n")
    assert faults(found) == [(2, "rate", "bad_cell")]
    assert "--pair" in found.faults[0].text


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("a,b\n1,2\n", "no line of headings"),
        ("", "empty"),
        ("date,amount\n2026-11-20,2\n", "no line of headings"),
    ],
)
def test_a_file_that_is_no_table_of_rates(content: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=why):
        imported(tmp_path, content)


def test_customs_rates_are_of_the_yuan(tmp_path: Path) -> None:
    found = imported(tmp_path, "month,USD/MXN\n2026-10,18.9\n", desk="customs")
    assert "no rate of the yuan" in found.faults[0].text
    found = imported(tmp_path, "month,USD/CNY\n2026-13,6.7\n", desk="customs")
    assert "not a month" in found.faults[0].text
