"""Pricing on one screen: the rows that a request needs, and the quote that follows from them."""

from calculator.quote import Quote, quote_of
from calculator.request import QuoteRequest
from tariffs.book import Book


def price(request: QuoteRequest, book: Book) -> Quote:
    """The quote of a request. Raises Unpriceable."""
    return quote_of(request, book.dossier(request))
