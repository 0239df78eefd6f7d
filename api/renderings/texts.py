"""Text that somebody else wrote, made fit to stand in a file: nothing in it may act, reorder its neighbours or break XML.

What is shown is otherwise what was written; marking it up, and quoting it, is the business of each file.
"""

import re

# What XML 1.0 cannot hold, not even as a reference; and the marks that reorder the text around them.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REORDERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# A spreadsheet takes a text that begins so for a formula, in full width too; some look behind the spaces before it.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r\n]")
# Figures with a sign, telephone numbers and dashes begin so too, and hold nothing that could act.
_FIGURE = re.compile(r"[+-]?[0-9., ]{0,40}[0-9][., ]?(?:[eE][+-]?[0-9]{1,9})?%?|-+")
APOSTROPHE = "'"
CUT = "…"


def sound(text: str) -> str:
    """A text without what XML cannot hold (in its place stands U+FFFD) and without marks of direction."""
    # None of these is printable, and nearly every text is.
    if text.isprintable():
        return text
    return _REORDERING.sub("", _NO_XML.sub("\ufffd", text))


def inert(text: str) -> str:
    """A text for a cell of a table: an apostrophe stands before what a spreadsheet would take for a formula."""
    return guarded(sound(text))


def guarded(text: str) -> str:
    """The same for a text that is given back to whom it came from: every sign of it stays."""
    return f"{APOSTROPHE}{text}" if _acts(text) else text


def unguarded(text: str) -> str:
    """A text as it was before it was guarded."""
    bare = text[1:]
    return bare if text.startswith(APOSTROPHE) and _acts(bare) else text


def may_act(first: str | None) -> bool:
    """Whether a text with this first sign may be taken for a formula."""
    return first is not None and (first.isspace() or _FORMULA.match(first) is not None)


def _acts(text: str) -> bool:
    return _FORMULA.match(text) is not None and _FIGURE.fullmatch(text) is None


def shortened(text: str, longest: int) -> str:
    """A text of at most so many characters, the rest an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}{CUT}"
