"""Whether lines of the tariff are taxed alike, so that goods of which only six digits are known can be priced by any of them.

Alike is meant under what is asked: a way in that looks at a list of lines, or at classes of articles, tells lines apart that
general trade does not, and a change that was announced tells those apart that are alike before it.
"""

from collections.abc import Hashable, Iterable

from calculator.dossier import LineDossier
from calculator.part_choice import claims_part, parts_of
from calculator.postal_choice import QUARANTINE
from calculator.request import GoodsLine
from calculator.tariff_line import ExciseCase, Measure, VatRate
from calculator.way import CBEC_RETAIL, GENERAL_TRADE, POSTAL_ARTICLES


def taxes(line: GoodsLine, found: LineDossier, regime: str) -> Hashable:
    """Everything that decides the taxes of goods under a line, and which no rate of the request's own takes the place of."""
    own, before = line.tariff, found.before
    duty, remedies = own is None or own.duty is None, own is None or own.trade_remedies is None
    told: list[Hashable] = [
        _duties(found.measures if duty else ()),
        _duties(found.ended if duty else ()),
        _duties(found.remedies if remedies else ()),
        bool(found.pending) and remedies,
        _rates(found.vat),
        _cases(found.excise),
    ]
    if before is not None:
        told += [before.begins, _duties(before.measures if duty else ()), _duties(before.remedies if remedies else ())]
        told += [_rates(before.vat), _cases(before.excise)]
    if claims_part(line):
        told.append(tuple(each.part for each in parts_of(found)))
    if regime not in (GENERAL_TRADE, POSTAL_ARTICLES) and (own is None or own.cbec is None):
        told.append(_listed(found))
    if regime not in (GENERAL_TRADE, CBEC_RETAIL):
        told += [
            frozenset((each.rate, each.condition, each.list_price, each.unit) for each in found.postal),
            _held_back(found),
        ]
    return tuple(told)


def letters(found: LineDossier) -> tuple[str, ...]:
    """How far the rows of a line can be trusted, the least sure first: of lines alike one is priced that promises no more."""
    rows = [each.row for some in (found.measures, found.ended, found.remedies, found.vat) for each in some]
    return tuple(
        sorted((each.confidence for each in (*rows, *(case.excise.row for case in found.excise))), reverse=True)
    )


def _duties(measures: Iterable[Measure]) -> Hashable:
    return tuple((each.kind, each.rate, each.part) for each in measures)


def _rates(vat: Iterable[VatRate]) -> Hashable:
    return tuple(each.rate for each in vat)


def _cases(excise: Iterable[ExciseCase]) -> Hashable:
    return tuple((case.excise.category, case.condition) for case in excise)


def _listed(found: LineDossier) -> Hashable:
    """What was read of a line on the list of e-commerce, and of which edition: nothing is not the same as not on it."""
    listing = found.listing
    return None if listing is None else (listing.listed, listing.row.confidence, listing.row.note)


def _held_back(found: LineDossier) -> bool:
    """Whether quarantine looks at the line, which closes the post to it."""
    return found.tariff_line is not None and QUARANTINE in found.tariff_line.inspection
