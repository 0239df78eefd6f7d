"""What the specification has to show and nobody needs before somebody reads it: made then, so that a server starts at once."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from flask_smorest import Blueprint

from api.writing import Json


class DescribedLater(Blueprint):
    """Routes that are put into the specification when it is written."""

    def register_views_in_doc(self, api: Any, *others: Any, **named: Any) -> None:
        """Leave the views to be described then."""
        describe = super().register_views_in_doc
        api.undescribed.append(lambda: describe(api, *others, **named))


class Later:
    """A document that stands in the specification as soon as it is written; copies of what holds it hold the same."""

    def __init__(self, make: Callable[[], Json]) -> None:
        self._make = make

    def __deepcopy__(self, _: object) -> "Later":
        return self

    @cached_property
    def document(self) -> Json:
        """The document, made when it is first asked for."""
        return self._make()


def made(value: object) -> Json:
    """What JSON is written of in the place of a document that is made later. Raises TypeError for anything else."""
    if isinstance(value, Later):
        return value.document
    raise TypeError(f"{type(value).__name__} is no JSON")
