"""What a quote says beside its figures, as lists that a page and a workbook show alike."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from api.renderings.shown import Json, Shown


class Told(NamedTuple):
    """A remark: the line of goods, what it is of, the sentence, what belongs to it, and the documents behind it."""

    line: str = ""
    figure: str = ""
    text: str = ""
    beside: str = ""
    source: str = ""


def head(quote: Shown) -> Iterator[tuple[str, str]]:
    """The quote in a few lines: its number, its days, its way of import, how far it can be trusted."""
    document = quote.document
    outcome = document["outcome"]
    letter = quote.said("confidence_letter", letter=outcome["confidence"])
    yield quote.said("number"), quote.id
    yield quote.said("made"), quote.day(document["created_at"])
    yield quote.said("declared"), quote.day(document["declared_on"])
    yield quote.said("regime"), quote.label(document["regime"])
    yield quote.said("outcome"), f"{quote.said(outcome['status'])} · {letter}"
    if document["expires_at"]:
        yield quote.said("holds_until"), f"{quote.day(document['expires_at'])} · {document['expires_because']}"
    yield quote.said("release"), document["rates"]["release"]
    yield quote.said("fx_release"), document["rates"]["fx_release"]


def remarks(quote: Shown, section: str) -> list[Told]:
    """The remarks of a section."""
    outcome = quote.document["outcome"]
    found = {**quote.document, "reasons": outcome["reasons"], "range": outcome.get("range", {"sources": ()})["sources"]}
    return [ROWS[section](quote, each) for each in found[section]]


def between(quote: Shown) -> str:
    """The ends of the range, "" where it has no width."""
    range_ = quote.document["outcome"].get("range")
    low, high = (range_[end]["landed_cost"]["amount"] if range_ else "" for end in ("low", "high"))
    return quote.said("between", low=quote.figure(low), high=quote.figure(high)) if low != high else ""


def documents(quote: Shown) -> list[Json]:
    """Every document that is cited, once, by its title."""
    found: dict[str, Json] = {}
    for step in quote.listed("steps"):
        for each in step["citations"]:
            found.setdefault(each["title"], each)
    for section in ("alternatives", "requirements"):
        for entry in quote.listed(section):
            for each in entry["citations"]:
                found.setdefault(each["title"], each)
    return [found[title] for title in sorted(found)]


def verified(quote: Shown) -> list[str]:
    """How to check a quote."""
    links = {name: f"/v1/quotes/{quote.id}{suffix}" for name, suffix in (("document", ""), ("workbook", ".xlsx"))}
    return [
        quote.said("verify_steps"),
        quote.said("verify_document", address=links["document"]),
        quote.said("verify_workbook", address=links["workbook"]),
        quote.said("verify_letters"),
        quote.said("not_advice"),
    ]


def cited(citations: list[Json]) -> str:
    """Documents with their articles."""
    return "; ".join(f"{each['title']}, {each['article']}" if each["article"] else each["title"] for each in citations)


def _reason(_quote: Shown, each: Json) -> Told:
    return Told(text=each["text"], beside=each["action"] or "")


def _width(quote: Shown, each: Json) -> Told:
    width = each["width"]
    beside = quote.said("width_not_known") if width is None else f"{quote.figure(width['amount'])} {width['currency']}"
    return Told(text=each["text"], beside=beside)


def _sentence(_quote: Shown, each: Json) -> Told:
    return Told(text=each["text"])


def _requirement(quote: Shown, each: Json) -> Told:
    return Told(quote.line(each["goods"]), "", each["text"], each["authority"] or "", cited(each["citations"]))


def _alternative(quote: Shown, each: Json) -> Told:
    line, source = quote.line(each["goods"]), cited(each["citations"])
    return Told(line, each["what"], each["not_used_because"], each["rate"] or "", source)


ROWS: dict[str, Callable[[Shown, Json], Told]] = {
    "range": _width,
    "reasons": _reason,
    "warnings": _sentence,
    "assumptions": _sentence,
    "requirements": _requirement,
    "alternatives": _alternative,
}
