"""Stored rows before the history: the newest known rate, exact in every direction, and a running process that sees them."""

import logging
import os
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from calculator.errors import NotInForce, Unpriceable
from calculator.money import Quotient
from tariffs.book import Book
from tariffs.fx import CUSTOMS, MARKET, FxTables
from tariffs.fx.keeping import CUSTOMS_RATES, MARKET_RATES, keep, would_keep
from tariffs.fx.live import LiveFx
from tariffs.fx.snapshots import Snapshots
from tariffs.overlay import OverlayRefused
from tariffs.tables import TableError

HEAD = "day,base,quote,rate,source,fetched_at\n"
ROWS = (
    "2026-11-19,USD,CNY,6.7000,bank,\n"
    "2026-11-20,USD,CNY,6.7100,bank,\n"
    "2026-11-20,USD,MXN,18.5000,bank,\n"
    "2026-11-17,CNY,MXN,2.7600,cfets,\n"
    "2026-10-30,EUR,CNY,7.4400,bank,\n"
    "2026-11-20,PEN,USD,0.2950,bank,\n"
)
TODAY = date(2026, 11, 23)


def folder(where: Path, rows: str = ROWS, file: str = MARKET) -> Path:
    path = where / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + rows)
    return where


@cache
def embedded() -> FxTables:
    return FxTables.load()


def told(tables: FxTables, base: str, quote: str, on: date) -> tuple[object, ...]:
    rate = tables.market(base, quote, on)
    return rate.multiplier, rate.divisor, rate.on, rate.source, rate.age_days


@pytest.mark.parametrize(
    ("base", "quote", "on", "expected"),
    [
        ("USD", "CNY", TODAY, ("6.7100", "1", date(2026, 11, 20), "bank", 3)),
        ("USD", "CNY", date(2026, 11, 19), ("6.7000", "1", date(2026, 11, 19), "bank", 0)),
        ("CNY", "USD", TODAY, ("1", "6.7100", date(2026, 11, 20), "bank", 3)),
        # The cross of the 20th is newer than the parity of the 17th ...
        ("MXN", "CNY", TODAY, ("6.7100", "18.5000", date(2026, 11, 20), "bank", 3)),
        # ... and until then the parity, turned round, is newer than the history.
        ("MXN", "CNY", date(2026, 11, 18), ("1", "2.7600", date(2026, 11, 17), "cfets", 1)),
        ("CNY", "MXN", date(2026, 11, 18), ("2.7600", "1", date(2026, 11, 17), "cfets", 1)),
        # Before the first row, and where no row speaks of the pair, the history as ever.
        ("USD", "CNY", date(2026, 10, 30), ("7.4326", "1.1172", date(2026, 10, 30), "ecb-reference-rates", 0)),
        ("USD", "CNY", date(2026, 11, 18), ("7.4326", "1.1172", date(2026, 10, 30), "ecb-reference-rates", 19)),
        # Of the same day the stored row is taken.
        ("EUR", "CNY", date(2026, 11, 1), ("7.4400", "1", date(2026, 10, 30), "bank", 2)),
        # A currency that the history does not know: 0.295 × 6.71.
        ("PEN", "CNY", TODAY, ("1.97945000", "1", date(2026, 11, 20), "bank", 3)),
    ],
)
def test_the_newest_known_rate(
    base: str, quote: str, on: date, expected: tuple[str, str, date, str, int], tmp_path: Path
) -> None:
    found = told(FxTables.load(own=folder(tmp_path)), base, quote, on)
    assert found == (Decimal(expected[0]), Decimal(expected[1]), *expected[2:])
    assert str(found[0]) == expected[0]


def test_published_figures_are_told(tmp_path: Path) -> None:
    tables = FxTables.load(own=folder(tmp_path))
    assert tables.market("CNY", "USD", TODAY).published_as == "1 ÷ USD/CNY 6.7100"
    assert tables.market("MXN", "CNY", TODAY).published_as == "USD/CNY 6.7100 ÷ USD/MXN 18.5000"
    assert tables.market("PEN", "CNY", TODAY).published_as == "PEN/USD 0.2950 × USD/CNY 6.7100"
    assert tables.market("MXN", "CNY", TODAY).value == Quotient(Decimal("6.71"), Decimal("18.5"))


