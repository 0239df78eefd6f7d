"""The rates that a quote rests on: exchange rates with their day and source, and the tables with their releases."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from api.display import Display
from api.outline import source_title
from api.wording import Wording, decimal_of, plain
from api.writing import Json
from calculator.choices import Choice
from calculator.dossier import TableState
from calculator.money import YUAN
from calculator.plan import Fact

# What nobody says of a rate that the user gives.
UNDATED = {"date": None, "source": None, "published_as": None, "estimate": False, "age_days": None}


def rates_document(choice: Choice, wording: Wording) -> Json:
    """The rates and tables of a choice: rates are figures, and no amount has a part in them."""
    return choice.beside((rates_document, wording), lambda: _document(choice, wording))


def _document(choice: Choice, wording: Wording) -> Json:
    dossier = choice.dossier
    return {
        "fx": list(_exchange_rates(choice, wording)),
        "fx_release": dossier.fx_release,
        "tables": _tables(dossier.tables),
        "release": dossier.release,
    }


@lru_cache(maxsize=16)
def _tables(states: tuple[TableState, ...]) -> list[Json]:
    """The same list for all quotes of a book."""
    return [
        {
            "name": each.name,
            "version": each.version,
            "known_until": each.known_until.isoformat() if each.known_until is not None else None,
            "confidence": each.confidence,
        }
        for each in states
    ]


def _exchange_rates(choice: Choice, wording: Wording) -> Iterator[Json]:
    """The rates that were used; one that the user gives for both desks is told once."""
    display, plan = Display(choice.request, choice.dossier, choice.plan), choice.plan
    used: Iterable[tuple[str, Fact]] = plan.shared.items()
    shown = f"market_rate:{display.currency}"
    if display.rate is not None and shown not in plan.shared:
        used = [*used, (shown, display.rate)]
    own = plan.shared.get("own_peso_rate")
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
        rates = choice.dossier.customs_rates if desk == "customs" else choice.dossier.market_rates
        found = None if by_user else rates.get(currency)
        yield result | {
            "date": fact.on.isoformat() if fact.on is not None else None,
            "source": source_title(choice.dossier, fact.source, wording.language),
            "published_as": fact.published_as or None,
            "estimate": found.estimate if found is not None else False,
            "age_days": found.age_days if found is not None else None,
            "from": fact.origin,
        }
