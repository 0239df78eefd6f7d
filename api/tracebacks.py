"""Where a mistake happened, without what was said in it.

The message of an exception may quote anything: a body, a key, the row that a database refused. What is logged are the
kinds of the exceptions and the lines of our own source that they came through, which is what a mistake is mended by.
"""

from collections.abc import Iterator
from traceback import format_tb

MOST_LINKS, MOST_FRAMES = 10, 60


def trace(exception: BaseException) -> str:
    """The frames and the kind of an exception, then those of each that it was raised from."""
    return "while handling\n".join(
        f"{''.join(format_tb(link.__traceback__, -MOST_FRAMES))}{kind(link)}\n" for link in _chain(exception)
    )


def kind(exception: BaseException) -> str:
    """The kind of an exception, with the code that a database gave it."""
    named, cause = type(exception).__qualname__, getattr(exception, "orig", None)
    if cause is None:
        return named
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    return f"{named} ({type(cause).__qualname__}{f', {code}' if code else ''})"


def _chain(exception: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = exception
    for _ in range(MOST_LINKS):
        if link is None:
            return
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