def test_rates_of_two_sources_are_not_crossed(tmp_path: Path) -> None:
    rows = "2026-11-20,USD,CNY,6.71,one,\n2026-11-20,USD,MXN,18.5,other,\n"
    rate = FxTables.load(own=folder(tmp_path, rows)).market("MXN", "CNY", TODAY)
    assert rate.source == "ecb-reference-rates"


def test_of_one_day_an_imported_rate_goes_before_a_fetched_one(tmp_path: Path) -> None:
    rows = "2026-11-20,USD,CNY,6.71,zz bank,\n2026-11-20,USD,CNY,6.72,forex-python (a.example),\n"
    assert FxTables.load(own=folder(tmp_path, rows)).market("USD", "CNY", TODAY).source == "zz bank"


def test_the_release_changes_with_the_content_and_only_with_it(tmp_path: Path) -> None:
    none = FxTables.load(own=tmp_path / "none").release
    assert none == embedded().release
    one = FxTables.load(own=folder(tmp_path / "one")).release
    assert one.startswith("fx-2026.11.20+")
    assert one == FxTables.load(own=folder(tmp_path / "same")).release
    assert one != FxTables.load(own=folder(tmp_path / "other", ROWS.replace("6.7100", "6.7101"))).release


def test_the_customs_estimate_follows_the_newest_rate_of_its_source_day(tmp_path: Path) -> None:
    """December 2026: the third Wednesday of November is the 18th; the parity of the 17th was known on it."""
    rate = FxTables.load(own=folder(tmp_path)).customs("MXN", date(2026, 12, 5))
    assert (rate.multiplier, rate.divisor, rate.on, rate.age_days) == (
        Decimal(1),
        Decimal("2.7600"),
        date(2026, 11, 18),
        1,
    )
    assert (rate.estimate, rate.confidence, rate.source) == (True, "C", "cfets")
    assert rate.published_as == "1 ÷ CNY/MXN 2.7600 (cfets 2026-11-17)"


def test_an_overlay_has_the_last_word(tmp_path: Path) -> None:
    own = folder(tmp_path / "own", "2026-11-20,USD,CNY,6.71,bank,\n")
    overlay = folder(tmp_path / "overlay", "2026-11-20,USD,CNY,6.72,bank,\n", "fx/market_rates.csv")
    assert Book.load(overlay, own).fx.market("USD", "CNY", TODAY).value == Decimal("6.72")


def test_the_faults_of_an_overlay_are_told_with_their_places(tmp_path: Path) -> None:
    rows = "2026-11-20,USD,CNY,0,bank,\n2026-02-30,USD,usd,1,,\n2026-11-20,USD,CNY,1,bank,\n"
    with pytest.raises(OverlayRefused) as refused:
        Book.load(folder(tmp_path, rows, "fx/market_rates.csv"))
    places = [(each.line, each.column) for each in refused.value.findings]
    assert places == [(2, "rate"), (3, "day"), (3, "quote"), (3, "source"), (4, "day")]


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("2026-11-20,USD,CNY,0,bank,", "2:rate"),
        ("2026-11-20,USD,CNY,-1,bank,", "2:rate"),
        ("2026-11-20,USD,CNY,1e3,bank,", "2:rate"),
        ("2026-11-20,USD,CNY,1000000000000000000000000000000,bank,", "2:rate"),
        ("2026-11-20,USD,CNY,NaN,bank,", "2:rate"),
        ("2026-11-20,USD,USD,1,bank,", "2:quote"),
        ("20.11.2026,USD,CNY,6.7,bank,", "2:day"),
        ("2026-11-20,dollar,CNY,6.7,bank,", "2:base"),
    ],
)
def test_a_row_that_is_no_rate_is_refused_with_its_place(row: str, place: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=f"{MARKET}:{place}"):
        Snapshots.load(folder(tmp_path, row + "\n"), MARKET)


def test_what_nobody_knows(tmp_path: Path) -> None:
    tables = FxTables.load(own=folder(tmp_path))
    with pytest.raises(Unpriceable, match="unknown_currency"):
        tables.market("XXX", "CNY", TODAY)
    with pytest.raises(NotInForce) as refusal:
        tables.market("PEN", "CNY", date(2026, 11, 19))
    assert refusal.value.facts["covered_from"] == date(2026, 11, 20)
    assert "PEN" in tables.currencies
    assert (tables.first_day("PEN"), tables.first_day("USD")) == (date(2026, 11, 20), date(1999, 1, 4))


