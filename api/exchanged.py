"""Which facts of a bill were put in the place of the quote's own, and the rates that money was told in yuan at."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from api.answers import line_rates
from api.renderings.shown import Words
from api.wording import decimal_of, plain
from api.writing import Json
from calculator import exchanging
from calculator.exchanging import Rung
from calculator.money import YUAN, ExchangeRate
from calculator.plan import Fact
from calculator.quantities import Quantity
from calculator.quote import quote_from
from calculator.reckoning import Reckoned

# The rates of a line that the law of a day, or a bill, may change.
TAXES = ("customs_duty", "consumption_tax", "vat", "postal_articles_tax")
# What changed of one line of goods (None for the consignment), before and after.
Change = tuple[int | None, str, str | None, str | None]


def exchanged(rungs: Sequence[Rung], words: Words) -> Iterator[Json]:
    """The facts in the order in which they were exchanged."""
    for before, after in pairwise(rungs):
        for goods, what, one, other in _changes(after.cause, before.reckoned, after.reckoned):
            if one != other:
                yield {
                    "cause": after.cause,
                    "what": what,
                    "label": _label(what, words),
                    "goods": goods,
                    "from": one,
                    "to": other,
                    **_origin(after, what),
                }


def rate_told(rate: ExchangeRate) -> Json:
    """An exchange rate with its day and source."""
    shown, whole = decimal_of(rate.value)
    return {
        "pair": f"{rate.base}/{rate.quote}",
        "rate": plain(shown),
        **({} if whole else {"unrounded": True}),
        "use": rate.desk,
        "date": None if rate.on is None else rate.on.isoformat(),
        "source": rate.source or None,
        "published_as": rate.published_as or None,
        "age_days": rate.age_days,
    }


def _changes(cause: str, before: Reckoned, after: Reckoned) -> Iterator[Change]:
    match cause:
        case exchanging.QUANTITY:
            for at, (one, other) in enumerate(zip(before.request.goods, after.request.goods, strict=True)):
                yield at, "quantity", _measured(one.quantity), _measured(other.quantity)
        case exchanging.EXCHANGE_RATE:
            earlier, later = _rates(before), _rates(after)
            for name in sorted(earlier.keys() | later.keys()):
                yield None, name, _figure(earlier.get(name)), _figure(later.get(name))
        case exchanging.DECLARED_VALUE:
            for at, (mine, theirs) in enumerate(zip(before.lines, after.lines, strict=True)):
                yield at, "customs_value", f"{mine['customs_value']}", f"{theirs['customs_value']}"
        case exchanging.CLASSIFICATION:
            for at, (mine_, theirs_) in enumerate(zip(before.plan.lines, after.plan.lines, strict=True)):
                yield at, "hs_code", mine_.hs_code or None, theirs_.hs_code or None
        case exchanging.RATE_IN_FORCE:
            yield None, "declared_on", f"{before.request.declared_on}", f"{after.request.declared_on}"
            for at, (held, found) in enumerate(zip(_law(before), _law(after), strict=True)):
                for tax in TAXES:
                    yield at, tax, held.get(tax), found.get(tax)


def _rates(reckoned: Reckoned) -> Mapping[str, Fact]:
    """The rates of customs that were used."""
    shared = reckoned.choice.plan.shared
    return {name: fact for name, fact in shared.items() if name.startswith("customs_rate:") and YUAN not in name}


def _law(reckoned: Reckoned) -> list[Json]:
    """The rates of each line, as a quote writes them."""
    quote = quote_from(reckoned.request, reckoned.choice.dossier, reckoned, None)
    return [line_rates(quote, planned) for planned in reckoned.choice.plan.lines]


def _measured(quantity: Quantity) -> str:
    return f"{plain(quantity.value)} {quantity.unit}"


def _figure(fact: Fact | None) -> str | None:
    return None if fact is None else plain(fact.value)


def _label(what: str, words: Words) -> str:
    if what == "declared_on":
        return words.said("declared")
    return words.said(what) if what in ("quantity", "hs_code") else words.label(what)


def _origin(rung: Rung, what: str) -> Json:
    """The day and the document of an exchange rate; nothing of what the bill states itself."""
    fact = rung.reckoned.choice.plan.shared.get(what)
    if fact is None or rung.cause != exchanging.EXCHANGE_RATE:
        return {"date": None, "source": None}
    return {
        "date": None if fact.on is None else fact.on.isoformat(),
        "source": fact.source or None,
    }
