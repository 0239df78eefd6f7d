"""The book that an installation serves: the release that its pointer names, or the last before it that can be read.

Whoever asks anew gets the release of the moment. What kept the one that was meant from serving is told with the book.
"""

from dataclasses import dataclass

from api.settings import Settings
from tariffs.book import Book
from tariffs.installed import Serving, choices
from tariffs.packs import refused
from tariffs.packs.refused import PackRefused
from tariffs.tables import TableError


@dataclass(frozen=True, slots=True)
class Served:
    """A book with the release that it is read from."""

    book: Book
    release: Serving


def served(settings: Settings) -> Served:
    """The book of an installation. Raises OverlayRefused; TableError where not even the package's tables can be read."""
    objection: PackRefused | None = None
    for choice in choices(settings.releases):
        try:
            return _read(settings, choice, objection)
        except PackRefused as error:
            objection = objection or error
    raise AssertionError("the package's release is always there")


def meant(settings: Settings) -> Served:
    """The book of the release that is meant to serve, and of no other. Raises PackRefused, OverlayRefused, TableError."""
    return _read(settings, next(choices(settings.releases)), None)


def _read(settings: Settings, choice: Serving, objection: PackRefused | None) -> Served:
    """The book of one release. Raises PackRefused for one of the installed that cannot be read."""
    if choice.objection is not None:
        raise choice.objection
    try:
        book = Book.load(settings.tables, settings.fx, choice.root)
    except (TableError, KeyError, OSError) as error:
        if not choice.installed:
            raise
        text = f"{choice.release} cannot be read by this version: {error}"
        raise PackRefused(refused.TABLES_UNSOUND, text) from None
    return Served(book, Serving(choice.release, choice.root, choice.installed, objection, choice.note))
