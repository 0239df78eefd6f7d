"""The parts of an answer that are words alone: remarks, rates that were not used, and what stands before the shelf.

They follow from what was chosen, in a language, and no amount has a part in them: each is made once for every choice.
"""

from datetime import datetime, time
from typing import Any

from api import SHANGHAI
from api.citing import cited
from api.wording import Wording
from api.writing import Json
from calculator.choices import Choice
from calculator.citations import Citation
from calculator.outcome import Trust
from calculator.plan import Remark
from calculator.quote import Quote
from tariffs.expressions import expression

END_OF_DAY = time(23, 59, 59)
# Assumptions that speak of the field above them; the others are named after the field that was left out.
ABOUT_ITS_PARENT = frozenset({"ten_digits_priced_by_eight"})


def worded(choice: Choice, language: str) -> Wording:
    """The words for a quote: of its language, with the names that the tables give the charges of its way."""
    return choice.beside((worded, language), lambda: _worded(choice, language))


def _worded(choice: Choice, language: str) -> Wording:
    wording, dossier = Wording.of(language), choice.dossier
    named: list[Any] = list(dossier.route.charges if dossier.route is not None else ())
    own = choice.request.payment.own if choice.request.payment is not None else None
    # Another rail may call its own fee by the same code.
    rail = own or next(iter(dossier.rails), None)
    fees = rail.fees if rail is not None else ()
    return wording.naming((each.code, each.names.get(wording.language) or each.names["en"]) for each in (*named, *fees))


def words(choice: Choice, wording: Wording) -> Json:
    """The parts of the document by their names."""
    return choice.beside((words, wording), lambda: _words(choice, wording))


def _words(choice: Choice, wording: Wording) -> Json:
    return {
        "alternatives": _alternatives(choice, wording),
        "assumptions": [told(each, choice, wording) for each in choice.plan.assumptions],
        "warnings": [told(each, choice, wording) for each in choice.plan.warnings],
        "requirements": _requirements(choice, wording.language),
    }


def validity(quote: Quote, wording: Wording) -> Json:
    """Until when the figures hold: the end of a day in China."""
    return quote.choice.beside((validity, quote.trust, wording), lambda: _validity(quote.trust, wording))


def _validity(trust: Trust, wording: Wording) -> Json:
    day, why = trust.expires_on, trust.because
    return {
        "expires_at": datetime.combine(day, END_OF_DAY, SHANGHAI).isoformat() if day is not None else None,
        "expires_because": wording.text(why) if why is not None else None,
    }


def reasons(quote: Quote, wording: Wording) -> list[Json]:
    """Why the quote is not an A, with what can be done about it."""
    choice, trust = quote.choice, quote.trust
    known = choice.beside(
        (reasons, trust, wording), lambda: [_reason(each, choice, wording) for each in trust.outcome.reasons]
    )
    if quote.range is None:
        return known
    return [*known, *(_reason(each, choice, wording) for each in quote.range.reasons)]


def _reason(remark: Remark, choice: Choice, wording: Wording) -> Json:
    return told(remark, choice, wording) | {"action": wording.action(remark)}


def told(remark: Remark, choice: Choice, wording: Wording) -> Json:
    """A remark, with the place in the request that it speaks of."""
    known: dict[str, Any] = {
        "incoterm": choice.request.incoterm.value,
        "regime": choice.plan.regime,
        "declared_on": choice.request.declared_on,
        "allocate_by": choice.plan.allocated_by,
    }
    code = remark.code.rpartition("/")[2]
    pointer = remark.pointer.removesuffix(f"/{code}") if code in ABOUT_ITS_PARENT else remark.pointer
    return {"code": code, "text": wording.text(remark, known), "pointer": pointer}


def _alternatives(choice: Choice, wording: Wording) -> list[Json]:
    sources, on = choice.dossier.sources, choice.request.declared_on
    return [
        {
            "what": wording.heading(each.kind),
            "kind": each.kind,
            "goods": each.line,
            "rate": expression(each.rate) if each.rate is not None else None,
            "part": each.part or None,
            "because": each.because,
            "not_used_because": wording.because(each.because),
            "citations": [cited(sources, Citation.of(each.citation).on(on), wording.language)] if each.citation else [],
        }
        for each in choice.plan.alternatives
    ]


def _requirements(choice: Choice, language: str) -> list[Json]:
    """What stands between the goods and the shelf, line by line: admission, documents, labels, each with its authority."""
    return [
        {
            "code": asked.code,
            "goods": number,
            "text": asked.texts.get(language) or asked.texts["en"],
            "authority": asked.authority or None,
            "market_access": asked.market_access or None,
            "confidence": asked.row.confidence,
            "citations": [cited(choice.dossier.sources, Citation(asked.row.source), language)],
        }
        for number, found in enumerate(choice.dossier.lines)
        for asked in found.requirements
    ]
