# mypy: disable-error-code="comparison-overlap"
"""The ways of paying: figures checked by hand, the fees of a day, what a request takes of them, own rows, planted faults."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from calculator.errors import Unpriceable
from calculator.rails import Fee
from calculator.request import Payment, QuoteRequest
from tariffs.book import Book
from tariffs.overlay import OverlayRefused
from tariffs.rail_checks import findings
from tariffs.rail_rows import COLUMNS, FEES, RAILS
from tariffs.records import Records
from tests.tariffs.planted import findings_after
from tests.tariffs.test_importing import workbook
from tests.tariffs.test_routes import AVOCADOS

DAY = date(2026, 11, 27)
SOURCES = '[bank]\ntitle = "Tariff of my bank"\nconfidence = "A"\n'
OWN_RAIL = "my-bank,My bank,Mi banco,我的银行,USD,yes,yes,1,2,,,bank,A,"
OWN_FEES = (
    "my-bank,wire,wire,transferencia,汇款,OUR:buyer SHA:buyer BEN:seller,transfer,,80,,,CNY,0,,yes,2026-01-01,,bank,A,\n"
    "swift-tt,send_fee,my bank,mi banco,我的银行,buyer,amount,0.0005,,30,150,CNY,0,,yes,2026-01-01,,bank,A,"
)


@pytest.fixture(scope="module")
def records() -> Records:
    return Records.load()


def fees(records: Records, code: str, on: date | None = DAY) -> list[Fee]:
    rail = records.rail(code, on)
    assert rail is not None
    return list(rail.fees)


def fee(records: Records, code: str, name: str, on: date = DAY) -> Fee:
    (found,) = (each for each in fees(records, code, on) if each.code == name and each.usual)
    return found


def letter(found: Fee) -> str:
    assert found.row is not None
    return found.row.confidence


def paid(book: Book, payment: Payment | None) -> list[str]:
    return [rail.code for rail in book.dossier(QuoteRequest((AVOCADOS,), DAY, payment=payment)).rails]


# --- figures of the documents ------------------------------------------------------------------------------------


def test_bank_of_china_in_2009(records: Records) -> None:
    """0.1 % of the amount, at least 50 and at most 260 yuan, and 150 for the message; under BEN the receiver bears it."""
    remittance, message = fee(records, "swift-tt", "send_fee"), fee(records, "swift-tt", "cable")
    assert (remittance.share, remittance.minimum, remittance.maximum) == (Decimal("0.001"), 50, 260)
    assert (message.fixed, message.currency, message.tax) == (150, "CNY", 0)
    assert dict(message.payer) == dict(remittance.payer) == {"OUR": "buyer", "SHA": "buyer", "BEN": "seller"}
    assert remittance.row is not None
    assert (remittance.row.validity.valid_from, remittance.row.confidence) == (date(2009, 8, 3), "B")


def test_other_banks_are_told_and_not_asked(records: Records) -> None:
    found = {each.names["en"]: each for each in fees(records, "swift-tt") if each.code == "send_fee"}
    assert {name: (each.minimum, each.maximum) for name, each in found.items() if not each.usual} == {
        "outward remittance, ICBC": (20, 200),
        "outward remittance, CCB": (20, 300),
        "outward remittance, a general bank schedule": (100, 1000),
    }
    assert len(found) == 4


def test_the_charges_of_a_transfer_on_the_way(records: Records) -> None:
    """Under OUR the full-amount fee of 25 dollars stands for what intermediaries take from the others, 11 to 18."""
    taken, full = fee(records, "swift-tt", "intermediary"), fee(records, "swift-tt", "our")
    assert (taken.fixed, taken.low, taken.currency, letter(taken)) == (18, 11, "USD", "C")
    assert dict(taken.payer) == {"SHA": "seller", "BEN": "seller"}
    assert (full.fixed, dict(full.payer)) == (25, {"OUR": "buyer"})
    received = fee(records, "swift-tt", "receive")
    assert (received.fixed, received.tax, dict(received.payer)) == (15, Decimal("0.16"), {"": "seller"})


def test_margins_of_the_banks(records: Records) -> None:
    """(6.2432 − 6.2309) ÷ 2 ÷ 6.237 = 0.0986 %, listed as 0.1 %; rails that name none take those of the transfer."""
    assert fee(records, "swift-tt", "fx_buyer").share == Decimal("0.001")
    assert fee(records, "swift-tt", "fx_seller").share == Decimal("0.008")
    for code in ("lc", "collection-dp", "collection-da", "tmall-global", "card"):
        for side, share in (("fx_buyer", "0.001"), ("fx_seller", "0.008")):
            found = fee(records, code, side)
            assert found.row is not None
            assert (found.share, letter(found)) == (Decimal(share), "C")
            assert found.row.note == "taken from the transfer"
    assert fee(records, "cips-rmb", "fx_seller").share == Decimal("0.012")
    assert [each.code for each in fees(records, "cips-rmb")] == ["send_fee", "fx_seller"]


def test_a_letter_of_credit(records: Records) -> None:
    asked = {each.code: each for each in fees(records, "lc") if each.usual}
    assert set(asked) == {"issue", "issue_cable", "payment", "advise", "negotiate", "courier", "fx_buyer", "fx_seller"}
    assert (asked["issue"].share, asked["issue"].minimum, asked["issue_cable"].fixed) == (Decimal("0.0015"), 200, 400)
    assert (asked["payment"].share, asked["payment"].minimum) == (Decimal("0.00125"), 200)
    assert (asked["negotiate"].share, asked["negotiate"].minimum) == (Decimal("0.0025"), 100)
    assert (asked["advise"].fixed, asked["advise"].low, asked["advise"].tax) == (150, 50, Decimal("0.16"))
    told = {each.code for each in fees(records, "lc")} - set(asked)
    assert told == {"amend", "acceptance", "confirm", "discrepancy", "handling", "transfer"}


def test_platforms(records: Records) -> None:
    """PayPal: 3.95 % + 0.50 % + 4 pesos, and IVA. Tmall: 2 to 5 %, and 1 % of Alipay."""
    paypal = fee(records, "paypal", "seller_fee")
    assert (paypal.share, paypal.fixed, paypal.currency, paypal.tax) == (Decimal("0.0445"), 4, "MXN", Decimal("0.16"))
    commission = fee(records, "tmall-global", "commission")
    assert (commission.share, commission.low) == (Decimal("0.05"), Decimal("0.02"))
    assert fee(records, "tmall-global", "alipay").share == Decimal("0.01")
    assert {each.code for each in fees(records, "tmall-global") if not each.usual} == {"annual_fee", "deposit"}


def test_which_rails_reach_mexico(records: Records) -> None:
    assert len(records.rails()) == 19
    assert {each.code for each in records.rails() if not each.reachable} == {
        "card-unionpay",
        "wise",
        "pingpong",
        "payoneer",
    }
    assert {each.code for each in records.rails() if each.charges} == {"swift-tt", "airwallex", "lianlian"}


# --- days --------------------------------------------------------------------------------------------------------


def test_a_fee_outside_its_days_is_carried_and_says_so(records: Records) -> None:
    """The tariff of Trade Assurance was seen in 2018 and 2019, that of Airwallex begins on 2025-01-09."""
    then, now = (fee(records, "alibaba-trade-assurance", "card_fee", on) for on in (date(2019, 6, 1), DAY))
    assert then.row is not None
    assert now.row is not None
    assert (then.share, then.row.confidence) == (Decimal("0.0295"), "B")
    assert (now.share, now.row.confidence) == (Decimal("0.0295"), "C")
    assert now.row.note.startswith("past its date")
    early = fee(records, "airwallex", "fx_seller", date(2024, 12, 31))
    assert early.row is not None
    assert (early.share, early.row.confidence) == (Decimal("0.01"), "C")
    assert early.row.note.startswith("before its date")
    assert letter(fee(records, "airwallex", "fx_seller", date(2025, 1, 9))) == "A"


# --- what a request takes ----------------------------------------------------------------------------------------


def test_without_payment_there_are_no_rails(real_book: Book) -> None:
    assert paid(real_book, None) == []


def test_the_rail_named_and_those_compared(real_book: Book) -> None:
    assert paid(real_book, Payment(rail="lc")) == ["lc"]
    compared = paid(real_book, Payment(rail="lc", compare=True))
    assert compared[:2] == ["lc", "swift-tt"]
    assert len(compared) == len(set(compared)) == 15
    # One that does not reach is reckoned where it is named.
    assert paid(real_book, Payment(rail="wise", compare=True))[:2] == ["wise", "swift-tt"]
    assert paid(real_book, Payment(compare=True))[0] == "swift-tt"


def test_only_what_every_payment_is_asked_is_handed_out(real_book: Book) -> None:
    (rail,) = real_book.dossier(QuoteRequest((AVOCADOS,), DAY, payment=Payment(rail="swift-tt"))).rails
    codes = [each.code for each in rail.fees]
    assert codes == ["send_fee", "cable", "intermediary", "our", "receive", "fx_buyer", "fx_seller"]


def test_the_market_rates_of_fees_and_pesos_are_there(real_book: Book) -> None:
    """Avocados priced in yuan: paying needs dollars and pesos at the market, and customs needs neither."""
    with_rail = real_book.dossier(QuoteRequest((AVOCADOS,), DAY, payment=Payment(rail="swift-tt", currency="EUR")))
    assert set(with_rail.market_rates) == {"USD", "MXN", "EUR"}
    assert set(with_rail.customs_rates) == set()
    assert set(real_book.dossier(QuoteRequest((AVOCADOS,), DAY)).market_rates) == set()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("swift", "swift-tt"),
        ("电汇", "swift-tt"),
        ("carta de credito", "lc"),
        ("paypall", "paypal"),
        ("cips", "cips-rmb"),
    ],
)
def test_an_unknown_rail_is_refused_with_the_nearest(real_book: Book, text: str, first: str) -> None:
    with pytest.raises(Unpriceable) as error:
        paid(real_book, Payment(rail=text))
    assert (error.value.code, error.value.pointer) == ("unknown_rail", "/payment/rail")
    assert error.value.facts["rail"] == text
    assert error.value.allowed[0] == first


def test_what_looks_like_no_rail_is_offered_all(records: Records) -> None:
    assert len(records.payment_rails.nearest("qqqq")) == 19


# --- rows of one's own -------------------------------------------------------------------------------------------


def folder_of(folder: Path, rails: str = "", own_fees: str = "") -> Path:
    (folder / "payment").mkdir()
    (folder / "sources.toml").write_text(SOURCES, encoding="utf-8")
    for name, rows in ((RAILS, rails), (FEES, own_fees)):
        if rows:
            (folder / name).write_text(f"{','.join(COLUMNS[name])}\n{rows}\n", encoding="utf-8")
    return folder


def test_rails_and_fees_of_ones_own(tmp_path: Path) -> None:
    """Fees of the user's bank stand in for every tariff of ours with that code, and leave the others."""
    book = Book.load(folder_of(tmp_path, OWN_RAIL, OWN_FEES))
    assert paid(book, Payment(rail="my-bank")) == ["my-bank"]
    assert fee(book.records, "my-bank", "wire").fixed == 80
    (send,) = (each for each in fees(book.records, "swift-tt") if each.code == "send_fee")
    assert (send.share, send.maximum, letter(send)) == (Decimal("0.0005"), 150, "A")
    assert fee(book.records, "swift-tt", "cable").fixed == 150


