"""A request as texts by flat names: the way back from where api/flat.py comes."""

from typing import Any

from api.flat_names import FLAT_NAMES

# tests/cases/general_trade/2026-11-23/avocado-at-7.toml, worked by hand: (40000 + 6200) x 6.7628 x 1.003; 7 %; 9 %.
AVOCADO = {
    "product": "avocado-fresh",
    "quantity": "20.16 t",
    "price": "40000",
    "currency": "USD",
    "per": "total",
    "incoterm": "FOB",
    "freight": "6200",
    "fx": "USD/CNY:6.7628",
    "declared_on": "2026-11-23",
}


def flat_texts(request: dict[str, Any]) -> dict[str, str] | None:
    """The flat names of a request of one line of goods, each with its text; None for what flat names cannot say."""
    if len(request["goods"]) != 1:
        return None
    texts = {}
    left = {pointer: value for pointer, value in _leaves(request, "") if pointer != "/language"}
    for flat in FLAT_NAMES:
        if flat.pointer in left:
            texts[flat.name] = _text(left.pop(flat.pointer))
    if left.pop("/costs/freight", None) == "planning":
        texts["freight"] = "planning"
    return None if left else texts


def _leaves(part: Any, pointer: str) -> list[tuple[str, Any]]:
    """The places of a request with their values; what is one text by a flat name is left whole."""
    whole = pointer in {flat.pointer for flat in FLAT_NAMES}
    if isinstance(part, dict) and not whole:
        return [leaf for name, each in part.items() for leaf in _leaves(each, f"{pointer}/{name}")]
    if pointer == "/goods":
        return _leaves(part[0], "/goods/0")
    return [(pointer, part)]


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case {"value": number, "unit": unit}:
            return f"{number} {unit}"
        case dict():
            return "; ".join(f"{name}:{_text(each)}" for name, each in value.items())
        case []:
            return "none"
        case [{"kind": _}, *_]:
            return "; ".join(f"{each['kind']}:{each['duty']}" for each in value)
        case list():
            return "; ".join(map(_text, value))
        case _:
            return str(value)
