"""The tables: dated files of law, exchange rates and goods, and the one book that hands out their rows."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tariffs.book import Book

__all__ = ["load_book"]


def load_book(
    overlay: Path | str | None = None, own_fx: Path | str | None = None, releases: Path | str | None = None
) -> "Book":
    """The tables of this installation, read whole and once; keep the book, it is safe to share between threads.

    `overlay` is a private folder laid over them (docs/tables.md), `own_fx` the folder of exchange rates that `galeon fx` writes
    to, `releases` that of the releases which `galeon tables update` installs; without it they are the package's. Nothing is
    fetched. Raises tariffs.overlay.OverlayRefused, which names each fault of the folder with its place.
    """
    from tariffs.book import Book
    from tariffs.installed import serving

    return Book.load(_folder(overlay), _folder(own_fx), serving(_folder(releases)).root)


def _folder(path: Path | str | None) -> Path | None:
    return None if path is None else Path(path)
