"""What a later contract of the API breaks of an earlier one: python -m tests.contract_changes EARLIER.json LATER.json

One question is asked of every schema: is whatever one side may send within what the other reads? A request that was right must
still be right (the earlier schema within the later one), and an answer must be what was promised (the later within the
earlier), save that answers may have more fields: clients leave alone what they do not know. What cannot be decided is a break.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

Json = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# Words of a schema that hold nobody to anything.
SAID = frozenset(
    [
        "title",
        "description",
        "example",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
        "default",
        "discriminator",
        "$comment",
        "externalDocs",
    ]
)
# Words that bound a value, each with what stands where it is not said.
LOWEST = {"minimum": None, "exclusiveMinimum": None, "minLength": 0, "minItems": 0, "minProperties": 0}
HIGHEST = {"maximum": None, "exclusiveMaximum": None, "maxLength": None, "maxItems": None, "maxProperties": None}
COMPARED = {*LOWEST, *HIGHEST, "type", "enum", "const", "properties", "required", "additionalProperties", "items"}
KINDS = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    dict: "object",
    list: "array",
    type(None): "null",
}


@dataclass(frozen=True, slots=True, order=True)
class Break:
    """A place of the contract, and what is broken there."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def breaks(earlier: Json, later: Json) -> list[Break]:
    """Everything that a client of the earlier contract may stumble over in the later one, each once."""
    return sorted(set(_Comparison(earlier, later).all()))


