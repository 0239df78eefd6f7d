"""The rates that a quote rests on: exchange rates with their day and source, and the tables with their releases."""

from collections.abc import Iterable, Iterator

from api.display import Display
from api.explanation import Json, source_title
from api.wording import Wording, decimal_of, plain
from calculator.money import YUAN
from calculator.plan import Fact
from calculator.quote import Quote

# What nobody says of a rate that the user gives.
UNDATED = {"date": None, "source": None, "published_as": None, "estimate": False, "age_days": None}


def rates_document(quote: Quote, wording: Wording, display: Display) -> Json:
    dossier = quote.dossier
    tables = [
        {
            "name": each.name,
            "version": each.version,
            "known_until": each.known_until.isoformat() if each.known_until is not None else None,
            "confidence": each.confidence,
        }
        for each in dossier.tables
    ]
    return {
        "fx": list(_exchange_rates(quote, wording, display)),
        "fx_release": dossier.fx_release,
        "tables": tables,
        "release": dossier.release,
    }


def _exchange_rates(quote: Quote, wording: Wording, display: Display) -> Iterator[Json]:
    """The rates that were used; one that the user gives for both desks is told once."""
    used: Iterable[tuple[str, Fact]] = quote.plan.shared.items()
    shown = f"market_rate:{display.currency}"
    if display.rate is not None and shown not in quote.plan.shared:
        used = [*used, (shown, display.rate)]
    own = quote.plan.shared.get("own_peso_rate")
    if own is not None:
        rate, whole = decimal_of(own.value)
        pair = "/".join(reversed(own.unit.split("/")))
        unending: Json = {} if whole else {"unrounded": True}
        yield {"pair": pair, "rate": plain(rate), "use": "user", **unending, **UNDATED, "from": own.origin}
    told = set()
    for name, fact in used:
        desk, _, currency = name.partition("_rate:")
        if desk not in ("customs", "market") or currency == YUAN:
            continue
        by_user = fact.origin.startswith("request:")
        if by_user and fact.origin in told:
            continue
        told.add(fact.origin)
        rate, whole = decimal_of(fact.value)
        result: Json = {"pair": f"{currency}/{YUAN}", "rate": plain(rate), "use": "user" if by_user else desk}
        if not whole:
            result["unrounded"] = True
        rates = quote.dossier.customs_rates if desk == "customs" else quote.dossier.market_rates
        found = None if by_user else rates.get(currency)
        yield result | {
            "date": fact.on.isoformat() if fact.on is not None else None,
            "source": source_title(quote, fact.source, wording.language),
            "published_as": fact.published_as or None,
            "estimate": found.estimate if found is not None else False,
            "age_days": found.age_days if found is not None else None,
            "from": fact.origin,
        }
