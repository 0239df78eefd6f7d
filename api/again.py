"""A kept quote told in another language: computed again from the rows that were kept with it, never from the tables of today.

The figures must come out as they were. Where they cannot (an earlier engine told it otherwise, or it is of the time before
dossiers were kept), the quote is refused in that language rather than told wrongly.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from api import day_in_china
from api.answers import answer
from api.corrected import corrections_of_quote
from api.dossier_json import WrittenDossier, read_dossier
from api.fields import Known
from api.languages import LANGUAGES
from api.reading import Refused
from api.schemas import QuoteIn
from api.store import KeptQuote, Store
from api.writing import json_bytes
from calculator.errors import Unpriceable
from calculator.quote import EARLIER_ENGINES, ENGINE_VERSION, Quote, quote_of

LANGUAGE_TOLD = {
    "name": "language",
    "in": "query",
    "description": "Tell the quote in this language instead of the one it was made in; with an ETag of its own.",
    "schema": {"type": "string", "enum": list(LANGUAGES)},
    "example": "es",
}


def as_asked(kept: KeptQuote, asked: Mapping[str, Any], store: Store, currencies: frozenset[str]) -> KeptQuote:
    """A kept quote in the language that the address names, else in its own. Raises Unpriceable."""
    said = asked.get("language", kept.language)
    marks = corrections_of_quote(store.engine, kept.id)
    return replace(kept, quote=told_in(kept, said, store, currencies), language=said, superseded_by=marks)


def told_in(kept: KeptQuote, language: str, store: Store, currencies: frozenset[str]) -> bytes:
    """The answer of a kept quote in a language. Raises Unpriceable where it can only be told in its own."""
    if language == kept.language:
        return kept.quote
    refused = Unpriceable("kept_in_one_language", "?/language", (kept.language,), language=kept.language)
    quote = reckoned_again(kept, language, store, currencies)
    if quote is None:
        raise refused
    return json_bytes(answer(quote, id=kept.id, created_at=kept.created_at, language=language))


def reckoned_again(kept: KeptQuote, language: str, store: Store, currencies: frozenset[str]) -> Quote | None:
    """A kept quote reckoned again from its own rows; None where they were not kept, or it does not come out as it was.

    One of an earlier engine must come out letter for letter in its own language first.
    """
    written = None if kept.dossier is None else store.dossier(kept.dossier)
    if written is None:
        return None
    if kept.engine_version != ENGINE_VERSION and not _told_alike(kept, written, currencies):
        return None
    try:
        quote = _reckoned(kept, written, language, currencies)
    except (Refused, Unpriceable):
        return None
    return quote if quote.totals["landed_cost"] == kept.landed_cost_cny else None


def _told_alike(kept: KeptQuote, written: WrittenDossier, currencies: frozenset[str]) -> bool:
    """Whether this engine makes of a quote of an earlier one what that one made of it."""
    if kept.engine_version not in EARLIER_ENGINES:
        return False
    try:
        quote = _reckoned(kept, written, kept.language, currencies)
    except (Refused, Unpriceable):
        return False
    told = answer(quote, id=kept.id, created_at=kept.created_at, language=kept.language)
    return bool(json.loads(json_bytes(told)) == json.loads(kept.quote))


def _reckoned(kept: KeptQuote, written: WrittenDossier, language: str, currencies: frozenset[str]) -> Quote:
    """As it was read when it was made: on that day, by that release. Raises Refused, Unpriceable."""
    known = Known(currencies, kept.release, lambda: day_in_china(kept.created_at))
    asked = replace(QuoteIn(known).load(kept.request), language=language)
    return quote_of(asked, read_dossier(written.document, written.sources))