def test_fees_in_a_spreadsheet(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, OWN_RAIL)
    rows = [COLUMNS[FEES], *(row.split(",") for row in OWN_FEES.split("\n"))]
    workbook(folder / FEES.replace(".csv", ".xlsx"), rows)
    assert fee(Records.load(folder), "my-bank", "wire").fixed == 80


def test_own_fees_of_no_rail_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OverlayRefused) as error:
        Records.load(folder_of(tmp_path, own_fees=OWN_FEES))
    assert [finding.code for finding in error.value.findings] == ["orphan_row"]


# --- faults ------------------------------------------------------------------------------------------------------

SEND = "swift-tt,send_fee,"
BOC = "0.001,,50,260,CNY"


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        (RAILS, "\nlc,", "\nswift-tt,", "double_row"),
        (RAILS, "\nlc,", "\nL/C,", "bad_code"),
        (RAILS, ",CNY,no,yes,0,1,", ",rmb,no,yes,0,1,", "bad_currency"),
        (RAILS, ",no,yes,7,20,", ",maybe,yes,7,20,", "unknown_word"),
        (RAILS, ",no,yes,7,20,", ",no,yes,21,20,", "bad_order"),
        (RAILS, ",no,yes,7,20,", ",no,yes,-7,20,", "bad_number"),
        (RAILS, "银行电汇（SWIFT）", "", "no_text"),
        (FEES, SEND, "swift,send_fee,", "orphan_row"),
        (FEES, SEND, "swift-tt,send-fee,", "bad_code"),
        (FEES, BOC, BOC.replace("0.001", "1"), "bad_number"),
        (FEES, BOC, BOC.replace("50", "261"), "bad_order"),
        (FEES, BOC, BOC.replace("CNY", "yuan"), "bad_currency"),
        (FEES, BOC, BOC.replace("0.001", ""), "no_rate"),
        (FEES, "OUR:buyer SHA:buyer BEN:seller", "OUR:buyer SHA:bank", "bad_payer"),
        (FEES, "OUR:buyer SHA:buyer BEN:seller", "OUR:buyer OUR:seller", "bad_payer"),
        (FEES, "开证费,buyer,", "开证费,OUR:buyer,", "bad_payer"),
        (FEES, "开证费,buyer,amount", "开证费,buyer,exchange", "bad_basis"),
        (FEES, "开证费,buyer,amount", "开证费,buyer,transfer", "bad_basis"),
        (FEES, "开证费,buyer,amount", "开证费,buyer,document", "unknown_word"),
        (FEES, "20,200,CNY,0,,no", "20,200,CNY,0,,yes", "overlap"),
        (FEES, "0.05,,,,CNY,0,0.02,yes", "0.05,,,,CNY,0,0.06,yes", "bad_order"),
        (FEES, "4,,,MXN,0.16", "4,,,MXN,16", "bad_number"),
    ],
)
def test_a_planted_fault_is_found(tmp_path: Path, file: str, old: str, new: str, code: str) -> None:
    found = findings_after(tmp_path, file, old, new, findings)
    assert (file, code) in {(finding.file, finding.code) for finding in found}


def test_ours_have_none(records: Records) -> None:
    assert list(findings(records)) == []
