"""What paying costs: the transfers, the credit and the wallet of the research report, worked by hand."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal as D

import pytest

from calculator.errors import Unpriceable
from calculator.payment import Paid, options, paid
from calculator.quote import quote_of
from calculator.rails import AMOUNT, BUYER, EXCHANGE, SELLER, TRANSFER, Fee, Rail
from calculator.request import Payment, QuoteRequest
from tariffs.book import Book
from tests.calculator.conftest import line, request

RATES = {("USD", "CNY"): D("6.80"), ("USD", "MXN"): D("18.20"), ("MXN", "CNY"): D("0.37")}
IVA = D("0.16")


def fee(code: str, payer: str | dict[str, str], basis: str = TRANSFER, **figures: object) -> Fee:
    given = {"share": D(0), "fixed": D(0), "minimum": None, "maximum": None, "currency": "USD", "tax": D(0)} | figures
    payers = {"": payer} if isinstance(payer, str) else payer
    return Fee(code=code, names={"en": code}, payer=payers, basis=basis, low=None, usual=True, row=None, **given)  # type: ignore[arg-type]


def rail(code: str, *fees: Fee, charges: bool = False, currencies: tuple[str, ...] = ()) -> Rail:
    return Rail(code, {"en": code}, currencies, charges, True, D(1), D(3), None, None, fees, None)


def each_to_seller(payer: str) -> dict[str, str]:
    return {"OUR": payer, "SHA": payer, "BEN": SELLER}


TRANSFERRED = rail(
    "transfer",
    fee("send", each_to_seller(BUYER), AMOUNT, share=D("0.001"), minimum=D(50), maximum=D(260), currency="CNY"),
    fee("cable", each_to_seller(BUYER), fixed=D(150), currency="CNY"),
    fee("our", {"OUR": BUYER}, fixed=D(25)),
    fee("correspondent", {"SHA": SELLER, "BEN": SELLER}, fixed=D(18)),
    fee("receive", SELLER, fixed=D(15), tax=IVA),
    fee("exchange_of_buyer", BUYER, EXCHANGE, share=D("0.001")),
    fee("exchange_of_seller", SELLER, EXCHANGE, share=D("0.008")),
    charges=True,
)


@pytest.fixture
def pay(book: Book) -> Callable[[QuoteRequest], tuple[Paid, D]]:
    def priced(asked: QuoteRequest) -> tuple[Paid, D]:
        quote = quote_of(asked, book.dossier(replace(asked, payment=None)))
        found = paid(quote.choice, quote.walked)
        assert found is not None
        return found, quote.totals["payment_cost"]

    return priced


def asked(own: Rail, price: str = "52200", currency: str = "USD", **more: object) -> QuoteRequest:
    payment = Payment(own=own, **more)  # type: ignore[arg-type]
    return request(line("20.16 t", price, currency), incoterm="CIF", freight="", fx=RATES, payment=payment)


Payed = Callable[[QuoteRequest], tuple[Paid, D]]


@pytest.mark.parametrize(
    ("charges", "buyer", "pesos"),
    [
        # 52,200 x 6.80 = 354,960; margin 354.96; fee 260 (0.1 % is 354.96); cable 150; OUR 25 USD = 170
        # (52,200 - 15 x 1.16) x 18.20 x 0.992; under SHA 18 less; under BEN the fees of the sender too: 410 / 6.80
        ("OUR", "355894.96", "942125.53"),
        ("SHA", "355724.96", "941800.55"),
        ("BEN", "355314.96", "940711.98"),
    ],
)
def test_a_transfer(pay: Payed, charges: str, buyer: str, pesos: str) -> None:
    found, cost = pay(asked(TRANSFERRED, charges=charges))
    assert (found.buyer_pays, found.seller_receives_mxn) == (D(buyer), D(pesos))
    assert cost == found.buyer_pays - D("354960.00")
    assert found.buyer_pays - found.seller_receives == sum(each.amount for each in found.lines) == found.cost


def test_the_cost_of_a_transfer_in_percent(pay: Payed) -> None:
    # Published as 1.0936 % and 1.0805 % of what the buyer spends
    assert pay(asked(TRANSFERRED, charges="OUR"))[0].share * 100 == D("1.0936")
    assert pay(asked(TRANSFERRED, charges="SHA"))[0].share * 100 == D("1.0805")


def test_a_credit_with_minimum_fees(pay: Payed) -> None:
    # Issue 0.15 % of 354,960 = 532.44, cable 400, payment 0.125 % = 443.70; negotiation 0.25 % = 130.50 USD + 16 %
    credit = rail(
        "credit",
        fee("issue", BUYER, AMOUNT, share=D("0.0015"), minimum=D(200), currency="CNY"),
        fee("cable", BUYER, fixed=D(400), currency="CNY"),
        fee("payment", BUYER, AMOUNT, share=D("0.00125"), minimum=D(200), currency="CNY"),
        fee("negotiate", SELLER, AMOUNT, share=D("0.0025"), minimum=D(100), tax=IVA),
    )
    found, _ = pay(asked(credit))
    amounts = {each.code: each.amount for each in found.lines}
    assert amounts == {
        "issue": D("532.44"),
        "cable": D("400.00"),
        "payment": D("443.70"),
        "negotiate": D("1029.38"),  # (130.50 + 20.88) x 6.80 = 1,029.384
    }
    small, _ = pay(asked(credit, "10000"))
    amounts = {each.code: each.amount for each in small.lines}
    # 68,000: 102 and 85 are raised to 200; 25 USD to 100, with tax 116 x 6.80
    assert (amounts["issue"], amounts["payment"], amounts["negotiate"]) == (D("200.00"), D("200.00"), D("788.80"))


def test_a_wallet_in_pesos(pay: Payed) -> None:
    # 20,000 MXN: 4.45 % + 4 = 894.00; IVA 143.04; net 18,962.96
    wallet = rail("wallet", fee("merchant", SELLER, AMOUNT, share=D("0.0445"), fixed=D(4), currency="MXN", tax=IVA))
    priced = request(
        line("20.16 t", "20000", "MXN"),
        incoterm="CIF",
        freight="",
        fx={("MXN", "CNY"): D("0.37")},
        payment=Payment(own=wallet),
    )
    found, cost = pay(priced)
    assert (found.seller_receives_mxn, cost) == (D("18962.96"), D(0))


def test_a_platform_that_settles_in_dollars(pay: Payed) -> None:
    # 68,000 CNY: commission 5 % 3,400, wallet 1 % 680; 63,920 left, 0.8 % of it 511.36
    platform = rail(
        "platform",
        fee("commission", SELLER, AMOUNT, share=D("0.05"), currency="CNY"),
        fee("wallet", SELLER, AMOUNT, share=D("0.01"), currency="CNY"),
        fee("exchange", SELLER, EXCHANGE, share=D("0.008")),
    )
    found, _ = pay(asked(platform, "10000"))
    assert {each.code: each.amount for each in found.lines} == {
        "commission": D("3400.00"),
        "wallet": D("680.00"),
        "exchange": D("511.36"),
    }
    # 9,400 USD x 18.20 x 0.992
    assert found.seller_receives_mxn == D("169711.36")


def test_the_users_own_margins_come_first(pay: Payed) -> None:
    found, _ = pay(asked(TRANSFERRED, charges="SHA", buyer_margin=D("0.002"), seller_margin=D(0)))
    amounts = {each.code: each.amount for each in found.lines}
    assert (amounts["exchange_of_buyer"], amounts["exchange_of_seller"]) == (D("709.92"), D(0))


def test_what_a_rail_does_not_carry(pay: Payed) -> None:
    yuan = rail("yuan", currencies=("CNY",))
    with pytest.raises(Unpriceable) as caught:
        pay(replace(asked(yuan), payment=Payment(own=yuan, currency="USD")))
    assert (caught.value.code, caught.value.pointer) == ("rail_without_currency", "/payment/currency")
    assert pay(asked(yuan))[0].currency == "CNY"  # without a currency the rail's own
    with pytest.raises(Unpriceable) as caught:
        pay(replace(asked(yuan), payment=Payment(own=yuan, currency="CNY", charges="OUR")))
    assert (caught.value.code, caught.value.pointer) == ("rail_without_charges", "/payment/charges")
    little = replace(TRANSFERRED, most=D(354959))
    with pytest.raises(Unpriceable) as caught:
        pay(asked(little))
    assert (caught.value.code, caught.value.pointer) == ("more_than_rail_carries", "/payment/rail")


def test_fees_that_eat_the_payment_up(pay: Payed) -> None:
    with pytest.raises(Unpriceable) as caught:
        pay(asked(TRANSFERRED, "20", charges="SHA"))
    assert (caught.value.code, caught.value.pointer) == ("fees_exceed_payment", "/payment/rail")


def test_paying_in_another_currency_than_the_price(pay: Payed) -> None:
    # 354,960 CNY paid as yuan: nobody exchanges on the buyer's side
    own = rail("yuan", fee("exchange", SELLER, EXCHANGE, share=D("0.012")), currencies=("CNY",))
    found, _ = pay(replace(asked(own), payment=Payment(own=own, currency="CNY")))
    assert found.buyer_pays == D("354960.00")
    assert {each.code: each.amount for each in found.lines} == {"exchange": D("4259.52")}


def test_the_fees_are_shared_over_the_lines(book: Book) -> None:
    goods = (line("1 t", "30000"), line("1 t", "10000", hs_code="09011100"))
    priced = request(*goods, incoterm="CIF", freight="", fx=RATES, payment=Payment(own=TRANSFERRED))
    quote = quote_of(priced, book.dossier(replace(priced, payment=None)))
    # 272,000: margin 272.00, fee 260 (0.1 % is 272), cable 150: 682.00, three quarters of it on the first
    assert [each["payment_cost"] for each in quote.lines] == [D("511.50"), D("170.50")]
    assert quote.totals["landed_cost"] - quote.totals["taxes"] == D("272682.00")


def test_rails_are_compared_the_cheapest_first(book: Book) -> None:
    dear = rail("dear", fee("commission", BUYER, AMOUNT, share=D("0.03")))
    only_yuan = rail("yuan", fee("send", BUYER, AMOUNT, share=D("0.001"), currency="CNY"), currencies=("CNY",))
    small = replace(rail("small"), most=D(1000))
    priced = asked(TRANSFERRED, compare=True)
    dossier = replace(book.dossier(replace(priced, payment=None)), rails=(dear, only_yuan, small))
    quote = quote_of(priced, dossier)
    found = options(priced, dossier, quote.walked)
    # The transfer under SHA: 354.96 + 410 + 122.40 + 118.32 + 2,837.75
    assert [each.rail.code for each in found] == ["yuan", "transfer", "dear"]
    assert [each.cost for each in found] == [D("354.96"), D("3843.43"), D("10648.80")]
