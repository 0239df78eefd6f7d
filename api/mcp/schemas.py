"""The schemas of tools: those of the specification, each with all that it points at, so that it can be read by itself."""

from typing import Any

from api.specification import POINTER
from api.writing import Json

DEFINITIONS = "#/$defs/"


class Schemas:
    """The schemas of one specification."""

    def __init__(self, specification: Json) -> None:
        self._paths = specification["paths"]
        self._shared = specification["components"]["schemas"]

    def asked(self, path: str) -> Json:
        """What the body of POST `path` is."""
        content = self._paths[path]["post"]["requestBody"]["content"]
        return self.whole(content["application/json"]["schema"])

    def answered(self, path: str, method: str = "post") -> Json:
        """What the whole answer of an operation is."""
        content = self._paths[path][method]["responses"]["200"]["content"]
        return self.whole(content["application/json"]["schema"])

    def parameters(self, path: str) -> Json:
        """The parameters of a look-up's address as the members of an object, each as it is written in an address."""
        described = [each for each in self._paths[path]["get"]["parameters"] if each["in"] == "query"]
        return {each["name"]: {**each["schema"], "description": each["description"]} for each in described}

    def named(self, name: str) -> Json:
        """A shared schema."""
        return self.whole({"$ref": f"{POINTER}{name}"})

    def reference(self, name: str) -> Json:
        """A pointer at a shared schema, for a schema that is made whole."""
        return {"$ref": f"{POINTER}{name}"}

    def whole(self, schema: Json) -> Json:
        """A schema with the shared ones that it points at inside it; the protocol wants an object at the top."""
        while "$ref" in schema:
            schema = self._shared[schema["$ref"].removeprefix(POINTER)]
        needed: dict[str, Any] = {}
        top = self._pointing(schema, needed)
        return {**top, "$defs": dict(sorted(needed.items()))} if needed else top

    def _pointing(self, part: Any, needed: dict[str, Any]) -> Any:
        """The same, pointing into itself; what is pointed at is put among what is needed."""
        match part:
            case {"$ref": str(address), **beside}:
                name = address.removeprefix(POINTER)
                if name not in needed:
                    needed[name] = {}
                    needed[name] = self._pointing(self._shared[name], needed)
                return {"$ref": f"{DEFINITIONS}{name}", **beside}
            case dict():
                return {
                    key: each if key in ("example", "examples") else self._pointing(each, needed)
                    for key, each in part.items()
                }
            case list():
                return [self._pointing(each, needed) for each in part]
            case _:
                return part


def members(properties: Json) -> Json:
    """An object with these members and no others."""
    return {"type": "object", "properties": properties, "additionalProperties": False}
