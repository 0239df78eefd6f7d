"""The payment of a quote: what the buyer pays, what the seller receives, and each fee and margin between them."""

from api.outline import because
from api.wording import Wording, percent, plain
from api.writing import Json, money
from calculator.payment import Paid, options, paid
from calculator.quote import Quote

NOBODY = {"rail": None, "buyer_pays": None, "seller_receives": None, "seller_receives_mxn": None}


def payment_document(quote: Quote, wording: Wording) -> Json:
    """The payment by the rail of the request, with the others where it compares; without a rail, why it costs nothing."""
    found = paid(quote.choice, quote.walked)
    compared = [_paid(each, wording) for each in options(quote.request, quote.dossier, quote.walked)]
    if found is None:
        reason = because(wording, "no_rail")
        document: Json = {**NOBODY, "cost": money("0.00"), "cost_percent": None, "float_days": None, "reason": reason}
        document["lines"] = []
    else:
        document = _paid(found, wording)
    return document | {"options": compared} if compared else document


def told_in_short(found: Paid, language: str) -> Json:
    """What paying by a rail comes to, without its single fees and margins."""
    rail = found.rail
    return {
        "rail": rail.code,
        "label": rail.names.get(language) or rail.names["en"],
        "currency": found.currency,
        "charges": found.charges or None,
        "buyer_pays": money(plain(found.buyer_pays)),
        "seller_receives": money(plain(found.seller_receives)),
        "seller_receives_mxn": money(plain(found.seller_receives_mxn), "MXN"),
        "cost": money(plain(found.cost)),
        "cost_percent": percent(found.share),
        "float_days": plain(rail.days_max) if rail.days_max is not None else None,
    }


def _paid(found: Paid, wording: Wording) -> Json:
    names = {fee.code: fee.names.get(wording.language) or fee.names["en"] for fee in found.rail.fees}
    lines = [
        {
            "code": line.code,
            "label": names.get(line.code) or wording.heading(line.code),
            "payer": line.payer,
            "amount": money(plain(line.amount)),
        }
        for line in found.lines
    ]
    return {**told_in_short(found, wording.language), "lines": lines}