def test_a_rate_that_ended_long_ago_is_none(tmp_path: Path) -> None:
    rows = "2025-09-01,PEN,CNY,1.9,bank,\n2026-11-20,USD,CNY,6.7,bank,\n"
    with pytest.raises(NotInForce):
        FxTables.load(own=folder(tmp_path, rows)).market("PEN", "CNY", TODAY)


def test_the_history_has_the_days_of_all_sources(tmp_path: Path) -> None:
    found = FxTables.load(own=folder(tmp_path)).market_rates.history("USD", "CNY", date(2026, 10, 29), TODAY)
    assert [each.on for each in found] == [
        date(2026, 10, 29),
        date(2026, 10, 30),
        date(2026, 11, 19),
        date(2026, 11, 20),
    ]


def test_a_running_process_sees_a_new_file_and_keeps_what_it_began_with(tmp_path: Path) -> None:
    live = LiveFx(None, tmp_path)
    begun = live.current()
    assert begun is live.current()
    keep(tmp_path, MARKET_RATES, [("2026-11-20", "USD", "CNY", "6.71", "bank", "")])
    now = live.current()
    assert now.market("USD", "CNY", TODAY).value == Decimal("6.71")
    assert now.release != begun.release
    assert begun.market("USD", "CNY", TODAY).source == "ecb-reference-rates"
    keep(tmp_path, CUSTOMS_RATES, [("2026-12", "USD", "6.7", "CNY per 1", "", "customs", "A", "")])
    assert live.current().customs("USD", date(2026, 12, 1)).value == Decimal("6.7")
    (tmp_path / MARKET).unlink()
    assert live.current().market("USD", "CNY", TODAY).source == "ecb-reference-rates"


def test_a_spoilt_file_leaves_the_rates_as_they_were(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    live = LiveFx(None, folder(tmp_path))
    before = live.current()
    folder(tmp_path, "2026-11-21,USD,CNY,0,bank,\n")
    with caplog.at_level(logging.ERROR, "galeon.fx"):
        assert live.current() is live.current() is before
    assert len(caplog.messages) == 1
    assert f"{MARKET}:2:rate" in caplog.messages[0]
    assert LiveFx(None, tmp_path).current().release == embedded().release


def test_a_book_tells_the_release_of_now(tmp_path: Path, real_book: Book) -> None:
    book = Book(real_book.records, LiveFx(None, tmp_path))
    assert book.fx_release == embedded().release
    keep(tmp_path, MARKET_RATES, [("2026-11-20", "USD", "CNY", "6.71", "bank", "")])
    assert book.fx_release == book.fx.release != embedded().release


def test_rows_are_laid_over_those_that_are_there(tmp_path: Path) -> None:
    first = ("2026-11-20", "USD", "CNY", "6.71", "bank", "then")
    assert keep(tmp_path, MARKET_RATES, [first]).added == (first,)
    same = keep(tmp_path, MARKET_RATES, [(*first[:5], "now")])
    assert (same.added, same.replaced, same.same, same.rows) == ((), (), 1, (first,))
    other = (*first[:3], "6.72", "bank", "now")
    assert would_keep(tmp_path, MARKET_RATES, [other]).replaced == ((first, other),)
    assert (tmp_path / MARKET).read_text() == f"{HEAD}{','.join(first)}\n"
    keep(tmp_path, MARKET_RATES, [other])
    assert (tmp_path / MARKET).read_text() == f"{HEAD}{','.join(other)}\n"


def test_a_failure_while_writing_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = ("2026-11-20", "USD", "CNY", "6.71", "bank", "")
    keep(tmp_path, MARKET_RATES, [row])
    before = (tmp_path / MARKET).read_bytes()

    def full(_file: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        keep(tmp_path, MARKET_RATES, [(*row[:3], "6.72", *row[4:])])
    assert (tmp_path / MARKET).read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == [".lock", MARKET]


def test_rows_that_could_not_be_read_again_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(TableError):
        keep(tmp_path, CUSTOMS_RATES, [("2026-13", "USD", "6.7", "CNY per 1", "", "x", "A", "")])
    assert not (tmp_path / CUSTOMS).exists()
