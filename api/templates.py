"""The templates of sentences: cut at their brackets, and their translations, which are read once."""

import re
from functools import lru_cache
from importlib.resources import files

NAME = re.compile(r"\{(\w+)\}")
_PART = re.compile(r"\[([^\[\]]*)\]")


class Written(str):
    """What somebody wrote: it stays as it is, be it a code of ours or not."""

    __slots__ = ()


@lru_cache(maxsize=2048)
def parts(template: str) -> tuple[tuple[bool, str, tuple[str, ...]], ...]:
    """A template cut at its brackets: whether a piece is optional, its text, and the facts it names."""
    pieces = _PART.split(template)  # every second piece stood in brackets
    return tuple((place % 2 == 1, text, tuple(NAME.findall(text))) for place, text in enumerate(pieces) if text)


def spaced(code: str) -> str:
    """A code that has no words of its own, as words."""
    return code.rpartition("/")[2].replace("_", " ")


def catalog(language: str) -> dict[str, str]:
    """The translations of a language by their English."""
    from babel.messages.pofile import read_po

    with files("api").joinpath(f"locale/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        messages = read_po(file, locale=language)
    return {str(each.id): str(each.string) for each in messages if each.id and each.string and not each.fuzzy}
