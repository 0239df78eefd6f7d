"""A request in flat names, as cells and rows have it, made into the JSON document that is read like the body of POST /v1/quotes.

Nothing is priced or checked here that the schema of the request checks; its refusals are told by the flat name. A name whose text
is empty is left out: an empty cell says nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from api.cost_schemas import PLANNING
from api.flat_names import BY_NAME, GOODS, FlatName, flat_name, flat_name_of
from api.reading import Refused
from calculator.errors import Unpriceable, Unreadable

Json = dict[str, Any]


def document(texts: Mapping[str, str]) -> Json:
    """The request of one line of goods from texts by their flat names, in any of their spellings.

    An amount without a currency of its own is in that of the price. Raises Refused, each refusal with the name as it was given in
    place of a pointer. The names must be known.
    """
    refusals: list[Unpriceable] = []
    said: dict[str, tuple[FlatName, object]] = {}
    for spelling, text in texts.items():
        flat = flat_name(spelling)
        if flat is None or not text.strip():
            continue
        if flat.name in said:
            refusals.append(Unreadable("duplicate_key", spelling, (), key=flat.name))
            continue
        try:
            said[flat.name] = flat, flat.read(text.strip())
        except Unpriceable as refusal:
            refusals.append(refusal.at(spelling))
    if refusals:
        raise Refused(refusals)
    return _built(said)


def in_flat_names(refusals: Iterable[Unpriceable]) -> Iterator[Unpriceable]:
    """Refusals of a request, each with the flat name of its place in place of a pointer."""
    for each in refusals:
        name = flat_name_of(each.pointer)
        # Where the body would have an object, a flat name has its first figure.
        allowed = [BY_NAME[name].example if name and text.startswith("{") else text for text in each.allowed]
        yield type(each)(each.code, name, allowed, **each.facts)


def _built(said: Mapping[str, tuple[FlatName, object]]) -> Json:
    made: Json = {"goods": [{}]}
    for flat, value in said.values():
        _put(made, flat.pointer, value)
    if "currency" in said:
        for flat, _ in said.values():
            if flat.money and flat.money not in said:
                _put(made, BY_NAME[flat.money].pointer, said["currency"][1])
    if "freight" in said and said["freight"][1] == PLANNING and "freight_currency" not in said:
        made["costs"]["freight"] = PLANNING
    return made


def _put(made: Json, pointer: str, value: object) -> None:
    """Write a value at its place, and the objects around it where they are not there yet."""
    *around, last = pointer.removeprefix(f"{GOODS}/").strip("/").split("/")
    at = made["goods"][0] if pointer.startswith(f"{GOODS}/") else made
    for name in around:
        at = at.setdefault(name, {})
    at[last] = value
