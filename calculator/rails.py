"""The ways of paying, as rows: who is asked for what, and how long the money is on its way. Nothing here computes."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from calculator.tariff_line import Row

BUYER, SELLER = "buyer", "seller"
# What a fee is asked on: the amount paid, or once for the payment; a margin is a share of the amount that is exchanged.
AMOUNT, TRANSFER, EXCHANGE = "amount", "transfer", "exchange"
# Who bears the charges of a SWIFT transfer: the sender all, each his own, the receiver all.
OUR, SHA, BEN = "OUR", "SHA", "BEN"
CHARGES = (OUR, SHA, BEN)


@dataclass(frozen=True, slots=True)
class Fee:
    """One fee or margin of a rail: `payer` by the charges option ("" stands for every option).

    A share of the amount, held between `minimum` and `maximum`, and a fixed amount, in `currency`; `tax` is the value-added
    tax on top (IVA 16 % of Mexican banks). Of a margin (`basis` exchange) `share` is what the rate is worse than the market's.
    `low` is the lower end where the share or the fixed amount is known as a range only. `usual`: it is asked of every payment.
    """

    code: str
    names: Mapping[str, str]
    payer: Mapping[str, str]
    basis: str
    share: Decimal
    fixed: Decimal
    minimum: Decimal | None
    maximum: Decimal | None
    currency: str
    tax: Decimal
    low: Decimal | None
    usual: bool
    row: Row | None


@dataclass(frozen=True, slots=True)
class Rail:
    """A way of paying from China to Mexico: its fees, the currencies and amounts it carries, and the days it takes.

    `currencies` empty: any. `charges`: whether the parties choose who bears the charges. `reachable`: it takes money from
    accounts in China and pays it out in Mexico. `least` and `most` are in yuan.
    """

    code: str
    names: Mapping[str, str]
    currencies: tuple[str, ...]
    charges: bool
    reachable: bool
    days_min: Decimal | None
    days_max: Decimal | None
    least: Decimal | None
    most: Decimal | None
    fees: tuple[Fee, ...]
    row: Row | None
