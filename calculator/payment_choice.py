"""The rail chosen: which of its fees fall on whom, in which currency, with the figures that the walk reads."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from calculator.desk import Desk
from calculator.dossier import Dossier
from calculator.errors import NotInForce, Unpriceable
from calculator.money import EXACT, YUAN, divide
from calculator.paying import (
    amount_paid,
    buyer_pays,
    buyers_margin,
    fee,
    fee_in_yuan,
    in_paid_currency,
    pesos_for_one,
    seller_receives,
    seller_receives_mxn,
    sellers_margin,
    tax_on_fee,
)
from calculator.plan import Fact, Limit, OpenPoint, Paying
from calculator.rails import BUYER, EXCHANGE, SELLER, SHA, Fee, Rail
from calculator.request import Payment, QuoteRequest
from calculator.rules import Rule, sum_of

PESO = "MXN"
COST = "payment_cost@market"


def paying(request: QuoteRequest, dossier: Dossier, payment: Payment, rail: Rail, desk: Desk | None = None) -> Paying:
    """Paying by a rail. Raises Unpriceable for a currency or an option of charges that it does not carry."""
    priced_in = {line.price.currency for line in request.goods}
    currency = payment.currency or (priced_in.pop() if len(priced_in) == 1 else _usual(rail))
    if not payment.currency and rail.currencies and currency not in rail.currencies:
        currency = _usual(rail)
    if rail.currencies and currency not in rail.currencies:
        raise Unpriceable(
            "rail_without_currency", "/payment/currency", rail.currencies, rail=rail.code, currency=currency
        )
    if payment.charges and not rail.charges:
        raise Unpriceable("rail_without_charges", "/payment/charges", (), rail=rail.code)
    charges = payment.charges or (SHA if rail.charges else "")
    found = Paying(rail, currency, charges, currencies={currency})
    _Chosen(request, dossier, payment, found, desk).chosen()
    return found


def peso_rates(
    own: bool, currency: str, crossed: Iterable[str], request: QuoteRequest, dossier: Dossier
) -> dict[str, Fact]:
    """The rates by which a payment is turned into pesos: the user's own of the pair, or those of the desk.

    Raises NotInForce where the desk has none, and Unpriceable where the user's two do not agree.
    """
    if own:
        return {"own_peso_rate": _own_peso_rate(request, currency)}
    rates = {}
    for each in crossed:
        if each not in dossier.market_rates:
            raise NotInForce("no_exchange_rate", "/fx", (), table="fx-market", key=f"{each}/{YUAN}")
        rates[f"desk_rate:{each}"] = Fact.of_rate(dossier.market_rates[each])
    return rates


def _own_peso_rate(request: QuoteRequest, currency: str) -> Fact:
    straight, inverse = request.fx.get((currency, PESO)), request.fx.get((PESO, currency))
    if straight is not None and inverse is not None and EXACT.multiply(straight, inverse) != 1:
        where = f"/fx/{currency}~1{PESO}"
        raise Unpriceable("exchange_rates_disagree", where, (), straight=straight, inverse=inverse)
    pointer = f"/fx/{currency}~1{PESO}" if straight is not None else f"/fx/{PESO}~1{currency}"
    rate = straight if straight is not None else divide(Decimal(1), inverse or Decimal(1))
    return Fact.of_request(rate, pointer, f"{PESO}/{currency}")


def units_of(found: Paying) -> dict[str, str]:
    """The currencies of the results of paying that are no yuan."""
    currencies = {fee.code: fee.currency for fee in found.rail.fees}
    units = {"paid": found.currency, "fees_of_seller": found.currency, "seller_receives_mxn": PESO}
    units |= {f"pesos_for:{found.currency}": f"{PESO}/{found.currency}"}
    for code, currency in currencies.items():
        units |= {f"pay:{code}": currency, f"pay:{code}:tax": currency, f"pay:{code}@paid": found.currency}
    return units


def chosen_rail(request: QuoteRequest, dossier: Dossier, desk: Desk) -> Paying | None:
    """How the request pays, None where it names no way of paying."""
    payment = request.payment
    if payment is None or (payment.own is None and not payment.rail):
        return None
    found = paying(request, dossier, payment, payment.own or dossier.rails[0], desk)
    if payment.own is None and not found.rail.reachable:
        desk.warn("rail_not_reachable", "/payment/rail", rail=found.rail.names["en"])
    found.limits.append(
        Limit("fees_of_rail", "lines_of_seller", "total_price_value", "fees_exceed_payment", "/payment/rail")
    )
    if found.rail.most is not None:
        row = found.rail.row
        most = found.rail.most
        found.shared["rail_most"] = Fact.of_row(most, row, found.rail.code, YUAN) if row else Fact.of_request(most, "")
        found.limits.append(
            Limit("rail_most", "total_price_value", "rail_most", "more_than_rail_carries", "/payment/rail")
        )
    return found


def _usual(rail: Rail) -> str:
    return rail.currencies[0] if rail.currencies else "USD"


class _Chosen:
    """One rail on its way into the walk."""

    def __init__(
        self, request: QuoteRequest, dossier: Dossier, payment: Payment, found: Paying, desk: Desk | None
    ) -> None:
        self.request, self.dossier, self.payment, self.found, self.desk = request, dossier, payment, found, desk
        self.rate = f"market_rate:{found.currency}"

    def chosen(self) -> None:
        found = self.found
        self._amount()
        asked = [(each, payer) for each in self._fees() if each.usual and (payer := self._payer(each))]
        for each, payer in asked:
            if each.basis != EXCHANGE:
                self._fee(each, payer)
        margins = {payer: each for each, payer in asked if each.basis == EXCHANGE}
        if found.currency != YUAN:
            self._buyers_margin(margins.get(BUYER))
        elif self.payment.buyer_margin is not None:
            self._unused("buyer_margin")
        if found.currency == PESO and self.payment.seller_margin is not None:
            self._unused("seller_margin")
        self._sellers(margins.get(SELLER))
        found.rules += [
            sum_of(COST, found.lines[BUYER], shown="never"),
            sum_of("lines_of_buyer", found.lines[BUYER], shown="never"),
            sum_of("lines_of_seller", found.lines[SELLER], shown="never"),
            buyer_pays,
            seller_receives,
        ]

    def _unused(self, field: str) -> None:
        if self.desk is not None:
            self.desk.warn("margin_unused", f"/payment/{field}", currency=self.found.currency)

    def _fees(self) -> tuple[Fee, ...]:
        """The fees of the rail, a range of one being an open point whose higher end is the first answer.

        What the seller pays moves nothing that lands, and is told at its higher end without a question.
        """
        return tuple(map(self._answered, self.found.rail.fees))

    def _answered(self, each: Fee) -> Fee:
        if each.low is None or not each.usual or self.desk is None or self._payer(each) != BUYER:
            return each
        figure = f"table:payment-rails/{self.found.rail.code}/{each.code}"
        point = OpenPoint(
            f"fee/{each.code}", "rail_fee_open", "/payment/rail", 2, facts={"fee": each.code}, bounds=(figure,)
        )
        if not self.desk.answer(point):
            return each
        return replace(each, share=each.low) if each.share else replace(each, fixed=each.low)

    def _payer(self, each: Fee) -> str:
        return each.payer.get(self.found.charges) or each.payer.get("", "")

    def _figure(self, each: Fee, value: Decimal, unit: str = "", share: bool = False) -> Fact:
        if each.row is None:
            return Fact.of_request(value, "/payment/own", unit, share)
        return Fact.of_row(value, each.row, f"{self.found.rail.code}/{each.code}", unit, share)

    def _amount(self) -> None:
        if {line.price.currency for line in self.request.goods} == {self.found.currency}:
            self.found.rules.append(sum_of("paid", ["total_invoice_value"], shown="never"))
        else:
            self.found.rules.append(amount_paid.renamed("paid", rate=self.rate))

    def _fee(self, each: Fee, payer: str) -> None:
        found, name = self.found, f"pay:{each.code}"
        same = each.currency == found.currency
        figures = {
            "share": each.share or None,
            "minimum": each.minimum if each.share else None,
            "maximum": each.maximum if each.share else None,
            "fixed": each.fixed or None,
        }
        for figure, value in figures.items():
            if value is not None:
                unit = "" if figure == "share" else each.currency
                found.shared[f"{name}_{figure}"] = self._figure(each, value, unit, share=figure == "share")
        given = {figure: value is not None for figure, value in figures.items()}
        asked = fee(name, same, given["share"], given["minimum"], given["maximum"], given["fixed"])
        in_own = f"market_rate:{each.currency}"
        asked = asked.renamed(name, **{"paid_rate": self.rate, f"{name}_currency": in_own})
        found.rules.append(asked)
        found.currencies.add(each.currency)
        lacking: tuple[str, ...] = ("tax",)
        places = {"fee": name, "rate": in_own}
        if each.tax:
            found.shared[f"{name}:tax_rate"] = self._figure(each, each.tax, share=True)
            found.rules.append(tax_on_fee.renamed(f"{name}:tax", fee=name, tax_rate=f"{name}:tax_rate"))
            places["tax"], lacking = f"{name}:tax", ()
        found.rules.append(fee_in_yuan.without(*lacking).renamed(f"{name}@market", **places))
        found.lines[payer].append(f"{name}@market")
        if payer == SELLER:
            converted = in_paid_currency.without(*lacking).renamed(f"{name}@paid", paid_rate=self.rate, **places)
            found.rules.append(converted)

    def _margin(self, name: str, each: Fee | None, own: Decimal | None, pointer: str) -> bool:
        """The margin of one side's exchange: the user's own before the rail's."""
        if own is not None:
            self.found.shared[name] = Fact.of_request(own, pointer, share=True)
            return True
        if each is None:
            return False
        self.found.shared[name] = self._figure(each, each.share, share=True)
        return True

    def _buyers_margin(self, each: Fee | None) -> None:
        if self._margin("margin_of_buyer", each, self.payment.buyer_margin, "/payment/buyer_margin"):
            name = f"pay:{each.code}@market" if each is not None else "pay:fx_buyer@market"
            self.found.rules.append(buyers_margin.renamed(name, paid_rate=self.rate, margin="margin_of_buyer"))
            self.found.lines[BUYER].append(name)

    def _sellers(self, each: Fee | None) -> None:
        """What is left for the seller, and what that is in pesos."""
        found = self.found
        kept = [f"{name.removesuffix('@market')}@paid" for name in found.lines[SELLER]]
        found.rules.append(sum_of("fees_of_seller", kept, shown="never"))
        margin: tuple[str, ...] = ("margin",)
        if found.currency != PESO and self._margin(
            "margin_of_seller", each, self.payment.seller_margin, "/payment/seller_margin"
        ):
            name = f"pay:{each.code}@market" if each is not None else "pay:fx_seller@market"
            found.rules.append(sellers_margin.renamed(name, paid_rate=self.rate, margin="margin_of_seller"))
            found.lines[SELLER].append(name)
            margin = ()
        found.rules.append(self._pesos())
        places = {} if margin else {"margin": "margin_of_seller"}
        found.rules.append(
            seller_receives_mxn.without(*margin).renamed(
                "seller_receives_mxn", peso_rate=f"pesos_for:{found.currency}", **places
            )
        )

    def _pesos(self) -> Rule:
        """Pesos for one unit of the payment: the user's own rate of the pair, else crossed through the yuan."""
        currency, name = self.found.currency, f"pesos_for:{self.found.currency}"
        own = self.request.states_rate(currency, PESO) or self.request.states_rate(PESO, currency)
        if currency == YUAN or not own:
            return self._crossed(name)
        self.found.own_pesos = True
        return sum_of(name, ["own_peso_rate"], shown="never")

    def _crossed(self, name: str) -> Rule:
        """Pesos through the yuan, at rates of one desk: a rate of the user's is never crossed with another."""
        currency = self.found.currency
        if currency in (YUAN, PESO):
            self.found.currencies.add(PESO)
            return pesos_for_one.renamed(name, paid_rate=self.rate, peso_in_yuan=f"market_rate:{PESO}")
        self.found.crossed += [currency, PESO]
        return pesos_for_one.renamed(name, paid_rate=f"desk_rate:{currency}", peso_in_yuan=f"desk_rate:{PESO}")
