"""The specification as it is sent: every schema with a title stands once, under that name, and is pointed at.

Clients made from a specification name their classes after these; without them every answer of a look-up would be a class
named after its place. It refuses two schemas of one name.
"""

import json
from typing import Any

from tariffs.book import Book

Json = dict[str, Any]
POINTER = "#/components/schemas/"


def shipped(book: Book) -> str:
    """The specification as a text to be kept: the same on every day, on every machine and for every setting."""
    from api import create_app
    from api.settings import Settings
    from api.store import Store

    store = Store.at("sqlite://")
    try:
        response = create_app(Settings(database=""), book, store).test_client().get("/openapi.json")
    finally:
        store.close()
    return json.dumps(response.get_json(), ensure_ascii=False, indent=1) + "\n"


def specification(document: Json) -> Json:
    """The document of apispec with its titled schemas moved to the shared ones. Raises ValueError."""
    components = document["components"]
    # flask-smorest describes its own paging, which is not ours.
    named = {name: each for name, each in components["schemas"].items() if name != "PaginationMetadataSchema"}
    shared: Json = {}
    paths = _pointing(document["paths"], shared)
    schemas = {name: _pointing(each, shared) for name, each in named.items()}
    if twice := shared.keys() & schemas.keys():
        raise ValueError(f"two schemas are called {', '.join(sorted(twice))}")
    answers = _renamed(paths, components.get("responses", {}))
    return {**document, "paths": paths, "components": {**components, "schemas": schemas | shared, "responses": answers}}


def _renamed(paths: Json, responses: Json) -> Json:
    """The shared answers by their statuses, and the paths made to point at them: the names of HTTP change with Python."""
    renamed: Json = {}
    for item in paths.values():
        for operation in (each for each in item.values() if isinstance(each, dict)):
            for status, answer in operation["responses"].items():
                if "$ref" in answer:
                    name = f"Problem{status}" if status.isdigit() else "AnyProblem"
                    renamed[name] = responses[answer["$ref"].rpartition("/")[2]]
                    answer["$ref"] = f"#/components/responses/{name}"
    return dict(sorted(renamed.items()))


def _pointing(part: Any, shared: Json) -> Any:
    """The same with a reference in the place of each titled schema, which is put among those that are shared."""
    match part:
        case {"title": str(name), "type": "object", **rest}:
            schema = {key: _pointing(each, shared) for key, each in {"type": "object", **rest}.items()}
            if shared.setdefault(name, schema) != schema:
                raise ValueError(f"two schemas are called {name}")
            return {"$ref": f"{POINTER}{name}"}
        case dict():
            # What stands in an example is no schema, whatever it looks like.
            return {
                key: each if key in ("example", "examples") else _pointing(each, shared) for key, each in part.items()
            }
        case list():
            return [_pointing(each, shared) for each in part]
        case _:
            return part