@dataclass
class _Comparison:
    earlier: Json
    later: Json
    # Pairs of shared schemas that were looked at or are being looked at: what they break is told once.
    seen: set[tuple[str, str, bool]] = field(default_factory=set)

    def all(self) -> Iterator[Break]:
        for path, item in self.earlier["paths"].items():
            if path not in self.later["paths"]:
                yield Break(path, "the path is gone")
                continue
            now = self.later["paths"][path]
            for method in METHODS:
                if method in item:
                    place = f"{method.upper()} {path}"
                    if method not in now:
                        yield Break(place, "the operation is gone")
                    else:
                        yield from self._operation(place, item, item[method], now, now[method])

    def _operation(self, place: str, item: Json, before: Json, now_item: Json, now: Json) -> Iterator[Break]:
        if before.get("operationId") != now.get("operationId"):
            yield Break(place, f"its name was {before.get('operationId')} and is {now.get('operationId')}")
        yield from self._parameters(
            place, _parameters(self.earlier, item, before), _parameters(self.later, now_item, now)
        )
        yield from self._body(f"{place} request", before.get("requestBody"), now.get("requestBody"))
        yield from self._answers(place, before["responses"], now["responses"])
        doors = before.get("security", self.earlier.get("security", [{}])) or [{}]
        open_now = now.get("security", self.later.get("security", [{}])) or [{}]
        for door in doors:
            if not any(set(each) <= set(door) for each in open_now):
                yield Break(place, f"is not open any more to {' and '.join(sorted(door)) or 'everybody'}")

    def _parameters(self, place: str, before: Mapping[Any, Json], now: Mapping[Any, Json]) -> Iterator[Break]:
        for key, parameter in before.items():
            at = f"{place} {key[0]} {key[1]}"
            if key not in now:
                yield Break(at, "the parameter is gone")
                continue
            if now[key].get("required") and not parameter.get("required"):
                yield Break(at, "is required now")
            for word in ("style", "explode"):
                if parameter.get(word) != now[key].get(word):
                    yield Break(at, f"{word} changed")
            yield from self._asked(at, parameter.get("schema", {}), now[key].get("schema", {}))
        for key in now.keys() - before.keys():
            if now[key].get("required"):
                yield Break(f"{place} {key[0]} {key[1]}", "is new and required")

    def _body(self, place: str, before: Json | None, now: Json | None) -> Iterator[Break]:
        before, now = _found(self.earlier, before or {}), _found(self.later, now or {})
        if now.get("required") and not before.get("required"):
            yield Break(place, "a body is required now")
        for kind, media in before.get("content", {}).items():
            if kind not in now.get("content", {}):
                yield Break(place, f"{kind} is not read any more")
            else:
                yield from self._asked(place, media.get("schema", {}), now["content"][kind].get("schema", {}))

    def _answers(self, place: str, before: Json, now: Json) -> Iterator[Break]:
        for status, answer in before.items():
            at = f"{place} {status}"
            if status not in now:
                yield Break(at, "the status is gone")
                continue
            promised, given = _found(self.earlier, answer), _found(self.later, now[status])
            for kind, media in promised.get("content", {}).items():
                if kind not in given.get("content", {}):
                    yield Break(at, f"{kind} is not answered any more")
                else:
                    told = given["content"][kind].get("schema", {})
                    yield from self._within(at, told, media.get("schema", {}), answer=True)
            for name, header in promised.get("headers", {}).items():
                if name not in given.get("headers", {}):
                    yield Break(at, f"the header {name} is gone")
                else:
                    told = _found(self.later, given["headers"][name]).get("schema", {})
                    yield from self._within(
                        f"{at} {name}", told, _found(self.earlier, header).get("schema", {}), answer=True
                    )
        for status in now.keys() - before.keys():
            if status.startswith("2"):
                yield Break(f"{place} {status}", "is a new way to succeed")

    def _asked(self, place: str, before: Json, now: Json) -> Iterator[Break]:
        yield from self._within(place, before, now, answer=False)

    def _within(self, place: str, inner: Any, outer: Any, answer: bool) -> Iterator[Break]:
        """Where a value of `inner` may not be one of `outer`."""
        inner, outer = _schema(inner), _schema(outer)
        if "$ref" in inner and "$ref" in outer:
            pair = (inner["$ref"], outer["$ref"], answer)
            if pair in self.seen:
                return
            self.seen.add(pair)
            before, now = (outer, inner) if answer else (inner, outer)
            name = before["$ref"].rpartition("/")[2]
            place = f"{name} ({'answer' if answer else 'request'})"
            if now["$ref"] != before["$ref"]:
                place = f"{place}, now {now['$ref'].rpartition('/')[2]}"
        inside, outside = (self.later, self.earlier) if answer else (self.earlier, self.later)
        outers = list(_alternatives(outside, outer))
        for each in _alternatives(inside, inner):
            yield from self._in_one_of(place, each, outers, answer)

    def _in_one_of(self, place: str, inner: Json, outers: list[Json], answer: bool) -> Iterator[Break]:
        """What is wrong with the alternative that comes nearest; nothing where one holds the value."""
        fitting = [each for each in outers if _kind_within(inner.get("type"), each.get("type"))]
        if not fitting:
            yield Break(place, f"{inner.get('type', 'any value')} {'is new' if answer else 'is not taken any more'}")
            return
        nearest: list[Break] | None = None
        for each in fitting:
            seen = set(self.seen)
            found = list(self._flat(place, inner, each, answer))
            if not found:
                return
            if nearest is None or len(found) < len(nearest):
                nearest = found
            # What was looked at in vain is looked at again beside the next alternative.
            self.seen = seen
        yield from nearest or ()

    def _flat(self, place: str, inner: Json, outer: Json, answer: bool) -> Iterator[Break]:
        yield from _values(place, inner, outer, answer)
        for word in (*LOWEST, *HIGHEST):
            ours, theirs = inner.get(word), outer.get(word)
            if theirs is None or theirs == LOWEST.get(word):
                continue
            if ours is None or (ours < theirs if word in LOWEST else ours > theirs):
                yield Break(place, f"{word} {_change(ours, theirs, answer)}")
        if not answer and "default" in inner and inner["default"] != outer.get("default"):
            yield Break(place, f"default {_change(inner['default'], outer.get('default'), answer)}")
        for word in outer.keys() - COMPARED - SAID:
            if inner.get(word) != outer[word]:
                yield Break(place, f"{word} {_change(inner.get(word), outer[word], answer)}")
        if inner.get("type") == "array":
            yield from self._within(f"{place}/*", inner.get("items", {}), outer.get("items", {}), answer)
        if inner.get("type") == "object":
            yield from self._fields(place, inner, outer, answer)

    def _fields(self, place: str, inner: Json, outer: Json, answer: bool) -> Iterator[Break]:
        ours, theirs = inner.get("properties", {}), outer.get("properties", {})
        before, now = (theirs, ours) if answer else (ours, theirs)
        for name in before:
            if name not in now:
                yield Break(f"{place}/{name}", "the field is gone")
            else:
                yield from self._within(f"{place}/{name}", ours[name], theirs[name], answer)
        for name in sorted(set(outer.get("required", ())) - set(inner.get("required", ()))):
            if name in now:
                yield Break(f"{place}/{name}", "may be left out now" if answer else "is required now")
        others, taken = inner.get("additionalProperties", True), outer.get("additionalProperties", True)
        if others is False or taken is True:
            return
        if isinstance(others, dict) and isinstance(taken, dict):
            yield from self._within(f"{place}/*", others, taken, answer)
        elif not answer:
            yield Break(place, "fields of any name are not taken any more")
        elif isinstance(taken, dict):
            yield Break(place, "fields of any name may hold anything now")


