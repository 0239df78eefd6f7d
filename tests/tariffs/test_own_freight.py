"""Rates and charges of a firm's own forwarder, as CSV or as a spreadsheet, laid over ours."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from calculator.errors import Unpriceable
from calculator.logistics import Break, RouteDossier
from calculator.request import Costs, QuoteRequest, Route
from tariffs.book import Book
from tariffs.logistics_rows import CHARGES, COLUMNS, FREIGHT_RATES
from tariffs.overlay import OverlayRefused
from tests.tariffs.test_importing import workbook
from tests.tariffs.test_routes import AVOCADOS, DAY

SOURCES = '[forwarder]\ntitle = "Tariff of my forwarder"\nconfidence = "A"\n'
REEFER = "sea,MXZLO MXLZC,CNSHA,40RH,container,USD,5400,,,,no,Mine,2026-11-01,2026-12-31,forwarder,A,"
PARCELS = "air,GDL,PVG,,chargeable_kg,USD,,0:5.10 45:4.20 100:3.60,85,,,Mine,2026-11-01,,forwarder,A,"
DRAYAGE = "mx_drayage,MX,pre_carriage,drayage,arrastre,短驳,container,sea,40RH,MXN,9500,,,,trucker,yes,2026-11-01,,forwarder,A,"


def folder_of(folder: Path, rates: str = "", charges: str = "") -> Path:
    (folder / "logistics").mkdir()
    (folder / "sources.toml").write_text(SOURCES, encoding="utf-8")
    for name, rows in ((FREIGHT_RATES, rates), (CHARGES, charges)):
        if rows:
            (folder / name).write_text(f"{','.join(COLUMNS[name])}\n{rows}\n", encoding="utf-8")
    return folder


def sheet(folder: Path, rows: list[list[object]], name: str = FREIGHT_RATES) -> Path:
    return workbook(folder / name.replace(".csv", ".xlsx"), rows)


def route(book: Book, on: date = DAY, planning: bool = True, to: str = "CNSHA") -> RouteDossier:
    way = Route("sea", "MXZLO", to, "40RH")
    found = book.dossier(QuoteRequest((AVOCADOS,), on, costs=Costs(planning=planning), route=way)).route
    assert found is not None
    return found


def rates(book: Book, on: date = DAY) -> list[Decimal]:
    return [rate.breaks[0].rate for rate in route(book, on).rates]


def refused(folder: Path) -> list[str]:
    with pytest.raises(OverlayRefused) as error:
        Book.load(folder)
    return [str(finding).replace(f"{folder}/", "") for finding in error.value.findings]


def test_a_rate_of_ones_own_comes_before_ours(tmp_path: Path) -> None:
    book = Book.load(folder_of(tmp_path, f"{REEFER}\n{PARCELS}"))
    assert rates(book) == [5400, 6500]
    (own,) = route(book, planning=False).rates
    assert (own.carrier, own.row.source, own.row.confidence) == ("Mine", "forwarder", "A")
    (air,) = book.records.freight_rates("air", "GDL", "PVG", "", DAY)
    assert air.breaks[1] == Break(Decimal(45), Decimal("4.20"))
    assert air.minimum == 85


def test_a_rate_past_its_days_is_none(tmp_path: Path) -> None:
    book = Book.load(folder_of(tmp_path, REEFER))
    assert rates(book, date(2026, 10, 31)) == [6500]
    assert rates(book, date(2026, 12, 31)) == [5400, 6500]
    assert rates(book, date(2027, 1, 1)) == [6500]


def test_a_spreadsheet_does_as_well_with_its_headings_in_any_order(tmp_path: Path) -> None:
    """Numbers are numbers of the sheet, an empty line is passed over."""
    folder = folder_of(tmp_path)
    cells = dict(zip(COLUMNS[FREIGHT_RATES], REEFER.split(","), strict=True))
    turned = list(reversed(cells.items()))
    values: list[object] = [5400.5 if name == "rate" else cell for name, cell in turned]
    sheet(folder, [[name for name, _ in turned], [], values])
    book = Book.load(folder)
    assert rates(book) == [Decimal("5400.5"), 6500]
    assert "overlay-" in book.release
    ours = {each.name: each.sha256 for each in Book.load().records.tables}
    assert [each.name for each in book.records.tables if each.sha256 != ours[each.name]] == ["freight-rates"]


def test_a_fault_of_a_spreadsheet_is_told_with_its_line(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    sheet(folder, [list(COLUMNS[FREIGHT_RATES]), [], list(REEFER.replace("40RH", "40XX").split(","))])
    assert refused(folder) == [
        "logistics/freight_rates.xlsx:3:equipment: '40XX' is no code of logistics/equipment.csv [unknown_equipment]"
    ]


def test_other_headings_are_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    sheet(folder, [["mode", "from", "to", "price"], ["sea", "MXZLO", "CNSHA", 5]])
    (told,) = refused(folder)
    assert told.startswith("logistics/freight_rates.xlsx:1: the headings are not mode,from,to,equipment")


def test_a_formula_without_its_value_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    cells: list[object] = list(REEFER.split(","))
    cells[6] = '<c r="G2"><f>5000+400</f></c>'
    sheet(folder, [list(COLUMNS[FREIGHT_RATES]), cells])
    assert refused(folder) == ["logistics/freight_rates.xlsx:2:G: is a formula without a stored value [formula]"]


def test_one_table_is_not_two_files(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, REEFER)
    sheet(folder, [list(COLUMNS[FREIGHT_RATES]), list(REEFER.split(","))])
    (told,) = refused(folder)
    assert told.endswith("logistics/freight_rates.csv is there too: keep one of them [two_files]")


def test_every_fault_of_a_rate_is_told_with_its_place(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, f"{REEFER.replace('MXZLO ', 'MXZL0 ')}\n{PARCELS.replace('45:4.20', '45-4.20')}")
    assert refused(folder) == [
        "logistics/freight_rates.csv:2:from: 'MXZL0' is no code of logistics/ports.csv [unknown_place]",
        "logistics/freight_rates.csv:3:breaks: '45-4.20' is not a start and a rate such as 45:4.20 [bad_breaks]",
    ]


def test_a_charge_of_ones_own_may_be_usual_at_the_mexican_end(tmp_path: Path) -> None:
    thc = (
        "cn_thc,CN,destination_handling,THC,THC,码头费,container,sea,,CNY,990,,,,terminal,yes,2026-11-01,,forwarder,A,"
    )
    book = Book.load(folder_of(tmp_path, charges=f"{DRAYAGE}\n{thc}"))
    found = {each.code: each for each in route(book).charges}
    assert (found["mx_drayage"].amount, found["mx_drayage"].usual) == (Decimal(9500), True)
    assert (found["cn_thc"].amount, found["cn_thc"].row.source) == (Decimal(990), "forwarder")
    assert found["cn_do_fee"].amount == 250
    assert (
        "MXN" in book.dossier(QuoteRequest((AVOCADOS,), DAY, route=Route("sea", "MXZLO", "CNSHA", "40RH"))).market_rates
    )


def test_a_rate_of_ones_own_shows_a_lane_that_we_do_not_have(tmp_path: Path) -> None:
    """None of ours goes from Manzanillo to Lianyungang."""
    with pytest.raises(Unpriceable):
        route(Book.load(), to="CNLYG")
    book = Book.load(folder_of(tmp_path, REEFER.replace("CNSHA", "CNLYG")))
    found = route(book, to="CNLYG")
    assert (found.lane, len(found.rates)) == (None, 1)
