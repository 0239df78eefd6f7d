"""How the text of a flat name becomes a value of the request. What cannot be read goes on as it is, for the schema to refuse."""

from collections.abc import Iterator

from api.reading import LONGEST_ECHO
from calculator.errors import Unreadable

# As the spreadsheets of three languages write them.
_YES = frozenset({"true", "yes", "1", "verdadero", "sí", "si", "是", "真"})
_NO = frozenset({"false", "no", "0", "falso", "否", "假"})
NONE = "none"


def plain(text: str) -> object:
    """The text itself."""
    return text


def flag(text: str) -> object:
    """Yes or no; of a tariff quota also "sliding", of a part of a line its words."""
    word = text.casefold()
    return True if word in _YES else False if word in _NO else text


def listed(text: str) -> object:
    """Several texts with semicolons between them."""
    return list(_pieces(text, ";"))


def rates(text: str) -> object:
    """Pairs of currencies with their rates: "USD/CNY:6.7628, CNY/MXN:2.8549". Raises Unreadable for a pair given twice."""
    return _named(text.replace(";", ","), ",")


def attributes(text: str) -> object:
    """Facts by their names: "displacement_cc:1998; mercury_free:yes". Raises Unreadable for a name given twice."""
    return _named(text, ";")


def remedies(text: str) -> object:
    """Trade remedies by their kinds, of which one may stand several times: "anti_dumping:13.5%; countervailing:5%", or "none"."""
    if text.casefold() == NONE:
        return []
    return [{"kind": name, "duty": duty} for name, duty in _pairs(text, ";")]


def _named(text: str, between: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in _pairs(text, between):
        if name in found:
            raise Unreadable("duplicate_key", "", (), key=name[:LONGEST_ECHO])
        found[name] = value
    return found


def _pairs(text: str, between: str) -> Iterator[tuple[str, str]]:
    for piece in _pieces(text, between):
        name, _, value = piece.partition(":")
        yield name.strip(), value.strip()


def _pieces(text: str, between: str) -> Iterator[str]:
    return (piece.strip() for piece in text.split(between) if piece.strip())