def _parameters(document: Json, item: Json, operation: Json) -> dict[tuple[str, str], Json]:
    """The parameters of an operation with those of its path, by place and name."""
    found = (_found(document, each) for each in (*item.get("parameters", ()), *operation.get("parameters", ())))
    # Names of headers are the same in any case.
    return {(each["in"], each["name"].lower() if each["in"] == "header" else each["name"]): each for each in found}


def _found(document: Json, part: Json) -> Json:
    while "$ref" in part:
        target: Any = document
        for key in part["$ref"].removeprefix("#/").split("/"):
            target = target[key.replace("~1", "/").replace("~0", "~")]
        part = {**target, **{key: each for key, each in part.items() if key != "$ref"}}
    return part


def _schema(part: Any) -> Json:
    if part is True:
        return {}
    return {"enum": []} if part is False else part


def _alternatives(document: Json, schema: Json) -> Iterator[Json]:
    """The schema as alternatives of one kind of value each, without references."""
    schema = _found(document, _schema(schema))
    unions = [schema[word] for word in ("oneOf", "anyOf") if word in schema]
    base = {key: each for key, each in schema.items() if key not in ("oneOf", "anyOf", "allOf")}
    unions += [[each] for each in schema.get("allOf", ())]
    if not unions:
        yield from _by_kind(base)
        return
    choices = ([each for part in union for each in _alternatives(document, part)] for union in unions)
    for first, *others in product(_by_kind(base), *choices):
        whole: Json | None = first
        for each in others:
            whole = None if whole is None else _both(whole, each)
        if whole is not None:
            yield whole


def _by_kind(schema: Json) -> Iterator[Json]:
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    plain = {key: each for key, each in schema.items() if key not in ("const", "enum", "type")}
    kinds = schema.get("type")
    if kinds is None and values is not None:
        kinds = list(dict.fromkeys(KINDS[type(each)] for each in values))
    elif kinds is None and ("properties" in schema or "additionalProperties" in schema):
        kinds = "object"
    if kinds is None:
        yield plain
        return
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        if values is None:
            yield {**plain, "type": kind}
        elif fitting := [each for each in values if _kind_within(KINDS[type(each)], kind)]:
            yield {**plain, "type": kind, "enum": fitting}


def _both(one: Json, other: Json) -> Json | None:
    """What holds to both; None where no value can."""
    if "type" in one and "type" in other and one["type"] != other["type"]:
        return None
    joined = {**one, **other}
    if "properties" in one and "properties" in other:
        joined["properties"] = {**one["properties"], **other["properties"]}
    if "required" in one and "required" in other:
        joined["required"] = [*one["required"], *other["required"]]
    if "enum" in one and "enum" in other:
        joined["enum"] = [each for each in one["enum"] if each in other["enum"]]
    return joined


def _values(place: str, inner: Json, outer: Json, answer: bool) -> Iterator[Break]:
    if "enum" not in outer:
        return
    if "enum" not in inner:
        yield Break(place, "may be any value now" if answer else "takes listed values alone now")
        return
    for each in inner["enum"]:
        if each not in outer["enum"]:
            yield Break(place, f"{json.dumps(each, ensure_ascii=False)} {'is a new value' if answer else 'is gone'}")


def _kind_within(inner: str | None, outer: str | None) -> bool:
    return outer is None or inner == outer or (inner, outer) == ("integer", "number")


def _change(inner: object, outer: object, answer: bool) -> str:
    before, now = (outer, inner) if answer else (inner, outer)
    return f"was {json.dumps(before, ensure_ascii=False)} and is {json.dumps(now, ensure_ascii=False)}"


def main(earlier: str, later: str) -> int:
    """Print every break; 1 where there is one."""
    found = breaks(*(json.loads(Path(each).read_text(encoding="utf-8")) for each in (earlier, later)))
    for each in found:
        print(each)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
